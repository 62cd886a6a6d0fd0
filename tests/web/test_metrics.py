from __future__ import annotations

import asyncio
import re
import socket
from typing import Any

import httpx
import pytest

from app.api.execution import Engine
from app.api.feeds import subscribers
from app.database import Database
from app.errors import NotAuthenticated, SettingInvalid
from app.permissions import Viewer
from app.settings import Settings
from app.web import create_app
from app.web.metrics import Metrics, serving_metrics
from tests.api.schemas import SCHEMA
from tests.factories import make_claim
from tests.ports import reserve_port
from tests.web.conftest import Serve

QUERY = {"query": "query Me { viewer { name } }"}


def read(text: str, series: str) -> float:
    """The value of a series, by its name and labels; 0 if there is none."""
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


async def test_the_figures_follow_what_is_asked(
    serve: Serve, committed_database: Database, settings: Settings
) -> None:
    with_metrics = settings.model_copy(update={"metrics": "on"})
    async with (
        serve(committed_database, with_metrics) as site,
        httpx.AsyncClient(base_url=site.url) as client,
    ):

        async def scrape() -> str:
            answer = await client.get("/metrics")
            assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
            return answer.text

        before = await scrape()
        for _ in range(3):
            await client.post("/graphql", json=QUERY)
        await client.post("/graphql", json={"query": "{ nothingOfTheKind }"})
        await client.post("/graphql", json={"query": "mutation { __typename }"})
        await client.request("PROPFIND", "/graphql")
        after = await scrape()

    def grown(series: str) -> float:
        return read(after, series) - read(before, series)

    assert grown('sayso_operation_seconds_count{kind="query",outcome="answered"}') == 3
    assert grown('sayso_operation_seconds_count{kind="unknown",outcome="refused"}') == 1
    assert grown('sayso_operation_seconds_count{kind="mutation",outcome="answered"}') == 1
    assert grown('sayso_http_requests_total{method="POST",status="200"}') == 5
    assert grown('sayso_http_requests_total{method="other",status="405"}') == 1
    assert grown('sayso_document_lookups_total{result="hit"}') == 2
    assert grown('sayso_document_lookups_total{result="miss"}') == 3
    assert grown("sayso_read_statements_total") >= 3
    assert read(after, 'sayso_connections{pool="read",state="idle"}') >= 1
    assert read(after, "sayso_documents_kept") == 3
    assert "process_cpu_seconds_total" in after


async def test_subscriptions_have_figures(
    serve: Serve,
    committed_database: Database,
    settings: Settings,
    viewer: Viewer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_metrics = settings.model_copy(update={"metrics": "on"})
    events = {"query": "subscription { claimRecorded { id } }"}
    async with (
        serve(committed_database, with_metrics) as site,
        httpx.AsyncClient(base_url=site.url, timeout=20) as client,
        client.stream("POST", "/graphql", json=events, headers={"accept": "text/event-stream"}) as stream,
    ):
        lines = stream.aiter_lines()
        await make_claim(committed_database, viewer)
        assert await anext(lines) == "event: next"
        monkeypatch.setattr(subscribers, "MAX_QUEUED", 0)
        during = (await client.get("/metrics")).text
        await make_claim(committed_database, viewer)
        assert "SUBSCRIBER_TOO_SLOW" in "".join([line async for line in lines])
        after = (await client.get("/metrics")).text
    assert (read(during, "sayso_subscriptions"), read(after, "sayso_subscriptions")) == (1, 0)
    assert read(after, "sayso_subscription_events_total") == 1
    assert read(after, 'sayso_subscriptions_ended_total{code="SUBSCRIBER_TOO_SLOW"}') == 1


async def test_there_are_none_unless_a_setting_says_so(
    serve: Serve, committed_database: Database, settings: Settings
) -> None:
    async with serve(committed_database, settings) as site, httpx.AsyncClient(base_url=site.url) as client:
        assert (await client.get("/metrics")).status_code == 404


async def test_who_may_not_read_reads_no_figures(committed_database: Database, settings: Settings) -> None:
    async def refuse(_scope: object) -> Any:
        raise NotAuthenticated("Who are you?")

    engine = Engine(SCHEMA, committed_database)
    application = create_app(
        engine, committed_database, refuse, settings.model_copy(update={"metrics": "on"})
    )
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 401
    assert "sayso_" not in answer.text


async def test_they_can_be_read_at_an_address_of_their_own(
    committed_database: Database, settings: Settings
) -> None:
    with reserve_port() as reserved:
        port = reserved.getsockname()[1]
        apart = settings.model_copy(update={"metrics": f"127.0.0.1:{port}"})
        metrics = Metrics(Engine(SCHEMA, committed_database), committed_database)
        with (
            socket.create_server(("127.0.0.1", port)),
            pytest.raises(SettingInvalid, match="SAYSO_METRICS"),
            serving_metrics(metrics, apart),
        ):
            raise AssertionError("the port is in use")
        with serving_metrics(metrics, apart):
            async with httpx.AsyncClient() as client:
                answer = await asyncio.wait_for(client.get(f"http://127.0.0.1:{port}/metrics"), 20)
    assert "sayso_read_statements_total" in answer.text


@pytest.mark.parametrize("value", ["off", "9464", "localhost:", "a b:1", "on:x"])
def test_other_values_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="metrics"):
        Settings(metrics=value)
