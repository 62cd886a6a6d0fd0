"""The words that outsiders read, as they stand: looked through for names when an agent is protected, and when
what was hidden is shown.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.identifiers import NodeType, encode_id
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
# Rows that are held in memory at once. The text of a source can have megabytes.
_PAGE = 50


async def find_standing(session: WriteSession, agent: UUID, names: Collection[str]) -> list[NamedPlace]:
    """Where outsiders read these names of an agent, in all that is recorded."""
    pattern = spell_pattern(names)
    if pattern is None:
        return []
    known = build(tuple((agent, name) for name in names))
    places = []
    for shelf in SHELVES:
        # What has nothing like the names is passed over by Postgres.
        like = " OR ".join(_spell_conditions(shelf))
        places += await _look(session, known, shelf, f"({like})", {"pattern": pattern})
    return places


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
