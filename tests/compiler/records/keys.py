"""Names of rows → their keys: the same in every run, in no order of time, so that orders by id are seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from app.domain.identifiers import NodeType, encode_id
from app.domain.moments import parse_moment

Row = dict[str, object]
"""The columns of one row that are not as usual. A reference is the name of the other row."""

_NAMESPACE = UUID("5a750000-0000-4000-8000-000000000000")
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
_FRACTIONS = (0, 0, 500_000, 120_000, 123_456, 1)


def key_of(table: str, name: str) -> UUID:
    return uuid5(_NAMESPACE, f"{table} {name}")


def id_of(row: str) -> str:
    """
    >>> id_of("claim_two_dozen") == encode_id(NodeType.CLAIM, key_of("claim", "two_dozen"))
    True
    """
    table, _, name = row.partition("_")
    node = next(node for node in NodeType if node.table == table)
    return encode_id(node, key_of(table, name))


def recorded_at(table: str, name: str) -> str:
    """When a row was recorded: some second of 2020, some with a fraction of it."""
    number = key_of(table, name).int
    moment = _BEGINNING + timedelta(seconds=number % 31_000_000, microseconds=_FRACTIONS[number % 6])
    return moment.isoformat()


def moment(column: str, text: str | None) -> Row:
    """The two columns of a moment: its words, and its stretch of time as Postgres reads a range."""
    if text is None:
        return {}
    parsed = parse_moment(text)
    closing = "]" if parsed.is_instant else ")"
    return {f"{column}_text": text, column: f"[{parsed.start.isoformat()},{parsed.end.isoformat()}{closing}"}
