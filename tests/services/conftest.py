"""What the tests of services share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.database import Database
from app.domain.vocabulary import Role
from app.permissions import Viewer
from app.settings import Settings
from tests.factories import make_viewer


@pytest.fixture
async def busy_database(
    dsn: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Database]:
    """A database on which many can write at once. A deadlock would not be tried again: it would show. However
    busy the machine is, nobody waits too long for the others."""
    monkeypatch.setattr("app.database.database.ATTEMPTS", 1)
    patience = dict.fromkeys(("lock_timeout_ms", "statement_timeout_ms", "transaction_timeout_ms"), 300_000)
    database = await Database.open(dsn, settings.model_copy(update={"write_connections": 24, **patience}))
    yield database
    await database.close()


@pytest.fixture
async def editor(database: Database) -> Viewer:
    return await make_viewer(database, Role.EDITOR)
