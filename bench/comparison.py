"""One comparison from its beginning to its end: start, check, measure, report."""

from __future__ import annotations

import asyncio
import os
import platform
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import asyncpg

from bench import questions, report
from bench.checking import compare, fetch_answers
from bench.database import Ground, open_ground
from bench.generator import find_generator
from bench.measuring import Contender, Plan, Results, make_contender, make_pgbenches, measure
from bench.peers import SAYSO, Peer, pgbench
from bench.peers.peer import prepare
from bench.processes import peak_memory, private_memory, run_server
from bench.report import Memory

Drawn = Mapping[str, Sequence[Mapping[str, Any]]]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Scope:
    """Who takes part, and on what. `bodies`: how many different requests of each query; `checked`: of how
    many of them the answers are compared first."""

    claims: int
    peers: tuple[Peer, ...]
    bodies: int
    checked: int
    plan: Plan
    generator: str = field(default_factory=find_generator)


@dataclass(frozen=True, slots=True)
class Server:
    """A peer that runs."""

    peer: Peer
    process_id: int
    port: int
    token: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`lines` are those of RESULTS.md."""

    compared: Mapping[str, int]
    contenders: Sequence[Contender]
    results: Results
    lines: Sequence[str]


def run_comparison(scope: Scope, data_dir: Path, dsn: str | None, command: str, say: Say) -> Outcome:
    """Raises AnswersDiffer, before anything is measured, where a peer answers otherwise than Sayso."""
    with ExitStack() as stack:
        ground = stack.enter_context(open_ground(data_dir, scope.claims, dsn))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sayso-bench-")))
        servers = stack.enter_context(start_servers(scope.peers, ground.dsn, folder, say))
        drawn = {
            name: questions.draw_variables(name, ground.world, scope.bodies) for name in scope.plan.queries
        }
        compiled = {
            name: pgbench.compile_query(name, given, ground.world.researcher) for name, given in drawn.items()
        }
        compared = check_answers(scope, servers, drawn, ground, compiled)
        facts = [f"Command: `{command}`", *describe(ground, servers), describe_scope(scope)]
        facts.append(describe_check(compared))
        if dsn is not None:
            facts.append("On a server that was there: what else it did is in Postgres's CPU time")
        for fact in facts:
            say(fact)
        contenders = make_contenders(scope, servers, drawn, ground, compiled, folder)
        results = measure(contenders, scope.plan, ground.process_id, say)
        memory = asyncio.run(look_at_memory(ground.dsn, servers))
        facts.append(f"Load of the minute at the end: {os.getloadavg()[0]:.1f}")
        lines = list(report.lines(facts, contenders, scope.plan, results, memory))
        return Outcome(compared, contenders, results, lines)


@contextmanager
def start_servers(peers: Sequence[Peer], dsn: str, folder: Path, say: Say) -> Iterator[list[Server]]:
    """Every peer that can run here."""
    with ExitStack() as stack:
        servers = []
        for peer in peers:
            problem = prepare(peer)
            if problem is not None:
                say(f"LEFT OUT: {peer.title}: {problem}.")
                continue
            process_id, port = stack.enter_context(
                run_server(peer.command(dsn), peer.environment, folder / f"{peer.name}.log")
            )
            token = peer.make_token(dsn) if peer.make_token else None
            servers.append(Server(peer, process_id, port, token))
        yield servers


def check_answers(
    scope: Scope,
    servers: Sequence[Server],
    drawn: Drawn,
    ground: Ground,
    compiled: Mapping[str, pgbench.Compiled],
) -> dict[str, int]:
    """How many answers of each contender were compared with Sayso's. Raises AnswersDiffer."""
    few = {name: given[: scope.checked] for name, given in drawn.items()}
    answers = {
        title: fetch_answers(server.peer, server.port, few, token)
        for server in servers
        for title, token in ways_to_ask(server)
    }
    ours = answers.pop(SAYSO.title)
    compared = {title: compare(title, ours, theirs) for title, theirs in answers.items()}
    statements = {
        name: asyncio.run(pgbench.answer(ground.dsn, each, scope.checked)) for name, each in compiled.items()
    }
    by_pgbench = compare(pgbench.TITLE, ours, statements)
    return {**compared, **dict.fromkeys((pgbench.TITLE, pgbench.TITLE_EACH), by_pgbench)}


def ways_to_ask(server: Server) -> Iterator[tuple[str, str | None]]:
    """By which title, and with which token."""
    yield server.peer.title, server.token
    if server.token is not None:
        yield server.peer.title_without, None


def make_contenders(
    scope: Scope,
    servers: Sequence[Server],
    drawn: Drawn,
    ground: Ground,
    compiled: Mapping[str, pgbench.Compiled],
    folder: Path,
) -> list[Contender]:
    contenders = []
    for server in servers:
        bodies = {}
        for name, several in drawn.items():
            if name in server.peer.queries:
                bodies[name] = folder / f"{server.peer.name}-{name}.jsonl"
                bodies[name].write_bytes(b"\n".join(server.peer.body(name, given) for given in several))
        for title, token in ways_to_ask(server):
            name = server.peer.name if title == server.peer.title else f"{server.peer.name}-without"
            peer = replace(server.peer, name=name, title=title)
            contenders.append(
                make_contender(peer, server.process_id, server.port, bodies, scope.generator, token)
            )
    scripts = {}
    for name, each in compiled.items():
        scripts[name] = folder / f"{name}.pgbench.sql"
        asyncio.run(pgbench.store(ground.dsn, name, each))
        pgbench.write_script(name, each, scripts[name])
    return [*contenders, *make_pgbenches(ground.dsn, scripts)]


async def look_at_memory(dsn: str, servers: Sequence[Server]) -> dict[str, Memory]:
    """Each server's, and that of the backends of its connections, which are known by the name it gives."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("SELECT pid, application_name FROM pg_stat_activity")
    finally:
        await connection.close()
    return {
        server.peer.name: Memory(
            peak_memory(server.process_id),
            private_memory([row["pid"] for row in rows if row["application_name"] == server.peer.name]),
        )
        for server in servers
    }


# --- how it was run -------------------------------------------------------------------------------


def describe(ground: Ground, servers: Sequence[Server]) -> list[str]:
    models = [
        line.partition(":")[2].strip() for line in _read("/proc/cpuinfo") if line.startswith("model name")
    ]
    memory = next(int(line.split()[1]) for line in _read("/proc/meminfo") if line.startswith("MemTotal"))
    versions = [f"PostgreSQL {ground.version} with {ground.memory}", f"Python {platform.python_version()}"]
    if packaged := [server.peer for server in servers if server.peer.package]:
        node = packaged[0].command("")[0]
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
        versions.append(f"node {said.strip().removeprefix('v')}")
    model = models[0] if models else platform.machine()
    return [
        f"{ground.world.claims:,} claims ({ground.size}); {', '.join(versions)}",
        f"{os.cpu_count()} cores ({model}), {memory / 1e6:.0f} GB, shared by servers, Postgres and load"
        f" generator; load of the minute before: {os.getloadavg()[0]:.1f}",
    ]


def _read(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


def describe_scope(scope: Scope) -> str:
    plan = scope.plan
    return (
        f"{plan.rounds} rounds of slices of {plan.seconds:g} s in turn, by {scope.generator}, after"
        f" {plan.warm_up:g} s that do not count; {scope.bodies:,} different requests of each query"
    )


def describe_check(compared: Mapping[str, int]) -> str:
    everybody = ", ".join(f"{title} ({count})" for title, count in compared.items())
    return f"The same JSON as Sayso's in every answer that was compared: {everybody}"
