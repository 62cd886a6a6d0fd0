"""Records made for tests: by hand, with names for ids, or by Hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from hypothesis import strategies as st

from app.domain.answers import Answer, QuantityAnswer
from app.domain.corroboration import Corroboration, corroborate
from app.domain.intervals import Interval
from app.domain.moments import Moment, parse_moment
from app.domain.records import Agent, Assessment, Claim, Record, Source
from app.domain.vocabulary import AgentKind, Basis, Modality, Polarity, Stance

QUESTION = uuid5(NAMESPACE_URL, "question")


def key(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)


def exactly(n: int) -> QuantityAnswer:
    return QuantityAnswer(Modality.EXACT, Interval(Decimal(n), Decimal(n)))


def at_least(n: int) -> QuantityAnswer:
    return QuantityAnswer(Modality.AT_LEAST, Interval(Decimal(n), None))


def at_most(n: int) -> QuantityAnswer:
    return QuantityAnswer(Modality.AT_MOST, Interval(Decimal(0), Decimal(n)))


def between(a: int, b: int, modality: Modality = Modality.BETWEEN) -> QuantityAnswer:
    return QuantityAnswer(modality, Interval(Decimal(a), Decimal(b)))


def make_agent(
    name: str,
    kind: AgentKind = AgentKind.ORGANIZATION,
    *,
    part_of: str | None = None,
    merged_into: str | None = None,
) -> Agent:
    return Agent(
        key(name), kind, key(part_of) if part_of else None, key(merged_into) if merged_into else None, name
    )


def make_source(
    name: str,
    publisher: str | None = None,
    *,
    published: str | None = None,
    reprints: str | None = None,
    revises: str | None = None,
) -> Source:
    return Source(
        key(name),
        key(publisher) if publisher else None,
        parse_moment(published) if published else None,
        key(reprints) if reprints else None,
        key(revises) if revises else None,
    )


def make_claim(
    name: str,
    source: str,
    answer: Answer | None = None,
    *hops: str | Sequence[str],
    question: UUID | None = QUESTION,
    basis: Basis | None = None,
    asserted: str | None = None,
    retracted: bool = False,
    withdrawn: bool = False,
    hidden: bool = False,
) -> Claim:
    """A claim, ATTRIBUTED if there are hops and else FIRSTHAND, unless told; a hop is a name or several."""
    return Claim(
        id=key(name),
        source=key(source),
        question=question,
        basis=basis or (Basis.ATTRIBUTED if hops else Basis.FIRSTHAND),
        hops=tuple(
            (key(hop),) if isinstance(hop, str) else tuple(key(agent) for agent in hop) for hop in hops
        ),
        answer=answer,
        asserted=parse_moment(asserted) if asserted else None,
        retracted=retracted,
        withdrawn=withdrawn,
        hidden=hidden,
    )


def make_assessment(
    claim: str,
    stance: Stance,
    *,
    by: str = "researcher",
    evidence_claim: str | None = None,
    evidence_source: str | None = None,
    withdrawn: bool = False,
) -> Assessment:
    evidence = evidence_claim or evidence_source or ""
    return Assessment(
        id=key(f"{by} on {claim} by {evidence}: {stance}"),
        claim=key(claim),
        evidence_claim=key(evidence_claim) if evidence_claim else None,
        evidence_source=key(evidence_source) if evidence_source else None,
        stance=stance,
        recorded_by=key(by),
        withdrawn=withdrawn,
    )


def make_record(*rows: Agent | Source | Claim | Assessment) -> Record:
    """A record of these rows. Agents that claims and sources name and no row describes are added."""
    agents = {row.id: row for row in rows if isinstance(row, Agent)}
    sources = {row.id: row for row in rows if isinstance(row, Source)}
    claims = {row.id: row for row in rows if isinstance(row, Claim)}
    named = [agent for claim in claims.values() for hop in claim.hops for agent in hop]
    named += [source.publisher for source in sources.values() if source.publisher]
    for agent in named:
        agents.setdefault(agent, Agent(agent, AgentKind.ORGANIZATION, None, None, f"agent {agent}"))
    return Record(agents, sources, claims, [row for row in rows if isinstance(row, Assessment)])


def with_claims(record: Record, claims: Iterable[Claim]) -> Record:
    return replace(record, claims={claim.id: claim for claim in claims})


def figures(result: Corroboration) -> tuple[str, int, int, int, int]:
    """(status, lines for, lines against, reports for, reports against)."""
    return (
        result.status.value,
        result.lines_for,
        result.lines_against,
        result.reports_for,
        result.reports_against,
    )


def evaluate(record: Record, name: str) -> Corroboration:
    return corroborate(record, [key(name)])[key(name)]


# --- by Hypothesis: everything that can be recorded, small enough for brute force ---

MOMENTS: list[Moment | None] = [
    None,
    *map(
        parse_moment,
        [
            "2019-12",
            "2019-12-29",
            "2019-12-30",
            "2019-12-31",
            "2019-12-29T12:00:00Z",
            "2019-12-30T00:00:00Z",
            "2019-12-30T03:00:00+03:00",
            "2019-12-31T09:00:00Z",
        ],
    ),
]


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    modality = draw(st.sampled_from(Modality))
    low = draw(st.integers(0, 6))
    if modality is Modality.AT_LEAST:
        return QuantityAnswer(modality, Interval(Decimal(low), None, lower_inclusive=draw(st.booleans())))
    if modality is Modality.AT_MOST:
        upper_inclusive = low == 0 or draw(st.booleans())
        lower = draw(st.sampled_from([Decimal(0), None]))
        return QuantityAnswer(modality, Interval(lower, Decimal(low), upper_inclusive=upper_inclusive))
    if modality is Modality.EXACT:
        return exactly(low)
    high = low + draw(st.integers(0, 4))
    upper_inclusive = high == low or draw(st.booleans())
    return QuantityAnswer(modality, Interval(Decimal(low), Decimal(high), upper_inclusive=upper_inclusive))


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Up to 8 claims on a quantity, a yes-or-no question, an open one, or none; links without circles."""
    ids = iter(draw(st.permutations([UUID(int=n) for n in range(1, 41)])))
    agents = _draw_agents(draw, [next(ids) for _ in range(draw(st.integers(2, 9)))])
    sources = _draw_sources(draw, [next(ids) for _ in range(draw(st.integers(1, 8)))], list(agents))
    questions = [next(ids), next(ids), next(ids)]
    claims: dict[UUID, Claim] = {}
    # Most are on the question of quantity: that is where claims meet.
    kinds = draw(st.sampled_from([[0], [0, 0, 0, 0, 1, 2, 3], [1]]))
    for id in [next(ids) for _ in range(draw(st.integers(1, 9)))]:
        kind = draw(st.sampled_from(kinds))
        question = questions[kind] if kind < 3 else None
        claim = _draw_claim(draw, id, list(agents), list(sources), question, kind)
        claims[id] = replace(claim, hidden=claim.hidden or sources[claim.source].hidden)
    assessments = [
        _draw_assessment(draw, next(ids), list(claims), list(sources)) for _ in range(draw(st.integers(0, 6)))
    ]
    return Record(agents, sources, claims, assessments)


def _draw_agents(draw: st.DrawFn, ids: list[UUID]) -> dict[UUID, Agent]:
    agents = {}
    for i, id in enumerate(ids):
        # One in four has a link of a kind, so that some records have many parties and some have few.
        part_of, merged = (
            draw(st.sampled_from(ids[:i])) if i and draw(st.integers(0, 3)) == 3 else None for _ in range(2)
        )
        kind = draw(st.sampled_from([AgentKind.UNNAMED, AgentKind.PERSON]))
        agents[id] = Agent(id, kind, part_of, merged, f"agent {i}")
    return agents


@st.composite
def reprinted_and_revised(draw: st.DrawFn) -> dict[UUID, Source]:
    """Sources, of which every other one is a reprint, and every other one a revision."""
    return _draw_sources(draw, [UUID(int=n) for n in range(1, 9)], [], linked=2)


def _draw_sources(
    draw: st.DrawFn, ids: list[UUID], agents: list[UUID], *, linked: int = 5
) -> dict[UUID, Source]:
    """One in `linked` reprints another, and as many revise one."""
    sources: dict[UUID, Source] = {}
    for i, id in enumerate(ids):
        reprints, revises = (
            draw(st.sampled_from(ids[:i])) if i and draw(st.integers(1, linked)) == linked else None
            for _ in range(2)
        )
        if revises is not None and draw(st.booleans()):
            # As services record it.
            reprints = sources[revises].reprints
        publisher = draw(st.sampled_from([None, *agents]))
        hidden = draw(st.integers(0, 5)) == 5 or any(
            sources[link].hidden for link in (reprints, revises) if link is not None
        )
        sources[id] = Source(id, publisher, draw(st.sampled_from(MOMENTS)), reprints, revises, hidden)
    return sources


def _draw_claim(
    draw: st.DrawFn, id: UUID, agents: list[UUID], sources: list[UUID], question: UUID | None, kind: int
) -> Claim:
    answer: Answer | None = None
    if kind == 0:
        answer = draw(answers())
    elif kind == 1:
        answer = draw(st.sampled_from(Polarity))
    basis = draw(st.sampled_from([Basis.ATTRIBUTED, Basis.ATTRIBUTED, Basis.FIRSTHAND, Basis.UNATTRIBUTED]))
    hop = st.lists(st.sampled_from(agents), min_size=1, max_size=2, unique=True).map(tuple)
    hops = draw(st.lists(hop, min_size=1, max_size=2)) if basis is Basis.ATTRIBUTED else []
    return Claim(
        id=id,
        source=draw(st.sampled_from(sources)),
        question=question,
        basis=basis,
        hops=tuple(hops),
        answer=answer,
        asserted=draw(st.sampled_from(MOMENTS)),
        retracted=draw(st.integers(0, 9)) == 9,
        withdrawn=draw(st.integers(0, 9)) == 9,
        hidden=draw(st.integers(0, 5)) == 5,
    )


def _draw_assessment(draw: st.DrawFn, id: UUID, claims: list[UUID], sources: list[UUID]) -> Assessment:
    by_claim = draw(st.booleans())
    return Assessment(
        id=id,
        claim=draw(st.sampled_from(claims)),
        evidence_claim=draw(st.sampled_from(claims)) if by_claim else None,
        evidence_source=None if by_claim else draw(st.sampled_from(sources)),
        stance=draw(st.sampled_from(Stance)),
        recorded_by=draw(st.sampled_from([UUID(int=98), UUID(int=99)])),
        withdrawn=draw(st.integers(0, 9)) == 9,
    )
