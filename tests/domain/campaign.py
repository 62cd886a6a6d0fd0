"""The rule on random records of up to 70 claims: `uv run python -m tests.domain.campaign --records 5000`.

What is found of one pool is carried to the next (app/domain/cores.py). Here each record is evaluated that
way, and again with every pool searched by itself: status, figures, weakest links and sentences must be the
same, and the lines as many and independent. Without any budget for searches the status must be the same.
The records are too large for the naive rule; for that there is
`HYPOTHESIS_PROFILE=campaign uv run pytest tests/domain/test_corroboration.py`.

Ctrl-C ends it early. Exit status: 0 if the two always agreed, 1 if not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from typing import TextIO
from uuid import UUID

from app.domain import searches
from app.domain.corroboration import Corroboration, corroborate
from app.domain.records import Record
from app.domain.vocabulary import Side
from tests.domain.large_records import draw_record

# Which of several largest sets of lines is shown may differ.
WITNESSES = ("lines", "outside_lines")
FIGURES = [field.name for field in fields(Corroboration) if field.name not in WITNESSES]
BY_ITSELF = sys.maxsize
TOLD_EVERY = 5.0


@contextmanager
def searched_by_itself(voices: int) -> Iterator[None]:
    """Pools of so many voices are searched by themselves."""
    few = searches.FEW
    searches.FEW = voices
    try:
        yield
    finally:
        searches.FEW = few


def compare(record: Record) -> list[str]:
    """Where carrying what is known, for all pools but the smallest or for those too, makes a difference."""
    with searched_by_itself(BY_ITSELF):
        expected = corroborate(record)
    differences = list(_compare_results("carried", expected, corroborate(record)))
    with searched_by_itself(0):
        differences += _compare_results("carried always", expected, corroborate(record))
        differences += _compare_statuses(expected, corroborate(record, budget=0))
    return differences


def _compare_statuses(
    expected: Mapping[UUID, Corroboration], hurried: Mapping[UUID, Corroboration]
) -> Iterator[str]:
    """No status depends on the budget, and no count is larger for it."""
    for id, result in hurried.items():
        best = expected[id]
        if result.status != best.status or (result.lines_exact and result.lines_for != best.lines_for):
            yield f"without a budget, claim {id}: {result.status}, {result.lines_for}, not {best.status}"
        if result.lines_for > best.lines_for or result.lines_against > best.lines_against:
            yield f"without a budget, claim {id}: more lines"


def _compare_results(
    road: str, expected: Mapping[UUID, Corroboration], found: Mapping[UUID, Corroboration]
) -> Iterator[str]:
    for id, result in found.items():
        for name in FIGURES:
            mine, its = getattr(expected[id], name), getattr(result, name)
            if mine != its:
                yield f"{road}, claim {id}: {name} is {its}, by itself {mine}"
        for side in Side:
            parties = [party for path in result.lines[side] for party in path]
            if len(result.lines[side]) != len(expected[id].lines[side]) or len(parties) != len(set(parties)):
                yield f"{road}, claim {id}: {result.lines[side]} are not independent lines {side.value}"


def run(seeds: Sequence[int], out: TextIO) -> bool:
    """Whether the two always agreed."""
    begun = told = time.monotonic()
    wrong = done = 0
    with suppress(KeyboardInterrupt):
        for seed in seeds:
            differences = compare(draw_record(seed))
            done, wrong = done + 1, wrong + bool(differences)
            out.writelines(f"seed {seed}: {difference}\n" for difference in differences[:3])
            if time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                out.write(f"{done:,} records, {wrong:,} of them wrong\n")
                out.flush()
    out.write(f"{done:,} records in {time.monotonic() - begun:.0f} s, {wrong:,} of them wrong\n")
    return not wrong


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.domain.campaign",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--records", type=int, default=1_000, help="how many (1,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the first one (1)")
    given = parser.parse_args()
    sys.exit(0 if run(range(given.seed, given.seed + given.records), sys.stdout) else 1)


if __name__ == "__main__":
    main()
