"""What a killed run of the suite left behind is removed by the next; nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.postgres import start_cluster
from tests.leftovers import PREFIX, remove_leftovers
from tests.postgres.conftest import Owner, await_end, run_sql


def test_what_a_killed_run_left_is_removed(folder: Path, run_owner: Callable[..., Owner]) -> None:
    killed, living, begun = (folder / f"{PREFIX}{name}" for name in ("killed", "living", "begun"))
    owner = run_owner("careless", killed)
    owner.hear()
    pids = owner.hear()["pids"]
    (begun / "postgres").mkdir(parents=True)
    (begun / "postgres" / "lock").touch()
    (folder / f"{PREFIX}empty").mkdir()
    (folder / "other").mkdir()
    with start_cluster(living, durable=False) as cluster:
        assert remove_leftovers(folder) == []
        owner.kill()
        assert await_end(pids) == []
        assert remove_leftovers(folder) == [killed]
        assert remove_leftovers(folder) == []
        assert run_sql(cluster, "SELECT 1") == "1"
        assert {each.name for each in folder.iterdir()} == {
            living.name,
            begun.name,
            f"{PREFIX}empty",
            "other",
        }


def test_two_runs_at_once_remove_the_same(folder: Path) -> None:
    for number in range(40):
        home = folder / f"{PREFIX}{number}" / "postgres"
        (home / "data" / "base").mkdir(parents=True)
        (home / "lock").touch()
        (home / "data" / "base" / "1").touch()
    with ThreadPoolExecutor(4) as runs:
        removed = list(runs.map(remove_leftovers, [folder] * 4))
    assert {each.name for run in removed for each in run} == {f"{PREFIX}{number}" for number in range(40)}
    assert list(folder.iterdir()) == []
