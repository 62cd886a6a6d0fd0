"""A look at a log reads what is new, however much there is."""

from __future__ import annotations

import json

import asyncpg
import pytest

from app.api.feeds.logs import LOGS, PAGE, Place
from app.database import Database
from app.errors import QueryRefused
from app.permissions import Viewer
from tests.factories import make_claim


@pytest.mark.parametrize("name", sorted(LOGS))
async def test_a_look_goes_by_its_index_alone(
    committed_database: Database, viewer: Viewer, dsn: str, name: str
) -> None:
    for _ in range(3):
        await make_claim(committed_database, viewer)
    connection = await asyncpg.connect(dsn)
    # With three rows the other ways are cheaper: this asks whether there is this one.
    await connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off")
    [row] = await connection.fetch(f"EXPLAIN (FORMAT JSON) {LOGS[name].page}", "0", 0, PAGE)
    await connection.close()
    plan = json.dumps(json.loads(row[0]))
    assert plan.count("status_change_transaction_idx") == 2
    assert "Seq Scan" not in plan
    assert '"Sort"' not in plan


@pytest.mark.parametrize("name", sorted(LOGS))
async def test_events_are_paged_by_place(committed_database: Database, viewer: Viewer, name: str) -> None:
    log = LOGS[name]
    begin = await log.begin(committed_database)
    for _ in range(5):
        await make_claim(committed_database, viewer)
    page = await log.look(committed_database, begin, PAGE)
    assert len(page.events) == 5
    assert not page.full
    assert sorted(page.events) == list(page.events)
    third = page.events[2][0]
    assert (await log.look(committed_database, third, PAGE)).events == page.events[3:]
    assert log.read(log.spell(third)) == third


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "claimRecorded",
        "claimRecorded.1",
        "claimRecorded.-1.2",
        "x.1.2",
        "claimRecorded.1.2\n",
        "claimRecorded.1.٢",
        "claimRecorded.1." + "9" * 30,
    ],
)
def test_other_texts_are_no_cursors(cursor: str) -> None:
    with pytest.raises(QueryRefused, match="no cursor"):
        LOGS["claimRecorded"].read(cursor)
    assert LOGS["claimRecorded"].read("claimRecorded.1.2") == Place(1, 2)
