"""Rows → entries: what stands in the database, as a bundle would say it.

The rows come as JSON, in one statement, so that they are all of one moment. A text of a source is not among
them; its hash is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from app.domain.intervals import Interval
from app.domain.quantities import Quantity, parse_quantity
from app.domain.seals import TOMBSTONE
from app.domain.texts import hash_text
from app.domain.vocabulary import (
    AgentKind,
    Basis,
    Channel,
    Modality,
    Mode,
    Polarity,
    QuestionKind,
    SourceKind,
    Stance,
)
from app.errors import SaysoError
from app.exchange.entries import (
    AgentEntry,
    AssessmentEntry,
    ClaimEntry,
    Entry,
    EventEntry,
    HopEntry,
    Merge,
    QuestionEntry,
    QuoteEntry,
    Retraction,
    Section,
    SourceEntry,
)

Row = Mapping[str, Any]
# The key that names a row of a section.
NameRow = Callable[[Section, UUID], str]


class Readable(Protocol):
    """A database, or a transaction under way on one."""

    async def fetch_json(self, sql: str, parameters: Sequence[object]) -> bytes: ...


_REDACTED = hash_text(TOMBSTONE)

# Why it was merged stands in the log alone.
_MERGE_REASON = """CASE WHEN merged_into IS NOT NULL THEN (
    SELECT r.reason FROM revision r
    WHERE r.subject = t.id AND r.table_name = '{table}' AND r.operation = 'UPDATE'
      AND r.before ->> 'merged_into' IS NULL AND r.after ->> 'merged_into' = t.merged_into::text
    ORDER BY r.id DESC LIMIT 1) END"""

COLUMNS: Mapping[Section, str] = {
    Section.AGENTS: "id, kind, name, aliases, description, part_of, wikidata_id, protected, pseudonym,"
    " merged_into, " + _MERGE_REASON.format(table="agent") + " AS merge_reason",
    Section.EVENTS: "id, title, description, starts_on, ends_on, place, latitude, longitude",
    Section.QUESTIONS: "id, kind, text, event, unit, counted, merged_into, "
    + _MERGE_REASON.format(table="question")
    + " AS merge_reason",
    Section.SOURCES: "id, kind, title, publisher, url, byline, language, published_text, retrieved_at,"
    " media_type, text_sha256, archive_url, reprints, revises, note, restricted",
    Section.CLAIMS: """id, source, question, statement, quote_exact, quote_prefix, quote_suffix, quote_start,
    quote_end, basis, polarity, quantity_text, modality, bounds_given, asserted_text, note, restricted,
    retracted_text, retraction_reason, retraction_url, withdrawal_reason,
    lower(bounds)::text AS lower, upper(bounds)::text AS upper,
    lower_inc(bounds) AS lower_inclusive, upper_inc(bounds) AS upper_inclusive,
    (SELECT s.text_sha256 FROM source s WHERE s.id = t.source) AS text_sha256,
    (SELECT json_agg(json_build_array(h.hop, h.agent, h.cue, h.mode, h.channel) ORDER BY h.hop, h.id)
     FROM attribution h WHERE h.claim = t.id) AS hops""",
    Section.ASSESSMENTS: """id, claim, evidence_claim, evidence_source, stance, rationale, credibility,
    withdrawal_reason, (SELECT r.name FROM researcher r WHERE r.id = t.recorded_by) AS researcher""",
}

_LISTED = """(SELECT coalesce(json_agg(row_to_json(found)), '[]'::json)
    FROM (SELECT {columns} FROM {table} t WHERE {condition}) found)"""


def select_rows(section: Section, condition: str) -> str:
    """SQL: the rows of a section for which the condition on `t` holds, as one JSON list."""
    return _LISTED.format(columns=COLUMNS[section], table=section.table, condition=condition)


BY_ID = {section: f"SELECT {select_rows(section, 't.id = ANY($1::uuid[])')}::varchar" for section in Section}


async def read_standing(
    database: Readable, section: Section, rows: Sequence[UUID], name_row: NameRow
) -> dict[UUID, Entry]:
    """These rows of a section as entries; what is not there is left out."""
    if not rows:
        return {}
    found = json.loads(await database.fetch_json(BY_ID[section], [list(rows)]))
    return {UUID(row["id"]): read_entry(section, row, name_row) for row in found}


def read_entry(section: Section, row: Row, name_row: NameRow) -> Entry:
    """The entry of a row. Moments, quantities and quotes have the words that were recorded.

    A quantity whose words no longer say what it was read as has its bounds too.
    """
    return _READERS[section](row, name_row)


def _read_agent(row: Row, name_row: NameRow) -> AgentEntry:
    return AgentEntry(
        key=name_row(Section.AGENTS, UUID(row["id"])),
        kind=AgentKind(row["kind"]),
        name=row["name"],
        aliases=tuple(row["aliases"]),
        description=row["description"],
        part_of=_name(Section.AGENTS, row["part_of"], name_row),
        wikidata_id=row["wikidata_id"],
        protected=row["protected"],
        pseudonym=row["pseudonym"],
        merged_into=_read_merge(Section.AGENTS, row, name_row),
    )


def _read_event(row: Row, name_row: NameRow) -> EventEntry:
    return EventEntry(
        key=name_row(Section.EVENTS, UUID(row["id"])),
        title=row["title"],
        description=row["description"],
        starts_on=None if row["starts_on"] is None else date.fromisoformat(row["starts_on"]),
        ends_on=None if row["ends_on"] is None else date.fromisoformat(row["ends_on"]),
        place=row["place"],
        latitude=None if row["latitude"] is None else float(row["latitude"]),
        longitude=None if row["longitude"] is None else float(row["longitude"]),
    )


def _read_question(row: Row, name_row: NameRow) -> QuestionEntry:
    return QuestionEntry(
        key=name_row(Section.QUESTIONS, UUID(row["id"])),
        kind=QuestionKind(row["kind"]),
        text=row["text"],
        event=_name(Section.EVENTS, row["event"], name_row),
        unit=row["unit"],
        counted=row["counted"],
        merged_into=_read_merge(Section.QUESTIONS, row, name_row),
    )


def _read_source(row: Row, name_row: NameRow) -> SourceEntry:
    return SourceEntry(
        key=name_row(Section.SOURCES, UUID(row["id"])),
        kind=SourceKind(row["kind"]),
        title=row["title"],
        publisher=_name(Section.AGENTS, row["publisher"], name_row),
        url=row["url"],
        byline=row["byline"],
        language=row["language"],
        published_at=row["published_text"],
        retrieved_at=None if row["retrieved_at"] is None else datetime.fromisoformat(row["retrieved_at"]),
        media_type=row["media_type"],
        text_sha256=row["text_sha256"],
        archive_url=row["archive_url"],
        reprints=_name(Section.SOURCES, row["reprints"], name_row),
        revises=_name(Section.SOURCES, row["revises"], name_row),
        note=row["note"],
        restricted=row["restricted"],
    )


def _read_claim(row: Row, name_row: NameRow) -> ClaimEntry:
    retracted = None
    if row["retracted_text"] is not None:
        retracted = Retraction(row["retracted_text"], row["retraction_reason"], row["retraction_url"])
    return ClaimEntry(
        key=name_row(Section.CLAIMS, UUID(row["id"])),
        source=name_row(Section.SOURCES, UUID(row["source"])),
        statement=row["statement"],
        quote=_read_quote(row),
        basis=Basis(row["basis"]),
        question=_name(Section.QUESTIONS, row["question"], name_row),
        quantity=None if row["quantity_text"] is None else _read_quantity(row),
        polarity=None if row["polarity"] is None else Polarity(row["polarity"]),
        asserted_at=row["asserted_text"],
        attribution=_read_hops(row["hops"] or (), name_row),
        note=row["note"],
        restricted=row["restricted"],
        retracted=retracted,
        withdrawn=row["withdrawal_reason"],
    )


def _read_assessment(row: Row, name_row: NameRow) -> AssessmentEntry:
    return AssessmentEntry(
        key=name_row(Section.ASSESSMENTS, UUID(row["id"])),
        claim=name_row(Section.CLAIMS, UUID(row["claim"])),
        stance=Stance(row["stance"]),
        rationale=row["rationale"],
        evidence_claim=_name(Section.CLAIMS, row["evidence_claim"], name_row),
        evidence_source=_name(Section.SOURCES, row["evidence_source"], name_row),
        credibility=row["credibility"],
        recorded_by=row["researcher"],
        withdrawn=row["withdrawal_reason"],
    )


def _read_quote(row: Row) -> QuoteEntry:
    """In a text that was redacted it has no place: it is as one that was recorded before the text."""
    words = (row["quote_exact"], row["quote_prefix"], row["quote_suffix"])
    if row["text_sha256"] == _REDACTED:
        return QuoteEntry(*words, placed=False)
    placed = row["quote_start"] is not None or row["text_sha256"] is None
    return QuoteEntry(*words, row["quote_start"], row["quote_end"], placed)


def _read_quantity(row: Row) -> Quantity:
    bounds = Interval(
        None if row["lower"] is None else Decimal(row["lower"]),
        None if row["upper"] is None else Decimal(row["upper"]),
        row["lower_inclusive"],
        row["upper_inclusive"],
    )
    quantity = Quantity(row["quantity_text"], Modality(row["modality"]), bounds, row["bounds_given"])
    return quantity if quantity.bounds_given or _means(quantity) else replace(quantity, bounds_given=True)


def _means(quantity: Quantity) -> bool:
    """Whether the words are read so: not where they are redacted, or an earlier Sayso read other bounds."""
    try:
        return parse_quantity(quantity.text) == quantity
    except SaysoError:
        return False


def _read_hops(hops: Sequence[Sequence[Any]], name_row: NameRow) -> tuple[HopEntry, ...]:
    """Each hop is its number, an agent, the cue, the mode, the channel; joint speakers come as several."""
    numbered: dict[int, HopEntry] = {}
    for number, agent, cue, mode, channel in hops:
        before = numbered.get(number)
        speakers = () if before is None else before.agents
        numbered[number] = HopEntry(
            (*speakers, name_row(Section.AGENTS, UUID(agent))),
            cue,
            None if mode is None else Mode(mode),
            Channel(channel),
        )
    return tuple(numbered.values())


def _read_merge(section: Section, row: Row, name_row: NameRow) -> Merge | None:
    if row["merged_into"] is None:
        return None
    return Merge(name_row(section, UUID(row["merged_into"])), row["merge_reason"])


def _name(section: Section, row: str | None, name_row: NameRow) -> str | None:
    return None if row is None else name_row(section, UUID(row))


_READERS: Mapping[Section, Callable[[Row, NameRow], Entry]] = {
    Section.AGENTS: _read_agent,
    Section.EVENTS: _read_event,
    Section.QUESTIONS: _read_question,
    Section.SOURCES: _read_source,
    Section.CLAIMS: _read_claim,
    Section.ASSESSMENTS: _read_assessment,
}
