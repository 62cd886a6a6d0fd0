"""HTTP by hand: requests that no client would send."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

ME = "query Me { viewer { name } }"
SCHEMA = "{ __schema { queryType { name } } }"


async def exchange(port: int, sent: bytes, *, seconds: float = 20, end: bool = False) -> bytes:
    """What comes back for these bytes until the server closes the connection, or `seconds` are over.

    `end` closes our side after sending, as a client does that dies in the middle of its request.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = b""
    try:
        with suppress(ConnectionError):
            writer.write(sent)
            await writer.drain()
            if end:
                writer.write_eof()
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(seconds):
                while part := await reader.read(65_536):
                    received += part
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
    return received


def read_status(response: bytes) -> int | None:
    """The status of the first response in these bytes; None if there is none."""
    line = response.partition(b"\r\n")[0]
    return int(line.split()[1]) if line.startswith(b"HTTP/1.") else None


def spell(
    query: str,
    id: str = "a",
    *,
    headers: Sequence[str] = (),
    chunked: bool = False,
    version: str = "1.1",
    more: Mapping[str, object] = MappingProxyType({}),
) -> bytes:
    """A POST of this query, with an id of its own."""
    body = json.dumps({"query": query, **more}).encode()
    length = "transfer-encoding: chunked" if chunked else f"Content-Length: {len(body)}"
    given = (f"x-request-id: {id}", "content-type: application/json", length, *headers)
    head = "\r\n".join((f"POST /graphql HTTP/{version}", "host: 127.0.0.1", *given, "", ""))
    return head.encode() + (b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if chunked else body)


def spell_get(
    query: str,
    id: str = "a",
    *,
    headers: Sequence[str] = (),
    method: str = "GET",
    more: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """A GET of this query, with an id of its own."""
    url = f"/graphql?{urlencode({'query': query, **more})}"
    return "\r\n".join(
        (f"{method} {url} HTTP/1.1", "host: 127.0.0.1", f"x-request-id: {id}", *headers, "", "")
    ).encode()


def read_all(received: bytes, *, head: bool = False) -> list[tuple[bytes, dict[bytes, bytes], bytes]]:
    """Status line, headers and body of each response. If the first answers a HEAD, it has no body."""
    found: list[tuple[bytes, dict[bytes, bytes], bytes]] = []
    while received:
        lines_of_head, _, received = received.partition(b"\r\n\r\n")
        status, *lines = lines_of_head.split(b"\r\n")
        headers: dict[bytes, bytes] = {}
        for name, value in (line.split(b": ", 1) for line in lines):
            headers[name] = b", ".join((*([headers[name]] if name in headers else ()), value))
        is_without_body = head and not found
        length = 0 if is_without_body else int(headers.get(b"content-length", 0))
        found.append((status, headers, received[:length]))
        received = received[length:]
    return found


@dataclass
class Line:
    """A connection that is held open."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, first: bytes, *pieces: bytes) -> tuple[bytes, dict[bytes, bytes], bytes]:
        """What is answered to a request that comes in pieces, each some time after the one before."""
        self.writer.write(first)
        for piece in pieces:
            await asyncio.sleep(0.01)
            self.writer.write(piece)
        return await self.hear(head=first.startswith(b"HEAD "))

    async def hear(self, *, head: bool = False) -> tuple[bytes, dict[bytes, bytes], bytes]:
        """The next answer; to a HEAD it has no body, whatever its length is."""
        async with asyncio.timeout(10):
            [(status, headers, _)] = read_all(await self.reader.readuntil(b"\r\n\r\n"))
            length = 0 if head else int(headers.get(b"content-length", 0))
            return status, headers, await self.reader.readexactly(length)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Line(reader, writer)
    finally:
        writer.close()
