"""Claims as of a moment: the rows as they stood, out of the log; and what can be asked of them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import asyncpg

from tests.compiler.plain.rows import (
    Agent,
    Attribution,
    Claim,
    Event,
    Question,
    Researcher,
    Rows,
    Source,
    StatusChange,
    by_id,
    grouped,
    read_value,
)

# What is derived, or is a list of its own, the log does not tell.
UNTOLD: dict[str, set[str]] = {
    "Claim": {"quoteStatus", "history", "assessments", "hidden"},
    "Source": {"newestVersion", "revisedBy", "claims", "reprintedBy", "history", "hidden"},
    "Agent": {"party", "parts", "claims", "sources", "history"},
    "Event": {"questions", "history"},
    "Question": {"claims", "history"},
    "Researcher": {"email", "tokens"},
}
TOLD: dict[str, set[str]] = {
    "Corroboration": {"status", "linesFor", "linesAgainst", "reportsFor", "reportsAgainst"},
    "ClaimFilter": {
        *("and", "or", "not", "status", "source", "question", "basis", "polarity", "quantity", "asserted"),
        *("recorded", "hasQuestion", "withdrawn"),
    },
}
# An act has the revisions of its transaction from its first up to the next act of the same number.
_ACTS = """
WITH acts AS (
    SELECT r.id AS revision, a.ended FROM revision r JOIN act a USING (transaction)
    WHERE a.first_revision = (
        SELECT max(o.first_revision) FROM act o
        WHERE o.transaction = r.transaction AND o.first_revision <= r.id))
"""
_IMAGES = f"""{_ACTS}
SELECT image.* FROM (
    SELECT DISTINCT ON (r.row_id) r.after
    FROM revision r LEFT JOIN acts a ON a.revision = r.id
    WHERE r.table_name = $1 AND coalesce(a.ended, r.at) <= $2
    ORDER BY r.row_id, r.id DESC) last, jsonb_populate_record(NULL::{{table}}, last.after) image
WHERE last.after IS NOT NULL
"""
_STATUSES = f"""{_ACTS}
SELECT DISTINCT ON (s.claim) {{columns}} FROM status_change s
LEFT JOIN acts a ON a.revision = s.revision
WHERE coalesce(a.ended, s.since) <= $1 ORDER BY s.claim, s.id DESC
"""


def can_be_told(type_: str, field: str) -> bool:
    if type_ in TOLD:
        return field in TOLD[type_]
    return field not in UNTOLD.get(type_, set())


def is_over(moment: datetime) -> bool:
    return moment <= datetime.now(UTC)


async def load_past(connection: asyncpg.Connection, moment: datetime, now: Rows) -> Rows:
    """The rows as they stood. What cannot be told is as it is now, and nobody asks for it."""
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        moment = datetime.min.replace(tzinfo=UTC)

    async def load(row: type[Any]) -> list[Any]:
        table = row.__name__.lower()
        records = await connection.fetch(_IMAGES.format(table=table), table, moment)
        names = [field.name for field in dataclasses.fields(row)]
        return [row(**{name: read_value(name, each.get(name)) for name in names}) for each in records]

    names = [f"s.{field.name}" for field in dataclasses.fields(StatusChange)]
    statuses = await connection.fetch(_STATUSES.format(columns=", ".join(names)), moment)
    return dataclasses.replace(
        now,
        researchers=by_id(await load(Researcher)),
        agents=by_id(await load(Agent)),
        sources=by_id(await load(Source)),
        events=by_id(await load(Event)),
        questions=by_id(await load(Question)),
        claims=by_id(await load(Claim)),
        attributions_of=grouped(await load(Attribution), lambda row: row.claim),
        corroborations={each["claim"]: StatusChange(**dict(each)) for each in statuses},  # type: ignore[misc]  # it has their fields
    )
