"""Entries are found by the ids that an export names them by, however many they are."""

from __future__ import annotations

import uuid

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.exchange.entries import Section
from app.exchange.identities import Mark, find_shared
from app.permissions import Viewer
from tests.factories import make_event


async def test_more_entries_than_a_statement_has_room_for(database: Database, viewer: Viewer) -> None:
    event = await make_event(database, viewer)
    ids = [event, *map(uuid.UUID, map("00000000-0000-0000-0000-{:012}".format, range(40_000)))]
    names = [(Section.EVENTS, encode_id(NodeType.EVENT, id)) for id in ids]
    found = await database.write(viewer.researcher, lambda session: find_shared(session, "a bundle", names))
    assert found == {names[0]: Mark(event, None)}
