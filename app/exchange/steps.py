"""In which order the entries of a bundle are recorded, and what is done to them after that.

An entry is recorded after what it refers to. Some things come later still, as they did when they happened: an
agent is merged once both are there; a claim is withdrawn once it was judged, and before the same words are
recorded again; a text comes after the quotes that were recorded without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import TypeVar

from app.exchange.entries import (
    AgentEntry,
    AssessmentEntry,
    Bundle,
    ClaimEntry,
    Entry,
    QuestionEntry,
    Section,
    list_references,
)

Withdrawable = TypeVar("Withdrawable", ClaimEntry, AssessmentEntry)
_PHASES = {section: number for number, section in enumerate(Section)}


class Act(IntEnum):
    """What a step does with its entry. The first is done with every entry, each other one with some."""

    RECORD = 0
    ADD_TEXT = 1
    MERGE = 2
    WITHDRAW = 3


_Name = tuple[Act, Section, str]
# Phase, act, group, place.
_Rank = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Step:
    """`last`: with it the entry is recorded whole."""

    act: Act
    entry: Entry
    last: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in an order in which each can be done, claims on one question beside each other.

    `impossible` are entries that can never be recorded whole: their withdrawals, taken with what had to be
    recorded in between, go round in a circle. `late_texts` are the keys of sources whose text comes after the
    quotes that were recorded without it.
    """

    steps: tuple[Step, ...]
    impossible: tuple[Entry, ...]
    late_texts: frozenset[str]


def identify_claim(claim: ClaimEntry, start: int | None) -> Hashable:
    """What only one claim can be that is not withdrawn: the index claim_once_key."""
    return (claim.source, claim.question, claim.quote.exact, start, claim.statement)


def identify_assessment(assessment: AssessmentEntry) -> Hashable:
    """What only one assessment can be that is not withdrawn: the index assessment_once_key."""
    evidence = (assessment.evidence_claim, assessment.evidence_source)
    return (assessment.claim, *evidence, assessment.recorded_by)


def plan_steps(bundle: Bundle) -> Plan:
    """The plan to record a bundle whose references name entries and go round in no circle.

    The same bundle gives the same plan.
    """
    late_texts = frozenset(
        claim.source
        for claim in bundle.claims.values()
        if not claim.quote.placed and bundle.sources[claim.source].text is not None
    )
    steps = {(step.act, step.entry.section, step.entry.key): step for step in _list_steps(bundle, late_texts)}
    before = _link_steps(bundle, steps, late_texts)
    after: dict[_Name, list[_Name]] = defaultdict(list)
    for later, earlier in before.items():
        for name in earlier:
            after[name].append(later)
    ranks = _rank_steps(bundle, steps)
    waiting = {name: len(before[name]) for name in steps}
    ready = [(ranks[name], name) for name, missing in waiting.items() if missing == 0]
    heapify(ready)
    # Of a source, how many others it goes back to one after another: those that go back to as many are
    # recorded together.
    depths: dict[_Name, int] = defaultdict(int)
    planned: dict[_Name, Step] = {}
    while ready:
        _, name = heappop(ready)
        planned[name] = steps[name]
        for later in after[name]:
            waiting[later] -= 1
            if later[1] is Section.SOURCES is name[1]:
                depths[later] = max(depths[later], depths[name] + 1)
            if waiting[later] == 0:
                phase, act, group, place = ranks[later]
                heappush(ready, ((phase, act, group + depths[later], place), later))
    left = {(s.entry.section, s.entry.key): s.entry for name, s in steps.items() if name not in planned}
    return Plan(tuple(planned.values()), tuple(left.values()), late_texts)


def _list_steps(bundle: Bundle, late_texts: frozenset[str]) -> Iterator[Step]:
    for section in Section:
        for entry in bundle.entries(section).values():
            acts = [Act.RECORD]
            if section is Section.SOURCES and entry.key in late_texts:
                acts.append(Act.ADD_TEXT)
            if isinstance(entry, AgentEntry | QuestionEntry) and entry.merged_into is not None:
                acts.append(Act.MERGE)
            if isinstance(entry, ClaimEntry | AssessmentEntry) and entry.withdrawn is not None:
                acts.append(Act.WITHDRAW)
            for act in acts:
                yield Step(act, entry, last=act is acts[-1])


def _link_steps(
    bundle: Bundle, steps: Mapping[_Name, Step], late_texts: frozenset[str]
) -> Mapping[_Name, set[_Name]]:
    """What has to be done before each step."""
    before: dict[_Name, set[_Name]] = {name: set() for name in steps}
    for (act, section, key), step in steps.items():
        here = (act, section, key)
        if act is not Act.RECORD:
            before[here].add((Act.RECORD, section, key))
        for name, other, referred in list_references(step.entry):
            # Where it is merged matters to the merge alone.
            if (name == "merged_into") == (act is Act.MERGE):
                before[here].add((Act.RECORD, other, referred))
            if act is Act.MERGE and name == "merged_into" and (Act.MERGE, other, referred) in steps:
                # Nothing is merged into what is merged already: the far end of a chain goes first.
                before[Act.MERGE, other, referred].add(here)
    for claim in bundle.claims.values():
        if claim.source in late_texts:
            recorded = (Act.RECORD, Section.CLAIMS, claim.key)
            text = (Act.ADD_TEXT, Section.SOURCES, claim.source)
            earlier, later = (text, recorded) if claim.quote.placed else (recorded, text)
            before[later].add(earlier)
    for assessment in bundle.assessments.values():
        for claim_key in (assessment.claim, assessment.evidence_claim):
            if claim_key is not None and bundle.claims[claim_key].withdrawn is not None:
                withdrawn = (Act.WITHDRAW, Section.CLAIMS, claim_key)
                before[withdrawn].add((Act.RECORD, Section.ASSESSMENTS, assessment.key))
    _link_doubles(before, bundle.claims.values(), lambda c: identify_claim(c, bundle.starts.get(c.key)))
    _link_doubles(before, bundle.assessments.values(), identify_assessment)
    return before


def _link_doubles(
    before: dict[_Name, set[_Name]],
    entries: Iterable[Withdrawable],
    identify: Callable[[Withdrawable], Hashable],
) -> None:
    """Of equal entries each is withdrawn before the next is recorded; the one that stands comes last."""
    same: dict[Hashable, list[Withdrawable]] = defaultdict(list)
    for entry in entries:
        same[identify(entry)].append(entry)
    for doubles in same.values():
        doubles.sort(key=lambda entry: entry.withdrawn is None)
        for one, following in pairwise(doubles):
            before[Act.RECORD, following.section, following.key].add((Act.WITHDRAW, one.section, one.key))


def _rank_steps(bundle: Bundle, steps: Mapping[_Name, Step]) -> Mapping[_Name, _Rank]:
    """Which of several steps that can be done is done first: the lowest."""
    places = {key: place for place, key in enumerate(bundle.questions)}
    ranks: dict[_Name, _Rank] = {}
    for place, (name, step) in enumerate(steps.items()):
        phase, group = _PHASES[step.entry.section], 0
        if step.act is Act.WITHDRAW:
            phase = _PHASES[Section.ASSESSMENTS] + 1
        elif isinstance(step.entry, ClaimEntry):
            group = places[_find_root(bundle, step.entry.question)] if step.entry.question else len(places)
        ranks[name] = (phase, step.act, group, place)
    return ranks


def _find_root(bundle: Bundle, key: str) -> str:
    """The question that claims on this one are compared under."""
    while (merge := bundle.questions[key].merged_into) is not None:
        key = merge.into
    return key
