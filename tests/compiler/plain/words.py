"""Which rows hold which words. How words are found and ranked is Postgres's rule, so Postgres is asked."""

from __future__ import annotations

import re
from struct import pack, unpack
from uuid import UUID

import asyncpg

SEARCHED = ("claim", "source", "agent", "question", "event")

Ranks = dict[str, dict[UUID, float]]
"""table → the rows that were found → their rank."""

_SCHEME = re.compile(r"\b[A-Za-z]{2,10}://")
_FOUND = """SELECT '{table}' AS searched, id, ts_rank(words, query) AS rank
FROM {relation} AS searched, websearch_to_tsquery('simple', unaccent($1)) AS query WHERE words @@ query"""

# Where words are looked for; for outsiders, in other places and under other names.
_INSIDE = {table: table for table in SEARCHED}
_OUTSIDE = _INSIDE | {
    "claim": "(SELECT * FROM claim WHERE NOT hidden)",
    "source": "(SELECT * FROM source WHERE NOT hidden)",
    "agent": "(SELECT id, CASE WHEN protected THEN words_of(pseudonym) ELSE words END AS words FROM agent)",
}

# The names in which near spellings are looked for, and whose.
_NAMES = {
    "agent": (
        "SELECT id, name || ' ' || array_to_string(aliases, ' ') AS name FROM agent WHERE NOT protected"
    ),
    "source": "SELECT id, title AS name FROM {source} AS named_source",
    "event": "SELECT id, title AS name FROM event",
    "question": "SELECT id, text AS name FROM question",
}
_NEAREST = {"agent": 0.4, "source": 0.5, "event": 0.5, "question": 0.5}
_NEAR = (
    """SELECT id, strict_word_similarity(unaccent($1), unaccent(name)) AS likeness FROM ({names}) AS named"""
)
_TO_THE_LETTER = re.compile(r'[0-9"/@:]|(^|\s)-|(^|\s)or(\s|$)', re.IGNORECASE)


class Words:
    """Remembers what it was asked: the rows do not change while it lives."""

    def __init__(self, connection: asyncpg.Connection, *, outside: bool = False) -> None:
        self._connection = connection
        self._relations = _OUTSIDE if outside else _INSIDE
        self._holding: dict[str, Ranks] = {}
        self._near: dict[str, Ranks] = {}

    async def look_up(self, text: str) -> None:
        """Find the words of a text. Postgres files a URL without its scheme, so it is looked for without."""
        if text in self._holding:
            return
        holding: Ranks = {table: {} for table in SEARCHED}
        near: Ranks = {table: {} for table in SEARCHED}
        statement = " UNION ALL ".join(
            _FOUND.format(table=table, relation=self._relations[table]) for table in SEARCHED
        )
        words = _SCHEME.sub("", text)
        for row in await self._connection.fetch(statement, words):
            holding[row["searched"]][row["id"]] = row["rank"]
        if not _TO_THE_LETTER.search(words) and len(words) <= 60:
            for table, names in _NAMES.items():
                if len(holding[table]) < 20:
                    near[table] = await self._find_near(words, names, _NEAREST[table], holding[table])
        self._holding[text], self._near[text] = holding, near

    async def _find_near(
        self, words: str, names: str, nearest: float, holding: dict[UUID, float]
    ) -> dict[UUID, float]:
        """Rows that are near and do not hold the words, below all that do. Two letters are near nothing."""
        if len(await self._connection.fetchval("SELECT show_trgm(unaccent($1))", words)) < 4:
            return {}
        return {
            # As a `real` has it, which is what ranks are.
            row["id"]: unpack("f", pack("f", row["likeness"] - 2))[0]
            for row in await self._connection.fetch(
                _NEAR.format(names=names.format(**self._relations)), words
            )
            if row["likeness"] >= nearest and row["id"] not in holding
        }

    def holds(self, table: str, key: UUID, text: str) -> bool:
        """Whether a row holds the words themselves; KeyError for a text that was not looked up."""
        return key in self._holding[text][table]

    def ranks(self, table: str, text: str) -> dict[UUID, float]:
        """The rows that hold the words, and those that are near; KeyError as above."""
        return self._holding[text][table] | self._near[text][table]
