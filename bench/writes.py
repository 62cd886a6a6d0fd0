"""What writing costs, and where the time goes: imports, the rule, claims recorded over HTTP.

uv run python -m bench.writes             writes bench/RESULTS-writes.md; under six minutes
uv run python -m bench.writes --quick     a smoke with small questions; writes nothing

On an embedded PostgreSQL in a folder of its own, with what a write must do to be safe (fsync) on.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.database import Database, WriteSession
from app.domain.vocabulary import Role
from app.exchange.importing import import_bundle
from app.permissions import NOBODY, Viewer
from app.postgres import start_cluster
from app.services.corroboration import evaluate
from app.services.differences import save
from app.services.records import load_record
from app.services.researchers import ensure_researcher
from app.services.schema import migrate
from app.services.tokens import NewToken, create_token
from app.settings import Settings
from bench.database import SETTINGS
from bench.findings import Division, Findings, Import, Recomputation, Recording, spell
from bench.peers.sayso import SAYSO
from bench.processes import parent_of, postgres_seconds, run_server
from bench.recording import Question, Server, Writer, make_writer, record_here
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
        begun, own, postgres = time.perf_counter(), time.process_time(), postgres_seconds(self.postgres)
        with steps.take(f"import: {title}") as show:
            await import_bundle(self.database, self.viewer, file, on_progress=show)
        found = Import(
            title,
            claims,
            time.perf_counter() - begun,
            time.process_time() - own,
            postgres_seconds(self.postgres).since(postgres),
        )
        steps.report(f"imported {title}: {claims:,} claims in {found.seconds:.1f} s")
        return found

    async def settle(self) -> None:
        """Do what autovacuum would do after such a load, so that it does not while writes are measured."""
        connection = await asyncpg.connect(self.dsn)
        try:
            await connection.execute("VACUUM (ANALYZE)")
            await connection.execute("CHECKPOINT")
        finally:
            await connection.close()

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
    with steps.take("vacuum"):
        await ground.settle()
    for question in questions:
        with steps.take(f"recompute: {question.tell()}"):
            found.recomputations.append(await ground.recompute(question))
    like = questions[0].key
    assert like is not None
    writers = [await make_writer(ground.dsn, Question(None, "no question", 0, TYPICAL), like)]
    for question in sorted(questions, key=lambda one: one.claims):
        assert question.key is not None
        writers.append(await make_writer(ground.dsn, question, question.key))
    for writer in writers:
        with steps.take(f"record, by the services: {writer.question.tell()}"):
            parts = await record_here(
                ground.database, ground.postgres, ground.viewer, writer, scope.seconds / 2
            )
        found.divisions.append(Division(writer.question, parts))
    found.recordings = await _record_over_http(ground, scope, writers, steps)
    return found


async def _record_over_http(
    ground: Ground, scope: Scope, writers: Sequence[Writer], steps: Steps
) -> list[Recording]:
    recordings = []
    token = await ground.make_token()
    with run_server(SAYSO.command(ground.dsn), {}, ground.folder / "server.log") as (process, port):
        server = Server(process, port, ground.postgres, token)
        for clients, writer in itertools.product(CLIENTS, writers):
            with steps.take(f"record, {clients} at once: {writer.question.tell()}"):
                # Connections are there, statements are prepared, code is warm.
                await server.record([writer], clients, 0)
                costs = await server.record([writer], clients, scope.seconds)
            recordings.append(Recording(writer.question, clients, costs))
            steps.report(recordings[-1].tell())
    return recordings


def count_steps(scope: Scope) -> int:
    questions = len(SHAPES) + len(scope.sizes)
    return questions + 3 + questions + (questions + 1) * (1 + len(CLIENTS))


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
