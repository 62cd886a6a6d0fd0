"""researcher: who may sign in. And how commands on accounts do their work."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

import typer

from app.cli.options import DatabaseUrl, DataDir, read_settings
from app.cli.places import open_database, open_place
from app.cli.terminal import note, say
from app.domain.vocabulary import Role
from app.errors import InvalidInput, SettingInvalid

if TYPE_CHECKING:
    from app.database import Database, WriteSession
    from app.permissions import Viewer

Result = TypeVar("Result")

researcher = typer.Typer(
    no_args_is_help=True, help="Accounts: add, list, role, disable, enable, link, unlink."
)

FIND_RESEARCHER = "SELECT to_json(ARRAY(SELECT id FROM researcher WHERE name = $1))::varchar"
LIST_RESEARCHERS = """
SELECT coalesce(json_agg(r ORDER BY r.name), '[]')::varchar FROM (
    SELECT name, role, email, disabled_at IS NOT NULL AS disabled,
           (SELECT count(*) FROM token t WHERE t.researcher = a.id AND t.purpose = 'ACCESS'
            AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())) AS tokens
    FROM researcher a) r
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
