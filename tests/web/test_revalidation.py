"""ETag and 304: the same answer is not read again, and nothing that has changed is called the same."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

import app
from app.database import Database
from app.domain.vocabulary import Role
from app.permissions import Viewer
from app.settings import Settings
from app.web.revalidation import tag_answer
from tests.conftest import NewDatabase, Statements
from tests.database.test_changes import Log, cut
from tests.factories import make_agent
from tests.web.conftest import Serve

AGENTS = {"query": "query Agents { agents { edges { node { name description } } } }"}
RECORD = 'mutation { recordAgent(input: { kind: PERSON, name: "Somebody" }) { __typename } }'
RENAME = "UPDATE agent SET description = concat(description, '!')"
GRAPHQL = "application/graphql-response+json"


@dataclass(frozen=True)
class Asked:
    """One server, asked over HTTP, and what its database hears of."""

    client: httpx.AsyncClient
    database: Database
    log: Log

    async def get(self, known: str | None = None, **headers: str) -> httpx.Response:
        given = headers if known is None else {**headers, "if-none-match": known}
        return await self.client.get("/graphql", params=AGENTS, headers=given)

    async def tag(self, **headers: str) -> str:
        response = await self.get(**headers)
        assert response.status_code == 200
        return response.headers["etag"]


@asynccontextmanager
async def asked(serve: Serve, dsn: str, *, etags: bool = True, **given: object) -> AsyncIterator[Asked]:
    settings = Settings(database_url=None, etags=etags)
    database = await Database.open(dsn, settings)
    log = Log()
    database.changes.watch(log)
    async with serve(database, settings, **given) as site, httpx.AsyncClient(base_url=site.url) as client:
        await log.grown(1)
        log.told.clear()
        yield Asked(client, database, log)
    await database.close()


@pytest.fixture
async def server(serve: Serve, dsn: str) -> AsyncIterator[Asked]:
    async with asked(serve, dsn) as server:
        yield server


@pytest.fixture(scope="module")
async def kept(serve: Serve, clone: NewDatabase) -> AsyncIterator[Asked]:
    async with clone() as dsn, asked(serve, dsn) as server:
        yield server


@pytest.fixture
async def standing(kept: Asked) -> Asked:
    """A server whose database nobody changes, once it hears of changes.

    Between two tests the loop stood still, perhaps for so long that the listener was given up.
    """
    while kept.database.changes.version is None:
        await kept.log.grown(len(kept.log.told) + 1)
    return kept


async def test_what_has_not_changed_is_not_read_again(standing: Asked, statements: Statements) -> None:
    first = await standing.get()
    assert first.headers["cache-control"] == "private, no-cache"
    async with statements(standing.database) as sent:
        again = await standing.get(first.headers["etag"])
    assert (again.status_code, again.content, sent) == (304, b"", [])
    for name in ("etag", "cache-control", "vary"):
        assert again.headers[name] == first.headers[name]
    assert "x-request-id" in again.headers
    assert "content-type" not in again.headers
    assert "content-length" not in again.headers


async def test_a_write_here_is_in_the_next_answer(server: Asked) -> None:
    for _ in range(5):
        before = await server.tag()
        recorded = await server.client.post("/graphql", json={"query": RECORD})
        assert recorded.json()["data"]["recordAgent"]["__typename"] == "AgentPayload"
        after = await server.get(before)
        assert after.status_code == 200
        assert after.headers["etag"] != before


async def test_a_write_from_elsewhere_is_heard(
    server: Asked, onlooker: asyncpg.Connection, viewer: Viewer
) -> None:
    await make_agent(server.database, viewer)
    await server.log.grown(1)
    for number in range(2, 5):
        before = await server.get()
        await onlooker.execute(RENAME)
        await server.log.grown(number)
        after = await server.get(before.headers["etag"])
        assert after.status_code == 200
        assert after.content != before.content
        assert (await server.get(after.headers["etag"])).status_code == 304


async def test_while_nothing_is_heard_nothing_is_called_the_same(
    server: Asked, onlooker: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database.changes.FIRST_RETRY_SECONDS", 0.5)
    before = await server.tag()
    await cut(onlooker)
    await server.log.grown(1)
    if server.log.told == ["LOST"]:
        lost = await server.get(before)
        assert lost.status_code == 200
        assert server.log.told != ["LOST"] or "etag" not in lost.headers
    await server.log.grown(2)
    again = await server.get(before)
    assert again.status_code == 200, "something may have been missed"
    assert (await server.get(again.headers["etag"])).status_code == 304


async def test_another_server_has_tags_of_its_own_and_hears_of_writes(
    server: Asked, serve: Serve, dsn: str, viewer: Viewer
) -> None:
    async with asked(serve, dsn) as other:
        ours, theirs = await server.tag(), await other.tag()
        assert (await other.get(ours)).status_code == 200
        assert (await other.get(theirs)).status_code == 304
        await make_agent(server.database, viewer)
        await other.log.grown(1)
        assert (await other.get(theirs)).status_code == 200


@pytest.mark.parametrize("spelled", ["{}", '"x", {}', '"x",{} , "y"', "{strong}"])
async def test_a_list_of_tags_is_read(standing: Asked, spelled: str) -> None:
    tag = await standing.tag()
    known = spelled.format(tag, strong=tag.removeprefix("W/"))
    assert (await standing.get(known)).status_code == 304


async def test_tags_in_several_headers_are_one_list(standing: Asked) -> None:
    headers = [("if-none-match", '"x"'), ("if-none-match", await standing.tag())]
    response = await standing.client.get("/graphql", params=AGENTS, headers=headers)
    assert response.status_code == 304


@pytest.mark.parametrize("known", ['"x"', "", "W/", '""', '"' + "x" * 10_000 + '"', '"*"'])
async def test_other_tags_are_not_ours(standing: Asked, known: str) -> None:
    assert (await standing.get(known)).status_code == 200


async def test_any_answer_is_one_that_there_is(standing: Asked) -> None:
    assert (await standing.get("*")).status_code == 304
    refused = await standing.client.get(
        "/graphql", params={"query": "{ nothing }"}, headers={"if-none-match": "*", "accept": GRAPHQL}
    )
    assert (refused.status_code, "etag" in refused.headers) == (400, False)


async def test_head_is_get_without_a_body(standing: Asked) -> None:
    tag = await standing.tag()
    head = await standing.client.head("/graphql", params=AGENTS)
    assert (head.status_code, head.headers["etag"]) == (200, tag)
    known = await standing.client.head("/graphql", params=AGENTS, headers={"if-none-match": tag})
    assert known.status_code == 304


async def test_a_tag_is_of_one_request(standing: Asked) -> None:
    tag = await standing.tag()
    assert await standing.tag(accept=GRAPHQL) != tag
    for other in ({"variables": '{"a": 1}'}, {"operationName": "Agents"}, {"extensions": "{}"}):
        response = await standing.client.get("/graphql", params={**AGENTS, **other})
        assert response.headers["etag"] != tag


async def test_a_tag_is_of_one_viewer_and_one_token(serve: Serve, dsn: str, viewer: Viewer) -> None:
    async def provide(scope: MutableMapping[str, Any]) -> Viewer:
        names = dict(scope["headers"])
        role = Role(names.get(b"x-role", b"ADMIN").decode())
        return Viewer(viewer.researcher, role, UUID(int=int(names.get(b"x-token", b"1"))))

    async with asked(serve, dsn, provider=provide) as server:
        tag = await server.tag()
        assert (await server.get(tag)).status_code == 304
        assert (await server.get(tag, **{"x-role": "READER"})).status_code == 200
        assert (await server.get(tag, **{"x-token": "2"})).status_code == 200


def test_a_tag_is_made_of_all_that_a_viewer_is() -> None:
    one, other = UUID(int=1), UUID(int=2)
    viewers = [Viewer(who, role) for who in (one, other) for role in Role]
    assert len({tag_answer("v", viewer, b"m", b"q") for viewer in viewers}) == len(viewers)
    assert tag_answer("v", viewers[0], b"m", b"q") != tag_answer("w", viewers[0], b"m", b"q")


async def test_what_failed_has_no_tag(server: Asked) -> None:
    await server.database.close()
    failed = await server.get("*")
    assert failed.status_code == 200
    assert failed.json()["errors"][0]["extensions"]["code"] == "DATABASE_UNAVAILABLE"
    assert "etag" not in failed.headers


@pytest.mark.parametrize("query", ["{ __schema { queryType { name } } }", "{ __typename }"])
async def test_what_no_row_answers_has_a_tag_too(standing: Asked, query: str) -> None:
    first = await standing.client.get("/graphql", params={"query": query})
    again = await standing.client.get(
        "/graphql", params={"query": query}, headers={"if-none-match": first.headers["etag"]}
    )
    assert again.status_code == 304


async def test_a_post_is_answered_anew(standing: Asked) -> None:
    response = await standing.client.post("/graphql", json=AGENTS, headers={"if-none-match": "*"})
    assert (response.status_code, "etag" in response.headers) == (200, False)


async def test_a_setting_turns_it_off(serve: Serve, dsn: str) -> None:
    async with asked(serve, dsn, etags=False) as server:
        response = await server.get("*")
        assert (response.status_code, "etag" in response.headers) == (200, False)
        assert "cache-control" not in response.headers


# A moment to come is refused, and a day without an hour, with a hint; what is refused has no tag.
REFUSING = ("if value > datetime.datetime.now(", "elif value.date() < datetime.datetime.now(")


def test_no_answer_depends_on_the_clock() -> None:
    """A tag names what is recorded: what the hour changes would be called the same."""
    clock = re.compile(r"\b(now|\w+_timestamp|timeofday|random|gen_random_uuid|uuidv7)\(|\bcurrent_\w+", re.I)
    modules = set((Path(app.__file__).parent / "compiler").rglob("*.py"))
    assert len(modules) > 20
    for module in modules:
        text = module.read_text(encoding="utf-8")
        for words in REFUSING:
            text = text.replace(words, "")
        assert not clock.search(text), module
