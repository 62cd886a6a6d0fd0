"""What is committed is heard, whoever commits it; a connection that is lost is known to be."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest

import app
from app.database import Changes, Database, WriteSession
from app.models import metadata
from app.models.functions import ANNOUNCED_TABLES
from app.permissions import Viewer
from app.settings import Settings
from tests.factories import make_agent
from tests.waiting import until

# Tables whose changes need no announcing, and why.
QUIET_TABLES = {
    "revision": "written by the triggers of announced tables alone",
    "act": "written by a trigger of the log alone",
    "status_change": "written by the triggers of corroboration alone",
}
# Tables that no query shows.
HIDDEN_TABLES = {"idempotency_key", "identity", "imported", "sealed_revision"}
RENAME = "UPDATE agent SET description = description || '!' WHERE id = $1"

# When the connection that listens was last asked for a sign of life.
LAST_ASKED = """SELECT query_start FROM pg_stat_activity
WHERE datname = current_database() AND query LIKE 'LISTEN%'"""


@dataclass
class Log:
    """Everything that a watcher was told: transactions, and HIDDEN, LOST or REGAINED."""

    told: list[int | str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def changed(self, transaction: int) -> None:
        self._note(transaction)

    def hidden(self) -> None:
        self._note("HIDDEN")

    def lost(self) -> None:
        self._note("LOST")

    def regained(self) -> None:
        self._note("REGAINED")

    def _note(self, what: int | str) -> None:
        self.told.append(what)
        self.news.set()

    async def grown(self, length: int) -> list[int | str]:
        """What was told, once it is so much."""
        while len(self.told) < length:
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), 20)
        return self.told


@pytest.fixture
async def listening(committed_database: Database) -> AsyncIterator[Log]:
    log = Log()
    committed_database.changes.watch(log)
    async with committed_database.listening():
        await log.grown(1)
        log.told.clear()
        yield log


async def cut(onlooker: asyncpg.Connection) -> None:
    """End the connection that listens."""
    ended = await onlooker.fetchval(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    assert ended == 1


async def test_another_writer_is_heard_once_a_transaction(
    committed_database: Database, listening: Log, onlooker: asyncpg.Connection, viewer: Viewer
) -> None:
    agent = await make_agent(committed_database, viewer)
    await listening.grown(1)
    listening.told.clear()
    before = committed_database.changes.version
    async with onlooker.transaction():
        for _ in range(3):
            await onlooker.execute(RENAME, agent)
        transaction = int(await onlooker.fetchval("SELECT pg_current_xact_id()::text"))
    assert await listening.grown(1) == [transaction]
    assert before is not None
    assert committed_database.changes.version not in (None, before)


async def test_what_is_rolled_back_is_not_heard(
    committed_database: Database, listening: Log, onlooker: asyncpg.Connection, viewer: Viewer
) -> None:
    agent = await make_agent(committed_database, viewer)
    await listening.grown(1)
    transaction = onlooker.transaction()
    await transaction.start()
    await onlooker.execute(RENAME, agent)
    await transaction.rollback()
    await onlooker.execute(RENAME, agent)
    assert len(await listening.grown(2)) == 2


async def test_a_writer_of_our_own_has_raised_the_version_when_it_is_done(
    committed_database: Database, viewer: Viewer
) -> None:
    changes = committed_database.changes
    changes.regain()  # nothing listens: what is seen is what the write itself did
    before = changes.version
    await make_agent(committed_database, viewer)
    after = changes.version
    assert before != after

    async def fail(session: WriteSession) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await committed_database.write(viewer.researcher, fail)
    assert changes.version != after


async def test_a_lost_connection_is_known_and_comes_back(
    committed_database: Database, listening: Log, onlooker: asyncpg.Connection, viewer: Viewer
) -> None:
    changes = committed_database.changes
    before = changes.version
    await cut(onlooker)
    await listening.grown(1)
    if listening.told == ["LOST"]:
        assert changes.version is None
    assert await listening.grown(2) == ["LOST", "REGAINED"]
    assert changes.version not in (None, before), "who knows what was missed"
    await make_agent(committed_database, viewer)
    assert isinstance((await listening.grown(3))[-1], int)


async def test_a_connection_that_is_silent_is_given_up(
    dsn: str, onlooker: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database.changes.HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr("app.database.changes.ANSWER_SECONDS", 0.0)
    database = await Database.open(dsn, Settings())
    log = Log()
    database.changes.watch(log)
    async with database.listening():
        assert (await log.grown(3))[:3] == ["REGAINED", "LOST", "REGAINED"]
    assert database.changes.version is None
    await database.close()


async def test_a_connection_that_answers_is_kept(
    dsn: str, onlooker: asyncpg.Connection, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.database.changes.HEARTBEAT_SECONDS", 0.01)
    monkeypatch.setattr("app.database.changes.ANSWER_SECONDS", 60)
    database = await Database.open(dsn, Settings())
    log = Log()
    database.changes.watch(log)
    async with database.listening():
        await log.grown(1)
        asked: set[object] = set()
        while len(asked) < 4:
            asked.add(await onlooker.fetchval(LAST_ASKED))
            assert log.told == ["REGAINED"]
        await make_agent(database, viewer)
        assert isinstance((await log.grown(2))[1], int)
    await database.close()


async def test_a_bug_does_not_end_the_listening(
    dsn: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.database.changes.HEARTBEAT_SECONDS", 0.01)
    monkeypatch.setattr("asyncpg.Connection.execute", fail)
    database = await Database.open(dsn, Settings())
    log = Log()
    database.changes.watch(log)
    async with database.listening():
        assert (await log.grown(3))[:3] == ["REGAINED", "LOST", "REGAINED"]
    assert "listening to changes failed" in caplog.text
    await database.close()


async def test_a_notice_that_is_none_of_ours_is_a_change_all_the_same(
    committed_database: Database, listening: Log, onlooker: asyncpg.Connection
) -> None:
    before = committed_database.changes.version
    await onlooker.execute("NOTIFY sayso_change, 'what?'")
    await until(lambda: committed_database.changes.version != before)
    await onlooker.execute("NOTIFY sayso_change, '٣'")
    await onlooker.execute("SELECT pg_notify('sayso_change', '7')")
    assert await listening.grown(1) == [7]


def test_what_is_hidden_or_was_missed_changes_the_version_and_is_counted() -> None:
    changes, log = Changes(), Log()
    changes.watch(log)
    versions = [changes.version]
    for happen in (changes.regain, changes.hide, changes.lose, changes.lose, changes.regain):
        happen()
        versions.append(changes.version)
    assert [version is None for version in versions] == [True, False, False, True, True, False]
    assert len(set(versions)) == 4
    assert changes.hidings == 3
    assert log.told == ["REGAINED", "HIDDEN", "LOST", "REGAINED"]


def test_who_stops_watching_when_told_harms_no_other() -> None:
    class Once(Log):
        def changed(self, transaction: int) -> None:
            super().changed(transaction)
            unwatch()

    changes, once, log = Changes(), Once(), Log()
    unwatch = changes.watch(once)
    changes.watch(log)
    changes.hear(1)
    changes.hear(2)
    assert (once.told, log.told) == ([1], [1, 2])


def test_a_watcher_that_fails_harms_no_other(caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Log):
        def changed(self, transaction: int) -> None:
            raise ZeroDivisionError

    changes, log = Changes(), Log()
    changes.watch(Failing())
    unwatch = changes.watch(log)
    changes.hear(1)
    unwatch()
    changes.hear(2)
    assert log.told == [1]
    assert "a watcher of changes failed" in caplog.text


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_table_that_is_shown_is_announced(table: str) -> None:
    """Or the answer that a client has would be called the same after a change."""
    kinds = [table in kind for kind in (ANNOUNCED_TABLES, QUIET_TABLES, HIDDEN_TABLES)]
    assert kinds.count(True) == 1, "say which it is"


@pytest.mark.parametrize("table", sorted(HIDDEN_TABLES))
def test_no_query_shows_a_hidden_table(table: str) -> None:
    for module in (Path(app.__file__).parent / "compiler" / "catalog").glob("*.py"):
        assert not re.search(rf"\b{table}\b", module.read_text(encoding="utf-8")), module.name


async def test_every_way_to_change_a_table_announces_it(onlooker: asyncpg.Connection) -> None:
    found = await onlooker.fetch(
        "SELECT tgrelid::regclass::text AS name, pg_get_triggerdef(oid) AS definition"
        " FROM pg_trigger WHERE tgname LIKE '%\\_announced'"
    )
    assert {row["name"] for row in found} == set(ANNOUNCED_TABLES)
    for row in found:
        for event in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
            assert event in row["definition"]
        # When a token was last used is noted every minute, and makes no answer old.
        assert ("UPDATE OF name, role, expires_at, revoked_at" in row["definition"]) == (
            row["name"] == "token"
        )
