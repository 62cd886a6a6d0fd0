"""An engine over a database, and `ask`: a document in, its JSON out."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.api.execution import Engine
from app.database import Database
from app.permissions import Viewer
from tests.api.schemas import SCHEMA

Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def ask(database: Database, viewer: Viewer) -> Ask:
    """`await ask(document, name=value, …)`: the response, on behalf of the local researcher."""
    return asking(Engine(SCHEMA, database), viewer)


def asking(engine: Engine, viewer: Viewer) -> Ask:
    async def ask(document: str, **variables: Any) -> dict[str, Any]:
        response = await engine.execute(document, variables, None, viewer)
        answer: dict[str, Any] = json.loads(response.body)
        return answer

    return ask
