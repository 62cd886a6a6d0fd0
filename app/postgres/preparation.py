"""What must be so before the server starts: no leftovers, a data directory of its version, access rules."""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from app.errors import DatabaseUnavailable
from app.postgres.home import Home, find_name, make_server_folder
from app.postgres.log import read_tail, suggest
from app.postgres.presence import ROLE, read_record, remove_socket_folder
from app.postgres.programs import find_binary, major_version
from app.postgres.supervision import Child

logger = logging.getLogger(__name__)

# LC_CTYPE is what text search and pg_trgm still go by, whatever the locale provider: under C, curly quotes
# join words, and Arabic has no trigrams.
_CHARACTER_TYPES = ("C.UTF-8", "en_US.UTF-8", "C")


def clear_leftovers(home: Home) -> None:
    """Removes what a killed owner left: its socket, an unfinished data directory. No rows are in them."""
    for unfinished in (*home.path.glob("initdb-*"), *home.path.glob(".postgresql-*")):
        shutil.rmtree(unfinished)
    socket_dir = read_record(home)
    if socket_dir is not None:
        remove_socket_folder(socket_dir, home)
    home.record.unlink(missing_ok=True)


def make_data(home: Home, programs: Path, lock: int, *, flush: bool) -> None:
    """initdb in a folder of its own, which gets the name `data` when it is whole and, by `flush`, on disk."""
    log = home.path / "initdb.log"
    said = ""
    for character_type in _CHARACTER_TYPES:
        work = home.path / f"initdb-{secrets.token_hex(4)}"
        make_server_folder(work, home.user)
        command = [str(find_binary("initdb", folder=programs)), "-D", str(work), "-U", ROLE]
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        command += [f"--lc-ctype={character_type}", "--auth=peer", "--no-instructions"]
        command += [] if flush else ["--no-sync"]
        log.unlink(missing_ok=True)
        try:
            if run_initdb(command, home, log, lock):
                work.rename(home.data)
                sync_folder(home.path)
                log.unlink()
                if character_type == "C":
                    logger.warning("No UTF-8 locale on this machine: search will be poor in other scripts")
                return
        finally:
            shutil.rmtree(work, ignore_errors=True)
        said = read_tail(log)
        if "invalid locale name" not in said:
            break
    raise DatabaseUnavailable(
        f"The database cannot be created in {home.path}.\n{said}", hint=suggest(said, log)
    )


def run_initdb(command: Sequence[str], home: Home, log: Path, lock: int) -> bool:
    child = Child(command, user=home.user, log=log, death_signal=signal.SIGKILL, kept=[lock])
    try:
        child.wait()
    finally:
        if child.running:  # Ctrl-C
            child.stop()
    return child.returncode == 0


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_version(home: Home) -> None:
    try:
        found = (home.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        found = ""
    if found != major_version():
        maker = f"PostgreSQL {found}" if found.isdecimal() else "something else"
        raise DatabaseUnavailable(
            f"The database in {home.data} was made by {maker}; this is PostgreSQL {major_version()}.",
            hint="Export it with the version of Sayso that made it, or set SAYSO_DATA_DIR to a new folder.",
        )


def write_access_rules(home: Home) -> None:
    """Who may connect: over the socket, whoever started the server, its own user and root, as any role."""
    names = {find_name(os.geteuid()), home.user.name, find_name(0)} - {None}
    rules = {
        "pg_hba.conf": "local all all peer map=sayso\n",
        "pg_ident.conf": "".join(f'sayso "{name}" all\n' for name in sorted(names, key=str)),
    }
    for name, text in rules.items():
        path = home.path / name
        path.write_text(text)
        path.chmod(0o644)  # the server's user reads them


def stale_pid_environment(home: Home) -> dict[str, str]:
    """Lets the server start over a postmaster.pid whose pid now is somebody else's.

    The lock proves that no server of ours runs here. PostgreSQL takes the file for a running server's if a
    process of that pid lives, unless that is its parent or, by this variable, its grandparent. It still looks
    for the shared memory named there, and so refuses if somebody runs a server here by hand.
    """
    path = home.data / "postmaster.pid"
    try:
        lines = path.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    pid = abs(int(lines[0])) if lines and re.fullmatch(r"-?\d{1,18}", lines[0]) else 0
    if pid == 0:
        path.unlink()  # cut short by a crash: no server has such a file, and PostgreSQL asks to remove it
        return {}
    return {"PG_GRANDPARENT_PID": str(pid)}
