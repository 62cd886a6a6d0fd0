"""What was backed up is there again, in a new cluster and in a database of one's own; or nothing changes."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from app.database.database import OUTSIDE
from app.postgres import start_cluster
from app.services.sealing import seal_log
from tests.cli.conftest import Done, Sayso
from tests.conftest import NewDatabase

BUNDLE = """
format: sayso-bundle/1
title: One agent
agents:
  - {key: one, name: The first, kind: PERSON}
"""


def succeed(done: Done) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
async def filled(clone_sample: NewDatabase) -> AsyncIterator[str]:
    """The URL of a database with the sample, sealed."""
    async with clone_sample() as dsn:
        await seal_log(dsn)
        yield dsn


@pytest.fixture
def dump(sayso: Sayso, filled: str, tmp_path: Path) -> Path:
    file = tmp_path / "backup.dump"
    succeed(sayso.run("--database-url", filled, "backup", str(file)))
    return file


def test_a_backup_is_restored_into_a_new_cluster(sayso: Sayso, filled: str, dump: Path) -> None:
    told = succeed(sayso.run("restore", str(dump)))
    assert "69 claims" in told
    with start_cluster(sayso.folder):  # or each command would start it
        exported = succeed(sayso.run("export"))
        assert exported == succeed(sayso.run("--database-url", filled, "export"))
        assert exported.count("statement:") == 69
        assert "Nothing differs." in sayso.run("recompute", "--check").stderr
        succeed(sayso.run("verify"))
        # It can be worked with: more is recorded, sealed and proved.
        more = dump.with_name("more.yaml")
        more.write_text(BUNDLE)
        succeed(sayso.run("import", str(more)))
        succeed(sayso.run("seal"))
        succeed(sayso.run("verify"))


def test_a_backup_is_for_its_owner_alone_and_a_folder_gets_a_file_of_its_own(
    sayso: Sayso, filled: str, dump: Path, tmp_path: Path
) -> None:
    assert stat.S_IMODE(dump.stat().st_mode) == 0o600
    folder = tmp_path / "backups"
    for given in (f"{folder}/", str(folder)):
        told = succeed(sayso.run("--database-url", filled, "backup", given))
        (file,) = folder.iterdir()
        assert str(file) in told
        assert file.suffix == ".dump"
        file.unlink()
    refused = sayso.run("--database-url", filled, "backup", f"{folder}/a/b/")
    assert refused.returncode == 3
    assert refused.stderr == f"Error: The folder {folder}/a/b/ cannot be made: No such file or directory\n"


async def test_a_database_that_holds_records_is_replaced_only_if_told(
    sayso: Sayso, empty_database: NewDatabase, filled: str, dump: Path, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.yaml"
    bundle.write_text(BUNDLE)
    async with empty_database() as dsn:
        succeed(sayso.run("--database-url", dsn, "migrate"))
        succeed(sayso.run("--database-url", dsn, "import", str(bundle)))
        refused = sayso.run("--database-url", dsn, "restore", str(dump))
        assert refused.returncode == 3
        assert "holds records: 1 agent, 1 imported entry." in refused.stderr
        assert "--replace" in refused.stderr
        succeed(sayso.run("--database-url", dsn, "restore", str(dump), "--replace"))
        exported = succeed(sayso.run("--database-url", dsn, "export"))
        assert exported == succeed(sayso.run("--database-url", filled, "export"))
        # Subscriptions are not told again of what they were told of before.
        connection = await asyncpg.connect(dsn)
        assert await connection.fetchval("SELECT count(*) FROM status_change") > 0
        assert await connection.fetchval("SELECT count(transaction) FROM status_change") == 0
        await connection.close()
        # Outsiders read as before.
        connection = await asyncpg.connect(dsn, server_settings=OUTSIDE)
        assert await connection.fetchval("SELECT count(*) FROM claim") == 69
        await connection.close()


async def test_a_database_that_is_served_is_left_alone(sayso: Sayso, filled: str, dump: Path) -> None:
    server = await asyncpg.connect(filled, server_settings={"application_name": "sayso"})
    try:
        refused = sayso.run("--database-url", filled, "restore", str(dump), "--replace")
    finally:
        await server.close()
    assert refused.returncode == 3
    assert "is in use: 1 connection of Sayso." in refused.stderr


def damage(file: Path, kept: float, *, flipped: bool) -> None:
    """End the file after a part of it, or change the one byte there."""
    whole = file.read_bytes()
    place = int(len(whole) * kept)
    file.write_bytes(whole[:place] + (bytes([whole[place] ^ 0xFF]) + whole[place + 1 :] if flipped else b""))


# A byte is changed among the rows, which have checksums. What stands before them, the schema, has none.
@pytest.mark.parametrize(
    ("kept", "flipped"), [(0.0, False), (0.1, False), (0.6, False), (0.95, False), (0.8, True), (0.95, True)]
)
async def test_a_file_that_is_damaged_changes_nothing(
    sayso: Sayso, clone: NewDatabase, dump: Path, kept: float, flipped: bool
) -> None:
    damage(dump, kept, flipped=flipped)
    async with clone() as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute("CREATE TABLE marker (id int)")
        refused = sayso.run("--database-url", dsn, "restore", str(dump))
        assert refused.returncode == 3, refused.stdout
        assert "Error:" in refused.stderr
        assert await connection.fetchval("SELECT count(*) FROM marker") == 0
        await connection.close()
        succeed(sayso.run("--database-url", dsn, "status"))


def test_what_is_no_backup_or_no_database_is_said(sayso: Sayso, tmp_path: Path) -> None:
    file = tmp_path / "text"
    file.write_text("nothing of the kind")
    assert "is no backup" in sayso.run("restore", str(file)).stderr
    none = sayso.run("backup", str(tmp_path / "b"))
    assert (none.returncode, "There is no database" in none.stderr) == (3, True)
    assert not sayso.folder.exists()


def test_a_backup_that_cannot_be_written_leaves_nothing(sayso: Sayso, filled: str, tmp_path: Path) -> None:
    refused = sayso.run("--database-url", filled, "backup", str(tmp_path / "missing" / "b"))
    assert refused.returncode == 3
    assert "missing" in refused.stderr
    assert list(tmp_path.iterdir()) == []
