"""The claims of an agent: a deep page costs what the first one does, and a status does not make it dearer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.compiler.compiling import compile_text
from tests.conftest import NewDatabase

CLAIMS, PAGE = 4_000, 20
NAMED, OTHER = UUID(int=1 << 80 | 7 << 76 | 2 << 62), UUID(int=2 << 80 | 7 << 76 | 2 << 62)
# Every claim is said by another and passed on by the agent; every third, it says itself as well.
FILL = f"""WITH claims AS (
    INSERT INTO claim (recorded_by, source, statement, quote_exact, basis)
    SELECT uuidv7(), uuidv7(), 'It was so ' || n, 'so ' || n, 'ATTRIBUTED' FROM generate_series(1, {CLAIMS}) n
    RETURNING id, statement
)
INSERT INTO attribution (claim, hop, agent, recorded_by)
SELECT c.id, h.hop, h.agent, uuidv7() FROM claims c
CROSS JOIN (VALUES (1, '{OTHER}'::uuid), (1, '{NAMED}'::uuid), (2, '{NAMED}'::uuid)) h(hop, agent)
WHERE h.agent = '{OTHER}' OR h.hop = 2 OR c.statement LIKE '%3'"""
FILTERED = """query Q($id: ID!, $after: String, $before: String, $last: Int, $first: Int) {
  claims(filter: { agent: [$id] }, after: $after, before: $before, first: $first, last: $last) {
    edges { cursor node { id } }
  }
}"""
NESTED = """query Q($id: ID!, $after: String, $before: String, $last: Int, $first: Int) {
  agent(id: $id) {
    claims(after: $after, before: $before, first: $first, last: $last) { edges { cursor node { id } } }
  }
}"""


@pytest.fixture
async def named(clone: NewDatabase) -> AsyncIterator[asyncpg.Connection]:
    """Claims that all name an agent, some of them twice."""
    async with clone() as dsn:
        connection = await asyncpg.connect(dsn, server_settings={"random_page_cost": "1.1"})
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(
            "INSERT INTO agent (id, recorded_by, kind, name, party)"
            " SELECT u, uuidv7(), 'PERSON', u::text, u FROM unnest($1::uuid[]) u",
            [NAMED, OTHER],
        )
        await connection.execute(FILL)
        await connection.execute("VACUUM ANALYZE")
        yield connection
        await connection.close()


def compile_page(text: str, **variables: object) -> tuple[str, list[Any]]:
    statement, given = compile_text(text, {"id": f"agent_{NAMED}", **variables})
    return statement.sql, statement.bind(given, {"viewer": UUID(int=0)})


async def read_page(connection: asyncpg.Connection, text: str, **variables: object) -> list[tuple[str, str]]:
    """The ids of a page's claims, each with its cursor."""
    sql, values = compile_page(text, **variables)
    data = json.loads(await connection.fetchval(sql, *values))["data"]
    page = (data.get("agent") or data)["claims"]
    return [(edge["node"]["id"], edge["cursor"]) for edge in page["edges"]]


async def count_rows(connection: asyncpg.Connection, text: str, **variables: object) -> float:
    """The rows of tables and indexes that a page takes."""
    sql, values = compile_page(text, **variables)
    [explained] = json.loads(
        await connection.fetchval(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", *values)
    )

    def count(node: dict[str, Any]) -> float:
        own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) if "Relation Name" in node else 0
        return float(own * node["Actual Loops"]) + sum(map(count, node.get("Plans", [])))

    return count(explained["Plan"])


@pytest.mark.parametrize("text", [FILTERED, NESTED])
async def test_a_deep_page_takes_as_many_rows_as_the_first(named: asyncpg.Connection, text: str) -> None:
    ids = [f"claim_{row}" for (row,) in await named.fetch("SELECT id FROM claim ORDER BY id")]
    for place in (1, CLAIMS // 2, CLAIMS - PAGE):
        cursor = f"RECORDED.{ids[place - 1].removeprefix('claim_')}"
        assert await read_page(named, text, after=cursor, first=PAGE) == [
            (each, f"RECORDED.{each.removeprefix('claim_')}") for each in ids[place : place + PAGE]
        ]
        assert await count_rows(named, text, after=cursor, first=PAGE) < 10 * PAGE
    cursor = f"RECORDED.{ids[CLAIMS // 2].removeprefix('claim_')}"
    found = await read_page(named, text, before=cursor, last=PAGE)
    assert [each for each, _ in found] == ids[CLAIMS // 2 - PAGE : CLAIMS // 2]
    assert await count_rows(named, text, before=cursor, last=PAGE) < 10 * PAGE


async def test_all_are_counted_on_each_page(named: asyncpg.Connection) -> None:
    text = (
        "query Q($id: ID!, $after: String) { claims(filter: { agent: [$id] }, after: $after) { totalCount } }"
    )
    middle = await named.fetchval("SELECT id FROM claim ORDER BY id OFFSET $1 LIMIT 1", CLAIMS // 2)
    sql, values = compile_page(text, after=f"RECORDED.{middle}")
    assert json.loads(await named.fetchval(sql, *values)) == {"data": {"claims": {"totalCount": CLAIMS}}}


@pytest.mark.parametrize(
    ("terms", "alone"), [("DISPUTED", True), ("[DISPUTED]", True), ("[DISPUTED, CORROBORATED]", False)]
)
def test_one_status_is_told_from_several(terms: str, alone: bool) -> None:
    sql, _ = compile_page(
        f"query Q($id: ID!) {{ claims(filter: {{ agent: [$id], status: {terms} }}) {{ totalCount }} }}"
    )
    assert ("k.status = ANY(" in sql) is not alone
    assert ("k.status = (" in sql) is alone
