"""The main job, through HTTP alone: paste the article, record, attribute, corroborate, ask why."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import app
from app.database import Database
from app.settings import Settings
from tests.web.conftest import Serve

ARTICLE = Path(app.__file__).parent / "samples" / "baghdad-2019" / "000_1cd67d346b5eefb6.txt"

RECORD_AGENT = """mutation($input: RecordAgentInput!) {
  recordAgent(input: $input) { ... on AgentPayload { agent { id } } ... on Error { message } } }"""
RECORD_SOURCE = """mutation($input: RecordSourceInput!) {
  recordSource(input: $input) { ... on SourcePayload { source { id } } ... on Error { message } } }"""
RECORD_QUESTION = """mutation($input: RecordQuestionInput!) {
  recordQuestion(input: $input) { ... on QuestionPayload { question { id } } ... on Error { message } } }"""
RECORD_CLAIM = """mutation($input: RecordClaimInput!) {
  recordClaim(input: $input) { ... on ClaimPayload { claim { id } } ... on Error { code message } } }"""
WHY = """query($id: ID!) { claim(id: $id) {
  statement
  quote { exact start end }
  source { text }
  corroboration {
    status linesFor linesAgainst reportsFor reportsAgainst explanation
    weakestLinks { ... on Agent { name } ... on UnknownPublisher { source { title } } }
    evidence { edges { node { side basis claim { source { title } } chain { ... on Agent { name } } } } }
    changes { edges { node { status reportsFor } } }
  } } }"""


class Client:
    """A frontend: it knows the URL and GraphQL, nothing else."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        response = await self._http.post("/graphql", json={"query": query, "variables": variables})
        answer = response.json()
        assert response.status_code == 200, answer
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def record(self, mutation: str, **given: Any) -> str:
        """The id of what was recorded."""
        [result] = (await self.ask(mutation, input=given)).values()
        assert "message" not in result, result
        [node] = result.values()
        id: str = node["id"]
        return id

    async def why(self, claim: str) -> dict[str, Any]:
        claim_now: dict[str, Any] = (await self.ask(WHY, id=claim))["claim"]
        return claim_now


@pytest.fixture
async def client(serve: Serve, committed_database: Database, settings: Settings) -> AsyncIterator[Client]:
    async with (
        serve(committed_database, settings) as site,
        httpx.AsyncClient(base_url=site.url, timeout=20) as http,
    ):
        yield Client(http)


async def test_from_an_article_to_an_answer(client: Client) -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    article = await client.record(
        RECORD_SOURCE, kind="ARTICLE", title="Hundreds more troops", text=text, published="2019-12-31"
    )
    killed = await client.record(
        RECORD_QUESTION, kind="QUANTITY", text="How many people did the strikes kill?", unit="people"
    )
    soldiers = await client.record(
        RECORD_QUESTION, kind="QUANTITY", text="How many more troops were announced?", unit="troops"
    )
    at_least_25 = await client.record(
        RECORD_CLAIM,
        source=article,
        question=killed,
        statement="At least 25 Kataib Hezbollah fighters died in the attack",
        quote={"exact": "At least 25 Kataib Hezbollah fighters died in the attack"},
        quantity={"text": "at least 25"},
        basis="UNATTRIBUTED",
    )
    government = await client.record(RECORD_AGENT, kind="GOVERNMENT", name="United States government")
    esper = await client.record(RECORD_AGENT, kind="PERSON", name="Mark Esper", partOf=government)
    around_750 = await client.record(
        RECORD_CLAIM,
        source=article,
        question=soldiers,
        statement="around 750 soldiers",
        quote={"exact": "around 750 soldiers"},
        quantity={"text": "around 750"},
        basis="ATTRIBUTED",
        hops=[{"agents": [esper], "cue": "said in a statement", "mode": "INDIRECT", "channel": "STATEMENT"}],
    )

    now = await client.why(at_least_25)
    assert text[now["quote"]["start"] : now["quote"]["end"]] == now["quote"]["exact"]
    assert now["source"]["text"] == text
    assert now["corroboration"]["status"] == "UNCORROBORATED"
    assert (now["corroboration"]["linesFor"], now["corroboration"]["reportsFor"]) == (0, 1)
    now = await client.why(around_750)
    assert (now["corroboration"]["status"], now["corroboration"]["linesFor"]) == ("UNCORROBORATED", 1)

    # Two reports: each backs a figure on the word of somebody else than before.
    await report_deaths(
        client, killed, "Rudaw", "Popular Mobilization Forces", "Twenty-five people were killed"
    )
    await report_deaths(client, killed, "ILKHA", "Ministry of Health of Iraq", "28 people were killed")
    now = await client.why(at_least_25)
    figures = now["corroboration"]
    assert (figures["status"], figures["linesFor"], figures["reportsFor"]) == ("CORROBORATED", 2, 3)
    assert len(figures["weakestLinks"]) == 2
    assert [e["node"]["side"] for e in figures["evidence"]["edges"]] == ["FOR"] * 3
    assert "2 independent lines" in figures["explanation"]
    assert "3 reports" in figures["explanation"]
    changes = [change["node"] for change in figures["changes"]["edges"]]
    assert [change["reportsFor"] for change in changes] == [1, 2, 3]
    assert [change["status"] for change in changes] == ["UNCORROBORATED", "UNCORROBORATED", "CORROBORATED"]

    # Nine papers quoting one minister are one line; here two more do.
    for outlet in ("WNCT", "Xinhua"):
        source = await report(client, outlet)
        await client.record(
            RECORD_CLAIM,
            source=source,
            question=soldiers,
            statement="About 750 soldiers will deploy",
            quote={"exact": "about 750 soldiers"},
            quantity={"text": "about 750"},
            basis="ATTRIBUTED",
            hops=[{"agents": [esper]}],
        )
    figures = (await client.why(around_750))["corroboration"]
    assert (figures["status"], figures["linesFor"], figures["reportsFor"]) == ("UNCORROBORATED", 1, 3)
    assert figures["weakestLinks"] == [{"name": "United States government"}]
    assert "United States government" in figures["explanation"]


async def report(client: Client, outlet: str) -> str:
    """A citation of a report by an outlet."""
    publisher = await client.record(RECORD_AGENT, kind="OUTLET", name=outlet)
    return await client.record(
        RECORD_SOURCE, kind="ARTICLE", title=f"{outlet} reports", publisher=publisher, published="2020-01-01"
    )


async def report_deaths(client: Client, question: str, outlet: str, speaker: str, words: str) -> None:
    agent = await client.record(RECORD_AGENT, kind="ORGANIZATION", name=speaker)
    await client.record(
        RECORD_CLAIM,
        source=await report(client, outlet),
        question=question,
        statement=words,
        quote={"exact": words},
        quantity={"text": words},
        basis="ATTRIBUTED",
        hops=[{"agents": [agent], "cue": "said"}],
    )
