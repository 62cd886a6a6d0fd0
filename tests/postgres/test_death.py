"""However the owner ends, no process is left, no acknowledged row is lost, and the next start works."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.postgres import start_cluster
from tests.postgres.conftest import Owner, Start, await_end, await_that, is_alive, is_free, run_sql

# On Linux the kernel passes the death on; elsewhere a watched pipe does, and is tried here on both.
WAYS = [(), ("--watch-pipe",)] if sys.platform == "linux" else [("--watch-pipe",)]
WAY_NAMES = ["kernel", "pipe"] if sys.platform == "linux" else ["pipe"]
RunOwner = Callable[..., Owner]


@pytest.mark.parametrize("way", WAYS, ids=WAY_NAMES)
def test_kill_9_while_writing_loses_no_acknowledged_row(
    made: Path, start: Start, run_owner: RunOwner, way: tuple[str, ...]
) -> None:
    begun: list[int] = []
    acknowledged: set[int] = set()
    for rows in (1, 60):
        owner = run_owner("write", made, *way)
        owner.hear()
        begun += owner.hear()["pids"]
        for _ in range(rows):
            owner.hear()
        owner.kill()
        acknowledged |= {each["committed"] for each in owner.heard if "committed" in each}
        assert await_end(begun) == []
    assert len(acknowledged) >= 61
    found = {int(row) for row in run_sql(start(made), "SELECT id FROM kept WHERE note LIKE 'xxx%'").split()}
    assert acknowledged <= found


def test_kill_9_at_any_moment_of_the_first_start(folder: Path, start: Start, run_owner: RunOwner) -> None:
    interrupted = 0
    for delay, way in zip((0.0, 0.05, 0.1, 0.2, 0.3, 0.4), WAYS * 6, strict=False):
        owner = run_owner("careless", folder, *way)
        owner.hear()
        time.sleep(delay)
        owner.kill()
        interrupted += not any("pids" in each for each in owner.heard)
    assert interrupted > 1  # else none of the moments was before the end of the start
    cluster = start(folder)
    assert run_sql(cluster, "SELECT 1") == "1"
    left = {path.name for path in (folder / "postgres").iterdir() if path.name.startswith("initdb-")}
    assert left == set()


def test_kill_9_during_a_long_query_and_an_open_transaction(
    made: Path, start: Start, run_owner: RunOwner
) -> None:
    owner = run_owner("careless", made)
    owner.hear()
    pids = owner.hear()["pids"]
    attached = start(made)
    assert not attached.owned
    run_sql(attached, "INSERT INTO kept (note) VALUES ('committed')")
    command = "BEGIN; INSERT INTO kept (note) VALUES ('open'); SELECT pg_sleep(600)"
    child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-c", SLEEPER, attached.dsn(), command])
    sleeping = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%sleep(600)'"
    assert await_that(lambda: run_sql(attached, sleeping) == "1")
    busy = run_sql(attached, "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()").split()
    owner.kill()
    assert await_end([*pids, *map(int, busy)]) == []
    os.waitpid(child, 0)
    assert not attached.running
    assert run_sql(start(made), "SELECT note FROM kept WHERE note IN ('committed', 'open')") == "committed"


SLEEPER = """
import subprocess, sys
from app.postgres import find_binary
subprocess.run([find_binary("psql"), "-Xq", sys.argv[1], "-c", sys.argv[2]], capture_output=True)
"""


@pytest.mark.parametrize("way", WAYS, ids=WAY_NAMES)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_whole_group_lets_the_application_close_first(
    made: Path, run_owner: RunOwner, number: signal.Signals, way: tuple[str, ...]
) -> None:
    owner = run_owner("hold", made, *way)
    owner.hear()
    pids = owner.hear()["pids"]
    os.killpg(owner.process.pid, number)  # as a terminal does on Ctrl-C
    owner.hear_out()
    assert owner.heard[-2:] == [{"signal": number, "answers": True}, {"stopped": True}]
    assert owner.process.returncode == 0
    assert [pid for pid in pids if is_alive(pid)] == []
    assert "database system is shut down" in (made / "postgres" / "postgres.log").read_text().splitlines()[-1]
    assert not (made / "postgres" / "socket").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_nobody_handles_leaves_nothing(
    made: Path, run_owner: RunOwner, number: signal.Signals
) -> None:
    owner = run_owner("careless", made)
    owner.hear()
    pids = owner.hear()["pids"]
    owner.process.send_signal(number)
    owner.hear_out()
    assert await_end(pids) == []


def test_ctrl_c_during_the_first_start_leaves_nothing(
    folder: Path, start: Start, run_owner: RunOwner
) -> None:
    owner = run_owner("careless", folder)
    owner.hear()
    home = folder / "postgres"
    assert await_that(lambda: bool(list(home.glob("initdb-*/base"))))
    os.killpg(owner.process.pid, signal.SIGINT)
    owner.hear_out()
    assert is_free(folder)
    assert not list(home.glob("initdb-*"))
    assert start(folder, durable=False).owned


def test_a_server_that_is_killed_itself_is_noticed_and_starts_again(
    made: Path, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    cluster = start(made)
    pids = [int(pid) for pid in run_sql(cluster, "SELECT pid FROM pg_stat_activity").split()]
    postmaster = int((made / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    assert await_that(lambda: not cluster.running)
    assert await_that(lambda: "PostgreSQL ended with code -9" in caplog.text)
    assert await_end([postmaster, *pids]) == []
    cluster.stop()
    assert run_sql(start(made), "SELECT note FROM before") == "here"


def test_the_next_start_waits_for_a_server_that_outlives_its_owner(made: Path, run_owner: RunOwner) -> None:
    owner = run_owner("careless", made)
    owner.hear()
    postmaster = owner.hear()["postmaster"]
    os.kill(postmaster, signal.SIGSTOP)
    owner.kill()
    said: list[str] = []
    with ThreadPoolExecutor() as pool:
        starting = pool.submit(start_cluster, made, on_progress=said.append)
        try:
            assert await_that(lambda: len(said) > 0)
            assert said == ["Another process is starting or ending the database; waiting for it"]
            assert is_alive(postmaster)
            assert not is_free(made)
        finally:
            os.kill(postmaster, signal.SIGCONT)
        with starting.result(30) as cluster:
            assert cluster.owned
    assert said[1] == "Starting PostgreSQL"
