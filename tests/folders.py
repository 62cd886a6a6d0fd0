"""Folders for servers that run as another user."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def open_folder() -> Iterator[Path]:
    """An empty folder that every user can enter, removed at the end; pytest's own are closed to others."""
    path = Path(tempfile.mkdtemp(prefix="sayso-test-"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path)
