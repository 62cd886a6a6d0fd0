"""Folders and processes for the tests of the embedded server. Every server here is a real one."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from app.postgres import RunningCluster, find_binary, start_cluster
from tests.folders import open_folder

OWNER = Path(__file__).with_name("owner.py")
ROOT = Path(__file__).parents[2]


class Start(Protocol):
    def __call__(
        self, place: Path, *, settings: dict[str, str] | None = None, **options: Any
    ) -> RunningCluster: ...


class Owner:
    """The process of owner.py. `heard` are the objects that it has said."""

    def __init__(self, action: str, folder: Path, *options: str) -> None:
        self.folder = folder
        self.heard: list[dict[str, Any]] = []
        self.process = subprocess.Popen(
            [sys.executable, str(OWNER), action, str(folder), *options],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the process ended with code {self.process.wait()} after {self.heard}"
        self.heard.append(json.loads(line))
        return self.heard[-1]

    def hear_out(self) -> dict[str, Any]:
        """The last that it said before it ended. A line that the end cut short was not said."""
        assert self.process.stdout is not None
        for line in self.process.stdout.read().splitlines(keepends=True):
            if line.endswith("\n"):
                self.heard.append(json.loads(line))
        self.process.wait()
        return self.heard[-1]

    def kill(self) -> None:
        self.process.kill()
        self.hear_out()


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and waits for its parent does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.parent.exists() or state.read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (ProcessLookupError, FileNotFoundError):
        return False
    except PermissionError:
        return True


def await_end(pids: list[int], seconds: float = 10) -> list[int]:
    """Those that still run after `seconds`."""
    await_that(lambda: not any(is_alive(pid) for pid in pids), seconds)
    return [pid for pid in pids if is_alive(pid)]


def await_that(holds: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(0.01)
    return held


def is_free(folder: Path) -> bool:
    """Whether no process of a server of this cluster is left: each of them holds the lock."""
    try:
        with (folder / "postgres" / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return isinstance(error, FileNotFoundError | NotADirectoryError)
    return True


def run_sql(cluster: RunningCluster, script: str, database: str = "sayso") -> str:
    command = [str(find_binary("psql")), "-XqAt", "-v", "ON_ERROR_STOP=1", cluster.dsn(database)]
    return subprocess.run(command, input=script, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as path:
        yield path


@pytest.fixture(scope="session")
def survivor() -> Iterator[Path]:
    """The folder of one cluster that goes through many tests. At the end it still has its first row."""
    with open_folder() as path:
        with start_cluster(path) as cluster:
            run_sql(cluster, "CREATE TABLE before (note text); INSERT INTO before VALUES ('here')")
        yield path
        with start_cluster(path) as cluster:
            assert run_sql(cluster, "SELECT note FROM before") == "here"


@pytest.fixture
def made(survivor: Path) -> Iterator[Path]:
    """The survivor's folder; no server runs there before the test, nor may one after it."""
    assert is_free(survivor)
    yield survivor
    assert await_that(lambda: is_free(survivor))


@pytest.fixture
def start() -> Iterator[Start]:
    """start_cluster, but without waiting for the disk. What it started is stopped when the test ends."""
    begun: list[tuple[Path, RunningCluster]] = []

    def starter(place: Path, *, settings: dict[str, str] | None = None, **options: Any) -> RunningCluster:
        cluster = start_cluster(place, settings={"fsync": "off", **(settings or {})}, **options)
        begun.append((place, cluster))
        return cluster

    yield starter
    for _, cluster in reversed(begun):
        cluster.stop()
    assert await_that(lambda: all(is_free(place) for place, _ in begun))


@pytest.fixture
def run_owner() -> Iterator[Callable[..., Owner]]:
    """Runs owner.py; killed when the test ends, if it has not ended by then."""
    begun: list[Owner] = []

    def runner(action: str, place: Path, *options: str) -> Owner:
        begun.append(Owner(action, place, *options))
        return begun[-1]

    yield runner
    for owner in begun:
        if owner.process.poll() is None:
            os.killpg(owner.process.pid, signal.SIGKILL)
        owner.hear_out()
        assert owner.process.stdout is not None
        owner.process.stdout.close()
    for owner in begun:
        if any(said.get("owned") for said in owner.heard):
            assert await_end(next(said["pids"] for said in owner.heard if "pids" in said)) == []
