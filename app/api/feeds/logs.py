"""The logs of what happened, and places in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from app.database import Database
from app.errors import QueryRefused

PAGE = 200  # events of one look


class Place(NamedTuple):
    """A place in a log: the transaction and the row of the event that comes before it."""

    transaction: int
    row: int


@dataclass(frozen=True, slots=True)
class Page:
    """What a look at a log found: each event's place and key, in order."""

    events: tuple[tuple[Place, str], ...]
    horizon: int  # no transaction below this one is under way
    waiting: bool  # there are events that are not yet settled
    full: bool  # there may be more

    @property
    def end(self) -> Place:
        """The place of its last event: it has one."""
        return self.events[-1][0]

    def reaches(self, place: Place) -> bool:
        """Whether whoever is told of it has been told all up to the place."""
        return not self.full or self.end >= place


class Reach:
    """How many events are read at once: the fewer, the more often something is hidden while they are read.

    What was read meanwhile is read again, and few are read sooner.
    """

    def __init__(self) -> None:
        self.events = PAGE

    def note(self, *, overtaken: bool) -> None:
        """

        >>> reach = Reach()
        >>> for overtaken in [True, True, False]:
        ...     reach.note(overtaken=overtaken)
        >>> reach.events
        100
        """
        self.events = max(1, self.events // 2) if overtaken else min(PAGE, 2 * self.events)


@dataclass(frozen=True, slots=True)
class Log:
    """The log behind a field of Subscription."""

    name: str
    page: str  # SQL: the $3 events after the place $1, $2
    keys: type[UUID] | type[int]

    def spell(self, place: Place) -> str:
        """A place as clients hold it.

        >>> LOGS["claimRecorded"].spell(Place(1042, 7))
        'claimRecorded.1042.7'
        """
        return f"{self.name}.{place.transaction}.{place.row}"

    def read(self, cursor: str) -> Place:
        """The place of a cursor. Raises QueryRefused for what is none of this log's."""
        name, _, place = cursor.partition(".")
        match = _PLACE.fullmatch(place)
        if match is None or name != self.name:
            raise QueryRefused("`after` is no cursor of this subscription.", path=("after",))
        return Place(int(match[1]), int(match[2]))

    async def look(self, database: Database, after: Place, most: int) -> Page:
        """The next events after a place, `most` at most, of transactions that are settled. Raises what
        fetch_json raises."""
        body = await database.fetch_json(self.page, [str(after.transaction), after.row, most])
        found = json.loads(body)
        events = tuple((Place(int(transaction), row), key) for transaction, row, key in found["events"])
        return Page(events, int(found["horizon"]), found["waiting"], len(events) == most)

    async def begin(self, database: Database) -> Place:
        """The place before all that is not yet settled."""
        page = await self.look(database, _END, 0)
        return Place(page.horizon, 0)


_PLACE = re.compile(r"(\d{1,18})\.(\d{1,18})", re.ASCII)
_END = Place(10**18, 0)


# Transactions are ordered as numbers of 64 bits. One past the snapshot is of another cluster, from which the
# database was restored.
_PAGE = """
SELECT json_build_object(
    'horizon', h.low::text,
    'waiting', EXISTS (SELECT FROM logged e WHERE e.transaction >= h.low AND e.transaction < h.high),
    'events', coalesce((SELECT json_agg(json_build_array(p.transaction::text, p.id, p.key)) FROM (
        SELECT e.transaction, e.id, e.key FROM logged e
        WHERE (e.transaction, e.id) > ($1::text::xid8, $2::bigint) AND e.transaction < h.low
        ORDER BY e.transaction, e.id LIMIT $3::integer) p), '[]'))::varchar
FROM (SELECT pg_snapshot_xmin(s) AS low, pg_snapshot_xmax(s) AS high FROM pg_current_snapshot() s) h
"""
_CHANGES = """
WITH logged AS NOT MATERIALIZED (
    SELECT r.transaction::xid8 AS transaction, r.id, r.id::text AS key
    FROM status_change r WHERE r.transaction IS NOT NULL)
"""
# A claim is recorded with its first status, in one transaction.
_FIRST = """
WITH logged AS NOT MATERIALIZED (
    SELECT r.transaction::xid8 AS transaction, r.id, r.claim::text AS key
    FROM status_change r WHERE r.transaction IS NOT NULL
    AND NOT EXISTS (SELECT FROM status_change e WHERE e.claim = r.claim AND e.id < r.id))
"""

LOGS: Mapping[str, Log] = {
    "claimRecorded": Log("claimRecorded", _FIRST + _PAGE, UUID),
    "corroborationChanged": Log("corroborationChanged", _CHANGES + _PAGE, int),
}
