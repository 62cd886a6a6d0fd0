"""The direct way of a GET and a HEAD: what is answered on it is what the long way answers."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest

from app.database import Database
from app.database.connections import ReadConnection
from app.domain.texts import hash_text
from app.settings import Settings
from app.web.endpoint import Answer
from app.web.protocol import DirectCycle
from tests.waiting import until
from tests.web.conftest import Held, Serve, Site, Ways
from tests.web.raw import ME, SCHEMA, Line, connected, spell, spell_get

Heard = tuple[bytes, dict[bytes, bytes], bytes]

# It is told about before a body is read: a GET has none, and goes the long way for it.
LONG = "expect: 100-continue"
AGENTS = "query Agents { agents { edges { node { name } } } }"
BY_ID = "query ($id: ID!) { node(id: $id) { id } }"
REGISTERED = "query Registered { viewer { name role } }"
APQ = json.dumps({"persistedQuery": {"version": 1, "sha256Hash": hash_text(REGISTERED)}})
RECORD = 'mutation { recordAgent(input: { kind: PERSON, name: "Somebody" }) { __typename } }'
GRAPHQL = "application/graphql-response+json"


async def ask_both(line: Line, ways: Ways, request: bytes) -> Heard:
    """What is answered on the direct way, and was on the long one."""
    before = len(ways.long)
    direct = await line.ask(request)
    assert len(ways.long) == before, "it was to go the direct way"
    long = await line.ask(request.replace(b"\r\n", b"\r\n%b\r\n" % LONG.encode(), 1))
    assert len(ways.long) == before + 1
    for _, headers, _ in (direct, long):
        assert headers.pop(b"date")
    assert direct == long
    return direct


async def hears(site: Site) -> None:
    """Answers have tags once changes are heard, and not while the loop stood still for too long."""
    await until(lambda: site.database.changes.version is not None)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("accept", ["application/json", GRAPHQL, "*/*"])
@pytest.mark.parametrize(
    ("query", "more"),
    [
        (ME, {}),
        (ME, {"operationName": "Me", "variables": '{"unused": 1}', "extensions": "{}"}),
        (ME, {"operationName": "You"}),
        (ME, {"operationName": "", "variables": "", "extensions": "", "more": "ä"}),
        (AGENTS, {}),
        (BY_ID, {"variables": '{"id": "nothing"}'}),
        (BY_ID, {"variables": '{"id": 1.5}'}),
        ("{ nothingOfTheKind }", {}),
        ("{", {}),
        ("{ __typename }", {}),
        ("{ claims(first: 1000000) { totalCount } }", {}),
        (ME, {"extensions": APQ}),
    ],
)
async def test_an_answer_is_the_same_on_both_ways(
    site: Site, ways: Ways, query: str, more: dict[str, str], accept: str, method: str
) -> None:
    await hears(site)
    async with connected(site.port) as line:
        request = spell_get(query, headers=[f"accept: {accept}"], method=method, more=more)
        _, headers, body = await ask_both(line, ways, request)
        assert (body == b"") == (method == "HEAD")
        tag = headers.get(b"etag")
        assert (tag is None) == (headers.get(b"cache-control") == b"no-store")
        known = ["*", '"x"', "", *([f'"x", {tag.decode()}'] if tag else [])]
        for each in known:
            given = [f"accept: {accept}", f"if-none-match: {each}"]
            request = spell_get(query, headers=given, method=method, more=more)
            status, headers, _ = await ask_both(line, ways, request)
            is_known = tag is not None and each not in ('"x"', "")
            assert (status.split()[1] == b"304") == is_known
            assert headers.get(b"etag") == tag


async def test_a_document_is_asked_for_by_its_id(site: Site, ways: Ways) -> None:
    await hears(site)
    async with connected(site.port) as line:
        await line.ask(spell(REGISTERED, more={"extensions": json.loads(APQ)}))
        for parameters in ({"documentId": f"sha256:{hash_text(REGISTERED)}"}, {"extensions": APQ}):
            request = spell_get(REGISTERED, more=parameters).replace(b"query=", b"unread=")
            _, headers, body = await ask_both(line, ways, request)
            assert json.loads(body) == {"data": {"viewer": {"name": "local", "role": "ADMIN"}}}
            given = [f"if-none-match: {headers[b'etag'].decode()}"]
            request = spell_get(REGISTERED, headers=given, more=parameters).replace(b"query=", b"unread=")
            assert (await ask_both(line, ways, request))[0].split()[1] == b"304"
        request = spell_get("", more={"documentId": "unknown"}).replace(b"query=", b"unread=")
        assert b"DOCUMENT_UNKNOWN" in (await ask_both(line, ways, request))[2]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (spell_get(ME).replace(b"?", b"?query=x&"), 400),
        (spell_get(ME, more={"variables": "{"}), 400),
        (spell_get(ME, more={"token": "none"}), 406),
        (spell_get(ME, headers=["x-graphql-event-stream-token: none"]), 406),
        (spell_get(ME, headers=["accept: text/html"]), 406),
        (spell_get(ME, headers=["accept: text/event-stream"]), 200),
        (spell_get(ME, headers=["host: 127.0.0.1"]), 400),
        (spell_get(ME, headers=["content-length: 4"]) + b"body", 200),
        (spell_get(ME, headers=["transfer-encoding: chunked"]) + b"0\r\n\r\n", 200),
        (spell_get(ME).replace(b" HTTP", b"#there HTTP"), 200),
        (spell_get(ME).replace(b"/graphql", b"//127.0.0.1/graphql", 1), 404),
        (spell_get(ME).replace(b"/graphql", b"/graph%71l", 1), 200),
        (spell_get("mutation { __typename }"), 405),
        (spell_get("subscription { claimRecorded { id } }"), 406),
        (spell_get("{ __schema { queryType { name } } viewer { name } }"), 200),
        (b"GET /graphql? HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", 400),
    ],
)
async def test_what_is_more_than_a_read_goes_the_long_way(
    site: Site, request_: bytes, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    direct: list[Answer] = []
    monkeypatch.setattr(DirectCycle, "answer", lambda _self, answer: direct.append(answer))
    async with connected(site.port) as line:
        assert int((await line.ask(request_))[0].split()[1]) == status
    assert direct == []


async def test_what_has_not_changed_is_not_read(
    serve: Serve, committed_database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(committed_database, settings) as site, connected(site.port) as line:
        await hears(site)
        tag = (await line.ask(spell_get(AGENTS)))[1][b"etag"].decode()
        request = spell_get(AGENTS, headers=[f"if-none-match: {tag}"])
        with monkeypatch.context() as patch:
            patch.setattr(ReadConnection, "fetch", None)
            assert (await line.ask(request))[0].split()[1] == b"304"


async def test_what_is_committed_is_read(
    serve: Serve, committed_database: Database, settings: Settings, ways: Ways
) -> None:
    async with serve(committed_database, settings) as site, connected(site.port) as line:
        await hears(site)
        tags: set[str] = set()
        for number in range(3):
            before = [f"if-none-match: {tag}" for tag in tags]
            status, headers, body = await line.ask(spell_get(AGENTS, headers=before))
            assert status == b"HTTP/1.1 200 OK"
            assert len(json.loads(body)["data"]["agents"]["edges"]) == number
            tags.add(headers[b"etag"].decode())
            await line.ask(spell(RECORD, "w"))
        assert len(tags) == 3
        assert set(ways.long) == {b"w"}


async def test_one_behind_what_is_under_way_waits_for_it(site: Site, ways: Ways, held: Held) -> None:
    async with connected(site.port) as line:
        line.writer.write(spell_get(ME, "one"))
        await held.begun.wait()
        line.writer.write(
            spell_get(ME, "two") + spell_get("{", "three") + spell_get(ME, "four", method="HEAD")
        )
        await asyncio.sleep(0.05)
        held.released.set()
        answers = [await line.hear() for _ in range(3)] + [await line.hear(head=True)]
    assert [headers[b"x-request-id"] for _, headers, _ in answers] == [b"one", b"two", b"three", b"four"]
    assert ways.long == [b"two", b"three", b"four"]


async def test_a_get_in_pieces_is_one(site: Site, ways: Ways) -> None:
    sent = spell_get(ME)
    async with connected(site.port) as line:
        for place in (1, 10, len(sent) - 3, len(sent) - 1):
            assert b"local" in (await line.ask(sent[:place], sent[place:]))[2]
    assert ways.long == []


async def test_other_origins_are_told_what_they_may(
    serve: Serve, committed_database: Database, settings: Settings, ways: Ways
) -> None:
    allowed = settings.model_copy(update={"allowed_origins": ["https://news.example"]})
    async with serve(committed_database, allowed) as site, connected(site.port) as line:
        await hears(site)
        for origin in ("https://news.example", "https://elsewhere.example"):
            _, headers, _ = await ask_both(line, ways, spell_get(ME, headers=[f"origin: {origin}"]))
            assert headers[b"vary"] == b"Accept, Authorization, Cookie, Origin"
            known = [f"origin: {origin}", f"if-none-match: {headers[b'etag'].decode()}"]
            again = (await ask_both(line, ways, spell_get(ME, headers=known)))[1]
            shown = b"access-control-allow-origin"
            assert (shown in headers) == (shown in again) == (origin == "https://news.example")


async def test_each_request_has_a_line_in_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="app.web.records"):
        async with connected(site.port) as line:
            await line.ask(spell_get(ME, "got"))
            await line.ask(spell_get(SCHEMA, "looked-at", method="HEAD"))
    fields = [record.__dict__["fields"] for record in caplog.records if "fields" in record.__dict__]
    told = [(each["request"], each["method"], each["operation"], each["status"]) for each in fields]
    assert told == [("got", "GET", "Me", 200), ("looked-at", "HEAD", None, 200)]
