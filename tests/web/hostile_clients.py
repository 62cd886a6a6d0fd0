"""Clients that mean harm by what they begin and do not end: part of `python -m tests.web.hostile`.

Many of a kind come at once, from a process of their own, and stay as long as they are let. Each kind may make
the server need MAX_GROWTH more memory, and may be kept so many seconds; somebody else is served meanwhile.

    python -m tests.web.hostile_clients PORT NUMBER     the kind of this number: how long they were kept
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

from bench.processes import private_memory
from tests.web.frames import TEXT, frame, handshake, text
from tests.web.others import Others, read_worked

MAX_GROWTH = 300_000_000  # bytes
MAX_WAIT_SECONDS = 0.5  # of 99 in 100 requests of others
# Until an end is noticed, on a machine that is busy with so many.
LATE_SECONDS = 10.0
MAX_FILES = 10_000
READ_BYTES = 4_096
LIVE = b"GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\n"
POST = b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n\r\n"
LARGE = b" " * 3_900_000
INIT = text('{"type": "connection_init"}')
FILLED = {"query": "subscription { claimRecorded { id } }", "variables": {"filling": "x" * 3_900_000}}
KEPT = text(json.dumps({"id": "1", "type": "subscribe", "payload": FILLED}))
SCHEMA = (
    b"GET /graphql?query={__schema{types{name,fields{name,description}}}} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Clients:
    """So many who send something, and then something `again` every second.

    The server may keep each for `seconds`.
    """

    name: str
    number: int
    seconds: float
    first: bytes = b""
    opened: bytes = b""  # once the first is answered
    again: bytes = b""
    reads: bool = True


KINDS = (
    Clients("that ask nothing", 3_000, 10),
    Clients("that asked once, and stay", 3_000, 30, LIVE + b"\r\n"),
    Clients("whose head comes by the byte", 1_000, 10, LIVE + b"x-slow: ", again=b"x"),
    Clients("whose head of 95 kB has no end", 1_000, 10, LIVE + b"x-long: " + b"x" * 95_000),
    Clients("whose body comes by the byte", 1_000, 30, POST + b"content-length: 1000\r\n\r\n", again=b" "),
    Clients("whose body of 3.9 MB has no end", 500, 40, POST + b"content-length: 4000000\r\n\r\n" + LARGE),
    Clients("whose trailers have no end", 200, 5, POST + CHUNKED + b"0\r\n", again=b"x: y\r\n" * 500),
    Clients("whose trailers come by the line", 1_000, 30, POST + CHUNKED + b"0\r\n", again=b"x: y\r\n"),
    Clients("that send on to what is answered", 1_000, 10, LIVE + CHUNKED, again=b"1\r\nx\r\n"),
    Clients("that ask in a row and read nothing", 100, 15, SCHEMA * 2_000, again=SCHEMA, reads=False),
    Clients("on sockets that answer no ping", 900, 40, handshake(), INIT),
    Clients("on sockets whose message has no end", 900, 40, handshake(), INIT + frame(TEXT, LARGE)[:-9]),
    # What has been given back glibc keeps, while anything that is smaller lies behind it.
    Clients("on sockets whose subscription was sent with 3.9 MB", 60, 40, handshake(), INIT + KEPT),
)


async def stay(port: int, clients: Clients) -> float:
    """The seconds that one of them was kept; longer than it may be kept it does not stay."""
    begun = perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=READ_BYTES)

    async def talk() -> None:
        with suppress(ConnectionError):
            writer.write(clients.first)
            if clients.opened:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(clients.opened)
            while clients.again:
                await asyncio.sleep(1)
                writer.write(clients.again)
                await writer.drain()

    async def hear() -> None:
        if clients.opened:
            await talking
        with suppress(ConnectionError):
            if not clients.reads:
                await writer.wait_closed()  # what comes beyond READ_BYTES is left where it is
            while await reader.read(65_536):
                pass

    talking = asyncio.create_task(talk())
    with suppress(TimeoutError):
        await asyncio.wait_for(hear(), clients.seconds + 2 * LATE_SECONDS)
    talking.cancel()
    writer.transport.abort()
    return perf_counter() - begun


async def come(port: int, clients: Clients) -> list[float]:
    """How long each of them was kept."""
    staying = []
    for number in range(clients.number):
        staying.append(asyncio.create_task(stay(port, clients)))
        if number % 50 == 49:
            await asyncio.sleep(0.02)
    return await asyncio.gather(*staying)


async def besiege(port: int, pid: int | None, number: int, others: Others) -> list[str]:
    """Print what the clients of one kind cost; what went wrong."""
    clients = KINDS[number]
    others.waits.clear()
    command = [sys.executable, "-m", __name__, str(port), str(number)]
    before, worked = measure(pid), read_worked(pid)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    telling = asyncio.create_task(process.communicate())
    most = before
    while not telling.done():
        most = max(most, measure(pid))
        await asyncio.wait([telling], timeout=0.5)
    kept = max(json.loads(telling.result()[0]))
    waits = sorted(others.waits)
    waited = waits[len(waits) * 99 // 100]
    growth = most - before
    figures = f"{(read_worked(pid) - worked) * 1_000:>15.1f} {waited * 1_000:>7.1f}"
    sys.stdout.write(f"{figures}  {clients.number:,} {clients.name}: {growth / 1e6:.0f} MB, {kept:.1f} s\n")
    wrong = []
    if growth > MAX_GROWTH:
        wrong.append(f"clients {clients.name} take {growth / 1e6:.0f} MB")
    if kept > clients.seconds + LATE_SECONDS:
        wrong.append(f"clients {clients.name} are kept {kept:.0f} s")
    if waited > MAX_WAIT_SECONDS:
        wrong.append(f"while there are clients {clients.name}, others wait {waited:.1f} s")
    return wrong


def measure(pid: int | None) -> int:
    """The bytes of memory that are the process's alone."""
    return 0 if pid is None else private_memory([pid])


def main() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, MAX_FILES), most))
    port, number = map(int, sys.argv[1:])
    sys.stdout.write(json.dumps(asyncio.run(come(port, KINDS[number]))))


if __name__ == "__main__":
    main()
