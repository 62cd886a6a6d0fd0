"""The DataLoaders of one request: one statement for all rows that are asked for in one turn of the loop."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

import asyncpg
from strawberry.dataloader import DataLoader

CLAIM = (
    "id, statement, quote_exact, quote_prefix, quote_suffix, quote_start, quote_end, quantity_text, modality,"
    " lower(bounds)::text AS lower, upper(bounds)::text AS upper, lower_inc(bounds) AS lower_inclusive,"
    " upper_inc(bounds) AS upper_inclusive, source, question"
)
SOURCE = (
    "id, title, url, language, publisher, lower(published) AS published_from,"
    " upper(published) AS published_to"
)

_ATTRIBUTION = (
    "SELECT claim, hop, min(cue) AS cue, min(mode) AS mode, min(channel) AS channel,"
    " array_agg(agent ORDER BY id) AS agents FROM attribution WHERE claim = ANY($1) GROUP BY claim, hop"
    " ORDER BY claim, hop"
)


def _page(select: str, size: int) -> str:
    """The first rows for each key, and one more, which tells whether there are more."""
    return f"SELECT x.* FROM unnest($1::uuid[]) wanted(id) CROSS JOIN LATERAL ({select} LIMIT {size + 1}) x"


class Loaders:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self.claim = self._one(f"SELECT {CLAIM} FROM claim WHERE id = ANY($1)")
        self.source = self._one(f"SELECT {SOURCE} FROM source WHERE id = ANY($1)")
        self.agent = self._one("SELECT id, name, party FROM agent WHERE id = ANY($1)")
        self.question = self._one("SELECT id, text, event FROM question WHERE id = ANY($1)")
        self.event = self._one("SELECT id, title FROM event WHERE id = ANY($1)")
        self.researcher = self._one("SELECT id, name FROM researcher WHERE id = ANY($1)")
        self.corroboration = self._one(
            "SELECT claim AS id, status, lines_for, lines_against, reports_for, reports_against, explanation"
            " FROM corroboration WHERE claim = ANY($1)"
        )
        self.attribution = self._many(_ATTRIBUTION, "claim")
        self._pages: dict[tuple[str, int], DataLoader[UUID, list[asyncpg.Record]]] = {}

    def assessments(self, size: int) -> DataLoader[UUID, list[asyncpg.Record]]:
        select = (
            "SELECT id, claim, stance, rationale, evidence_claim, recorded_by FROM assessment"
            " WHERE claim = wanted.id AND withdrawn_at IS NULL ORDER BY id"
        )
        return self._page("claim", select, size)

    def claims_of_source(self, size: int) -> DataLoader[UUID, list[asyncpg.Record]]:
        select = f"SELECT {CLAIM} FROM claim WHERE source = wanted.id AND withdrawn_at IS NULL ORDER BY id"
        return self._page("source", select, size)

    def _page(self, column: str, select: str, size: int) -> DataLoader[UUID, list[asyncpg.Record]]:
        if (column, size) not in self._pages:
            self._pages[column, size] = self._many(_page(select, size), column)
        return self._pages[column, size]

    def _one(self, sql: str) -> DataLoader[UUID, Any]:
        async def load(keys: list[UUID]) -> list[asyncpg.Record | None]:
            rows = {row["id"]: row for row in await self.pool.fetch(sql, keys)}
            return [rows.get(key) for key in keys]

        return DataLoader(load)

    def _many(self, sql: str, column: str) -> DataLoader[UUID, list[asyncpg.Record]]:
        async def load(keys: list[UUID]) -> list[list[asyncpg.Record]]:
            groups: defaultdict[UUID, list[asyncpg.Record]] = defaultdict(list)
            for row in await self.pool.fetch(sql, keys):
                groups[row[column]].append(row)
            return [groups[key] for key in keys]

        return DataLoader(load)
