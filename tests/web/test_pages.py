from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import asyncpg
import httpx
import pytest
from graphql import parse, validate
from sqlalchemy.engine import make_url

from app.database import Database
from app.errors import DatabaseOutdated
from app.settings import Settings
from app.web import application, read_queries
from app.web.application import Readiness
from app.web.workbench import Workbench
from tests.api.schemas import CORE
from tests.web.conftest import Serve, Site


class Page(HTMLParser):
    """The addresses a page leads to and those it loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name in ("src", "href", "action", "srcset") and value is not None:
                (self.links if tag == "a" else self.loaded).append(value)


REASON = "npm ci failed with 1: <no registry>"


@pytest.fixture(scope="module")
async def bare(
    serve: Serve, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application without the workbench."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "not-built.txt").write_text(REASON, encoding="utf-8")
    async with (
        serve(site.database, Settings(), Workbench(folder)) as without,
        httpx.AsyncClient(base_url=without.url, timeout=20) as client,
    ):
        yield client


async def test_without_a_workbench_the_page_says_why_and_loads_nothing(bare: httpx.AsyncClient) -> None:
    response = await bare.get("/")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    page = Page()
    page.feed(response.text)
    assert page.loaded == ["data:,"]
    assert "<script" not in response.text
    assert not re.search(r"https?://", response.text)
    assert "npm ci failed with 1: &lt;no registry&gt;" in response.text
    for query in read_queries():
        assert query.title in response.text
    assert REASON in (await bare.get("/queue")).text


async def test_every_link_of_the_page_answers(bare: httpx.AsyncClient) -> None:
    page = Page()
    page.feed((await bare.get("/")).text)
    assert len(page.links) == 2 + len(read_queries())
    for link in page.links:
        accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        response = await bare.get(link, headers={"accept": accept})
        assert response.status_code == 200
        assert "errors" not in response.json()


def test_three_queries_are_shown_and_valid() -> None:
    schema = CORE
    queries = read_queries()
    assert len(queries) == 3
    for query in queries:
        assert validate(schema, parse(query.text)) == []
        assert query.text.startswith(f"# {query.title}\n")


async def test_live_and_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"status": "live"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_other_paths_are_not_found_and_other_methods_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/nowhere")).status_code == 404
    assert (await client.get("/graphql%2F..")).status_code == 404
    assert (await client.post("/readyz")).status_code == 405
    redirected = await client.get("/graphql/", params={"query": "{__typename}"})
    assert redirected.status_code == 307
    assert redirected.headers["location"].endswith("/graphql?query=%7B__typename%7D")


async def test_an_outdated_schema_is_not_ready_and_does_not_start(
    dsn: str,
    committed_database: Database,
    settings: Settings,
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(application, "READY_KEPT_SECONDS", 0.0)
    async with serve(committed_database, settings) as site, httpx.AsyncClient(base_url=site.url) as client:
        connection = await asyncpg.connect(dsn)
        await connection.execute("UPDATE alembic_version SET version_num = '0000'")
        await connection.close()
        response = await client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["code"] == "DATABASE_OUTDATED"
        assert (await client.get("/livez")).status_code == 200
    problem = await Readiness(committed_database).problem()
    assert isinstance(problem, DatabaseOutdated)


async def test_a_database_that_is_gone_is_not_ready(
    dsn: str,
    maintenance: asyncpg.Connection,
    committed_database: Database,
    settings: Settings,
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(application, "READY_KEPT_SECONDS", 0.0)
    async with serve(committed_database, settings) as site, httpx.AsyncClient(base_url=site.url) as client:
        name = make_url(dsn).database
        await maintenance.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await maintenance.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", name
        )
        response = await client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["code"] == "DATABASE_UNAVAILABLE"
