"""A connection to write that is cut, whatever it is doing, is told as a database that is away."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from app.database import Database, WriteSession
from app.errors import DatabaseUnavailable
from app.permissions import Viewer
from app.postgres import find_binary
from app.settings import Settings
from tests.factories import make_event

NEVER = 1_000_000
MOST_ANSWERS = 200


class Cutter:
    """Stands before Postgres. It passes on so many more of its answers, and then cuts the connection."""

    def __init__(self, server: str) -> None:
        self.left = NEVER
        self._server = server

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_unix_connection(self._server)
        ends = (writer, here)
        await asyncio.gather(
            self._pass_on(reader, here, ends), self._pass_on(there, writer, ends, counted=True)
        )

    async def _pass_on(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        ends: tuple[asyncio.StreamWriter, ...],
        *,
        counted: bool = False,
    ) -> None:
        try:
            while data := await source.read(65_536):
                self.left -= counted
                if self.left < 0:
                    break
                target.write(data)
                await target.drain()
        except ConnectionError:
            pass
        finally:
            for end in ends:
                end.transport.abort()


@asynccontextmanager
async def cutting(dsn: str) -> AsyncIterator[tuple[Cutter, str]]:
    url = urlsplit(dsn)
    folder, port = parse_qs(url.query)["host"][0], parse_qs(url.query).get("port", ["5432"])[0]
    cutter = Cutter(f"{folder}/.s.PGSQL.{port}")
    server = await asyncio.start_server(cutter.serve, "127.0.0.1", 0)
    async with server:
        near = server.sockets[0].getsockname()[1]
        yield cutter, f"postgresql://{url.username}@127.0.0.1:{near}{url.path}?sslmode=disable"
        server.close()


async def test_a_connection_that_is_cut_at_any_moment_is_no_bug_of_ours(dsn: str, viewer: Viewer) -> None:
    lost = 0
    async with cutting(dsn) as (cutter, through):
        for answers in range(MOST_ANSWERS):
            cutter.left = NEVER
            database = await Database.open(through, Settings(read_connections=1))
            cutter.left = answers
            try:
                await make_event(database, viewer)
                break
            except DatabaseUnavailable:
                lost += 1
            finally:
                cutter.left = NEVER
                await database.close()
    assert 10 < lost < MOST_ANSWERS - 1


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("patient", [False, True])
async def test_a_connection_that_was_ended_while_idle_is_no_bug_of_ours(
    dsn: str, viewer: Viewer, patient: bool, turns: int
) -> None:
    """The loop has read nothing yet of its end, or the server's last word alone, or that it is closed."""

    async def work(session: WriteSession) -> int:
        pid: int | None = await session.scalar(text("SELECT pg_backend_pid()"))
        assert pid is not None
        return pid

    async def write() -> int:
        return await database.write(viewer.researcher, work, patient=patient)

    async def read() -> int:
        return int(await database.fetch_json("SELECT pg_backend_pid()::varchar", []))

    database = await Database.open(dsn, Settings(read_connections=1))
    for ask in (write, read):
        pid = await ask()
        end_backend(dsn, pid)
        for _ in range(turns):
            await asyncio.sleep(0)
        with suppress(DatabaseUnavailable):
            assert await ask() != pid
    await database.close()


def end_backend(dsn: str, pid: int) -> None:
    """While the loop stands still."""
    command = [str(find_binary("psql")), "-XqAt", dsn, "-c", f"SELECT pg_terminate_backend({pid}, 5000)"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "t\n"
