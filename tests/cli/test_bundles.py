from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from asyncpg.transaction import Transaction

from tests.cli.conftest import ROOT, Sayso
from tests.conftest import NewDatabase
from tests.waiting import until

BUNDLE = """
format: sayso-bundle/1
title: Two agents
agents:
  - {key: one, name: The first, kind: PERSON}
  - {key: two, name: The second, kind: OUTLET}
"""


COUNT = "SELECT count(*) FROM agent"


@pytest.fixture
def prepared(sayso: Sayso, dsn: str) -> Sayso:
    """Commands on a database that has its tables."""
    sayso.settings["SAYSO_DATABASE_URL"] = dsn
    return sayso


@pytest.fixture
async def another(clone: NewDatabase) -> AsyncIterator[str]:
    async with clone() as dsn:
        yield dsn


def test_a_bundle_is_imported_once_amended_if_asked_and_exported(prepared: Sayso, tmp_path: Path) -> None:
    sayso, file = prepared, tmp_path / "bundle.yaml"
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


async def test_what_cannot_be_imported_or_exported_is_3_and_each_fault_is_named(
    prepared: Sayso, onlooker: asyncpg.Connection, tmp_path: Path
) -> None:
    sayso, file = prepared, tmp_path / "bundle.yaml"
    file.write_text(BUNDLE.replace("PERSON", "PERSONA").replace("key: two", "key: one"))
    done = sayso.run("import", str(file))
    assert done.returncode == 3
    assert "line 5" in done.stderr
    assert "line 6" in done.stderr
    assert await onlooker.fetchval(COUNT) == 0
    for arguments, named in (
        (["--bundle", "unknown"], "unknown"),
        (["/proc/x/bundle.yaml"], ": /proc/x/bundle.yaml cannot be written: "),
    ):
        done = sayso.run("export", *arguments)
        assert done.returncode == 3
        assert done.stderr.startswith("Error: ")
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


def test_a_folder_that_was_exported_into_is_imported(prepared: Sayso, another: str, tmp_path: Path) -> None:
    sayso, file = prepared, tmp_path / "bundle.yaml"
    file.write_text(
        BUNDLE + "sources:\n  - {key: s, kind: ARTICLE, title: A, publisher: two, text: Its words}\n"
    )
    assert sayso.run("import", str(file)).returncode == 0
    first, second = tmp_path / "first", tmp_path / "second"
    second.mkdir()
    assert sayso.run("export", f"{first}/").returncode == 0
    empty = {"SAYSO_DATABASE_URL": another}
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


def test_an_export_that_does_not_fit_is_3_and_leaves_nothing(prepared: Sayso, tmp_path: Path) -> None:
    sayso, file = prepared, tmp_path / "bundle.yaml"
    file.write_text(BUNDLE)
    assert sayso.run("import", str(file)).returncode == 0
    target = tmp_path / "copy.yaml"
    # -B: no byte code is kept, or it would be cut short as well and break whoever reads it next.
    command = [sys.executable, "-B", "-c", LIMITED, "export", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=sayso.environment({}))
    assert done.returncode == 3, done.stderr
    assert done.stderr.startswith(f"Error: {target} cannot be written: ")
    assert list(tmp_path.glob("*copy*")) == []


# Agents that an import comes to in its second batch, in its third, and in its fourth.
SECOND, THIRD, FOURTH, AGENTS = 270, 520, 770, 780
HOLD = """INSERT INTO agent (id, party, recorded_by, kind, name, wikidata_id)
SELECT key, key, id, 'PERSON', 'x', $1 FROM uuidv7() AS key, researcher"""
WAITING = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'sayso' AND wait_event_type = 'Lock'"""
END = """SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'sayso'"""


async def test_an_import_can_be_cut_off_and_run_again(
    prepared: Sayso, dsn: str, onlooker: asyncpg.Connection, tmp_path: Path
) -> None:
    """Each time it has come to an agent that somebody else is about to record."""
    sayso, file, log = prepared, tmp_path / "large.yaml", tmp_path / "log"
    agents = [
        f"  - {{key: a{number}, name: Agent {number}, kind: PERSON, wikidata_id: Q{number}}}"
        for number in range(1, AGENTS + 1)
    ]
    file.write_text("\n".join(["format: sayso-bundle/1", "title: Large", "agents:", *agents]))
    holder = await asyncpg.connect(dsn)

    async def begin(met: int) -> tuple[subprocess.Popen[str], Transaction]:
        """An import that waits for the agent of this number, and who holds it up."""
        held = holder.transaction()
        await held.start()
        await holder.execute(HOLD, f"Q{met}")
        process = sayso.begin("import", str(file), log=log)
        await until(lambda: onlooker.fetchval(WAITING))
        assert process.poll() is None, log.read_text()
        return process, held

    for met, number, code in ((SECOND, signal.SIGINT, 130), (THIRD, signal.SIGTERM, 143)):
        process, held = await begin(met)
        process.send_signal(number)
        assert process.wait(30) == code
        assert "run it again" in log.read_text()
        assert "Traceback" not in log.read_text()
        assert 0 < await onlooker.fetchval(COUNT) < met
        await held.rollback()

    process, held = await begin(FOURTH)
    await onlooker.execute(END)
    assert process.wait(30) == 3
    assert log.read_text().startswith("Error: The database was lost in the middle of a change.")
    assert "idempotencyKey" not in log.read_text()
    await held.rollback()
    await holder.close()

    kept = await onlooker.fetchval(COUNT)
    done = sayso.run("import", str(file))
    assert done.returncode == 0, done.stderr
    assert f"{AGENTS - kept} recorded, {kept} unchanged" in done.stdout
    assert await onlooker.fetchval(COUNT) == AGENTS
