"""What writing costs, and where the time goes: imports, the rule, claims recorded over HTTP.

uv run python -m bench.writes             writes bench/RESULTS-writes.md; under six minutes
uv run python -m bench.writes --quick     a smoke with small questions; writes nothing

On an embedded PostgreSQL in a folder of its own, with what a write must do to be safe (fsync) on.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import asyncpg
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.database import Database, WriteSession
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
from bench.recording import Costs, Parts, Question, Server, Writer, make_writer, record_here
from bench.shapes import SHAPES, TYPICAL, Shape, write_bundle

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "RESULTS-writes.md"
CLIENTS = (1, 16)
REPEATS = 3
DURABLE = {
    name: value
    for name, value in SETTINGS.items()
    if name not in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
} | {"shared_buffers": "256MB"}
QUESTION = "SELECT id FROM question WHERE text = $1"


@dataclass(frozen=True, slots=True)
class Scope:
    """`large`: claims on the question of each shape. `sizes`: of questions that are written to besides.

    `seconds`: of each step at which claims are recorded. `imported`: claims of the large import, on one
    question; a quarter as many are imported on `spread` questions.
    """

    large: int
    sizes: tuple[int, ...]
    seconds: float
    imported: int
    spread: int


FULL = Scope(large=2_000, sizes=(50, 500), seconds=4, imported=10_000, spread=500)
QUICK = Scope(large=60, sizes=(5,), seconds=0.5, imported=40, spread=4)


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

    question: Question
    read: float
    rule: float
    compared: float


@dataclass(frozen=True, slots=True)
class Recording:
    """Claims recorded over HTTP, and what the same costs where there is neither HTTP nor GraphQL."""

    question: Question
    clients: int
    costs: Costs
    parts: Parts

    def tell(self) -> str:
        return f"{self.question.tell()}, {self.clients} at once: {self.costs.rate:.1f} writes/s"

    def row(self) -> str:
        costs, parts = self.costs, self.parts
        spent = (
            parts.read,
            parts.rule,
            parts.saved,
            parts.checks,
            costs.server - parts.total,
        )
        cells = (
            self.question.title,
            f"{self.question.claims:,}",
            str(self.clients),
            str(costs.writes),
            f"{costs.rate:.1f}",
            f"{costs.p50:.0f}",
            f"{costs.p99:.0f}",
            *(f"{value:.1f}" for value in (costs.server, *spent, costs.postgres)),
        )
        return f"| {' | '.join(cells)} |"


@dataclass(slots=True)
class Findings:
    imports: list[Import] = field(default_factory=list)
    recomputations: list[Recomputation] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)


class Steps:
    """A bar of the steps of a run, with one below it of the step under way; what is found is told above."""

    def __init__(self, bar: Progress, total: int, report: Callable[[str], None]) -> None:
        self.report = report
        self._bar = bar
        self._all = bar.add_task("all", total=total)

    @contextmanager
    def take(self, title: str) -> Iterator[Callable[[int, int], None]]:
        """One step; within the block the callback takes how much of it is done, of how much."""
        task = self._bar.add_task(title, total=None)
        try:
            yield lambda done, total: self._bar.update(task, completed=done, total=total)
        finally:
            self._bar.remove_task(task)
            self._bar.advance(self._all)


class Ground:
    """A database, opened here as a command would, the process id of its Postgres, and who writes."""

    def __init__(self, dsn: str, database: Database, postgres: int, folder: Path, viewer: Viewer) -> None:
        self.dsn, self.database, self.postgres, self.folder = dsn, database, postgres, folder
        self.viewer = viewer

    async def take_in(self, shape: Shape, claims: int, questions: int, steps: Steps) -> Import:
        """Import a bundle of this shape, and what that took."""
        on = "one question" if questions == 1 else f"{questions:,} questions"
        title = f"{shape.name}, on {on}"
        file = write_bundle(self.folder / f"{shape.name}-{claims}-{questions}.json", shape, claims, questions)
        begun, own, postgres = time.perf_counter(), time.process_time(), cpu_seconds(self.postgres)
        with steps.take(f"import: {title}") as show:
            await import_bundle(self.database, self.viewer, file, on_progress=show)
        found = Import(
            title,
            claims,
            time.perf_counter() - begun,
            time.process_time() - own,
            cpu_seconds(self.postgres) - postgres,
        )
        steps.report(f"imported {title}: {claims:,} claims in {found.seconds:.1f} s")
        return found

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
            await self.database.write(NOBODY, lambda session: _recompute(session, question))
            for _ in range(REPEATS)
        ]
        read, rule, compared = (min(run[step] for run in runs) for step in range(3))
        return Recomputation(question, read, rule, compared)


async def _recompute(session: WriteSession, question: Question) -> tuple[float, float, float]:
    assert question.key is not None
    marks = [time.process_time()]
    record, targets = await load_record(session, [question.key])
    marks.append(time.process_time())
    outcomes = evaluate(record, targets)
    marks.append(time.process_time())
    await save(session, outcomes)
    marks.append(time.process_time())
    read, rule, compared = (1000 * (end - start) for start, end in itertools.pairwise(marks))
    return read, rule, compared


async def measure(ground: Ground, scope: Scope, steps: Steps) -> Findings:
    found = Findings()
    questions = []
    for shape in SHAPES:
        found.imports.append(await ground.take_in(shape, scope.large, 1, steps))
        questions.append(await ground.find_question(shape, scope.large))
    for size in scope.sizes:
        await ground.take_in(TYPICAL, size, 1, steps)
        questions.append(await ground.find_question(TYPICAL, size))
    for claims, spread in ((scope.imported, 1), (scope.imported // 4, scope.spread)):
        found.imports.append(await ground.take_in(TYPICAL, claims, spread, steps))
    for question in questions:
        with steps.take(f"recompute: {question.tell()}"):
            found.recomputations.append(await ground.recompute(question))
    like = questions[0].key
    assert like is not None
    writers = [await make_writer(ground.dsn, Question(None, "no question", 0, TYPICAL), like)]
    for question in sorted(questions, key=lambda one: one.claims):
        assert question.key is not None
        writers.append(await make_writer(ground.dsn, question, question.key))
    parts = []
    for writer in writers:
        with steps.take(
            f"record, by the services: {writer.question.title}, {writer.question.claims:,} claims"
        ):
            parts.append(await record_here(ground.database, ground.viewer, writer, scope.seconds / 2))
    found.recordings = await _record_over_http(ground, scope, writers, parts, steps)
    return found


async def _record_over_http(
    ground: Ground, scope: Scope, writers: Sequence[Writer], parts: Sequence[Parts], steps: Steps
) -> list[Recording]:
    recordings = []
    token = await ground.make_token()
    with run_server(SAYSO.command(ground.dsn), {}, ground.folder / "server.log") as (process, port):
        server = Server(process, port, ground.postgres, token)
        await server.record(writers, len(writers), 0)  # statements are prepared, code is warm
        for clients, (writer, part) in itertools.product(CLIENTS, zip(writers, parts, strict=True)):
            with steps.take(
                f"record, {clients} at once: {writer.question.title}, {writer.question.claims:,} claims"
            ):
                costs = await server.record([writer], clients, scope.seconds)
            recordings.append(Recording(writer.question, clients, costs, part))
            steps.report(recordings[-1].tell())
    return recordings


def count_steps(scope: Scope) -> int:
    questions = len(SHAPES) + len(scope.sizes)
    return questions + 2 + questions + (questions + 1) * (1 + len(CLIENTS))


def spell(found: Findings) -> Iterator[str]:
    """The lines of the page of results."""
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
    head = "question | claims on it | clients | writes | writes/s | p50 ms | p99 ms | server"
    yield f"| {head} | rows read | the rule | told apart, saved | checks, driver | HTTP, GraphQL | Postgres |"
    yield "|---" * 14 + "|"
    yield from (recording.row() for recording in found.recordings)
    yield ""
    yield "## A question recomputed, of which nothing changed: CPU ms of the one process"
    yield ""
    yield "| question | claims | rows read | the rule | told apart |"
    yield "|---|---|---|---|---|"
    for c in found.recomputations:
        title = f"{c.question.title} | {c.question.claims:,}"
        yield f"| {title} | {c.read:.1f} | {c.rule:.1f} | {c.compared:.1f} |"
    yield ""
    yield "## Imports"
    yield ""
    yield "| bundle | claims | seconds | CPU s of the import | Postgres CPU s | CPU ms a claim, both |"
    yield "|---|---|---|---|---|---|"
    for i in found.imports:
        both = 1000 * (i.own + i.postgres) / i.claims
        yield f"| {i.title} | {i.claims:,} | {i.seconds:.1f} | {i.own:.1f} | {i.postgres:.1f} | {both:.1f} |"


def run(scope: Scope, report: Callable[[str], None]) -> list[str]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        tempfile.TemporaryDirectory(prefix="sayso-writes-") as parent,
        Progress(*columns, transient=True) as bar,
    ):
        folder = Path(parent)
        folder.chmod(0o755)  # whoever runs Postgres must come through
        steps = Steps(bar, count_steps(scope), report)
        with start_cluster(folder / "data", settings=DURABLE) as cluster:
            return list(
                spell(asyncio.run(_run(cluster.dsn("postgres"), cluster.dsn("writes"), folder, scope, steps)))
            )


async def _run(maintenance: str, dsn: str, folder: Path, scope: Scope, steps: Steps) -> Findings:
    connection = await asyncpg.connect(maintenance)
    await connection.execute("CREATE DATABASE writes")
    postgres = parent_of(await connection.fetchval("SELECT pg_backend_pid()"))
    await connection.close()
    await migrate(dsn)
    database = await Database.open(dsn, Settings())
    try:
        viewer = await database.write(NOBODY, lambda session: ensure_researcher(session, "bench", Role.ADMIN))
        return await measure(Ground(dsn, database, postgres, folder, viewer), scope, steps)
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
    parser.add_argument("--seconds", type=float, help="of each step at which claims are recorded (4)")
    parser.add_argument("--imported", type=int, help="claims of the large import (10,000)")
    parser.add_argument("--results", type=Path, help="where to write instead of bench/RESULTS-writes.md")
    given = parser.parse_args()
    scope = QUICK if given.quick else FULL
    scope = replace(
        scope,
        large=given.claims or scope.large,
        seconds=given.seconds or scope.seconds,
        imported=given.imported or scope.imported,
    )
    lines = run(scope, lambda line: print(line, flush=True))
    print("", *lines, sep="\n")
    if given.results or not given.quick:
        (given.results or RESULTS).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
