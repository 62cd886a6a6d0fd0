"""Connections to Postgres that are lost: cut on their way, or ended by Postgres."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

from app.postgres import find_binary

NEVER = 1_000_000


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


def end_backend(dsn: str, pid: int) -> None:
    """While the loop stands still."""
    command = [str(find_binary("psql")), "-XqAt", dsn, "-c", f"SELECT pg_terminate_backend({pid}, 5000)"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "t\n"
