"""A process that owns a cluster or attaches to one; the tests run and kill it. Says a JSON object a line.

owner.py ACTION FOLDER [--watch-pipe] [--as-nobody]

    hold     start, say {"owned", "dsn", "socket_dir", "postmaster", "pids"}, wait; SIGTERM and SIGINT stop it
    careless the same, with no handler for signals
    write    start, then commit row after row and say the number of each that is committed
    attach   start or attach, write one row, stop, say what `hold` says
    fail     start under a limit of the size of files, say the error
"""

import ctypes
import json
import os
import pwd
import resource
import signal
import subprocess
import sys
from pathlib import Path

CREATE = """
BEGIN; SELECT FROM pg_advisory_xact_lock(1);
CREATE TABLE IF NOT EXISTS kept (id bigint GENERATED ALWAYS AS IDENTITY, note text); COMMIT
"""


def become_nobody() -> None:
    """Goes on as nobody, as a user who has a Python of their own would.

    This Python may lie in a folder of root's: one capability is kept, to read and pass such folders.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    nobody = pwd.getpwnam("nobody")
    set_keepcaps, set_ambient, raise_ambient, dac_read_search = 8, 47, 2, 2
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)(*[1 << dac_read_search] * 3, 0, 0, 0)
    assert libc.prctl(set_keepcaps, 1, 0, 0, 0) == 0
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    assert libc.capset(header, data) == 0
    assert libc.prctl(set_ambient, raise_ambient, dac_read_search, 0, 0) == 0
    os.execv(sys.executable, [sys.executable, *(a for a in sys.argv if a != "--as-nobody")])


def say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    action, folder = sys.argv[1], Path(sys.argv[2])
    if "--as-nobody" in sys.argv:
        become_nobody()
    from app.errors import DatabaseUnavailable
    from app.postgres import RunningCluster, find_binary, start_cluster, supervision

    def sql(cluster: RunningCluster, script: str) -> list[str]:
        command = [str(find_binary("psql")), "-XqAt", "-v", "ON_ERROR_STOP=1", cluster.dsn()]
        done = subprocess.run(command, input=script, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout.split()

    def describe(cluster: RunningCluster) -> None:
        pids = sql(cluster, "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        postmaster = (folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0]
        say(
            owned=cluster.owned,
            dsn=cluster.dsn(),
            socket_dir=str(cluster.socket_dir),
            postmaster=int(postmaster),
            pids=[int(pid) for pid in (postmaster, *pids)],
        )

    def write(cluster: RunningCluster) -> None:
        command = [str(find_binary("psql")), "-XqAt", cluster.dsn()]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as psql:
            assert psql.stdin is not None
            assert psql.stdout is not None
            while True:
                psql.stdin.write("INSERT INTO kept (note) VALUES (repeat('x', 2000)) RETURNING id;\n")
                psql.stdin.flush()
                say(committed=int(psql.stdout.readline()))

    def close(number: int, _frame: object) -> None:
        # The application still has work to do before it closes: the server must be there for it.
        say(signal=number, answers=sql(cluster, "SELECT 1") == ["1"])
        cluster.stop()
        say(stopped=True)
        sys.exit(0)

    if "--watch-pipe" in sys.argv:
        supervision.KERNEL_WATCHES = False
    if action == "fail":
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    # Who runs the tests in the background or by nohup hands on that these are ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    say(starting=os.getpid())
    try:
        # `write` runs as a server does by default; the others need not wait for the disk.
        cluster = start_cluster(folder, settings={} if action == "write" else {"fsync": "off"})
    except DatabaseUnavailable as error:
        say(error=error.message, hint=error.hint)
        return
    sql(cluster, CREATE)
    if action == "attach":
        sql(cluster, "INSERT INTO kept (note) VALUES ('attached')")
    if action == "hold":
        signal.signal(signal.SIGTERM, close)
        signal.signal(signal.SIGINT, close)
    describe(cluster)
    if action == "attach":
        cluster.stop()
    elif action == "write":
        write(cluster)
    else:
        while True:
            signal.pause()


if __name__ == "__main__":
    main()
