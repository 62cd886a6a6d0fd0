"""The world into a database, by plain SQL, in transactions that name who made them; then its amendments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from random import Random

import asyncpg

from app.models import metadata
from tests.compiler.records.assessments import ASSESSMENTS
from tests.compiler.records.claims import CLAIMS, RecordedClaim
from tests.compiler.records.crowd import (
    SEED,
    draw_agents,
    draw_assessments,
    draw_claims,
    draw_events,
    draw_questions,
    draw_sources,
)
from tests.compiler.records.derived import corroboration_of, end_of, party_of, publishers_of
from tests.compiler.records.keys import Row, key_of, recorded_at
from tests.compiler.records.people import AGENTS, RESEARCHERS, TOKENS
from tests.compiler.records.questions import EVENTS, QUESTIONS
from tests.compiler.records.sources import SOURCES

Tables = dict[str, dict[str, Row]]

_USUAL: Row = {
    "version": 1,
    "recorded_by": "ada",
    "aliases": [],
    "protected": False,
    "restricted": False,
    "hidden": False,
    "role": "RESEARCHER",
    "quote_status": "UNCHECKED",
}


@cache
def describe_world() -> Tables:
    """Every row by table and name, derived columns included."""
    random = Random(SEED)
    agents = AGENTS | draw_agents(random)
    speaking = [name for name in agents if name != "empty"]
    sources = SOURCES | draw_sources(random, speaking)
    events = EVENTS | draw_events(random)
    questions = QUESTIONS | draw_questions(random)
    claims = CLAIMS | draw_claims(random, speaking, list(sources))
    newest = {str(row["revises"]): name for name, row in sources.items() if "revises" in row}
    return {
        "researcher": RESEARCHERS,
        "token": TOKENS,
        "agent": {name: row | {"party": party_of(agents, name)} for name, row in agents.items()},
        "source": {
            name: row
            | {
                "newest_version": end_of({n: {"next": newest.get(n)} for n in sources}, "next", name),
                "publishers": publishers_of(agents, sources, name),
            }
            for name, row in sources.items()
        },
        "event": events,
        "question": {
            name: row | {"root": end_of(questions, "merged_into", name)} for name, row in questions.items()
        },
        "claim": {name: _claim_row(claim, questions) for name, claim in claims.items()},
        "attribution": _attribution_rows(claims),
        "corroboration": {
            name: corroboration_of(name, claim, agents, sources) for name, claim in claims.items()
        },
        "assessment": ASSESSMENTS
        | draw_assessments(random, [name for name in claims if name.startswith("crowd")], list(sources)),
    }


def _claim_row(claim: RecordedClaim, questions: Mapping[str, Row]) -> Row:
    if (question := claim.row.get("question")) is None:
        return claim.row
    return claim.row | {
        "question_kind": questions[str(question)]["kind"],
        "question_root": end_of(questions, "merged_into", str(question)),
    }


def _attribution_rows(claims: Mapping[str, RecordedClaim]) -> dict[str, Row]:
    return {
        f"{name} {hop} {speaker.agent}": {
            "claim": name,
            "hop": hop,
            "agent": speaker.agent,
            "cue": speaker.cue,
            "mode": speaker.mode,
            "channel": speaker.channel,
        }
        for name, claim in claims.items()
        for hop, speakers in enumerate(claim.hops, start=1)
        for speaker in speakers
    }


async def record_world(dsn: str) -> None:
    """Fill a migrated database. A researcher that is there already stays."""
    connection = await asyncpg.connect(dsn, server_settings={"TimeZone": "UTC"})
    try:
        tables = describe_world()
        for together in (
            ["researcher", "token"],
            ["agent", "source"],
            ["event", "question"],
            ["claim", "attribution", "corroboration"],
            ["assessment"],
        ):
            async with connection.transaction():
                await name_actor(connection, "ada", "the world is recorded" if "claim" in together else "")
                for table in together:
                    await insert_rows(connection, table, tables[table])
        await amend_world(connection)
        await insert_seals(connection)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def name_actor(connection: asyncpg.Connection, researcher: str | None, reason: str = "") -> None:
    """Read by the trigger that writes revisions. No researcher: a change made past the API."""
    actor = str(key_of("researcher", researcher)) if researcher else ""
    await connection.execute(
        "SELECT set_config('sayso.actor', $1, true), set_config('sayso.reason', $2, true)", actor, reason
    )


async def insert_rows(connection: asyncpg.Connection, table: str, rows: Mapping[str, Row]) -> None:
    """All rows in one statement, so that they may refer to each other."""
    columns = [column.name for column in metadata.tables[table].columns if not column.computed]
    listed = ", ".join(columns)
    await connection.execute(
        f"INSERT INTO {table} ({listed}) SELECT {listed} FROM jsonb_populate_recordset(NULL::{table}, $1)",
        json.dumps([_column_values(table, name, row) for name, row in rows.items()]),
    )


def _column_values(table: str, name: str, row: Row) -> Row:
    values: Row = {"id": str(key_of(table, name)), "recorded_at": recorded_at(table, name)} | _USUAL | row
    for column in metadata.tables[table].columns:
        targets = [key.column.table.name for key in column.foreign_keys if key.column.name == "id"]
        value = values.get(column.name)
        if targets and isinstance(value, str):
            values[column.name] = str(key_of(targets[0], value))
    return values


async def amend_world(connection: asyncpg.Connection) -> None:
    """What makes a history: amendments with and without reason and actor, hops that change, new figures."""
    for researcher, reason, table, name, change in (
        ("noor", "A better name.", "agent", "dod", "description = 'The Pentagon.', version = version + 1"),
        ("edit", "", "agent", "dod", "wikidata_id = 'Q11209', version = version + 1"),
        (None, "", "source", "article", "note = 'Read in print first. 👩🏽‍🚀', version = version + 1"),
        ("ada", "“Quoted” \\ reason", "event", "strikes", "place = 'القائم', version = version + 1"),
        ("ada", "", "question", "killed", "counted = 'the dead', version = version + 1"),
        ("noor", "", "claim", "at_least_25", "note = NULL, version = version + 1"),
        (
            "noor",
            "By mistake.",
            "claim",
            "restored",
            "withdrawn_at = now(), withdrawn_by = recorded_by, withdrawal_reason = 'Mistaken.'",
        ),
        (
            "ada",
            "Not by mistake.",
            "claim",
            "restored",
            "withdrawn_at = NULL, withdrawn_by = NULL, withdrawal_reason = NULL",
        ),
    ):
        async with connection.transaction():
            await name_actor(connection, researcher, reason)
            await connection.execute(f"UPDATE {table} SET {change} WHERE id = $1", key_of(table, name))
            if table == "claim":
                await _change_figures(connection, name, "lines_for = lines_for + 1, status = 'DISPUTED'")
    await _change_hops(connection)
    # A status that changed with no revision to name as its cause.
    async with connection.transaction():
        await _change_figures(connection, "two_dozen", "reports_against = reports_against + 3")


async def insert_seals(connection: asyncpg.Connection) -> None:
    """Two, of which one is the newest. They prove nothing: what reads them takes them as they stand."""
    await connection.execute(
        "INSERT INTO seal (last_revision, last_position, sealed_at, hash)"
        " SELECT id, id, '2020-01-05T10:00:00.25Z'::timestamptz + id * interval '1 min',"
        " sha256(convert_to(id::text, 'UTF8')) FROM revision WHERE id < 3 ORDER BY id"
    )


async def _change_figures(connection: asyncpg.Connection, claim: str, change: str) -> None:
    await connection.execute(f"UPDATE corroboration SET {change} WHERE claim = $1", key_of("claim", claim))


async def _change_hops(connection: asyncpg.Connection) -> None:
    """The second hop of `rehopped` goes and another agent comes for it; the first is amended."""
    claim = key_of("claim", "rehopped")
    async with connection.transaction():
        await name_actor(connection, "edit", "It was Reuters.")
        await connection.execute("DELETE FROM attribution WHERE claim = $1 AND hop = 2", claim)
        await insert_rows(
            connection,
            "attribution",
            {"rehopped": {"claim": "rehopped", "hop": 2, "agent": "reuters", "channel": "DOCUMENT"}},
        )
        await connection.execute(
            "UPDATE attribution SET cue = 'said', version = 2 WHERE claim = $1 AND hop = 1", claim
        )
        await _change_figures(connection, "rehopped", "reports_for = reports_for + 1")
