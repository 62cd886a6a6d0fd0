from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.postgres import RunningCluster, find_binary, start_cluster
from tests.cli.conftest import Sayso

BUNDLE = """
format: sayso-bundle/1
title: Two agents
agents:
  - {key: one, name: The first, kind: PERSON}
  - {key: two, name: The second, kind: OUTLET}
"""


@pytest.fixture
def cluster(sayso: Sayso) -> Iterator[RunningCluster]:
    """The server of `sayso.folder`: commands only attach to it."""
    with start_cluster(sayso.folder, durable=False) as cluster:
        yield cluster


def count(cluster: RunningCluster, table: str) -> int:
    command = [find_binary("psql"), "-XqAt", cluster.dsn(), "-c", f"SELECT count(*) FROM {table}"]
    done = subprocess.run(command, capture_output=True, text=True)
    return int(done.stdout) if done.returncode == 0 else 0


def test_a_bundle_is_imported_once_amended_if_asked_and_exported(
    sayso: Sayso, cluster: RunningCluster, tmp_path: Path
) -> None:
    file = tmp_path / "bundle.yaml"
    file.write_text(BUNDLE)
    first = sayso.run("import", str(file))
    assert first.returncode == 0, first.stderr
    assert "agents       2 recorded" in first.stdout
    again = sayso.run("import", str(file))
    assert again.returncode == 0
    assert "agents       2 unchanged" in again.stdout

    file.write_text(BUNDLE.replace("The second", "The other"))
    changed = sayso.run("import", str(file))
    assert changed.returncode == 1
    assert "agents       1 unchanged, 1 changed" in changed.stdout
    assert "line 6: agents two: name: " in changed.stdout
    assert "--update" in changed.stderr
    updated = sayso.run("import", "--update", str(file))
    assert updated.returncode == 0
    assert "agents       1 unchanged, 1 amended" in updated.stdout

    exported = sayso.run("export")
    assert exported.returncode == 0
    assert exported.stdout.startswith("format: sayso-bundle/1\n")
    assert "The other" in exported.stdout
    assert exported.stderr.endswith("Exported 2 agents.\n")
    target = tmp_path / "copy.yaml"
    assert sayso.run("export", str(target)).returncode == 0
    assert target.read_text() == exported.stdout


def test_a_bundle_with_faults_is_3_and_each_fault_is_named(
    sayso: Sayso, cluster: RunningCluster, tmp_path: Path
) -> None:
    file = tmp_path / "bundle.yaml"
    file.write_text(BUNDLE.replace("PERSON", "PERSONA").replace("key: two", "key: one"))
    done = sayso.run("import", str(file))
    assert done.returncode == 3
    assert "line 5" in done.stderr
    assert "line 6" in done.stderr
    assert count(cluster, "agent") == 0


@pytest.mark.parametrize(
    "arguments", [["export", "--bundle", "unknown"], ["export", "/proc/nowhere/bundle.yaml"]]
)
def test_an_export_that_cannot_be_is_3(sayso: Sayso, cluster: RunningCluster, arguments: list[str]) -> None:
    done = sayso.run(*arguments)
    assert done.returncode == 3
    assert done.stderr.startswith("Error: ") or "\nError: " in done.stderr


def test_an_import_can_be_interrupted_and_run_again(
    sayso: Sayso, cluster: RunningCluster, tmp_path: Path
) -> None:
    file = tmp_path / "large.yaml"
    agents = [f"  - {{key: a{number}, name: Agent {number}, kind: PERSON}}" for number in range(5_000)]
    file.write_text("\n".join(["format: sayso-bundle/1", "title: Large", "agents:", *agents]))
    process = sayso.begin("import", str(file), log=tmp_path / "log")
    end = time.monotonic() + 60
    while count(cluster, "imported") == 0:
        assert process.poll() is None, (tmp_path / "log").read_text()
        assert time.monotonic() < end
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    log = (tmp_path / "log").read_text()
    assert "run it again" in log
    assert "Traceback" not in log
    kept = count(cluster, "agent")
    assert 0 < kept < len(agents)
    done = sayso.run("import", str(file))
    assert done.returncode == 0, done.stderr
    assert f"{len(agents) - kept} recorded, {kept} unchanged" in done.stdout
    assert count(cluster, "agent") == len(agents)
