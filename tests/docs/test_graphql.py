"""Every query of docs/graphql.md and of the README answers on the sample, without errors."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import aclosing
from pathlib import Path

import pytest

from app.api.documents import Operation
from app.api.execution import Engine, Response
from app.api.schema import build_schema
from app.database import ConnectedDatabase, Database
from app.permissions import Viewer

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(r"^```graphql\n(.*?)^```\n(?:\n```json\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[tuple[str, str]]:
    """Each query of a page, with the variables that follow it."""
    return BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))


QUERIES = [
    pytest.param(query, variables, id=f"{page} {place}")
    for page in ("README.md", "docs/graphql.md")
    for place, (query, variables) in enumerate(blocks(page), 1)
    if not query.startswith(("mutation", "subscription"))
]
SUBSCRIPTIONS = [block for block in blocks("docs/graphql.md") if block[0].startswith("subscription")]
MUTATIONS = [block for block in blocks("docs/graphql.md") if block[0].startswith("mutation")]


@pytest.mark.parametrize(("query", "variables"), QUERIES)
async def test_a_query_of_the_page_finds_something(
    sample: Database, viewer: Viewer, query: str, variables: str
) -> None:
    engine = Engine(build_schema(), sample)
    response = await engine.execute(query, json.loads(variables or "{}"), None, viewer)
    answer = json.loads(response.body)
    assert "errors" not in answer, answer
    [found] = answer["data"].values()
    if isinstance(found, dict):
        assert found.get("edges", found), "the page shows a query that finds nothing"


async def test_the_mutation_of_the_page_records(database: ConnectedDatabase, viewer: Viewer) -> None:
    [(mutation, variables)] = MUTATIONS
    response = await Engine(build_schema(), database).execute(mutation, json.loads(variables), None, viewer)
    answer = json.loads(response.body)
    assert answer["data"]["recordAgent"]["agent"]["name"] == "Brett McGurk", answer


@pytest.mark.parametrize(("subscription", "variables"), SUBSCRIPTIONS)
async def test_a_subscription_of_the_page_tells_of_what_happened(
    sample: Database, viewer: Viewer, subscription: str, variables: str
) -> None:
    engine = Engine(build_schema(), sample)
    operation = engine.operation(subscription, None)
    assert isinstance(operation, Operation)
    given = json.loads(variables or "{}")
    events = await engine.subscribe(operation, given, viewer, after="corroborationChanged.0.0")
    assert not isinstance(events, Response)
    async with aclosing(events), asyncio.timeout(20):
        assert "errors" not in json.loads((await anext(events)).body)
