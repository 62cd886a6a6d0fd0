"""Requests in a row on one connection: each is answered, in their order, by whichever way it goes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

import pytest

from app.web import connections
from app.web.connections import BoundedProtocol
from tests.waiting import until
from tests.web.conftest import Held, Site, Ways
from tests.web.frames import handshake, text
from tests.web.raw import ME, SCHEMA, connected, exchange, read_all, spell, spell_get


@pytest.mark.parametrize("known", [False, True])
async def test_requests_in_a_row_are_answered_in_their_order(site: Site, ways: Ways, known: bool) -> None:
    queries = [ME, SCHEMA, ME, ME, "{", "mutation { __typename }", ME]
    sent = b"".join(spell(query, f"n{place}") for place, query in enumerate(queries))
    async with connected(site.port) as line:
        if known:
            await line.ask(spell(ME, "n0"))
        line.writer.write(sent)
        answers = [await line.hear() for _ in queries]
        assert [headers[b"x-request-id"] for _, headers, _ in answers] == [b"n%d" % n for n in range(7)]
        assert b"queryType" in answers[1][2]
        assert b"Syntax Error" in answers[4][2]
        assert b"Mutation" in answers[5][2]


async def test_many_requests_in_a_row_are_no_long_head(site: Site) -> None:
    """What is read at once ends in a head, most of the time."""
    many = [spell(ME, "many", headers=["x-padding: " + "x" * 900])] * 400
    last = spell(ME, "last", headers=["connection: close"])
    answers = read_all(await exchange(site.port, b"".join((*many, last))))
    assert [status for status, _, _ in answers] == [b"HTTP/1.1 200 OK"] * 401


async def test_a_request_behind_one_that_is_under_way_waits_for_it(
    site: Site, ways: Ways, held: Held
) -> None:
    async with connected(site.port) as line:
        line.writer.write(spell(ME, "one"))
        await held.begun.wait()
        line.writer.write(spell(ME, "two") + spell("{", "three"))
        await asyncio.sleep(0.05)
        held.released.set()
        answers = [await line.hear() for _ in range(3)]
    assert [headers[b"x-request-id"] for _, headers, _ in answers] == [b"one", b"two", b"three"]
    assert ways.long == [b"two", b"three"]


async def test_a_known_head_does_not_overtake_what_is_under_way(site: Site, ways: Ways, held: Held) -> None:
    async with connected(site.port) as line:
        line.writer.write(spell(ME, "same"))
        await held.begun.wait()
        line.writer.write(spell("{", "same"))
        await asyncio.sleep(0.05)
        held.released.set()
        first, second = await line.hear(), await line.hear()
    assert b"local" in first[2]
    assert b"Syntax Error" in second[2]
    assert ways.long == [b"same"]


@pytest.mark.parametrize("make", [spell, spell_get, partial(spell, chunked=True)])
async def test_few_are_read_ahead_of_their_turn(site: Site, held: Held, make: Callable[..., bytes]) -> None:
    """However many a client sends without reading; each is answered when it does."""
    number = 3_000
    sent = b"".join(make(ME, f"n{place}") for place in range(number))
    async with connected(site.port) as line:
        line.writer.write(make(ME, "first"))
        await held.begun.wait()
        [protocol] = [
            each
            for each in site.server.server_state.connections
            if isinstance(each, BoundedProtocol) and each.is_under_way()
        ]
        line.writer.write(sent)
        for _ in range(20):
            await asyncio.sleep(0.01)
            assert len(protocol.pipeline) < connections.MAX_WAITING + connections.SLICE_BYTES // 27
        held.released.set()
        for id in ("first", *(f"n{place}" for place in range(number))):
            assert (await line.hear())[1][b"x-request-id"] == id.encode()
        assert (await line.ask(make(ME, "last")))[1][b"x-request-id"] == b"last"


async def test_what_is_kept_goes_with_its_connection(site: Site, held: Held) -> None:
    async with connected(site.port) as line:
        line.writer.write(spell(ME) * 500 + b"no request\r\n\r\n")
        await held.begun.wait()
        await asyncio.sleep(0.05)
    held.released.set()
    async with connected(site.port) as line:
        line.writer.write(spell(ME) * 500 + b"no request\r\n\r\n")
        async with asyncio.timeout(20):
            answers = read_all(await line.reader.read())
    assert [int(status.split()[1]) for status, _, _ in answers] == [200] * 500 + [400]


UNREADABLE = [
    (b"GET / HTTP/1.1\r\nhost: ", 408),
    (b"GET / HTTP/1.1\r\nhost: " + b"x" * 200_000, 431),
    (b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"x" * 120_000 + b"\r\n\r\n" + spell(ME, "later"), 431),
    (
        b"GET / HTTP/1.1\r\nupgrade: websocket\r\nconnection: upgrade\r\nx: " + b"x" * 120_000 + b"\r\n\r\n",
        431,
    ),
    (b"no request at all\r\n\r\n", 400),
    (spell(ME, "broken", chunked=True).replace(b"\r\n\r\n", b"\r\n\r\nz", 1), 400),
    # It could be read, but the connection would be another's before the answers are there.
    (handshake() + text('{"type": "ping"}'), 400),
]


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize(("last", "refused"), UNREADABLE)
async def test_what_cannot_be_read_is_refused_after_what_was_asked_before(
    site: Site,
    held: Held,
    last: bytes,
    refused: int,
    long: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connected(site.port) as line:
        line.writer.write(spell(ME, "one", headers=["expect: 100-continue"] if long else []))
        await held.begun.wait()
        if refused == 408:  # from now on: the first head may have been late as well, on a busy machine
            monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
        line.writer.write(spell(ME, "two") + last)
        await asyncio.sleep(0.1)
        held.released.set()
        async with asyncio.timeout(10):
            received = await line.reader.read()
    answers = read_all(received.replace(b"HTTP/1.1 100 Continue\r\n\r\n", b""))
    assert [int(status.split()[1]) for status, _, _ in answers] == [200, 200, refused]
    assert [headers.get(b"x-request-id") for _, headers, _ in answers] == [b"one", b"two", None]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("long", [False, True])
async def test_who_is_cut_off_with_several_under_way_leaves_no_failure_in_the_log(
    site: Site,
    held: Held,
    long: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(_data: bytes) -> None:
        raise RuntimeError("the handler is closed")  # as uvloop does

    async with connected(site.port) as line:
        line.writer.write(spell(ME, "one", headers=["expect: 100-continue"] if long else []))
        await held.begun.wait()
        line.writer.write(spell(ME, "two"))
        await asyncio.sleep(0.05)
        for connection in tuple(site.server.server_state.connections):
            connection.transport.abort()  # as `stalls` does
            monkeypatch.setattr(connection.transport, "write", refuse)
        async with asyncio.timeout(10):
            assert b" 200 " not in await line.reader.read()
    held.released.set()
    await until(lambda: not site.server.server_state.tasks)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
