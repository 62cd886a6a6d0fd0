"""The programs of PostgreSQL find the database as the driver does."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from app.postgres.dumps import read_revision, restore_dump, write_dump


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
