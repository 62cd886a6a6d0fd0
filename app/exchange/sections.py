"""The entries of each section, read out of their mappings.

What an entry cannot know of itself (whether a key is there, whether a quote stands in the text) is looked at
afterwards, in consistency.py. The limits are those of the services: see rules.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from app.domain.quantities import Quantity
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
from app.exchange import rules
from app.exchange.entries import (
    FIELDS,
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
    derive_key,
)
from app.exchange.fields import Fields
from app.exchange.nodes import Block
from app.services.answers import read_quantity
from app.services.inputs import QuantityInput

Required = TypeVar("Required")

# What a revision has from the version before it, unless it says otherwise; and what all versions share.
INHERITED = ("kind", "title", "url", "byline", "language", "published_at", "media_type")
SHARED = ("publisher", "reprints", "restricted")


class _Incomplete(Exception):
    """An entry without what the others are checked by: the fault is noted, the entry is none."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads entries. `read_text` gives the text of a source, given in the file or in one beside it.

    What must be there and is not is a fault already. Something stands for it that no check refuses, so that
    whatever else is wrong is told as well.
    """

    read_text: Callable[[Fields], str | None]

    def read(self, section: Section, fields: Fields, key: str | None) -> Entry | None:
        """The entry; None if it lacks what others are checked by. `key` is None only for an assessment."""
        fields.refuse_unknown(_list_fields(section))
        try:
            if section is Section.AGENTS:
                return self._read_agent(fields, _need(key))
            if section is Section.EVENTS:
                return self._read_event(fields, _need(key))
            if section is Section.QUESTIONS:
                return self._read_question(fields, _need(key))
            if section is Section.SOURCES:
                return self._read_source(fields, _need(key))
            if section is Section.CLAIMS:
                return self._read_claim(fields, _need(key))
            return self._read_assessment(fields, key)
        except _Incomplete:
            return None

    def _read_agent(self, fields: Fields, key: str) -> AgentEntry:
        kind, name = fields.term("kind", AgentKind, required=True), fields.words("name", required=True)
        aliases, description = fields.list_words("aliases"), fields.words("description")
        part_of, merged_into = (
            fields.reference("part_of", Section.AGENTS),
            _read_merge(fields, Section.AGENTS),
        )
        wikidata_id, pseudonym = fields.words("wikidata_id"), fields.words("pseudonym")
        protected = fields.flag("protected", default=False)
        entry = AgentEntry(
            key=key,
            line=fields.line,
            kind=kind or AgentKind.PERSON,
            name=_or(name, key),
            aliases=aliases,
            description=description,
            part_of=part_of,
            wikidata_id=wikidata_id,
            protected=protected,
            pseudonym=pseudonym,
            merged_into=merged_into,
        )
        rules.check_agent(fields, entry)
        return entry

    def _read_event(self, fields: Fields, key: str) -> EventEntry:
        title = fields.words("title", required=True)
        description, place = fields.words("description"), fields.words("place")
        starts_on, ends_on = fields.day("starts_on"), fields.day("ends_on")
        latitude, longitude = fields.number("latitude"), fields.number("longitude")
        entry = EventEntry(
            key=key,
            line=fields.line,
            title=_or(title, key),
            description=description,
            starts_on=starts_on,
            ends_on=ends_on,
            place=place,
            latitude=latitude,
            longitude=longitude,
        )
        rules.check_event(fields, entry)
        return entry

    def _read_question(self, fields: Fields, key: str) -> QuestionEntry:
        kind, text = fields.term("kind", QuestionKind, required=True), fields.words("text", required=True)
        event = fields.reference("event", Section.EVENTS)
        merged_into = _read_merge(fields, Section.QUESTIONS)
        unit, counted = fields.words("unit"), fields.words("counted")
        entry = QuestionEntry(
            key=key,
            line=fields.line,
            kind=kind or QuestionKind.OPEN,
            text=_or(text, key),
            event=event,
            unit=unit,
            counted=counted,
            merged_into=merged_into,
        )
        rules.check_question(fields, entry)
        # Its claims are checked by its kind.
        _need(kind)
        return entry

    def _read_source(self, fields: Fields, key: str) -> SourceEntry:
        revises = fields.reference("revises", Section.SOURCES)
        # A revision has its kind and its title from the version before.
        kind = fields.term("kind", SourceKind, required=revises is None or fields.names("kind"))
        title = fields.words("title", required=revises is None or fields.names("title"))
        publisher = fields.reference("publisher", Section.AGENTS)
        reprints = fields.reference("reprints", Section.SOURCES)
        published_at, retrieved_at = fields.moment("published_at"), fields.time("retrieved_at")
        url, archive_url = fields.words("url"), fields.words("archive_url")
        byline, language = fields.words("byline"), fields.words("language")
        media_type, note = fields.words("media_type"), fields.words("note")
        restricted = fields.flag("restricted", default=False)
        text = self.read_text(fields)
        entry = SourceEntry(
            key=key,
            line=fields.line,
            kind=kind or SourceKind.ARTICLE,
            title=_or(title, key),
            publisher=publisher,
            url=url,
            byline=byline,
            language=language,
            published_at=published_at,
            retrieved_at=retrieved_at,
            media_type=media_type,
            text=text,
            text_sha256=None if text is None else hash_text(text),
            archive_url=archive_url,
            reprints=reprints,
            revises=revises,
            note=note,
            restricted=restricted,
        )
        rules.check_source(fields, entry)
        return entry

    def _read_claim(self, fields: Fields, key: str) -> ClaimEntry:
        source = fields.reference("source", Section.SOURCES, required=True)
        statement = fields.words("statement", required=True)
        quote, basis = _read_quote(fields), fields.term("basis", Basis, required=True)
        question, quantity = fields.reference("question", Section.QUESTIONS), _read_quantity(fields)
        polarity, asserted_at = fields.term("polarity", Polarity), fields.moment("asserted_at")
        attribution = tuple(hop for part in fields.blocks("attribution") if (hop := _read_hop(part)))
        retracted, withdrawn = _read_retraction(fields), _read_withdrawal(fields)
        note, restricted = fields.words("note"), fields.flag("restricted", default=False)
        entry = ClaimEntry(
            key=key,
            line=fields.line,
            source=_or(source, ""),
            statement=_or(statement, key),
            # One that is looked for nowhere.
            quote=quote or QuoteEntry(key, placed=False),
            # One that goes with its hops.
            basis=basis or (Basis.ATTRIBUTED if attribution else Basis.UNATTRIBUTED),
            question=question,
            quantity=quantity,
            polarity=polarity,
            asserted_at=asserted_at,
            attribution=attribution,
            note=note,
            restricted=restricted,
            retracted=retracted,
            withdrawn=withdrawn,
        )
        rules.check_claim(fields, entry)
        return entry

    def _read_assessment(self, fields: Fields, key: str | None) -> AssessmentEntry:
        claim = fields.reference("claim", Section.CLAIMS, required=True)
        stance = fields.term("stance", Stance, required=True)
        rationale = fields.words("rationale", required=True)
        evidence_claim = fields.reference("evidence_claim", Section.CLAIMS)
        evidence_source = fields.reference("evidence_source", Section.SOURCES)
        credibility, recorded_by = fields.count("credibility"), fields.words("recorded_by")
        withdrawn = _read_withdrawal(fields)
        evidence = evidence_claim or evidence_source or ""
        entry = AssessmentEntry(
            key=_or(key, derive_key(_or(claim, ""), evidence, recorded_by)),
            line=fields.line,
            claim=_or(claim, ""),
            stance=stance or Stance.SUPPORTS,
            rationale=_or(rationale, "none"),
            evidence_claim=evidence_claim,
            evidence_source=evidence_source,
            credibility=credibility,
            recorded_by=recorded_by,
            withdrawn=withdrawn,
        )
        rules.check_assessment(fields, entry)
        # It is known by its claim.
        _need(claim)
        return entry


def _list_fields(section: Section) -> list[str]:
    known = [name for name in FIELDS[section] if name != "text_sha256"]
    return [*known, "text", "text_file"] if section is Section.SOURCES else known


def _or(words: str | None, stand_in: str) -> str:
    return stand_in if words is None else words


def _need(value: Required | None) -> Required:
    if value is None:
        raise _Incomplete
    return value


def _read_merge(fields: Fields, section: Section) -> Merge | None:
    node = fields.node("merged_into")
    if not isinstance(node, Block):
        into = fields.reference("merged_into", section)
        return None if into is None else Merge(into)
    part = fields.part("merged_into", node)
    part.refuse_unknown({"key", "reason"})
    into, reason = part.reference("key", section, required=True), part.words("reason")
    rules.check_reason(part, reason)
    return None if into is None else Merge(into, reason)


def _read_quote(fields: Fields) -> QuoteEntry | None:
    node = fields.node("quote", required=True)
    if not isinstance(node, Block):
        exact = None if node is None else fields.words("quote")
        return None if exact is None else QuoteEntry(exact)
    part = fields.part("quote", node)
    part.refuse_unknown({"exact", "prefix", "suffix", "start", "end", "placed"})
    exact = part.words("exact", required=True)
    prefix, suffix = part.words("prefix"), part.words("suffix")
    start, end = part.count("start"), part.count("end")
    placed = part.flag("placed", default=True)
    if not placed and (start is not None or end is not None):
        part.refuse("placed", "is false, so the quote has neither start nor end")
    return None if exact is None else QuoteEntry(exact, prefix, suffix, start, end, placed)


def _read_quantity(fields: Fields) -> Quantity | None:
    """The words of a quantity, with what they mean; or with the bounds that the recorder gives."""
    node = fields.node("quantity")
    if not isinstance(node, Block):
        words = fields.words("quantity")
        return None if words is None else _interpret(fields, QuantityInput(words))
    part = fields.part("quantity", node)
    part.refuse_unknown({"text", "lower", "upper", "lower_inclusive", "upper_inclusive", "modality"})
    words, modality = part.words("text", required=True), part.term("modality", Modality)
    lower, upper = part.decimal("lower"), part.decimal("upper")
    inclusive = [part.flag(name, default=True) for name in ("lower_inclusive", "upper_inclusive")]
    if words is None:
        return None
    return _interpret(fields, QuantityInput(words, lower, upper, inclusive[0], inclusive[1], modality))


def _interpret(fields: Fields, quantity: QuantityInput) -> Quantity | None:
    if not rules.check_line(fields, "quantity", quantity.text):
        return None
    return fields.attempt("quantity", lambda: read_quantity(quantity))


def _read_hop(part: Fields) -> HopEntry | None:
    part.refuse_unknown({"agent", "cue", "mode", "channel"})
    agents, cue = part.list_references("agent", Section.AGENTS), part.words("cue")
    mode, channel = part.term("mode", Mode), part.term("channel", Channel)
    if not agents:
        part.refuse("agent", "is required: somebody said it")
        return None
    return HopEntry(agents, cue, mode, channel or Channel.UNSTATED)


def _read_retraction(fields: Fields) -> Retraction | None:
    node = fields.node("retracted")
    if node is None:
        return None
    if not isinstance(node, Block):
        fields.refuse("retracted", "is not a mapping of at, reason and url")
        return None
    part = fields.part("retracted", node)
    part.refuse_unknown({"at", "reason", "url"})
    at, reason = part.moment("at", required=True), part.words("reason", required=True)
    url = part.words("url")
    rules.check_reason(part, reason)
    rules.check_url(part, "url", url)
    return None if at is None or reason is None else Retraction(at, reason, url)


def _read_withdrawal(fields: Fields) -> str | None:
    node = fields.node("withdrawn")
    if not isinstance(node, Block):
        reason = fields.words("withdrawn")
        rules.check_reason(fields, reason, "withdrawn")
        return reason
    part = fields.part("withdrawn", node)
    part.refuse_unknown({"reason"})
    reason = part.words("reason", required=True)
    rules.check_reason(part, reason)
    return reason
