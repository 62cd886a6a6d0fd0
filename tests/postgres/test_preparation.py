"""What an earlier run, a crash or another hand left: stale files never mislead, and nobody else is harmed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.errors import DatabaseUnavailable
from app.postgres import find_binary
from app.postgres.home import ServerUser, make_server_folder, open_home
from app.postgres.log import KEPT_LOG, read_tail, suggest, trim_log
from app.postgres.presence import SOCKET_NAME
from app.postgres.supervision import Child
from tests.postgres.conftest import Owner, Start, await_that, is_alive, run_sql

RunOwner = Callable[..., Owner]


@pytest.fixture
def bystander(made: Path) -> Iterator[int]:
    """The pid of a process that has nothing to do with us, of the user whom the server runs as."""
    uid = (made / "postgres" / "data").stat().st_uid
    with subprocess.Popen(["sleep", "600"], user=uid if os.geteuid() == 0 else None) as process:
        yield process.pid
        assert process.poll() is None
        process.kill()


def read_pid_file(data: Path, start: Start) -> list[str]:
    """A postmaster.pid as the server writes it."""
    cluster = start(data.parent.parent)
    lines = (data / "postmaster.pid").read_text().splitlines()
    cluster.stop()
    return lines


def test_a_pid_file_that_names_another_process(made: Path, start: Start, bystander: int) -> None:
    data = made / "postgres" / "data"
    lines = read_pid_file(data, start)
    (data / "postmaster.pid").write_text("\n".join([str(bystander), *lines[1:]]) + "\n")
    sockets = made / "postgres" / "socket"
    sockets.mkdir()
    (sockets / SOCKET_NAME).write_text("")
    (sockets / f"{SOCKET_NAME}.lock").write_text("\n".join([str(bystander), *lines[1:]]) + "\n")

    cluster = start(made)
    assert cluster.owned
    assert run_sql(cluster, "SELECT note FROM before") == "here"
    cluster.stop()
    assert is_alive(bystander)


def test_a_pid_file_that_a_crash_cut_short(made: Path, start: Start) -> None:
    for content in ("", "\n", "not a pid\n", "0\n", "99999999999999\n"):
        (made / "postgres" / "data" / "postmaster.pid").write_text(content)
        cluster = start(made)
        assert run_sql(cluster, "SELECT note FROM before") == "here", content
        cluster.stop()


def test_a_record_that_is_stale(made: Path, start: Start) -> None:
    (made / "postgres" / "lock").write_text(f"{os.getpid()}\n")
    for record in ("", "[]", "{}", '{"socket_dir": 7}', '{"socket_dir": "/nowhere"}'):
        (made / "postgres" / "server.json").write_text(record)
        cluster = start(made)
        assert cluster.owned, record
        cluster.stop()


def test_a_server_that_was_started_by_hand_is_not_disturbed(made: Path, start: Start) -> None:
    home = open_home(made, print)
    make_server_folder(made / "sockets", home.user)
    command = [str(find_binary("postgres")), "-D", str(home.data), "-k", str(made / "sockets")]
    command += ["-c", "listen_addresses="]
    by_hand = Child(command, user=home.user, log=made / "by-hand.log")
    assert await_that(lambda: "ready" in (made / "by-hand.log").read_text())
    try:
        with pytest.raises(DatabaseUnavailable, match="shared memory block") as caught:
            start(made)
        assert "by hand" in (caught.value.hint or "")
        assert by_hand.running
    finally:
        by_hand.stop()
    assert by_hand.returncode == 0
    assert start(made).owned


def test_an_interrupted_initdb(folder: Path, start: Start, run_owner: RunOwner) -> None:
    owner = run_owner("careless", folder)
    owner.hear()
    home = folder / "postgres"
    assert await_that(lambda: bool(list(home.glob("initdb-*/base"))))
    owner.kill()
    assert list(home.glob("initdb-*"))
    assert not (home / "data").exists()
    half_made = home / "initdb-0"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")

    assert run_sql(start(folder), "SELECT 1") == "1"
    assert not list(home.glob("initdb-*"))


def test_an_initdb_that_fails_is_explained_and_leaves_nothing(
    folder: Path, start: Start, run_owner: RunOwner
) -> None:
    said = run_owner("fail", folder).hear_out()
    assert "cannot be created" in said["error"]
    assert "File too large" in said["error"]
    assert "free some space" in said["hint"]
    assert not list((folder / "postgres").glob("initdb-*"))
    assert start(folder).owned


def test_a_setting_that_is_refused_is_explained(made: Path, start: Start) -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        start(made, settings={"shared_buffers": "many"})
    assert 'invalid value for parameter "shared_buffers": "many"' in caught.value.message
    assert str(made / "postgres" / "postgres.log") in (caught.value.hint or "")
    assert not (made / "postgres" / "socket").exists()
    assert run_sql(start(made), "SELECT note FROM before") == "here"


def test_a_data_directory_of_another_version(folder: Path, start: Start) -> None:
    home = open_home(folder, print)
    home.data.mkdir()
    for version, maker in [
        ("17", "PostgreSQL 17"),
        ("9.6", "something else"),
        ("root:x:0", "something else"),
    ]:
        (home.data / "PG_VERSION").write_text(f"{version}\n")
        with pytest.raises(DatabaseUnavailable, match=f"made by {maker}; this is PostgreSQL 18") as caught:
            start(folder)
        assert "SAYSO_DATA_DIR" in (caught.value.hint or "")


def test_a_folder_named_data_that_is_no_cluster(folder: Path, start: Start) -> None:
    home = open_home(folder, print)
    home.data.mkdir()
    with pytest.raises(DatabaseUnavailable, match="made by something else"):
        start(folder)


def test_a_program_that_cannot_be_run_says_why(folder: Path) -> None:
    user = ServerUser(os.geteuid(), os.getegid(), None)
    child = Child([folder / "nothing"], user=user, log=folder / "log")
    assert child.wait(10)
    assert child.returncode == 126
    assert re.search("nothing cannot be run: .*No such file", (folder / "log").read_text())


def test_a_child_that_ignores_requests_is_killed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.postgres import supervision

    monkeypatch.setattr(supervision, "_FAST_SECONDS", 0.2)
    monkeypatch.setattr(supervision, "_IMMEDIATE_SECONDS", 0.2)
    stubborn = "trap '' INT QUIT; echo ready; while :; do sleep 0.05; done"
    user = ServerUser(os.geteuid(), os.getegid(), None)
    child = Child(["/bin/sh", "-c", stubborn], user=user, log=folder / "log")
    assert await_that(lambda: (folder / "log").read_text() != "")
    child.stop()
    assert child.wait(10)
    assert child.returncode == -signal.SIGKILL


def test_a_log_is_kept_short_while_it_is_written(folder: Path) -> None:
    log = folder / "postgres.log"
    lines = b"".join(b"line %07d\n" % number for number in range(200_000))
    with log.open("ab", buffering=0) as writer:
        writer.write(lines)
        trim_log(log)
        assert log.stat().st_size == len(lines)
        trim_log(log, longest=1_000_000)
        writer.write(b"the next line\n")
    assert log.read_bytes() == b"the next line\n"
    assert (folder / "postgres.log.1").read_bytes() == lines[-KEPT_LOG:]


def test_the_log_is_shortened_at_the_start(made: Path, start: Start) -> None:
    log = made / "postgres" / "postgres.log"
    log.write_bytes(b"x" * (KEPT_LOG + 1))
    start(made)
    assert log.stat().st_size < 10_000
    assert log.with_name("postgres.log.1").stat().st_size == KEPT_LOG


def test_why_it_does_not_start_is_not_lost_among_answers_to_our_asking(tmp_path: Path) -> None:
    """As it stands where the disk is full while it recovers."""
    log = tmp_path / "postgres.log"
    asked = (
        "FATAL:  the database system is not yet accepting connections\n"
        "DETAIL:  Consistent recovery state has not been yet reached.\n"
    )
    full = "PANIC:  could not write to file: No space left on device\n"
    log.write_text(f"LOG:  redo starts\n{full}{100 * asked}LOG:  it ended\n")
    said = read_tail(log)
    assert said.splitlines() == ["  LOG:  redo starts", f"  {full.rstrip()}", "  LOG:  it ended"]
    assert suggest(said, log).startswith("The disk is full")
