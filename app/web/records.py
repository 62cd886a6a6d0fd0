"""Request ids, and one line of the log for each request, without documents, values or SQL.

    {"request": "5a3c…", "method": "POST", "path": "/graphql", "operation": "Claims", "status": 200, "ms": 2}

These are the record's `fields`, for whoever formats it; its message says the same in words.
An operation is called by its name alone: what a client wrote into a document may be a secret of its own.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from time import perf_counter

from app.web.metrics import count_request

log = logging.getLogger(__name__)

LONGEST_NAME = 100
DRAWN_AT_ONCE = 256
_GIVEN_ID = re.compile(rb"[A-Za-z0-9._~+/=:-]{1,128}")


def identify(given: bytes | None) -> bytes:
    """The id of a request: the client's own if it is plain and short, else a new one of 16 hex digits."""
    if given is not None and _GIVEN_ID.fullmatch(given):
        return given
    return next(_new_ids)


def _draw() -> Iterator[bytes]:
    """Ids that nobody can guess. Asking the system for each alone takes longer."""
    while True:
        drawn = os.urandom(8 * DRAWN_AT_ONCE).hex().encode()
        for place in range(0, len(drawn), 16):
            yield drawn[place : place + 16]


_new_ids = _draw()


def record(
    request_id: bytes,
    method: str,
    path: str,
    status: int,
    begun: float,
    *,
    operation: str | None = None,
    level: int = logging.INFO,
) -> None:
    """Log one request that began at `begun` (of perf_counter), and count it."""
    count_request(method, status)
    if not log.isEnabledFor(level):
        return
    milliseconds = round((perf_counter() - begun) * 1000, 2)
    fields = {
        "request": request_id.decode(),
        "method": method,
        "path": path[:LONGEST_NAME],
        "operation": operation[:LONGEST_NAME] if operation else None,
        "status": status,
        "ms": milliseconds,
    }
    log.log(level, "%(method)s %(path)s %(operation)s %(status)s %(ms)s ms", fields, extra={"fields": fields})
