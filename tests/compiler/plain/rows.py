"""Every table that can be read, whole, as dataclasses named as their GraphQL types."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import asyncpg

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = TypeVar("Row", bound="DataclassInstance")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A range of Postgres's. None at an end: unbounded."""

    lower: Any
    upper: Any
    lower_inclusive: bool
    upper_inclusive: bool


@dataclass(frozen=True, slots=True)
class Researcher:
    id: UUID
    name: str
    email: str | None
    role: str
    disabled_at: datetime | None
    version: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    id: UUID
    researcher: UUID
    name: str
    prefix: str
    role: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    purpose: str


@dataclass(frozen=True, slots=True)
class Recorded:
    id: UUID
    version: int
    recorded_by: UUID
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Agent(Recorded):
    kind: str
    name: str
    lower_name: str
    aliases: list[str]
    description: str | None
    part_of: UUID | None
    party: UUID
    merged_into: UUID | None
    wikidata_id: str | None
    protected: bool
    pseudonym: str | None
    lower_pseudonym: str | None


@dataclass(frozen=True, slots=True)
class Source(Recorded):
    kind: str
    publisher: UUID | None
    title: str
    url: str | None
    byline: str | None
    language: str | None
    published_text: str | None
    published: Stretch | None
    retrieved_at: datetime | None
    media_type: str | None
    text: str | None
    text_sha256: str | None
    archive_url: str | None
    reprints: UUID | None
    revises: UUID | None
    newest_version: UUID
    note: str | None
    publishers: list[UUID]
    restricted: bool
    hidden: bool


@dataclass(frozen=True, slots=True)
class Event(Recorded):
    title: str
    description: str | None
    starts_on: date | None
    ends_on: date | None
    place: str | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Question(Recorded):
    kind: str
    text: str
    event: UUID | None
    unit: str | None
    counted: str | None
    merged_into: UUID | None
    root: UUID


@dataclass(frozen=True, slots=True)
class Claim(Recorded):
    """With the figures of its corroboration by which claims are ordered."""

    source: UUID
    question: UUID | None
    question_root: UUID | None
    statement: str
    quote_exact: str
    quote_prefix: str | None
    quote_suffix: str | None
    quote_start: int | None
    quote_end: int | None
    quote_status: str
    basis: str
    polarity: str | None
    quantity_text: str | None
    modality: str | None
    bounds: Stretch | None
    bounds_given: bool | None
    asserted_text: str | None
    asserted: Stretch | None
    note: str | None
    retracted_text: str | None
    retracted: Stretch | None
    retraction_reason: str | None
    retraction_url: str | None
    retraction_recorded_by: UUID | None
    retraction_recorded_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by: UUID | None
    withdrawal_reason: str | None
    restricted: bool
    hidden: bool
    lines_for: int
    lines_against: int


@dataclass(frozen=True, slots=True)
class Attribution:
    id: UUID
    claim: UUID
    hop: int
    agent: UUID
    cue: str | None
    mode: str | None
    channel: str


@dataclass(frozen=True, slots=True)
class Assessment(Recorded):
    claim: UUID
    evidence_claim: UUID | None
    evidence_source: UUID | None
    stance: str
    rationale: str
    credibility: int | None
    withdrawn_at: datetime | None
    withdrawn_by: UUID | None
    withdrawal_reason: str | None


@dataclass(frozen=True, slots=True)
class Corroboration:
    claim: UUID
    status: str
    lines_for: int
    lines_against: int
    lines_exact: bool
    reports_for: int
    reports_against: int
    lines: dict[str, list[list[str]]]
    weakest_links: list[str]
    explanation: str
    # Where outsiders are told something else; and whom the explanation names.
    outside_lines: dict[str, list[list[str]]] | None
    outside_weakest_links: list[str] | None
    outside_explanation: str | None
    named: list[str]
    disagreed: bool
    rule_version: int
    chain: list[UUID]
    origins: list[UUID]
    said: Stretch | None
    live: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """A row of the view `evidence`."""

    claim: UUID
    side: str
    basis: str
    evidence_claim: UUID | None
    evidence_source: UUID | None


@dataclass(frozen=True, slots=True)
class StatusChange:
    id: int
    claim: UUID
    status: str
    lines_for: int
    lines_against: int
    reports_for: int
    reports_against: int
    since: datetime
    revision: int | None


@dataclass(frozen=True, slots=True)
class Revision:
    id: int
    at: datetime
    actor: UUID | None
    reason: str | None
    table_name: str
    subject: UUID
    operation: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Seal:
    id: int
    hash: bytes
    sealed_at: datetime
    last_position: int


_RELATIONS: dict[type, str] = {StatusChange: "status_change"}
_EXPRESSIONS = {
    (Agent, "lower_name"): "lower(name)",
    (Agent, "lower_pseudonym"): "lower(pseudonym)",
    (Claim, "lines_for"): "(SELECT k.lines_for FROM corroboration k WHERE k.claim = claim.id)",
    (Claim, "lines_against"): "(SELECT k.lines_against FROM corroboration k WHERE k.claim = claim.id)",
}
_DOCUMENTS = {"lines", "weakest_links", "outside_lines", "outside_weakest_links", "named", "before", "after"}


@dataclass
class Rows:
    """A whole database. Nodes by their keys, all else by what it belongs to."""

    researchers: dict[UUID, Researcher]
    tokens: dict[UUID, Token]
    agents: dict[UUID, Agent]
    sources: dict[UUID, Source]
    events: dict[UUID, Event]
    questions: dict[UUID, Question]
    claims: dict[UUID, Claim]
    assessments: dict[UUID, Assessment]
    revisions: dict[int, Revision]
    corroborations: dict[UUID, Corroboration]
    attributions_of: dict[UUID, list[Attribution]]
    assessments_of: dict[UUID, list[Assessment]]
    evidence_of: dict[UUID, list[Evidence]]
    changes_of: dict[UUID, list[StatusChange]]
    revisions_of: dict[UUID, list[Revision]]
    seals: dict[int, Seal]
    # When transactions ended.
    ended: list[datetime]

    def missing(self) -> list[str]:
        """The tables of nodes without a row."""
        tables = ("researchers", "agents", "sources", "events", "questions", "claims", "assessments")
        return [table for table in tables if not getattr(self, table)]

    @classmethod
    async def load(cls, connection: asyncpg.Connection) -> Rows:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await cls.load_within(connection)

    @classmethod
    async def load_within(cls, connection: asyncpg.Connection) -> Rows:
        """As the transaction sees them that is under way."""
        assessments = await _load(connection, Assessment)
        revisions = await _load(connection, Revision)
        return cls(
            researchers=by_id(await _load(connection, Researcher)),
            tokens=by_id(await _load(connection, Token)),
            agents=by_id(await _load(connection, Agent)),
            sources=by_id(await _load(connection, Source)),
            events=by_id(await _load(connection, Event)),
            questions=by_id(await _load(connection, Question)),
            claims=by_id(await _load(connection, Claim)),
            assessments=by_id(assessments),
            revisions=by_id(revisions),
            corroborations={row.claim: row for row in await _load(connection, Corroboration)},
            attributions_of=grouped(await _load(connection, Attribution), lambda row: row.claim),
            assessments_of=grouped(assessments, lambda row: row.claim),
            evidence_of=grouped(await _load(connection, Evidence), lambda row: row.claim),
            changes_of=grouped(await _load(connection, StatusChange), lambda row: row.claim),
            revisions_of=grouped(revisions, lambda row: row.subject),
            seals=by_id(await _load(connection, Seal)),
            ended=[row[0] for row in await connection.fetch("SELECT ended FROM act ORDER BY 1")],
        )


async def _load(connection: asyncpg.Connection, row: type[Row]) -> list[Row]:
    names = [field.name for field in dataclasses.fields(row)]
    listed = ", ".join(f"{_EXPRESSIONS.get((row, name), name)} AS {name}" for name in names)
    relation = _RELATIONS.get(row, row.__name__.lower())
    records = await connection.fetch(f"SELECT {listed} FROM {relation}")
    return [row(**{name: read_value(name, record[name]) for name in names}) for record in records]


def read_value(name: str, value: Any) -> Any:
    if isinstance(value, asyncpg.Range):
        return Stretch(value.lower, value.upper, value.lower_inc, value.upper_inc)
    # A connection of SQLAlchemy's has read documents already; none of ours is a string.
    if name in _DOCUMENTS and isinstance(value, str):
        return json.loads(value)
    return value


def by_id(rows: Iterable[Any]) -> dict[Any, Any]:
    return {row.id: row for row in rows}


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
