"""The corroboration rule: records in, the status of each claim and its figures out.

The rule is published in docs/corroboration.md.

Pure: no database, no clock. Same records, same result, in whatever order they come.

    records.py       what goes in
    chains.py        claim → path, chain, origins, moment
    outdated.py      which claims their own origins have replaced
    evidence.py      which claims are live; what stands for and against a claim
    pools.py         the evidence of one question, put together by distinct answer
    lines.py         chains → how many are independent
    weakest_links.py chains → who would all have to be wrong
    searches.py      both, once for each pool of a question
    explanation.py   figures → a sentence

A claim is not weighed by itself: what stands for and against it depends on its answer, on how researchers
judged it and on what it adds of its own, and is worked out once for all claims that share these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from app.domain.answers import Answer, QuantityAnswer, back, conflict, tightens
from app.domain.chains import Path, Tracer, Voice
from app.domain.evidence import Docket, EvidenceItem, Judgement, list_evidence
from app.domain.explanation import Grounds, SideFigures, explain, explain_outside
from app.domain.lines import WORK_BUDGET, Lines, bits
from app.domain.pools import Pool, QuestionPools
from app.domain.records import Agent, Assessment, BrokenRecord, Claim, Record, Source
from app.domain.searches import Searches, share_budget
from app.domain.vocabulary import Side, Status
from app.domain.weakest_links import WeakestLinks

__all__ = [
    "RULE_VERSION",
    "WORK_BUDGET",
    "Agent",
    "Answer",
    "Assessment",
    "BrokenRecord",
    "Claim",
    "Corroboration",
    "EvidenceItem",
    "QuantityAnswer",
    "Record",
    "Source",
    "back",
    "conflict",
    "corroborate",
    "decide_status",
    "list_evidence",
    "tightens",
]

# Raised whenever the same records could get another result. docs/corroboration.md names the same version.
RULE_VERSION = 2


@dataclass(frozen=True, slots=True)
class Corroboration:
    """What the rule makes of one claim.

    `live`: takes part as evidence for and against others.
    `lines` are the witnesses of the figures: for each side as many paths as it has lines, no two with a
    party in common. A path is the parties of the hops, origin first, then the publishers, the first
    publisher first; none twice. They are in order of their ids.
    `weakest_links` are parties, by id: together in every chain for the claim.
    A party is the id of an agent, or of a source for its unknown publisher.
    `lines_exact` is False if the search for lines, on either side, or for weakest links ran out of budget:
    the lines are then a lower bound, and the weakest links may not be the fewest.
    `named` are the agents whose names stand in `explanation`, in that order. `outside_explanation` has
    pseudonyms for the protected ones of them; it is None if there is none.
    `outside_lines` and `outside_weakest_links` are what outsiders are told of these where hidden claims or
    sources make a difference, else None: a line that only those carry is an empty path, and comes first; a
    party that stands in no other chain for the claim is left out, and not named.
    """

    status: Status
    live: bool
    lines_for: int
    lines_against: int
    lines_exact: bool
    reports_for: int
    reports_against: int
    weakest_links: tuple[UUID, ...]
    lines: Mapping[Side, tuple[tuple[UUID, ...], ...]]
    disagreed: bool
    explanation: str
    named: tuple[UUID, ...]
    outside_explanation: str | None = None
    outside_lines: Mapping[Side, tuple[tuple[UUID, ...], ...]] | None = None
    outside_weakest_links: tuple[UUID, ...] | None = None


def corroborate(
    record: Record,
    targets: Iterable[UUID] | None = None,
    *,
    budget: int = WORK_BUDGET,
    tracer: Tracer | None = None,
) -> dict[UUID, Corroboration]:
    """The corroboration of the claims `targets`, or of all claims of the record.

    `tracer`: one of the same record, if the caller has one, so that no claim is traced twice. `budget` bounds
    the work of each search for lines, as does the size of the question; see `Corroboration.lines_exact`.
    Raises BrokenRecord if the record lacks what it refers to, or if its links go in a circle.
    """
    evaluation = _Evaluation(record, budget, tracer or Tracer(record))
    chosen = record.claims if targets is None else targets
    return {target: evaluation.corroborate(target) for target in chosen}


def decide_status(lines_for: int, lines_against: int) -> Status:
    """The table of the rule. RETRACTED and OUTDATED come before it.

    >>> [decide_status(n, m).value for n in (1, 2) for m in (0, 1, 2)]
    ['UNCORROBORATED', 'DISPUTED', 'CONTRADICTED', 'CORROBORATED', 'DISPUTED', 'DISPUTED']
    """
    if lines_against == 0:
        return Status.CORROBORATED if lines_for >= 2 else Status.UNCORROBORATED
    if lines_against >= 2 and lines_for <= 1:
        return Status.CONTRADICTED
    return Status.DISPUTED


_Support = tuple["_Weighed", WeakestLinks]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One side of a claim: all that is on it, and a path for each of its lines.

    `veiled`: the paths as outsiders are told of them, where that makes a difference.
    """

    pool: Pool
    paths: tuple[tuple[UUID, ...], ...]
    veiled: tuple[tuple[UUID, ...], ...] | None
    exact: bool

    def count(self) -> SideFigures:
        reports = len(self.pool.reports)
        return SideFigures(len(self.paths), reports, reports - len(self.pool.spoken), self.exact)


class _Evaluation:
    """The rule over one record. Whatever is worked out for one claim is kept for the others like it."""

    def __init__(self, record: Record, budget: int, tracer: Tracer) -> None:
        self._record = record
        self._docket = Docket(record, tracer)
        self._budget = budget
        self._searches: dict[UUID | None, Searches] = {}
        self._questions: dict[UUID, QuestionPools] = {}
        self._supports: dict[object, _Support] = {}
        self._oppositions: dict[object, _Weighed] = {}
        self._rankings: dict[UUID, list[tuple[int, int]]] = {}

    def corroborate(self, claim_id: UUID) -> Corroboration:
        claim = self._docket.find_claim(claim_id)
        live = self._docket.is_live(claim)
        disagreed = self._docket.is_disagreed(claim)
        judgement = self._docket.judge(claim)
        supported, links = self._weigh_support(claim, judgement, live=live)
        opposed = self._weigh_opposition(claim, judgement)
        weakest_links = self._name_parties(links.parties)
        status = self._find_status(claim, len(supported.paths), len(opposed.paths))
        origins = self._name_parties(tuple(sorted(self._docket.tracer.voice_of(claim).origins)))
        grounds = Grounds(
            status=status,
            supported=supported.count(),
            opposed=opposed.count(),
            weakest_links=weakest_links,
            goes_back=status is Status.UNCORROBORATED
            and all(links.parties[0] in speakers for speakers in supported.pool.speakers),
            replaced_by=origins if status is Status.OUTDATED else (),
            disagreed=disagreed,
        )
        explanation, named = explain(grounds, self._record.agents)
        told = self._name_parties(supported.pool.veil_parties(links.parties))
        return Corroboration(
            status=status,
            live=live,
            lines_for=len(supported.paths),
            lines_against=len(opposed.paths),
            lines_exact=supported.exact and opposed.exact and links.exact,
            reports_for=len(supported.pool.reports),
            reports_against=len(opposed.pool.reports),
            weakest_links=weakest_links,
            lines={Side.FOR: supported.paths, Side.AGAINST: opposed.paths},
            disagreed=disagreed,
            explanation=explanation,
            named=named,
            outside_explanation=explain_outside(grounds, self._record.agents, named, told),
            outside_lines=_veil(supported, opposed),
            outside_weakest_links=None if told == weakest_links else told,
        )

    def _find_status(self, claim: Claim, lines_for: int, lines_against: int) -> Status:
        if claim.retracted:
            return Status.RETRACTED
        if self._docket.is_outdated(claim):
            return Status.OUTDATED
        return decide_status(lines_for, lines_against)

    def _weigh_support(self, claim: Claim, judgement: Judgement, *, live: bool) -> _Support:
        own = self._docket.tracer.voice_of(claim)
        compared = claim.question is not None and claim.answer is not None
        # A live claim backs itself and is in the pool of its answer.
        extra = None if live and compared else own
        key = (claim.question, claim.answer, judgement, extra)
        if key not in self._supports:
            pool = self._gather_support(claim, judgement)
            self._supports[key] = self._weigh_pool(self._find_searches(claim.question), pool, extra)
        return self._supports[key]

    def _gather_support(self, claim: Claim, judgement: Judgement) -> Pool:
        pool = Pool()
        if claim.question is not None and claim.answer is not None:
            question = self._find_question(claim.question)
            pool = question.find_pool(question.backing(claim.answer), without=judgement.judged)
        return pool.with_voices(self._find_voices(judgement.supporting, judgement.supporting_sources))

    def _weigh_pool(self, searches: Searches, pool: Pool, extra: Voice | None) -> _Support:
        """A pool, and what a claim that is not in it adds of its own."""
        if extra is None:
            return self._weigh(pool, searches.find_lines(pool)), searches.find_links(pool)
        lines, links = searches.find_with(extra, pool)
        return self._weigh(pool.with_voices([extra]), lines), links

    def _weigh_opposition(self, claim: Claim, judgement: Judgement) -> _Weighed:
        key = (claim.question, claim.answer, judgement)
        if key not in self._oppositions:
            judged = self._find_voices(judgement.contradicting, judgement.contradicting_sources)
            contradicting = Pool().with_voices(judged)
            if claim.question is None or claim.answer is None:
                lines = self._find_searches(claim.question).find_lines(contradicting)
                weighed = self._weigh(contradicting, lines)
            else:
                weighed = self._weigh_rivals(claim.question, claim.answer, judgement, contradicting)
            self._oppositions[key] = weighed
        return self._oppositions[key]

    def _weigh_rivals(
        self, question_id: UUID, answer: Answer, judgement: Judgement, contradicting: Pool
    ) -> _Weighed:
        """The most lines of any group of rivals that agree, researchers' own evidence added to each.

        No group has more lines than all claims that back its answer, whether they are against this claim or
        not. The groups are taken in the order of that bound, and the search ends where it cannot be beaten.
        """
        question, searches = self._find_question(question_id), self._find_searches(question_id)
        conflicting = question.conflicting(answer)
        rivals = question.find_rivals(conflicting, judgement)
        lines = searches.find_lines(contradicting)
        best, best_pool, at_most = lines, contradicting, lines.at_most
        for bound, rival in self._rank_answers(question_id):
            if bound + lines.at_most <= len(best.chains):
                break
            if rivals >> rival & 1:
                group = question.find_pool(question.backers[rival] & conflicting, without=judgement.judged)
                pool = group.joined(contradicting)
                found = searches.find_lines(pool)
                at_most = max(at_most, found.at_most)
                if len(found.chains) > len(best.chains):
                    best, best_pool = found, pool
        everything = question.find_pool(conflicting, without=judgement.judged).joined(contradicting)
        return replace(self._weigh(best_pool, best), pool=everything, exact=at_most <= len(best.chains))

    def _rank_answers(self, question_id: UUID) -> list[tuple[int, int]]:
        """The most lines that each answer of a live claim can have, and its place; the most first."""
        if question_id not in self._rankings:
            question, searches = self._find_question(question_id), self._find_searches(question_id)
            bounds = (
                (searches.find_lines(question.find_pool(question.backers[place])).at_most, place)
                for place in bits(question.given)
            )
            self._rankings[question_id] = sorted(bounds, key=lambda bound: (-bound[0], bound[1]))
        return self._rankings[question_id]

    def _name_parties(self, parties: tuple[int, ...]) -> tuple[UUID, ...]:
        return self._docket.tracer.name_parties(parties)

    def _find_question(self, question_id: UUID) -> QuestionPools:
        if question_id not in self._questions:
            self._questions[question_id] = QuestionPools(self._docket, question_id)
        return self._questions[question_id]

    def _find_searches(self, question: UUID | None) -> Searches:
        if question not in self._searches:
            claims = len(self._docket.claims_on(question))
            self._searches[question] = Searches(min(self._budget, share_budget(claims)))
        return self._searches[question]

    def _find_voices(self, claims: Iterable[UUID], sources: Iterable[UUID]) -> list[Voice]:
        tracer = self._docket.tracer
        return [
            *(tracer.voice_of(self._docket.find_claim(claim)) for claim in claims),
            *(tracer.voice_of_source(source) for source in sources),
        ]

    def _weigh(self, pool: Pool, lines: Lines) -> _Weighed:
        ways = self._docket.tracer.ways
        veiled = pool.veil_paths(lines.chains, ways)
        paths = self._name_paths(pool.find_paths(lines.chains, ways))
        return _Weighed(pool, paths, None if veiled is None else self._name_paths(veiled), lines.exact)

    def _name_paths(self, paths: Iterable[Path]) -> tuple[tuple[UUID, ...], ...]:
        return tuple(map(self._name_parties, paths))


def _veil(supported: _Weighed, opposed: _Weighed) -> Mapping[Side, tuple[tuple[UUID, ...], ...]] | None:
    if supported.veiled is None and opposed.veiled is None:
        return None
    sides = {Side.FOR: supported, Side.AGAINST: opposed}
    return {side: one.paths if one.veiled is None else one.veiled for side, one in sides.items()}
