"""The fields of Query: lists, nodes by id, and the search."""

from __future__ import annotations

from collections.abc import Mapping

from app.compiler.catalog.fields import one_of
from app.compiler.catalog.holding import WORDS, newest_claims, newest_holding
from app.compiler.catalog.meanings import Link, Narrowing, Paged
from app.compiler.catalog.orders import (
    AGENT_ORDERS,
    CHANGE_ORDERS,
    CLAIM_ORDERS,
    EVENT_ORDERS,
    RECORD_ORDERS,
    SEARCH_ORDERS,
    SOURCE_ORDERS,
)
from app.compiler.catalog.spellings import find_near
from app.compiler.terms import Conversion

_NOT_WITHDRAWN = "{t}.withdrawn_at IS NULL"

ROOT: Mapping[str, Paged] = {
    "claims": Paged("Claim", "claim {t}", "true", CLAIM_ORDERS, "RECORDED", "ClaimFilter", _NOT_WITHDRAWN),
    "sources": Paged("Source", "source {t}", "true", SOURCE_ORDERS, "RECORDED", "SourceFilter"),
    "agents": Paged("Agent", "agent {t}", "true", AGENT_ORDERS, "RECORDED", "AgentFilter"),
    "questions": Paged("Question", "question {t}", "true", RECORD_ORDERS, "RECORDED", "QuestionFilter"),
    "events": Paged("Event", "event {t}", "true", EVENT_ORDERS, "RECORDED", "EventFilter"),
    "assessments": Paged(
        "Assessment", "assessment {t}", "true", RECORD_ORDERS, "RECORDED", "AssessmentFilter", _NOT_WITHDRAWN
    ),
    "researchers": Paged("Researcher", "researcher {t}", "true", RECORD_ORDERS, "RECORDED"),
}

# Fields that show one row, whatever is asked.
SINGLE: Mapping[str, Link] = {
    "newestSeal": Link("Seal", "seal {t}", "{t}.id = (SELECT max(n.id) FROM seal n)", nullable=True),
}

# Who asks: of the context, in the order of the columns.
ACCESS = Link("Access", "(VALUES ({0}, {1}, {2})) {t}(role, researcher, token)", "true")
ACCESS_CONTEXT = (("role", "text"), ("viewer", "uuid"), ("token", "uuid"))

# type → the FROM item in which a node is found by its `id`
NODE_SOURCES: Mapping[str, str] = {
    "Claim": "claim {t}",
    "Source": "source {t}",
    "Agent": "agent {t}",
    "Question": "question {t}",
    "Event": "event {t}",
    "Assessment": "assessment {t}",
    "Researcher": "researcher {t}",
}


def _found(table: str, rows: str) -> str:
    # Every part is a constant of this catalog; the words asked for are a parameter.
    return f"SELECT '{table}' AS type, h.id, ts_rank(h.words, (SELECT {WORDS})) AS rank FROM {rows} h"


# What has a name or a title; a claim has neither.
NAMED = ("Source", "Agent", "Question", "Event")


def _find_all() -> tuple[str, str]:
    """The parts of a search, and what it finds of all types: rows that hold the words, and near ones.

    What holds the words is a part, asked for once: to be ranked, and for whether there is enough of it.
    """
    parts, claims = newest_claims()
    found = [_found("claim", rows) for rows in claims]
    for type_ in NAMED:
        table = type_.lower()
        held, compared = f"{table}_held", f"{table}_compared"
        parts[held] = newest_holding(table)
        parts[compared], near = find_near(type_, f"{{t}}_{held}", f"{{t}}_{compared}")
        found += [_found(table, f"{{t}}_{held}"), *near]
    spelled = ", ".join(f"{{t}}_{name} AS MATERIALIZED ({query})" for name, query in parts.items())
    return spelled, " UNION ALL ".join([*found, _NO_WORDS])


SEARCH_RESULT = one_of("SearchResult", "Claim", *NAMED)

# Never true, and seen to be so where the words are known. A plan for any words has to reckon with it, and
# is thereby too dear to be kept: it would read all rows that hold a common word.
_NO_WORDS = "SELECT 'claim', r.id, 0::real FROM claim r, claim o WHERE {0} IS NULL"

_PARTS, _FOUND = _find_all()
SEARCH = Paged(
    "SearchResult",
    f"({_FOUND}) {{t}}",
    "true",
    SEARCH_ORDERS,
    "SEARCH",
    narrowed={"types": Narrowing("upper({t}.type) = ANY({0})", Conversion.TEXTS, "text[]")},
    item=SEARCH_RESULT,
    descending=True,
    parts=_PARTS,
)

# The source last recorded of each url of a list: the version a reader would be sent to.
KNOWN_SOURCE = "unnest({0}) WITH ORDINALITY {t}(url, n)"
KNOWN_JOIN = "{t}.id = (SELECT s.id FROM source s WHERE s.url = {p}.url ORDER BY s.id DESC LIMIT 1)"

# What a merge changes, handed in as JSON by the transaction that found it.
STANDING_SOURCE = "jsonb_to_record({0}) AS {t}(total integer, places jsonb, restricted jsonb)"
CHANGES = Paged(
    "FigureChange",
    "jsonb_to_recordset({0}) AS {t}(claim uuid, before jsonb, after jsonb)",
    "true",
    CHANGE_ORDERS,
    "CLAIM",
)
