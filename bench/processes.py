"""The processes that are measured: started and ended here, their CPU time and memory read from /proc."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60.0
_TICK = os.sysconf("SC_CLK_TCK")
_PORT = re.compile(r"(\d+)(?:/graphql)?\s*$")
# As Postgres names its processes; all others are those of connections, and what helps one of them.
_BACKGROUND = re.compile(
    r"postgres: (archiver|autovacuum|background writer|checkpointer|io worker|logical replication launcher"
    r"|startup|walwriter)"
)
ROOT = Path(__file__).parents[1]


class NotStarted(RuntimeError):
    """A server did not print where it listens; the message ends with what it said."""


@contextmanager
def run_server(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[tuple[int, int]]:
    """(process id, port) of a server that prints its port, or its endpoint's URL, as its first line."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAYSO_", "PG"))}
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT, env={**kept, **environment}
        ) as process,
    ):
        try:
            assert process.stdout is not None
            found = _PORT.search(process.stdout.readline())
            if found is None:
                process.kill()
                raise NotStarted(f"{' '.join(command)}\n{log.read_text()[-2000:]}")
            yield process.pid, int(found[1])
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on; the second may hold spaces."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()


def parent_of(pid: int) -> int:
    return int(_stat(pid)[1])


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if parent_of(int(entry.name)) == pid:
                    found.append(int(entry.name))
            except OSError:
                continue  # ended meanwhile
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, of its children, and of those that have ended."""
    own = [int(value) for value in _stat(pid)[11:15]]
    living = 0
    for child in children_of(pid):
        try:
            living += sum(int(value) for value in _stat(child)[11:15])
        except OSError:
            continue  # its time is the parent's now, or will be at the next look
    return (sum(own) + living) / _TICK


@dataclass(frozen=True, slots=True)
class PostgresTime:
    """CPU seconds of a Postgres: of the processes of its `connections`, and of all others, `background`.

    Those are what writes and cleans up behind the connections (checkpointer, WAL writer, autovacuum), the
    postmaster, and whatever has ended: measure while connections stay open.
    """

    connections: float
    background: float

    def since(self, before: PostgresTime) -> PostgresTime:
        # A process that ended since is counted in ticks now: up to one less.
        return PostgresTime(
            self.connections - before.connections, max(0.0, self.background - before.background)
        )


def postgres_seconds(pid: int) -> PostgresTime:
    """What a Postgres has taken so far, by the process id of its postmaster."""
    connections = 0.0
    background = sum(int(value) for value in _stat(pid)[13:15]) / _TICK + own_cpu_seconds(pid)
    for child in children_of(pid):
        try:
            title = Path(f"/proc/{child}/cmdline").read_text(errors="replace")
            spent = own_cpu_seconds(child)
        except OSError:
            continue  # ended meanwhile
        if _BACKGROUND.match(title):
            background += spent
        else:
            connections += spent
    return PostgresTime(connections, background)


def own_cpu_seconds(pid: int) -> float:
    """CPU time of one process alone, in nanoseconds of the scheduler's count instead of in its ticks."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def peak_memory(pid: int, *, children: bool = True) -> int:
    """The most bytes that a process held in memory (VmHWM), its children's added."""
    return _sum_memory((pid, *(children_of(pid) if children else ())), "VmHWM")


def private_memory(pids: list[int]) -> int:
    """Bytes that these processes hold for themselves alone (RssAnon): of backends, without shared buffers."""
    return _sum_memory(pids, "RssAnon")


def _sum_memory(pids: Iterable[int], field: str) -> int:
    """Bytes, by a field of /proc/PID/status, of those of the processes that are still there."""
    total = 0
    for pid in pids:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            continue
        found = re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)
        total += int(found[1]) * 1024 if found else 0
    return total


def await_idle(below: float, seconds: float) -> float:
    """Wait until the machine's load of the last minute is below this, at most so long; the load then."""
    end = time.monotonic() + seconds
    while os.getloadavg()[0] >= below and time.monotonic() < end:
        time.sleep(5)
    return os.getloadavg()[0]
