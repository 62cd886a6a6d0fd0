"""What a bundle holds: the entries of each section, which refer to each other by their keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.identifiers import NodeType
from app.domain.quantities import Quantity
from app.domain.texts import hash_text
from app.domain.vocabulary import (
    AgentKind,
    Basis,
    Channel,
    Mode,
    Polarity,
    QuestionKind,
    SourceKind,
    Stance,
)


class Section(StrEnum):
    """The sections of a bundle, in the order in which they can be recorded."""

    AGENTS = "agents"
    EVENTS = "events"
    QUESTIONS = "questions"
    SOURCES = "sources"
    CLAIMS = "claims"
    ASSESSMENTS = "assessments"

    @property
    def node(self) -> NodeType:
        return _NODES[self]

    @property
    def table(self) -> str:
        return self.node.table


_NODES = {
    Section.AGENTS: NodeType.AGENT,
    Section.EVENTS: NodeType.EVENT,
    Section.QUESTIONS: NodeType.QUESTION,
    Section.SOURCES: NodeType.SOURCE,
    Section.CLAIMS: NodeType.CLAIM,
    Section.ASSESSMENTS: NodeType.ASSESSMENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`line` is where it begins in the file; 0 for one that was read from a database."""

    section: ClassVar[Section]

    key: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Merge:
    """Which entry this one stands for. `reason` None is left to the importer to word."""

    into: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentEntry(Entry):
    section: ClassVar[Section] = Section.AGENTS

    kind: AgentKind
    name: str
    aliases: tuple[str, ...] = ()
    description: str | None = None
    part_of: str | None = None
    wikidata_id: str | None = None
    protected: bool = False
    pseudonym: str | None = None
    merged_into: Merge | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry(Entry):
    """An entry that revises another has what it does not give from that one, filled in.

    `text_sha256` stands for `text`, so that an entry read from a database need not bring it along.
    """

    section: ClassVar[Section] = Section.SOURCES

    kind: SourceKind
    title: str
    publisher: str | None = None
    url: str | None = None
    byline: str | None = None
    language: str | None = None
    published_at: str | None = None
    retrieved_at: datetime | None = None
    media_type: str | None = None
    text: str | None = field(default=None, compare=False, repr=False)
    text_sha256: str | None = None
    archive_url: str | None = None
    reprints: str | None = None
    revises: str | None = None
    note: str | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEntry(Entry):
    section: ClassVar[Section] = Section.EVENTS

    title: str
    description: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEntry(Entry):
    section: ClassVar[Section] = Section.QUESTIONS

    kind: QuestionKind
    text: str
    event: str | None = None
    unit: str | None = None
    counted: str | None = None
    merged_into: Merge | None = None


@dataclass(frozen=True, slots=True)
class QuoteEntry:
    """`placed` false: recorded while the text was not stored, and never looked for in it."""

    exact: str
    prefix: str | None = None
    suffix: str | None = None
    start: int | None = None
    end: int | None = None
    placed: bool = True


@dataclass(frozen=True, slots=True)
class HopEntry:
    agents: tuple[str, ...]
    cue: str | None = None
    mode: Mode | None = None
    channel: Channel = Channel.UNSTATED


@dataclass(frozen=True, slots=True)
class Retraction:
    """The source took the claim back: at the moment `at`."""

    at: str
    reason: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEntry(Entry):
    """`withdrawn` is the reason why it was, by whoever recorded it."""

    section: ClassVar[Section] = Section.CLAIMS

    source: str
    statement: str
    quote: QuoteEntry
    basis: Basis
    question: str | None = None
    quantity: Quantity | None = None
    polarity: Polarity | None = None
    asserted_at: str | None = None
    attribution: tuple[HopEntry, ...] = ()
    note: str | None = None
    restricted: bool = False
    retracted: Retraction | None = None
    withdrawn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentEntry(Entry):
    """`recorded_by` names a researcher; None is whoever imports."""

    section: ClassVar[Section] = Section.ASSESSMENTS

    claim: str
    stance: Stance
    rationale: str
    evidence_claim: str | None = None
    evidence_source: str | None = None
    credibility: int | None = None
    recorded_by: str | None = None
    withdrawn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The entries of each section by their keys, in the order of the file.

    `starts` says where in the text of its source the quote of a claim starts, by the key of the claim; None
    where the text is not stored, or the quote was not looked for in it.
    """

    name: str
    title: str | None = None
    agents: Mapping[str, AgentEntry] = field(default_factory=dict)
    events: Mapping[str, EventEntry] = field(default_factory=dict)
    questions: Mapping[str, QuestionEntry] = field(default_factory=dict)
    sources: Mapping[str, SourceEntry] = field(default_factory=dict)
    claims: Mapping[str, ClaimEntry] = field(default_factory=dict)
    assessments: Mapping[str, AssessmentEntry] = field(default_factory=dict)
    starts: Mapping[str, int | None] = field(default_factory=dict)

    def entries(self, section: Section) -> Mapping[str, Entry]:
        entries: Mapping[str, Entry] = getattr(self, section.value)
        return entries


def derive_key(claim: str, evidence: str, recorded_by: str | None) -> str:
    """The key of an assessment that was given none: a researcher has one judgement on a claim by one piece.

    >>> derive_key("a-750", "wnct-0101", "sample")
    'assessment-faecc3990744aaf6'
    """
    parts = json.dumps([claim, evidence, recorded_by])
    return f"assessment-{hash_text(parts)[:16]}"


def list_references(entry: Entry) -> Iterator[tuple[str, Section, str]]:
    """What an entry refers to: the field, the section of the other entry, its key."""
    for name, section in _REFERENCES[entry.section].items():
        value = getattr(entry, name)
        if isinstance(value, Merge):
            yield name, section, value.into
        elif value is not None:
            yield name, section, value
    if isinstance(entry, ClaimEntry):
        for number, hop in enumerate(entry.attribution, start=1):
            for agent in hop.agents:
                yield f"attribution {number}: agent", Section.AGENTS, agent


_REFERENCES: Mapping[Section, Mapping[str, Section]] = {
    Section.AGENTS: {"part_of": Section.AGENTS, "merged_into": Section.AGENTS},
    Section.EVENTS: {},
    Section.QUESTIONS: {"event": Section.EVENTS, "merged_into": Section.QUESTIONS},
    Section.SOURCES: {
        "publisher": Section.AGENTS,
        "reprints": Section.SOURCES,
        "revises": Section.SOURCES,
    },
    Section.CLAIMS: {"source": Section.SOURCES, "question": Section.QUESTIONS},
    Section.ASSESSMENTS: {
        "claim": Section.CLAIMS,
        "evidence_claim": Section.CLAIMS,
        "evidence_source": Section.SOURCES,
    },
}

# The fields of each section, in the order in which they are written out.
FIELDS: Mapping[Section, tuple[str, ...]] = {
    Section.AGENTS: (
        "key", "name", "kind", "part_of", "aliases", "description", "wikidata_id", "protected", "pseudonym",
        "merged_into",
    ),
    Section.EVENTS: (
        "key", "title", "description", "starts_on", "ends_on", "place", "latitude", "longitude",
    ),
    Section.QUESTIONS: ("key", "text", "kind", "event", "unit", "counted", "merged_into"),
    Section.SOURCES: (
        "key", "title", "kind", "publisher", "published_at", "byline", "language", "url", "archive_url",
        "retrieved_at", "media_type", "reprints", "revises", "text_sha256", "note",
        "restricted",
    ),
    Section.CLAIMS: (
        "key", "source", "question", "statement", "quote", "quantity", "polarity", "asserted_at", "basis",
        "attribution", "note", "restricted", "retracted", "withdrawn",
    ),
    Section.ASSESSMENTS: (
        "key", "claim", "evidence_claim", "evidence_source", "stance", "credibility", "recorded_by",
        "rationale", "withdrawn",
    ),
}  # fmt: skip
