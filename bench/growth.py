"""What ten times the claims cost: the queries on two databases in turn, on one connection each.

    python -m bench.growth                                     loads 1,000,000 and 10,000,000 claims first
    python -m bench.growth --small postgresql://…/one --large postgresql://…/ten       filled before

Each query runs with different variables each time. What is told of it is the middle (p50) and the 99th
percentile (p99) of all runs, of each measure by itself. The clock is what a client on the same machine waits
for the statement alone. CPU is what the backend took meanwhile, which a busy machine changes little; that of
parallel workers, as totalCount of everything has them, is not in it. "Again" is CPU when the same is asked a
second time at once: its pages are in Postgres's own memory (shared_buffers) then. Where a set is larger than
that memory, pages come from the system's cache, which takes some 10 µs of CPU each, or from the disk. So the
clock at p99 tells the disk, CPU how much of the set is in memory, and CPU again and pages tell the work.
Pages are those of 8 KB that a statement looks at, of some hundred runs that are explained afterwards, and
among them those not in memory even then. Prints two tables, keeps the plans in bench/plans, and writes
bench/GROWTH.md. It takes a quarter of an hour at most on filled databases. Exit status: 1 if a plan reads all
of a table or has a sort that grows with it (bench/plans.py).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from rich.progress import Progress

from app.domain.identifiers import NodeType, encode_id
from bench.database import Ground, open_grounds
from bench.load import WORDS, Kind, World, key
from bench.peers.pgbench import Compiled, compile_query, compile_text
from bench.plans import SETTINGS, Explained, explain_all, keep
from bench.processes import own_cpu_seconds
from bench.questions import ALL, cursor_of, draw_variables, question_id

FOLDER = Path(__file__).parent
AT_ONCE = 20  # requests of one database before the other has its turn
# Seconds after which a query, and a turn of it, has had its share: a count of everything takes one of these.
LONGEST = 20.0
LONGEST_TURN = 1.0
EXPLAINED, LONGEST_EXPLAINED = 400, 10.0  # runs that are asked how many pages they looked at, and seconds
MAX_GROWTH = 1.3  # what the larger database may cost, as a ratio
# Lists that are counted, and pages at the two ends of a list.
COUNTS = {
    "totalCount of all claims": "{ claims { totalCount } }",
    "totalCount of a question's claims": (
        "query Q($question: [ID!]!) { claims(filter: { question: $question }) { totalCount } }"
    ),
}
# Words that stand in every sixth claim and title, and words that are nearly one of these.
SEARCHES = ("two common words", "a misspelled word")
PAGES = {"first pages": (0.0, 0.01), "deep pages": (0.95, 0.99)}
PERCENTILES = {"In the middle (p50)": 0.5, "At the 99th percentile": 0.99}
NAMED = 50  # agents whose claims are paged through: those that are named most
OF_AN_AGENT = """query Q($agent: [ID!]!, $after: String) {
  claims(filter: { agent: $agent }, first: 20, after: $after) {
    edges { node { id statement } } pageInfo { hasNextPage endCursor }
  }
}"""


@dataclass
class Times:
    """Seconds that a client waited and the backend computed, pages it looked at, and those it had to read.

    `again`: seconds that the backend computed when the same was asked a second time at once.
    """

    waited: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    read: list[int] = field(default_factory=list)


def percentile(values: Sequence[float], share: float) -> float:
    """
    >>> [percentile([3.0, 1.0, 2.0, 4.0], share) for share in (0, 0.5, 0.99)]
    [1.0, 3.0, 4.0]
    """
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement as each of the two databases is asked it."""

    title: str
    small: Compiled
    large: Compiled


@dataclass(frozen=True, slots=True)
class Growth:
    """What was found: for each title the times on the small database and on the large one."""

    times: Mapping[str, tuple[Times, Times]]
    plans: tuple[list[Explained], list[Explained]]


def asked(small: World, large: World, names: Sequence[str], bodies: int) -> Iterator[Asked]:
    """The queries, with so many different variables of each world."""
    for name in names:
        yield Asked(name, *(compile_query(name, draw_variables(name, w, bodies), 0) for w in (small, large)))
    for title, text in COUNTS.items():
        yield Asked(
            title, *(compile_text(text, _count_variables(text, w, bodies), 0) for w in (small, large))
        )
    for title in SEARCHES:
        texts = _search_variables(title, bodies)
        yield Asked(f"Q6, {title}", *(compile_query("Q6", texts, 0) for _ in (small, large)))
    for title, bounds in PAGES.items():
        yield Asked(
            f"Q3, {title}", *(compile_query("Q3", _pages(w, *bounds, bodies), 0) for w in (small, large))
        )
        yield Asked(
            f"an agent's claims, {title}",
            *(compile_text(OF_AN_AGENT, _agents_pages(w, *bounds, bodies), 0) for w in (small, large)),
        )


def _count_variables(text: str, world: World, bodies: int) -> list[dict[str, Any]]:
    if "$question" not in text:
        return [{}]
    draw = random.Random(text)
    return [{"question": [question_id(world, draw)]} for _ in range(bodies)]


def _search_variables(title: str, bodies: int) -> list[dict[str, Any]]:
    draw = random.Random(title)
    if title == "two common words":
        return [{"text": " ".join(draw.sample(WORDS, 2))} for _ in range(bodies)]
    long = [word for word in WORDS if len(word) > 6]
    places = ((draw.choice(long), draw.randrange(2, 5)) for _ in range(bodies))
    return [{"text": word[:place] + word[place + 1 :]} for word, place in places]


def _pages(world: World, start: float, end: float, bodies: int) -> list[dict[str, Any]]:
    """Cursors evenly over a stretch of the list of all claims."""
    first, last = int(world.claims * start), int(world.claims * end)
    step = max(1, (last - first) // bodies)
    return [{"after": cursor_of(key(Kind.CLAIM, n))} for n in range(first, max(last, first + 1), step)]


def _agents_pages(world: World, start: float, end: float, bodies: int) -> list[dict[str, Any]]:
    """The same, each of the claims of some agent that is named often."""
    named = [encode_id(NodeType.AGENT, key(Kind.AGENT, n)) for n in range(min(NAMED, world.agents))]
    pages = _pages(world, start, end, bodies)
    return [page | {"agent": [named[n % len(named)]]} for n, page in enumerate(pages)]


async def measure(small: Ground, large: Ground, names: Sequence[str], rounds: int) -> Growth:
    """Every query on both databases, whose turns alternate, so that both meet the same machine."""
    times = {}
    everything = list(asked(small.world, large.world, names, rounds * AT_ONCE))
    with Progress(transient=True) as progress:
        task = progress.add_task("", total=len(everything))
        for each in everything:
            progress.update(task, description=each.title)
            times[each.title] = await _measure(small.dsn, large.dsn, each, rounds)
            progress.advance(task)
    plans = [await explain_all(ground.dsn, ground.world, names) for ground in (small, large)]
    return Growth(times, (plans[0], plans[1]))


async def _measure(small: str, large: str, question: Asked, rounds: int) -> tuple[Times, Times]:
    sides = [
        (await asyncpg.connect(dsn, server_settings=SETTINGS), compiled, Times())
        for dsn, compiled in ((small, question.small), (large, question.large))
    ]
    try:
        prepared = [await connection.prepare(compiled.statement.sql) for connection, compiled, _ in sides]
        begun = time.perf_counter()
        for turn in range(-1, rounds):  # the first warms caches and plans, and does not count
            if turn > 0 and time.perf_counter() - begun > LONGEST:
                break
            for (connection, compiled, times), statement in zip(sides, prepared, strict=True):
                backend = connection.get_server_pid()
                begun_turn = time.perf_counter()
                for n in range(AT_ONCE):
                    values = compiled.values[(max(turn, 0) * AT_ONCE + n) % len(compiled.values)]
                    computed, started = own_cpu_seconds(backend), time.perf_counter()
                    await statement.fetchval(*values)
                    ended = time.perf_counter()
                    first = own_cpu_seconds(backend)
                    await statement.fetchval(*values)
                    if turn >= 0:
                        times.waited.append(ended - started)
                        times.computed.append(first - computed)
                        times.again.append(own_cpu_seconds(backend) - first)
                    if ended - begun_turn > LONGEST_TURN:
                        break
        for connection, compiled, times in sides:
            times.pages, times.read = await _count_pages(connection, compiled)
    finally:
        for connection, _, _ in sides:
            await connection.close()
    return sides[0][2], sides[1][2]


def _table(worlds: tuple[int, int], growth: Growth, share: float) -> Iterator[str]:
    heads = []
    for what in ("clock", "CPU", "CPU again", "pages"):
        heads += [*(f"{what} at {claims:,}" for claims in worlds), "ratio"]
    heads += [f"not in memory at {claims:,}" for claims in worlds]
    yield f"| | {' | '.join(heads)} | |"
    yield "|" + "---|" * (len(heads) + 2)
    for title, (few, many) in growth.times.items():
        waited = _compare(few.waited, many.waited, share, 1000, ".2f")
        computed = _compare(few.computed, many.computed, share, 1000, ".2f")
        again = _compare(few.again, many.again, share, 1000, ".2f")
        pages = _compare(few.pages, many.pages, share, 1, ",.0f")
        read = " | ".join(f"{percentile(each.read, share):,.0f}" for each in (few, many))
        figures = " | ".join((waited, computed, again, pages, read))
        yield f"| {title} | {figures} | {_judge(few, many, share)} |"


def _compare(few: Sequence[float], many: Sequence[float], share: float, times: int, form: str) -> str:
    """What stands at this share of the one and of the other, and the ratio."""
    one, other = percentile(few, share), percentile(many, share)
    return f"{one * times:{form}} | {other * times:{form}} | {other / one:.2f}"


def _judge(few: Times, many: Times, share: float) -> str:
    """Whether a query has grown, and if so whether it does more, fetches more, or has but waited longer."""
    grown = [
        percentile(other, share) > MAX_GROWTH * percentile(one, share)
        for one, other in (
            (few.again, many.again),
            (few.computed, many.computed),
            (few.waited, many.waited),
        )
    ]
    told = ("", " where pages are fetched", " by the clock alone")
    return next((f"over {MAX_GROWTH}{why}" for over, why in zip(grown, told, strict=True) if over), "")


async def _count_pages(connection: asyncpg.Connection, compiled: Compiled) -> tuple[list[int], list[int]]:
    """The pages that runs looked at, and those of them that were not in Postgres's memory."""
    counted: list[int] = []
    read: list[int] = []
    begun = time.perf_counter()
    for values in compiled.values[:EXPLAINED]:
        plan = await connection.fetchval(
            f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {compiled.statement.sql}", *values
        )
        root = json.loads(plan)[0]["Plan"]
        counted.append(root["Shared Hit Blocks"] + root["Shared Read Blocks"])
        read.append(root["Shared Read Blocks"])
        if time.perf_counter() - begun > LONGEST_EXPLAINED:
            break
    return counted, read


def lines(small: Ground, large: Ground, growth: Growth, command: str) -> Iterator[str]:
    """GROWTH.md."""
    worlds = (small.world.claims, large.world.claims)
    yield "# Growth"
    yield ""
    yield "Written by `python -m bench.growth`, which says what is measured. Milliseconds, and pages of 8 KB."
    yield ""
    yield f"- Command: `{command}`"
    sizes = f"{worlds[0]:,} claims are {small.size}, {worlds[1]:,} are {large.size}"
    yield f"- PostgreSQL {large.version}; {sizes}"
    for title, share in PERCENTILES.items():
        yield ""
        yield f"## {title}"
        yield ""
        yield from _table(worlds, growth, share)
    yield ""
    for of in ("Q3", "an agent's claims"):
        first, deep = (growth.times[f"{of}, {title}"] for title in PAGES)
        sides = zip(first, deep, strict=True)
        ratios = [percentile(d.again, 0.5) / percentile(f.again, 0.5) for f, d in sides]
        at = f"{ratios[0]:.2f} of a first one at {worlds[0]:,} claims, {ratios[1]:.2f} at {worlds[1]:,}"
        yield f"A deep page of {of} takes {at} (CPU again)."
    yield ""
    faults = [
        f"- {each.name} at {claims:,} claims {', '.join(each.faults)}."
        for claims, plans in zip(worlds, growth.plans, strict=True)
        for each in plans
        if each.faults
    ]
    yield (
        "What plans do that grows with the table:"
        if faults
        else "No plan reads all of a table or sorts much."
    )
    yield from ["", *faults] if faults else []


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.growth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--small", help="a database that bench.load has filled, instead of an embedded one")
    add("--large", help="a larger one")
    add("--claims", type=int, nargs=2, default=(1_000_000, 10_000_000), help="the sizes of the two")
    add("--data-dir", type=Path, default=FOLDER / ".data", help="where loaded databases are kept")
    add(
        "--rounds",
        type=int,
        default=100,
        help=f"of {AT_ONCE} requests on each database, in {LONGEST:g} s at most",
    )
    add("--queries", default=",".join(ALL), help="some of Q1,…,Q7")
    add("--results", type=Path, default=FOLDER / "GROWTH.md", help="where the table is written")
    add(
        "--plans",
        type=Path,
        default=FOLDER / "plans",
        help="where the plans are kept, a folder for each size",
    )
    given = parser.parse_args()
    wanted = list(zip(given.claims, (given.small, given.large), strict=True))
    with open_grounds(given.data_dir, wanted) as (small, large):
        growth = asyncio.run(measure(small, large, given.queries.split(","), given.rounds))
    found = list(lines(small, large, growth, " ".join(["python -m bench.growth", *sys.argv[1:]])))
    print("", *found, sep="\n")
    given.results.write_text("\n".join(found) + "\n", encoding="utf-8")
    for claims, plans in zip(given.claims, growth.plans, strict=True):
        keep(plans, given.plans / str(claims))
    sys.exit(1 if any(each.faults for plans in growth.plans for each in plans) else 0)


if __name__ == "__main__":
    main()
