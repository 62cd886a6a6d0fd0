"""A request that is sent again gets its first answer again, and is done once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import text

from app.database import WriteSession
from app.domain.texts import check_text
from app.errors import IdempotencyConflict
from app.permissions import Viewer

MAX_KEY = 200

# A second request with the same key waits here until the first one's transaction has ended.
CLAIM_KEY = text("""
INSERT INTO idempotency_key (researcher, key, request_sha256, answer)
VALUES (:researcher, :key, :request, '{}')
ON CONFLICT (researcher, key) DO NOTHING
RETURNING key
""")
FIND_ANSWER = text("""
SELECT request_sha256, answer FROM idempotency_key WHERE researcher = :researcher AND key = :key
""")
KEEP_ANSWER = text("""
UPDATE idempotency_key SET answer = CAST(:answer AS jsonb) WHERE researcher = :researcher AND key = :key
""")


async def do_once(
    session: WriteSession,
    viewer: Viewer,
    key: str | None,
    request: str,
    work: Callable[[], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    """The answer of `work`, or the one that the same key got before. Without a key, `work` is done.

    `request` tells requests apart. The answer is what JSON can hold. What fails leaves no trace: its key can
    be used again. Raises IdempotencyConflict if the key was used for another request.
    """
    if key is None:
        return await work()
    _check_key(key)
    digest = hashlib.sha256(request.encode("utf-8", "surrogatepass")).digest()
    values = {"researcher": viewer.researcher, "key": key}
    taken = await session.scalar(CLAIM_KEY, {**values, "request": digest})
    if taken is None:
        row = (await session.execute(FIND_ANSWER, values)).one()
        if row.request_sha256 != digest:
            raise IdempotencyConflict(
                "This idempotency key was used for another request.", hint="Use a new key for a new request."
            )
        answer: dict[str, Any] = row.answer
        return answer
    answer = await work()
    await session.execute(KEEP_ANSWER, {**values, "answer": json.dumps(answer)})
    return answer


async def is_done(session: WriteSession, viewer: Viewer, key: str | None) -> bool:
    """Whether a request with this key was done, so that `do_once` does none. Raises InvalidInput."""
    if key is None:
        return False
    _check_key(key)
    found = await session.execute(FIND_ANSWER, {"researcher": viewer.researcher, "key": key})
    return found.one_or_none() is not None


def _check_key(key: str) -> None:
    check_text(key, "idempotencyKey", max_length=MAX_KEY, blank=False)
