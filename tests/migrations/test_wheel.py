"""`sayso migrate` works from a wheel, where no checkout is."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import app
from app.services.schema import check_schema, migrations_folder
from tests.conftest import NewDatabase
from tests.migrations.dumps import dump_schema
from tests.migrations.test_downgrade import list_revisions

ROOT = Path(app.__file__).parents[1]
MIGRATE = """
import asyncio, sys
from app.services.schema import migrate, migrations_folder
print(migrations_folder())
print(*asyncio.run(migrate(sys.argv[1])))
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an installation of the wheel puts into site-packages."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", f"--outdir={folder}", str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_the_wheel_has_every_migration(unpacked: Path) -> None:
    source = migrations_folder()
    files = {
        path.relative_to(source) for path in source.rglob("*") if path.suffix in {".py", ".sql", ".mako"}
    }
    assert Path("versions/0001_first_schema/2_tables.sql") in files
    for file in files:
        assert (unpacked / "app" / "migrations" / file).read_bytes() == (source / file).read_bytes()


async def test_the_wheel_migrates(unpacked: Path, empty_database: NewDatabase, dsn: str) -> None:
    async with empty_database() as empty:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", MIGRATE, empty),
            cwd=unpacked,
            env={**os.environ, "PYTHONPATH": str(unpacked)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        said, trouble = await process.communicate()
        assert process.returncode == 0, trouble.decode()
        assert said.decode().splitlines() == [
            str(unpacked / "app" / "migrations"),
            " ".join(list_revisions()),
        ]
        await check_schema(empty)
        assert dump_schema(empty) == dump_schema(dsn)


def test_the_wheel_has_the_workbench(unpacked: Path) -> None:
    built = ROOT / "app" / "web" / "static"
    files = {path.relative_to(built) for path in built.rglob("*") if path.is_file()}
    assert Path("index.html") in files
    for file in files:
        assert (unpacked / "app" / "web" / "static" / file).read_bytes() == (built / file).read_bytes()
