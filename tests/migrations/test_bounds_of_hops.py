"""0033 with records in the database: filled in parts, while others write, and again after it was stopped."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial

import asyncpg
import pytest
from alembic import command
from alembic.script import Script, ScriptDirectory

from app.errors import DatabaseUnavailable
from app.postgres import find_binary
from app.services.schema import run_alembic
from tests.conftest import NewDatabase
from tests.migrations.dumps import dump_schema

BEFORE, AFTER = "0032", "0033"
CLAIMS, BATCH = 250, 40
R, A, S, Q = (f"'00000000-0000-7000-8000-00000000000{digit}'" for digit in "1234")
ANSWER = "question, question_kind, question_root, quantity_text, modality, bounds_given, bounds"
# Of each claim two hops; every third has no figure.
FILL = f"""INSERT INTO researcher (id, name) VALUES ({R}, 'Ada');
INSERT INTO agent (id, party, recorded_by, kind, name) VALUES ({A}, {A}, {R}, 'PERSON', 'Rouhani');
INSERT INTO source (id, newest_version, recorded_by, kind, title) VALUES ({S}, {S}, {R}, 'POST', 'A post');
INSERT INTO question (id, root, recorded_by, kind, text) VALUES ({Q}, {Q}, {R}, 'QUANTITY', 'How many?');
SET session_replication_role = replica;
INSERT INTO claim (recorded_by, source, statement, quote_exact, basis)
SELECT {R}, {S}, 'so ' || n, 'so', 'ATTRIBUTED' FROM generate_series(1, {CLAIMS}) n;
UPDATE claim SET ({ANSWER}) = ({Q}, 'QUANTITY', {Q}, '7', 'EXACT', false, '[7,7]')
WHERE right(statement, 1) NOT IN ('3', '6', '9');
INSERT INTO attribution (claim, hop, agent, recorded_by)
SELECT c.id, h, {A}, {R} FROM claim c, generate_series(1, 2) h;
SET session_replication_role = origin"""
WRONG = """SELECT count(*) FROM attribution a JOIN claim c ON c.id = a.claim
WHERE a.bounds IS DISTINCT FROM c.bounds"""
# A figure comes, another goes, and others change.
CHANGE = f"""UPDATE claim SET ({ANSWER}) = (
    SELECT {Q}::uuid, 'QUANTITY', {Q}::uuid, '8', 'EXACT', false, numrange(8, 8, '[]') WHERE random() < 0.7)
WHERE id = $1"""
ADD_HOP = f"INSERT INTO attribution (claim, hop, agent, recorded_by) VALUES ($1, $2, {A}, {R})"
FILLED = "SELECT id, xmin::text FROM attribution WHERE bounds IS NOT NULL"
KEY = "attribution_agent_claim_hop_key"
INDEXES = """SELECT indexrelid::regclass::text AS name, indisvalid, pg_get_indexdef(indexrelid) AS defined
FROM pg_index WHERE indrelid = 'attribution'::regclass"""
END_MIGRATION = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE query LIKE '%SET bounds = NULL%' AND pid <> pg_backend_pid()"""
LOGGED = "SELECT count(*) FROM revision"
STATE = "SELECT jsonb_agg(to_jsonb(a) ORDER BY a.id)::text FROM attribution a"


@dataclass(frozen=True)
class Old:
    """A database from before, with records, that will be filled some claims at a time."""

    dsn: str
    connection: asyncpg.Connection

    async def upgrade(self, *, stop_at: str = "nowhere") -> list[str]:
        """What is told of the migration, up to a line with those words, where the run is stopped."""
        told: list[str] = []

        def tell(line: str) -> None:
            told.append(line)
            if stop_at in line:
                raise Stopped

        try:
            await run_alembic(self.dsn, partial(command.upgrade, revision=AFTER), on_progress=tell)
        except Stopped:
            assert stop_at in told[-1]
        else:
            assert stop_at == "nowhere"
        return told

    async def assert_migrated(self) -> None:
        assert await self.connection.fetchval("SELECT version_num FROM alembic_version") == AFTER
        assert await self.connection.fetchval(WRONG) == 0
        indexes = await self.connection.fetch(INDEXES)
        assert {row["name"]: row["indisvalid"] for row in indexes} == dict.fromkeys(
            (KEY, "attribution_pkey", "attribution_chain_idx"), True
        )
        assert "INCLUDE (bounds)" in next(row["defined"] for row in indexes if row["name"] == KEY)


class Stopped(BaseException):
    """What a signal makes of a run."""


@pytest.fixture
async def old(empty_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Old]:
    load = ScriptDirectory._load_revisions

    def load_with_small_steps(scripts: ScriptDirectory) -> Iterator[Script]:
        for script in load(scripts):
            if script.revision == AFTER:
                monkeypatch.setattr(script.module, "BATCH", BATCH)
                monkeypatch.setattr(script.module, "TOLD_EVERY", 0.0)
            yield script

    monkeypatch.setattr(ScriptDirectory, "_load_revisions", load_with_small_steps)
    async with empty_database() as dsn:
        await run_alembic(dsn, partial(command.upgrade, revision=BEFORE))
        connection = await asyncpg.connect(dsn)
        await connection.execute(FILL)
        yield Old(dsn, connection)
        await connection.close()


async def test_every_hop_has_its_bounds_and_loses_them_again(old: Old) -> None:
    before, schema = await old.connection.fetchval(STATE), dump_schema(old.dsn)
    revisions = await old.connection.fetchval(LOGGED)
    told = await old.upgrade()
    await old.assert_migrated()
    assert len(await old.connection.fetch(FILLED)) == 2 * (CLAIMS - 3 * CLAIMS // 10)
    assert [line for line in told if f"the hops of {BATCH} of {CLAIMS} claims" in line]
    assert await old.connection.fetchval(LOGGED) == revisions

    await run_alembic(old.dsn, partial(command.downgrade, revision=BEFORE))
    assert await old.connection.fetchval(STATE) == before
    assert dump_schema(old.dsn) == schema
    await old.upgrade()
    await old.assert_migrated()


@pytest.mark.parametrize("stop_at", [f"of {2 * BATCH} of", "building attribution_chain", f"building {KEY}"])
async def test_a_run_that_was_stopped_is_begun_again(old: Old, stop_at: str) -> None:
    await old.upgrade(stop_at=stop_at)
    assert await old.connection.fetchval("SELECT version_num FROM alembic_version") == BEFORE
    filled = await old.connection.fetch(FILLED)
    assert filled
    await old.upgrade()
    await old.assert_migrated()
    assert set(filled) <= set(await old.connection.fetch(FILLED)), "it is not written again"


async def test_a_run_whose_connection_is_lost_says_so_and_is_begun_again(old: Old) -> None:
    lost = False

    def end_connection(line: str) -> None:
        nonlocal lost
        if not lost and "have their bounds" in line:
            lost = True
            # At once: until it returns nothing else is asked.
            subprocess.run(
                [find_binary("psql"), f"--dbname={old.dsn}", f"--command={END_MIGRATION}"],
                check=True,
                stdout=subprocess.DEVNULL,
            )

    with pytest.raises(DatabaseUnavailable, match="was lost") as told:
        await run_alembic(old.dsn, partial(command.upgrade, revision=AFTER), on_progress=end_connection)
    assert "begun again" in str(told.value.hint)
    await old.upgrade()
    await old.assert_migrated()


async def test_an_index_of_which_half_was_built_is_built_again(old: Old) -> None:
    await old.upgrade(stop_at=f"building {KEY}")
    with pytest.raises(asyncpg.UniqueViolationError):
        await old.connection.execute(f"CREATE UNIQUE INDEX CONCURRENTLY {KEY}_new ON attribution (agent)")
    await old.upgrade()
    await old.assert_migrated()


async def test_a_run_that_was_stopped_at_its_end_has_nothing_left_to_do(old: Old) -> None:
    await old.upgrade()
    index = await old.connection.fetchval(f"SELECT '{KEY}'::regclass::oid")
    await old.connection.execute(f"UPDATE alembic_version SET version_num = '{BEFORE}'")
    await old.upgrade()
    await old.assert_migrated()
    assert await old.connection.fetchval(f"SELECT '{KEY}'::regclass::oid") == index


async def test_who_writes_meanwhile_is_not_overtaken(old: Old) -> None:
    migration = asyncio.create_task(old.upgrade())
    claims = [row["id"] for row in await old.connection.fetch("SELECT id FROM claim ORDER BY random()")]
    changed = 0
    while not migration.done():
        claim = claims[changed % CLAIMS]
        await old.connection.execute(CHANGE, claim)
        await old.connection.execute(ADD_HOP, claim, 3 + changed // CLAIMS)
        changed += 1
    await migration
    await old.assert_migrated()
    assert changed
