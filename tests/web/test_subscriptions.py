"""A small crowd over both transports; `python -m tests.web.subscription_campaign` is the large one."""

from __future__ import annotations

from app.database import Database
from app.permissions import Viewer
from app.settings import Settings
from tests.web.conftest import Serve
from tests.web.subscription_campaign import run


async def test_each_of_a_crowd_is_told_of_its_own_once_and_in_order(
    serve: Serve, committed_database: Database, settings: Settings, dsn: str, viewer: Viewer
) -> None:
    async with serve(committed_database, settings) as site:
        assert await run(site.port, committed_database, dsn, viewer, subscribers=30, changes=40, seed=1) == []
