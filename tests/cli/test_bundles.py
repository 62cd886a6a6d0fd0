from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.postgres import RunningCluster, find_binary, start_cluster
from tests.cli.conftest import ROOT, Sayso

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


def ask(cluster: RunningCluster, query: str) -> int:
    """The one number that a query answers; 0 while its table is not there."""
    command = [str(find_binary("psql")), "-XqAt", cluster.dsn(), "-c", query]
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
    assert changed.stderr.startswith("1 entry changed; what stands was left.")
    assert "--update" in changed.stderr
    updated = sayso.run("import", "--update", str(file))
    assert updated.returncode == 0
    assert "agents       1 unchanged, 1 amended" in updated.stdout

    exported = sayso.run("export")
    assert exported.returncode == 0
    assert exported.stdout.startswith("format: sayso-bundle/1\n")
    assert "The other" in exported.stdout
    assert exported.stderr.endswith("Exported 2 agents.\n")
    file.write_text("format: sayso-bundle/1\ntitle: An event\nevents:\n  - {key: e, title: A strike}\n")
    assert sayso.run("import", str(file)).returncode == 0
    exported = sayso.run("export")
    assert exported.stderr.endswith("Exported 2 agents, 1 event.\n")
    target = tmp_path / "copy.yaml"
    assert sayso.run("export", str(target)).returncode == 0
    assert target.read_text() == exported.stdout


def test_what_cannot_be_imported_or_exported_is_3_and_each_fault_is_named(
    sayso: Sayso, cluster: RunningCluster, tmp_path: Path
) -> None:
    file = tmp_path / "bundle.yaml"
    file.write_text(BUNDLE.replace("PERSON", "PERSONA").replace("key: two", "key: one"))
    done = sayso.run("import", str(file))
    assert done.returncode == 3
    assert "line 5" in done.stderr
    assert "line 6" in done.stderr
    assert ask(cluster, "SELECT count(*) FROM agent") == 0
    for arguments, named in (
        (["--bundle", "unknown"], "unknown"),
        (["/proc/x/bundle.yaml"], ": /proc/x/bundle.yaml cannot be written: "),
    ):
        done = sayso.run("export", *arguments)
        assert done.returncode == 3
        assert done.stderr.removeprefix("Making the tables\n").startswith("Error: ")
        assert named in done.stderr


def test_a_faulty_bundle_is_told_of_before_a_database_is_made(sayso: Sayso, tmp_path: Path) -> None:
    file = tmp_path / "bundle.yaml"
    file.write_text("format: sayso-bundle/1\nagents:\n  - {key: one, part_of: two}\n")
    done = sayso.run("import", str(file))
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        f"Error: The bundle {file} cannot be imported:",
        "  line 3: agents one: kind: is required",
        "  line 3: agents one: name: is required",
        "  line 3: agents one: part_of: two is not a key of agents",
    ]
    assert not sayso.folder.exists()


def test_a_folder_that_was_exported_into_is_imported(
    sayso: Sayso, cluster: RunningCluster, tmp_path: Path
) -> None:
    file = tmp_path / "bundle.yaml"
    file.write_text(
        BUNDLE + "sources:\n  - {key: s, kind: ARTICLE, title: A, publisher: two, text: Its words}\n"
    )
    assert sayso.run("import", str(file)).returncode == 0
    first, second = tmp_path / "first", tmp_path / "second"
    second.mkdir()
    assert sayso.run("export", f"{first}/").returncode == 0
    command = [str(find_binary("psql")), "-XqAt", cluster.dsn(), "-c", "CREATE DATABASE empty"]
    subprocess.run(command, check=True)
    empty = {"SAYSO_DATABASE_URL": cluster.dsn("empty")}
    assert sayso.run("migrate", **empty).returncode == 0
    done = sayso.run("import", str(first), **empty)
    assert done.returncode == 0, done.stderr
    assert "sources      1 recorded" in done.stdout
    assert sayso.run("export", str(second), **empty).returncode == 0
    names = [path.relative_to(first) for path in sorted(first.rglob("*")) if path.is_file()]
    assert len(names) == 2
    assert [(second / name).read_text() for name in names] == [(first / name).read_text() for name in names]

    bundle = second / "bundle.yaml"
    bundle.write_text(bundle.read_text().replace("PERSON", "PERSONA"))
    done = sayso.run("import", str(second), **empty)
    assert done.returncode == 3
    assert done.stderr.startswith(f"Error: The bundle {bundle} cannot be imported:\n  line ")
    bundle.unlink()
    done = sayso.run("import", str(second), **empty)
    assert done.returncode == 3
    assert f"{bundle} is not there" in done.stderr


# As on a full disk: no file may become longer than this.
LIMITED = """import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
from app.__main__ import main
main()
"""


def test_an_export_that_does_not_fit_is_3_and_leaves_nothing(
    sayso: Sayso, cluster: RunningCluster, tmp_path: Path
) -> None:
    file = tmp_path / "bundle.yaml"
    file.write_text(BUNDLE)
    assert sayso.run("import", str(file)).returncode == 0
    target = tmp_path / "copy.yaml"
    # -B: no byte code is kept, or it would be cut short as well and break whoever reads it next.
    command = [sys.executable, "-B", "-c", LIMITED, "export", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=sayso.environment({}))
    assert done.returncode == 3, done.stderr
    assert done.stderr.startswith(f"Error: {target} cannot be written: ")
    assert list(tmp_path.glob("*copy*")) == []


def test_an_import_can_be_cut_off_and_run_again(
    sayso: Sayso, cluster: RunningCluster, tmp_path: Path
) -> None:
    file, log = tmp_path / "large.yaml", tmp_path / "log"
    agents = [f"  - {{key: a{number}, name: Agent {number}, kind: PERSON}}" for number in range(2_000)]
    file.write_text("\n".join(["format: sayso-bundle/1", "title: Large", "agents:", *agents]))

    def begin() -> tuple[subprocess.Popen[str], int]:
        """An import that has recorded something more than was there before."""
        before = ask(cluster, "SELECT count(*) FROM agent")
        process = sayso.begin("import", str(file), log=log)
        end = time.monotonic() + 60
        while (kept := ask(cluster, "SELECT count(*) FROM agent")) == before:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end
            time.sleep(0.02)
        return process, kept

    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        process, kept = begin()
        process.send_signal(number)
        assert process.wait(30) == code
        assert "run it again" in log.read_text()
        assert "Traceback" not in log.read_text()
        assert kept < len(agents)

    process, _ = begin()
    ask(
        cluster,
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'sayso'",
    )
    assert process.wait(30) == 3
    assert log.read_text().startswith("Error: The database was lost in the middle of a change.")
    assert "idempotencyKey" not in log.read_text()

    kept = ask(cluster, "SELECT count(*) FROM agent")
    done = sayso.run("import", str(file))
    assert done.returncode == 0, done.stderr
    assert f"{len(agents) - kept} recorded, {kept} unchanged" in done.stdout
    assert ask(cluster, "SELECT count(*) FROM agent") == len(agents)
