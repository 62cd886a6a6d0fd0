"""HTTP by hand: requests that no client would send."""

from __future__ import annotations

import asyncio
from contextlib import suppress


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
