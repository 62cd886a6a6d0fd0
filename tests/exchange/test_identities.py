"""Entries are found by the ids that an export names them by, however many they are."""

from __future__ import annotations

import uuid

from sqlalchemy import text

from app.database import Database, WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.exchange.entries import Section
from app.exchange.identities import SHARED, EntryName, Mark, find_shared
from app.permissions import Viewer
from tests.factories import make_event

FILL = text("""
INSERT INTO imported (bundle, table_name, key, row_id, entry_sha256, recorded_by)
SELECT 'other', 'event', 'e' || n, gen_random_uuid(), '', :recorded_by FROM generate_series(0, 20000) n
""")


async def test_more_entries_than_a_statement_has_room_for(database: Database, viewer: Viewer) -> None:
    event = await make_event(database, viewer)
    ids = [event, *map(uuid.UUID, map("00000000-0000-0000-0000-{:012}".format, range(40_000)))]
    names = [(Section.EVENTS, encode_id(NodeType.EVENT, id)) for id in ids]
    found = await database.write(viewer.researcher, lambda session: find_shared(session, "a bundle", names))
    assert found == {names[0]: Mark(event, None)}


async def test_what_others_brought_is_found_by_indexes(database: Database, viewer: Viewer) -> None:
    """However much was imported: whole tables were looked through for each few entries."""
    names = [(Section.EVENTS, f"other/e{at}") for at in range(50)] + [(Section.EVENTS, "e")]

    async def plan(session: WriteSession) -> tuple[str, dict[EntryName, Mark]]:
        await session.execute(FILL, {"recorded_by": viewer.researcher})
        await session.execute(text("ANALYZE imported"))
        wanted = {name: ["x"] * 51 for name in ("tables", "keys", "globals", "bundles", "locals")}
        explained = await session.scalars(text(f"EXPLAIN {SHARED.text}"), wanted)
        return "\n".join(explained), await find_shared(session, "other", names)

    explained, found = await database.write(viewer.researcher, plan)
    assert "Seq Scan" not in explained
    assert explained.count("Index Scan") == 2
    assert len(found) == 50
