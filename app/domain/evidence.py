"""What stands for and against a claim, and which claims are live, that is, take part as evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.answers import back, conflict
from app.domain.chains import Tracer, VersionRank
from app.domain.outdated import find_outdated
from app.domain.records import Assessment, BrokenRecord, Claim, Record
from app.domain.vocabulary import EvidenceBasis, Side, Stance


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One claim or one source (exactly one of the two) on one side of a claim."""

    side: Side
    basis: EvidenceBasis
    claim: UUID | None
    source: UUID | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What researchers make of a claim: who they put on which side. The claims are live ones."""

    supporting: frozenset[UUID] = frozenset()
    contradicting: frozenset[UUID] = frozenset()
    supporting_sources: frozenset[UUID] = frozenset()
    contradicting_sources: frozenset[UUID] = frozenset()

    @property
    def judged(self) -> frozenset[UUID]:
        """The claims whose comparison with the claim a judgement replaces."""
        return self.supporting | self.contradicting


UNJUDGED = Judgement()


def list_evidence(record: Record, claim_id: UUID) -> tuple[EvidenceItem, ...]:
    """Exactly what stands for and against a claim, itself included; FOR first, comparisons first, by id.

    A claim or source that researchers put on both sides is listed on both.
    """
    docket = Docket(record, Tracer(record))
    claim = docket.find_claim(claim_id)
    judgement = docket.judge(claim)
    items = {EvidenceItem(Side.FOR, EvidenceBasis.COMPARISON, claim.id, None)}
    for other in docket.claims_on(claim.question):
        if other.id not in judgement.judged and docket.is_live(other):
            items.update(_compare(claim, other))
    items.update(_list_judged(judgement))
    sides, bases = list(Side), list(EvidenceBasis)
    return tuple(
        sorted(
            items,
            key=lambda item: (
                sides.index(item.side),
                bases.index(item.basis),
                item.claim is None,
                item.claim or item.source,
            ),
        )
    )


def _compare(claim: Claim, other: Claim) -> Iterator[EvidenceItem]:
    if claim.answer is None or other.answer is None:
        return
    if back(other.answer, claim.answer):
        yield EvidenceItem(Side.FOR, EvidenceBasis.COMPARISON, other.id, None)
    elif conflict(other.answer, claim.answer):
        yield EvidenceItem(Side.AGAINST, EvidenceBasis.COMPARISON, other.id, None)


def _list_judged(judgement: Judgement) -> Iterator[EvidenceItem]:
    for side, claims, sources in (
        (Side.FOR, judgement.supporting, judgement.supporting_sources),
        (Side.AGAINST, judgement.contradicting, judgement.contradicting_sources),
    ):
        for claim in claims:
            yield EvidenceItem(side, EvidenceBasis.ASSESSMENT, claim, None)
        for source in sources:
            yield EvidenceItem(side, EvidenceBasis.ASSESSMENT, None, source)


class Docket:
    """The claims of a record by question, which of them are live, and how researchers judged them.

    Each question is gone through once, when first asked for.
    """

    def __init__(self, record: Record, tracer: Tracer) -> None:
        self.record = record
        self.tracer = tracer
        self._by_question: dict[UUID, list[Claim]] = defaultdict(list)
        for claim in record.claims.values():
            if claim.question is not None:
                self._by_question[claim.question].append(claim)
        self._assessments: dict[UUID, list[Assessment]] = defaultdict(list)
        for assessment in record.assessments:
            if not assessment.withdrawn:
                self._assessments[assessment.claim].append(assessment)
        self._outdated: dict[UUID, frozenset[UUID]] = {}
        self._superseded: dict[UUID, frozenset[UUID]] = {}

    def find_claim(self, claim_id: UUID) -> Claim:
        try:
            return self.record.claims[claim_id]
        except KeyError:
            raise BrokenRecord(f"claim {claim_id} is not among the records given") from None

    def claims_on(self, question: UUID | None) -> Sequence[Claim]:
        """All claims on a question, live or not; none without a question."""
        return self._by_question.get(question, []) if question is not None else []

    def is_outdated(self, claim: Claim) -> bool:
        if claim.question is None:
            return False
        if claim.question not in self._outdated:
            self._outdated[claim.question] = find_outdated(self.claims_on(claim.question), self.tracer)
        return claim.id in self._outdated[claim.question]

    def is_live(self, claim: Claim) -> bool:
        """Whether a claim takes part as evidence for and against others."""
        if claim.retracted or claim.withdrawn:
            return False
        return not self.is_outdated(claim) and not self._is_superseded(claim)

    def judge(self, claim: Claim) -> Judgement:
        """The sides on which assessments that stand put live claims, and sources."""
        if claim.id not in self._assessments:
            return UNJUDGED
        claims: dict[Stance, set[UUID]] = defaultdict(set)
        sources: dict[Stance, set[UUID]] = defaultdict(set)
        for assessment in self._find_assessments(claim):
            if assessment.evidence_source is not None:
                sources[assessment.stance].add(assessment.evidence_source)
            elif assessment.evidence_claim is not None and self.is_live(
                self.find_claim(assessment.evidence_claim)
            ):
                claims[assessment.stance].add(assessment.evidence_claim)
        return Judgement(
            supporting=frozenset(claims[Stance.SUPPORTS]),
            contradicting=frozenset(claims[Stance.CONTRADICTS]),
            supporting_sources=frozenset(sources[Stance.SUPPORTS]),
            contradicting_sources=frozenset(sources[Stance.CONTRADICTS]),
        )

    def is_disagreed(self, claim: Claim) -> bool:
        """Whether two researchers take different stances on the claim and one piece of evidence."""
        if claim.id not in self._assessments:
            return False
        stances: dict[UUID | None, dict[UUID, set[Stance]]] = defaultdict(lambda: defaultdict(set))
        for assessment in self._find_assessments(claim):
            # Keys of claims and of sources never meet: an id names one row.
            pair = assessment.evidence_claim or assessment.evidence_source
            stances[pair][assessment.recorded_by].add(assessment.stance)
        return any(
            len(by_researcher) > 1 and len(set().union(*by_researcher.values())) > 1
            for by_researcher in stances.values()
        )

    def _find_assessments(self, claim: Claim) -> Iterator[Assessment]:
        """The assessments of a claim that count: none by itself, by its own source, by a withdrawn claim."""
        for assessment in self._assessments.get(claim.id, ()):
            evidence = assessment.evidence_claim
            if evidence == claim.id or assessment.evidence_source == claim.source:
                continue
            if evidence is None or not self.find_claim(evidence).withdrawn:
                yield assessment

    def _is_superseded(self, claim: Claim) -> bool:
        """Whether a newer version of the claim's source speaks to its question."""
        if claim.question is None:
            return False
        if claim.question not in self._superseded:
            self._superseded[claim.question] = self._find_superseded(claim.question)
        return claim.id in self._superseded[claim.question]

    def _find_superseded(self, question: UUID) -> frozenset[UUID]:
        claims = [claim for claim in self.claims_on(question) if not claim.withdrawn]
        sources = {claim.source for claim in claims}
        ranks = {source: self.tracer.rank_version(source) for source in sources}
        newest: dict[UUID, VersionRank] = {}
        for item, rank in ranks.values():
            newest[item] = max(newest.get(item, rank), rank)
        superseded = {source for source, (item, rank) in ranks.items() if rank != newest[item]}
        return frozenset(claim.id for claim in claims if claim.source in superseded)
