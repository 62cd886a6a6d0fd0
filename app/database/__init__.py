"""The way to Postgres: sessions that write, and `fetch_json`, which reads.

Reads and writes have pools of their own, so that a burst of one never starves the other. A read is one
statement whose only value is JSON text; it comes back as the bytes that go out. A write is one transaction,
tried again where Postgres asks for that.

- `database.py`   one database, open: what the other rooms call
- `reads.py`      the read pool
- `connections.py` a connection that reads, with what it has prepared
- `sharing.py`    who waits for a connection, and when several share a statement
- `sessions.py`   transactions that write
- `connecting.py`  a connection of one's own, outside the pools
- `changes.py`    that something was committed, by whomever
- `failures.py`   what Postgres's errors mean
"""

from app.database.changes import Changes, Watcher
from app.database.connecting import connect, open_connection
from app.database.database import ConnectedDatabase, Database
from app.database.failures import FAILED, Overtaken, constraint_name, is_lost, sqlstate
from app.database.sessions import WriteSession, fetch_json_on
from app.database.sharing import Asked

__all__ = [
    "FAILED",
    "Asked",
    "Changes",
    "ConnectedDatabase",
    "Database",
    "Overtaken",
    "Watcher",
    "WriteSession",
    "connect",
    "constraint_name",
    "fetch_json_on",
    "is_lost",
    "open_connection",
    "sqlstate",
]
