"""Claims as of a moment: what their fields mean in the log. `{0}` of a source is the moment.

A row as it stood is the last image that an act wrote which had ended by then. Only what the log holds can be
asked for: what is derived is not in it, but for the figures of a status.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.compiler.catalog.fields import number, word
from app.compiler.catalog.filters import Conditions
from app.compiler.catalog.meanings import Flag, Grouped, Link, Meaning, Members, Narrowing, Paged, Part
from app.compiler.catalog.types import TYPES
from app.compiler.terms import Conversion, Order

_ENDED = (
    "SELECT a.ended FROM act a WHERE a.transaction = r.transaction AND a.first_revision <= r.id"
    " ORDER BY a.first_revision DESC LIMIT 1"
)


def _image(subject: str, table: str, row: str) -> str:
    """The last image of a row; null after it was deleted, none before it was inserted."""
    return (
        f"SELECT r.after FROM revision r WHERE r.subject = {subject} AND r.table_name = '{table}'"
        f" AND r.row_id = {row} AND coalesce(({_ENDED}), r.at) <= {{0}} ORDER BY r.id DESC LIMIT 1"
    )


def _rows(table: str, more: str = "", mended: str = "i.after") -> str:
    """The rows of a table that stood then. `key` is their id, by which Postgres finds them."""
    return (
        f"(SELECT n.id AS key, {more}c.* FROM {table} n"
        f" CROSS JOIN LATERAL ({_image('n.id', table, 'n.id')}) i"
        f" CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, {mended}) c"
        " WHERE n.recorded_at <= {0} AND i.after IS NOT NULL) {t}"
    )


# What was redacted of a list is no list any more.
_AGENTS = _rows(
    "agent", mended="i.after || CASE jsonb_typeof(i.after -> 'aliases') WHEN 'array' THEN '{{}}'"
    " ELSE '{{\"aliases\": []}}' END::jsonb"
)  # fmt: skip
_SOURCES: Mapping[str, str] = {
    "Agent": _AGENTS,
    "Source": _rows("source"),
    "Event": _rows("event"),
    "Question": _rows("question"),
    "Researcher": _rows("researcher"),
}
# A claim never moves to another source: the index on it serves the past as well.
PAST_CLAIM = _rows("claim", more="n.source AS found_in, ")
_HOPS = (
    "(SELECT c.* FROM (SELECT DISTINCT r.row_id FROM revision r"
    " WHERE r.subject = {p}.key AND r.table_name = 'attribution') n"
    f" CROSS JOIN LATERAL ({_image('{p}.key', 'attribution', 'n.row_id')}) i"
    " CROSS JOIN LATERAL jsonb_populate_record(NULL::attribution, i.after) c WHERE i.after IS NOT NULL) {t}"
)


# Those that are on a question, and those that were moved from it: no other claim was ever on it.
_EVER_ON = (
    "SELECT m.id FROM claim m WHERE m.question = ANY({0}) UNION ALL SELECT r.row_id FROM revision r"
    " WHERE r.table_name = 'claim' AND r.operation = 'UPDATE'"
    " AND (r.before ->> 'question') IS DISTINCT FROM (r.after ->> 'question')"
    " AND r.before ->> 'question' = ANY(({0})::text[])"
)


def _status(claim: str, moment: str) -> str:
    return (
        f"SELECT s.* FROM status_change s WHERE s.claim = {claim}"
        f" AND coalesce((SELECT ({_ENDED}) FROM revision r WHERE r.id = s.revision), s.since) <= {moment}"
        " ORDER BY s.id DESC LIMIT 1"
    )


def _link(type_: str, column: str, *, nullable: bool = False) -> Link:
    return Link(type_, _SOURCES[type_], f"{{t}}.key = {{p}}.{column}", nullable)


def _turn(meaning: Meaning) -> Meaning | None:
    """The same of the past; None if it cannot be told."""
    match meaning:
        case Part():
            fields = {name: turned for name, each in meaning.fields.items() if (turned := _turn(each))}
            return Part(meaning.type, fields, meaning.present)
        case Link() if meaning.type in _SOURCES and "{t}.id = {p}." in meaning.join:
            return _link(meaning.type, meaning.join.removeprefix("{t}.id = {p}."), nullable=meaning.nullable)
        case Link() | Paged() | Grouped() | Members():
            return None
    return meaning


# Derived columns, and what other rows tell.
_UNTOLD = {
    "Agent": {"party"},
    "Source": {"newestVersion", "revisedBy", "hidden"},
    "Claim": {"quoteStatus", "hidden"},
    "Researcher": {"email"},
}


def _told(type_: str) -> dict[str, Meaning]:
    meanings = TYPES[type_].items()
    left_out = _UNTOLD.get(type_, set())
    return {name: turned for name, each in meanings if name not in left_out and (turned := _turn(each))}


PAST_TYPES: Mapping[str, Mapping[str, Meaning]] = {
    **{type_: _told(type_) for type_ in _SOURCES},
    "Claim": {
        **_told("Claim"),
        "attribution": Grouped("Hop", _HOPS, "true", by="hop", first="id"),
        "corroboration": Link("Corroboration", f"({_status('{p}.key', '{0}')}) {{t}}", "true"),
    },
    "Hop": {**TYPES["Hop"], "agents": Members(_link("Agent", "agent"))},
    "Corroboration": {
        "status": word("status"),
        "linesFor": number("lines_for"),
        "linesAgainst": number("lines_against"),
        "reportsFor": number("reports_for"),
        "reportsAgainst": number("reports_against"),
    },
}

# `{1}` is the moment.
PAST_CONDITIONS: Conditions = {
    "status": Narrowing(
        f"(SELECT k.status FROM ({_status('{t}.key', '{1}')}) k) = ANY({{0}})", Conversion.TEXTS, "text[]"
    ),
    "source": Narrowing("{t}.found_in = ANY({0})", Conversion.KEYS, "uuid[]", ("Source",)),
    "question": Narrowing(
        f"({{t}}.key IN ({_EVER_ON}) AND {{t}}.question = ANY({{0}}))",
        Conversion.KEYS,
        "uuid[]",
        ("Question",),
    ),
    "basis": Narrowing("{t}.basis = ANY({0})", Conversion.TEXTS, "text[]"),
    "polarity": Narrowing("{t}.polarity = ANY({0})", Conversion.TEXTS, "text[]"),
    "quantity": Narrowing("{t}.bounds && {0}", Conversion.NUMBERS, "numrange"),
    "asserted": Narrowing("{t}.asserted && {0}", Conversion.TIMES, "tstzrange"),
    "recorded": Narrowing("{t}.recorded_at <@ {0}", Conversion.TIMES, "tstzrange"),
    "hasQuestion": Flag("{t}.question IS NOT NULL"),
    "withdrawn": Flag("{t}.withdrawn_at IS NOT NULL"),
}

PAST_CLAIMS = Paged(
    "Claim",
    PAST_CLAIM,
    "true",
    {"RECORDED": Order("RECORDED", "{t}.key", "uuid")},
    "RECORDED",
    "PastClaimFilter",
    hidden="{t}.withdrawn_at IS NULL",
)
