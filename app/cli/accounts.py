"""researcher, token, sign-in: who may sign in, and with what."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

import typer

from app.cli.options import DatabaseUrl, DataDir, read_settings
from app.cli.places import open_database, open_place
from app.cli.terminal import note, say, warn
from app.domain.vocabulary import Role
from app.errors import InvalidInput, SettingInvalid

if TYPE_CHECKING:
    from app.database import Database, WriteSession
    from app.permissions import Viewer

Result = TypeVar("Result")

researcher = typer.Typer(
    no_args_is_help=True, help="Accounts: add, list, role, disable, enable, link, unlink."
)
token = typer.Typer(no_args_is_help=True, help="Access tokens: create, list, revoke.")

FIND_RESEARCHER = "SELECT to_json(ARRAY(SELECT id FROM researcher WHERE name = $1))::varchar"
FIND_TOKENS = "SELECT to_json(ARRAY(SELECT id FROM token WHERE starts_with(prefix, $1) LIMIT 2))::varchar"
LIST_RESEARCHERS = """
SELECT coalesce(json_agg(r ORDER BY r.name), '[]')::varchar FROM (
    SELECT name, role, email, disabled_at IS NOT NULL AS disabled,
           (SELECT count(*) FROM token t WHERE t.researcher = a.id AND t.purpose = 'ACCESS'
            AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())) AS tokens
    FROM researcher a) r
"""
LIST_TOKENS = """
SELECT coalesce(json_agg(t ORDER BY t.created_at), '[]')::varchar FROM (
    SELECT t.prefix, r.name AS researcher, t.name, t.role, t.created_at, t.expires_at, t.last_used_at,
           CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked' WHEN t.expires_at <= now() THEN 'expired'
                WHEN r.disabled_at IS NOT NULL THEN 'disabled' ELSE 'valid' END AS state
    FROM token t JOIN researcher r ON r.id = t.researcher
    WHERE t.purpose = 'ACCESS' AND ($1::text IS NULL OR r.name = $1)) t
"""

Name = Annotated[str, typer.Argument(metavar="NAME", help="The researcher's name.")]
RoleOption = Annotated[
    Role, typer.Option(metavar="ROLE", help="READER, RESEARCHER, EDITOR or ADMIN.", case_sensitive=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON list, for programs.")]


@researcher.command("add")
def add_researcher(
    context: typer.Context,
    name: Name,
    role: RoleOption = Role.RESEARCHER,
    email: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Seen by ADMINs and them alone.")
    ] = None,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Add an account. It needs a token to sign in: sayso token create --researcher NAME."""
    from app.services.researchers import NewResearcher, add_researcher

    new = NewResearcher(name, role, email)
    act(
        context,
        database_url,
        data_dir,
        lambda session, viewer: add_researcher(session, viewer, new),
        made=False,
    )
    note(f"Added {name}, {role}. To let them in: sayso token create --researcher {name!r}")


@researcher.command("list")
def list_researchers(
    context: typer.Context,
    as_json: AsJson = False,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """List the accounts, and how many tokens of each can be used."""
    rows = open_and(
        context, database_url, data_dir, lambda database, _viewer: fetch_rows(database, LIST_RESEARCHERS)
    )
    show(rows, as_json, ("name", "role", "email", "tokens", "disabled"))


@researcher.command("role")
def change_role(
    context: typer.Context,
    name: Name,
    role: Annotated[
        Role,
        typer.Argument(metavar="ROLE", help="READER, RESEARCHER, EDITOR or ADMIN.", case_sensitive=False),
    ],
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Change what a researcher may do. docs/operations.md says what each role is."""
    from app.services.researchers import change_role

    async def work(session: WriteSession, viewer: Viewer) -> None:
        await change_role(session, viewer, await find_researcher(session, name), role)

    act(context, database_url, data_dir, work)
    note(f"{name} is {role} now.")


@researcher.command("disable")
def disable_researcher(
    context: typer.Context, name: Name, database_url: DatabaseUrl = None, data_dir: DataDir = None
) -> None:
    """Take none of their tokens any more. What they recorded stays; `enable` undoes it."""
    from app.services.researchers import disable_researcher

    async def work(session: WriteSession, viewer: Viewer) -> None:
        await disable_researcher(session, viewer, await find_researcher(session, name))

    act(context, database_url, data_dir, work)
    note(f"Disabled {name}. To undo it: sayso researcher enable {name!r}")


@researcher.command("enable")
def enable_researcher(
    context: typer.Context, name: Name, database_url: DatabaseUrl = None, data_dir: DataDir = None
) -> None:
    """Take the tokens of a disabled account again."""
    from app.services.researchers import enable_researcher

    async def work(session: WriteSession, viewer: Viewer) -> None:
        await enable_researcher(session, viewer, await find_researcher(session, name))

    act(context, database_url, data_dir, work)
    note(f"Enabled {name}.")


Subject = Annotated[str, typer.Argument(metavar="SUBJECT", help="The claim `sub` of their tokens.")]


@researcher.command("link")
def link_identity(
    context: typer.Context,
    name: Name,
    subject: Subject,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Let a subject of SAYSO_OIDC_ISSUER in as a researcher.

    The access tokens that it signs for the subject are taken as this researcher's.
    """
    from app.services.researchers import link_identity

    issuer = read_issuer(context, database_url, data_dir)

    async def work(session: WriteSession, viewer: Viewer) -> None:
        await link_identity(session, viewer, await find_researcher(session, name), issuer, subject)

    act(context, database_url, data_dir, work)
    note(f"{subject} of {issuer} is {name} now.")


@researcher.command("unlink")
def unlink_identity(
    context: typer.Context,
    subject: Subject,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Take the access tokens of this subject no more."""
    from app.services.researchers import unlink_identity

    issuer = read_issuer(context, database_url, data_dir)
    act(
        context,
        database_url,
        data_dir,
        lambda session, viewer: unlink_identity(session, viewer, issuer, subject),
    )
    note(f"{subject} of {issuer} is nobody now.")


def read_issuer(context: typer.Context, database_url: Any, data_dir: Any) -> str:
    issuer = read_settings(context, database_url, data_dir).oidc_issuer
    if issuer is None:
        raise SettingInvalid("SAYSO_OIDC_ISSUER is not set: whose subject is it?")
    return issuer


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
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
) -> None:
    """Take a token no more. A server that runs follows within seconds."""
    from app.domain.tokens import prefix_of
    from app.services.tokens import revoke_token

    async def work(session: WriteSession, viewer: Viewer) -> None:
        # Who pastes the whole of it means the same.
        found: list[str] = json.loads(await session.fetch_json(FIND_TOKENS, [prefix_of(prefix)]))
        if len(found) != 1:
            told = "several tokens begin" if found else "no token begins"
            message = f"{told} with {prefix_of(prefix)!r}"
            raise InvalidInput.at("prefix", message=message, hint="`sayso token list` shows them.")
        await revoke_token(session, viewer, UUID(found[0]))

    act(context, database_url, data_dir, work)
    note("Revoked.")


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


def act(
    context: typer.Context,
    database_url: Any,
    data_dir: Any,
    work: Callable[[WriteSession, Viewer], Awaitable[Result]],
    *,
    made: bool = True,
) -> Result:
    """Do `work` in one transaction of the local researcher's; `made`: in a database that is there already."""

    async def begin(database: Database, viewer: Viewer) -> Result:
        return await database.write(viewer.researcher, lambda session: work(session, viewer))

    return open_and(context, database_url, data_dir, begin, made=made)


def open_and(
    context: typer.Context,
    database_url: Any,
    data_dir: Any,
    begin: Callable[[Database, Viewer], Awaitable[Result]],
    *,
    made: bool = True,
) -> Result:
    settings = read_settings(context, database_url, data_dir)

    async def work() -> Result:
        async with open_database(place, settings) as (database, viewer):
            return await begin(database, viewer)

    with open_place(settings, made=made) as place:
        return asyncio.run(work())


async def fetch_rows(database: Database, sql: str, *parameters: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(await database.fetch_json(sql, parameters))
    return rows


async def find_researcher(reader: Database | WriteSession, name: str) -> UUID:
    """Raises InvalidInput if there is nobody of this name."""
    found = json.loads(await reader.fetch_json(FIND_RESEARCHER, [name]))
    if not found:
        raise InvalidInput.at(
            "researcher", message=f"nobody is called {name!r}", hint="`sayso researcher list` names them."
        )
    return UUID(found[0])


def show(rows: list[dict[str, Any]], as_json: bool, columns: tuple[str, ...]) -> None:
    """JSON, or columns as wide as what stands in them."""
    if as_json:
        say(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    cells = [columns, *([spell(row[column]) for column in columns] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(columns))]
    for row in cells:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def spell(value: object) -> str:
    """A cell: a time to the minute, a flag by a word."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return text[:16] if text[10:11] == "T" and text[4:5] == "-" else text
