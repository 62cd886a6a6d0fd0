"""Whether a server runs in a home, and where it listens: the lock, the record, the socket and its folder.

The lock (flock) is held by the process that starts a server and by every process of that server. Whoever can
take it knows that nothing of an earlier server is left. Whoever cannot reads the record, and believes it only
if the server of this very home answers there. No pid that stands in a file is ever believed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from app.errors import DatabaseUnavailable
from app.postgres.home import Home, can_enter
from app.postgres.programs import clean_environment, find_binary

ROLE = DATABASE = "sayso"
PORT = 5432  # a part of the socket's name, no more
SOCKET_NAME = f".s.PGSQL.{PORT}"
# sun_path holds 104 bytes on macOS and BSD, 108 on Linux, with a NUL at the end.
LONGEST_SOCKET_PATH = 102
NO_ANSWER = "timeout expired"  # in libpq's words
_ANSWER_SECONDS = 60.0  # CREATE DATABASE on a slow disk is the longest
# Each client reads some other characters (, : " @) in its own way.
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9._/-]+")


def take_lock(home: Home) -> int | None:
    """A descriptor that holds the lock, or None if another has it."""
    path = home.path / "lock"
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(lock), path.stat()):
                return lock
        except (BlockingIOError, FileNotFoundError):  # held; or removed while we opened it
            pass
        except OSError:
            os.close(lock)
            raise
        os.close(lock)
    except FileNotFoundError:
        pass  # a throwaway cluster went away just now
    except OSError as error:
        raise DatabaseUnavailable(
            f"The database in {home.path} cannot be locked: {error.strerror}",
            hint="Its folder must be on a file system with locks, and yours to write.",
        ) from error
    return None


def release_lock(lock: int) -> None:
    # Unlocked, not only closed: a forked child of ours may have a copy of the descriptor.
    with suppress(OSError):
        fcntl.flock(lock, fcntl.LOCK_UN)
    os.close(lock)


def read_record(home: Home) -> Path | None:
    """The socket's folder of the server that was last ready."""
    try:
        return Path(json.loads(home.record.read_text())["socket_dir"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_record(home: Home, socket_dir: Path) -> None:
    work = home.record.with_suffix(".new")
    work.write_text(json.dumps({"socket_dir": str(socket_dir)}) + "\n")
    work.replace(home.record)


def make_socket_folder(home: Home) -> Path:
    """A private folder whose path every client reads alike and that leaves room for the socket's name:
    in the home, else below the temporary folder.

    Not below XDG_RUNTIME_DIR: that one goes when its user logs out, while the server may run on.
    """
    own = home.path / "socket"
    shutil.rmtree(own, ignore_errors=True)
    if fits(own):
        own.mkdir(0o700)
        if can_hold_socket(own):
            if home.user.is_other:
                os.chown(own, home.user.uid, home.user.gid)
            return own
        own.rmdir()
    for base in (Path(tempfile.gettempdir()).resolve(), Path("/tmp").resolve()):  # noqa: S108 - a new folder is made in it
        if fits(base / "sayso-12345678") and (not home.user.is_other or can_enter(base, home.user)):
            folder = Path(tempfile.mkdtemp(prefix="sayso-", dir=base))
            if home.user.is_other:
                os.chown(folder, home.user.uid, home.user.gid)
            return folder
    raise DatabaseUnavailable(
        f"There is no folder for the server's socket: the path {own} is too long or unusual, "
        "and the temporary folder cannot be used.",
        hint="Set TMPDIR to a folder with a short path that others can enter.",
    )


def fits(folder: Path) -> bool:
    path = str(folder / SOCKET_NAME)
    return len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and _PLAIN_PATH.fullmatch(path) is not None


def can_hold_socket(folder: Path) -> bool:
    """Some shared and network folders hold files but no sockets."""
    probe = folder / ".probe"
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(probe))
        probe.unlink()
    except OSError:
        return False
    return True


def remove_socket_folder(folder: Path, home: Home) -> None:
    """Removes the folder of a server that is gone, if it is one of ours, and no file but the socket's."""
    with suppress(OSError):
        info = folder.lstat()
        ours = folder == home.path / "socket" or folder.name.startswith("sayso-")
        if ours and info.st_uid in (home.user.uid, os.geteuid()):
            for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
                (folder / name).unlink(missing_ok=True)
            folder.rmdir()


def serves(socket_dir: Path, home: Home) -> bool:
    """Whether the server behind this socket is the one of this home."""
    answer = ask(socket_dir, DATABASE, "SHOW data_directory")
    return answer.returncode == 0 and answer.stdout.rstrip("\n") == str(home.data)


def ask(socket_dir: Path, database: str, script: str) -> subprocess.CompletedProcess[str]:
    """Runs a script by psql: it needs no event loop, so that this module works in one and without."""
    command = [str(find_binary("psql")), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database]
    address = {"PGHOST": str(socket_dir), "PGPORT": str(PORT), "PGUSER": ROLE}
    try:
        return subprocess.run(  # noqa: S603 - a program of ours
            command,
            input=script,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
            env={**clean_environment(), **address, "PGCONNECT_TIMEOUT": "3"},
            timeout=_ANSWER_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 2, "", NO_ANSWER)
