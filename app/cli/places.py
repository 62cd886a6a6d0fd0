"""Which database is meant: the embedded one, which is started or attached to, or one by URL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.cli.terminal import note
from app.errors import SettingInvalid
from app.postgres import RunningCluster, has_database, start_cluster
from app.settings import Settings

if TYPE_CHECKING:
    from app.database import Database
    from app.permissions import Viewer


@dataclass(frozen=True, slots=True)
class Place:
    """A database that can be connected to. `title` names it without its password.

    `dsn` is for those who record and read; to an embedded database it leads once that is prepared.
    `owner_dsn` is for what its owner does: the schema, redactions, backups.
    """

    dsn: str
    owner_dsn: str
    title: str
    cluster: RunningCluster | None


@contextmanager
def open_place(settings: Settings, *, made: bool = False) -> Iterator[Place]:
    """The database that the settings mean. An embedded server that was started here ends with the block.

    One that is not there is made; or refused, by who asks for what is `made` already.
    """
    if settings.database_url is None and settings.owner_url is not None:
        raise SettingInvalid("SAYSO_OWNER_URL is set, and SAYSO_DATABASE_URL is not: set both, or neither.")
    if settings.database_url is not None:
        dsn, title = read_url(settings.database_url)
        owner_dsn, _ = read_url(settings.owner_url or settings.database_url)
        yield Place(dsn, owner_dsn, title, None)
        return
    if made and not has_database(settings.data_dir):
        raise SettingInvalid(
            f"There is no database in {settings.data_dir}.",
            hint="--data-dir or --database-url says which one is meant.",
        )
    from app.models.roles import APPLICATION

    with start_cluster(settings.data_dir, on_progress=note) as cluster:
        dsn = cluster.dsn(user=APPLICATION)
        kept = f", kept in {cluster.kept_in}" if cluster.kept_in else ""
        yield Place(dsn, cluster.dsn(), f"the embedded PostgreSQL in {cluster.data_dir}{kept}", cluster)


def read_url(given: str) -> tuple[str, str]:
    """A URL as asyncpg and libpq take it, and the same without its password, wherever that stands.

    Raises SettingInvalid.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(given).set(drivername="postgresql")  # any driver's is understood
    except (ArgumentError, ValueError) as problem:
        raise SettingInvalid(
            "The database's URL cannot be read.",
            hint="It is written postgresql://USER:PASSWORD@HOST:PORT/DATABASE; @ in a password is %40.",
        ) from problem
    shown = url.difference_update_query(["password"])
    return url.render_as_string(hide_password=False), shown.render_as_string()


async def prepare(place: Place) -> None:
    """Bring an embedded database to this version of Sayso. One by URL is its owner's to migrate: it is
    checked.

    Raises DatabaseOutdated and DatabaseUnavailable.
    """
    from app.services.schema import check_schema, let_application_in, migrate

    if place.cluster is None:
        await check_schema(place.dsn)
    else:
        await migrate(place.owner_dsn, on_progress=tell_revisions())
        await let_application_in(place.owner_dsn)


def tell_revisions() -> Callable[[str], None]:
    """Notes each revision; of a database that had none, only that its tables are made."""
    empty = False

    def tell(line: str) -> None:
        nonlocal empty
        if line.startswith("0001:"):
            empty = True
            note("Making the tables")
        elif not empty:
            note(f"Migrating: {line}")

    return tell


@asynccontextmanager
async def open_database(
    place: Place, settings: Settings, *, as_owner: bool = False
) -> AsyncIterator[tuple[Database, Viewer]]:
    """The database, ready to work with, and the local researcher on whose behalf work is done."""
    from app.database import Database
    from app.domain.vocabulary import Role
    from app.permissions import NOBODY
    from app.services.researchers import ensure_researcher

    await prepare(place)
    dsn = place.owner_dsn if as_owner else place.dsn
    database = await Database.open(dsn, settings, as_owner=as_owner)
    try:
        viewer = await database.write(
            NOBODY, lambda session: ensure_researcher(session, settings.researcher, Role.ADMIN)
        )
        yield database, viewer
    finally:
        await database.close()
