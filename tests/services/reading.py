"""What stands in the database, for a test to look at."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from app.database import Database


async def read_rows(database: Database, sql: str, *parameters: object) -> list[dict[str, Any]]:
    """The rows of a query, as JSON has them."""
    wrapped = f"SELECT coalesce(jsonb_agg(to_jsonb(found)), '[]')::varchar FROM ({sql}) AS found"
    rows: list[dict[str, Any]] = json.loads(await database.fetch_json(wrapped, parameters))
    return rows


async def read_row(database: Database, table: str, key: UUID) -> dict[str, Any]:
    """The row of a recorded table, without its search words."""
    (row,) = await read_rows(database, f"SELECT * FROM {table} WHERE id = $1", key)
    return {name: value for name, value in row.items() if name != "words"}


async def read_status(database: Database, claim: UUID) -> str:
    """The status of a claim and its lines, as in "DISPUTED 2:1"."""
    (row,) = await read_rows(
        database, "SELECT status, lines_for, lines_against FROM corroboration WHERE claim = $1", claim
    )
    return f"{row['status']} {row['lines_for']}:{row['lines_against']}"


async def read_corroboration(database: Database) -> dict[str, dict[str, Any]]:
    """All that the rule makes of every claim, by the id of the claim."""
    rows = await read_rows(database, "SELECT * FROM corroboration")
    return {row.pop("claim"): row for row in rows}


async def read_revisions(database: Database, subject: UUID) -> list[dict[str, Any]]:
    """The revisions of a row and of what belongs to it, oldest first."""
    return await read_rows(database, "SELECT * FROM revision WHERE subject = $1 ORDER BY id", subject)


async def count_rows(database: Database, table: str) -> int:
    (row,) = await read_rows(database, f"SELECT count(*) AS count FROM {table}")
    return int(row["count"])


async def read_hops(database: Database, claim: UUID) -> list[dict[str, Any]]:
    return await read_rows(
        database,
        "SELECT hop, agent, cue, mode, channel, version FROM attribution WHERE claim = $1 ORDER BY hop, id",
        claim,
    )
