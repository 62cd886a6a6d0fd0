"""Documents by their ids: what is known, what is registered, and a server that takes nothing else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import httpx
import pytest

from app.database import Database
from app.domain.texts import hash_text
from app.domain.vocabulary import Role
from app.errors import DocumentUnknown, PersistedQueryNotFound, SettingInvalid
from app.permissions import NOBODY, Viewer
from app.settings import Settings
from app.web import persisted
from app.web.parameters import Parameters
from app.web.persisted import PersistedDocuments, read_manifest
from tests.web.conftest import Serve

ME = "query Me { viewer { name } }"
OTHER = "query Other { viewer { role } }"
NAMED = {"data": {"viewer": {"name": "local"}}}
# The example of the draft "Persisted Documents".
EXAMPLE = "query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}"
EXAMPLE_HASH = "7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e"


def by_hash(text: str, query: str | None = None, **more: Any) -> dict[str, Any]:
    """A request of Apollo's automatic persisted queries."""
    asked: dict[str, Any] = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_text(text)}}}
    return asked | ({"query": query} if query is not None else {}) | more


def in_url(request: dict[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in request.items()}


def test_the_hash_is_that_of_the_draft() -> None:
    assert hash_text(EXAMPLE) == EXAMPLE_HASH


async def test_a_client_registers_its_document_and_asks_by_hash(client: httpx.AsyncClient) -> None:
    asked = by_hash(ME)
    unknown = await client.post("/graphql", json=asked)
    assert unknown.status_code == 200
    assert unknown.headers["cache-control"] == "no-store"
    [error] = unknown.json()["errors"]
    # Apollo Client and urql look for these words.
    assert error["message"] == "PersistedQueryNotFound"
    assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    strict = await client.post(
        "/graphql", json=asked, headers={"accept": "application/graphql-response+json"}
    )
    assert strict.status_code == 400
    assert (await client.post("/graphql", json=by_hash(ME, ME))).json() == NAMED
    assert (await client.post("/graphql", json=asked)).json() == NAMED
    assert (await client.get("/graphql", params=in_url(asked))).json() == NAMED
    upper = {"version": 1, "sha256Hash": hash_text(ME).upper()}
    assert (await client.post("/graphql", json={"extensions": {"persistedQuery": upper}})).json() == NAMED
    for digits in (hash_text(ME), hash_text(ME).upper()):
        by_id = {"documentId": f"sha256:{digits}"}
        assert (await client.get("/graphql", params=by_id)).json() == NAMED


async def test_a_document_is_registered_by_get_too(client: httpx.AsyncClient) -> None:
    text = "query ByUrl { viewer { name } }"
    assert (await client.get("/graphql", params=in_url(by_hash(text, text)))).json() == NAMED
    assert (await client.post("/graphql", json=by_hash(text))).json() == NAMED


async def test_another_hash_and_what_is_not_valid_are_not_registered(client: httpx.AsyncClient) -> None:
    refused = await client.post("/graphql", json=by_hash(OTHER, ME))
    assert "not that of the query" in refused.json()["errors"][0]["message"]
    await client.post("/graphql", json=by_hash("{ nothing }", "{ nothing }"))
    for text in (OTHER, "{ nothing }"):
        answer = (await client.post("/graphql", json=by_hash(text))).json()
        assert answer["errors"][0]["message"] == "PersistedQueryNotFound"


async def test_a_mutation_by_its_hash_is_no_get(client: httpx.AsyncClient) -> None:
    text = "mutation { __typename }"
    assert (await client.post("/graphql", json=by_hash(text, text))).status_code == 200
    assert (await client.get("/graphql", params=in_url(by_hash(text)))).status_code == 405


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"documentId": 1}, "`documentId` must be"),
        ({"documentId": ""}, "`documentId` must be"),
        ({"documentId": "a b"}, "`documentId` must be"),
        ({"documentId": "x" * 201}, "`documentId` must be"),
        ({"documentId": "x", "query": ME}, "give no other"),
        ({"documentId": "x"} | by_hash(ME), "give no other"),
        ({"extensions": {"persistedQuery": "x"}}, "version 1 and sha256Hash"),
        ({"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "0" * 64}}}, "version 1"),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 63}}}, "64 digits"),
        ({"extensions": {"persistedQuery": None}}, "`query` is missing"),
        ({"documentId": None}, "`query` is missing"),
    ],
)
async def test_what_names_no_document_is_no_request(
    client: httpx.AsyncClient, request_: dict[str, Any], message: str
) -> None:
    response = await client.post("/graphql", json=request_)
    assert response.status_code == 400
    assert message in response.json()["errors"][0]["message"]


async def test_an_id_that_names_nothing_is_one_error(client: httpx.AsyncClient) -> None:
    for id in ("d41d8cd98f00b204e9800998ecf8427e", "x-own:1"):
        response = await client.post("/graphql", json={"documentId": id})
        [error] = response.json()["errors"]
        assert error["extensions"]["code"] == "DOCUMENT_UNKNOWN"


RESEARCHER, READER = Viewer(UUID(int=1), Role.RESEARCHER), Viewer(UUID(int=2), Role.READER)
STRANGER = Viewer(NOBODY, Role.READER)


def find(documents: PersistedDocuments, text: str, viewer: Viewer = RESEARCHER) -> bool:
    try:
        return documents.find(Parameters(None, None, {}, sha256=hash_text(text)), viewer) == text
    except PersistedQueryNotFound:
        return False


def test_what_is_registered_is_bounded_in_number_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persisted, "MAX_REGISTERED_LENGTHS", 1_000)
    documents = PersistedDocuments({}, only_known=False, registered=3)

    def register(text: str, viewer: Viewer = RESEARCHER) -> None:
        documents.register(Parameters(text, None, {}, sha256=hash_text(text)), viewer)

    for text in "abc":
        register(text)
    assert find(documents, "a")  # and is the one used last
    register("d")
    assert [text for text in "abcd" if find(documents, text)] == ["a", "c", "d"]
    register("x" * 999)
    assert [text for text in "acd" if find(documents, text)] == ["d"]
    register("y" * 50_001)
    assert not find(documents, "y" * 50_001)
    for number in range(5):
        register(f"{number}", STRANGER)
    assert find(documents, "d"), "strangers have room of their own"


async def test_nobody_is_told_what_researchers_ask(
    serve: Serve, committed_database: Database, settings: Settings
) -> None:
    """Who guesses a document would hear whether somebody asks for the name in it."""
    viewers = {b"researcher": RESEARCHER, b"reader": READER, b"stranger": STRANGER}

    async def provide(scope: Any) -> Viewer:
        return viewers[dict(scope["headers"])[b"x-who"]]

    guessed = 'query { agents(filter: {text: "Ali Hassan"}) { totalCount } }'
    common = "query { agents { totalCount } }"
    settings = settings.model_copy(update={"batch_limit": 2})
    async with (
        serve(committed_database, settings, provider=provide) as site,
        httpx.AsyncClient(base_url=site.url) as client,
    ):

        async def answers(who: str, text: str, query: str | None = None) -> list[bool]:
            """Whether the document is found: by its hash, in the URL, by its id, within a batch."""
            headers, hashed = {"x-who": who}, by_hash(text, query)
            by_id = {"documentId": f"sha256:{hash_text(text)}"}
            found = [
                await client.post("/graphql", json=hashed, headers=headers),
                await client.get("/graphql", params=in_url(hashed), headers=headers),
                await client.post("/graphql", json=by_id, headers=headers),
                await client.post("/graphql", json=[hashed], headers=headers),
            ]
            return ["totalCount" in response.text for response in found]

        assert all(await answers("researcher", guessed, guessed))
        assert all(await answers("researcher", guessed))
        for outsider in ("reader", "stranger"):
            assert not any(await answers(outsider, guessed))
        assert all(await answers("stranger", common, common))
        assert all(await answers("reader", common))
        assert not any(await answers("researcher", common))


MANIFESTS: list[Any] = [
    {"me": ME, "other": OTHER},
    {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [
            {"id": "me", "body": ME, "name": "Me", "type": "query"},
            {"id": "other", "body": OTHER, "name": "Other", "type": "query"},
        ],
    },
]


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_both_forms_of_a_manifest_are_read(manifest: Any, tmp_path: Path) -> None:
    path = tmp_path / "documents.json"
    path.write_text(json.dumps(manifest))
    assert read_manifest(path) == {"me": ME, "other": OTHER}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ("[]", "must be an object"),
        ('{"a": 1}', "'a' must be an id and a text"),
        ('{"version": 2, "operations": []}', "version 1"),
        ('{"version": 1, "operations": {}}', "version 1"),
        ('{"version": 1, "operations": [1]}', "must be an object"),
        ('{"version": 1, "operations": [{"id": "a"}]}', "an id and a text"),
        ('{"version": 1, "operations": [{"id":"a","body":"x"},{"id":"a","body":"y"}]}', "two documents"),
        ('{"version": 1, "operations": [{"body": "a"}]}', "an id and a text"),
        (None, "No such file"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(content: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "documents.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(SettingInvalid, match=message):
        read_manifest(path)


def test_only_known_documents_need_some() -> None:
    only = Settings(only_known_documents=True)
    with pytest.raises(SettingInvalid, match="none are known"):
        PersistedDocuments.from_settings(only, {})
    own = PersistedDocuments.from_settings(only, {"own": ME})
    for asked in (Parameters(ME, None, {}), Parameters(None, None, {}, "own")):
        assert own.find(asked, STRANGER) == ME
    with pytest.raises(DocumentUnknown):
        own.find(Parameters(OTHER, None, {}), RESEARCHER)


class Known(Protocol):
    def __call__(self, **changes: Any) -> AbstractAsyncContextManager[httpx.AsyncClient]: ...


@pytest.fixture
def known(serve: Serve, committed_database: Database, settings: Settings, tmp_path: Path) -> Known:
    """A server that knows ME, with other settings."""
    path = tmp_path / "documents.json"
    path.write_text(json.dumps({"me": ME}))

    @asynccontextmanager
    async def serving(**changes: Any) -> AsyncIterator[httpx.AsyncClient]:
        changed = settings.model_copy(update={"known_documents": path, **changes})
        async with serve(committed_database, changed) as site, httpx.AsyncClient(base_url=site.url) as client:
            yield client

    return serving


KNOWN = [{"documentId": "me"}, {"documentId": f"sha256:{hash_text(ME)}"}, by_hash(ME), {"query": ME}]


async def test_known_documents_are_asked_for_by_any_of_their_ids(known: Known) -> None:
    async with known() as client:
        for request in [*KNOWN, {"query": "{ viewer { name } }"}]:
            assert (await client.post("/graphql", json=request)).json() == NAMED
            assert (await client.get("/graphql", params=in_url(request))).json() == NAMED


async def test_a_server_that_takes_known_documents_only(known: Known) -> None:
    async with known(only_known_documents=True) as client:
        for request in KNOWN:
            assert (await client.post("/graphql", json=request)).json() == NAMED
        for request in (
            {"query": OTHER},
            {"query": ME + " "},
            by_hash(OTHER),
            by_hash(OTHER, OTHER),
            by_hash(OTHER),
            {"documentId": f"sha256:{hash_text(OTHER)}"},
        ):
            [error] = (await client.post("/graphql", json=request)).json()["errors"]
            assert error["extensions"]["code"] == "DOCUMENT_UNKNOWN"


async def test_registering_is_turned_off(known: Known) -> None:
    async with known(registered_documents=0) as client:
        assert (await client.post("/graphql", json=by_hash(OTHER, OTHER))).status_code == 200
        [error] = (await client.post("/graphql", json=by_hash(OTHER))).json()["errors"]
        assert error["message"] == "PersistedQueryNotSupported"
        assert (await client.post("/graphql", json=by_hash(ME))).json() == NAMED
