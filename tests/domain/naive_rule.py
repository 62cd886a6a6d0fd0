"""The corroboration rule once more, as its text reads: by brute force, for small records, to compare with.

It shares no code with app/domain but the records themselves. Numbers are whole and from 0 to 100; an
interval is the set of the whole and half numbers it allows, so that an open end is told from a closed one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from itertools import combinations
from uuid import UUID

from app.domain.answers import Answer, QuantityAnswer
from app.domain.moments import Moment
from app.domain.records import Agent, Claim, Record
from app.domain.vocabulary import AgentKind, Basis, Modality, Polarity, Stance

NUMBERS = [Fraction(half, 2) for half in range(-4, 205)]


@dataclass(frozen=True)
class Naive:
    status: str
    live: bool
    lines_for: int
    lines_against: int
    reports_for: int
    reports_against: int
    weakest_links: tuple[UUID, ...]
    disagreed: bool
    evidence: frozenset[tuple[str, str, UUID]]


class NaiveRule:
    def __init__(self, record: Record) -> None:
        self.agents = record.agents
        self.sources = record.sources
        self.claims = record.claims
        self.assessments = record.assessments
        self.live_ids = {c.id for c in self.claims.values() if self.live(c)}

    # --- words ---

    def standing(self, agent: UUID) -> Agent:
        row = self.agents[agent]
        return row if row.merged_into is None else self.standing(row.merged_into)

    def party(self, agent: UUID) -> UUID:
        row = self.standing(agent)
        return row.id if row.part_of is None else self.party(row.part_of)

    def publishers(self, source: UUID) -> list[UUID]:
        row = self.sources[source]
        if row.revises is not None:
            return self.publishers(row.revises)
        own = row.id if row.publisher is None else self.party(row.publisher)
        return [own] if row.reprints is None else [*self.publishers(row.reprints), own]

    def original(self, source: UUID) -> UUID:
        row = self.sources[source]
        if row.revises is not None:
            return self.original(row.revises)
        return source if row.reprints is None else self.original(row.reprints)

    def chain(self, c: Claim) -> frozenset[UUID] | None:
        if c.basis is Basis.UNATTRIBUTED:
            return None
        return frozenset([*(self.party(a) for hop in c.hops for a in hop), *self.publishers(c.source)])

    def origins(self, c: Claim) -> set[UUID]:
        if c.basis is Basis.ATTRIBUTED:
            return {self.party(agent) for agent in c.hops[0]}
        return {self.publishers(c.source)[0]} if c.basis is Basis.FIRSTHAND else set()

    def moment(self, c: Claim) -> Moment | None:
        return c.asserted or self.published(c.source)

    def published(self, source: UUID) -> Moment | None:
        row = self.sources[source]
        if row.revises is not None or row.reprints is None:
            return row.published
        return self.published(row.reprints) or row.published

    # --- outdated ---

    def part_in_time(self, question: UUID | None) -> list[Claim]:
        return [
            d
            for d in self.claims.values()
            if question is not None and d.question == question and not d.retracted and not d.withdrawn
        ]

    def replaces(self, d: Claim, c: Claim, p: UUID) -> bool:
        if p not in self.origins(d) or p not in self.origins(c) or d.answer is None or c.answer is None:
            return False
        if not after(self.moment(d), self.moment(c)):
            return False
        if self.only_unnamed(d, p) and not self.only_unnamed(c, p):
            return False
        return conflicts(d.answer, c.answer) or tightened_by(c.answer, d.answer)

    def only_unnamed(self, c: Claim, p: UUID) -> bool:
        if c.basis is not Basis.ATTRIBUTED:
            return False
        return all(self.standing(a).kind is AgentKind.UNNAMED for a in c.hops[0] if self.party(a) == p)

    def outdated(self, c: Claim) -> bool:
        others = self.part_in_time(c.question)
        if c not in others or not self.origins(c):
            return False
        return all(self.outdated_for(c, p, others) for p in self.origins(c))

    def outdated_for(self, c: Claim, p: UUID, others: list[Claim]) -> bool:
        starts = [m.start for d in others if self.replaces(d, c, p) and (m := self.moment(d))]
        if not starts:
            return False
        t = max(starts)
        for d in others:
            m = self.moment(d)
            again = p in self.origins(d) and d.answer is not None and allowed(d.answer) == allowed(c.answer)
            if again and m is not None and (m.end > t or m.start == m.end == t):
                return False
        return True

    # --- live ---

    def first_version(self, source: UUID) -> UUID:
        earlier = self.sources[source].revises
        return source if earlier is None else self.first_version(earlier)

    def newness(self, source: UUID) -> tuple[int, datetime, UUID]:
        depth, row = 0, self.sources[source]
        while row.revises is not None:
            depth, row = depth + 1, self.sources[row.revises]
        published = self.sources[source].published
        return depth, published.start if published else datetime.min.replace(tzinfo=UTC), source

    def newest_version_on_question(self, c: Claim) -> UUID:
        return max(
            (
                d.source
                for d in self.claims.values()
                if d.question == c.question
                and not d.withdrawn
                and self.first_version(d.source) == self.first_version(c.source)
            ),
            key=self.newness,
        )

    def live(self, c: Claim) -> bool:
        if c.retracted or c.withdrawn or self.outdated(c):
            return False
        return c.question is None or c.source == self.newest_version_on_question(c)

    # --- evidence ---

    def evidence(self, c: Claim) -> set[tuple[str, str, UUID]]:
        """(side, basis, id of a claim or a source)."""
        found = {("FOR", "COMPARISON", c.id)}
        sides = {Stance.SUPPORTS: "FOR", Stance.CONTRADICTS: "AGAINST"}
        replaced = set()
        for a in self.assessments:
            if a.claim != c.id or a.withdrawn or a.stance not in sides:
                continue
            if a.evidence_source is not None and a.evidence_source != c.source:
                found.add((sides[a.stance], "ASSESSMENT", a.evidence_source))
            if a.evidence_claim is not None and a.evidence_claim != c.id:
                replaced.add(a.evidence_claim)
                if a.evidence_claim in self.live_ids:
                    found.add((sides[a.stance], "ASSESSMENT", a.evidence_claim))
        for d in self.claims.values():
            if (
                d.question is None
                or d.question != c.question
                or d.id in replaced
                or d.id not in self.live_ids
            ):
                continue
            if d.answer is not None and c.answer is not None:
                if conflicts(d.answer, c.answer):
                    found.add(("AGAINST", "COMPARISON", d.id))
                if backs(d.answer, c.answer):
                    found.add(("FOR", "COMPARISON", d.id))
        return found

    def disagreed(self, c: Claim) -> bool:
        def counts(evidence: UUID) -> bool:
            if evidence in self.claims:
                return evidence != c.id and not self.claims[evidence].withdrawn
            return evidence != c.source

        mine = [a for a in self.assessments if a.claim == c.id and not a.withdrawn]
        return any(
            one.recorded_by != other.recorded_by
            and one.stance is not other.stance
            and one.evidence_claim == other.evidence_claim
            and one.evidence_source == other.evidence_source
            and counts(one.evidence_claim or one.evidence_source or c.id)
            for one, other in combinations(mine, 2)
        )

    def chain_of(self, id: UUID) -> frozenset[UUID] | None:
        return self.chain(self.claims[id]) if id in self.claims else frozenset(self.publishers(id))

    def report_of(self, id: UUID) -> UUID:
        return self.original(self.claims[id].source if id in self.claims else id)

    # --- lines and status ---

    def lines_against(self, c: Claim, against: set[tuple[str, str, UUID]]) -> int:
        assessed = {self.chain_of(id) for _, basis, id in against if basis == "ASSESSMENT"}
        most = largest_packing(assessed)
        claims = [self.claims[id] for id in {id for _, _, id in against} if id in self.claims]
        for d in claims:
            if d.question != c.question or d.question is None or not d.answer or not c.answer:
                continue
            if conflicts(d.answer, c.answer):
                group = {
                    self.chain(e)
                    for e in claims
                    if e.question == c.question and e.answer and backs(e.answer, d.answer)
                }
                most = max(most, largest_packing(group | assessed))
        return most

    def evaluate(self, id: UUID) -> Naive:
        c = self.claims[id]
        evidence = self.evidence(c)
        pro = {item for item in evidence if item[0] == "FOR"}
        contra = evidence - pro
        chains = {self.chain_of(id) for _, _, id in pro}
        origins = {p for _, _, id in pro if id in self.claims for p in self.origins(self.claims[id])}
        n, m = largest_packing(chains), self.lines_against(c, contra)
        if c.retracted:
            status = "RETRACTED"
        elif self.outdated(c):
            status = "OUTDATED"
        elif m == 0:
            status = "CORROBORATED" if n >= 2 else "UNCORROBORATED"
        else:
            status = "CONTRADICTED" if m >= 2 and n <= 1 else "DISPUTED"
        return Naive(
            status=status,
            live=c.id in self.live_ids,
            lines_for=n,
            lines_against=m,
            reports_for=len({self.report_of(id) for _, _, id in pro}),
            reports_against=len({self.report_of(id) for _, _, id in contra}),
            weakest_links=smallest_hitting_set(chains, origins),
            disagreed=self.disagreed(c),
            evidence=frozenset(evidence),
        )


def after(d: Moment | None, c: Moment | None) -> bool:
    return d is not None and c is not None and d.start >= c.end and [d.start, d.end] != [c.start, c.end]


@cache
def allowed(answer: Answer | None) -> object:
    if not isinstance(answer, QuantityAnswer):
        return answer
    b = answer.bounds
    return frozenset(
        x
        for x in NUMBERS
        if (b.lower is None or x > b.lower or (b.lower_inclusive and x == b.lower))
        and (b.upper is None or x < b.upper or (b.upper_inclusive and x == b.upper))
    )


def numbers(answer: Answer) -> frozenset[Fraction]:
    found = allowed(answer)
    assert isinstance(found, frozenset)
    return found


def conflicts(d: Answer, c: Answer) -> bool:
    if isinstance(d, Polarity) or isinstance(c, Polarity):
        return {d, c} == {Polarity.ASSERTS, Polarity.DENIES}
    return not numbers(d) & numbers(c)


def backs(d: Answer, c: Answer) -> bool:
    if isinstance(d, Polarity) or isinstance(c, Polarity):
        return d == c
    one_sided = {Modality.AT_LEAST, Modality.AT_MOST}
    both_two_sided = d.modality not in one_sided and c.modality not in one_sided
    return numbers(d) <= numbers(c) or (both_two_sided and bool(numbers(d) & numbers(c)))


def tightened_by(c: Answer, d: Answer) -> bool:
    if isinstance(d, Polarity) or isinstance(c, Polarity):
        return False
    if c.modality is Modality.AT_LEAST:
        return min(numbers(d)) > min(numbers(c))
    return c.modality is Modality.AT_MOST and max(numbers(d)) < max(numbers(c))


def largest_packing(chains: Iterable[frozenset[UUID] | None]) -> int:
    family = [chain for chain in set(chains) if chain]
    return max(
        size
        for size in range(len(family) + 1)
        for some in combinations(family, size)
        if len(frozenset().union(*some)) == sum(map(len, some))
    )


def smallest_hitting_set(chains: Iterable[frozenset[UUID] | None], origins: set[UUID]) -> tuple[UUID, ...]:
    family = [chain for chain in set(chains) if chain]
    parties = sorted(frozenset().union(*family))
    for size in range(len(parties) + 1):
        hitting = [some for some in combinations(parties, size) if all(chain & set(some) for chain in family)]
        if hitting:
            return min(hitting, key=lambda some: (-len(origins & set(some)), some))
    raise AssertionError("all parties together touch every chain")
