"""Recomputation from nothing: it finds what was tampered with, and nothing else, and sets it right."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from app.database import Database
from app.domain.corroboration import RULE_VERSION
from app.permissions import NOBODY, Viewer
from app.services import recomputation
from app.services.corroboration import recomputed_later
from app.services.merges import merge_agents, merge_questions
from app.services.recomputation import HAS_OLDER, Difference, recompute_everything
from app.services.sources import SourceRevision, revise_source
from tests.factories import (
    Within,
    make_agent,
    make_assessment,
    make_claim,
    make_question,
    make_source,
    perform,
)
from tests.services.reading import count_rows, read_corroboration, read_rows


async def fill(database: Database, viewer: Viewer) -> list[UUID]:
    """A little of everything; the claims."""
    owner = await make_agent(database, viewer)
    agents = [await make_agent(database, viewer, part_of=owner) for _ in range(2)]
    agents.append(await make_agent(database, viewer))
    await perform(database, viewer, merge_agents, agents[1], agents[2], "r")
    questions = [await make_question(database, viewer) for _ in range(3)]
    await perform(database, viewer, merge_questions, questions[1], questions[2], "r")
    source = await make_source(database, viewer, publisher=agents[0], text="25 died")
    await make_source(database, viewer, reprints=source)
    claims = [
        await make_claim(database, viewer, question=question, quantity=words, said_by=[agent])
        for question, words, agent in zip(questions, ["25", "28", "about 30"], agents, strict=True)
    ]
    claims.append(await make_claim(database, viewer, source=source, quote="25"))
    await make_assessment(database, viewer, claim=claims[0], evidence_claim=claims[3])
    await perform(database, viewer, revise_source, source, SourceRevision(text="28 died"))
    return claims


async def tamper(database: Database, *statements: str) -> None:
    async def work(session: Any) -> None:
        for statement in statements:
            await session.execute(text(statement))

    await database.write(NOBODY, work)


async def test_nothing_differs_after_services(database: Database, viewer: Viewer) -> None:
    await fill(database, viewer)
    changes = await count_rows(database, "status_change")
    assert await recompute_everything(database, check=True) == []
    assert await recompute_everything(database, check=False) == []
    assert await count_rows(database, "status_change") == changes


@pytest.mark.parametrize(
    ("statement", "columns"),
    [
        ("UPDATE agent SET party = id WHERE part_of IS NOT NULL AND merged_into IS NULL", {"party"}),
        ("UPDATE agent SET party = id WHERE merged_into IS NOT NULL", {"party"}),
        ("UPDATE source SET newest_version = id", {"newest_version"}),
        ("UPDATE source SET publishers = '{}' WHERE reprints IS NOT NULL", {"publishers"}),
        ("UPDATE question SET root = id", {"root"}),
        ("UPDATE claim SET quote_status = 'PRESENT'", {"quote_status"}),
        ("UPDATE corroboration SET status = 'OUTDATED'", {"status"}),
        ("UPDATE corroboration SET explanation = 'because'", {"explanation"}),
        ("UPDATE corroboration SET chain = '{}', origins = '{}'", {"chain", "origins"}),
        (
            "UPDATE corroboration SET lines = '{}', weakest_links = '[]', named = '[\"x\"]'",
            {"lines", "weakest_links", "named"},
        ),
        ("UPDATE corroboration SET rule_version = 0, live = NOT live", {"rule_version", "live"}),
    ],
)
async def test_what_was_tampered_with_is_found_and_set_right(
    database: Database, viewer: Viewer, statement: str, columns: set[str]
) -> None:
    await fill(database, viewer)
    before = await read_corroboration(database)
    await tamper(database, statement)
    found = await recompute_everything(database, check=True)
    assert {difference.column for difference in found} == columns
    assert await recompute_everything(database, check=True) == found, "checking writes nothing"
    assert await recompute_everything(database, check=False) == found
    assert await recompute_everything(database, check=True) == []
    assert await read_corroboration(database) == before


def spelled(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its digests: it may have none, and is then written again in time."""
    return {name: value for name, value in row.items() if "digest" not in name}


@pytest.mark.parametrize("shown", [True, False])
async def test_what_is_hidden_is_worked_out_again(
    committed_database: Database, viewer: Viewer, dsn: str, shown: bool
) -> None:
    """Triggers keep it; who owns the tables can do without them."""
    database = committed_database
    question = await make_question(database, viewer)
    source = await make_source(database, viewer, restricted=True)
    reprint = await make_source(database, viewer, reprints=source)
    inside = await make_claim(database, viewer, source=reprint, question=question, quantity="25")
    alone = await make_claim(database, viewer, question=question, quantity="25", restricted=True)
    seen = await make_claim(database, viewer, question=question, quantity="25")
    before = await read_corroboration(database)
    tampered = {("source", reprint), ("claim", inside), ("claim", alone)} if shown else {("claim", seen)}
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute("SET session_replication_role = replica")
        for table, key in tampered:
            await owner.execute(f"UPDATE {table} SET hidden = NOT hidden WHERE id = $1", key)
            await owner.execute("UPDATE corroboration SET hidden = NOT hidden WHERE claim = $1", key)
    finally:
        await owner.close()
    found = await recompute_everything(database, check=True)
    told = {(difference.table, difference.row) for difference in found if difference.column == "hidden"}
    # The claim in the reprint agrees with it, as that stands.
    assert told == tampered - {("claim", inside)}
    await recompute_everything(database, check=False)
    assert await recompute_everything(database, check=True) == []
    after = await read_corroboration(database)
    assert [spelled(row) for row in after.values()] == [spelled(before[claim]) for claim in after]
    hidden = await read_rows(database, "SELECT id FROM claim WHERE hidden ORDER BY id")
    assert {UUID(row["id"]) for row in hidden} == {inside, alone}


async def test_the_bounds_of_hops_are_taken_again(
    committed_database: Database, viewer: Viewer, dsn: str
) -> None:
    """Triggers keep them too."""
    database = committed_database
    question = await make_question(database, viewer)
    said_by = [await make_agent(database, viewer) for _ in range(2)]
    await make_claim(database, viewer, question=question, quantity="25", said_by=said_by)
    await make_claim(database, viewer, said_by=said_by[:1])
    hops = "SELECT id, bounds FROM attribution ORDER BY id"
    before = await read_rows(database, hops)
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute("SET session_replication_role = replica")
        await owner.execute(
            "UPDATE attribution SET bounds = CASE WHEN bounds IS NULL THEN '[1,2]'::numrange END"
        )
    finally:
        await owner.close()
    found = await recompute_everything(database, check=True)
    assert [(f"{each.row}", each.table, each.column) for each in found] == [
        (row["id"], "attribution", "bounds") for row in before
    ]
    assert {(each.stored, each.computed) for each in found} == {(None, "[25,25]"), ("[1,2]", None)}
    assert await recompute_everything(database, check=False) == found
    assert await recompute_everything(database, check=True) == []
    assert await read_rows(database, hops) == before


async def test_a_claim_under_the_wrong_root_comes_back(database: Database, viewer: Viewer) -> None:
    claims = await fill(database, viewer)
    before = await read_corroboration(database)
    await tamper(database, "UPDATE claim SET question_root = question WHERE question IS NOT NULL")
    found = await recompute_everything(database, check=True)
    assert (claims[1], "question_root") in {(difference.row, difference.column) for difference in found}
    await recompute_everything(database, check=False)
    assert await recompute_everything(database, check=True) == []
    assert await read_corroboration(database) == before


async def test_a_missing_row_is_found(database: Database, viewer: Viewer) -> None:
    claims = await fill(database, viewer)
    before = await read_corroboration(database)

    async def work(session: Any) -> None:
        await session.execute(text("SET LOCAL ROLE NONE"))  # the application may not
        await session.execute(text("DELETE FROM corroboration WHERE claim = :claim"), {"claim": claims[3]})
        # The foreign key is met at the end of the transaction: look before.
        (row,) = await session.scalars(text("SELECT count(*) FROM corroboration"))
        assert row == 3
        found = await recomputation._find_corroboration(session, [claims[3]], False)
        assert found == [Difference("corroboration", claims[3], "claim", None, str(claims[3]))]

    await database.write(NOBODY, work)
    assert await read_corroboration(database) == before


async def test_progress_reaches_the_whole_in_steps(
    database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(database, viewer)
    monkeypatch.setattr(recomputation, "STEP", 2)
    monkeypatch.setattr(recomputation, "CLAIMS", 1)
    told: list[tuple[int, int]] = []
    await recompute_everything(database, check=True, on_progress=lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert len({total for _, total in told}) == 1
    assert told[-1][0] == told[-1][1]
    assert len(told) > 15


async def test_an_interrupted_run_is_begun_again(
    committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(committed_database, viewer)
    before = await read_corroboration(committed_database)
    await tamper(
        committed_database, "UPDATE agent SET party = id", "UPDATE corroboration SET status = 'DISPUTED'"
    )
    monkeypatch.setattr(recomputation, "CLAIMS", 1)
    halted: list[int] = []

    def stop(done: int, total: int) -> None:
        halted.append(total - done)
        if total - done < 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await recompute_everything(committed_database, check=False, on_progress=stop)
    assert halted[-1] > 0
    left = await recompute_everything(committed_database, check=False)
    assert left
    assert "party" not in {difference.column for difference in left}
    assert await read_corroboration(committed_database) == before


async def test_checking_while_others_write_finds_nothing(
    committed_database: Database, viewer: Viewer
) -> None:
    await fill(committed_database, viewer)
    question = await make_question(committed_database, viewer)

    async def write() -> None:
        for words in ("25", "28", "about 30", "19", "at least 25"):
            await make_claim(committed_database, viewer, question=question, quantity=words)

    async def check() -> list[Difference]:
        return [d for _ in range(3) for d in await recompute_everything(committed_database, check=True)]

    _, found = await asyncio.gather(write(), check())
    assert found == []


async def test_what_is_recomputed_later_comes_out_the_same(database: Database, viewer: Viewer) -> None:
    question = await make_question(database, viewer)
    agents = [await make_agent(database, viewer) for _ in range(3)]

    async def work(session: Any) -> None:
        async with recomputed_later(session):
            inner = Within(session)
            for agent, words in zip(agents * 2, ["25", "28", "at least 25"] * 2, strict=True):
                claim = await make_claim(inner, viewer, question=question, quantity=words, said_by=[agent])
            await make_assessment(inner, viewer, claim=claim)
            await perform(inner, viewer, merge_agents, agents[0], agents[1], "r")
            rows = await session.scalars(text("SELECT count(*) FROM corroboration"))
            assert list(rows) == [0]

    await database.write(viewer.researcher, work)
    assert await count_rows(database, "corroboration") == 6
    assert await recompute_everything(database, check=True) == []
    # Each claim has one entry of history: what it was when the transaction ended.
    sql = "SELECT claim FROM status_change GROUP BY claim HAVING count(*) > 1"
    assert await read_rows(database, sql) == []


async def test_whether_the_rule_was_older_is_found_among_what_is(dsn: str) -> None:
    """By the index that has nothing else, also where Postgres last counted when all were older."""
    rows = 3_000
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SET session_replication_role = replica")  # no claims, no log
        await connection.execute(f"""
            INSERT INTO corroboration (claim, status, live, lines_for, lines_against, lines_exact,
                reports_for, reports_against, lines, weakest_links, explanation, named, rule_version)
            SELECT gen_random_uuid(), 'DISPUTED', true, 0, 0, true, 0, 0, '{{}}', '[]', '', '[]',
                {RULE_VERSION - 1} FROM generate_series(1, {rows})""")
        await connection.execute("VACUUM ANALYZE corroboration")
        assert await connection.fetchval(HAS_OLDER) == "true"
        await connection.execute(f"UPDATE corroboration SET rule_version = {RULE_VERSION}")
        assert await connection.fetchval(HAS_OLDER) == "false"
        plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {HAS_OLDER}"))
        assert "Index Only Scan using corroboration_older_rule_idx" in plan
    finally:
        await connection.close()


async def test_an_error_among_many_writes_recomputes_nothing(database: Database, viewer: Viewer) -> None:
    async def work(session: Any) -> None:
        async with recomputed_later(session):
            raise LookupError

    with pytest.raises(LookupError):
        await database.write(viewer.researcher, work)
    await make_claim(database, viewer)
    assert await count_rows(database, "corroboration") == 1
