"""demo, serve: the API, over HTTP, until Ctrl-C."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING

import typer

import app
from app.cli.options import (
    DatabaseUrl,
    DataDir,
    Host,
    KnownDocuments,
    OnlyKnown,
    Port,
    Quiet,
    read_settings,
)
from app.cli.places import Place, open_database, open_place
from app.cli.terminal import note, say, show_progress, warn
from app.errors import SettingInvalid
from app.settings import Settings

if TYPE_CHECKING:
    from app.database import Database
    from app.permissions import Viewer

SAMPLE = Path(app.__file__).parent / "samples" / "baghdad-2019" / "bundle.yaml"


def serve(
    context: typer.Context,
    port: Port = None,
    host: Host = None,
    quiet: Quiet = False,
    known_documents: KnownDocuments = None,
    only_known_documents: OnlyKnown = None,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Serve GraphQL over HTTP until Ctrl-C.

    The embedded database is made, started and migrated as need be. One by URL is only checked: migrate it by
    `sayso migrate`.
    """
    settings = read_settings(
        context,
        database_url,
        data_dir,
        port=port,
        host=host,
        known_documents=known_documents,
        only_known_documents=only_known_documents,
    )
    run_service(settings, quiet=quiet, record=None)


def demo(
    context: typer.Context,
    port: Port = None,
    host: Host = None,
    quiet: Quiet = False,
    data_dir: DataDir = None,
) -> None:
    """Serve a sample until Ctrl-C, and print where to look.

    The sample is recorded first. Always uses the embedded database. Run again, it records nothing twice.
    """
    settings = read_settings(context, None, data_dir, port=port, host=host)
    if settings.database_url is not None:
        raise SettingInvalid(
            "The demo records its sample in an embedded database, and SAYSO_DATABASE_URL names another.",
            hint=f"Unset it or give --data-dir; or record the sample yourself: sayso import {SAMPLE}",
        )
    if "read_without_token" not in settings.model_fields_set:
        settings = settings.model_copy(update={"read_without_token": True})
    run_service(settings, quiet=quiet, record=record_sample)


Record = Callable[["Database", "Viewer"], Coroutine[None, None, None]]


async def record_sample(database: Database, viewer: Viewer) -> None:
    from app.exchange.importing import import_bundle

    with show_progress("Recording the sample") as show:
        await import_bundle(database, viewer, SAMPLE, update=False, on_progress=show)


def run_service(settings: Settings, *, quiet: bool, record: Record | None) -> None:
    """Bind, open the database, `record` into it, serve. All that was begun is ended in the opposite order."""
    from app.tracing import tracing
    from app.web.server import bind, run_loop

    # First of all: whoever runs a second one by mistake is told at once.
    with bind(settings.host, settings.port) as listener, tracing(), open_place(settings) as place:
        run_loop(run_application(place, settings, listener, record, quiet=quiet))
    note("Stopped.")


async def run_application(
    place: Place, settings: Settings, listener: socket.socket, record: Record | None, *, quiet: bool
) -> None:
    from app.api.execution import Engine
    from app.api.schema import build_schema
    from app.auth import Authenticator
    from app.cli.logs import configure_logs
    from app.cli.tokens import make_link
    from app.services.recomputation import HAS_OLDER, OLDER_TOLD
    from app.services.sealing import sealing
    from app.web import create_app
    from app.web.crowds import raise_file_limit
    from app.web.metrics import serving_metrics
    from app.web.server import find_url, serve

    async with open_database(place, settings) as (database, viewer):
        if record is not None:
            await record(database, viewer)
        if json.loads(await database.fetch_json(HAS_OLDER, [])):
            warn(OLDER_TOLD)
        authenticator = Authenticator(database, settings)
        engine = Engine(
            build_schema(),
            database,
            introspection=settings.introspection,
            subscribers=settings.subscribers,
            accounts_changed=authenticator.forget,
        )
        raise_file_limit(settings.client_connections)
        application = create_app(engine, database, authenticator, settings)
        configure_logs(quiet=quiet)
        url = find_url(listener)
        # Whoever may read the folder of an embedded database may do everything in it.
        link = await make_link(database, viewer, url) if place.cluster else None
        # The schema and all modules stay: looking for garbage among them would hold every request for 0.1 s.
        gc.collect()
        gc.freeze()
        serving = serve(
            application,
            listener,
            settings,
            lambda: announce(url, place, link, sample=record is not None),
        )
        with serving_metrics(application.metrics, settings):
            async with sealing(place.dsn, settings.seal_seconds):
                await keep_serving(asyncio.ensure_future(serving), place)
        await authenticator.close()


async def keep_serving(serving: asyncio.Future[None], place: Place) -> None:
    """Until `serving` ends, or the database does for good."""
    from app.cli.keeping import Keeper

    if place.cluster is None:
        await serving
        return
    keeper = Keeper(place.cluster)
    keeping = asyncio.ensure_future(keeper.keep())
    try:
        await asyncio.wait({serving, keeping}, return_when=asyncio.FIRST_COMPLETED)
        (serving if serving.done() else keeping).result()
    finally:
        serving.cancel()
        keeping.cancel()
        await asyncio.gather(serving, keeping, return_exceptions=True)
        keeper.close()


def announce(url: str, place: Place, link: str | None, *, sample: bool) -> None:
    """Where to look; for the demo also what to ask."""
    from app.web import read_queries

    say(f"GraphQL   {url}/graphql")
    say(f"Workbench {url}/")
    if link:
        say(f"Sign in   {link} (good once, within the hour)")
    say(f"Database  {place.title}")
    if sample:
        say("\nThree queries to paste:")
        for query in read_queries():
            say(f"\n{query.text}")
    say("\nCtrl-C ends it.")
