"""One byte altered anywhere past the log is found, whoever alters it; and a row put in or taken out."""

from __future__ import annotations

import random
import string
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from hypothesis import settings

from app.database import connect
from app.domain.seals import NO_HASH
from app.models import metadata
from app.models.log import LOGGED_TABLES
from app.services.sealing import seal_log
from app.services.verification import Verification, verify_log, verify_on
from tests.conftest import NewDatabase
from tests.models.rows import SEED, A, R

LOG = ("revision", "act", "sealed_revision", "seal", "status_change")
# Only orders what subscriptions are told; a restore clears it.
UNSEALED = {("status_change", "transaction")}
COLUMNS = [
    (table, column.name)
    for table in (*LOGGED_TABLES, *LOG)
    for column in metadata.tables[table].columns
    if column.name not in LOGGED_TABLES.get(table, ())[1:] and (table, column.name) not in UNSEALED
]
# Rows of each column that are tried.
TRIES = settings.default.max_examples // 60 if settings.default else 1


MORE = f"""
UPDATE event SET place = 'Баграм "x"', latitude = 33.3, longitude = 4e-7;
INSERT INTO agent (party, recorded_by, kind, name) VALUES ({A}, {R}, 'PERSON', 'x');
DELETE FROM agent WHERE name = 'x';
UPDATE agent SET aliases = ARRAY['one', 'two'];
"""


@pytest.fixture(scope="module")
async def sealed_dsn(clone: NewDatabase) -> AsyncIterator[str]:
    """A row in each table, changed, sealed thrice. Nothing in it is ever committed again. Checks are dropped:
    they would refuse some of what is tried, and would not stop a superuser."""
    async with clone() as dsn, connect(dsn, "superuser") as connection:
        await connection.execute(f"BEGIN; {SEED} COMMIT")
        await connection.execute("BEGIN; SET LOCAL session_replication_role = replica")
        await connection.execute("TRUNCATE sealed_revision, seal; COMMIT")
        await seal_log(dsn)
        await connection.execute(f"BEGIN; {MORE} COMMIT")
        await seal_log(dsn)
        for number in range(5):
            await connection.execute("UPDATE question SET counted = $1", f"fighters {number}")
        await seal_log(dsn)
        for statement in await connection.fetch(
            "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)"
            " FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
        ):
            await connection.execute(statement[0])
        yield dsn


@pytest.fixture(scope="module")
async def tampering(sealed_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection for all: a new one would learn of every table again."""
    async with connect(sealed_dsn, "superuser") as connection:
        yield connection


@pytest.fixture
async def superuser(tampering: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """Past every trigger and foreign key; rolled back after the test."""
    transaction = tampering.transaction()
    await transaction.start()
    await tampering.execute("SET LOCAL session_replication_role = replica")
    yield tampering
    await transaction.rollback()


async def test_what_was_not_touched_is_proved(sealed_dsn: str) -> None:
    shown: list[tuple[int, int]] = []
    result = await verify_log(sealed_dsn, on_progress=lambda done, total: shown.append((done, total)))
    assert result.faults == []
    assert (result.seals, result.unsealed) == (3, 0)
    assert result.sealed > 25
    assert result.rows > 10
    assert shown[-1][0] == shown[-1][1]


def alter(value: str, type_: str, chance: random.Random) -> str:
    """A value of the type that is another one, by one byte where that makes sense."""
    if type_ == "bytea":
        place = chance.randrange(2, len(value))
        return (
            value[:place]
            + chance.choice([d for d in "0123456789abcdef" if d != value[place]])
            + value[place + 1 :]
        )
    if type_ == "boolean":
        return {"t": "f", "f": "t", "true": "false", "false": "true"}[value]
    if type_ in ("tstzrange", "numrange"):
        return "empty"
    if type_.startswith("timestamp"):
        return "2001-01-01T00:00:00Z"
    if type_ == "text[]":
        return "{x}"
    letters = [place for place, letter in enumerate(value) if letter.isascii() and letter.isalnum()]
    place = chance.choice(letters)
    if type_ in ("bigint", "integer"):
        return str(int(value) + 1_000_000)
    if type_ in ("uuid", "date", "double precision"):
        place = next(p for p in reversed(letters) if value[p] in string.digits)
        other = str((int(value[place]) + 1) % 9)
        return value[:place] + other + value[place + 1 :]
    other = "b" if value[place] == "a" else "a"
    if type_ == "jsonb" and value[place] in string.digits:
        other = "1" if value[place] != "1" else "2"
    return value[:place] + other + value[place + 1 :]


FILLED = {
    "bytea": "\\x00", "boolean": "true", "tstzrange": "[2001-01-01,2001-01-02)", "numrange": "[1,2]",
    "timestamp with time zone": "2001-01-01T00:00:00Z", "uuid": "00000000-0000-7000-8000-000000000001",
    "date": "2001-01-01", "jsonb": "{}", "text[]": "{x}",
}  # fmt: skip


async def alter_one(
    connection: asyncpg.Connection, table: str, column: str, chance: random.Random
) -> str | None:
    """Alter one row's value of the column; what was done, None if there is no row."""
    type_ = await connection.fetchval(
        "SELECT format_type(atttypid, NULL) FROM pg_attribute"
        " WHERE attrelid = $1::text::regclass AND attname = $2",
        table,
        column,
    )
    rows = await connection.fetch(f"SELECT ctid::text, {column}::text FROM {table} ORDER BY ctid")
    if table == "status_change":
        rows = await connection.fetch(
            f"SELECT ctid::text, {column}::text FROM {table} WHERE revision IS NOT NULL ORDER BY ctid"
        )
    for _ in range(50):
        ctid, value = chance.choice(rows)
        new = FILLED.get(type_, "1") if value is None else alter(value, type_, chance)
        try:
            async with connection.transaction():
                changed = await connection.fetchval(
                    f"UPDATE {table} SET {column} = $1::text::{type_} WHERE ctid = $2::text::tid"
                    f" AND {column} IS DISTINCT FROM $1::text::{type_} RETURNING 1",
                    new,
                    ctid,
                )
        except (asyncpg.DataError, asyncpg.UniqueViolationError, asyncpg.GeneratedAlwaysError):
            continue  # no such value can be there, or another row has it
        if changed:
            return f"{table}.{column} of {ctid}: {value!r} → {new!r}"
    return None


@pytest.mark.parametrize(("table", "column"), COLUMNS)
async def test_one_byte_altered_is_found(superuser: asyncpg.Connection, table: str, column: str) -> None:
    chance = random.Random(f"{table}.{column}")
    if column == "id" and table in ("revision", "seal", "status_change"):
        await superuser.execute(f"ALTER TABLE {table} ALTER COLUMN id DROP IDENTITY")
    for _ in range(TRIES):
        tried = superuser.transaction()
        await tried.start()
        done = await alter_one(superuser, table, column, chance)
        assert done is not None
        assert (await verify_on(superuser)).found > 0, done
        await tried.rollback()


@pytest.mark.parametrize("table", [*LOGGED_TABLES, *LOG])
async def test_a_row_removed_is_found(superuser: asyncpg.Connection, table: str) -> None:
    count = await superuser.fetchval(f"SELECT count(*) FROM {table}")
    for place in sorted({0, count // 2, count - 1}):
        tried = superuser.transaction()
        await tried.start()
        one = f"SELECT ctid FROM {table} ORDER BY ctid OFFSET {place} LIMIT 1"
        gone = f"DELETE FROM {table} WHERE ctid = ({one})"
        assert await superuser.execute(gone) == "DELETE 1"
        assert (await verify_on(superuser)).found > 0, f"row {place} of {table}"
        await tried.rollback()


@pytest.mark.parametrize("table", LOGGED_TABLES)
async def test_a_row_put_in_is_found(superuser: asyncpg.Connection, table: str) -> None:
    await superuser.execute(
        f"CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT * FROM {table} LIMIT 1;"
        f"UPDATE copied SET id = uuidv7()"
    )
    columns = [c.name for c in metadata.tables[table].columns if c.computed is None]
    await superuser.execute(
        "".join(
            f"DROP INDEX IF EXISTS {table}_{name}_key;"
            for name in (
                "url",
                "wikidata_id",
                "once",
                "agent_claim_hop",
                "revises",
                "hash",
                "prefix",
                "name",
                "email",
                "subject",
            )
        )
        + f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns)} FROM copied"
    )
    result = await verify_on(superuser)
    assert any("stands without a revision" in fault.message for fault in result.faults)


async def test_a_revision_put_in_is_found_and_named(superuser: asyncpg.Connection) -> None:
    id = await superuser.fetchval("DELETE FROM revision WHERE id = 7 RETURNING id")
    await superuser.execute("UPDATE sealed_revision SET revision = 100000 + position WHERE revision = 7")
    await superuser.execute(
        "INSERT INTO revision (id, table_name, row_id, subject, operation, after) OVERRIDING SYSTEM VALUE"
        " SELECT 7, table_name, row_id, subject, 'UPDATE', after FROM revision WHERE id = 8"
    )
    faults = (await verify_on(superuser)).faults
    assert [
        fault for fault in faults if fault.place == f"revision {id}" and "inserted after" in fault.message
    ]


async def test_the_first_that_was_altered_is_named_first(superuser: asyncpg.Connection) -> None:
    await superuser.execute("UPDATE revision SET reason = 'another' WHERE id IN (15, 5, 10)")
    result = await verify_on(superuser)
    assert [fault.place for fault in result.faults] == ["revision 5", "revision 10", "revision 15"]


async def test_a_log_written_anew_agrees_with_itself_but_not_with_a_noted_seal(
    superuser: asyncpg.Connection, sealed_dsn: str
) -> None:
    noted = await superuser.fetchrow("SELECT id, encode(hash, 'hex') FROM seal ORDER BY id LIMIT 1")
    assert noted is not None
    mark = (noted[0], noted[1])
    assert (await verify_on(superuser, noted=mark)).found == 0
    await forge(superuser)
    assert (await verify_on(superuser)).found == 0
    (fault,) = (await verify_on(superuser, noted=mark)).faults
    assert (fault.place, fault.message) == (
        f"seal {noted[0]}",
        "is not the one that was noted: the log was written anew",
    )
    (fault,) = (await verify_on(superuser, noted=(99, mark[1]))).faults
    assert fault.message == "was noted, and is not there: seals were removed"


async def forge(connection: asyncpg.Connection) -> Verification | None:
    """What somebody does who owns the server and knows this code: alter, and hash all of it again."""
    from app.domain.seals import SealedState, digest_fields, hash_seal, link
    from app.services.sealing import CONTENT, read_fields

    await connection.execute("UPDATE revision SET reason = 'forged' WHERE id = 5")
    hash: bytes = NO_HASH
    for row in await connection.fetch(
        "SELECT position, revision, seed FROM sealed_revision ORDER BY position"
    ):
        content = await connection.fetchrow(CONTENT, [row["revision"]])
        assert content is not None
        hash = link(hash, row["position"], digest_fields(read_fields(content), row["seed"]))
        await connection.execute(
            "UPDATE sealed_revision SET hash = $1 WHERE position = $2", hash, row["position"]
        )
    previous: bytes | None = None
    for seal in await connection.fetch("SELECT * FROM seal ORDER BY id"):
        at = await connection.fetchval(
            "SELECT hash FROM sealed_revision WHERE position = $1", seal["last_position"]
        )
        marks: list[Any] = [seal[n] for n in ("complete_below", "next_transaction", "newest_revision")]
        state = SealedState(
            seal["id"], seal["sealed_at"], seal["last_position"], seal["last_revision"], *marks
        )
        new = hash_seal(previous or NO_HASH, state, at)
        await connection.execute(
            "UPDATE seal SET previous_hash = $1, hash = $2 WHERE id = $3", previous, new, seal["id"]
        )
        previous = new
    return None
