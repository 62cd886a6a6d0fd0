"""Random records too large for the naive rule, in many shapes: to compare two roads to a result."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.answers import Answer
from app.domain.moments import Moment, parse_moment
from app.domain.records import Agent, Assessment, Claim, Record, Source
from app.domain.vocabulary import AgentKind, Basis, Modality, Polarity, Stance
from tests.domain.made_records import at_least, at_most, between, exactly

DAYS = [parse_moment(f"2020-01-{day:02}") for day in range(1, 29)]
MOMENTS = [
    *DAYS,
    *map(parse_moment, ["2020-01", "2020-01-03T12:00Z", "2020-01-04T00:00Z", "2020-01-09T09:00Z"]),
]
RESEARCHERS = [UUID(int=1), UUID(int=2)]

Say = Callable[[random.Random, int], Answer]


def _say_about(rng: random.Random, n: int) -> Answer:
    return between(n * 9 // 10, -(-n * 11 // 10), Modality.APPROXIMATE)


def _say_between(rng: random.Random, n: int) -> Answer:
    return between(n, n + rng.choice([1, n // 5 + 1, 2 * n]), rng.choice([Modality.BETWEEN, Modality.VAGUE]))


SAYINGS: Sequence[Sequence[Say]] = (
    (lambda rng, n: at_least(n),),
    (lambda rng, n: at_most(n),),
    (lambda rng, n: exactly(n),),
    (lambda rng, n: rng.choice(list(Polarity)),),
    (_say_about, _say_between),
    (
        lambda rng, n: at_least(n),
        lambda rng, n: at_most(n),
        lambda rng, n: exactly(n),
        _say_about,
        _say_between,
    ),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """Shares, from 0 to 1, of what has a link, a date, is hidden …; `hops` and `figures` are the most."""

    parts: float
    reprints: float
    revisions: float
    dated: float
    hidden: float
    dead: float
    firsthand: float
    silent: float
    hops: int
    figures: int


def draw_record(seed: int, claims: Sequence[int] = (9, 15, 25, 40, 70)) -> Record:
    """The same for the same seed. `claims`: how many there may be."""
    rng = random.Random(seed)
    ids = (UUID(int=n) for n in rng.sample(range(10, 10**6), 1_000 + 10 * max(claims)))
    size = rng.choice(claims)
    shape = Shape(
        parts=rng.choice([0, 0, 0.15, 0.4]),
        reprints=rng.choice([0, 0.1, 0.4]),
        revisions=rng.choice([0, 0, 0.1, 0.3]),
        dated=rng.choice([0, 0, 0.3, 1]),
        hidden=rng.choice([0, 0, 0.15]),
        dead=rng.choice([0, 0.1, 0.3]),
        firsthand=rng.choice([0, 0.2]),
        silent=rng.choice([0, 0.15]),
        hops=rng.choice([1, 1, 2, 3]),
        figures=rng.choice([3, 10, 60, 300]),
    )
    agents = dict(_draw_agents(rng, shape, [next(ids) for _ in range(rng.choice([3, 6, 12, 25, 40]))]))
    sources = _draw_sources(
        rng, shape, [next(ids) for _ in range(rng.randint(size // 3, size))], list(agents)
    )
    questions = [next(ids), next(ids)]
    say = rng.choice(SAYINGS)
    rows = [_draw_claim(rng, shape, next(ids), list(agents), sources, questions, say) for _ in range(size)]
    made = {claim.id: claim for claim in rows}
    assessments = [
        _draw_assessment(rng, next(ids), list(made), list(sources)) for _ in range(rng.choice([0, 0, 3, 15]))
    ]
    return Record(agents, sources, made, assessments)


def _draw_agents(rng: random.Random, shape: Shape, ids: Sequence[UUID]) -> Iterator[tuple[UUID, Agent]]:
    for i, id in enumerate(ids):
        part_of = rng.choice(ids[:i]) if i and rng.random() < shape.parts else None
        merged = rng.choice(ids[:i]) if i and rng.random() < shape.parts / 3 else None
        kind = rng.choice([AgentKind.UNNAMED, AgentKind.PERSON, AgentKind.PERSON])
        yield id, Agent(id, kind, part_of, merged, f"agent {i}", "somebody" if rng.random() < 0.1 else None)


def _draw_sources(
    rng: random.Random, shape: Shape, ids: Sequence[UUID], agents: Sequence[UUID]
) -> dict[UUID, Source]:
    outlets = agents[: rng.randint(1, len(agents))]
    sources: dict[UUID, Source] = {}
    for i, id in enumerate(ids):
        reprints = rng.choice(ids[:i]) if i and rng.random() < shape.reprints else None
        revises = rng.choice(ids[:i]) if i and rng.random() < shape.revisions else None
        hidden = rng.random() < shape.hidden or any(
            sources[link].hidden for link in (reprints, revises) if link is not None
        )
        publisher = None if rng.random() < 0.05 else rng.choice(outlets)
        sources[id] = Source(id, publisher, _draw_moment(rng, shape), reprints, revises, hidden)
    return sources


def _draw_moment(rng: random.Random, shape: Shape) -> Moment | None:
    return rng.choice(MOMENTS) if rng.random() < shape.dated else None


def _draw_claim(
    rng: random.Random,
    shape: Shape,
    id: UUID,
    agents: Sequence[UUID],
    sources: Mapping[UUID, Source],
    questions: Sequence[UUID],
    say: Sequence[Say],
) -> Claim:
    # Most on the one question, some on an open one, some on none.
    question = rng.choice([questions[0]] * 28 + [questions[1], None])
    basis = Basis.FIRSTHAND if rng.random() < shape.firsthand else Basis.ATTRIBUTED
    basis = Basis.UNATTRIBUTED if rng.random() < shape.silent else basis
    hops = [tuple(rng.sample(agents, rng.choice([1, 1, 1, 2]))) for _ in range(rng.randint(1, shape.hops))]
    source = rng.choice(list(sources.values()))
    return Claim(
        id=id,
        source=source.id,
        question=question,
        basis=basis,
        hops=tuple(hops) if basis is Basis.ATTRIBUTED else (),
        answer=rng.choice(say)(rng, rng.randint(0, shape.figures)) if question == questions[0] else None,
        asserted=_draw_moment(rng, shape),
        retracted=rng.random() < shape.dead / 2,
        withdrawn=rng.random() < shape.dead / 2,
        hidden=source.hidden or rng.random() < shape.hidden,
    )


def _draw_assessment(
    rng: random.Random, id: UUID, claims: Sequence[UUID], sources: Sequence[UUID]
) -> Assessment:
    by_claim = rng.random() < 0.6
    return Assessment(
        id=id,
        claim=rng.choice(claims),
        evidence_claim=rng.choice(claims) if by_claim else None,
        evidence_source=None if by_claim else rng.choice(sources),
        stance=rng.choice(list(Stance)),
        recorded_by=rng.choice(RESEARCHERS),
        withdrawn=rng.random() < 0.1,
    )
