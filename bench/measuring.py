"""Everybody in turn, in short slices, A B C A B C …: a machine that changes its speed does so for all."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.generator import Load, generate
from bench.peers import Peer, pgbench
from bench.processes import cpu_seconds

ANSWERS_EACH = 2  # a connection's in one turn, at least
LONGEST_TURN = 20.0


class ServedErrors(RuntimeError):
    """A measured server refused requests, or answered something else than before."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Who takes a turn. `run` keeps so many connections busy for so many seconds, from a place in the bodies.

    `process_id` is the server's, None for pgbench. `beyond`: who takes part with more connections than this.
    """

    name: str
    title: str
    queries: tuple[str, ...]
    run: Callable[[str, int, float, int], Load]
    process_id: int | None
    beyond: int = 0

    @property
    def has_tail(self) -> bool:
        """Whether its high percentiles say something: pgbench's latencies are means of ten statements."""
        return self.process_id is not None


@dataclass(slots=True)
class Figures:
    """What one contender did on one query at one number of connections, all slices together."""

    load: Load = field(default_factory=Load)
    server_seconds: float = 0
    postgres_seconds: float = 0

    def server_cost(self) -> float:
        """CPU microseconds of the server a request."""
        return self.server_seconds * 1e6 / max(1, self.load.requests)

    def postgres_cost(self) -> float:
        """CPU microseconds of all of Postgres a request."""
        return self.postgres_seconds * 1e6 / max(1, self.load.requests)


@dataclass(frozen=True, slots=True)
class Plan:
    """How it is measured."""

    queries: tuple[str, ...]
    connections: tuple[int, ...]
    rounds: int
    seconds: float
    warm_up: float


# (query, connections, name of the contender) → figures
Results = Mapping[tuple[str, int, str], Figures]


def make_contender(
    peer: Peer,
    process_id: int,
    port: int,
    bodies: Mapping[str, Path],
    generator: str,
    token: str | None = None,
) -> Contender:
    def run(name: str, connections: int, seconds: float, offset: int) -> Load:
        load = generate(generator, port, connections, seconds, bodies[name], offset, token)
        if load.errors:
            raise ServedErrors(f"{peer.title}, {name}: {load.errors} errors in {load.requests} requests")
        return load

    return Contender(peer.name, peer.title, peer.queries, run, process_id)


def make_pgbenches(dsn: str, scripts: Mapping[str, Path]) -> list[Contender]:
    """With few clients, and, where there are more connections, with a client for each."""

    def run_few(name: str, connections: int, seconds: float, _offset: int) -> Load:
        return pgbench.run(dsn, scripts[name], min(connections, pgbench.MAX_CLIENTS), seconds)

    def run_each(name: str, connections: int, seconds: float, _offset: int) -> Load:
        return pgbench.run(dsn, scripts[name], connections, seconds)

    return [
        Contender("pgbench", pgbench.TITLE, tuple(scripts), run_few, None),
        Contender(
            "pgbench-each", pgbench.TITLE_EACH, tuple(scripts), run_each, None, beyond=pgbench.MAX_CLIENTS
        ),
    ]


def measure(
    contenders: Sequence[Contender], plan: Plan, postgres: int, report: Callable[[str], None]
) -> Results:
    """`postgres`: the process id of the server that all of them ask. `report` gets a line now and then."""
    results: dict[tuple[str, int, str], Figures] = {}
    offsets = itertools.count(0, 97)
    for name in plan.queries:
        for connections in plan.connections:
            taking_part = [each for each in contenders if name in each.queries and connections > each.beyond]
            lengths = {}
            for contender in taking_part:
                results[name, connections, contender.name] = Figures()
                lengths[contender.name] = _warm_up(contender, plan, name, connections, next(offsets))
            for _ in range(plan.rounds):
                offset = next(offsets)
                for contender in taking_part:
                    figures, seconds = results[name, connections, contender.name], lengths[contender.name]
                    _take_turn(contender, figures, name, connections, seconds, offset, postgres)
            rates = {each.name: results[name, connections, each.name].load.rate() for each in taking_part}
            told = ", ".join(f"{each} {rate:,.0f}" for each, rate in rates.items())
            report(f"{name} at {connections}: {told} requests/s")
    return results


def _warm_up(contender: Contender, plan: Plan, name: str, connections: int, offset: int) -> float:
    """How long its turns are: longer where an answer takes so long that few would come in time."""
    if contender.process_id is None or not plan.warm_up:
        return plan.seconds
    seconds, requests = plan.warm_up, 0
    while not requests:
        load = contender.run(name, connections, seconds, offset)
        requests = load.requests
        if not requests and seconds > LONGEST_TURN:
            raise ServedErrors(f"{contender.title}, {name}: no answer in {seconds:g} s")
        seconds *= 2
    return min(max(plan.seconds, ANSWERS_EACH * connections / load.rate()), LONGEST_TURN)


def _take_turn(
    contender: Contender,
    figures: Figures,
    name: str,
    connections: int,
    seconds: float,
    offset: int,
    postgres: int,
) -> None:
    server_before = cpu_seconds(contender.process_id) if contender.process_id else 0
    postgres_before = cpu_seconds(postgres)
    figures.load.add(contender.run(name, connections, seconds, offset))
    figures.postgres_seconds += cpu_seconds(postgres) - postgres_before
    if contender.process_id:
        figures.server_seconds += cpu_seconds(contender.process_id) - server_before
