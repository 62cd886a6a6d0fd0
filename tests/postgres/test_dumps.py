"""The programs of PostgreSQL find the database as the driver does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from asyncpg import connect_utils

from app.postgres.dumps import LEFT_OPEN, read_revision, restore_dump, write_dump


def test_whatever_the_driver_takes_from_the_environment_is_handed_on() -> None:
    taken = re.findall(r"['\"](PG[A-Z]+)['\"]", inspect.getsource(connect_utils))
    assert set(LEFT_OPEN) == {"HOME", *taken}


async def test_what_a_url_leaves_open_is_taken_from_the_environment(
    dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a password is in PGPASSWORD; here the name of the database, which any server asks for."""
    url = urlsplit(dsn)
    monkeypatch.setenv("PGDATABASE", url.path.removeprefix("/"))
    short = url._replace(path="").geturl()
    connection = await asyncpg.connect(short)
    revision = await connection.fetchval("SELECT version_num FROM alembic_version")
    await connection.close()
    file = tmp_path / "a.dump"
    write_dump(short, file)
    assert read_revision(file) == revision
    restore_dump(short, file)
