"""Which database is meant: the embedded one, which is started or attached to, or one by URL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.cli.terminal import note
from app.postgres import RunningCluster, start_cluster
from app.settings import Settings

if TYPE_CHECKING:
    from app.database import Database
    from app.permissions import Viewer


@dataclass(frozen=True, slots=True)
class Place:
    """A database that can be connected to. `title` names it without its password."""

    dsn: str
    title: str
    cluster: RunningCluster | None


@contextmanager
def open_place(settings: Settings) -> Iterator[Place]:
    """The database that the settings mean. An embedded server that was started here ends with the block."""
    if settings.database_url is not None:
        from sqlalchemy.engine import make_url

        # Any driver's URL is understood; asyncpg is what connects.
        url = make_url(str(settings.database_url)).set(drivername="postgresql")
        yield Place(url.render_as_string(hide_password=False), url.render_as_string(), None)
        return
    with start_cluster(settings.data_dir, on_progress=note) as cluster:
        yield Place(cluster.dsn(), f"the embedded PostgreSQL in {cluster.data_dir}", cluster)


async def prepare(place: Place) -> None:
    """Bring an embedded database to this version of Sayso. One by URL is its owner's to migrate: it is
    checked.

    Raises DatabaseOutdated and DatabaseUnavailable.
    """
    from app.services.schema import check_schema, migrate

    if place.cluster is None:
        await check_schema(place.dsn)
    else:
        await migrate(place.dsn, on_progress=lambda line: note(f"Migrating: {line}"))


@asynccontextmanager
async def open_database(place: Place, settings: Settings) -> AsyncIterator[tuple[Database, Viewer]]:
    """The database, ready to work with, and the local researcher on whose behalf work is done."""
    from app.database import Database
    from app.domain.vocabulary import Role
    from app.permissions import NOBODY
    from app.services.researchers import ensure_researcher

    await prepare(place)
    database = await Database.open(place.dsn, settings)
    try:
        viewer = await database.write(
            NOBODY, lambda session: ensure_researcher(session, settings.researcher, Role.ADMIN)
        )
        yield database, viewer
    finally:
        await database.close()
