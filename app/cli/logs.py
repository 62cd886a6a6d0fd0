"""The log of a server, on stderr: lines to read on a terminal, else JSON, one object a line."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

# How long a line may wait for others, and how many do at most.
BATCH_SECONDS = 0.1
MOST_IN_BATCH = 500


class JsonLines(logging.Formatter):
    """at, level, logger, message; the fields of a request; the traceback of an error."""

    def format(self, record: logging.LogRecord) -> str:
        second, rest = divmod(record.created, 1)
        line: dict[str, object] = {
            "at": f"{spell_second(int(second))}.{int(rest * 1000):03}Z",
            "level": record.levelname,
            "logger": record.name,
        }
        fields: dict[str, object] | None = getattr(record, "fields", None)
        line |= {"message": record.getMessage()} if fields is None else fields
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return _encode(line)


_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


@lru_cache(maxsize=2)
def spell_second(second: int) -> str:
    """A second since 1970 as ISO 8601 has it, in UTC, without the zone."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


if TYPE_CHECKING:
    Stream = logging.StreamHandler[TextIO]
else:
    Stream = logging.StreamHandler


class Batches(Stream):
    """Writes lines together where an event loop runs, at most BATCH_SECONDS after the first of them.

    A warning, or what is worse, is written at once, and with it what was told before. What waits at the end
    of the process is written by `logging` itself.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__(stream)
        self._waiting: list[logging.LogRecord] = []
        self._flushing: asyncio.AbstractEventLoop | None = None  # which is to flush

    def emit(self, record: logging.LogRecord) -> None:
        self._waiting.append(record)
        urgent = record.levelno > logging.INFO or len(self._waiting) >= MOST_IN_BATCH
        if urgent or not self._will_be_written():
            self.flush()

    def flush(self) -> None:
        self.acquire()
        try:
            waiting, self._waiting, self._flushing = self._waiting, [], None
            if waiting:
                self.stream.write("".join(map(self._spell, waiting)))
            super().flush()
        except Exception:
            self.handleError(waiting[-1])
        finally:
            self.release()

    def _spell(self, record: logging.LogRecord) -> str:
        try:
            return self.format(record) + self.terminator
        except Exception:
            self.handleError(record)
            return ""

    def _will_be_written(self) -> bool:
        """Whether a flush is to come: the first that waits in a loop orders it."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # none runs in this thread
            return self._flushing is not None and self._flushing.is_running()
        if self._flushing is not loop:
            loop.call_later(BATCH_SECONDS, self.flush)
            self._flushing = loop
        return True


def configure_logs(*, quiet: bool) -> None:
    """`quiet`: no line for a request that went well."""
    # What no line here shows: where the call stands, the thread and the process. Half the cost of a line.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = Batches()
    plain = logging.Formatter("%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S")
    handler.setFormatter(plain if sys.stderr.isatty() else JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # What it tells, app.api.execution tells too; it adds the SQL, and what a client had written.
    logging.getLogger("strawberry.execution").setLevel(logging.CRITICAL)
    # Each try to connect again would be a traceback; app.cli.keeping and /readyz say what matters.
    logging.getLogger("asyncpg").setLevel(logging.ERROR)
    logging.getLogger("app.web.records").setLevel(logging.WARNING if quiet else logging.INFO)
