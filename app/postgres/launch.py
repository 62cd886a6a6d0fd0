"""What runs in the child before PostgreSQL does: drop privileges, tie its life to the parent's, exec.

Run by path (`python -I -S launch.py UID GID PARENT SIGNAL PIPE COMMAND...`), never imported by the
application: it may use the standard library alone.

UID and GID    whom to become; -1 stays who we are
PARENT         pid of the process that must outlive us
SIGNAL         what the command gets when that process is gone
PIPE           -1: the kernel watches (Linux), and the command replaces this process; else a descriptor whose
               end means that the parent is gone, and this process stays to watch it
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
from collections.abc import Callable, Sequence

_PR_SET_PDEATHSIG = 1


def find_prctl() -> Callable[[int, int], int]:
    """libc's prctl. Looked up before privileges go: the new user may not be able to read this Python."""
    function = ctypes.CDLL(None, use_errno=True).prctl
    function.argtypes = [ctypes.c_int, ctypes.c_ulong]
    function.restype = ctypes.c_int
    return lambda option, value: int(function(option, value))


def become(uid: int, gid: int) -> None:
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)


def execute(uid: int, gid: int, parent: int, death_signal: int, command: list[str]) -> None:
    """Becomes the command. The kernel sends it `death_signal` when the thread that forked us ends."""
    prctl = find_prctl()
    become(uid, gid)
    # A change of user clears the death signal, so it is set last.
    if prctl(_PR_SET_PDEATHSIG, death_signal) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:
        os._exit(1)  # the parent died before the line above, and no signal will come
    os.execv(command[0], command)  # noqa: S606 - the command of our caller, no shell


def watch(uid: int, gid: int, pipe: int, death_signal: int, command: list[str]) -> int:
    """Runs the command as a child until it ends. Passes signals on, and `death_signal` when the pipe ends.

    A signal is sent only after `waitpid` said that the child is there: its pid cannot be another's by then.
    """
    pending: list[int] = []
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(number, lambda received, _frame: pending.append(received))
    signal.signal(signal.SIGCHLD, lambda _received, _frame: None)  # only to wake the loop
    child = os.fork()
    if child == 0:
        os.close(pipe)
        become(uid, gid)
        os.execv(command[0], command)  # noqa: S606 - the command of our caller, no shell
    watched = [wake, pipe]
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        while pending:
            os.kill(child, pending.pop(0))
        for ready in select.select(watched, [], [])[0]:
            if ready == wake:
                os.read(wake, 512)
            else:
                watched.remove(pipe)
                pending.append(death_signal)


def main(arguments: Sequence[str]) -> int:
    uid, gid, parent, death_signal, pipe = (int(a) for a in arguments[:5])
    command = list(arguments[5:])
    try:
        if pipe >= 0:
            return watch(uid, gid, pipe, death_signal, command)
        execute(uid, gid, parent, death_signal, command)
    except OSError as error:
        sys.stderr.write(f"{command[0]} cannot be run: {error}\n")
    return 126


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
