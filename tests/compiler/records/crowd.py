"""More rows of each kind than a page holds, drawn from a seed: the same in every run."""

from __future__ import annotations

from random import Random

from app.domain.vocabulary import (
    AgentKind,
    Channel,
    Mode,
    QuoteStatus,
    SourceKind,
    Stance,
    Status,
)
from tests.compiler.records.claims import RecordedClaim, Speaker, quantity
from tests.compiler.records.keys import Row, moment
from tests.compiler.records.questions import EVENTS

SEED = 2019
_MOMENTS = (None, None, "2019", "2019-12", "2019-12-29", "2019-12-30", "2019-12-30T06:00:00Z", "2020-01-01")
_WORDS = ("killed", "dozens", "embassy", "Bağdat", "fighters", "troops", "zone", "said", "smoke", "München")
_LANGUAGES = (None, "en", "de", "pt-BR", "ar")
_RESEARCHERS = ("ada", "noor", "edit")


def draw_agents(random: Random) -> dict[str, Row]:
    """110 agents, so that a page of 100 does not hold them; each part of an earlier one or of none."""
    agents: dict[str, Row] = {}
    for number in range(110):
        wholes = [None, None, "us", "iraq", *agents][: 4 + number]
        agents[f"crowd_{number}"] = {
            "kind": random.choice(list(AgentKind)),
            "name": f"{random.choice(_WORDS)} {random.choice('aAbBÄß')}{number % 40}",
            "part_of": random.choice(wholes),
            "aliases": random.sample(_WORDS, random.randint(0, 2)),
            "recorded_by": random.choice(_RESEARCHERS),
        }
    return agents


def draw_sources(random: Random, agents: list[str]) -> dict[str, Row]:
    sources: dict[str, Row] = {}
    for number in range(30):
        sources[f"crowd_{number}"] = {
            "kind": random.choice(list(SourceKind)),
            "publisher": random.choice([None, *random.sample(agents, 2), "zeitung"]),
            "title": " ".join(random.sample(_WORDS, 3)),
            "language": random.choice(_LANGUAGES),
            "text": random.choice([None, " ".join(random.choices(_WORDS, k=12))]),
            "reprints": random.choice([None, None, "wire", *sources]),
            **moment("published", random.choice(_MOMENTS)),
        }
    return sources


def draw_events(random: Random) -> dict[str, Row]:
    return {
        f"crowd_{number}": {
            "title": f"{random.choice(_WORDS)} {number}",
            "starts_on": random.choice([None, "2019-12-29", "2019-12-30", "2020-01-01"]),
            "place": random.choice([None, *_WORDS]),
        }
        for number in range(18)
    }


def draw_questions(random: Random) -> dict[str, Row]:
    return {
        f"crowd_{number}": {
            "kind": random.choice(["QUANTITY", "YES_NO", "OPEN"]),
            "text": f"How many {' '.join(random.sample(_WORDS, 2))}, {number}?",
            "event": random.choice([None, *EVENTS]),
            "merged_into": random.choice([None, None, None, "unanswered" if number % 2 else "nowhere"]),
        }
        for number in range(15)
    }


def draw_claims(random: Random, agents: list[str], sources: list[str]) -> dict[str, RecordedClaim]:
    """120 claims; many about `killed` or a question merged into it, so that there is much to compare."""
    return {f"crowd_{number}": _draw_claim(random, number, agents, sources) for number in range(120)}


def _draw_claim(random: Random, number: int, agents: list[str], sources: list[str]) -> RecordedClaim:
    row: Row = {
        "source": random.choice(sources),
        "statement": f"{' '.join(random.choices(_WORDS, k=4))}, {number}",
        "quote_exact": " ".join(random.choices(_WORDS, k=3)),
        "quote_status": random.choice(list(QuoteStatus)),
        "basis": "ATTRIBUTED",
        "recorded_by": random.choice(_RESEARCHERS),
        **moment("asserted", random.choice(_MOMENTS)),
        **_draw_answer(random),
    }
    hops: tuple[tuple[Speaker, ...], ...] = ()
    if random.random() < 0.4:
        row["basis"] = random.choice(["FIRSTHAND", "UNATTRIBUTED"])
    else:
        hops = tuple(_draw_hop(random, agents) for _ in range(random.randint(1, 3)))
    if random.random() < 0.15:
        row |= {
            "withdrawn_at": "2020-06-01T00:00:00+00:00",
            "withdrawn_by": random.choice(_RESEARCHERS),
            "withdrawal_reason": "By mistake.",
        }
    live = "withdrawn_at" not in row and random.random() < 0.85
    return RecordedClaim(row, hops, status=random.choice(list(Status)), live=live)


def _draw_answer(random: Random) -> Row:
    if random.random() < 0.2:
        return {}
    if random.random() < 0.3:
        question = random.choice(["behind", "guilty"])
        return {"question": question, "polarity": random.choice(["ASSERTS", "DENIES"])}
    number = random.randint(0, 40)
    modality, bounds = random.choice(
        [
            ("EXACT", f"[{number},{number}]"),
            ("AT_LEAST", f"[{number},)"),
            ("AT_MOST", f"[0,{number + 1})"),
            ("BETWEEN", f"[{number},{number + 7}]"),
        ]
    )
    question = random.choice(["killed", "killed", "dead", "deaths", "soldiers"])
    return quantity(f"{modality} {number}", modality, bounds, question=question)


def _draw_hop(random: Random, agents: list[str]) -> tuple[Speaker, ...]:
    speakers = random.sample(agents, random.choice([1, 1, 1, 2, 3]))
    return tuple(
        Speaker(
            agent,
            random.choice([None, "said", "“wrote”"]),
            random.choice([None, *Mode]),
            random.choice(list(Channel)),
        )
        for agent in speakers
    )


def draw_assessments(random: Random, claims: list[str], sources: list[str]) -> dict[str, Row]:
    assessments: dict[str, Row] = {}
    taken: set[tuple[str, str, str]] = set()
    while len(assessments) < 60:
        # Half of them on a few claims, so that a claim has more than a page of them.
        claim = random.choice(claims[:3] if len(assessments) < 30 else claims)
        column = random.choice(["evidence_claim", "evidence_source"])
        evidence = random.choice(claims if column == "evidence_claim" else sources)
        if evidence == claim or (claim, column, evidence) in taken:
            continue
        taken.add((claim, column, evidence))
        assessments[f"crowd_{len(assessments)}"] = {
            "claim": claim,
            column: evidence,
            "stance": random.choice(list(Stance)),
            "rationale": random.choice(_WORDS),
            "credibility": random.choice([None, 1, 3, 6]),
            "recorded_by": random.choice(_RESEARCHERS),
        }
    return assessments
