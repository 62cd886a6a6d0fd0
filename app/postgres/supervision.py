"""One child process: born by `launch`, its end noticed, stopped in steps.

On Linux the child is the program itself, and the kernel signals it when its parent ends. The kernel means the
parent's *thread*: so a thread that lives as long as the process starts the child and waits for it. Elsewhere
a small process stands between the two and watches a pipe that only the parent holds open.

A pid is only ever signalled under the lock under which it is reaped: never one that has become another's.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.postgres.home import ServerUser
from app.postgres.log import trim_log
from app.postgres.programs import clean_environment

logger = logging.getLogger(__name__)

LAUNCH = Path(__file__).with_name("launch.py")
KERNEL_WATCHES = sys.platform == "linux"

# PostgreSQL's signals: fast shutdown (ends sessions, writes a checkpoint), immediate (leaves it to recovery).
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT
_FAST_SECONDS = 30.0
_IMMEDIATE_SECONDS = 10.0  # the server itself kills what has not ended after 5
_LOG_CHECK_SECONDS = 60.0


class Child:
    """A running program. Its end is known when every process that it began has ended.

    `kept` are descriptors that it and its children inherit. While `alarmed` is set, an end that nobody asked
    for is logged.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        user: ServerUser,
        log: Path,
        death_signal: int = IMMEDIATE,
        kept: Sequence[int] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Starts it. Raises OSError if the log cannot be written or no process can be made."""
        self.command = [str(part) for part in command]
        self.log = log
        self.returncode: int | None = None
        self.alarmed = False
        self._user, self._death_signal = user, death_signal
        self._kept, self._environment = tuple(kept), {**clean_environment(), **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._failure: Exception | None = None
        self._signalling = threading.Lock()
        self._begun, self._ended = threading.Event(), threading.Event()
        self._stopping = False
        threading.Thread(target=self._keep, name="postgres", daemon=True).start()
        try:
            self._begun.wait()
        except BaseException:
            self._begun.wait()
            self.stop()
            raise
        if self._failure is not None:
            raise self._failure

    @property
    def running(self) -> bool:
        return not self._ended.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it has ended, within `seconds`."""
        return self._ended.wait(seconds)

    def send(self, number: int) -> None:
        with self._signalling:
            if self._process is not None and self._process.returncode is None:
                self._process.send_signal(number)

    def stop(self) -> None:
        """Fast, then immediate, then by force. Returns when nothing of it is left."""
        self._stopping = True
        for number, seconds in ((FAST, _FAST_SECONDS), (IMMEDIATE, _IMMEDIATE_SECONDS)):
            self.send(number)
            if self.wait(seconds):
                return
        logger.warning("PostgreSQL did not end by itself and was killed; its log is %s", self.log)
        self.send(signal.SIGKILL)
        self.wait(_IMMEDIATE_SECONDS)

    def _keep(self) -> None:
        life, held = os.pipe()
        # Held open by this process alone: `watch` reads its end when we are gone.
        parent_gone, parent_here = os.pipe()
        try:
            self._process = self._spawn(held, parent_gone)
        except Exception as error:  # raised again where it was asked for
            self._failure = error
        os.close(held)
        os.close(parent_gone)
        self._begun.set()
        if self._process is not None:
            self._await_end(life)
            with self._signalling:
                self.returncode = self._process.wait()
        os.close(life)
        os.close(parent_here)
        self._ended.set()
        if self.alarmed and not self._stopping:
            logger.error("PostgreSQL ended with code %s; its log is %s", self.returncode, self.log)

    def _spawn(self, held: int, parent_gone: int) -> subprocess.Popen[bytes]:
        pipe = -1 if KERNEL_WATCHES else parent_gone
        uid, gid = (self._user.uid, self._user.gid) if self._user.is_other else (-1, -1)
        numbers = (uid, gid, os.getpid(), int(self._death_signal), pipe)
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            return subprocess.Popen(  # noqa: S603 - a program of ours
                [sys.executable, "-I", "-S", str(LAUNCH), *map(str, numbers), *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=self._environment,
                pass_fds=(held, *self._kept, *((pipe,) if pipe >= 0 else ())),
                start_new_session=True,  # Ctrl-C reaches the application, which then closes in its own order
            )
        finally:
            os.close(log)

    def _await_end(self, life: int) -> None:
        """Returns when no process holds the pipe's other end any more; trims the log meanwhile."""
        with selectors.DefaultSelector() as selector:
            selector.register(life, selectors.EVENT_READ)
            while not selector.select(_LOG_CHECK_SECONDS):
                trim_log(self.log)
