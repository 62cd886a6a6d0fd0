"""The programs of PostgreSQL find the database as the driver does."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from asyncpg import connect_utils

from app.errors import DatabaseUnavailable
from app.postgres import dumps
from app.postgres.dumps import LEFT_OPEN, read_revision, restore_dump, write_dump


def test_whatever_the_driver_takes_from_the_environment_is_handed_on() -> None:
    taken = re.findall(r"['\"](PG[A-Z]+)['\"]", inspect.getsource(connect_utils))
    assert set(LEFT_OPEN) == {"HOME", *taken}


@pytest.mark.parametrize(
    "url", ["postgresql://me:s%20cret@h/db", "postgresql://me@h/db?a=1&password=s+cret&b=2"]
)
def test_no_password_stands_on_a_command_line(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\nprintf "%s|%s" "$PGPASSWORD" "$*" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setattr(dumps, "find_binary", lambda _name: program)
    with pytest.raises(DatabaseUnavailable, match=r"s cret\|.* --dbname=postgresql://me@h/db") as refused:
        write_dump(url, tmp_path / "a.dump")
    assert refused.value.message.count("cret") == 1


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
