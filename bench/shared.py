"""What Postgres takes for a request of a statement that 32 requests share: CPU time of its backend, by /proc.

    python -m bench.shared --dsn postgresql://… --dsn postgresql://… --outside Q1 Q2

Several databases, and researchers and outsiders (--outside), are asked in turn, the same in each round: a
round is short against the swings of a busy machine. Of the rounds it prints the medians, and the median of
the ratios to the first one. The server must run on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from statistics import median

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from app.database.database import OUTSIDE
from app.database.sharing import MAX_SHARED
from bench.load import World
from bench.peers.pgbench import compile_query
from bench.plans import SETTINGS
from bench.questions import COMPARED, draw_variables

# Other requests than the last ones: what is read is not in the processor's caches.
DIFFERENT = 64
RUNS_A_ROUND = 8


@dataclass(slots=True)
class Side:
    """One of those that are compared, on a connection of its own."""

    name: str
    connection: asyncpg.Connection
    microseconds: list[float] = field(default_factory=list)  # a request, of each round


def cpu_microseconds(pid: int) -> float:
    """On a processor since it began; finer than the ticks of /proc/PID/stat."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1000


async def measure(name: str, sides: Sequence[Side], world: World, rounds: int) -> None:
    """Every side answers the same shared runs of a query, round by round."""
    compiled = compile_query(name, draw_variables(name, world, DIFFERENT * MAX_SHARED), world.researcher)
    shared = compiled.statement.shared
    if shared is None:
        raise SystemExit(f"{name} is not shared: it is planned for its own words.")
    values = compiled.values
    runs = [shared.gather(values[n : n + MAX_SHARED]) for n in range(0, len(values), MAX_SHARED)]
    prepared = [await side.connection.prepare(shared.sql) for side in sides]
    for statement in prepared:
        await run(statement, runs)
    for _ in range(rounds):
        chosen = random.choices(runs, k=RUNS_A_ROUND)
        turns = list(zip(sides, prepared, strict=True))
        random.shuffle(turns)
        for side, statement in turns:
            pid = side.connection.get_server_pid()
            before = cpu_microseconds(pid)
            await run(statement, chosen)
            side.microseconds.append((cpu_microseconds(pid) - before) / (RUNS_A_ROUND * MAX_SHARED))


async def run(statement: PreparedStatement, runs: Sequence[list[list[object]]]) -> None:
    for parameters in runs:
        await statement.fetch(*parameters)


async def compare(
    dsns: Sequence[str], names: Sequence[str], world: World, rounds: int, *, outside: bool = False
) -> AsyncIterator[str]:
    """Lines of a table: each query on each side."""
    asked = [(" researcher", {}), (" outsider", OUTSIDE)] if outside else [("", {})]
    sides = [
        Side(f"{place}{who}", await asyncpg.connect(dsn, server_settings=SETTINGS | role))
        for (place, dsn), (who, role) in product(enumerate(dsns, 1), asked)
    ]
    try:
        yield "| | database | µs of Postgres a request | ratio |"
        yield "|---|---|---|---|"
        for name in names:
            for side in sides:
                side.microseconds.clear()
            await measure(name, sides, world, rounds)
            first = sides[0].microseconds
            for side in sides:
                ratio = median(own / of for own, of in zip(side.microseconds, first, strict=True))
                yield f"| {name} | {side.name} | {median(side.microseconds):.1f} | {ratio:.2f} |"
    finally:
        for side in sides:
            await side.connection.close()


async def print_lines(lines: AsyncIterator[str]) -> None:
    async for line in lines:
        print(line, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.shared",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--dsn", required=True, action="append", help="filled by bench.load; repeat it")
    parser.add_argument("--claims", type=int, default=1_000_000, help="the size they were filled with")
    parser.add_argument("--outside", action="store_true", help="ask as outsiders as well")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("names", nargs="*", default=list(COMPARED), help="Q1 … Q5, Q7")
    given = parser.parse_args()
    world = World(given.claims, 1)
    asyncio.run(print_lines(compare(given.dsn, given.names, world, given.rounds, outside=given.outside)))


if __name__ == "__main__":
    main()
