"""Questions with many claims, in shapes that cost the rule little and much, as bundles.

The same for the same shape, number of claims and seed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

EPOCH = datetime(2019, 12, 1, tzinfo=UTC)
PHRASES = ("{}", "at least {}", "around {}")
LEAST = 20
RECENT = 20


@dataclass(frozen=True, slots=True)
class Shape:
    """`answers`: distinct figures, 0 for one a claim. `depth`: agents that each speaker is part of.

    `phrases`: in turn. `reprints`: the share of sources that reprint one of the last originals.
    """

    name: str
    title: str
    answers: int
    origins: int
    outlets: int
    depth: int
    reprints: float
    phrases: Sequence[str] = PHRASES
    dated: bool = True

    def phrase(self, number: int, draw: random.Random) -> str:
        figure = draw.randrange(self.answers) if self.answers else number
        low = LEAST + figure
        return self.phrases[figure % len(self.phrases)].format(low, low + low // 5 + 1)


TYPICAL = Shape("typical", "12 answers, 40 origins, most sources reprints", 12, 40, 200, 1, 0.7)
ADVERSARIAL = Shape("adversarial", "every claim another answer at another moment", 0, 40, 200, 0, 0.0)
DEEP = Shape("deep", "12 answers, each speaker 10 steps below its party", 12, 40, 200, 10, 0.3)
SHAPES = (TYPICAL, ADVERSARIAL, DEEP)
# Nobody takes an answer back, and what backs one is almost what backs the next.
AT_LEAST = Shape(
    "at-least", 'every claim another "at least", undated', 0, 40, 200, 0, 0.0, ("at least {}",), False
)
MIXED = Shape(
    "mixed",
    "every claim another answer of four kinds, undated",
    0,
    40,
    200,
    0,
    0.0,
    ("at least {}", "around {}", "between {} and {}", "{}"),
    False,
)
# As many lines as there are origins: what is left to search does not fall apart.
WIDE = Shape("wide", "12 answers, 300 origins, 300 outlets, undated", 12, 300, 300, 0, 0.3, dated=False)
RULE_SHAPES = (*SHAPES, AT_LEAST, MIXED, WIDE)


def write_bundle(path: Path, shape: Shape, claims: int, questions: int = 1, seed: int = 1) -> Path:
    """A bundle file with so many claims, a source each, on so many questions in turn."""
    # JSON is YAML.
    path.write_text(json.dumps(make_bundle(shape, claims, questions, seed)), encoding="utf-8")
    return path


def make_bundle(shape: Shape, claims: int, questions: int = 1, seed: int = 1) -> dict[str, Any]:
    """What `write_bundle` writes."""
    draw = random.Random(f"{shape.name} {seed}")
    shape = replace(shape, origins=min(shape.origins, claims), outlets=min(shape.outlets, claims))
    return {
        "format": "sayso-bundle/1",
        "title": f"{claims:,} claims, {shape.title}",
        "agents": list(_make_agents(shape)),
        "questions": [
            {"key": f"q{n}", "kind": "QUANTITY", "text": f"How many in {shape.name}, {claims}, {n}?"}
            for n in range(questions)
        ],
        "sources": list(_make_sources(shape, claims, draw)),
        "claims": [_make_claim(shape, n, n % questions, draw) for n in range(claims)],
    }


def _make_agents(shape: Shape) -> Iterator[dict[str, Any]]:
    for outlet in range(shape.outlets):
        yield {"key": f"w{outlet}", "name": f"{shape.name} outlet {outlet}", "kind": "OUTLET"}
    for origin in range(shape.origins):
        for step in range(shape.depth + 1):
            above = {"part_of": f"o{origin}-{step - 1}"} if step else {}
            name = f"{shape.name} speaker {origin}, {step} below"
            yield {"key": f"o{origin}-{step}", "name": name, "kind": "ORGANIZATION", **above}


def _make_sources(shape: Shape, claims: int, draw: random.Random) -> Iterator[dict[str, Any]]:
    originals: list[str] = []
    for number in range(claims):
        key = f"s{number}"
        source = {"key": key, "kind": "ARTICLE", "title": f"Report {number}"}
        source["publisher"] = f"w{draw.randrange(shape.outlets)}"
        if originals and draw.random() < shape.reprints:
            source["reprints"] = draw.choice(originals[-RECENT:])
        else:
            originals.append(key)
        yield source


def _make_claim(shape: Shape, number: int, question: int, draw: random.Random) -> dict[str, Any]:
    phrase = shape.phrase(number, draw)
    return {
        "key": f"c{number}",
        "source": f"s{number}",
        "question": f"q{question}",
        "quote": f"{phrase} people",
        "statement": f"{phrase} people.",
        "quantity": phrase,
        "basis": "attributed",
        "attribution": [{"agent": f"o{draw.randrange(shape.origins)}-{shape.depth}"}],
        **({"asserted_at": spell_minute(number)} if shape.dated else {}),
    }


def spell_minute(number: int) -> str:
    return (EPOCH + timedelta(minutes=number)).isoformat()
