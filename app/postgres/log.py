"""The server's log: kept short, its end shown in errors, its words turned into advice."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

logger = logging.getLogger(__name__)

LONGEST_LOG = 8_000_000  # bytes
KEPT_LOG = 1_000_000
READ_LOG = 64_000
# What it says each time when we ask whether it has started yet: of why it has not these lines tell nothing.
ASKED_TOO_EARLY = (
    "the database system is starting up",
    "the database system is not yet accepting connections",
    "Consistent recovery state has not been yet reached",
)


def trim_log(log: Path, longest: int = LONGEST_LOG) -> None:
    """Empties a log of more than `longest` bytes; its end is kept in LOG.1. Writers append and go on."""
    try:
        if not log.exists() or log.stat().st_size <= longest:
            return
        with log.open("rb+") as source, log.with_name(f"{log.name}.1").open("wb") as target:
            source.seek(-min(KEPT_LOG, log.stat().st_size), os.SEEK_END)
            shutil.copyfileobj(source, target)
            source.truncate(0)
    except OSError as error:
        logger.warning("The log %s cannot be shortened: %s", log, error)


def read_tail(log: Path, start: int = 0, lines: int = 12) -> str:
    """The last lines of a log that tell something, of what was written after `start` bytes."""
    try:
        with log.open("rb") as file:
            file.seek(max(start, log.stat().st_size - READ_LOG))
            said = file.read().decode(errors="replace")
    except OSError:
        return ""
    told = [line for line in said.splitlines() if not any(words in line for words in ASKED_TOO_EARLY)]
    return "\n".join(f"  {line}" for line in told[-lines:])


def suggest(said: str, log: Path) -> str:
    """What to do, by the words of PostgreSQL or of the system.

    >>> suggest("could not write to file: No space left on device", Path("postgres.log"))
    'The disk is full: free some space, or set SAYSO_DATA_DIR to a folder on another.'
    """
    known = {
        ("No space left", "free disk space", "Disk quota", "File too large"): (
            "The disk is full: free some space, or set SAYSO_DATA_DIR to a folder on another."
        ),
        ("Permission denied", "Read-only file system", "not permitted"): (
            "The folder must be yours to write, or set SAYSO_DATA_DIR to one that is."
        ),
        ("shared memory block",): (
            "Somebody runs a PostgreSQL on this data directory by hand: stop it, or set SAYSO_DATA_DIR."
        ),
        ("could not look up effective user",): (
            "PostgreSQL needs a user with a name: run this as one, or set SAYSO_DATABASE_URL."
        ),
    }
    for words, hint in known.items():
        if any(word in said for word in words):
            return hint
    return f"The whole log is in {log}. Set SAYSO_DATABASE_URL to use a server of your own."
