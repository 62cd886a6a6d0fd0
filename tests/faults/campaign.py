"""What is done to the service, and what must be true afterwards."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx

from app.database import Database, connect
from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from app.postgres import start_cluster
from app.services.recomputation import recompute_everything
from app.services.researchers import ensure_researcher
from app.services.sealing import seal_log
from app.services.tokens import NewToken, create_token
from app.services.verification import verify_log
from app.settings import Settings
from tests.faults.service import Service
from tests.faults.writers import ONE_IN, Writers
from tests.waiting import until

Tell = Callable[[str], None]
# Writes acknowledged before the disk is filled.
ENOUGH = 50
# About as many as fit on the disk that is filled.
MOST_ON_DISK = 20_000


@dataclass(slots=True)
class Report:
    kills: int = 0
    acknowledged: int = 0
    attempts: int = 0
    # Of writing, between a server that answers and the next kill; and what was acknowledged meanwhile.
    seconds: float = 0.0
    within: int = 0
    longest: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return self.within / self.seconds if self.seconds else 0.0

    def lines(self) -> list[str]:
        return [
            f"{self.kills:>8,} kills; the longest took {self.longest:.1f} s until it answered again",
            f"{self.acknowledged:>8,} writes acknowledged; {self.rate:.0f} a second up to each kill",
            f"{self.attempts - self.acknowledged:>8,} requests were sent again",
            f"{len(self.faults):>8,} faults",
            *self.faults,
        ]


@contextmanager
def folder_of_its_own() -> Iterator[Path]:
    """A folder that whoever runs the server can reach."""
    parent = Path(tempfile.mkdtemp(prefix="sayso-faults-"))
    parent.chmod(0o755)
    try:
        yield parent / "data"
    finally:
        shutil.rmtree(parent, ignore_errors=True)


async def kill_often(kills: int, rate: float, seconds: float, tell: Tell, one_in: int = ONE_IN) -> Report:
    """Kill the server and its Postgres in turns, under writes."""
    report = Report()
    with folder_of_its_own() as folder:
        service = Service(folder)
        try:
            writers = await begin(service, rate, int(kills * (seconds + 1) * rate), one_in)
            ways = (service.kill_postgres, service.kill_server)
            async with writers.writing():
                for number in range(kills):
                    await write_for(seconds, writers, report)
                    begun = time.monotonic()
                    await asyncio.to_thread(ways[number % 2])
                    report.longest = max(report.longest, time.monotonic() - begun)
                    report.kills += 1
                    told = f"{len(writers.acknowledged):,} acknowledged, {report.rate:.0f} a second"
                    tell(f"kill {number + 1} of {kills}: {told}")
                await write_for(seconds, writers, report)
        finally:
            await asyncio.to_thread(service.stop)
        await settle(service, writers, report)
    return report


async def write_for(seconds: float, writers: Writers, report: Report) -> None:
    """Let them write, and count."""
    begun, before = time.monotonic(), len(writers.acknowledged)
    await asyncio.sleep(seconds)
    report.seconds += time.monotonic() - begun
    report.within += len(writers.acknowledged) - before


async def fill_disk(mebibytes: int, rate: float, tell: Tell) -> Report:
    """Write until nothing fits any more, look that reads go on, make room, look that writes do."""
    report = Report()
    with folder_of_its_own() as folder, small_disk(folder, mebibytes):
        filler = folder / "filler"
        service = Service(folder)
        try:
            writers = await begin(service, rate, MOST_ON_DISK)
            async with writers.writing():
                await until(lambda: len(writers.acknowledged) >= ENOUGH)
                await asyncio.to_thread(fill, filler)
                tell(f"full, with {len(writers.acknowledged):,} acknowledged")
                stuck = await await_standstill(writers)
                tell(f"no write goes through any more, after {stuck:,} acknowledged")
                if not await can_read(writers):
                    report.faults.append("reads did not go on while the disk was full")
                filler.unlink()
                tell("there is room again")
                await asyncio.to_thread(service.await_ready)
                before = len(writers.acknowledged)
                await asyncio.sleep(5)
                if len(writers.acknowledged) <= before:
                    report.faults.append("writes did not go on when there was room again")
        finally:
            filler.unlink(missing_ok=True)
            await asyncio.to_thread(service.stop)
        await settle(service, writers, report)
    return report


async def begin(service: Service, rate: float, most: int, one_in: int = ONE_IN) -> Writers:
    await asyncio.to_thread(service.start)
    cluster = await asyncio.to_thread(start_cluster, service.folder)
    assert not cluster.owned, "it attaches to the one that serves"
    async with opened(cluster.dsn()) as (database, viewer):
        token = await database.write(
            viewer.researcher, lambda session: create_token(session, viewer, NewToken("faults"))
        )
    writers = Writers(service.url, rate, token.letters, most, one_in)
    await writers.prepare()
    return writers


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[tuple[Database, Viewer]]:
    database = await Database.open(dsn, Settings())
    try:
        yield (
            database,
            await database.write(NOBODY, lambda session: ensure_researcher(session, "local", Role.ADMIN)),
        )
    finally:
        await database.close()


async def settle(service: Service, writers: Writers, report: Report) -> None:
    """Everything that must be true once all is quiet."""
    report.acknowledged, report.attempts = len(writers.acknowledged), writers.attempts
    report.faults += [f"refused, {refusal}" for refusal in writers.refused[:10]]
    with await asyncio.to_thread(start_cluster, service.folder) as cluster:
        async with connect(cluster.dsn(), "faults") as connection:
            report.faults += await find_lost(connection, writers)
        async with opened(cluster.dsn()) as (database, _viewer):
            differences = await recompute_everything(database, check=True)
        report.faults += [f"sayso recompute --check: {each}" for each in differences[:10]]
        await seal_log(cluster.dsn())
        verified = await verify_log(cluster.dsn())
        report.faults += [f"sayso verify: {fault.place} {fault.message}" for fault in verified.faults[:10]]
        if verified.unsealed:
            report.faults.append(f"sayso seal left {verified.unsealed} revisions")


async def find_lost(connection: asyncpg.Connection, writers: Writers) -> list[str]:
    """Acknowledged writes that are not there, and writes that are there twice."""
    rows = await connection.fetch(
        "SELECT 'event_' || id AS id, title AS name FROM event WHERE title LIKE 'fault %'"
        " UNION ALL SELECT 'claim_' || id, statement FROM claim WHERE statement LIKE 'fault %'"
    )
    there = {row["id"] for row in rows}
    lost = [f"write {number} was acknowledged as {id}, and is not there"
            for number, id in writers.acknowledged.items() if id not in there]  # fmt: skip
    names: dict[str, int] = {}
    for row in rows:
        names[row["name"]] = names.get(row["name"], 0) + 1
    twice = [f"{name} is there {times} times" for name, times in names.items() if times > 1]
    return (lost + twice)[:20]


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[None]:
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0711", "tmpfs", str(folder)], check=True
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(file: Path) -> None:
    """Take all that is left."""
    with file.open("wb", buffering=0) as out:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    out.write(bytes(size))
            except OSError:
                continue


async def await_standstill(writers: Writers) -> int:
    """The number of acknowledged writes once there have been no more for two seconds."""
    end = time.monotonic() + 120
    while True:
        before = len(writers.acknowledged)
        await asyncio.sleep(2)
        if len(writers.acknowledged) == before or time.monotonic() > end:
            return before


async def can_read(writers: Writers) -> bool:
    query = {"query": "{ events(first: 1) { edges { node { id } } } }"}
    async with httpx.AsyncClient(timeout=60, headers=writers.headers) as client:
        try:
            return bool((await client.post(writers.url, json=query)).json().get("data"))
        except httpx.TransportError:
            return False
