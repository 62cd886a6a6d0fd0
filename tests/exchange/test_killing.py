"""An import whose process is killed."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from app.database import Database
from app.exchange.importing import import_bundle
from app.permissions import Viewer
from app.services.recomputation import recompute_everything
from tests.domain.test_sample import TABLE
from tests.exchange.bundles import SAMPLE, count_tables, read_statuses, summarize

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from app.database import Database
from app.exchange import importing
from app.permissions import Viewer, Role
from app.settings import Settings
from uuid import UUID

async def main(dsn, researcher, path):
    database = await Database.open(dsn, Settings())
    viewer = Viewer(UUID(researcher), Role.ADMIN)
    reported = []
    def report(done, total):
        reported.append(done)
        print(done, flush=True)
    record = importing.Recorder.record
    async def record_and_end(recorder, entries):
        outcomes = await record(recorder, entries)
        if reported[-1] >= 20:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcomes
    importing.Recorder.record = record_and_end
    await importing.import_bundle(database, viewer, Path(path), on_progress=report)

importing.BATCH = importing.MAX_BATCH = 10
asyncio.run(main(*sys.argv[1:]))
"""


async def test_kill_9_in_the_middle_of_a_batch_loses_that_batch_alone(
    dsn: str, committed_database: Database, viewer: Viewer
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED, dsn, str(viewer.researcher), str(SAMPLE)),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    said, _ = await process.communicate()
    assert process.returncode == -signal.SIGKILL
    reported = int(said.splitlines()[-1])
    committed = (await count_tables(committed_database))["imported"]
    assert 20 <= reported <= committed < 173
    report = await import_bundle(committed_database, viewer, SAMPLE)
    assert summarize(report) == {"recorded": 173 - committed, "unchanged": committed}
    assert await read_statuses(committed_database, "baghdad-2019") == TABLE
    assert await recompute_everything(committed_database, check=True) == []
