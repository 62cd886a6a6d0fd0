"""The schema of outsiders: as wide as the tables, and all that their role can reach."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import Database
from app.models.outsiders import SCHEMA
from app.models.roles import OUTSIDER
from app.permissions import Viewer
from app.services.inputs import Hop
from app.services.recomputation import recompute_everything
from tests.factories import make_agent, make_claim, make_question

COLUMNS = """
SELECT table_name, array_agg(column_name || ' ' || data_type ORDER BY column_name)
FROM information_schema.columns
WHERE table_schema = $1 GROUP BY table_name
"""
# What outsiders have no use for: columns that tell what outsiders see instead, and tables no query reads.
INSIDE = {
    "seal": [
        "complete_below bigint",
        "last_revision bigint",
        "newest_revision bigint",
        "next_transaction bigint",
        "previous_hash bytea",
    ],
    "token": ["hash bytea", "made_with uuid"],
    "corroboration": [
        "digest bytea",
        "lines_digest bytea",
        "outside_explanation text",
        "outside_lines jsonb",
        "outside_weakest_links jsonb",
    ],
}
UNREAD = {
    "act",
    "alembic_version",
    "idempotency_key",
    "identity",
    "imported",
    "redaction",
    "sealed_revision",
}


@pytest.fixture
async def insider(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def outsider(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn, server_settings={"role": OUTSIDER, "search_path": "public"})
    yield connection
    await connection.close()


async def test_each_table_has_its_view(insider: asyncpg.Connection) -> None:
    tables, views = [
        {row[0]: row[1] for row in await insider.fetch(COLUMNS, schema)} for schema in ("public", SCHEMA)
    ]
    assert views.keys() == tables.keys() - UNREAD
    for table, columns in views.items():
        assert sorted([*columns, *INSIDE.get(table, ())]) == tables[table], table


async def test_nothing_else_can_be_read(insider: asyncpg.Connection, outsider: asyncpg.Connection) -> None:
    relations = await insider.fetch(
        "SELECT relname FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')"
    )
    assert len(relations) > len(UNREAD)
    for (relation,) in relations:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await outsider.fetch(f"SELECT * FROM public.{relation} LIMIT 1")


async def test_an_explanation_that_did_not_follow_is_not_shown(
    database: Database, connection: AsyncConnection, viewer: Viewer
) -> None:
    agent = await make_agent(database, viewer, name="Ali Hassan")
    await make_claim(database, viewer, said_by=[agent])
    sql = "SELECT to_json(explanation)::varchar FROM corroboration"
    said = await database.fetch_json(sql, [], outside=True)
    assert b"goes back to Ali Hassan" in said
    # Past the services, as a server of the version before could.
    await connection.execute(text("UPDATE agent SET protected = true, pseudonym = 'a clerk'"))
    assert await database.fetch_json(sql, [], outside=True) == b'"Uncorroborated."'
    assert await database.fetch_json(sql, []) == said


async def test_an_explanation_that_names_another_is_not_shown_either(
    database: Database, connection: AsyncConnection, viewer: Viewer
) -> None:
    """It has the pseudonym of one of the two already, when the other is protected in psql."""
    clerk = await make_agent(database, viewer, name="Ali Hassan", protected=True, pseudonym="a clerk")
    other = await make_agent(database, viewer, name="Omar Said")
    question = await make_question(database, viewer)
    hops = (Hop((clerk, other)),)
    for quantity, day in (("19", "2020-01-01"), ("25", "2020-01-02")):
        await make_claim(database, viewer, question=question, quantity=quantity, asserted=day, hops=hops)
    sql = "SELECT to_json(explanation)::varchar FROM corroboration ORDER BY claim LIMIT 1"
    assert b"a clerk and Omar Said later said" in await database.fetch_json(sql, [], outside=True)
    await connection.execute(text("SELECT set_config('sayso.actor', '', true)"))
    await connection.execute(
        text("UPDATE agent SET protected = true, pseudonym = 'a guard' WHERE id = :id"), {"id": other}
    )
    assert await database.fetch_json(sql, [], outside=True) == b'"Outdated."'
    await recompute_everything(database, check=False)
    assert b"a clerk and a guard later said" in await database.fetch_json(sql, [], outside=True)


async def test_what_lets_somebody_in_is_not_there(outsider: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.UndefinedColumnError):
        await outsider.fetch("SELECT hash FROM outside.token")


async def test_nobody_is_told_whom_to_write_to(
    insider: asyncpg.Connection, outsider: asyncpg.Connection
) -> None:
    await insider.execute("INSERT INTO researcher (name, email) VALUES ('Nadia', 'nadia@example.org')")
    found = await outsider.fetch("SELECT email FROM outside.researcher WHERE name = 'Nadia'")
    assert [email for (email,) in found] == [None]


async def test_nothing_can_be_written(outsider: asyncpg.Connection) -> None:
    for refused in (
        "DELETE FROM outside.agent",
        "UPDATE outside.claim SET statement = 'x'",
        "INSERT INTO outside.event (title) VALUES ('x')",
        "CREATE TABLE public.mine ()",
        "CREATE VIEW outside.mine AS SELECT 1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await outsider.execute(refused)
