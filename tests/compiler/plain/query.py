"""The root of every read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.identifiers import NodeType, decode_id
from tests.compiler.plain.comparison import Comparison
from tests.compiler.plain.connections import Connection, Found, connect
from tests.compiler.plain.filters import accepts_agent, accepts_event
from tests.compiler.plain.nodes import (
    list_assessments,
    list_claims,
    list_questions,
    list_sources,
)
from tests.compiler.plain.reader import Fields, Reader
from tests.compiler.plain.rows import Claim, Source
from tests.compiler.plain.words import SEARCHED


def rows_of(reader: Reader, node: NodeType) -> Mapping[Any, Any]:
    rows = reader.rows
    tables: dict[NodeType, Mapping[Any, Any]] = {
        NodeType.AGENT: rows.agents,
        NodeType.SOURCE: rows.sources,
        NodeType.EVENT: rows.events,
        NodeType.QUESTION: rows.questions,
        NodeType.CLAIM: rows.claims,
        NodeType.ASSESSMENT: rows.assessments,
        NodeType.RESEARCHER: rows.researchers,
    }
    return tables[node]


def find_node(reader: Reader, id: str, *wanted: NodeType) -> Any:
    """The row of an id; None for one that is malformed, unknown or of a type that is not wanted."""
    decoded = decode_id(id)
    if decoded is None or (wanted and decoded[0] not in wanted):
        return None
    return rows_of(reader, decoded[0]).get(decoded[1])


def search(_: Any, reader: Reader, text: str, **arguments: Any) -> Connection:
    types = arguments.get("types")
    tables = [table for table in SEARCHED if types is None or table.upper() in types]
    found = [each for table in tables for each in find_in(reader, table, text)]
    return connect("SearchResultConnection", found, arguments)


def find_in(reader: Reader, table: str, text: str) -> list[Found]:
    """The newest rows that hold the words, and those that are near, whose rank is below 0."""
    ranks = reader.words.ranks(table, text)
    rows = [rows_of(reader, NodeType(table.title()))[key] for key in sorted(ranks, reverse=True)]
    shown = [row for row in rows if not (isinstance(row, Claim) and row.withdrawn_at)]
    newest = [row for row in shown if ranks[row.id] >= 0][:MOST_RANKED]
    return [Found(row, ranks[row.id]) for row in (*newest, *(r for r in shown if ranks[r.id] < 0))]


def compare(_: Any, reader: Reader, question: str) -> Comparison | None:
    row = find_node(reader, question, NodeType.QUESTION)
    return Comparison(row) if row else None


def known(_: Any, reader: Reader, urls: list[str]) -> list[Source | None]:
    latest: dict[str | None, Source] = {}
    for source in sorted(reader.rows.sources.values(), key=lambda row: row.id):
        latest[source.url] = source
    return [latest.get(url) for url in urls]


# So many rows of a type that hold the words are ranked.
MOST_RANKED = 1_000

QUERY: Fields = {
    "viewer": lambda _, reader: reader.rows.researchers.get(reader.viewer.researcher),
    "access": lambda _, reader: reader.viewer,
    "newestSeal": lambda _, reader: reader.rows.seals.get(max(reader.rows.seals, default=0)),
    "node": lambda _, reader, id: find_node(reader, id),
    "nodes": lambda _, reader, ids: [find_node(reader, id) for id in ids],
    "claim": lambda _, reader, id: find_node(reader, id, NodeType.CLAIM),
    "source": lambda _, reader, id: find_node(reader, id, NodeType.SOURCE),
    "agent": lambda _, reader, id: find_node(reader, id, NodeType.AGENT),
    "question": lambda _, reader, id: find_node(reader, id, NodeType.QUESTION),
    "event": lambda _, reader, id: find_node(reader, id, NodeType.EVENT),
    "claims": lambda _, reader, **arguments: list_claims(
        reader, list(reader.rows.claims.values()), arguments
    ),
    "sources": lambda _, reader, **arguments: list_sources(
        reader, list(reader.rows.sources.values()), arguments
    ),
    "agents": lambda _, reader, **arguments: connect(
        "AgentConnection",
        [row for row in reader.rows.agents.values() if accepts_agent(arguments.get("filter"), row, reader)],
        arguments,
    ),
    "questions": lambda _, reader, **arguments: list_questions(
        reader, list(reader.rows.questions.values()), arguments
    ),
    "events": lambda _, reader, **arguments: connect(
        "EventConnection",
        [row for row in reader.rows.events.values() if accepts_event(arguments.get("filter"), row, reader)],
        arguments,
    ),
    "assessments": lambda _, reader, **arguments: list_assessments(
        reader, list(reader.rows.assessments.values()), arguments
    ),
    "researchers": lambda _, reader, **arguments: connect(
        "ResearcherConnection", reader.rows.researchers.values(), arguments
    ),
    "known": known,
    "compare": compare,
    "search": search,
}
