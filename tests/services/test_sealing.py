"""The chain as docs/sealed-log.md has it, in commit order, by one at a time."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import asyncpg
import pytest

from app.database import Database, connect
from app.errors import Busy
from app.permissions import Viewer
from app.services import sealing
from app.services.sealing import LOCK, list_seals, seal_log
from app.services.verification import verify_log
from tests.factories import make_agent, make_claim

INSERT = "INSERT INTO event (recorded_by, title) SELECT id, $1 FROM researcher LIMIT 1 RETURNING id"
SEALED_EVENTS = """
SELECT r.after ->> 'title' FROM sealed_revision s JOIN revision r ON r.id = s.revision
WHERE r.table_name = 'event' ORDER BY s.position
"""


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def count(number: int | None) -> bytes:
    return (-1 if number is None else number).to_bytes(8, "big", signed=True)


async def test_the_chain_is_what_the_page_says(
    committed_database: Database, viewer: Viewer, dsn: str
) -> None:
    """Another reading of docs/sealed-log.md, from rows as any program gets them."""
    await make_claim(committed_database, viewer, said_by=[await make_agent(committed_database, viewer)])
    newest = await seal_log(dsn)
    assert newest is not None
    async with connect(dsn, "test") as connection:
        previous = bytes(32)
        sql = "SELECT s.*, r.*, a.ended FROM sealed_revision s JOIN revision r ON r.id = s.revision"
        sql += " LEFT JOIN act a USING (transaction) ORDER BY s.position"
        for place, row in enumerate(await connection.fetch(sql), 1):
            assert row["position"] == place
            fields = {name: json.dumps(row[name], ensure_ascii=False) for name in ("id", "reason")}
            fields |= {name: json.dumps(row[name]) for name in ("table_name", "operation", "transaction")}
            fields |= {name: f'"{row[name]}"' if row[name] else "null" for name in ("actor",)}
            fields |= {name: f'"{row[name]}"' for name in ("row_id", "subject")}
            fields |= {name: f'"{row[name]:%Y-%m-%dT%H:%M:%S.%fZ}"' for name in ("at", "ended")}
            for image in ("before", "after"):
                if row[image] is None:
                    fields[image] = "null"
                else:
                    each = await connection.fetch("SELECT key, value::text FROM jsonb_each($1)", row[image])
                    fields |= {f"{image}.{key}": value for key, value in each}
            statuses = await connection.fetch("SELECT * FROM status_change WHERE revision = $1", row["id"])
            if statuses:
                fields["statuses"] = json.dumps([spell_status(status) for status in statuses])
            digests = []
            for name in sorted(fields, key=str.encode):
                named = sha256(name.encode())
                digests.append(sha256(sha256(row["seed"], named), named, fields[name].encode()))
            previous = sha256(previous, count(place), sha256(b"sayso-revision/1", *digests))
            assert row["hash"] == previous
        (seal,) = await connection.fetch("SELECT * FROM seal")
        microseconds = round(seal["sealed_at"].timestamp() * 1_000_000)
        numbers = [seal["id"], microseconds, seal["last_position"], seal["last_revision"]]
        numbers += [seal[name] for name in ("complete_below", "next_transaction", "newest_revision")]
        assert seal["hash"] == sha256(b"sayso-seal/1", bytes(32), *map(count, numbers), previous)
        assert newest.mark == f"{seal['id']}:{seal['hash'].hex()}"


def spell_status(row: asyncpg.Record) -> list[Any]:
    figures = [row[name] for name in ("lines_for", "lines_against", "reports_for", "reports_against")]
    since = round(row["since"].timestamp() * 1_000_000)
    return [row["id"], str(row["claim"]), row["status"], *figures, since]


async def test_what_commits_later_comes_later(dsn: str) -> None:
    """Transactions that overlap: nothing is sealed of one that began after one that is still under way."""
    async with connect(dsn, "a") as a, connect(dsn, "b") as b, connect(dsn, "c") as c:
        await c.fetch(INSERT, "before both")
        slow = a.transaction()
        await slow.start()
        await a.fetch(INSERT, "of a, first")
        async with b.transaction():
            await b.fetch(INSERT, "of b, meanwhile")
        await seal_log(dsn)
        assert [row[0] for row in await c.fetch(SEALED_EVENTS)] == ["before both"]
        await a.fetch(INSERT, "of a, later")
        await slow.commit()
        await c.fetch(INSERT, "after both")
        await seal_log(dsn)
        order = ["before both", "of a, first", "of a, later", "of b, meanwhile", "after both"]
        assert [row[0] for row in await c.fetch(SEALED_EVENTS)] == order
        # An id that was given out long ago, and committed last of all.
        slow = a.transaction()
        await slow.start()
        await a.fetch(INSERT, "slow")
        for number in range(3):
            await b.fetch(INSERT, f"quick {number}")
            await seal_log(dsn)
        await slow.commit()
        await seal_log(dsn)
        assert [row[0] for row in await c.fetch(SEALED_EVENTS)][5:] == [
            "slow",
            "quick 0",
            "quick 1",
            "quick 2",
        ]
    result = await verify_log(dsn)
    assert (result.found, result.unsealed) == (0, 0)


async def test_the_newest_transaction_may_be_under_way(dsn: str) -> None:
    """No snapshot's xmax tells that it has begun: its id was given out before the seal, all the same."""
    async with connect(dsn, "a") as a, connect(dsn, "b") as b:
        for number in range(3):
            await b.fetch(INSERT, f"before {number}")
            slow = a.transaction()
            await slow.start()
            await a.fetch(INSERT, f"under way {number}")
            await seal_log(dsn)
            await slow.commit()
        await seal_log(dsn)
        sealed = [row[0] for row in await b.fetch(SEALED_EVENTS)]
    assert sealed == [f"{when} {number}" for number in range(3) for when in ("before", "under way")]
    result = await verify_log(dsn)
    assert (result.found, result.unsealed) == (0, 0)


async def test_a_transaction_that_is_rolled_back_leaves_no_gap(dsn: str) -> None:
    async with connect(dsn, "a") as a:
        undone = a.transaction()
        await undone.start()
        await a.fetch(INSERT, "never")
        await undone.rollback()
        await a.fetch(INSERT, "so")
        await seal_log(dsn)
        positions = [row[0] for row in await a.fetch("SELECT position FROM sealed_revision ORDER BY 1")]
        assert positions == list(range(1, len(positions) + 1))
    assert (await verify_log(dsn)).found == 0


async def test_one_seals_at_a_time(dsn: str) -> None:
    async with connect(dsn, "another") as another:
        assert await another.fetchval(LOCK)
        with pytest.raises(Busy):
            await seal_log(dsn)
    await seal_log(dsn)


async def test_nothing_new_makes_no_seal(dsn: str) -> None:
    first = await seal_log(dsn)
    assert await seal_log(dsn) == first
    assert len(await list_seals(dsn, 10)) == 1


async def test_an_interrupted_run_is_gone_on_with(
    committed_database: Database, viewer: Viewer, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    for _ in range(4):
        await make_agent(committed_database, viewer)

    def stop(done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await seal_log(dsn, on_progress=stop)
    assert [seal.position for seal in await list_seals(dsn, 10)] == [3]
    await seal_log(dsn)
    assert [seal.position for seal in await list_seals(dsn, 10)] == [5, 3]
    assert (await verify_log(dsn)).found == 0


async def test_a_database_from_another_server_is_sealed_on(dsn: str) -> None:
    """Restored, its transactions are numbered from the beginning: what was sealed there stays so."""
    async with connect(dsn, "a") as a:
        await seal_log(dsn)
        await a.execute("SET session_replication_role = replica")
        numbers = "transaction = (transaction::bigint + 1000000)::text"
        await a.execute(
            f"UPDATE revision SET {numbers}; UPDATE act SET {numbers}; TRUNCATE sealed_revision, seal"
        )
        await a.execute("SET session_replication_role = origin")
        await seal_log(dsn)
        before = (await verify_log(dsn)).sealed
        await a.execute("UPDATE researcher SET name = 'Grace'")
        await seal_log(dsn)
        result = await verify_log(dsn)
        assert (result.found, result.sealed, result.unsealed) == (0, before + 1, 0)


async def test_a_number_that_comes_again_is_another_act(dsn: str) -> None:
    """After a restore: what was sealed keeps its time when another transaction gets its number."""
    async with connect(dsn, "a") as a:
        await a.execute("UPDATE researcher SET name = 'Ada'")
        await seal_log(dsn)
        before = (await verify_log(dsn)).sealed
        await a.execute(
            "INSERT INTO revision (table_name, row_id, subject, operation, before, after, transaction)"
            " SELECT table_name, row_id, subject, operation, after, after, transaction"
            " FROM revision WHERE operation = 'UPDATE' ORDER BY id DESC LIMIT 1"
        )
        await seal_log(dsn)
        result = await verify_log(dsn)
        assert (result.found, result.sealed, result.unsealed) == (0, before + 1, 0)


async def test_an_act_ends_after_all_that_it_saw(dsn: str) -> None:
    """It began before the other, waited for it, and ended after it: `at` has them in the wrong order."""
    async with connect(dsn, "a") as a, connect(dsn, "b") as b:
        await b.execute("INSERT INTO researcher (name) VALUES ('Ada')")
        slow = a.transaction()
        await slow.start()
        await a.fetchval("SELECT pg_current_xact_id()")
        await b.execute("UPDATE researcher SET name = 'Grace' WHERE name = 'Ada'")
        await a.execute("UPDATE researcher SET name = 'Hedy' WHERE name = 'Grace'")
        await slow.commit()
        rows = await a.fetch(
            "SELECT r.at, a.ended FROM revision r JOIN act a USING (transaction) ORDER BY id"
        )
        grace, hedy = rows[-2:]
        assert hedy["at"] < grace["at"]
        assert hedy["ended"] > grace["ended"]


async def test_every_transaction_is_one_act(committed_database: Database, viewer: Viewer, dsn: str) -> None:
    await make_claim(committed_database, viewer, said_by=[await make_agent(committed_database, viewer)])
    sql = "SELECT (SELECT count(*) FROM act), (SELECT count(DISTINCT transaction) FROM revision)"
    async with connect(dsn, "a") as a:
        [(acts, transactions)] = await a.fetch(sql)
        assert acts == transactions
        await a.execute(
            "BEGIN; UPDATE researcher SET name = 'x'; SAVEPOINT s; UPDATE agent SET name = 'y';"
            " ROLLBACK TO s; UPDATE agent SET name = 'z'; COMMIT"
        )
        await a.execute("BEGIN; SAVEPOINT s; UPDATE agent SET name = 'y'; ROLLBACK TO s; COMMIT")
        again = await a.fetchrow(sql)
        assert again is not None
        assert tuple(again) == (acts + 1, transactions + 1)
