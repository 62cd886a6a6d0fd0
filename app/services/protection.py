"""Names of protected agents in the words of other rows: refused where outsiders would read them.

Called under the lock of the structure, shared or alone: an agent is protected under it alone, so that no name
slips in while one is. Only those may call it who may see the names.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.names import NamePlace, Names
from app.errors import NamedPlace, ProtectedName
from app.services.locks import is_structure_locked

PROTECTED = text("SELECT id, name, aliases FROM agent WHERE protected ORDER BY id")
SOURCES_HIDDEN = text("SELECT bool_or(hidden) FROM source WHERE id = ANY(:sources)")
CLAIMS_HIDDEN = text("SELECT bool_or(hidden) FROM claim WHERE id = ANY(:claims)")

# Column → its field in the API, of those that hold words.
AGENT_WORDS = {"name": "name", "aliases": "aliases", "description": "description"}
# What outsiders read of a protected agent.
PSEUDONYM = {"pseudonym": "pseudonym"}
SOURCE_WORDS = {
    "title": "title",
    "url": "url",
    "byline": "byline",
    "archive_url": "archiveUrl",
    "language": "language",
    "media_type": "mediaType",
    "note": "note",
    "text": "text",
}
EVENT_WORDS = {"title": "title", "description": "description", "place": "place"}
QUESTION_WORDS = {"text": "text", "unit": "unit", "counted": "counted"}
CLAIM_WORDS = {
    "statement": "statement",
    "quote_exact": "quote.exact",
    "quote_prefix": "quote.prefix",
    "quote_suffix": "quote.suffix",
    "quantity_text": "quantity.text",
    "note": "note",
}
# Parts of a quote, in the order in which they are read: one goes on where the one before it ends.
QUOTE = ("quote_prefix", "quote_exact", "quote_suffix")
# Fields of the above and of retractions that are decoded as well.
URLS = frozenset({"url", "archiveUrl"})

# Places that are told at once.
LISTED = 100
# Texts of more code points than an event loop should be held for.
LARGE = 50_000
_NAMES = "sayso.protected_names"

REWORD = "Leave it out, or write the pseudonym in its place."
RESTRICT = "Leave it out, write the pseudonym in its place, or have it restricted: `restricted: true`."


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand, or are to stand, in a field; `row` is the id of what they stand in already.

    `parts`: what the words are put together of, where only names that stand across these are meant.
    """

    path: tuple[str, ...]
    value: str
    row: str | None = None
    parts: tuple[str, ...] = ()

    def find(self, names: Names) -> Iterator[NamePlace]:
        """Where names stand in it, as the domain tells them."""
        if self.parts:
            return names.find_across(*self.parts)
        return names.find_in_url(self.value) if self.path[-1] in URLS else names.find(self.value)


def read_words(values: Mapping[str, Any], fields: Mapping[str, str], row: str | None = None) -> list[Words]:
    """The words of the columns that `values` has, by the name that each column has in the API."""
    found = []
    for column, name in fields.items():
        value = values.get(column)
        if isinstance(value, str):
            found.append(Words(tuple(name.split(".")), value, row))
        elif isinstance(value, list | tuple):
            found += [Words((name, str(place)), one, row) for place, one in enumerate(value)]
    return found


def read_quote(values: Mapping[str, Any], row: str | None = None) -> list[Words]:
    """A quote as it is read, its parts together: a name may begin in one and end in the next."""
    parts = tuple(values[column] or "" for column in QUOTE)
    return [Words(("quote",), "".join(parts), row, parts)]


async def refuse_names(
    session: WriteSession,
    words: Iterable[Words],
    *,
    hint: str = REWORD,
    own: tuple[UUID, Sequence[str]] | None = None,
) -> None:
    """Raise ProtectedName if the name of a protected agent stands in any of the words.

    `own`: an agent, and the names by which it is protected from now on, in place of those recorded.
    """
    looked_in = [one for one in words if one.value]
    if not looked_in:
        return
    known = await load_names(session)
    if own is not None:
        kept = [name for name in known if name[0] != own[0]]
        known = (*kept, *((own[0], name) for name in own[1]))
    places = await find_places(build(known), looked_in)
    if places:
        raise ProtectedName(places[:LISTED], len(places), hint=hint)


async def load_names(session: WriteSession) -> tuple[tuple[UUID, str], ...]:
    """Each name and alias of each protected agent. Read once where nobody else writes meanwhile."""
    if is_structure_locked(session) and _NAMES in session.info:
        kept: tuple[tuple[UUID, str], ...] = session.info[_NAMES]
        return kept
    rows = (await session.execute(PROTECTED)).all()
    names = tuple((row.id, name) for row in rows for name in (row.name, *row.aliases))
    if is_structure_locked(session):
        session.info[_NAMES] = names
    return names


def forget_names(session: WriteSession) -> None:
    """Names, or who is protected, have changed."""
    session.info.pop(_NAMES, None)


@lru_cache(maxsize=8)
def build(names: tuple[tuple[UUID, str], ...]) -> Names:
    return Names(names)


async def find_places(names: Names, words: Sequence[Words]) -> list[NamedPlace]:
    """Where the names stand, in the order of the words."""
    if not names:
        return []
    if sum(len(one.value) for one in words) < LARGE:
        return _find_places(names, words)
    return await asyncio.to_thread(_find_places, names, words)


def _find_places(names: Names, words: Sequence[Words]) -> list[NamedPlace]:
    return [
        NamedPlace(encode_id(NodeType.AGENT, place.agent), one.path, place.start, place.end, one.row)
        for one in words
        for place in one.find(names)
    ]


async def are_hidden(
    session: WriteSession, *, sources: Collection[UUID | None] = (), claims: Collection[UUID | None] = ()
) -> bool:
    """Whether outsiders do not see one of these at least."""
    hidden = False
    for statement, name, keys in (
        (SOURCES_HIDDEN, "sources", [key for key in sources if key is not None]),
        (CLAIMS_HIDDEN, "claims", [key for key in claims if key is not None]),
    ):
        if keys and not hidden:
            hidden = bool(await session.scalar(statement, {name: keys}))
    return hidden
