"""Requests that would go on in another protocol are answered as if they had not asked (RFC 9110, 7.8).

Only a WebSocket is opened. Java's HttpClient asks for h2c with each request, and so does `curl --http2`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import Callable, Sequence

import pytest

from app.web import connections
from tests.web.conftest import MAX_BODY_BYTES, Held, Site, Ways
from tests.web.frames import handshake, read_frames, text
from tests.web.raw import ME, SCHEMA, connected, exchange, read_all, spell, spell_get

# As Java and curl spell it.
H2C = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAA")
OTHERS = [
    H2C,
    ("connection: upgrade", "upgrade: websocket, h2c"),
    ("connection: keep-alive, UPGRADE", "UPGRADE: h2c, websocket"),
    ("connection: upgrade", "upgrade: TLS/1.0", "upgrade: h2c"),
    ("upgrade: h2c", "connection: Upgrade", "connection: HTTP2-Settings"),
    ("connection: upgrade", "upgrade:"),
]


async def ask(port: int, *sent: bytes) -> list[tuple[bytes, dict[bytes, bytes], bytes]]:
    """The answers to these pieces, up to the end of the connection."""
    async with connected(port) as line:
        for piece in sent:
            line.writer.write(piece)
            await asyncio.sleep(0)  # the server reads it, in this loop
        async with asyncio.timeout(20):
            answers = read_all(await line.reader.read(), head=sent[0].startswith(b"HEAD "))
    for _, headers, _ in answers:
        headers.pop(b"date", None)
    return answers


Make = Callable[[Sequence[str]], bytes]
REQUESTS: dict[str, Make] = {
    "read": lambda more: spell(ME, headers=more),
    "schema": lambda more: spell(SCHEMA, headers=more),
    "syntax": lambda more: spell("{", headers=more),
    "chunked": lambda more: spell(ME, headers=more, chunked=True),
    "expected": lambda more: spell(ME, headers=["expect: 100-continue", *more]),
    "a body in many pieces": lambda more: spell(ME + " " * (MAX_BODY_BYTES - 500), headers=more),
    "too long a body": lambda more: spell(ME + " " * MAX_BODY_BYTES, headers=more),
    "too long a body in chunks": lambda more: spell(ME + " " * MAX_BODY_BYTES, headers=more, chunked=True),
    "a long head": lambda more: spell(ME, headers=["x: " + "x" * 90_000, *more]),
    "too long a head": lambda more: spell(ME, headers=["x: " + "x" * 120_000, *more]),
    "too many headers": lambda more: spell(ME, headers=[*["x: " + "x" * 1_000] * 120, *more]),
    "a broken chunk": lambda more: spell(ME, headers=more, chunked=True).replace(
        b"\r\n\r\n", b"\r\n\r\nz", 1
    ),
    "two lengths": lambda more: spell(ME, headers=["content-length: 3", *more]),
    "a length and chunks": lambda more: spell(ME, headers=["content-length: 3", *more], chunked=True),
    "HTTP/1.0": lambda more: spell(ME, headers=more, version="1.0"),
    "get": lambda more: spell_get(ME, headers=more),
    "get with a body": lambda more: spell_get(ME, headers=["content-length: 4", *more]) + b"body",
    "head": lambda more: spell_get(ME, headers=more, method="HEAD"),
    "nowhere": lambda more: spell(ME, headers=more).replace(b"/graphql", b"/nowhere", 1),
    "no place": lambda more: spell(ME, headers=more).replace(b"/graphql", b"nowhere", 1),
    "connect": lambda more: spell(ME, headers=more).replace(b"POST /graphql", b"CONNECT a:443", 1),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request_is_answered_as_if_it_had_not_asked(
    site: Site, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    make = REQUESTS[name]
    last = spell(ME, "last", headers=["connection: close"])
    plain = await ask(site.port, make([]) + last)
    said = [record.msg for record in caplog.records]
    caplog.clear()
    assert plain
    assert await ask(site.port, make(H2C) + last) == plain
    assert [record.msg for record in caplog.records] == said


@pytest.mark.parametrize("other", OTHERS)
async def test_whatever_is_asked_for_is_left_aside(site: Site, ways: Ways, other: Sequence[str]) -> None:
    async with connected(site.port) as line:
        status, _, body = await line.ask(spell(ME, headers=other))
        assert status == b"HTTP/1.1 200 OK"
        assert b"local" in body
        # The connection stays, in HTTP/1.1; the head is known from now on.
        for id in ("a", "b"):
            _, headers, body = await line.ask(spell(ME, id, headers=other))
            assert headers[b"x-request-id"] == id.encode()
            assert b"local" in body
        assert ways.long == []
        assert b"local" in (await line.ask(spell(ME, "c", headers=other, chunked=True)))[2]
        assert b"local" in (await line.ask(spell_get(ME, "d", headers=other)))[2]
        assert b"local" in (await line.ask(spell(ME, "e")))[2]
        assert ways.long == [b"c"]


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
async def test_requests_in_a_row_may_come_in_any_pieces(site: Site, size: int) -> None:
    sent = b"".join(
        (
            spell(ME, "0", headers=H2C),
            spell(SCHEMA, "1", headers=H2C, chunked=True),
            spell_get(ME, "2", headers=H2C),
            b"\r\n",
            spell(ME, "3"),
            spell("{", "4", headers=H2C),
            spell_get(ME, "5", headers=H2C),
            spell(ME, "6", headers=[*H2C, "connection: close"]),
        )
    )
    answers = await ask(site.port, *(sent[start : start + size] for start in range(0, len(sent), size)))
    assert [headers[b"x-request-id"] for _, headers, _ in answers] == [b"%d" % n for n in range(7)]
    assert [status.split()[1] for status, _, _ in answers] == [b"200"] * 7
    found = [
        next(word for word in (b"queryType", b"Syntax", b"local") if word in body) for *_, body in answers
    ]
    assert found == [b"local", b"queryType", b"local", b"local", b"Syntax", b"local", b"local"]


async def test_many_in_a_row_are_answered(site: Site) -> None:
    many = [spell(ME, "many", headers=H2C)] * 300
    answers = await ask(site.port, b"".join((*many, spell(ME, "last", headers=["connection: close"]))))
    assert [status for status, _, _ in answers] == [b"HTTP/1.1 200 OK"] * 301


async def test_one_behind_what_is_under_way_waits_for_it(site: Site, held: Held) -> None:
    async with connected(site.port) as line:
        line.writer.write(spell(ME, "one", headers=H2C))
        await held.begun.wait()
        line.writer.write(spell(ME, "two", headers=H2C) + spell_get("{", "three", headers=H2C))
        await asyncio.sleep(0.05)
        held.released.set()
        answers = [await line.hear() for _ in range(3)]
    assert [headers[b"x-request-id"] for _, headers, _ in answers] == [b"one", b"two", b"three"]
    assert b"Syntax Error" in answers[2][2]


async def test_a_body_that_stops_is_waited_for_as_any(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The head is there, and its time is over: that of the body is another."""
    request = spell(ME, headers=H2C)
    async with connected(site.port) as line:
        await line.ask(request)
        # The first head may be late as well, on a busy machine.
        with monkeypatch.context() as patch:
            patch.setattr(connections, "HEAD_SECONDS", 0.05)
            line.writer.write(request[:-5])
            await asyncio.sleep(0.2)
        assert b"local" in (await line.ask(request[-5:]))[2]
    assert read_all(await exchange(site.port, request[:-5], seconds=0.2, end=True)) == []
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_no_websocket_is_opened_for_http_1_0(site: Site) -> None:
    sent = handshake().replace(b"HTTP/1.1", b"HTTP/1.0")
    [(status, headers, _)] = read_all(await exchange(site.port, sent))
    assert (status, headers[b"connection"]) == (b"HTTP/1.1 400 Bad Request", b"close")


async def test_a_websocket_is_opened_after_one(site: Site) -> None:
    async with connected(site.port) as line:
        assert b"local" in (await line.ask(spell(ME, headers=H2C)))[2]
        assert b"local" in (await line.ask(spell_get(ME, "a", headers=H2C)))[2]
        assert (await line.ask(handshake()))[0] == b"HTTP/1.1 101 Switching Protocols"
        line.writer.write(text('{"type": "ping"}'))
        async with asyncio.timeout(10):
            [(_, said)] = read_frames(await line.reader.read(65_536))
        assert json.loads(said) == {"type": "pong"}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not there")
@pytest.mark.parametrize("more", [[], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect: 100-continue"]])
async def test_curl_asks_twice_on_one_connection(site: Site, more: list[str]) -> None:
    url = f"{site.url}/graphql"
    once = ["--http2", "-sS", "-m", "20", "-w", "%{http_code} %{http_version} %{num_connects}\n", url]
    once += ["-H", "content-type: application/json", "-d", json.dumps({"query": ME}), *more]
    curl = await asyncio.create_subprocess_exec(
        "curl", "-q", "--noproxy", "*", *once, "--next", *once, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        said, _ = await curl.communicate()
    assert curl.returncode == 0
    assert [line.rpartition(b"}")[2] for line in said.splitlines()] == [b"200 1.1 1", b"200 1.1 0"]
    assert said.count(b"local") == 2
