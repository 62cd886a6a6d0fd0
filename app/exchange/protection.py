"""Names of a bundle's protected agents in words of the bundle that outsiders would read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from uuid import UUID

from app.domain.names import Names
from app.exchange.entries import (
    AgentEntry,
    AssessmentEntry,
    Bundle,
    ClaimEntry,
    Entry,
    EventEntry,
    QuestionEntry,
    SourceEntry,
)

_FIELDS: Mapping[type[Entry], tuple[str, ...]] = {
    EventEntry: ("title", "description", "place"),
    QuestionEntry: ("text", "unit", "counted"),
    SourceEntry: ("title", "url", "byline", "archive_url", "language", "media_type", "note", "text"),
    ClaimEntry: ("statement", "note", "withdrawn"),
    AssessmentEntry: ("rationale", "withdrawn"),
}


def find_named(bundle: Bundle) -> Iterator[tuple[Entry, str, str]]:
    """Each entry and field with a name in it, and the key of the agent whose name it is."""
    protected = [agent for agent in bundle.agents.values() if agent.protected]
    names = Names(
        (UUID(int=number), name)
        for number, agent in enumerate(protected)
        for name in (agent.name, *agent.aliases)
    )
    if not names:
        return
    for entry in _list_shown(bundle):
        for field, words in _read_words(entry):
            found = names.find_in_url(words) if field.endswith("url") else names.find(words)
            place = next(found, None)
            if place is not None:
                yield entry, field, protected[place.agent.int].key
        if isinstance(entry, ClaimEntry):
            quote = entry.quote
            place = next(names.find_across(quote.prefix, quote.exact, quote.suffix), None)
            if place is not None:
                yield entry, "quote", protected[place.agent.int].key


def _list_shown(bundle: Bundle) -> Iterator[Entry]:
    yield from (*bundle.agents.values(), *bundle.events.values(), *bundle.questions.values())
    hidden_sources = _find_hidden(bundle.sources)
    hidden_claims = {
        key for key, claim in bundle.claims.items() if claim.restricted or claim.source in hidden_sources
    }
    yield from (source for key, source in bundle.sources.items() if key not in hidden_sources)
    yield from (claim for key, claim in bundle.claims.items() if key not in hidden_claims)
    for assessment in bundle.assessments.values():
        claims = {assessment.claim, assessment.evidence_claim}
        if claims.isdisjoint(hidden_claims) and assessment.evidence_source not in hidden_sources:
            yield assessment


def _find_hidden(sources: Mapping[str, SourceEntry]) -> set[str]:
    """The sources that are restricted, or reprint or revise one that is hidden. There are no circles."""
    links = {
        key: [one for one in (source.reprints, source.revises) if one is not None]
        for key, source in sources.items()
    }
    hidden: set[str] = set()
    for key in TopologicalSorter(links).static_order():
        if key in sources and (sources[key].restricted or not hidden.isdisjoint(links[key])):
            hidden.add(key)
    return hidden


def _read_words(entry: Entry) -> Iterator[tuple[str, str]]:
    if isinstance(entry, AgentEntry):
        shown = (("name", entry.name), ("description", entry.description), *_number("aliases", entry.aliases))
        found: tuple[tuple[str, str | None], ...] = (
            (("pseudonym", entry.pseudonym),) if entry.protected else shown
        )
    else:
        found = tuple((name, getattr(entry, name)) for name in _FIELDS[type(entry)])
    if isinstance(entry, ClaimEntry):
        quote = entry.quote
        found += (("quote", quote.exact), ("quote.prefix", quote.prefix), ("quote.suffix", quote.suffix))
        found += (("quantity", None if entry.quantity is None else entry.quantity.text),)
        found += tuple(_number("attribution", [hop.cue for hop in entry.attribution]))
        if entry.retracted is not None:
            found += (("retracted.reason", entry.retracted.reason), ("retracted.url", entry.retracted.url))
    return ((field, words) for field, words in found if words)


def _number(field: str, values: Iterable[str | None]) -> list[tuple[str, str | None]]:
    return [(f"{field}.{number}", value) for number, value in enumerate(values, start=1)]
