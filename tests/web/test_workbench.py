"""The built workbench over HTTP: what browsers, and nobody else, are to keep, load and run."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import httpx
import pytest

import app
from app.web.workbench import PAGES, STATIC, Workbench

ROUTES = Path(app.__file__).parent.parent / "workbench" / "src" / "pages.tsx"


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    trouble = Workbench().trouble
    assert trouble is None, f"The workbench is not built; `make workbench` does. {trouble}"


async def test_every_page_is_the_index(client: httpx.AsyncClient) -> None:
    index = await client.get("/")
    assert index.headers["content-type"] == "text/html; charset=utf-8"
    for path in ("/queue", "/claims/claim_x", "/search?q=a", "/paste"):
        assert (await client.get(path)).content == index.content


async def test_the_policy_allows_this_host_alone(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/")).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy.pop("default-src") == "'none'"
    assert set(policy.values()) == {"'self'", "'none'"}
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"


async def test_index_is_asked_for_again_and_assets_are_kept(client: httpx.AsyncClient) -> None:
    index = await client.get("/")
    assert index.headers["cache-control"] == "no-cache"
    again = await client.get("/", headers={"if-none-match": index.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    # The tag is weak, for packed it has other bytes; a list is one, in one header or in several.
    strong = index.headers["etag"].removeprefix("W/")
    assert strong != index.headers["etag"]
    for known in (f'"x", {strong}', "*"):
        again = await client.get("/", headers={"if-none-match": known})
        assert again.status_code == 304
    listed = [("if-none-match", '"x"'), ("if-none-match", index.headers["etag"])]
    assert (await client.get("/", headers=listed)).status_code == 304
    assert (await client.get("/", headers={"if-none-match": '"x"'})).status_code == 200
    loaded = re.findall(r'(?:src|href)="(/[^"]+)"', index.text)
    assert len(loaded) >= 3
    for path in loaded:
        asset = await client.get(path)
        assert asset.status_code == 200
        assert "immutable" in asset.headers["cache-control"]
        assert asset.content == (STATIC / path.removeprefix("/")).read_bytes()


async def test_texts_are_packed_for_who_can_unpack_them(client: httpx.AsyncClient) -> None:
    async with client.stream("GET", "/", headers={"accept-encoding": "br, gzip"}) as response:
        assert response.headers["content-encoding"] == "gzip"
        assert response.headers["vary"] == "accept, accept-encoding"
        packed = b"".join([part async for part in response.aiter_raw()])
    assert gzip.decompress(packed) == (await client.get("/")).content


async def test_graphql_shows_people_graphiql_and_programs_graphql(client: httpx.AsyncClient) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    page = await client.get("/graphql", headers=browser)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert page.content == (STATIC / "graphiql.html").read_bytes()
    answer = await client.get("/graphql", params={"query": "{__typename}"}, headers=browser)
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert (await client.get("/graphql")).status_code == 400
    posted = await client.post("/graphql", json={"query": "{__typename}"}, headers=browser)
    assert posted.json() == {"data": {"__typename": "Query"}}


async def test_no_other_file_can_be_asked_for(client: httpx.AsyncClient) -> None:
    for path in (
        "/assets/nothing.js",
        "/assets/..%2Findex.html",
        "/assets/",
        "/index.html",
        "/sources.sha256",
    ):
        assert (await client.get(path)).status_code == 404


def test_the_server_and_the_page_know_the_same_addresses() -> None:
    routed = re.findall(r'path: "(\w+)[/"]', ROUTES.read_text(encoding="utf-8"))
    assert set(routed) == set(PAGES)


def test_nothing_names_a_registry() -> None:
    folder = ROUTES.parent.parent
    assert "resolved" not in (folder / "package-lock.json").read_text(encoding="utf-8")
    assert "registry=" not in (folder / ".npmrc").read_text(encoding="utf-8")
