"""What has not come whole: there is room for some large bodies and messages, and what is small needs none."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Any, cast

import pytest

from app.database import Database
from app.settings import Settings
from app.web import protocol
from app.web.application import Application
from app.web.refusals import Refusal
from app.web.room import BODIES, BODIES_OF_ADDRESS, SMALL_BYTES, Room
from tests.conftest import NewDatabase
from tests.waiting import until
from tests.web.conftest import Serve, Site
from tests.web.frames import CONTINUATION, TEXT, frame, handshake, read_close, text
from tests.web.raw import ME, Line, connected, read_status, spell

LARGEST = 100_000
BEGUN = b" " * (LARGEST - 1_000)
HEAD = b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
BODY = HEAD + b"content-length: %d\r\n\r\n" % LARGEST + BEGUN
CHUNK = HEAD + b"transfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(BEGUN), BEGUN)
MESSAGE = frame(TEXT, bytes(LARGEST))[:-1_000]
FRAGMENTS = frame(TEXT, b"[", 0) + frame(CONTINUATION, BEGUN[: LARGEST // 2 - 900], 0) * 2
EVENTS = "subscription { claimRecorded { id } }"
INIT = text('{"type": "connection_init"}')


def subscribe(number: int, query: str) -> bytes:
    """Begins an operation, in a message that is about as large as may be."""
    payload = {"query": query, "variables": {"filling": "x" * (LARGEST - 1_000)}}
    return text(json.dumps({"id": str(number), "type": "subscribe", "payload": payload}))


def scope_of(address: str) -> dict[str, Any]:
    return {"client": (address, 1)}


def test_each_address_has_its_share_and_all_have_theirs() -> None:
    room = Room(LARGEST)
    hosts = range(BODIES // BODIES_OF_ADDRESS)
    for host in hosts:
        for _ in range(BODIES_OF_ADDRESS):
            room.share(scope_of(f"192.0.2.{host}")).hold(LARGEST)
        more = room.share(scope_of(f"192.0.2.{host}"))
        with pytest.raises(Refusal) as refused:
            more.hold(LARGEST)
        assert refused.value.status == (429 if host != hosts[-1] else 503)
        more.hold(SMALL_BYTES)
    other = room.share(scope_of("2001:db8::1"))
    with pytest.raises(Refusal) as refused:
        other.hold(SMALL_BYTES + 1)
    assert refused.value.status == 503
    assert dict(refused.value.headers)[b"retry-after"]
    assert room.held == BODIES * LARGEST


def test_what_is_given_back_is_free() -> None:
    room = Room(LARGEST)
    shares = [room.share(scope_of("192.0.2.1")) for _ in range(BODIES_OF_ADDRESS)]
    for size in (LARGEST // 2, LARGEST, LARGEST - 1, LARGEST):
        for share in shares:
            share.hold(size)
        assert room.held == len(shares) * size
    more = room.share(scope_of("192.0.2.1"))
    with pytest.raises(Refusal):
        more.hold(SMALL_BYTES + 1)
    shares[0].hold(0)
    more.hold(LARGEST)
    for share in (*shares, more):
        share.hold(0)
    assert room.held == 0


@pytest.fixture(scope="module")
async def roomy(serve: Serve, clone: NewDatabase) -> AsyncIterator[Site]:
    settings = Settings(database_url=None, max_body_bytes=LARGEST)
    async with clone() as dsn:
        database = await Database.open(dsn, settings)
        async with serve(database, settings) as site:
            yield site
        await database.close()


def room_of(site: Site) -> Room:
    return cast("Application", site.server.config.app).room


async def await_refusal(line: Line) -> None:
    """Return when the client is told to come later; before, it hears of nothing but its handshake.

    A socket is closed while its client still sends: that may be cut off before it hears why.
    """
    received = b""
    with suppress(ConnectionResetError):
        while read_status(received) != 429 and read_close(b"\r\n\r\n" + received) is None:
            part = await line.reader.read(65_536)
            assert part, received
            received += part
        closed = read_close(b"\r\n\r\n" + received)
        assert read_status(received) == 429 or (closed is not None and closed[0] == 1013)


@pytest.mark.parametrize(
    ("opened", "sent"),
    [(b"", BODY), (b"", CHUNK), (handshake(), MESSAGE), (handshake(), FRAGMENTS)],
    ids=["body", "chunk", "message", "fragments"],
)
async def test_who_does_not_end_what_they_begin_keeps_nobody_out(
    roomy: Site, opened: bytes, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "PATIENCE_SECONDS", 0.01)
    room = room_of(roomy)
    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(connected(roomy.port)) for _ in range(BODIES_OF_ADDRESS + 2)]
        for line in lines:
            if opened:
                line.writer.write(opened)
                await line.reader.readuntil(b"\r\n\r\n")
            line.writer.write(sent)
        waiting = [asyncio.create_task(await_refusal(line)) for line in lines]
        await until(lambda: sum(task.done() for task in waiting) == 2)
        await until(lambda: room.held >= BODIES_OF_ADDRESS * (LARGEST - 2_000))
        assert room.held <= BODIES_OF_ADDRESS * LARGEST
        async with connected(roomy.port) as line:
            assert (await line.ask(spell(ME)))[0] == b"HTTP/1.1 200 OK"
        for task in waiting:
            if task.done():
                task.result()
            task.cancel()
    await until(lambda: room.held == 0)
    async with connected(roomy.port) as line:
        large = spell(ME, more={"extensions": {"filling": "x" * (LARGEST - 1_000)}})
        assert (await line.ask(large[:50_000], large[50_000:]))[0] == b"HTTP/1.1 200 OK"
    assert room.held == 0


async def test_a_message_that_has_come_is_held_no_more(roomy: Site) -> None:
    room = room_of(roomy)
    async with connected(roomy.port) as line:
        line.writer.write(handshake())
        await line.reader.readuntil(b"\r\n\r\n")
        line.writer.write(INIT)
        for number in range(3):
            sent = subscribe(number, ME)
            line.writer.write(sent[:-500])
            await until(lambda: room.held > 0)
            line.writer.write(sent[-500:])
            await until(lambda: room.held == 0)


async def test_a_subscription_keeps_nothing_of_what_it_does_not_declare(roomy: Site) -> None:
    async with AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(connected(roomy.port)) for _ in range(20)]
        for number, line in enumerate(lines, 1):
            line.writer.write(handshake())
            await line.reader.readuntil(b"\r\n\r\n")
            line.writer.write(INIT + subscribe(1, EVENTS))
            await until(partial(has_subscriptions, roomy, number))
        tracemalloc.start()
        try:
            for number, line in enumerate(lines, 21):
                line.writer.write(subscribe(2, EVENTS))
                await until(partial(has_subscriptions, roomy, number))
            kept, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert kept < 10 * LARGEST
    await until(partial(has_subscriptions, roomy, 0))


def has_subscriptions(site: Site, number: int) -> bool:
    return site.engine.use().subscriptions == number
