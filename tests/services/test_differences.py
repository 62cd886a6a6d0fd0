"""Rows of corroboration: told apart by their digests, and written only where they came out otherwise."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.database import Database
from app.domain.vocabulary import Basis
from app.permissions import NOBODY, Viewer
from app.services.corroboration import evaluate
from app.services.differences import SAVE
from app.services.digests import Digests, find_digests
from app.services.outcomes import LARGE, Outcome, spell
from app.services.recomputation import recompute_everything
from app.services.records import load_record
from tests.factories import make_agent, make_assessment, make_claim, make_question, make_source
from tests.services.reading import read_corroboration, read_rows

VERSIONS = "SELECT claim, xmin::text || ' ' || ctid::text AS version FROM corroboration"


async def read_versions(database: Database) -> dict[str, str]:
    """The version of each row, as Postgres tells them."""
    return {row["claim"]: row["version"] for row in await read_rows(database, VERSIONS)}


async def alter(database: Database, statement: str, **values: Any) -> None:
    async def work(session: Any) -> None:
        await session.execute(text(statement), values)

    await database.write(NOBODY, work)


async def fill(database: Database, viewer: Viewer, claims: int) -> UUID:
    """A question with some origins that answer it, a few assessments and a restricted source."""
    question = await make_question(database, viewer)
    agents = [await make_agent(database, viewer) for _ in range(4)]
    hidden = await make_source(database, viewer, restricted=True)
    made = [
        await make_claim(
            database,
            viewer,
            question=question,
            quantity=("25", "at least 28", "about 30")[number % 3],
            said_by=[agents[number % 4]],
            source=hidden if number == 2 else None,
        )
        for number in range(claims)
    ]
    await make_assessment(database, viewer, claim=made[0], evidence_claim=made[1])
    return question


async def evaluate_question(database: Database, question: UUID) -> dict[UUID, Outcome]:
    record, targets = await database.write(NOBODY, lambda session: load_record(session, [question]))
    return evaluate(record, targets)


@pytest.mark.parametrize("claims", [9, LARGE + 1])
async def test_a_write_leaves_the_rows_alone_that_stay_as_they_are(
    database: Database, viewer: Viewer, claims: int
) -> None:
    question = await fill(database, viewer, claims)
    before, stood = await read_versions(database), await read_corroboration(database)
    quiet = await make_claim(
        database, viewer, question=question, quantity="at least 26", basis=Basis.UNATTRIBUTED
    )
    after, stands = await read_versions(database), await read_corroboration(database)
    altered = {claim for claim in before if before[claim] != after[claim]}
    assert altered == {claim for claim in before if stood[claim] != stands[claim]}
    assert 0 < len(altered) < claims, "those that it conflicts with, and no other"
    assert after.keys() - before.keys() == {str(quiet)}
    for claim in before:
        same = [stood[claim][name] == stands[claim][name] for name in ("lines", "outside_lines")]
        assert all(same) == (stood[claim]["lines_digest"] == stands[claim]["lines_digest"])
    assert await recompute_everything(database, check=True) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE corroboration SET reports_for = 7, explanation = 'so they say'",
        'UPDATE corroboration SET lines = \'{"FOR": [], "AGAINST": []}\'',
        "UPDATE corroboration SET outside_explanation = 'so they say' WHERE claim = :claim",
    ],
)
async def test_a_row_that_was_changed_without_its_digests_is_written_again(
    database: Database, viewer: Viewer, statement: str
) -> None:
    question = await fill(database, viewer, 6)
    before = await read_corroboration(database)
    some = UUID(next(iter(before)))
    await alter(database, statement, **({"claim": some} if ":claim" in statement else {}))
    assert await recompute_everything(database, check=True) != []
    await make_claim(database, viewer, question=question, quantity="at least 26", basis=Basis.UNATTRIBUTED)
    assert await recompute_everything(database, check=True) == []
    assert all(row["digest"] and row["lines_digest"] for row in (await read_corroboration(database)).values())


async def test_outcomes_have_the_same_digests_exactly_if_they_make_the_same_row(
    database: Database, viewer: Viewer
) -> None:
    question = await fill(database, viewer, 24)
    outcomes = await evaluate_question(database, question)
    digests = find_digests(outcomes)
    lines: dict[bytes | None, set[str]] = defaultdict(set)
    rest: dict[bytes | None, set[str]] = defaultdict(set)
    for claim, outcome in outcomes.items():
        row = spell(outcome)
        lines[digests[claim].lines].add(json.dumps([row.pop("lines"), row.pop("outside_lines")]))
        rest[digests[claim].rest].add(json.dumps(row))
    for found in (lines, rest):
        assert len(found) > 1
        assert all(len(rows) == 1 for rows in found.values())
        assert len(set.union(*found.values())) == len(found)


async def test_digests_do_not_depend_on_what_is_evaluated_beside(database: Database, viewer: Viewer) -> None:
    question = await fill(database, viewer, 12)
    outcomes = await evaluate_question(database, question)
    alone: dict[UUID, Digests] = {}
    for claim, outcome in (await evaluate_question(database, question)).items():
        alone |= find_digests({claim: outcome})
    assert alone == find_digests(outcomes)
    stored = await read_corroboration(database)
    for claim, (rest, lines) in alone.items():
        row = stored[str(claim)]
        assert rest is not None
        assert lines is not None
        assert (row["digest"], row["lines_digest"]) == (f"\\x{rest.hex()}", f"\\x{lines.hex()}")


async def test_rows_are_found_by_key_however_many_there_are(database: Database, viewer: Viewer) -> None:
    await make_claim(database, viewer)

    async def explain(session: Any) -> list[str]:
        # Of a table as small as a test's everything is read anyway.
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        given = {"claims": [UUID(int=1)], "changes": "[]", "additions": "[]"}
        rows = await session.execute(text(f"EXPLAIN {SAVE.text}"), given)
        return list(rows.scalars())

    plan = await database.write(NOBODY, explain)
    scans = [number for number, line in enumerate(plan) if " on corroboration k" in line]
    looked_up = [line for line in plan if "Index Cond: (claim = ANY (" in line]
    assert len([number for number in scans if "Scan" in plan[number]]) == len(looked_up) == 1
