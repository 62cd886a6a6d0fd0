"""How a mutation is done: permitted, once for each idempotency key, in one transaction, and read in it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast
from uuid import UUID

import strawberry
from strawberry import UNSET, Info

from app.api.context import RequestContext
from app.api.reading import plan_payload, read_payload
from app.database import WriteSession
from app.domain.identifiers import NodeType
from app.domain.texts import check_text
from app.errors import DatabaseUnavailable
from app.permissions import Operation, Viewer, permit
from app.services.idempotency import do_once
from app.services.inputs import MAX_NOTE

Context = Info[RequestContext, None]
Payload = TypeVar("Payload")
Work = Callable[[WriteSession, Viewer], Awaitable[dict[str, Any]]]


async def change(
    info: Context,
    payload: type[Payload],
    links: dict[str, NodeType],
    given: Any,
    work: Work,
    *,
    patient: bool = False,
) -> Payload:
    """Do `work` in one transaction and read the payload of that type back before it is committed.

    `work` gives the keys of the payload's nodes by the names of their fields. The same idempotency key gives
    the same keys again. `patient`: see `Database.write`.
    """
    check_permitted(info)
    # What cannot be shown is refused before anything is done.
    types = {name: str(node) for name, node in links.items()}
    statement = plan_payload(info, payload.__name__, types)

    async def read(session: WriteSession, done: dict[str, Any]) -> dict[str, Any]:
        # What was answered by an older version has no `standing`.
        known = {"standing": None, **done}
        context = {name: UUID(key) if name in links else key for name, key in known.items()}
        return await read_payload(info, session, statement, context)

    # What the compiler read has the form of the payload: the executor finds each field in it by its key.
    return cast("Payload", await do_keyed(info, given, work, read, patient=patient))


async def do_keyed(
    info: Context,
    given: Any,
    work: Work,
    read: Callable[[WriteSession, dict[str, Any]], Awaitable[dict[str, Any]]] | None = None,
    *,
    patient: bool = False,
) -> dict[str, Any]:
    """What `work` answers, or answered to the same idempotency key before; with `read`, what that makes of it
    in the same transaction."""
    check_permitted(info)
    viewer = info.context.viewer
    request = json.dumps([info.field_name, strawberry.asdict(given)], default=_spell, sort_keys=True)
    reason = getattr(given, "reason", None)
    if reason is not None:  # it goes with the transaction, past the service
        check_text(reason, "reason", max_length=MAX_NOTE)

    async def transact(session: WriteSession) -> dict[str, Any]:
        done = await do_once(session, viewer, given.idempotency_key, request, lambda: work(session, viewer))
        return done if read is None else await read(session, done)

    database = info.context.database
    try:
        return await database.write(viewer.researcher, transact, reason=reason, patient=patient)
    except DatabaseUnavailable as problem:
        again = "Look whether it was before you send it again; with an idempotencyKey it is done once."
        if given.idempotency_key is not None:
            again = "Send it again, with the same idempotencyKey."
        raise DatabaseUnavailable(problem.message, hint=f"What was committed stays. {again}") from problem


def check_permitted(info: Context) -> None:
    """Whoever may do it to nothing is told so before anything is looked at. Raises NotPermitted."""
    viewer = info.context.viewer
    permit(viewer, Operation(info.field_name), recorded_by=viewer.researcher)


def _spell(value: object) -> object:
    # A field that is left out is told from an empty text.
    return {"left": "out"} if value is UNSET else str(value)
