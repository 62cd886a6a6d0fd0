"""Several requests in one body: a JSON array, answered by an array in the same order.

As Apollo's clients send them. Each request is found, run and answered as it would be alone: one that is
refused takes nothing from the others. Where all only read they run side by side; where one changes something,
one after another.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from app.api.execution import Response
from app.permissions import Viewer
from app.web.operations import Found, Operations
from app.web.parameters import check_parameters
from app.web.refusals import Refusal


async def run_batch(operations: Operations, items: Sequence[Any], viewer: Viewer) -> bytes:
    """The JSON array of the responses."""
    found = [_find(operations, item, viewer) for item in items]
    if any(isinstance(each, Found) and not each.operation.is_query for each in found):
        bodies = [await _run(operations, each, viewer) for each in found]
    else:
        bodies = await asyncio.gather(*(_run(operations, each, viewer) for each in found))
    return b"[" + b",".join(bodies) + b"]"


def _find(operations: Operations, item: Any, viewer: Viewer) -> Found | Response:
    try:
        if not isinstance(item, dict):
            raise Refusal(400, "Each request of a batch must be a JSON object.")
        found = operations.find(check_parameters(item), viewer)
        if isinstance(found, Found) and found.operation.is_subscription:
            raise Refusal(400, "A subscription cannot be part of a batch.")
        return found
    except Refusal as refusal:
        return Response(refusal.body(), executed=False)


async def _run(operations: Operations, found: Found | Response, viewer: Viewer) -> bytes:
    if isinstance(found, Response):
        return found.body
    try:
        return (await operations.run(found, viewer)).body
    except Refusal as refusal:
        return refusal.body()
