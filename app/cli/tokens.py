"""token, sign-in: what one signs in with."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from app.cli.accounts import AsJson, act, fetch_rows, find_researcher, open_and, show
from app.cli.options import DatabaseUrl, DataDir, read_settings
from app.cli.terminal import note, say, warn
from app.domain.counts import spell_count
from app.domain.vocabulary import Role
from app.errors import InvalidInput, SettingInvalid

if TYPE_CHECKING:
    from app.database import Database, WriteSession
    from app.permissions import Viewer

token = typer.Typer(no_args_is_help=True, help="Access tokens: create, list, revoke.")

FIND_TOKENS = "SELECT to_json(ARRAY(SELECT id FROM token WHERE starts_with(prefix, $1) LIMIT 2))::varchar"
LIST_TOKENS = """
SELECT coalesce(json_agg(t ORDER BY t.created_at), '[]')::varchar FROM (
    SELECT t.prefix, r.name AS researcher, t.name, t.role, t.created_at, t.expires_at, t.last_used_at,
           CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked' WHEN t.expires_at <= now() THEN 'expired'
                WHEN r.disabled_at IS NOT NULL THEN 'disabled' ELSE 'valid' END AS state,
           (SELECT m.prefix FROM token m WHERE m.id = t.made_with) AS made_with
    FROM token t JOIN researcher r ON r.id = t.researcher
    WHERE t.purpose = 'ACCESS' AND ($1::text IS NULL OR r.name = $1)) t
"""


@token.command("create")
def create_token(
    context: typer.Context,
    researcher: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose it is: by default SAYSO_RESEARCHER's.")
    ] = None,
    name: Annotated[str, typer.Option(metavar="WORDS", help="What it is for.")] = "made on the command line",
    role: Annotated[
        Role | None,
        typer.Option(
            metavar="ROLE",
            help="READER, RESEARCHER, EDITOR or ADMIN: by default all that they may.",
            case_sensitive=False,
        ),
    ] = None,
    days: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, max=36_500, help="How long it lasts; 0 for ever.")
    ] = 90,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Make a token and print it, once. Only its SHA-256 is kept."""
    from app.services.tokens import MadeToken, NewToken, create_token

    until = datetime.now(UTC) + timedelta(days=days) if days else None

    async def work(session: WriteSession, viewer: Viewer) -> MadeToken:
        owner = await find_researcher(session, researcher) if researcher else None
        return await create_token(session, viewer, NewToken(name, owner, role, until))

    made = act(context, database_url, data_dir, work, made=False)
    note(f"Keep it: it is not shown again. It lasts {f'until {until:%Y-%m-%d}' if until else 'for ever'}.")
    say(made.letters)


@token.command("list")
def list_tokens(
    context: typer.Context,
    researcher: Annotated[str | None, typer.Option(metavar="NAME", help="Theirs alone.")] = None,
    as_json: AsJson = False,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """List tokens by their first letters.

    With them: whose they are, when they end, when they were last used.
    """

    async def begin(database: Database, _viewer: Viewer) -> list[dict[str, Any]]:
        if researcher is not None:
            await find_researcher(database, researcher)
        return await fetch_rows(database, LIST_TOKENS, researcher)

    rows = open_and(context, database_url, data_dir, begin)
    shown = ("prefix", "researcher", "name", "role", "state", "created_at", "expires_at", "last_used_at")
    show(rows, as_json, shown)


@token.command("revoke")
def revoke_token(
    context: typer.Context,
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="Its first letters, as `list` shows them.")],
    made_with_it: Annotated[
        bool, typer.Option("--made-with-it", help="And those that were made with it, or with one of these.")
    ] = False,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Take a token no more. A server that runs follows within seconds.

    Tokens that were made with it stay, and are listed; --made-with-it revokes them too, also later.
    """
    from app.domain.tokens import prefix_of
    from app.services.tokens import describe_tokens, revoke_token

    async def work(session: WriteSession, viewer: Viewer) -> list[dict[str, Any]]:
        # Who pastes the whole of it means the same.
        found: list[str] = json.loads(await session.fetch_json(FIND_TOKENS, [prefix_of(prefix)]))
        if len(found) != 1:
            told = "several tokens begin" if found else "no token begins"
            message = f"{told} with {prefix_of(prefix)!r}"
            raise InvalidInput.at("prefix", message=message, hint="`sayso token list` shows them.")
        made = await revoke_token(session, viewer, UUID(found[0]), made_with_it=made_with_it)
        return await describe_tokens(session, made)

    made = act(context, database_url, data_dir, work)
    note("Revoked.")
    if not made:
        return
    counted = spell_count(len(made), "token")
    if made_with_it:
        note(f"With {counted} made with it:")
    else:
        warn(f"{counted} made with it can be used still.")
        note(f"To revoke them too: sayso token revoke {prefix_of(prefix)} --made-with-it")
    show(made, False, ("prefix", "name", "role", "created_at", "expires_at", "last_used_at"))


ServerHost = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Where the server listens: 127.0.0.1 unless SAYSO_HOST is set."),
]
ServerPort = Annotated[
    int | None,
    typer.Option(metavar="NUMBER", min=1, max=65535, help="Where it listens: 8000 unless SAYSO_PORT is set."),
]


def sign_in(
    context: typer.Context,
    port: ServerPort = None,
    host: ServerHost = None,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Print a link with which a browser signs in, once.

    To the server at --host and --port, as SAYSO_RESEARCHER. It is good within the hour. If nothing listens
    there, that is said on stderr.
    """
    from app.services.tokens import create_sign_in
    from app.web.server import is_listened_on, spell_url

    settings = read_settings(context, database_url, data_dir, port=port, host=host)
    if settings.port == 0:
        raise SettingInvalid("SAYSO_PORT is 0, any free port: --port says which one the server has.")
    made = act(context, database_url, data_dir, create_sign_in)
    url = spell_url(settings.host, settings.port)
    if not is_listened_on(settings.host, settings.port):
        warn(f"nothing listens at {url}. Start `sayso serve`, or name the server by --host and --port.")
    say(spell_link(url, made.letters))


async def make_link(database: Database, viewer: Viewer, url: str) -> str:
    """A link that signs the viewer in at this server."""
    from app.services.tokens import create_sign_in

    made = await database.write(viewer.researcher, lambda session: create_sign_in(session, viewer))
    return spell_link(url, made.letters)


def spell_link(url: str, code: str) -> str:
    """The code stands where browsers keep it to themselves."""
    return f"{url}/sign-in#{code}"
