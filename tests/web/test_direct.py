"""The direct way of a read: whatever pieces a request comes in, it is answered as on the long way."""

from __future__ import annotations

import asyncio
import gc
import itertools
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from app.auth import Authenticator
from app.database import Database
from app.database.connections import ReadConnection
from app.domain.vocabulary import Role
from app.permissions import Viewer
from app.services.tokens import NewToken, create_token, revoke_token
from app.settings import Settings
from app.web import parameters, protocol
from app.web.protocol import DirectCycle
from tests.conftest import NewDatabase
from tests.factories import perform
from tests.waiting import until
from tests.web.conftest import Held, Serve, Site, Ways
from tests.web.raw import ME, SCHEMA, connected, exchange, read_all, spell

# Its answer is sent in two pieces.
LARGE = "query Me { " + " ".join(f"{'a' * 600}{n}: __typename" for n in range(40)) + " }"


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json", "*/*"])
@pytest.mark.parametrize(
    ("query", "more"),
    [
        (ME, {}),
        (LARGE, {}),
        (ME, {"operationName": "Me", "variables": {"unused": 1}, "extensions": {}}),
        (ME, {"operationName": "You"}),
        ("query ($id: ID!) { node(id: $id) { id } }", {"variables": {"id": "nothing"}}),
        ("query ($id: ID!) { node(id: $id) { id } }", {"variables": {"id": 1.5}}),
        ("{ nothingOfTheKind }", {}),
        ("{", {}),
        ("{ claims(first: 1000000) { totalCount } }", {}),
        (ME, {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}),
    ],
)
async def test_an_answer_is_the_same_on_both_ways(
    site: Site, ways: Ways, query: str, more: dict[str, object], accept: str
) -> None:
    headers = [f"accept: {accept}"]
    async with connected(site.port) as line:
        direct = await line.ask(spell(query, "same", headers=headers, more=more))
        again = await line.ask(spell(query, "same", headers=headers, more=more))
        assert ways.long == []
        long = await line.ask(spell(query, "same", headers=headers, chunked=True, more=more))
        assert ways.long == [b"same"]
    for each in (direct, long, again):
        assert each[1].pop(b"date")
    assert direct == long == again
    assert direct[1][b"x-request-id"] == b"same"


REFUSED = [
    ("[1]", [], 400),
    ('{"query": ', [], 400),
    ('{"query": 1}', [], 400),
    ("{}", ["content-encoding: gzip"], 415),
    ('{"query": "{ __typename }"}', ["accept: text/html"], 406),
    ('{"query": "{ __typename }"}', ["origin: https://elsewhere.example"], 403),
]


@pytest.mark.parametrize(("body", "headers", "status"), REFUSED)
async def test_what_is_refused_for_its_form_is_refused_on_the_long_way(
    site: Site, body: str, headers: list[str], status: int
) -> None:
    sent = spell(ME, headers=[*headers, "connection: close"])
    length = len(sent.partition(b"\r\n\r\n")[2])
    sent = sent.partition(b"\r\n\r\n")[0].replace(b": %d\r" % length, b": %d\r" % len(body))
    [(line, _, _)] = read_all(await exchange(site.port, sent + b"\r\n\r\n" + body.encode()))
    assert line.split()[1] == str(status).encode()


@pytest.mark.parametrize(
    ("query", "long"),
    [
        (ME, 0),
        ("{ askedNowhereElse: __schema { queryType { name } } }", 1),
        ("{ __schema { queryType { name } } viewer { name } }", 3),
        ("mutation { __typename }", 3),
        ("query A { __typename }", 0),
    ],
)
async def test_who_goes_which_way(site: Site, ways: Ways, query: str, long: int) -> None:
    async with connected(site.port) as line:
        for _ in range(3):
            status, _, body = await line.ask(spell(query, "x"))
            assert status == b"HTTP/1.1 200 OK"
            assert b'"errors"' not in body
    assert ways.long == [b"x"] * long


def in_pieces(sent: bytes, *places: int) -> list[bytes]:
    bounds = [0, *places, len(sent)]
    return [sent[a:b] for a, b in itertools.pairwise(bounds)]


async def test_a_body_may_follow_its_head(site: Site, ways: Ways) -> None:
    sent = spell(ME)
    place = sent.index(b"\r\n\r\n") + 4
    async with connected(site.port) as line:
        await line.ask(sent)
        for places in ((place,), (place + 5,), (3,), (place - 2,), (10, place, place + 9)):
            status, _, body = await line.ask(*in_pieces(sent, *places))
            assert (status, json.loads(body)) == (
                b"HTTP/1.1 200 OK",
                {"data": {"viewer": {"name": "local"}}},
            )
    assert ways.long == []


async def test_a_body_that_takes_its_time_goes_the_long_way(
    site: Site, ways: Ways, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "PATIENCE_SECONDS", 0.05)
    sent = spell(ME, "slow")
    async with connected(site.port) as line:
        await line.ask(spell(ME))
        line.writer.write(sent[:-7])
        await until(lambda: ways.long)
        assert json.loads((await line.ask(sent[-7:]))[2]) == {"data": {"viewer": {"name": "local"}}}
        assert (await line.ask(spell(ME, "next")))[1][b"x-request-id"] == b"next"
    assert ways.long == [b"slow"]


async def test_a_body_that_never_comes_is_not_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(parameters, "BODY_SECONDS", 0.1)
    [(status, _, _)] = read_all(await exchange(site.port, spell(ME)[:-3], seconds=10))
    assert status == b"HTTP/1.1 408 Request Timeout"


async def test_a_body_that_is_too_long_is_refused_at_once(site: Site) -> None:
    """What comes after the refusal is still that body, whatever it looks like."""
    async with connected(site.port) as line:
        await line.ask(spell(ME, "first"))
        large = spell(ME + " " * 60_000, "large")
        end = large.index(b"\r\n\r\n") + 4
        inner = spell(ME, "first")
        status, headers, _ = await line.ask(large[:end])
        assert (status.split()[1], headers[b"x-request-id"]) == (b"413", b"large")
        rest = len(large) - end - len(inner)
        _, headers, _ = await line.ask(inner, b" " * rest, spell(ME, "after"))
        assert headers[b"x-request-id"] == b"after"


@pytest.mark.parametrize(
    ("headers", "version"), [(["connection: close"], "1.1"), ([], "1.0"), (["expect: 100-continue"], "1.1")]
)
async def test_what_is_asked_of_the_connection_is_done(site: Site, headers: list[str], version: str) -> None:
    expects = headers == ["expect: 100-continue"]
    async with connected(site.port) as line:
        sent = spell(ME, headers=headers, version=version)
        end = sent.index(b"\r\n\r\n") + 4
        if expects:
            assert (await line.ask(sent[:end]))[0] == b"HTTP/1.1 100 Continue"
            assert (await line.ask(sent[end:]))[0] == b"HTTP/1.1 200 OK"
        else:
            assert (await line.ask(sent))[1][b"connection"] == b"close"
            assert await line.reader.read() == b""


async def test_another_length_is_no_other_head_but_another_word_is(site: Site, ways: Ways) -> None:
    async with connected(site.port) as line:
        for name in ("A", "Longer", "LongerStill", "B"):
            _, _, body = await line.ask(spell(f"query {name} {{ viewer {{ name }} }}"))
            assert json.loads(body) == {"data": {"viewer": {"name": "local"}}}
        assert ways.long == []
        status, _, _ = await line.ask(spell(ME, headers=["origin: https://elsewhere.example"]))
        assert status.split()[1] == b"403"
        status, _, _ = await line.ask(spell(ME, headers=["content-length: 7"]))
        assert status.split()[1] == b"400"


async def test_each_request_has_a_line_in_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="app.web.records"):
        async with connected(site.port) as line:
            await line.ask(spell(ME, "logged"))
            await line.ask(spell("{", "refused"))
    fields = [record.__dict__["fields"] for record in caplog.records if "fields" in record.__dict__]
    told = [(each["request"], each["operation"], each["status"]) for each in fields]
    assert told == [("logged", "Me", 200), ("refused", None, 200)]


async def test_an_answer_leaves_nothing_for_the_garbage_collector(site: Site) -> None:
    def count() -> int:
        return sum(isinstance(each, DirectCycle) for each in gc.get_objects())

    async with connected(site.port) as line:
        await line.ask(spell(ME))
        gc.collect()
        before = count()
        gc.disable()
        try:
            for _ in range(10):
                await line.ask(spell(ME))
            assert count() == before
        finally:
            gc.enable()


class Clock:
    """The loop of one connection, with a time of the test's."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._now = 0.0
        self._timers: list[tuple[asyncio.TimerHandle, Callable[[], object]]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    def time(self) -> float:
        return self._now

    def call_later(self, seconds: float, run: Callable[[], object]) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(self._now + seconds, run, (), self._loop)
        self._timers.append((timer, run))
        return timer

    def go_on(self, seconds: float) -> None:
        self._now += seconds
        timers, self._timers = self._timers, []
        for timer, run in timers:
            if timer.when() > self._now:
                self._timers.append((timer, run))
            elif not timer.cancelled():
                run()


async def test_a_connection_on_which_nothing_is_asked_is_ended(
    serve: Serve, committed_database: Database, settings: Settings
) -> None:
    async with serve(committed_database, settings) as site:
        site.server.config.timeout_keep_alive = 10
        connections = site.server.server_state.connections
        async with connected(site.port) as line:
            await until(lambda: connections)
            clock = Clock()
            [connection] = connections
            connection.loop = cast("asyncio.AbstractEventLoop", clock)
            for query in (ME, SCHEMA, ME):
                assert (await line.ask(spell(query)))[0] == b"HTTP/1.1 200 OK"
                clock.go_on(6)
            clock.go_on(6)
            async with asyncio.timeout(10):
                assert await line.reader.read() == b""


# --- while it is under way --------------------------------------------------------------------------


@asynccontextmanager
async def own_site(serve: Serve, database: Database, settings: Settings, held: Held) -> AsyncIterator[Site]:
    """A site that reads without delay until it serves."""
    held.released.set()
    async with serve(database, settings) as site:
        held.released.clear()
        held.begun.clear()
        yield site


async def test_who_goes_away_harms_nobody(
    serve: Serve, committed_database: Database, settings: Settings, held: Held
) -> None:
    async with own_site(serve, committed_database, settings, held) as site:
        async with connected(site.port) as line:
            line.writer.write(spell(ME))
            await held.begun.wait()
        async with connected(site.port) as line:
            line.writer.write(spell(ME)[:-2])
        await asyncio.sleep(0.05)
        held.released.set()
        async with connected(site.port) as line:
            assert (await line.ask(spell(ME)))[0] == b"HTTP/1.1 200 OK"
        await until(lambda: not site.server.server_state.tasks)


async def test_what_is_under_way_is_answered_before_the_server_ends(
    serve: Serve, committed_database: Database, settings: Settings, held: Held
) -> None:
    async with (
        own_site(serve, committed_database, settings, held) as site,
        connected(site.port) as line,
        connected(site.port) as late,
    ):
        line.writer.write(spell(ME))
        late.writer.write(spell(ME)[:-4])
        await held.begun.wait()
        site.server.should_exit = True
        await asyncio.sleep(0.3)
        held.released.set()
        for each, rest in ((line, b""), (late, spell(ME)[-4:])):
            status, headers, body = await each.ask(rest)
            assert (status, headers[b"connection"]) == (b"HTTP/1.1 200 OK", b"close")
            assert json.loads(body) == {"data": {"viewer": {"name": "local"}}}
            assert await each.reader.read() == b""


async def test_what_takes_longer_than_the_server_waits_is_cut_off(
    serve: Serve, committed_database: Database, settings: Settings, held: Held
) -> None:
    hasty = settings.model_copy(update={"stop_seconds": 1})
    async with (
        own_site(serve, committed_database, hasty, held) as site,
        connected(site.port) as line,
        connected(site.port) as other,
    ):
        for each in (line, other):
            each.writer.write(spell(ME))
        await held.begun.wait()
        site.server.should_exit = True
        async with asyncio.timeout(10):
            assert await line.reader.read() == await other.reader.read() == b""
    assert held.given_up


async def test_a_failure_is_told_and_the_connection_goes_on(
    serve: Serve, committed_database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(committed_database, settings) as site, connected(site.port) as line:
        with monkeypatch.context() as patch:

            async def fail(*_: object) -> None:
                raise ConnectionResetError

            patch.setattr(ReadConnection, "fetch", fail)
            status, _, body = await line.ask(spell(ME))
            assert status == b"HTTP/1.1 200 OK"
            assert json.loads(body)["errors"][0]["extensions"]["code"] == "DATABASE_UNAVAILABLE"
        with monkeypatch.context() as patch:
            patch.setattr("app.web.direct.answer_with", lambda *_: 1 / 0)
            status, _, body = await line.ask(spell("{"))
            assert status == b"HTTP/1.1 500 Internal Server Error"
            assert json.loads(body)["errors"][0]["extensions"]["code"] == "INTERNAL"
        assert (await line.ask(spell(ME)))[0] == b"HTTP/1.1 200 OK"


# --- on whose behalf --------------------------------------------------------------------------------


async def test_a_token_counts_only_as_long_as_it_does(
    serve: Serve, clone: NewDatabase, viewer: Viewer, ways: Ways
) -> None:
    settings = Settings(database_url=None)
    async with clone() as dsn:
        database = await Database.open(dsn, settings)
        authenticator = Authenticator(database, settings)
        made = await perform(database, viewer, create_token, NewToken(name="direct", role=Role.READER))
        headers = [f"authorization: Bearer {made.letters}"]
        async with serve(database, settings, provider=authenticator) as site, connected(site.port) as line:
            assert (await line.ask(spell(ME)))[0].split()[1] == b"401"
            for id in ("looked-up", "known", "known"):
                assert (await line.ask(spell(ME, id, headers=headers)))[0].split()[1] == b"200"
            assert ways.long == [b"a", b"looked-up"]
            await perform(database, viewer, revoke_token, made.key)
            authenticator.forget()
            assert (await line.ask(spell(ME, "known", headers=headers)))[0].split()[1] == b"401"
        await authenticator.close()
        await database.close()


async def test_other_origins_are_told_what_they_may(
    serve: Serve, committed_database: Database, settings: Settings, ways: Ways
) -> None:
    allowed = settings.model_copy(update={"allowed_origins": ["https://news.example"]})
    async with serve(committed_database, allowed) as site, connected(site.port) as line:
        for headers in ([], ["origin: https://news.example"]):
            direct = (await line.ask(spell(ME, headers=headers)))[1]
            long = (await line.ask(spell(ME, headers=headers, chunked=True)))[1]
            assert [each.pop(b"date") for each in (direct, long)]
            assert direct == long
    assert len(ways.long) == 2
