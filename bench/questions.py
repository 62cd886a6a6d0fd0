"""The queries that are measured, and variables for them that differ from request to request."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.domain.identifiers import NodeType, encode_id
from bench.load import CLAIMS_PER_QUESTION, WORDS, Kind, World, key

FOLDER = Path(__file__).parent / "queries"

# What every peer is asked, and what Sayso and pgbench are asked alone.
COMPARED = ("Q1", "Q2", "Q3", "Q4")
ALONE = ("Q5", "Q6", "Q7")
ALL = COMPARED + ALONE

Draw = Callable[[World, random.Random], dict[str, Any]]


def claim_id(world: World, draw: random.Random) -> str:
    return encode_id(NodeType.CLAIM, key(Kind.CLAIM, draw.randrange(world.claims)))


def question_id(world: World, draw: random.Random) -> str:
    return encode_id(NodeType.QUESTION, key(Kind.QUESTION, draw.randrange(world.questions)))


def cursor_of(row: object) -> str:
    """Sayso's cursor of a row in a list that is ordered by when it was recorded."""
    return f"RECORDED.{row}"


def row_of_cursor(cursor: str) -> str:
    return cursor.partition(".")[2]


def after(world: World, draw: random.Random) -> str:
    return cursor_of(key(Kind.CLAIM, draw.randrange(world.claims)))


def draw_q7(world: World, draw: random.Random) -> dict[str, Any]:
    claim = draw.randrange(world.claims)
    figure = 20 + claim // CLAIMS_PER_QUESTION % 1000
    agent = encode_id(NodeType.AGENT, key(Kind.AGENT, world.chain_of(claim)[0]))
    return {
        "agent": [agent],
        "lower": str(figure),
        "upper": str(figure + 5),
        "status": [draw.choice(["CORROBORATED", "DISPUTED"])],
    }


DRAWS: dict[str, Draw] = {
    "Q1": lambda world, draw: {"id": claim_id(world, draw)},
    "Q2": lambda world, draw: {"question": [question_id(world, draw)]},
    "Q3": lambda world, draw: {"after": after(world, draw)},
    "Q4": lambda world, draw: {
        "id": encode_id(NodeType.SOURCE, key(Kind.SOURCE, draw.randrange(world.sources)))
    },
    "Q5": lambda world, draw: {"id": question_id(world, draw)},
    "Q6": lambda _world, draw: {
        "text": f"{draw.choice(WORDS)} {draw.randrange(20, 1020)} {draw.choice(WORDS)}"
    },
    "Q7": draw_q7,
}


def document(name: str) -> str:
    return (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")


def draw_variables(name: str, world: World, count: int, seed: int = 7) -> list[dict[str, Any]]:
    """The same for the same query, world and seed."""
    draw = random.Random(f"{name} {seed}")
    return [DRAWS[name](world, draw) for _ in range(count)]
