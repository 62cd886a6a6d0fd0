"""The corroboration rule: records in, the status of each claim and its figures out.

The rule is published in docs/corroboration.md.

Pure: no database, no clock. Same records, same result, in whatever order they come.

    records.py       what goes in
    chains.py        claim → path, chain, origins, moment
    outdated.py      which claims their own origins have replaced
    evidence.py      which claims are live; what stands for and against a claim
    questions.py     what stands for and against each answer to one question
    pools.py         the voices on one question, and what any pool of them adds up to
    lines.py         chains → how many are independent
    weakest_links.py chains → who would all have to be wrong
    cores.py         both, from a few chains that settle them
    searches.py      both, of one pool by what is known of another
    explanation.py   figures → a sentence

A claim is not weighed by itself: what stands for and against it depends on its answer, on how researchers
judged it and on what it adds of its own, and is worked out once for all claims that share these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.domain.answers import Answer, QuantityAnswer, back, conflict, tightens
from app.domain.chains import Path, Tracer
from app.domain.evidence import Docket, EvidenceItem, Judgement, list_evidence
from app.domain.explanation import Grounds, SideFigures, explain, explain_outside
from app.domain.lines import WORK_BUDGET, Chain
from app.domain.questions import Question
from app.domain.records import Agent, Assessment, BrokenRecord, Claim, Record, Source
from app.domain.searches import share_budget
from app.domain.vocabulary import Side, Status

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

# Raised whenever the same records could get another result. docs/corroboration.md names the same version, and
# an index of models/corroboration finds what is older: a migration makes that anew.
RULE_VERSION = 4


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


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One side of a claim: what is on it, and a path for each of its lines.

    `veiled`: the paths as outsiders are told of them, where that makes a difference.
    """

    paths: tuple[tuple[UUID, ...], ...]
    veiled: tuple[tuple[UUID, ...], ...] | None
    figures: SideFigures


@dataclass(frozen=True, slots=True)
class _Support:
    """`told`: the links that outsiders are told of. `goes_back`: all who say how they know have the first."""

    weighed: _Weighed
    links: tuple[UUID, ...]
    told: tuple[UUID, ...]
    goes_back: bool
    exact: bool


class _Evaluation:
    """The rule over one record. Whatever is worked out for one claim is kept for the others like it."""

    def __init__(self, record: Record, budget: int, tracer: Tracer) -> None:
        self._record = record
        self._docket = Docket(record, tracer)
        self._budget = budget
        self._questions: dict[UUID, Question] = {}
        self._supports: dict[object, _Support] = {}
        self._oppositions: dict[object, _Weighed] = {}
        self._named: dict[tuple[Path, ...], tuple[tuple[UUID, ...], ...]] = {}

    def corroborate(self, claim_id: UUID) -> Corroboration:
        claim = self._docket.find_claim(claim_id)
        disagreed = self._docket.is_disagreed(claim)
        judgement = self._docket.judge(claim)
        question = self._find_question(claim)
        support = self._weigh_support(question, claim, judgement)
        supported, opposed = support.weighed, self._weigh_opposition(question, claim, judgement)
        status = self._find_status(claim, len(supported.paths), len(opposed.paths))
        origins = self._name_parties(tuple(sorted(self._docket.tracer.voice_of(claim).origins)))
        grounds = Grounds(
            status=status,
            supported=supported.figures,
            opposed=opposed.figures,
            weakest_links=support.links,
            goes_back=support.goes_back,
            replaced_by=origins if status is Status.OUTDATED else (),
            disagreed=disagreed,
        )
        explanation, named = explain(grounds, self._record.agents)
        return Corroboration(
            status=status,
            live=self._docket.is_live(claim),
            lines_for=len(supported.paths),
            lines_against=len(opposed.paths),
            lines_exact=support.exact and opposed.figures.exact,
            reports_for=supported.figures.reports,
            reports_against=opposed.figures.reports,
            weakest_links=support.links,
            lines={Side.FOR: supported.paths, Side.AGAINST: opposed.paths},
            disagreed=disagreed,
            explanation=explanation,
            named=named,
            outside_explanation=explain_outside(grounds, self._record.agents, named, support.told),
            outside_lines=_veil(supported, opposed),
            outside_weakest_links=None if support.told == support.links else support.told,
        )

    def _find_status(self, claim: Claim, lines_for: int, lines_against: int) -> Status:
        if claim.retracted:
            return Status.RETRACTED
        if self._docket.is_outdated(claim):
            return Status.OUTDATED
        return decide_status(lines_for, lines_against)

    def _weigh_support(self, question: Question, claim: Claim, judgement: Judgement) -> _Support:
        shared, own, found = question.gather_support(claim, judgement)
        pool = shared | own
        key = (question, pool, id(found))
        if key not in self._supports:
            parties = found.links.parties
            self._supports[key] = _Support(
                weighed=self._weigh(question, shared, own, pool, found.lines.chains, found.lines.exact),
                links=self._name_parties(parties),
                told=self._name_parties(question.voices.veil_parties(parties, pool)),
                goes_back=not parties or question.voices.go_back_to(parties[0], pool),
                exact=found.lines.exact and found.links.exact,
            )
        return self._supports[key]

    def _weigh_opposition(self, question: Question, claim: Claim, judgement: Judgement) -> _Weighed:
        against = question.gather_opposition(claim, judgement)
        key = (question, id(against))
        if key not in self._oppositions:
            self._oppositions[key] = self._weigh(
                question, against.pool, 0, against.group, against.lines, against.exact
            )
        return self._oppositions[key]

    def _weigh(
        self, question: Question, pool: int, own: int, group: int, lines: tuple[Chain, ...], exact: bool
    ) -> _Weighed:
        """All that is on a side, with a claim of its own, and the lines of a group of it."""
        voices = question.voices
        paths = voices.find_paths(lines, group)
        veiled = voices.veil_paths(lines, group)
        reports = voices.count_reports(pool, own)
        silent = reports - voices.count_reports(pool & voices.chained, own & voices.chained)
        return _Weighed(
            self._name_paths(paths),
            None if veiled is None else self._name_paths(veiled),
            SideFigures(len(paths), reports, silent, exact),
        )

    def _find_question(self, claim: Claim) -> Question:
        key = claim.id if claim.question is None else claim.question
        if key not in self._questions:
            on_it = self._docket.claims_on(claim.question)
            budget = min(self._budget, share_budget(len(on_it)))
            self._questions[key] = Question(self._docket, on_it or [claim], budget)
        return self._questions[key]

    def _name_parties(self, parties: tuple[int, ...]) -> tuple[UUID, ...]:
        return self._docket.tracer.name_parties(parties)

    def _name_paths(self, paths: tuple[Path, ...]) -> tuple[tuple[UUID, ...], ...]:
        """The very same for the same paths."""
        if paths not in self._named:
            self._named[paths] = tuple(map(self._name_parties, paths))
        return self._named[paths]


def _veil(supported: _Weighed, opposed: _Weighed) -> Mapping[Side, tuple[tuple[UUID, ...], ...]] | None:
    if supported.veiled is None and opposed.veiled is None:
        return None
    sides = {Side.FOR: supported, Side.AGAINST: opposed}
    return {side: one.paths if one.veiled is None else one.veiled for side, one in sides.items()}
