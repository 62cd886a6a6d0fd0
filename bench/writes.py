"""What writing costs, and where the time goes: imports, the rule, claims recorded over HTTP.

uv run python -m bench.writes             writes bench/RESULTS-writes.md; some minutes
uv run python -m bench.writes --quick     a smoke with small questions; writes nothing

On an embedded PostgreSQL in a folder of its own, with what a write must do to be safe (fsync) on.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from app.database import Database, WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.exchange.importing import import_bundle
from app.permissions import NOBODY, Viewer
from app.postgres import start_cluster
from app.services.corroboration import evaluate
from app.services.outcomes import save
from app.services.records import load_record
from app.services.researchers import ensure_researcher
from app.services.schema import migrate
from app.services.tokens import NewToken, create_token
from app.settings import Settings
from bench.database import SETTINGS
from bench.peers.sayso import SAYSO
from bench.processes import cpu_seconds, parent_of, run_server
from bench.shapes import SHAPES, TYPICAL, Shape, spell_minute, write_bundle

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "RESULTS-writes.md"
REPEATS = 3
DURABLE = {
    name: value
    for name, value in SETTINGS.items()
    if name not in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
} | {"shared_buffers": "256MB"}

MUTATION = """mutation Record($input: RecordClaimInput!) {
  recordClaim(input: $input) {
    __typename
    ... on ClaimPayload { claim { id corroboration { status linesFor linesAgainst } } }
    ... on Error { message }
  }
}"""

QUESTION = "SELECT id FROM question WHERE text = $1"
SOURCES = "SELECT DISTINCT source FROM claim WHERE question = $1 ORDER BY source LIMIT 200"
SPEAKERS = """
SELECT DISTINCT agent FROM attribution JOIN claim ON claim.id = attribution.claim
WHERE claim.question = $1 ORDER BY agent LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class Scope:
    """`large`: claims on the question of each shape. `sizes`: of questions that are written to besides.

    `writes`: claims recorded at each step. `imported`: claims of the large import.
    """

    large: int
    sizes: tuple[int, ...]
    writes: int
    imported: int
    spread: int


FULL = Scope(large=2_000, sizes=(50, 500), writes=96, imported=10_000, spread=500)
QUICK = Scope(large=60, sizes=(5,), writes=4, imported=40, spread=4)


@dataclass(frozen=True, slots=True)
class Import:
    title: str
    claims: int
    seconds: float
    own: float
    postgres: float


@dataclass(frozen=True, slots=True)
class Recomputation:
    """CPU milliseconds of one process: rows read, the rule, what came out compared with the rows."""

    question: str
    claims: int
    read: float
    rule: float
    compared: float


@dataclass(frozen=True, slots=True)
class Costs:
    """Writes a second; latencies, and CPU of the server and of Postgres, in milliseconds a write."""

    rate: float
    p50: float
    p99: float
    server: float
    postgres: float


@dataclass(frozen=True, slots=True)
class Recording:
    """Claims recorded over HTTP on questions of which is known what it takes to recompute them."""

    question: str
    claims: int
    clients: int
    costs: Costs
    parts: Sequence[Recomputation]

    def tell(self) -> str:
        return (
            f"{self.question}, {self.claims:,} claims, {self.clients} at once: {self.costs.rate:.1f} writes/s"
        )

    def row(self) -> str:
        """What is neither the rule nor its rows is HTTP, GraphQL, checks, the driver."""
        costs = self.costs
        rule = statistics.mean(part.rule for part in self.parts)
        rows = statistics.mean(part.read + part.compared for part in self.parts)
        cells = (
            self.question,
            f"{self.claims:,}",
            str(self.clients),
            f"{costs.rate:.1f}",
            f"{costs.p50:.0f}",
            f"{costs.p99:.0f}",
            *(f"{value:.1f}" for value in (costs.server, rule, rows, costs.server - rule - rows)),
            f"{costs.postgres:.1f}",
        )
        return f"| {' | '.join(cells)} |"


@dataclass(frozen=True, slots=True)
class Question:
    key: UUID
    title: str
    claims: int
    shape: Shape


class Ground:
    """A database, opened here as a command would, the process id of its Postgres, and who writes."""

    def __init__(self, dsn: str, database: Database, postgres: int, folder: Path, viewer: Viewer) -> None:
        self.dsn, self.database, self.postgres, self.folder = dsn, database, postgres, folder
        self.viewer = viewer

    async def take_in(self, shape: Shape, claims: int, questions: int = 1) -> Import:
        """Import a bundle of this shape, and what that took."""
        file = write_bundle(self.folder / f"{shape.name}-{claims}-{questions}.yaml", shape, claims, questions)
        begun, own, postgres = time.perf_counter(), time.process_time(), cpu_seconds(self.postgres)
        await import_bundle(self.database, self.viewer, file)
        on = "one question" if questions == 1 else f"{questions:,} questions"
        return Import(
            f"{shape.name}, on {on}",
            claims,
            time.perf_counter() - begun,
            time.process_time() - own,
            cpu_seconds(self.postgres) - postgres,
        )

    async def find_question(self, shape: Shape, claims: int) -> Question:
        connection = await asyncpg.connect(self.dsn)
        try:
            key = await connection.fetchval(QUESTION, f"How many in {shape.name}, {claims}, 0?")
        finally:
            await connection.close()
        return Question(key, shape.name, claims, shape)

    async def make_token(self) -> str:
        made = await self.database.write(
            self.viewer.researcher, lambda session: create_token(session, self.viewer, NewToken("bench"))
        )
        return made.letters

    async def recompute(self, question: Question) -> Recomputation:
        """The best of a few runs: others share the machine."""
        runs = [
            await self.database.write(NOBODY, lambda session: _recompute(session, question.key))
            for _ in range(REPEATS)
        ]
        read, rule, compared = (min(run[step] for run in runs) for step in range(3))
        return Recomputation(question.title, question.claims, read, rule, compared)


async def _recompute(session: WriteSession, question: UUID) -> tuple[float, float, float]:
    marks = [time.process_time()]
    record, targets = await load_record(session, [question])
    marks.append(time.process_time())
    outcomes = evaluate(record, targets)
    marks.append(time.process_time())
    await save(session, outcomes)
    marks.append(time.process_time())
    read, rule, compared = (1000 * (end - start) for start, end in itertools.pairwise(marks))
    return read, rule, compared


class Writer:
    """Claims that are not recorded yet, one after another, on one question."""

    def __init__(self, question: Question, sources: Sequence[UUID], speakers: Sequence[UUID]) -> None:
        self._question = question
        self._sources = [encode_id(NodeType.SOURCE, source) for source in sources]
        self._speakers = [encode_id(NodeType.AGENT, speaker) for speaker in speakers]
        self._draw = random.Random(question.title)
        self._number = question.claims

    def make(self) -> dict[str, Any]:
        self._number += 1
        phrase = self._question.shape.phrase(self._number, self._draw)
        return {
            "source": self._draw.choice(self._sources),
            "question": encode_id(NodeType.QUESTION, self._question.key),
            "statement": f"{phrase} people, {self._number}.",
            "quote": {"exact": f"{phrase} people"},
            "basis": "ATTRIBUTED",
            "hops": [{"agents": [self._draw.choice(self._speakers)]}],
            "quantity": {"text": phrase},
            "asserted": spell_minute(self._number),
        }


async def make_writer(ground: Ground, question: Question) -> Writer:
    connection = await asyncpg.connect(ground.dsn)
    try:
        sources = [row[0] for row in await connection.fetch(SOURCES, question.key)]
        speakers = [row[0] for row in await connection.fetch(SPEAKERS, question.key)]
    finally:
        await connection.close()
    return Writer(question, sources, speakers)


class Server:
    """A Sayso that serves, by its process id and port, and the process id of its Postgres."""

    def __init__(self, process: int, port: int, postgres: int, token: str) -> None:
        self._process, self._postgres = process, postgres
        self._client: dict[str, Any] = {
            "base_url": f"http://127.0.0.1:{port}",
            "headers": {"Authorization": f"Bearer {token}"},
            "timeout": 120,
        }

    async def record(self, writers: Sequence[Writer], clients: int, writes: int) -> Costs:
        """Record so many claims, of each writer in turn, by so many clients at once."""
        times: list[float] = []
        waiting = [writers[number % len(writers)].make() for number in range(writes)]

        async def run(client: httpx.AsyncClient) -> None:
            while waiting:
                body = {"query": MUTATION, "variables": {"input": waiting.pop()}}
                begun = time.perf_counter()
                answer = (await client.post("/graphql", json=body)).json()
                times.append(1000 * (time.perf_counter() - begun))
                assert answer["data"]["recordClaim"]["__typename"] == "ClaimPayload", answer

        async with httpx.AsyncClient(**self._client) as client:
            begun, server, postgres = time.perf_counter(), *self._spent()
            await asyncio.gather(*(run(client) for _ in range(clients)))
            seconds = time.perf_counter() - begun
            server_after, postgres_after = self._spent()
        return Costs(
            writes / seconds,
            statistics.median(times),
            max(times) if writes < 2 else statistics.quantiles(times, n=100, method="inclusive")[98],
            1000 * (server_after - server) / writes,
            1000 * (postgres_after - postgres) / writes,
        )

    def _spent(self) -> tuple[float, float]:
        return cpu_seconds(self._process), cpu_seconds(self._postgres)


async def measure(ground: Ground, scope: Scope, report: Callable[[str], None]) -> list[str]:
    """The lines of the page of results."""
    imports = []
    questions = []
    for shape in SHAPES:
        imports.append(await ground.take_in(shape, scope.large))
        questions.append(await ground.find_question(shape, scope.large))
        report(f"imported {imports[-1].title}: {imports[-1].seconds:.1f} s")
    for size in scope.sizes:
        await ground.take_in(TYPICAL, size)
        questions.append(await ground.find_question(TYPICAL, size))
    for spread in (1, scope.spread):
        imports.append(await ground.take_in(TYPICAL, scope.imported, spread))
        report(f"imported {imports[-1].title}: {imports[-1].seconds:.1f} s")
    recomputations = [await ground.recompute(question) for question in questions]
    writers = [await make_writer(ground, question) for question in questions]
    token = await ground.make_token()
    recordings = []
    with run_server(SAYSO.command(ground.dsn), {}, ground.folder / "server.log") as (process, port):
        server = Server(process, port, ground.postgres, token)
        await server.record(writers, 1, len(writers))  # statements are prepared, code is warm
        for clients in (1, 16):
            for again, writer in zip(recomputations, writers, strict=True):
                costs = await server.record([writer], clients, scope.writes)
                recordings.append(Recording(again.question, again.claims, clients, costs, [again]))
                report(recordings[-1].tell())
            costs = await server.record(writers, clients, scope.writes)
            claims = sum(again.claims for again in recomputations)
            recordings.append(Recording("all of these in turn", claims, clients, costs, recomputations))
            report(recordings[-1].tell())
    return list(spell(imports, recomputations, recordings))


def spell(
    imports: Sequence[Import], recomputations: Sequence[Recomputation], recordings: Sequence[Recording]
) -> Iterator[str]:
    yield "# Results of writes"
    yield ""
    yield "Written by `python -m bench.writes`; README.md says what is measured and how."
    yield ""
    yield f"- Command: `{' '.join(['python -m bench.writes', *sys.argv[1:]])}`"
    yield f"- {os.cpu_count()} cores; load of the last minute at the end: {os.getloadavg()[0]:.1f}"
    yield "- CPU is that of processes. Times on the clock depend on who else works."
    yield ""
    yield "## Claims recorded over HTTP, one mutation each"
    yield ""
    yield "CPU in ms a write: of the server, in all and in its parts, and of Postgres."
    yield ""
    head = "question | claims on it | clients | writes/s | p50 ms | p99 ms"
    yield f"| {head} | server | the rule | its rows | GraphQL, HTTP, checks | Postgres |"
    yield "|---" * 11 + "|"
    yield from (recording.row() for recording in recordings)
    yield ""
    yield "## A question recomputed, CPU ms of the one process"
    yield ""
    yield "| question | claims | rows read | the rule | compared and saved |"
    yield "|---|---|---|---|---|"
    for c in recomputations:
        yield f"| {c.question} | {c.claims:,} | {c.read:.1f} | {c.rule:.1f} | {c.compared:.1f} |"
    yield ""
    yield "## Imports"
    yield ""
    yield "| bundle | claims | seconds | CPU s of the import | Postgres CPU s | CPU ms a claim, both |"
    yield "|---|---|---|---|---|---|"
    for i in imports:
        both = 1000 * (i.own + i.postgres) / i.claims
        yield f"| {i.title} | {i.claims:,} | {i.seconds:.1f} | {i.own:.1f} | {i.postgres:.1f} | {both:.1f} |"


def run(scope: Scope, report: Callable[[str], None]) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="sayso-writes-") as parent:
        folder = Path(parent)
        folder.chmod(0o755)  # whoever runs Postgres must come through
        with start_cluster(folder / "data", settings=DURABLE) as cluster:
            return asyncio.run(_run(cluster.dsn("postgres"), cluster.dsn("writes"), folder, scope, report))


async def _run(
    maintenance: str, dsn: str, folder: Path, scope: Scope, report: Callable[[str], None]
) -> list[str]:
    connection = await asyncpg.connect(maintenance)
    await connection.execute("CREATE DATABASE writes")
    postgres = parent_of(await connection.fetchval("SELECT pg_backend_pid()"))
    await connection.close()
    await migrate(dsn)
    database = await Database.open(dsn, Settings())
    try:
        viewer = await database.write(NOBODY, lambda session: ensure_researcher(session, "bench", Role.ADMIN))
        return await measure(Ground(dsn, database, postgres, folder, viewer), scope, report)
    finally:
        await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.writes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="small questions; writes nothing")
    parser.add_argument("--claims", type=int, help="on the large question of each shape (2,000)")
    parser.add_argument("--writes", type=int, help="claims recorded at each step (96)")
    parser.add_argument("--imported", type=int, help="claims of the large import (10,000)")
    parser.add_argument("--results", type=Path, help="where to write instead of bench/RESULTS-writes.md")
    given = parser.parse_args()
    scope = QUICK if given.quick else FULL
    scope = replace(
        scope,
        large=given.claims or scope.large,
        writes=given.writes or scope.writes,
        imported=given.imported or scope.imported,
    )
    lines = run(scope, lambda line: print(line, flush=True))
    print("", *lines, sep="\n")
    if given.results or not given.quick:
        (given.results or RESULTS).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
