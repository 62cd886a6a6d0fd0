"""The claims that a question had at a moment: found by those it has, and by those that were moved from it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.compiler.compiling import compile_text
from tests.conftest import NewDatabase

CLAIMS, QUESTIONS = 3_000, 100
ONE, TWO = (UUID(int=n << 80 | 7 << 76 | 2 << 62) for n in (1, 2))
FILL = f"""INSERT INTO claim (recorded_by, source, statement, quote_exact, basis, polarity, question_kind,
    question, question_root)
SELECT uuidv7(), uuidv7(), 'It was so ' || n, 'so ' || n, 'UNATTRIBUTED', 'ASSERTS', 'YES_NO', q, q
FROM generate_series(1, {CLAIMS}) n
CROSS JOIN LATERAL (
    SELECT CASE n % {QUESTIONS} WHEN 1 THEN '{ONE}'::uuid WHEN 2 THEN '{TWO}' ELSE uuidv7() END
) a(q)"""
LOGGED = """INSERT INTO revision (table_name, row_id, subject, operation, after)
SELECT 'claim', id, id, 'INSERT', to_jsonb(claim) - 'words' FROM claim ORDER BY id"""
MOVED = """WITH moved AS (
    UPDATE claim c SET question = $2 FROM claim o WHERE o.id = c.id AND c.id = $1
    RETURNING c.id, to_jsonb(o) - 'words' AS before, to_jsonb(c) - 'words' AS after
)
INSERT INTO revision (table_name, row_id, subject, operation, before, after)
SELECT 'claim', id, id, 'UPDATE', before, after FROM moved"""
ENDED = """INSERT INTO act (first_revision)
SELECT min(id) FROM revision WHERE transaction = pg_current_xact_id()::text"""
ASKED = """query Q($question: ID!, $then: DateTime!) {
  claims(asOf: $then, filter: { question: [$question] }, first: 100) { edges { node { id } } }
}"""


@pytest.fixture
async def logged(clone: NewDatabase) -> AsyncIterator[asyncpg.Connection]:
    """Claims on many questions, with the log of how they were recorded."""
    async with clone() as dsn:
        connection = await asyncpg.connect(dsn, server_settings={"random_page_cost": "1.1"})
        await connection.execute("SET session_replication_role = replica")
        async with connection.transaction():
            await connection.execute(FILL)
            await connection.execute(LOGGED)
            await connection.execute(ENDED)
        await connection.execute("VACUUM ANALYZE")
        yield connection
        await connection.close()


async def move(connection: asyncpg.Connection, claim: UUID, question: UUID) -> None:
    async with connection.transaction():
        await connection.execute(MOVED, claim, question)
        await connection.execute(ENDED)


def compile_asked(question: UUID, then: datetime) -> tuple[str, list[Any]]:
    variables = {"question": f"question_{question}", "then": then.isoformat()}
    statement, given = compile_text(ASKED, variables)
    return statement.sql, statement.bind(given, {"viewer": UUID(int=0)})


async def read_claims(connection: asyncpg.Connection, question: UUID, then: datetime) -> set[UUID]:
    sql, values = compile_asked(question, then)
    edges = json.loads(await connection.fetchval(sql, *values))["data"]["claims"]["edges"]
    return {UUID(edge["node"]["id"].removeprefix("claim_")) for edge in edges}


async def count_rows(connection: asyncpg.Connection, question: UUID, then: datetime) -> float:
    """The rows of tables and indexes that the answer takes."""
    sql, values = compile_asked(question, then)
    [explained] = json.loads(
        await connection.fetchval(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", *values)
    )

    def count(node: dict[str, Any]) -> float:
        own = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) if "Relation Name" in node else 0
        return float(own * node["Actual Loops"]) + sum(map(count, node.get("Plans", [])))

    return count(explained["Plan"])


async def test_a_question_has_what_it_had(logged: asyncpg.Connection) -> None:
    had = "SELECT id FROM claim WHERE question = $1"
    ones, twos = [{row for (row,) in await logged.fetch(had, question)} for question in (ONE, TWO)]
    moved, back = sorted(ones)[:2]
    moments = [await logged.fetchval("SELECT clock_timestamp()")]
    for claim, question in ((moved, TWO), (back, TWO), (back, ONE)):
        await move(logged, claim, question)
        moments.append(await logged.fetchval("SELECT clock_timestamp()"))
    await logged.execute("VACUUM ANALYZE revision")

    expected = [
        (ones, twos),
        (ones - {moved}, twos | {moved}),
        (ones - {moved, back}, twos | {moved, back}),
        (ones - {moved}, twos | {moved}),
    ]
    for moment, each in zip(moments, expected, strict=True):
        assert (await read_claims(logged, ONE, moment), await read_claims(logged, TWO, moment)) == each
        # Each claim twice, its images and their acts; and not one of the others.
        assert await count_rows(logged, ONE, moment) < 12 * len(ones) < CLAIMS
