"""The log is written by the database, so that psql leaves a trace as well as a service does."""

from __future__ import annotations

import hashlib
from typing import Any

import asyncpg
import pytest

from app.models.log import LOGGED_TABLES
from tests.models.rows import NEW, VALID, A, C, D, R, S, insert

EVERYTHING = "SELECT * FROM revision ORDER BY id"
DERIVED_TABLES = {"corroboration", "status_change"}
THE_LOG = {"revision", "act", "sealed_revision", "seal"}
UNLOGGED_TABLES = DERIVED_TABLES | THE_LOG | {"idempotency_key", "imported"}


async def newest(connection: asyncpg.Connection) -> dict[str, Any]:
    row = await connection.fetchrow("SELECT * FROM revision ORDER BY id DESC LIMIT 1")
    assert row is not None
    return dict(row)


@pytest.mark.parametrize("table", LOGGED_TABLES)
async def test_a_row_written_by_hand_is_logged(raw: asyncpg.Connection, table: str) -> None:
    before = await raw.fetchval("SELECT max(id) FROM revision")
    await raw.execute(insert(table, VALID[table] | {"id": NEW}))
    revision = await newest(raw)
    row = await raw.fetchval(f"SELECT to_jsonb(t) FROM {table} t WHERE id = {NEW}")

    assert revision["id"] > before
    assert (revision["table_name"], revision["operation"]) == (table, "INSERT")
    assert str(revision["row_id"]) == NEW.strip("'")
    subject, *derived = LOGGED_TABLES[table]
    assert str(revision["subject"]) == row[subject]
    assert revision["before"] is None
    assert revision["after"] == {column: value for column, value in row.items() if column not in derived}


async def test_every_table_is_logged_or_known_not_to_be(raw: asyncpg.Connection) -> None:
    tables = await raw.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    )
    assert {row[0] for row in tables} == LOGGED_TABLES.keys() | UNLOGGED_TABLES | {"alembic_version"}


async def test_a_change_is_logged_with_what_stood_before(raw: asyncpg.Connection) -> None:
    await raw.execute(f"UPDATE agent SET name = 'Rouhani', version = 2 WHERE id = {A}")
    revision = await newest(raw)
    assert revision["operation"] == "UPDATE"
    changed = {name for name, value in revision["after"].items() if revision["before"][name] != value}
    assert changed == {"name", "version"}
    assert revision["before"]["name"] == "Hassan Rouhani"
    assert (revision["actor"], revision["reason"]) == (None, None)


async def test_a_deletion_is_logged_with_the_row_that_went(raw: asyncpg.Connection) -> None:
    await raw.execute("DELETE FROM assessment")
    revision = await newest(raw)
    assert (revision["operation"], revision["after"]) == ("DELETE", None)
    assert revision["before"]["rationale"] == "It says so."


async def test_a_hop_belongs_to_its_claim(raw: asyncpg.Connection) -> None:
    await raw.execute(f"UPDATE attribution SET cue = 'said' WHERE claim = {C}")
    revision = await newest(raw)
    assert str(revision["subject"]) == C.strip("'")
    assert revision["row_id"] != revision["subject"]


async def test_a_service_says_who_and_why(committed: asyncpg.Connection) -> None:
    async with committed.transaction():
        await committed.execute(
            f"SELECT set_config('sayso.actor', {R}, true), set_config('sayso.reason', 'A typo', true)"
        )
        await committed.execute("UPDATE event SET title = 'An air strike'")
    revision = await newest(committed)
    assert (str(revision["actor"]), revision["reason"]) == (R.strip("'"), "A typo")
    # Both end with the transaction: what the connection does next is not theirs.
    await committed.execute("UPDATE event SET title = 'A strike'")
    assert (await newest(committed))["actor"] is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE agent SET name = name",
        f"UPDATE claim SET quote_status = 'PRESENT' WHERE id = {C}",
        f"UPDATE source SET newest_version = id, publishers = ARRAY[{A}::uuid]",
        f"UPDATE agent SET party = id WHERE id = {A}",
        "UPDATE token SET last_used_at = now()",
        "UPDATE corroboration SET explanation = 'Another'",
    ],
)
async def test_what_is_derived_is_not_logged(raw: asyncpg.Connection, change: str) -> None:
    before = await raw.fetch(EVERYTHING)
    assert await raw.execute(change) != "UPDATE 0"
    assert await raw.fetch(EVERYTHING) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE revision SET reason = 'Another' WHERE id = 1",
        "DELETE FROM revision WHERE id = 1",
        "UPDATE revision SET reason = 'Nobody' WHERE false",
        "TRUNCATE revision CASCADE",
        *(f"TRUNCATE {table} CASCADE" for table in ("seal", "sealed_revision")),
        *(f"DELETE FROM {table}" for table in ("seal", "sealed_revision")),
        *(f"UPDATE {table} SET hash = hash" for table in ("seal", "sealed_revision")),
        *(f"TRUNCATE {table} CASCADE" for table in LOGGED_TABLES),
    ],
)
async def test_the_log_is_append_only(raw: asyncpg.Connection, change: str) -> None:
    before = await raw.fetch(EVERYTHING)
    with pytest.raises(asyncpg.RestrictViolationError, match="is refused"):
        async with raw.transaction():
            await raw.execute(change)
    assert await raw.fetch(EVERYTHING) == before


async def test_an_id_of_the_log_is_nobodys_choice(raw: asyncpg.Connection) -> None:
    row = VALID["revision"]
    with pytest.raises(asyncpg.GeneratedAlwaysError):
        await raw.execute(insert("revision", row | {"id": "1000000"}))


async def test_one_transaction_has_one_mark(committed: asyncpg.Connection) -> None:
    await committed.execute(
        f"BEGIN; UPDATE event SET title = 'X'; UPDATE agent SET name = 'Y' WHERE id = {A}; COMMIT"
    )
    await committed.execute("UPDATE event SET title = 'Z'")
    marks = await committed.fetch("SELECT transaction FROM revision ORDER BY id DESC LIMIT 3")
    third, second, first = (row[0] for row in marks)
    assert first == second != third


async def test_each_status_is_kept_with_the_revision_that_brought_it(raw: asyncpg.Connection) -> None:
    async with raw.transaction():
        await raw.execute(f"UPDATE claim SET statement = 'It was not so' WHERE id = {D}")
        await raw.execute(
            f"UPDATE corroboration SET status = 'DISPUTED', lines_against = 1 WHERE claim = {C}"
        )
        # The words of the explanation alone are no change of status.
        await raw.execute(f"UPDATE corroboration SET explanation = 'Two lines' WHERE claim = {C}")
    cause = (await newest(raw))["id"]
    changes = await raw.fetch(
        f"SELECT status, lines_for, lines_against, revision FROM status_change WHERE claim = {C} ORDER BY id"
    )
    assert [tuple(row)[:3] for row in changes] == [("UNCORROBORATED", 1, 0), ("DISPUTED", 1, 1)]
    assert changes[1]["revision"] == cause


async def test_of_the_rows_of_a_statement_those_are_kept_whose_figures_changed(
    raw: asyncpg.Connection,
) -> None:
    seen = await raw.fetchval("SELECT max(id) FROM status_change")
    rows = "SELECT claim, status, lines_for, revision FROM status_change WHERE id > $1 ORDER BY claim"
    await raw.execute(
        f"UPDATE corroboration SET lines_for = lines_for + CASE WHEN claim = {C} THEN 1 ELSE 0 END"
    )
    assert [tuple(row)[1:3] for row in await raw.fetch(rows, seen)] == [("UNCORROBORATED", 2)]
    await raw.execute("UPDATE corroboration SET status = 'DISPUTED'")
    await raw.execute("UPDATE corroboration SET status = 'DISPUTED' WHERE false")
    changed = (await raw.fetch(rows, seen))[1:]
    assert [str(row["claim"]) for row in changed] == [C.strip("'"), D.strip("'")]
    assert {row["status"] for row in changed} == {"DISPUTED"}


@pytest.mark.parametrize("text", ["A text.", "", "Çınarın \N{PILE OF POO}", "a\r\nb"])
async def test_the_hash_of_a_text_is_its_sha256(raw: asyncpg.Connection, text: str) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    # Whatever the writer says it is.
    await raw.execute(f"UPDATE source SET text = $1, text_sha256 = 'forged' WHERE id = {S}", text)
    assert await raw.fetchval(f"SELECT text_sha256 FROM source WHERE id = {S}") == digest
    await raw.execute(f"UPDATE source SET text_sha256 = 'forged' WHERE id = {S}")
    assert await raw.fetchval(f"SELECT text_sha256 FROM source WHERE id = {S}") == digest
    await raw.execute(f"UPDATE source SET text = NULL WHERE id = {S}")
    assert await raw.fetchval(f"SELECT text_sha256 FROM source WHERE id = {S}") is None
