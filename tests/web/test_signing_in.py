"""Tokens and sign-ins over real HTTP: statuses, challenges, cookies, and what stays out of the log."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.auth import Authenticator, attempts
from app.database import Database
from app.domain.vocabulary import Role
from app.errors import DatabaseUnavailable
from app.permissions import Viewer
from app.services.tokens import NewToken, create_sign_in, create_token, revoke_token
from app.settings import Settings
from tests.factories import make_viewer, perform
from tests.web.conftest import Serve, Site
from tests.web.test_sockets import subscribe, talking

ASK = {"query": "{ viewer { name } }"}
EVENT = {"query": 'mutation { recordEvent(input: { title: "t" }) { __typename ... on Error { code } } }'}


@pytest.fixture
async def guarded(serve: Serve, committed_database: Database, settings: Settings) -> AsyncIterator[Site]:
    """A site that asks who one is."""
    async with serve(
        committed_database, settings, provider=Authenticator(committed_database, settings)
    ) as site:
        yield site


@pytest.fixture
async def browser(guarded: Site) -> AsyncIterator[httpx.AsyncClient]:
    """It keeps cookies and names its origin, as browsers do."""
    async with httpx.AsyncClient(base_url=guarded.url, headers={"origin": guarded.url}) as client:
        yield client


def coded(response: httpx.Response) -> Any:
    (error,) = response.json()["errors"]
    return error["extensions"]["code"]


async def test_who_says_nothing_is_asked_who_they_are(guarded: Site) -> None:
    async with httpx.AsyncClient(base_url=guarded.url) as client:
        for response in (
            await client.post("/graphql", json=ASK),
            await client.get("/graphql", params=ASK),
            await client.post("/graphql", content=b"nonsense", headers={"content-type": "application/json"}),
        ):
            assert response.status_code == 401
            assert response.headers["www-authenticate"] == 'Bearer realm="sayso"'
            assert coded(response) == "NOT_AUTHENTICATED"
            assert "data" not in response.json()
        for page in ("/", "/livez", "/readyz", "/sign-in"):
            assert (await client.get(page)).status_code == 200


async def test_a_wrong_token_is_challenged_by_rfc_6750(guarded: Site) -> None:
    headers = {"authorization": "Bearer sayso_wrong", "accept": "application/graphql-response+json"}
    async with httpx.AsyncClient(base_url=guarded.url) as client:
        response = await client.post("/graphql", json=ASK, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith(
        'Bearer realm="sayso", error="invalid_token", error_'
    )
    assert response.headers["content-type"].startswith("application/graphql-response+json")


@pytest.mark.parametrize("path", ["/graphql", "/sign-in"])
async def test_too_many_wrong_ones_are_429(guarded: Site, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "LONGEST_WAIT_SECONDS", 0.0)
    headers = {"authorization": "Bearer x"}
    async with httpx.AsyncClient(base_url=guarded.url, headers=headers) as client:
        statuses = []
        while 429 not in statuses:
            response = await client.post(path, json={"code": "x"})
            statuses.append(response.status_code)
        assert len(statuses) > attempts.FREE_FAILURES
        assert set(statuses) == {401, 429}
        assert int(response.headers["retry-after"]) > 0
        assert coded(response) == "TOO_MANY_ATTEMPTS"


async def test_a_token_reads_and_writes_as_its_role_may(
    guarded: Site, committed_database: Database, viewer: Viewer
) -> None:
    made = await perform(committed_database, viewer, create_token, NewToken("laptop", role=Role.READER))
    headers = {"authorization": f"Bearer {made.letters}"}
    async with httpx.AsyncClient(base_url=guarded.url, headers=headers) as client:
        assert (await client.post("/graphql", json=ASK)).json() == {"data": {"viewer": {"name": "local"}}}
        refused = (await client.post("/graphql", json=EVENT)).json()["data"]["recordEvent"]
        assert refused == {"__typename": "NotPermitted", "code": "NOT_PERMITTED"}


async def test_reading_without_a_token_reads_and_no_more(
    serve: Serve, committed_database: Database, settings: Settings
) -> None:
    settings = settings.model_copy(update={"read_without_token": True})
    async with (
        serve(committed_database, settings, provider=Authenticator(committed_database, settings)) as site,
        httpx.AsyncClient(base_url=site.url) as client,
    ):
        assert (await client.post("/graphql", json=ASK)).json() == {"data": {"viewer": None}}
        keyed = EVENT["query"].replace('"t"', '"t", idempotencyKey: "k"')
        for query in (EVENT["query"], keyed):
            refused = (await client.post("/graphql", json={"query": query})).json()["data"]["recordEvent"]
            assert refused == {"__typename": "NotPermitted", "code": "NOT_PERMITTED"}


async def test_a_browser_signs_in_by_a_link_and_out(
    browser: httpx.AsyncClient,
    committed_database: Database,
    viewer: Viewer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, "app")
    code = await perform(committed_database, viewer, create_sign_in)
    page = await browser.get("/sign-in")
    assert "script-src 'sha256-" in page.headers["content-security-policy"]
    signed_in = await browser.post("/sign-in", json={"code": code.letters})
    assert signed_in.status_code == 200
    cookie = signed_in.headers["set-cookie"]
    assert cookie.startswith(f"sayso_session_{browser.base_url.port}=sayso_")
    for attribute in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"):
        assert attribute in cookie
    assert "Secure" not in cookie
    assert code.letters not in cookie
    assert (await browser.post("/graphql", json=ASK)).json() == {"data": {"viewer": {"name": "local"}}}
    assert (await browser.post("/sign-in", json={"code": code.letters})).status_code == 401

    kept = dict(browser.cookies)
    signed_out = await browser.post("/sign-out")
    assert signed_out.status_code == 200
    assert "Max-Age=0" in signed_out.headers["set-cookie"]
    for name, value in kept.items():
        browser.cookies.set(name, value)
    assert (await browser.post("/graphql", json=ASK)).status_code == 401
    # One that has ended does not stay in the browser.
    again = await browser.post("/sign-out")
    assert again.status_code == 200
    assert "Max-Age=0" in again.headers["set-cookie"]
    # No log of ours knows the code or the token.
    logged = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("app"))
    assert "/sign-in" in logged
    assert all(secret[14:] not in logged for secret in (code.letters, *kept.values()))


async def test_behind_tls_the_cookie_is_for_tls_alone(
    browser: httpx.AsyncClient, committed_database: Database, viewer: Viewer
) -> None:
    code = await perform(committed_database, viewer, create_sign_in)
    origin = str(browser.base_url).replace("http:", "https:")
    signed_in = await browser.post("/sign-in", json={"code": code.letters}, headers={"origin": origin})
    assert "; Secure" in signed_in.headers["set-cookie"]


async def test_another_site_cannot_use_a_browsers_cookie(
    browser: httpx.AsyncClient, committed_database: Database, viewer: Viewer, settings: Settings, serve: Serve
) -> None:
    made = await perform(committed_database, viewer, create_token, NewToken("laptop"))
    await browser.post("/sign-in", json={"code": made.letters})
    assert (await browser.post("/graphql", json=EVENT)).json()["data"]["recordEvent"].keys() == {"__typename"}
    # A page of another port of this machine is the same site to the browser, which sends the cookie.
    for headers in ({"origin": "http://127.0.0.1:1"}, {"origin": "null"}):
        assert (await browser.post("/graphql", json=EVENT, headers=headers)).status_code == 403
    assert (
        await browser.post("/graphql", json=EVENT, headers={"sec-fetch-site": "same-site"})
    ).status_code == 401
    form = await browser.post("/sign-in", data={"code": made.letters})
    assert form.status_code == 415
    del browser.headers["origin"]
    assert (await browser.post("/graphql", json=EVENT)).status_code == 401
    await perform(committed_database, viewer, revoke_token, made.key)


async def test_an_origin_that_is_listed_may_ask_but_not_with_the_cookie(
    serve: Serve, committed_database: Database, viewer: Viewer, settings: Settings
) -> None:
    made = await perform(committed_database, viewer, create_token, NewToken("laptop"))
    settings = settings.model_copy(update={"allowed_origins": ("http://127.0.0.1:1",)})
    async with (
        serve(committed_database, settings, provider=Authenticator(committed_database, settings)) as site,
        httpx.AsyncClient(base_url=site.url, headers={"origin": "http://127.0.0.1:1"}) as client,
    ):
        client.cookies.set(f"sayso_session_{site.port}", made.letters, domain="127.0.0.1")
        assert (await client.post("/graphql", json=ASK)).status_code == 401
        bearer = {"authorization": f"Bearer {made.letters}"}
        assert (await client.post("/graphql", json=ASK, headers=bearer)).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"1", b"{}", b'{"code": 1}', b"[" * 9_000, b'{"code": "' + b"x" * 20_000 + b'"}']
)
async def test_what_is_no_sign_in_is_refused(browser: httpx.AsyncClient, body: bytes) -> None:
    response = await browser.post("/sign-in", content=body, headers={"content-type": "application/json"})
    assert response.status_code in (400, 413)
    assert coded(response) == "BAD_REQUEST"


async def test_two_researchers_are_told_apart(
    guarded: Site, committed_database: Database, viewer: Viewer
) -> None:
    nadia = await make_viewer(committed_database, Role.RESEARCHER, "Nadia")
    answers = []
    for one in (viewer, nadia, viewer):
        made = await perform(committed_database, one, create_token, NewToken("laptop"))
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {made.letters}"}) as client:
            answers.append((await client.get(f"{guarded.url}/graphql", params=ASK)).json()["data"]["viewer"])
    assert [answer["name"] for answer in answers] == ["local", "Nadia", "local"]


async def test_a_socket_carries_a_token_and_ends_to_be_heard_with_it(
    serve: Serve, committed_database: Database, viewer: Viewer, settings: Settings
) -> None:
    made = await perform(committed_database, viewer, create_token, NewToken("laptop"))
    authenticator = Authenticator(committed_database, settings)
    async with serve(committed_database, settings, provider=authenticator) as site:
        async with talking(site.port) as talk:
            await talk.begin({"Authorization": f"Bearer {made.letters}"})
            await talk.say(subscribe("1", ASK["query"]))
            assert (await talk.hear())["payload"]["data"] == {"viewer": {"name": "local"}}
            assert (await talk.hear())["type"] == "complete"
            await perform(committed_database, viewer, revoke_token, made.key)
            authenticator.forget()
            await talk.say(subscribe("2", ASK["query"]))
            refused = await talk.hear()
            assert refused["type"] == "error"
            assert refused["payload"][0]["extensions"]["code"] == "NOT_AUTHENTICATED"
        for payload in (None, {"Authorization": "Bearer x"}):
            async with talking(site.port) as talk:
                await talk.say({"type": "connection_init", "payload": payload or {}})
                assert (await talk.closed())[0] == 4403


async def test_a_token_that_nobody_can_look_at_is_a_503(serve: Serve, committed_database: Database) -> None:
    async def provide(_scope: object) -> Viewer:
        raise DatabaseUnavailable("The database cannot be reached; try again.")

    async with (
        serve(committed_database, Settings(database_url=None), provider=provide) as site,
        httpx.AsyncClient(base_url=site.url) as client,
    ):
        refused = await client.post("/graphql", json=ASK)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert coded(refused) == "DATABASE_UNAVAILABLE"
