"""The whole comparison: the database, everybody started, the same JSON from all, everybody measured in turn.

uv run python -m bench            writes bench/RESULTS.md; about 25 minutes, the first run loads first
uv run python -m bench --quick    a smoke of a minute, of what needs no node; writes nothing
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from bench import questions
from bench.checking import AnswersDiffer
from bench.comparison import Scope, run_comparison
from bench.measuring import Plan, ServedErrors
from bench.peers import PEERS
from bench.processes import NotStarted, await_idle

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "RESULTS.md"
IDLE_LOAD = 0.5

FULL = Scope(
    claims=1_000_000,
    peers=PEERS,
    bodies=2_000,
    checked=20,
    plan=Plan(questions.ALL, (1, 16, 64), rounds=4, seconds=3, warm_up=2),
)
QUICK = Scope(
    claims=20_000,
    peers=tuple(peer for peer in PEERS if peer.package is None),
    bodies=300,
    checked=20,
    plan=Plan(questions.COMPARED, (1, 16), rounds=1, seconds=0.5, warm_up=0),
    generator="python",  # it waits for the last answers, so that a short turn has some
)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="20,000 claims, 1 and 16 connections, Python peers and pgbench")
    add("--data-dir", type=Path, default=FOLDER / ".data", help="where the loaded database is kept")
    add("--dsn", help="a database that bench.load has filled, instead of an embedded one")
    add("--claims", type=int, help="how many claims the world has (1,000,000)")
    add("--queries", help="Q1,Q2,… instead of all")
    add("--connections", help="1,16,64 instead of these")
    add("--peers", help=f"some of {','.join(peer.name for peer in PEERS)}; pgbench always takes part")
    add("--rounds", type=int, help="how often each has its turn")
    add("--seconds", type=float, help="how long a turn is")
    add("--results", type=Path, help="where to write instead of bench/RESULTS.md")
    add("--wait", type=float, default=0, help="wait so many seconds at most for an idle machine")
    return parser.parse_args(arguments)


def read_scope(given: argparse.Namespace) -> Scope:
    scope = QUICK if given.quick else FULL
    plan = scope.plan
    if given.queries:
        plan = replace(plan, queries=tuple(given.queries.split(",")))
    if given.connections:
        plan = replace(plan, connections=tuple(int(number) for number in given.connections.split(",")))
    plan = replace(plan, rounds=given.rounds or plan.rounds, seconds=given.seconds or plan.seconds)
    if given.peers:
        wanted = {"sayso", *given.peers.split(",")}
        scope = replace(scope, peers=tuple(peer for peer in PEERS if peer.name in wanted))
    return replace(scope, claims=given.claims or scope.claims, plan=plan)


def main() -> None:
    given = parse()
    if given.wait:
        print(f"Load {await_idle(IDLE_LOAD, given.wait):.1f}")
    command = " ".join(["python -m bench", *sys.argv[1:]])
    try:
        outcome = run_comparison(
            read_scope(given), given.data_dir, given.dsn, command, lambda line: print(line, flush=True)
        )
    except (AnswersDiffer, ServedErrors, NotStarted) as problem:
        sys.exit(f"{type(problem).__name__}: {problem}")
    print("", *outcome.lines, sep="\n")
    if given.results or not given.quick:
        (given.results or RESULTS).write_text("\n".join(outcome.lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
