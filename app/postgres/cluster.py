"""Starts the server of a data directory, or attaches to the one that runs there."""

from __future__ import annotations

import atexit
import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from app.errors import DatabaseUnavailable
from app.postgres.home import Home, open_home
from app.postgres.log import KEPT_LOG, read_tail, suggest, trim_log
from app.postgres.preparation import (
    check_version,
    clear_leftovers,
    make_data,
    stale_pid_environment,
    write_access_rules,
)
from app.postgres.presence import (
    DATABASE,
    NO_ANSWER,
    PORT,
    ROLE,
    SOCKET_NAME,
    ask,
    make_socket_folder,
    read_record,
    release_lock,
    remove_socket_folder,
    serves,
    take_lock,
    write_record,
)
from app.postgres.programs import binaries_for, find_binary, major_version
from app.postgres.supervision import Child

_ATTACH_SECONDS = 120.0
_START_SECONDS = 300.0  # long enough for recovery after a crash
_SLOW_SECONDS = 2.0

_SETTINGS = {"timezone": "UTC", "log_timezone": "UTC"}
# Rows then outlive the application, not the machine.
_UNSAFE_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class RunningCluster:
    """A server that answers. `owned` if this process started it; only then does `stop` stop it.

    The server ends with its owner, whoever is attached.
    """

    def __init__(
        self,
        home: Home,
        socket_dir: Path,
        *,
        child: Child | None = None,
        lock: int | None = None,
        throwaway: bool = False,
    ) -> None:
        self.data_dir = home.link.parent
        self.kept_in = home.path if home.link.is_symlink() else None
        """Where the files are, if not in `data_dir`."""
        self.socket_dir = socket_dir
        self.owned = child is not None
        self.log = home.log
        self._home, self._child, self._lock, self._throwaway = home, child, lock, throwaway
        self._process_id = os.getpid()
        self._stopping = threading.RLock()
        if child is not None:
            child.alarmed = True
            atexit.register(self.stop)

    def dsn(self, database: str = DATABASE, *, user: str = ROLE) -> str:
        """A URL for asyncpg, libpq and, with the scheme postgresql+asyncpg, SQLAlchemy. By default as the
        superuser.

        The port only names the socket's file; were it left out, PGPORT would count.
        """
        host = quote(str(self.socket_dir), safe="")
        return f"postgresql://{user}@/{quote(database, safe='')}?host={host}&port={PORT}"

    @property
    def running(self) -> bool:
        """Whether the server runs. An attached process asks the server (about 10 ms)."""
        if self._child is not None:
            return self._child.running
        return serves(self.socket_dir, self._home)

    def ended_within(self, seconds: float) -> bool:
        """Whether the server that this process started has ended, every process of it, within that time.

        False for an attached cluster: only its owner can tell.
        """
        return self._child is not None and self._child.wait(seconds)

    def stop(self) -> None:
        """Stops the server that this process started; returns when nothing of it is left. Twice is fine.

        Does nothing for an attached cluster, nor in a fork of the owner.
        """
        if self._child is None or self._process_id != os.getpid():
            return
        with self._stopping:
            if self._lock is None:
                return
            self._child.stop()
            remove_socket_folder(self.socket_dir, self._home)
            self._home.record.unlink(missing_ok=True)
            if self._throwaway:
                remove_home(self._home)
            release_lock(self._lock)
            self._lock = None
        atexit.unregister(self.stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start_cluster(
    data_dir: Path,
    *,
    settings: Mapping[str, str] | None = None,
    durable: bool = True,
    on_progress: Callable[[str], None] | None = None,
) -> RunningCluster:
    """Starts the server of `data_dir`, which is made on the first call, or attaches to one that runs.

    Blocks for about a second, for longer after a crash: from asyncio, call it by `asyncio.to_thread`. The
    server ends with this process, however that ends; the end of the calling thread does not matter.

    `settings` are PostgreSQL's; they count only if the server is started here. `durable=False` is for tests:
    nothing is flushed to disk, and a cluster that this call made is removed by `stop`. `on_progress` gets one
    sentence a step.

    Raises `DatabaseUnavailable`, with the end of the server's log.
    """
    report = on_progress or (lambda _step: None)
    folder = Path(os.path.abspath(data_dir))  # noqa: PTH100 -- links in it stay as they are
    give_up, waiting = time.monotonic() + _ATTACH_SECONDS, False
    while True:
        home = open_home(folder, report)
        lock = take_lock(home)
        if lock is not None:
            try:
                return start_server(home, lock, settings or {}, durable, report)
            except BaseException:
                os.close(lock)  # not unlocked: should a part of the server live on, it still holds the lock
                raise
        socket_dir = read_record(home)
        if socket_dir is not None and serves(socket_dir, home):
            return RunningCluster(home, socket_dir)
        if time.monotonic() > give_up:
            raise DatabaseUnavailable(
                f"Another process holds the database in {folder} and does not answer.",
                hint=f"See which one: fuser {home.path / 'lock'}. The server's log is {home.log}.",
            )
        if not waiting:
            report("Another process is starting or ending the database; waiting for it")
            waiting = True
        time.sleep(0.05)


def start_server(
    home: Home, lock: int, settings: Mapping[str, str], durable: bool, report: Callable[[str], None]
) -> RunningCluster:
    """Under the lock: makes the data directory if need be, starts the server, waits until it answers."""
    socket_dir: Path | None = None
    child: Child | None = None
    try:
        clear_leftovers(home)
        programs = binaries_for(home.user, home.path, report)
        made = not home.data.exists()
        if made:
            report(f"Creating a PostgreSQL {major_version()} database in {home.data}")
            make_data(home, programs, lock, flush=durable and settings.get("fsync") != "off")
        check_version(home)
        write_access_rules(home)
        socket_dir = make_socket_folder(home)
        write_record(home, socket_dir)  # before the start: if we are killed, the next one finds the folder
        report("Starting PostgreSQL")
        trim_log(home.log, KEPT_LOG)
        said_before = home.log.stat().st_size if home.log.exists() else 0
        program = find_binary("postgres", folder=programs)
        child = Child(
            [program, "-D", home.data, *arguments(home, socket_dir, settings, durable)],
            user=home.user,
            log=home.log,
            kept=[lock],
            environment=stale_pid_environment(home),
        )
        await_answer(child, socket_dir, said_before, report)
        return RunningCluster(home, socket_dir, child=child, lock=lock, throwaway=made and not durable)
    except BaseException as error:
        if child is not None:
            child.stop()
        if socket_dir is not None:
            remove_socket_folder(socket_dir, home)
        if isinstance(error, OSError):
            raise DatabaseUnavailable(
                f"The database in {home.path} cannot be started: {error}", hint=suggest(str(error), home.log)
            ) from error
        raise


def arguments(home: Home, socket_dir: Path, settings: Mapping[str, str], durable: bool) -> list[str]:
    """All on the command line, ours last: a setting of the caller's cannot open a port."""
    ours = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "hba_file": str(home.path / "pg_hba.conf"),
        "ident_file": str(home.path / "pg_ident.conf"),
        "logging_collector": "off",
        "log_destination": "stderr",
    }
    chosen = [
        *_SETTINGS.items(),
        *([] if durable else _UNSAFE_SETTINGS.items()),
        *settings.items(),
        *ours.items(),
    ]
    return [part for name, value in chosen for part in ("-c", f"{name}={value}")]


def await_answer(child: Child, socket_dir: Path, said_before: int, report: Callable[[str], None]) -> None:
    """Waits until the server takes connections, and makes the database `sayso` if it is not there."""
    begun, slow, trouble, pause = time.monotonic(), False, "", 0.02
    create = f"SELECT 'CREATE DATABASE {DATABASE}'"
    create += f" WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec\n"
    while child.running and time.monotonic() - begun < _START_SECONDS:
        if (socket_dir / SOCKET_NAME).exists():
            answer = ask(socket_dir, "postgres", create)
            if answer.returncode == 0:
                return
            trouble = answer.stderr.strip()
            if not is_passing(trouble):
                break
        if not slow and time.monotonic() - begun > _SLOW_SECONDS:
            report("Still starting: after an unclean end PostgreSQL recovers first")
            slow = True
        child.wait(pause)
        pause = min(pause * 1.3, 0.25)  # each refusal is a line in the log
    said = "\n".join(part for part in (read_tail(child.log, said_before), trouble) if part)
    raise DatabaseUnavailable(f"PostgreSQL did not start.\n{said}", hint=suggest(said, child.log))


def is_passing(trouble: str) -> bool:
    """Whether a refused connection only means "not yet".

    >>> is_passing("FATAL:  the database system is starting up")
    True
    >>> is_passing('FATAL:  Peer authentication failed for user "sayso"')
    False
    """
    passing = ("starting up", "not yet accepting", "in recovery mode", "Connection refused", "No such file")
    return any(words in trouble for words in (*passing, NO_ANSWER))


def remove_home(home: Home) -> None:
    shutil.rmtree(home.path, ignore_errors=True)
    if home.link.is_symlink():
        home.link.unlink(missing_ok=True)
