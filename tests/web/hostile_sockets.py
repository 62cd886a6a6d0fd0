"""WebSockets that mean harm: part of `python -m tests.web.hostile`."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from app.settings import Settings
from tests.waiting import until
from tests.web.frames import (
    BINARY,
    COMPRESSED,
    CONTINUATION,
    FIN,
    PING,
    TEXT,
    frame,
    handshake,
    read_close,
    read_frames,
    text,
)
from tests.web.others import Others, count_files, read_worked

INIT: dict[str, Any] = {"type": "connection_init"}
EVENTS = "subscription { claimRecorded { id } }"
MANY = 5_000
IDLE = 1_200
UNREAD = 20
OTHER_FILES = 10  # of the database, which come and go
UNREAD_SECONDS = 60.0
# What a client says last; a server that still answers has borne all before it.
LAST = text('{"type": "ping", "payload": {"last": true}}')


@dataclass(frozen=True, slots=True)
class SocketAttack:
    """Bytes that are sent when a socket is open. `closed`: the codes it may be closed with.

    None among them: it may stay open, or be cut off before its end is heard.
    """

    name: str
    make: Callable[[], bytes]
    closed: tuple[int | None, ...]
    headers: tuple[bytes, ...] = ()


def said(*messages: dict[str, Any]) -> bytes:
    return b"".join(text(json.dumps(message)) for message in messages)


def asked(id: str, query: str = EVENTS, **payload: Any) -> dict[str, Any]:
    return {"id": id, "type": "subscribe", "payload": {"query": query, **payload}}


def many(make: Callable[[int], Iterable[dict[str, Any]]], number: int = MANY) -> bytes:
    return said(INIT, *(message for n in range(number) for message in make(n)))


SOCKET_ATTACKS = (
    SocketAttack("5,000 subscriptions", lambda: many(lambda n: [asked(str(n))]), (1008,)),
    SocketAttack(
        "5,000 queries at once", lambda: many(lambda n: [asked(str(n), "{ viewer { name } }")]), (1008, None)
    ),
    SocketAttack(
        "1,000 subscriptions, each ended at once",
        lambda: many(lambda n: [asked(str(n)), {"id": str(n), "type": "complete"}], 1_000),
        (1008, None),
    ),
    SocketAttack(
        "1,000 queries, each ended at once",
        lambda: many(
            lambda n: [asked("1", "{ claims { totalCount } }"), {"id": "1", "type": "complete"}], 1_000
        ),
        (1008, None),
    ),
    SocketAttack(
        "5,000 ends of nothing", lambda: many(lambda n: [{"id": str(n), "type": "complete"}]), (1008,)
    ),
    SocketAttack("an id twice", lambda: said(INIT, asked("1"), asked("1")), (4409,)),
    SocketAttack("an id of 1 MB", lambda: said(INIT, asked("x" * 1_000_000)), (4400,)),
    SocketAttack("no connection_init", lambda: said(asked("1")), (4401,)),
    SocketAttack("connection_init twice", lambda: said(INIT, INIT), (4429,)),
    SocketAttack(
        "a connection_init of 1 MB", lambda: said(INIT | {"payload": {"a": "x" * 1_000_000}}), (4400,)
    ),
    SocketAttack("5,000 times connection_init", lambda: said(*[INIT] * MANY), (4429,)),
    SocketAttack(
        "a token that is none",
        lambda: said(INIT | {"payload": {"Authorization": "Bearer secret-token"}}),
        (4403, None),
    ),
    SocketAttack("5,000 pings", lambda: frame(PING, b"") * MANY, (1008,)),
    SocketAttack("100,000 pings", lambda: frame(PING, b"x" * 125) * 100_000, (1008, None)),
    SocketAttack("5,000 pings in messages", lambda: said(*[{"type": "ping"}] * MANY), (1008,)),
    SocketAttack(
        "a ping in a message, of 3 MB",
        lambda: said({"type": "ping", "payload": {"a": "secret-value" * 250_000}}),
        (4400,),
    ),
    SocketAttack("a ping of 200 bytes", lambda: frame(PING, b"x" * 200), (1002,)),
    SocketAttack(
        "a ping in a message, 900 deep",
        lambda: text('{"type": "ping", "payload": ' + '{"a":' * 900 + "1" + "}" * 901),
        (4400, None),
    ),
    SocketAttack("JSON 20,000 deep", lambda: text("[" * 20_000), (4400,)),
    SocketAttack("JSON 20,000 deep, of objects", lambda: text('{"type":' * 20_000), (4400,)),
    SocketAttack(
        "variables 20,000 deep",
        lambda: (
            said(INIT)
            + text(
                '{"id": "1", "type": "subscribe", "payload": {"query": "{a}", "variables": '
                + '{"a":' * 20_000
                + "1"
                + "}" * 20_002
            )
        ),
        (4400,),
    ),
    SocketAttack("a number of 1,000,000 digits", lambda: text('{"type": ' + "9" * 1_000_000 + "}"), (4400,)),
    SocketAttack(
        "a document of 3,900,000 letters", lambda: said(INIT, asked("1", "# " + "x" * 3_900_000)), (None,)
    ),
    SocketAttack("a message of 3,900,000 letters", lambda: text("secret-text" * 354_000), (4400,)),
    SocketAttack("a message of 20 MB", lambda: frame(TEXT, bytes(20_000_000)), (1009, None)),
    SocketAttack(
        "a message that says it has 4 exabytes", lambda: b"\x81\xff\x40" + bytes(7) + bytes(4), (1009,)
    ),
    SocketAttack(
        "a message in 5,000 pieces",
        lambda: frame(TEXT, b"[", 0) + frame(CONTINUATION, b"1,", 0) * MANY + frame(CONTINUATION, b"1]"),
        (1009,),
    ),
    SocketAttack(
        "a message of 100,000 empty pieces",
        lambda: frame(TEXT, b"", 0) + frame(CONTINUATION, b"", 0) * 100_000,
        (1009, None),
    ),
    SocketAttack("a piece of nothing", lambda: frame(CONTINUATION, b"{}"), (1002,)),
    SocketAttack("bytes", lambda: frame(BINARY, b"{}"), (4400,)),
    SocketAttack("invalid UTF-8", lambda: frame(TEXT, b'{"type": "secret-text\xff"}'), (1007,)),
    SocketAttack("half a surrogate pair", lambda: text('{"type": "\\ud800"}'), (4400,)),
    SocketAttack(
        "a compressed message, though nothing was agreed",
        lambda: frame(TEXT, b"\xaa\x56\x2a\x01\x00" * 10_000, FIN | COMPRESSED),
        (1002,),
        (b"sec-websocket-extensions: permessage-deflate",),
    ),
    SocketAttack("a kind that does not exist", lambda: frame(7, b""), (1002,)),
    SocketAttack("a message that is not masked", lambda: b"\x81\x02{}", (1002,)),
    SocketAttack("10 MB after the end", lambda: frame(BINARY, b"") + text("{}") * 1_200_000, (4400, None)),
)


async def carry_out(port: int, attack: SocketAttack, seconds: float = 60) -> tuple[int | None, str, bytes]:
    """(code, reason, all that was received); the code is None if the socket stayed open, or was lost."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    received = b""
    try:
        async with asyncio.timeout(seconds):
            writer.write(handshake(*attack.headers))
            received = await reader.readuntil(b"\r\n\r\n")
            sending = asyncio.create_task(_send(writer, attack.make() + LAST))
            with suppress(ConnectionError):
                while b'"last"' not in received and read_close(received) is None:
                    if not (part := await reader.read(65_536)):
                        break
                    received += part
            sending.cancel()
    finally:
        writer.transport.abort()
    closed = read_close(received)
    return (*closed, received) if closed else (None, "", received)


@contextmanager
def never_read(port: int, number: int) -> Iterator[None]:
    """As many sockets, and as many streams, whose clients ask for much and read none of it."""
    schema = "{ __schema { types { name fields { name description } } } }"
    messages = said(INIT, *(asked(str(n), schema) for n in range(90)))
    body = json.dumps({"query": schema}).encode()
    stream = b"POST /graphql HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n"
    stream += b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
    with ExitStack() as stack:
        for first, sent in ((handshake(), messages), (stream, stream * 300)):
            for _ in range(number):
                client = stack.enter_context(socket.socket())
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                client.connect(("127.0.0.1", port))
                client.sendall(first)
                client.recv(1)
                client.settimeout(0.05)
                with suppress(TimeoutError):
                    client.sendall(sent)
        yield


async def crowd(port: int, pid: int | None, others: Others) -> list[str]:
    """Print what many connections cost that are idle, or never read; what went wrong."""
    tell = sys.stdout.write
    wrong = []
    files = count_files(pid) if pid else 0
    others.waits.clear()
    before = read_worked(pid)
    let_in, put_off = await sit_idle(port, IDLE)
    figures = ((read_worked(pid) - before) * 1_000, max(others.waits, default=0.0) * 1_000)
    tell(f"{'':>7} {figures[0]:>7.1f} {figures[1]:>7.1f}  {IDLE} idle sockets of one address:")
    tell(f" {let_in} let in, {put_off} put off\n")
    if let_in > Settings().sockets_per_address or let_in + put_off != IDLE:
        wrong.append(f"{let_in} idle sockets were let in, {put_off} put off")
    if pid is None:
        return wrong
    others.waits.clear()
    await until(lambda: count_files(pid) <= files + OTHER_FILES)  # the idle ones are let go
    begun, before = perf_counter(), read_worked(pid)
    with ExitStack() as stack:
        await asyncio.to_thread(stack.enter_context, never_read(port, UNREAD))
        held = count_files(pid) - files
        with suppress(TimeoutError):
            await until(lambda: count_files(pid) <= files + OTHER_FILES, seconds=UNREAD_SECONDS)
    figures = ((read_worked(pid) - before) * 1_000, max(others.waits, default=0.0) * 1_000)
    tell(f"{'':>7} {figures[0]:>7.1f} {figures[1]:>7.1f}  {UNREAD} sockets and as many streams never read:")
    tell(f" {held} held, cut off after {perf_counter() - begun:.1f} s\n")
    if count_files(pid) > files + OTHER_FILES:
        wrong.append("who never reads is not cut off")
    return wrong


async def _send(writer: asyncio.StreamWriter, sent: bytes) -> None:
    with suppress(ConnectionError):
        writer.write(sent)
        await writer.drain()


async def sit_idle(port: int, number: int) -> tuple[int, int]:
    """(sockets that were let in, those that were told to come later) of as many that say nothing."""
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(number)]
    answered: list[int | None] = []
    try:
        for reader, writer in streams:
            writer.write(handshake())
            await reader.readuntil(b"\r\n\r\n")
        for reader, writer in streams:
            writer.write(said(INIT))
            head = await reader.readexactly(2)
            payload = await reader.readexactly(head[1])
            [(kind, told)] = read_frames(head + payload)
            answered.append(int.from_bytes(told[:2]) if kind != TEXT else None)
    finally:
        for _, writer in streams:
            writer.transport.abort()
    return answered.count(None), answered.count(1013)
