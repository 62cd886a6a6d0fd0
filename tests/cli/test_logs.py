"""Lines of the log are written together, and none is lost."""

from __future__ import annotations

import asyncio
import io
import logging
import subprocess
import sys

import pytest

from app.cli.logs import BATCH_SECONDS, MOST_IN_BATCH, Batches

ENDS = """
import asyncio, logging
from app.cli.logs import configure_logs
configure_logs(quiet=False)
async def tell():
    for number in range(3):
        logging.getLogger("app").info("line %d", number)
asyncio.run(tell())
"""


@pytest.fixture
def log() -> tuple[logging.Logger, io.StringIO]:
    stream = io.StringIO()
    logger = logging.Logger("told", logging.INFO)
    logger.addHandler(Batches(stream))
    return logger, stream


async def test_lines_are_written_together_and_soon(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    for number in range(3):
        logger.info("line %d", number)
    assert stream.getvalue() == ""
    await asyncio.sleep(2 * BATCH_SECONDS)
    assert stream.getvalue() == "line 0\nline 1\nline 2\n"
    logger.info("line 3")
    await asyncio.sleep(2 * BATCH_SECONDS)
    assert stream.getvalue().endswith("line 2\nline 3\n")


async def test_a_warning_is_written_at_once_after_what_was_told_before(
    log: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = log
    logger.info("before")
    logger.warning("careful")
    assert stream.getvalue() == "before\ncareful\n"


async def test_so_many_wait_and_no_more(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    for _ in range(MOST_IN_BATCH + 1):
        logger.info("line")
    assert stream.getvalue() == "line\n" * MOST_IN_BATCH


async def test_a_line_that_cannot_be_spelled_takes_no_other_with_it(
    log: tuple[logging.Logger, io.StringIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    logger, stream = log
    logger.info("one")
    logger.info("%d", "two")
    logger.warning("three")
    assert stream.getvalue() == "one\nthree\n"


def test_without_a_loop_nothing_waits(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.info("line")
    assert stream.getvalue() == "line\n"


def test_a_loop_that_ends_leaves_nothing_waiting(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log

    async def tell(seconds: float) -> None:
        logger.info("line")
        await asyncio.sleep(seconds)

    asyncio.run(tell(0))
    asyncio.run(tell(2 * BATCH_SECONDS))
    assert stream.getvalue() == "line\nline\n"
    asyncio.run(tell(0))
    logger.info("line")
    assert stream.getvalue() == "line\n" * 4


def test_what_waits_at_the_end_of_the_process_is_written() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDS], capture_output=True, text=True, check=True, timeout=60
    )
    assert [line.count("line") for line in done.stderr.splitlines()] == [1, 1, 1]
