"""Names and origins: what a page of another site makes a browser send is refused before it does anything."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.database import Database
from app.settings import Settings, split_list
from app.web.origins import OriginPolicy
from app.web.refusals import Refusal
from tests.web.conftest import Serve, Site
from tests.web.raw import exchange, read_status

QUERY = {"query": "{ viewer { name } }"}
FRIEND = "https://desk.example"


def judge(settings: Settings, *headers: tuple[bytes, bytes], kind: str = "http", method: str = "POST") -> int:
    """The status that the policy refuses these headers with; 200 if it does not."""
    scope = {"type": kind, "method": method, "http_version": "1.1", "headers": list(headers)}
    try:
        OriginPolicy(settings).check(scope)
    except Refusal as refusal:
        return refusal.status
    return 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LocalHost:8000", 200),
        ("localhost.", 200),
        ("app.localhost:1", 200),
        ("127.0.0.1:8000", 200),
        ("192.0.2.7", 200),
        ("[::1]:8000", 200),
        ("box.lan", 200),
        ("sayso.example:443", 200),
        ("a.b.news.example", 200),
        ("news.example", 421),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("evillocalhost", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost@evil.example", 421),
        ("localhost:x", 421),
        ("[localhost]", 421),
        ("a" * 400, 421),
        ("sayso.example\xff", 421),
    ],
)
def test_the_names_of_a_server(host: str, status: int) -> None:
    settings = Settings(host="box.lan", allowed_hosts=("sayso.example", "*.news.example"))
    assert judge(settings, (b"host", host.encode("latin-1"))) == status


def test_one_name_is_given_and_once() -> None:
    assert judge(Settings()) == 400
    assert judge(Settings(), (b"host", b"")) == 400
    assert judge(Settings(), (b"host", b"localhost"), (b"host", b"localhost")) == 400
    assert judge(Settings(allowed_hosts=("*",)), (b"host", b"anything.example")) == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (b"http://localhost:8000", 200),
        (b"https://LOCALHOST:8000", 200),  # a proxy in front speaks TLS
        (b"https://desk.example", 200),
        (b"http://desk.example", 403),
        (b"https://desk.example:444", 403),
        (b"http://localhost:3000", 403),
        (b"http://localhost", 403),
        (b"https://evil.example", 403),
        (b"null", 403),
        (b"", 403),
        (b"localhost:8000", 403),
        (b"\xff\xfe", 403),
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_the_origins_that_may_ask(origin: bytes, status: int, kind: str) -> None:
    settings = Settings(allowed_origins=(FRIEND,))
    assert judge(settings, (b"host", b"localhost:8000"), (b"origin", origin), kind=kind) == status


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_ALLOWED_ORIGINS", f"{FRIEND}, http://localhost:3000,")
    assert Settings().allowed_origins == (FRIEND, "http://localhost:3000")
    assert split_list("") == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAYSO_ALLOWED_ORIGINS", "localhost:3000"),
        ("SAYSO_ALLOWED_ORIGINS", "https://desk.example/"),
        ("SAYSO_ALLOWED_HOSTS", "http://desk.example"),
        ("SAYSO_ALLOWED_HOSTS", "desk.example:8000"),
    ],
)
def test_what_would_never_match_is_refused_at_the_start(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match="should match pattern"):
        Settings()


async def test_a_name_that_was_made_to_resolve_here_is_refused(site: Site, client: httpx.AsyncClient) -> None:
    for path in ("/graphql?query={__typename}", "/", "/livez"):
        response = await client.get(path, headers={"host": "evil.example"})
        assert response.status_code == 421
        assert "SAYSO_ALLOWED_HOSTS" in response.json()["errors"][0]["message"]
        assert len(response.headers["x-request-id"]) == 16
    assert read_status(await exchange(site.port, b"GET /livez HTTP/1.0\r\n\r\n")) == 200


async def test_a_page_of_another_origin_may_not_post(client: httpx.AsyncClient) -> None:
    origin = {"origin": "https://evil.example"}
    response = await client.post("/graphql", json=QUERY, headers=origin)
    assert response.status_code == 403
    got = await client.get("/graphql", params=QUERY, headers=origin)
    asked = await client.options("/graphql", headers={**origin, "access-control-request-method": "POST"})
    for answer in (response, got, asked):
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.fixture
async def shared(
    serve: Serve, committed_database: Database, settings: Settings
) -> AsyncIterator[httpx.AsyncClient]:
    """A server that lets the pages of FRIEND ask."""
    opened = settings.model_copy(update={"allowed_origins": (FRIEND,)})
    async with serve(committed_database, opened) as site, httpx.AsyncClient(base_url=site.url) as client:
        yield client


async def test_an_origin_that_is_allowed_asks_and_reads(shared: httpx.AsyncClient) -> None:
    origin = {"origin": FRIEND}
    asked = await shared.options(
        "/graphql",
        headers={
            **origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type",
        },
    )
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == FRIEND
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert asked.headers["access-control-allow-headers"] == "authorization,content-type"
    assert asked.headers["access-control-max-age"] == "600"
    assert "access-control-allow-credentials" not in asked.headers
    for answer in (
        await shared.post("/graphql", json=QUERY, headers=origin),
        await shared.post("/graphql", json={"query": "{"}, headers=origin),
        await shared.get("/graphql", params=QUERY, headers=origin),
        await shared.get("/readyz", headers=origin),
    ):
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == FRIEND
        assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
        assert "Origin" in answer.headers["vary"]


async def test_other_origins_stay_out_and_caches_are_told(shared: httpx.AsyncClient) -> None:
    response = await shared.get("/graphql", params=QUERY, headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in response.headers
    assert "Origin" in response.headers["vary"]
    assert "Origin" in (await shared.get("/graphql", params=QUERY)).headers["vary"]
    refused = await shared.post("/graphql", json=QUERY, headers={"origin": "https://evil.example"})
    assert refused.status_code == 403


def test_any_origin_may_ask_where_that_is_set() -> None:
    settings = Settings(allowed_origins=("*",))
    assert judge(settings, (b"host", b"localhost"), (b"origin", b"https://anybody.example")) == 200
