from __future__ import annotations

import io
import json
import logging
import os
import pty
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from unittest import mock

import pytest

from app.cli import terminal
from app.cli.logs import JsonLines
from app.cli.terminal import show_progress


@contextmanager
def terminal_for_stderr() -> Iterator[Callable[[], str]]:
    """Stderr is a terminal within the block; the callable gives what it showed so far."""
    shown, written = pty.openpty()
    os.set_blocking(shown, False)

    def read() -> str:
        try:
            return os.read(shown, 100_000).decode()
        except BlockingIOError:
            return ""

    # Within the test: between its phases pytest sets stderr itself.
    with (
        os.fdopen(written, "w", buffering=1) as stream,
        mock.patch.object(sys, "stderr", stream),
        mock.patch.dict(os.environ, {"TERM": "xterm"}),
    ):
        yield read
    os.close(shown)


def wait_for(words: str, read: Callable[[], str]) -> str:
    """All that was shown until the words were."""
    shown, end = "", time.monotonic() + 60
    while words not in shown:
        assert time.monotonic() < end, shown
        time.sleep(0.01)
        shown += read()
    return shown


def test_work_that_takes_time_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "BAR_AFTER_SECONDS", 0.0)
    with terminal_for_stderr() as read, show_progress("Counting") as show:
        show(3, 10)
        shown = wait_for("3/10", read)
        show(7, 10)
        wait_for("7/10", read)
    assert "Counting" in shown


def test_work_that_is_over_soon_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "BAR_AFTER_SECONDS", 60.0)
    with terminal_for_stderr() as read:
        with show_progress("Counting") as show:
            show(3, 10)
        assert read() == ""
        terminal.note("a line")
        assert read() == "a line\r\n"


def test_work_that_tells_nothing_shows_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold its thread, too."""
    monkeypatch.setattr(terminal, "BAR_AFTER_SECONDS", 0.0)
    with terminal_for_stderr() as read, show_progress("Writing"):
        wait_for("Writing", read)


def test_without_a_terminal_no_bar_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "BAR_AFTER_SECONDS", 0.0)
    errors = io.StringIO()
    with redirect_stderr(errors), show_progress("Counting") as show:
        show(3, 10)
    assert errors.getvalue() == ""


def test_the_log_is_json_a_line_tracebacks_included() -> None:
    def format_record(**extra: object) -> dict[str, object]:
        record = logging.makeLogRecord({"name": "app.x", "levelname": "INFO", "created": 0.25, **extra})
        line = JsonLines().format(record)
        assert "\n" not in line
        found: dict[str, object] = json.loads(line)
        return found

    begins = {"at": "1970-01-01T00:00:00.250Z", "level": "INFO", "logger": "app.x"}
    assert format_record(msg="%s\n", args=("é",)) == {**begins, "message": "é\n"}
    assert format_record(msg="words", fields={"status": 200}) == {**begins, "status": 200}
    try:
        raise LookupError("gone")
    except LookupError:
        failed = format_record(msg="failed", exc_info=sys.exc_info())
    assert "LookupError: gone" in str(failed["exception"])
