"""The words that outsiders read, as they stand: looked through for names when an agent is protected, and when
what was hidden is shown.

All that is recorded takes long to look through. So that nobody waits for it, a `Search` is made before the
lock of the structure is taken; under it only the rows that were changed since, as the log says, are looked
through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.identifiers import NodeType, decode_id, encode_id
from app.domain.names import Names, spell_pattern
from app.errors import NamedPlace, ProtectedName
from app.services.protection import (
    AGENT_WORDS,
    CLAIM_WORDS,
    EVENT_WORDS,
    LISTED,
    PSEUDONYM,
    QUESTION_WORDS,
    QUOTE,
    REWORD,
    SOURCE_WORDS,
    URLS,
    Words,
    build,
    find_places,
    load_names,
    read_quote,
    read_words,
)

# Column → its field in the API, of words that come to what is recorded.
CLAIM: Mapping[str, str] = {
    **CLAIM_WORDS,
    "retraction_reason": "retraction.reason",
    "retraction_url": "retraction.url",
    "withdrawal_reason": "withdrawal.reason",
}
ASSESSMENT: Mapping[str, str] = {"rationale": "rationale", "withdrawal_reason": "withdrawal.reason"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Words of one table. `row` is the column that names what they stand in; `shown`, which rows are seen."""

    node: NodeType
    table: str
    fields: Mapping[str, str]
    shown: str
    row: str = "id"

    @property
    def has_quotes(self) -> bool:
        return self.fields.keys() >= set(QUOTE)


SHELVES = (
    Shelf(NodeType.AGENT, "agent", AGENT_WORDS, "NOT t.protected"),
    Shelf(NodeType.AGENT, "agent", PSEUDONYM, "t.protected"),
    Shelf(NodeType.SOURCE, "source", SOURCE_WORDS, "NOT t.hidden"),
    Shelf(NodeType.EVENT, "event", EVENT_WORDS, "true"),
    Shelf(NodeType.QUESTION, "question", QUESTION_WORDS, "true"),
    Shelf(NodeType.CLAIM, "claim", CLAIM, "NOT t.hidden"),
    Shelf(
        NodeType.CLAIM,
        "attribution",
        {"cue": "attribution.cue"},
        "NOT (SELECT c.hidden FROM claim c WHERE c.id = t.claim)",
        row="claim",
    ),
    Shelf(
        NodeType.ASSESSMENT,
        "assessment",
        ASSESSMENT,
        "NOT EXISTS (SELECT FROM claim c WHERE c.id IN (t.claim, t.evidence_claim) AND c.hidden)"
        " AND NOT EXISTS (SELECT FROM source s WHERE s.id = t.evidence_source AND s.hidden)",
    ),
)
# What belongs to some sources and claims, for each table that has any of it.
_BELONGING = {
    "source": "t.id = ANY(:sources)",
    "claim": "(t.id = ANY(:claims) OR t.source = ANY(:sources))",
    "attribution": """t.claim IN (
        SELECT c.id FROM claim c WHERE c.id = ANY(:claims) OR c.source = ANY(:sources))""",
    "assessment": """(t.evidence_source = ANY(:sources) OR EXISTS (
        SELECT FROM claim c WHERE c.id IN (t.claim, t.evidence_claim)
        AND (c.id = ANY(:claims) OR c.source = ANY(:sources))))""",
}
# The last revision, and the transactions that may have written earlier ones: those under way. Postgres lists
# only the ones that began before the last that ended; of the others it tells where they begin.
NOW = text("""
SELECT coalesce((SELECT max(id) FROM revision), 0) AS last,
       ARRAY(SELECT x::text FROM pg_snapshot_xip(pg_current_snapshot()) x) AS under_way,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS open_from
""")
# Their first revisions stand in `act`, once they are committed: as all are by now, under the lock.
FIRST_SINCE = text("""
SELECT least(CAST(:last AS bigint) + 1, (SELECT min(first_revision) FROM act WHERE transaction = ANY(
    CAST(:under_way AS text[]) || ARRAY(SELECT x::text FROM generate_series(
        CAST(:open_from AS bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1) x))))
""")
# By itself: Postgres sees how few of the log these are, and reads no others.
CHANGED_SINCE = text("SELECT DISTINCT table_name, subject FROM revision WHERE id >= :first")
# Rows that are held in memory at once. The text of a source can have megabytes.
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Search:
    """Where names stood in all that was recorded at a moment, whether outsiders read it or not.

    `found` has for each shelf the places in each row, by its id. What is said of the moment is as in NOW.
    """

    names: frozenset[str]
    found: tuple[Mapping[str, Sequence[NamedPlace]], ...]
    last: int
    under_way: tuple[str, ...]
    open_from: int


_NOBODY = UUID(int=0)


async def search(session: WriteSession, names: Collection[str]) -> Search:
    """Where these names stand, whoever's they are. No lock is needed."""
    now = (await session.execute(NOW)).one()
    found = []
    for shelf in SHELVES:
        places = await _find_like(session, _NOBODY, names, replace(shelf, shown="true"))
        found.append(_by_row(places))
    return Search(frozenset(names), tuple(found), now.last, tuple(now.under_way), now.open_from)


async def find_standing(
    session: WriteSession, agent: UUID, names: Collection[str], searched: Search | None = None
) -> list[NamedPlace]:
    """Where outsiders read these names of an agent, in all that is recorded.

    `searched`: what was found of them before; then only what changed since is looked through.
    """
    if searched is None or searched.names != frozenset(names):
        return [place for shelf in SHELVES for place in await _find_like(session, agent, names, shelf)]
    changed = await _list_changed(session, searched)
    places: list[NamedPlace] = []
    for shelf, found in zip(SHELVES, searched.found, strict=True):
        again = changed[shelf.table]
        kept = await _list_shown(session, shelf, found.keys() - {encode_id(shelf.node, key) for key in again})
        rows = {row: found[row] for row in kept}
        if again:
            among, keys = f"t.{shelf.row} = ANY(:keys)", {"keys": list(again)}
            rows |= _by_row(await _find_like(session, agent, names, shelf, among, keys))
        places += [place for row in sorted(rows) for place in rows[row]]
    return [replace(place, agent=encode_id(NodeType.AGENT, agent)) for place in places]


async def _find_like(
    session: WriteSession,
    agent: UUID,
    names: Collection[str],
    shelf: Shelf,
    among: str = "true",
    values: Mapping[str, Any] = MappingProxyType({}),
) -> list[NamedPlace]:
    """Where the names stand on a shelf. What has nothing like them is passed over by Postgres."""
    pattern = spell_pattern(names)
    if pattern is None:
        return []
    known = build(tuple((agent, name) for name in names))
    like = f"{among} AND ({' OR '.join(_spell_conditions(shelf))})"
    return await _look(session, known, shelf, like, {**values, "pattern": pattern})


def _by_row(places: Collection[NamedPlace]) -> dict[str, list[NamedPlace]]:
    rows: dict[str, list[NamedPlace]] = {}
    for place in places:
        assert place.row is not None, "it stands somewhere already"
        rows.setdefault(place.row, []).append(place)
    return rows


async def _list_changed(session: WriteSession, searched: Search) -> Mapping[str, set[UUID]]:
    """What was written since by anybody, this transaction too: keys as the shelves name rows, by table."""
    since = {
        "last": searched.last,
        "under_way": list(searched.under_way),
        "open_from": searched.open_from,
    }
    first = await session.scalar(FIRST_SINCE, since)
    changed: dict[str, set[UUID]] = defaultdict(set)
    for row in (await session.execute(CHANGED_SINCE, {"first": first})).all():
        changed[row.table_name].add(row.subject)
    return changed


async def _list_shown(session: WriteSession, shelf: Shelf, rows: Collection[str]) -> list[str]:
    """Those of the rows that outsiders see; what follows from other rows is not in the log."""
    if not rows:
        return []
    decoded = [decode_id(row) for row in rows]
    statement = text(
        f"SELECT DISTINCT t.{shelf.row} FROM {shelf.table} t"  # noqa: S608 - constants
        f" WHERE t.{shelf.row} = ANY(:keys) AND {shelf.shown}"
    )
    keys = [found[1] for found in decoded if found is not None]
    return [encode_id(shelf.node, key) for key in await session.scalars(statement, {"keys": keys})]


async def refuse_shown(
    session: WriteSession, *, sources: Collection[UUID] = (), claims: Collection[UUID] = ()
) -> None:
    """Raise ProtectedName if a name stands in what outsiders see of these and of all that belongs to them."""
    known = build(await load_names(session))
    places = []
    if known:
        of = {"sources": list(sources), "claims": list(claims)}
        for shelf in SHELVES:
            if shelf.table in _BELONGING:
                places += await _look(session, known, shelf, _BELONGING[shelf.table], of)
    if places:
        raise ProtectedName(places[:LISTED], len(places), hint=f"{REWORD} Until then it stays restricted.")


async def _look(
    session: WriteSession, names: Names, shelf: Shelf, condition: str, values: Mapping[str, Any]
) -> list[NamedPlace]:
    places: list[NamedPlace] = []
    async for words in _read(session, shelf, condition, values):
        places += await find_places(names, words)
    return places


async def _read(
    session: WriteSession, shelf: Shelf, condition: str, values: Mapping[str, Any]
) -> AsyncIterator[list[Words]]:
    columns = ", ".join(f"t.{column}" for column in shelf.fields)
    statement = text(
        f"SELECT t.id AS key, t.{shelf.row} AS row, {columns} FROM {shelf.table} t"  # noqa: S608 - constants
        f" WHERE t.id > :last AND {shelf.shown} AND {condition} ORDER BY t.id LIMIT {_PAGE}"
    )
    last = UUID(int=0)
    while rows := (await session.execute(statement, {**values, "last": last})).mappings().all():
        yield [words for row in rows for words in _read_row(shelf, dict(row))]
        last = rows[-1]["key"]


def _read_row(shelf: Shelf, row: Mapping[str, Any]) -> list[Words]:
    at = encode_id(shelf.node, row["row"])
    words = read_words(row, shelf.fields, at)
    return words + read_quote(row, at) if shelf.has_quotes else words


def _spell_conditions(shelf: Shelf) -> Iterator[str]:
    for column, name in shelf.fields.items():
        spelled = f"joined(t.{column})" if (shelf.table, column) == ("agent", "aliases") else f"t.{column}"
        yield f"{spelled} ~ :pattern"
        if name.split(".")[-1] in URLS:
            # What is encoded is like nothing.
            yield f"strpos({spelled}, '%') > 0"
    if shelf.has_quotes:
        yield f"concat({', '.join(f't.{column}' for column in QUOTE)}) ~ :pattern"
