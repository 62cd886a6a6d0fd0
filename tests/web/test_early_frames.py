"""What a client sends behind its handshake, without waiting for the answer, is the socket's all the same."""

from __future__ import annotations

import asyncio
import json

import pytest

from app.web import frames
from app.web.connections import SLICE_BYTES
from tests.web.conftest import Site
from tests.web.frames import CLOSE, PING, PONG, TEXT, frame, handshake, read_close, read_frames, text
from tests.web.raw import ME, connected, exchange, read_status, spell, spell_get

INIT = text('{"type": "connection_init"}')


def subscribe(padding: int = 0) -> bytes:
    query = ME + " " * padding
    return text(json.dumps({"id": "a", "type": "subscribe", "payload": {"query": query}}))


def read_messages(received: bytes) -> list[object]:
    """Handshake first, then the messages."""
    head, _, rest = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    return [json.loads(said) for kind, said in read_frames(rest) if kind == TEXT]


ANSWERED = [
    {"type": "connection_ack"},
    {"id": "a", "type": "next", "payload": {"data": {"viewer": {"name": "local"}}}},
    {"id": "a", "type": "complete"},
]
END = frame(CLOSE, b"\x03\xe8")


async def ask(port: int, *pieces: bytes) -> list[object]:
    """The first messages of the socket that is opened by these pieces."""
    async with connected(port) as line, asyncio.timeout(20):
        for piece in pieces:
            line.writer.write(piece)
            await asyncio.sleep(0.005)
        received = b""
        while b'"complete"' not in received:
            received += await line.reader.read(65_536)
    return read_messages(received)


@pytest.mark.parametrize("padding", [0, 2_000, SLICE_BYTES, 40_000])
async def test_frames_behind_a_handshake_are_answered(site: Site, padding: int) -> None:
    assert await ask(site.port, handshake() + INIT + subscribe(padding)) == ANSWERED


@pytest.mark.parametrize("before", [5, len(INIT), len(INIT) + 3])
async def test_a_frame_may_begin_behind_a_handshake(site: Site, before: int) -> None:
    sent = INIT + subscribe()
    assert await ask(site.port, handshake() + sent[:before], sent[before:]) == ANSWERED


@pytest.mark.parametrize("more", [0, SLICE_BYTES, SLICE_BYTES - 100])
async def test_a_handshake_may_stand_behind_answered_requests(site: Site, more: int) -> None:
    """Wherever it ends in what is read at a time."""
    rest = more - len(handshake())
    fillers = [b"x: " + b"x" * ((rest - 12) // 3 - 5) for _ in range(3)] if more else []
    long = handshake(*fillers)
    async with connected(site.port) as line:
        assert b"local" in (await line.ask(spell(ME)))[2]
        assert b"local" in (await line.ask(spell_get(ME)))[2]
        line.writer.write(long + INIT + subscribe())
        async with asyncio.timeout(20):
            received = b""
            while b'"complete"' not in received:
                received += await line.reader.read(65_536)
    assert read_messages(received) == ANSWERED


async def test_a_ping_is_answered_after_the_handshake(site: Site) -> None:
    received = await exchange(site.port, handshake() + frame(PING, b"early") + END)
    head, _, rest = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    assert read_frames(rest) == [(PONG, b"early"), (CLOSE, b"\x03\xe8")]


async def test_what_is_no_frame_closes_the_socket(site: Site) -> None:
    assert (read_close(await exchange(site.port, handshake() + b"GET / HTTP/1.1\r\n\r\n")) or (0,))[0] == 1002


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"x: " + b"x" * 9_000, 431),
        (b"\r\n".join([b"x: x"] * 130), 431),
        (b"content-length: 4", 400),
        (b"transfer-encoding: chunked", 400),
    ],
)
async def test_what_the_library_does_not_take_is_refused(site: Site, header: bytes, status: int) -> None:
    sent = handshake(header) + (b"0\r\n\r\n" if b"chunked" in header else b"body")
    assert read_status(await exchange(site.port, sent, seconds=5)) == status


async def test_a_refused_handshake_is_all_that_is_answered(site: Site) -> None:
    foreign = handshake().replace(b"127.0.0.1", b"evil.example") + INIT + frame(PING, b"")
    received = await exchange(site.port, foreign)
    assert read_status(received) == 403
    assert b"pong" not in received
    assert received.count(b"HTTP/1.1") == 1


async def test_too_much_before_the_answer_ends_the_connection(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "MAX_EARLY_BYTES", 100)
    assert await exchange(site.port, handshake() + INIT + subscribe()) == b""
