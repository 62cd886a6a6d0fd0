"""Every query and mutation of the docs and of the README answers on the sample, without errors.

Each part of one that stands among words could be asked.
"""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from graphql import get_named_type, is_composite_type, parse, validate

from app.api.documents import Operation
from app.api.execution import Engine, Response
from app.database import ConnectedDatabase, Database
from app.permissions import Viewer
from tests.api.schemas import CORE, SCHEMA

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(r"^```graphql\n(.*?)^```\n(?:\n```json\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
ANSWER = re.compile(r"^query Compared.*?^On the sample.*?^```json\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
SENT = re.compile(r"-d '(\{.*?\})'\n", re.DOTALL)
PART = re.compile(r"(?<!`)`(\w+)(\([^`]*\))( \{[^`]*\})?`(?!`)")
# Among the variables of a query: what the query before it finds.
FOUND = "<id of the question>"


def blocks(page: str) -> list[tuple[str, str]]:
    """Each query of a page, with the variables that follow it."""
    return BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))


QUERIES = [
    pytest.param(query, variables, id=f"{page} {place}")
    for page in ("README.md", "docs/graphql.md", "docs/recording.md")
    for place, (query, variables) in enumerate(blocks(page), 1)
    if not query.startswith(("mutation", "subscription"))
]
SUBSCRIPTIONS = [block for block in blocks("docs/clients.md") if block[0].startswith("subscription")]
MUTATIONS = [block for block in blocks("docs/recording.md") if block[0].startswith("mutation")]


async def ask(engine: Engine, viewer: Viewer, query: str, variables: str) -> dict[str, Any]:
    """What a query of the page is answered."""
    if FOUND in variables:
        [positions] = [each for each, _ in blocks("docs/graphql.md") if each.startswith("query Positions")]
        found = await ask(engine, viewer, positions, "")
        variables = variables.replace(FOUND, found["questions"]["edges"][0]["node"]["id"])
    response = await engine.execute(query, json.loads(variables or "{}"), None, viewer)
    answer = json.loads(response.body)
    assert "errors" not in answer, answer
    data: dict[str, Any] = answer["data"]
    return data


@pytest.mark.parametrize(("query", "variables"), QUERIES)
async def test_a_query_of_the_page_finds_something(
    sample: Database, viewer: Viewer, query: str, variables: str
) -> None:
    [found] = (await ask(Engine(SCHEMA, sample), viewer, query, variables)).values()
    if isinstance(found, dict):
        assert found.get("edges", found), "the page shows a query that finds nothing"


@pytest.mark.parametrize(
    ("words", "found"),
    [("Cinarin", "Çınarın Sesi"), ("Muhandes", "Abu Mahdi al-Muhandis"), ("Bagdad", "in Baghdad")],
)
async def test_what_the_page_says_is_found_is(
    sample: Database, viewer: Viewer, words: str, found: str
) -> None:
    assert f'"{words}"' in (ROOT / "docs" / "graphql.md").read_text(encoding="utf-8")
    query = """query Search($words: String!) { search(text: $words, types: [AGENT, EVENT]) {
        edges { node { ... on Agent { name } ... on Event { title } } } } }"""
    answer = await ask(Engine(SCHEMA, sample), viewer, query, json.dumps({"words": words}))
    assert found in json.dumps(answer, ensure_ascii=False)


async def test_the_answer_on_the_page_is_the_answer(sample: Database, viewer: Viewer) -> None:
    [(query, variables)] = [
        each for each in blocks("docs/graphql.md") if each[0].startswith("query Compared")
    ]
    [shown] = ANSWER.findall((ROOT / "docs" / "graphql.md").read_text(encoding="utf-8"))
    found = await ask(Engine(SCHEMA, sample), viewer, query, variables)
    assert leave_out_cursors(found) == json.loads(shown)


def leave_out_cursors(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: leave_out_cursors(value) for key, value in data.items() if key != "endCursor"}
    return [leave_out_cursors(each) for each in data] if isinstance(data, list) else data


def ids_in(data: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The id of each node that was recorded, by its field's alias."""
    return {
        field: node["id"]
        for field, payload in data.items()
        for node in payload.values()
        if isinstance(node, dict) and "id" in node
    }


async def test_the_mutations_of_the_page_record_a_claim_and_what_corroborates_it(
    database: ConnectedDatabase, viewer: Viewer
) -> None:
    """In their order: `<id of NAME>` among the variables is what the field NAME recorded before."""
    engine = Engine(SCHEMA, database)
    ids: dict[str, str] = {}
    for mutation, variables in MUTATIONS:
        given = variables or "{}"
        for name, node in ids.items():
            given = given.replace(f"<id of {name}>", node)
        answer = json.loads((await engine.execute(mutation, json.loads(given), None, viewer)).body)
        recorded = ids_in(answer["data"])
        assert "errors" not in answer, answer
        assert recorded.keys() == answer["data"].keys(), answer
        ids |= recorded
    assert {"recordAgent", "atLeastFive", "judgement"} <= ids.keys()
    query = "query Status($id: ID!) { claim(id: $id) { corroboration { status linesFor } } }"
    status = await engine.execute(query, {"id": ids["atLeastFive"]}, None, viewer)
    assert json.loads(status.body)["data"]["claim"]["corroboration"] == {
        "status": "CORROBORATED",
        "linesFor": 2,
    }


@pytest.mark.parametrize(("subscription", "variables"), SUBSCRIPTIONS)
async def test_a_subscription_of_the_page_tells_of_what_happened(
    sample: Database, viewer: Viewer, subscription: str, variables: str
) -> None:
    await hear(Engine(SCHEMA, sample), viewer, subscription, variables)


async def hear(engine: Engine, viewer: Viewer, subscription: str, variables: str) -> None:
    """Of all that happened since the beginning, the first event."""
    operation = engine.operation(subscription, None)
    assert isinstance(operation, Operation)
    [field] = re.findall(r"claimRecorded|corroborationChanged", subscription)
    events = await engine.subscribe(operation, json.loads(variables or "{}"), viewer, after=f"{field}.0.0")
    assert not isinstance(events, Response)
    async with aclosing(events), asyncio.timeout(20):
        assert "errors" not in json.loads((await anext(events)).body)


@pytest.mark.parametrize("page", ["README.md", "docs/clients.md", "docs/operations.md"])
async def test_what_a_command_of_the_page_sends_is_answered(
    sample: Database, viewer: Viewer, page: str
) -> None:
    engine = Engine(SCHEMA, sample)
    [sent] = SENT.findall((ROOT / page).read_text(encoding="utf-8"))
    query = json.loads(sent)["query"]
    if query.startswith("subscription"):
        await hear(engine, viewer, query, "")
    else:
        await ask(engine, viewer, query, "")


def test_a_part_of_a_query_among_the_words_could_be_asked() -> None:
    """Where it leaves something out, any string is put."""
    fields = CORE.query_type.fields if CORE.query_type else {}
    text = (ROOT / "docs" / "graphql.md").read_text(encoding="utf-8")
    parts = [part for part in PART.findall(text) if part[0] in fields]
    assert len(parts) > 5
    for name, arguments, selection in parts:
        given = re.sub(r"\.\.\.|…|\$\w+", '"2020-01-05T12:00:00Z"', arguments)
        composite = is_composite_type(get_named_type(fields[name].type))
        document = f"{{ {name}{given}{selection or (' { __typename }' if composite else '')} }}"
        assert validate(CORE, parse(document)) == [], document
