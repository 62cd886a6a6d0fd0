"""Entries as the services take them: their keys resolved to those of rows."""

from __future__ import annotations

from collections.abc import Callable
from uuid import NAMESPACE_OID, UUID, uuid5

from app.domain.quantities import Quantity
from app.exchange.entries import (
    AgentEntry,
    AssessmentEntry,
    ClaimEntry,
    EventEntry,
    HopEntry,
    QuestionEntry,
    QuoteEntry,
    Section,
    SourceEntry,
)
from app.services.agents import NewAgent
from app.services.assessments import NewAssessment
from app.services.claims import NewClaim
from app.services.events import NewEvent
from app.services.inputs import Hop, QuantityInput, QuoteInput
from app.services.questions import NewQuestion
from app.services.sources import NewSource, SourceRevision

# The row that the entry of this section and key became. Raises KeyError if there is none.
Resolve = Callable[[Section, str], UUID]


def stand_in(section: Section, key: str) -> UUID:
    """A key that is no row's: where it only matters which entries are the same one."""
    return uuid5(NAMESPACE_OID, f"{section}/{key}")


def draft_agent(entry: AgentEntry, resolve: Resolve) -> NewAgent:
    return NewAgent(
        kind=entry.kind,
        name=entry.name,
        aliases=entry.aliases,
        description=entry.description,
        part_of=_resolve(Section.AGENTS, entry.part_of, resolve),
        wikidata_id=entry.wikidata_id,
        protected=entry.protected,
        pseudonym=entry.pseudonym,
    )


def draft_event(entry: EventEntry) -> NewEvent:
    return NewEvent(
        title=entry.title,
        description=entry.description,
        starts_on=entry.starts_on,
        ends_on=entry.ends_on,
        place=entry.place,
        latitude=entry.latitude,
        longitude=entry.longitude,
    )


def draft_question(entry: QuestionEntry, resolve: Resolve) -> NewQuestion:
    return NewQuestion(
        kind=entry.kind,
        text=entry.text,
        event=_resolve(Section.EVENTS, entry.event, resolve),
        unit=entry.unit,
        counted=entry.counted,
    )


def draft_source(entry: SourceEntry, resolve: Resolve) -> NewSource:
    """The first version of a source."""
    return NewSource(
        kind=entry.kind,
        title=entry.title,
        publisher=_resolve(Section.AGENTS, entry.publisher, resolve),
        url=entry.url,
        byline=entry.byline,
        language=entry.language,
        published=entry.published_at,
        retrieved_at=entry.retrieved_at,
        media_type=entry.media_type,
        text=entry.text,
        archive_url=entry.archive_url,
        reprints=_resolve(Section.SOURCES, entry.reprints, resolve),
        note=entry.note,
        restricted=entry.restricted,
    )


def draft_revision(entry: SourceEntry) -> SourceRevision:
    """A later version: all that can be its own. The kind follows from the version before."""
    return SourceRevision(
        text=entry.text,
        title=entry.title,
        url=entry.url,
        byline=entry.byline,
        language=entry.language,
        published=entry.published_at,
        media_type=entry.media_type,
        retrieved_at=entry.retrieved_at,
        archive_url=entry.archive_url,
        note=entry.note,
    )


def draft_claim(entry: ClaimEntry, resolve: Resolve) -> NewClaim:
    return NewClaim(
        source=resolve(Section.SOURCES, entry.source),
        statement=entry.statement,
        quote=draft_quote(entry.quote),
        basis=entry.basis,
        question=_resolve(Section.QUESTIONS, entry.question, resolve),
        hops=draft_hops(entry.attribution, resolve),
        polarity=entry.polarity,
        quantity=draft_quantity(entry.quantity),
        asserted=entry.asserted_at,
        note=entry.note,
        restricted=entry.restricted,
    )


def draft_assessment(entry: AssessmentEntry, resolve: Resolve) -> NewAssessment:
    return NewAssessment(
        claim=resolve(Section.CLAIMS, entry.claim),
        stance=entry.stance,
        rationale=entry.rationale,
        evidence_claim=_resolve(Section.CLAIMS, entry.evidence_claim, resolve),
        evidence_source=_resolve(Section.SOURCES, entry.evidence_source, resolve),
        credibility=entry.credibility,
    )


def draft_quote(quote: QuoteEntry) -> QuoteInput:
    return QuoteInput(quote.exact, quote.prefix, quote.suffix, quote.start, quote.end)


def draft_quantity(quantity: Quantity | None) -> QuantityInput | None:
    if quantity is None:
        return None
    if not quantity.bounds_given:
        return QuantityInput(quantity.text)
    bounds = quantity.bounds
    return QuantityInput(
        quantity.text,
        bounds.lower,
        bounds.upper,
        bounds.lower_inclusive,
        bounds.upper_inclusive,
        quantity.modality,
    )


def draft_hops(hops: tuple[HopEntry, ...], resolve: Resolve) -> tuple[Hop, ...]:
    return tuple(
        Hop(
            agents=tuple(resolve(Section.AGENTS, agent) for agent in hop.agents),
            cue=hop.cue,
            mode=hop.mode,
            channel=hop.channel,
        )
        for hop in hops
    )


def _resolve(section: Section, key: str | None, resolve: Resolve) -> UUID | None:
    return None if key is None else resolve(section, key)
