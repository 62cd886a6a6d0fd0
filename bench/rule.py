"""What the rule alone costs, without a database: CPU of one process for a question with many claims.

uv run python -m bench.rule                        each shape, with 1,000, 2,000 and 4,000 claims; a minute
uv run python -m bench.rule --claims 500 --shape mixed
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterable
from uuid import NAMESPACE_URL, UUID, uuid5

from app.domain.answers import QuantityAnswer
from app.domain.corroboration import corroborate
from app.domain.moments import parse_moment
from app.domain.quantities import parse_quantity
from app.domain.records import Agent, Claim, Record, Source
from app.domain.vocabulary import AgentKind, Basis
from bench.shapes import RULE_SHAPES, Shape, make_bundle

SIZES = (1_000, 2_000, 4_000)
REPEATS = 3


def make_record(shape: Shape, claims: int) -> Record:
    """The bundle of a shape, as the rule is given it."""
    bundle = make_bundle(shape, claims)
    question = _key("question")
    agents = [
        Agent(_key(row["key"]), AgentKind.ORGANIZATION, _link(row.get("part_of")), None, row["name"])
        for row in bundle["agents"]
    ]
    sources = [
        Source(_key(row["key"]), _key(row["publisher"]), None, _link(row.get("reprints")), None)
        for row in bundle["sources"]
    ]
    rows = [
        Claim(
            id=_key(row["key"]),
            source=_key(row["source"]),
            question=question,
            basis=Basis.ATTRIBUTED,
            hops=tuple((_key(hop["agent"]),) for hop in row["attribution"]),
            answer=_read_answer(row["quantity"]),
            asserted=parse_moment(row["asserted_at"]) if "asserted_at" in row else None,
            retracted=False,
            withdrawn=False,
        )
        for row in bundle["claims"]
    ]
    # As they come from a database: in no order.
    random.Random(shape.name).shuffle(rows)
    return Record(
        {agent.id: agent for agent in agents},
        {source.id: source for source in sources},
        {claim.id: claim for claim in rows},
        [],
    )


def _read_answer(phrase: str) -> QuantityAnswer:
    quantity = parse_quantity(phrase)
    return QuantityAnswer(quantity.modality, quantity.bounds)


def _key(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)


def _link(name: str | None) -> UUID | None:
    return None if name is None else _key(name)


def measure(shape: Shape, claims: int) -> tuple[float, int]:
    """CPU seconds, the best of a few runs for others share the machine, and how many results are exact."""
    record = make_record(shape, claims)
    seconds = []
    for _ in range(REPEATS):
        begun = time.process_time()
        results = corroborate(record)
        seconds.append(time.process_time() - begun)
    return min(seconds), sum(result.lines_exact for result in results.values())


def run(shapes: Iterable[Shape], sizes: Iterable[int]) -> None:
    sizes = list(sizes)
    for shape in shapes:
        print(f"{shape.name}: {shape.title}")
        for claims in sizes:
            seconds, exact = measure(shape, claims)
            print(f"  {claims:>6,} claims  {seconds:6.2f} s  {exact:,} of them exact", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.rule",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--claims", type=int, nargs="+", default=SIZES, help="1000 2000 4000 if not given")
    names = [shape.name for shape in RULE_SHAPES]
    parser.add_argument("--shape", choices=names, nargs="+", default=names, help="all, if not given")
    given = parser.parse_args()
    run((shape for shape in RULE_SHAPES if shape.name in given.shape), given.claims)


if __name__ == "__main__":
    main()
