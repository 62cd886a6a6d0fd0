"""What no entry shows by itself: keys that name nothing, circles, doubles, quotes that are not in the text.

The rules are those of the domain and of the services, asked of the file alone before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from app.domain.quotes import Quote
from app.exchange.drafts import draft_quote
from app.exchange.entries import (
    AgentEntry,
    AssessmentEntry,
    Bundle,
    ClaimEntry,
    Entry,
    EventEntry,
    QuestionEntry,
    QuoteEntry,
    Section,
    SourceEntry,
    list_references,
)
from app.exchange.fields import Faults, Fields
from app.exchange.protection import find_named
from app.exchange.rules import check_answer
from app.exchange.sections import INHERITED, SHARED
from app.exchange.steps import identify_assessment, identify_claim, plan_steps
from app.services.quotes import place_quote

AnyEntry = TypeVar("AnyEntry", bound=Entry)


@dataclass(slots=True)
class Drafts:
    """The entries as they were read, with the place of each. An entry that lacks something has a key too."""

    faults: Faults
    _fields: dict[tuple[Section, str], Fields] = field(default_factory=dict)
    _entries: dict[tuple[Section, str], Entry] = field(default_factory=dict)

    def declare(self, section: Section, key: str, fields: Fields) -> bool:
        """Whether the key is new in its section; a fault if not."""
        first = self._fields.setdefault((section, key), fields)
        if first is not fields:
            hint = "; give it a key" if section is Section.ASSESSMENTS else ""
            fields.refuse("", f"is in the bundle twice; first on line {first.line}{hint}")
        return first is fields

    def put(self, entry: Entry) -> None:
        """Add an entry, or put it in the place of one that it changes."""
        self._entries[entry.section, entry.key] = entry

    def of(self, kind: type[AnyEntry]) -> dict[str, AnyEntry]:
        """The entries of one section by their keys, in the order of the file."""
        return {entry.key: entry for entry in self._entries.values() if isinstance(entry, kind)}

    def all(self) -> Iterable[Entry]:
        return self._entries.values()

    def keys(self, section: Section) -> set[str]:
        return {key for one, key in self._fields if one is section}

    def at(self, entry: Entry) -> Fields:
        return self._fields[entry.section, entry.key]


def check_consistency(drafts: Drafts, name: str, title: str | None) -> Bundle:
    """The bundle that the entries make. Raises BundleInvalid with all faults, those from before included."""
    drafts.faults.refuse_missing({section: drafts.keys(section) for section in Section})
    if not _check_circles(drafts):
        _settle_versions(drafts)
    _check_merged_kinds(drafts)
    _check_agents(drafts)
    _check_sources(drafts)
    starts = _check_claims(drafts)
    _check_assessments(drafts)
    bundle = Bundle(
        name=name,
        title=title,
        agents=drafts.of(AgentEntry),
        events=drafts.of(EventEntry),
        questions=drafts.of(QuestionEntry),
        sources=drafts.of(SourceEntry),
        claims=drafts.of(ClaimEntry),
        assessments=drafts.of(AssessmentEntry),
        starts=starts,
    )
    drafts.faults.raise_any()
    for entry in plan_steps(bundle).impossible:
        message = "cannot be: it hangs on what is withdrawn too early for it, or recorded too late"
        drafts.at(entry).refuse("withdrawn", message)
    for entry, name, agent in find_named(bundle):
        message = f"has a name of {agent}, who is protected, where outsiders would read it"
        drafts.at(entry).refuse(name, message)
    drafts.faults.raise_any()
    return bundle


def _check_circles(drafts: Drafts) -> bool:
    """Whether any agents, sources or questions go back to themselves by the keys of their own section."""
    found = False
    for section in (Section.AGENTS, Section.SOURCES, Section.QUESTIONS):
        links = {
            entry.key: {key for _, other, key in list_references(entry) if other is section}
            for entry in drafts.all()
            if entry.section is section
        }
        while (circle := _find_circle(links)) is not None:
            found = True
            first = drafts.at(next(e for e in drafts.all() if (e.section, e.key) == (section, circle[0])))
            first.refuse("", f"goes back to itself: {' → '.join(circle)}")
            links[circle[0]] = set()
    return found


def _find_circle(links: Mapping[str, set[str]]) -> list[str] | None:
    try:
        TopologicalSorter(links).prepare()
    except CycleError as problem:
        # Listed against the direction of the links, the first again at the end.
        circle: list[str] = list(reversed(problem.args[1]))
        return circle
    return None


def _settle_versions(drafts: Drafts) -> None:
    """Fill in what a revision has from the version before it."""
    sources = drafts.of(SourceEntry)
    links = {key: {entry.revises} if entry.revises in sources else set() for key, entry in sources.items()}
    revised: dict[str, str] = {}
    for key in TopologicalSorter(links).static_order():
        entry, fields = sources[key], drafts.at(sources[key])
        before = None if entry.revises is None else sources.get(entry.revises)
        if before is None:
            continue
        if revised.setdefault(before.key, key) != key:
            message = f"{before.key} is revised by {revised[before.key]} already; revise that"
            fields.refuse("revises", message)
        for name in SHARED:
            if fields.names(name) and getattr(entry, name) not in (None, getattr(before, name)):
                fields.refuse(name, "is that of the first version; leave it out")
        own = {name: getattr(entry if fields.names(name) else before, name) for name in INHERITED}
        shared = {name: getattr(before, name) for name in SHARED}
        sources[key] = replace(entry, **own, **shared)
        drafts.put(sources[key])


def _check_merged_kinds(drafts: Drafts) -> None:
    questions = drafts.of(QuestionEntry)
    for question in questions.values():
        into = questions.get(question.merged_into.into) if question.merged_into else None
        if into is not None and into.kind is not question.kind:
            message = f"{into.key} asks for {into.kind}; this question asks for {question.kind}"
            drafts.at(question).refuse("merged_into", message)


def _check_agents(drafts: Drafts) -> None:
    known = {
        agent.key: agent.wikidata_id
        for agent in drafts.of(AgentEntry).values()
        if agent.wikidata_id is not None and agent.merged_into is None
    }
    for entry, first in _find_doubles(drafts.of(AgentEntry).values(), lambda agent: known.get(agent.key)):
        drafts.at(entry).refuse("wikidata_id", f"is that of {first.key} on line {first.line}")
    agents = drafts.of(AgentEntry)
    for agent in agents.values():
        into = agents.get(agent.merged_into.into) if agent.merged_into else None
        if into is not None and into.protected and not agent.protected:
            drafts.at(agent).refuse("merged_into", f"{into.key} is protected, and this agent is not")


def _check_sources(drafts: Drafts) -> None:
    def identify(source: SourceEntry) -> Hashable | None:
        if source.url is None or (source.text_sha256 is None and source.revises is not None):
            return None
        return source.url, source.text_sha256

    for entry, first in _find_doubles(drafts.of(SourceEntry).values(), identify):
        text = "without a text" if entry.text_sha256 is None else "with this very text"
        drafts.at(entry).refuse("url", f"is that of {first.key} on line {first.line}, {text} both")


def _check_claims(drafts: Drafts) -> dict[str, int | None]:
    """Where the quotes start."""
    sources, questions = drafts.of(SourceEntry), drafts.of(QuestionEntry)
    starts: dict[str, int | None] = {}
    for claim in drafts.of(ClaimEntry).values():
        fields = drafts.at(claim)
        # Of what is not there, or incomplete, a fault tells already.
        if claim.question is None or claim.question in questions:
            kind = None if claim.question is None else questions[claim.question].kind
            check_answer(fields, claim, kind)
        if claim.source not in sources:
            continue
        text = sources[claim.source].text
        if text is None and not claim.quote.placed:
            claim = replace(claim, quote=replace(claim.quote, placed=True))
            drafts.put(claim)
        looked_in = text if claim.quote.placed else None
        quote = fields.attempt("quote", partial(_place, looked_in, claim.quote))
        starts[claim.key] = None if quote is None else quote.start

    def identify(claim: ClaimEntry) -> Hashable | None:
        return None if claim.withdrawn is not None else identify_claim(claim, starts.get(claim.key))

    for entry, first in _find_doubles(drafts.of(ClaimEntry).values(), identify):
        message = (
            f"is {first.key} of line {first.line} again: the same words of one source, the same statement"
        )
        drafts.at(entry).refuse("", message)
    return starts


def _place(text: str | None, quote: QuoteEntry) -> Quote:
    return place_quote(text, draft_quote(quote))


def _check_assessments(drafts: Drafts) -> None:
    claims, sources = drafts.of(ClaimEntry), drafts.of(SourceEntry)
    for entry in drafts.of(AssessmentEntry).values():
        if entry.claim in claims and entry.evidence_source in sources:
            versions = [
                set(_list_versions(key, sources))
                for key in (claims[entry.claim].source, entry.evidence_source)
            ]
            if versions[0] & versions[1]:
                message = "is the claim's own source, or a version of it"
                drafts.at(entry).refuse("evidence_source", message)

    def identify(entry: AssessmentEntry) -> Hashable | None:
        return None if entry.withdrawn is not None else identify_assessment(entry)

    for entry, first in _find_doubles(drafts.of(AssessmentEntry).values(), identify):
        message = f"judges the same pair as {first.key} of line {first.line}, in the same name"
        drafts.at(entry).refuse("", message)


def _list_versions(key: str, sources: Mapping[str, SourceEntry]) -> Iterator[str]:
    """A version of a source and those before it. A circle of revisions is walked once."""
    seen: set[str] = set()
    here: str | None = key
    while here is not None and here in sources and here not in seen:
        seen.add(here)
        yield here
        here = sources[here].revises


def _find_doubles(
    entries: Iterable[AnyEntry], identify: Callable[[AnyEntry], Hashable | None]
) -> Iterator[tuple[AnyEntry, AnyEntry]]:
    """Each entry that is what another before it is, with that one. None is nobody's identity."""
    first: dict[Hashable, AnyEntry] = {}
    for entry in entries:
        identity = identify(entry)
        if identity is not None and first.setdefault(identity, entry) is not entry:
            yield entry, first[identity]
