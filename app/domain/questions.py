"""One question: which claims stand for and against each of its answers, and what is found of them.

Every distinct answer is decided once, in an order in which the claims that back one are almost those that
back the one before, each from what was found of that. The order is that of the answers of live claims, so
that nothing depends on which claims are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from app.domain.answers import Answer, Comparisons, sweep
from app.domain.chains import Voice
from app.domain.evidence import UNJUDGED, Docket, Judgement
from app.domain.lines import Chain, Lines, bits
from app.domain.pools import Voices
from app.domain.records import Claim
from app.domain.searches import Finding, Searches


@dataclass(frozen=True, slots=True)
class Opposition:
    """`pool`: all that is against a claim. `lines` are those of `group`, rivals that agree."""

    pool: int
    group: int
    lines: tuple[Chain, ...]
    exact: bool


class Question:
    """What stands for and against the claims on one question, or one claim on none, as pools."""

    def __init__(self, docket: Docket, claims: Sequence[Claim], budget: int) -> None:
        self._docket = docket
        self.voices = Voices(dict(_hear(docket, claims)))
        self._searches = Searches(self.voices, budget)
        self._members: dict[Answer, int] = {}
        for claim in claims:
            if claim.answer is not None and claim.question is not None:
                bit = self.bit(claim) if docket.is_live(claim) else 0
                self._members[claim.answer] = self._members.get(claim.answer, 0) | bit
        self._comparisons = Comparisons(self._members, self._members)
        self._derived: dict[tuple[int | None, int, int], Finding] = {}
        self._oppositions: dict[tuple[int | None, Judgement], Opposition] = {}
        # Of answers that nobody judged: those that the same claims conflict with have the same against them.
        self._unjudged: dict[int, Opposition] = {}
        # Of some rivals of an answer that agree with it: who they were, and the most lines they can have.
        self._limits: dict[int, tuple[int, int]] = {}

    def bit(self, claim: Claim) -> int:
        return self.voices.join([claim.id])

    # --- for ---

    def gather_support(self, claim: Claim, judgement: Judgement) -> tuple[int, int, Finding]:
        """All that is for a claim but itself, if it is not live; itself then; and what is found of both."""
        place = self._find_place(claim)
        backing = 0 if place is None else self._comparisons.backing[place]
        judged = self.voices.join(judgement.supporting | judgement.supporting_sources)
        pool = (backing & ~self._find_judged(judgement)) | judged
        known = self._find_supports(place, backing, pool)
        return pool, self.bit(claim) & ~pool, self._find_with(place, claim, pool, known)

    def _find_supports(self, place: int | None, backing: int, pool: int) -> Finding:
        near = None if place is None else self._supports[place]
        if near is not None and pool == backing:
            return near
        key = (place, pool, 0)
        if key not in self._derived:
            self._derived[key] = self._searches.search(pool, near)
        return self._derived[key]

    def _find_with(self, place: int | None, claim: Claim, pool: int, known: Finding) -> Finding:
        own = self.bit(claim)
        if pool & own:
            return known
        key = (place, pool, own)
        if key not in self._derived:
            voice = self._docket.tracer.voice_of(claim)
            self._derived[key] = self._searches.search_with(voice, own, pool, known)
        return self._derived[key]

    @cached_property
    def _supports(self) -> list[Finding]:
        """What is found of the live claims that back each answer."""
        found: dict[int, Finding] = {}
        near: Finding | None = None
        for place in sweep(self._comparisons.answers):
            found[place] = self._searches.search(self._comparisons.backing[place], near)
            if self._members[self._comparisons.answers[place]]:
                near = found[place]
        return [found[place] for place in range(len(found))]

    # --- against ---

    def gather_opposition(self, claim: Claim, judgement: Judgement) -> Opposition:
        place = self._find_place(claim)
        key = (place, judgement)
        if key not in self._oppositions:
            self._oppositions[key] = self._find_opposition(place, judgement)
        return self._oppositions[key]

    def _find_opposition(self, place: int | None, judgement: Judgement) -> Opposition:
        if judgement != UNJUDGED:
            judged = self.voices.join(judgement.contradicting | judgement.contradicting_sources)
            return self._oppose(place, judgement, judged)
        against = 0 if place is None else self._comparisons.conflicting[place]
        if against not in self._unjudged:
            self._unjudged[against] = self._oppose(place, judgement, 0)
        return self._unjudged[against]

    def _oppose(self, place: int | None, judgement: Judgement, judged: int) -> Opposition:
        """The most lines of any group of rivals that agree, researchers' own evidence added to each.

        No group has more lines than all claims that back its answer, whether they are against this claim or
        not. The groups are taken in the order of that bound, and the search ends where it cannot be beaten.
        """
        best = self._searches.search(judged).lines
        added = at_most = best.at_most
        group = judged
        if place is None:
            return Opposition(judged, group, best.chains, at_most <= len(best.chains))
        against = self._comparisons.conflicting[place] & ~self._find_judged(judgement)
        spared = self.voices.join(judgement.supporting - judgement.contradicting)
        sure = 0 if judged else self._find_sure(place, against, spared)
        for rival in self._list_rivals(place, spared):
            if self._supports[rival].lines.at_most + added <= len(best.chains):
                break
            pool = self._comparisons.backing[rival] & against
            if not self._can_have(max(len(best.chains) + 1, sure) - added, rival, pool):
                continue
            found = self._find_group(rival, pool, judged)
            at_most = max(at_most, found.at_most)
            if len(found.chains) > len(best.chains):
                best, group = found, pool | judged
        return Opposition(against | judged, group, best.chains, at_most <= len(best.chains))

    def _list_rivals(self, place: int, spared: int) -> Iterator[int]:
        """The answers that conflict with this one, those first whose claims can have the most lines.

        A conflicting claim that researchers say supports a claim, and none that it contradicts, is no rival.
        """
        ranking, conflicting = self._ranking
        for rank in bits(conflicting[place]):
            if self._members[self._comparisons.answers[ranking[rank]]] & ~spared:
                yield ranking[rank]

    @cached_property
    def _ranking(self) -> tuple[list[int], list[int]]:
        """The answers of live claims, the most lines first; for each answer the ranks in conflict with it."""
        answers = self._comparisons.answers
        given = [place for place, answer in enumerate(answers) if self._members[answer]]
        ranking = sorted(given, key=lambda place: (-self._supports[place].lines.at_most, place))
        ranks = dict.fromkeys(answers, 0)
        ranks |= {answers[place]: 1 << rank for rank, place in enumerate(ranking)}
        return ranking, Comparisons(answers, ranks).conflicting

    def _find_sure(self, place: int, against: int, spared: int) -> int:
        """So many lines are sure: those of the first rival none of whose backers is left out."""
        for rival in self._list_rivals(place, spared):
            if not self._comparisons.backing[rival] & ~against:
                return len(self._supports[rival].lines.chains)
        return 0

    def _can_have(self, lines: int, rival: int, pool: int) -> bool:
        """Whether a group of this rival's backers might have so many lines, by what is known of others."""
        known = self._supports[rival]
        if pool == self._comparisons.backing[rival]:
            return known.lines.at_most >= lines
        group, at_most = self._limits.get(rival, (0, 0))
        if at_most + (pool & ~group).bit_count() < lines:
            return False
        return self.voices.count_touching(known.links.parties, pool) >= lines

    def _find_group(self, rival: int, pool: int, judged: int) -> Lines:
        known = self._supports[rival]
        if not judged and pool == self._comparisons.backing[rival]:
            return known.lines
        if judged:
            return self._searches.search(pool | judged, known).lines
        lines = self._searches.search_part(pool, known)
        self._limits[rival] = pool, lines.at_most
        return lines

    def _find_place(self, claim: Claim) -> int | None:
        """The place of its answer, if there is one to compare with others."""
        if claim.question is None or claim.answer is None:
            return None
        return self._comparisons.number[claim.answer]

    def _find_judged(self, judgement: Judgement) -> int:
        return self.voices.join(judgement.judged)


def _hear(docket: Docket, claims: Iterable[Claim]) -> Iterator[tuple[UUID, Voice]]:
    """All that can stand for or against these claims: they, and what researchers put forward."""
    tracer = docket.tracer
    for claim in claims:
        yield claim.id, tracer.voice_of(claim)
        judgement = docket.judge(claim)
        for id in judgement.judged:
            yield id, tracer.voice_of(docket.find_claim(id))
        for id in judgement.supporting_sources | judgement.contradicting_sources:
            yield id, tracer.voice_of_source(id)
