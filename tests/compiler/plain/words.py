"""Which rows hold which words. How words are found and ranked is Postgres's rule, so Postgres is asked."""

from __future__ import annotations

import re
from uuid import UUID

import asyncpg

SEARCHED = ("claim", "source", "agent", "question", "event")

Ranks = dict[str, dict[UUID, float]]
"""table → the rows that hold the words → their rank."""

_SCHEME = re.compile(r"\b[A-Za-z]{2,10}://")
_FOUND = """SELECT '{table}' AS searched, id, ts_rank(words, query) AS rank
FROM {table}, websearch_to_tsquery('simple', unaccent($1)) AS query WHERE words @@ query"""


class Words:
    """Remembers what it was asked: the rows do not change while it lives."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._found: dict[str, Ranks] = {}

    async def look_up(self, text: str) -> None:
        """Find the words of a text. Postgres files a URL without its scheme, so it is looked for without."""
        if text in self._found:
            return
        ranks: Ranks = {table: {} for table in SEARCHED}
        statement = " UNION ALL ".join(_FOUND.format(table=table) for table in SEARCHED)
        for row in await self._connection.fetch(statement, _SCHEME.sub("", text)):
            ranks[row["searched"]][row["id"]] = row["rank"]
        self._found[text] = ranks

    def ranks(self, table: str, text: str) -> dict[UUID, float]:
        """What `look_up` found; KeyError for a text that was not looked up."""
        return self._found[text][table]
