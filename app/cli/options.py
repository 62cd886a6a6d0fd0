"""What commands share on their command line; the environment and the command line → `Settings`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from app.cli.environment import explain_faults, find_unread
from app.cli.terminal import warn
from app.errors import SettingInvalid
from app.settings import Settings


def read_folder(given: str) -> Path:
    """The folder that is meant. Raises BadParameter."""
    path = read_path(given)
    if path.exists() and not path.is_dir():
        raise typer.BadParameter(f"{given} is a file, and must be a folder.")
    return path


def read_file_name(given: str) -> Path:
    """The file that is meant. Raises BadParameter."""
    path = read_path(given)
    if path.is_dir():
        raise typer.BadParameter(f"{given} is a folder, and must be a file.")
    return path


def read_standing(given: str) -> Path:
    """The file or folder that is meant, and is there. Raises BadParameter."""
    path = read_path(given)
    if not path.exists():
        raise typer.BadParameter(f"{given} does not exist.")
    return path


def read_path(given: str, *, param_hint: str | None = None) -> Path:
    """Nothing would be the current folder. Raises BadParameter."""
    if not given.strip():
        raise typer.BadParameter("it is empty.", param_hint=param_hint)
    return Path(given)


DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="A PostgreSQL 18+ of your own, instead of the embedded one. Overrides SAYSO_DATABASE_URL.",
        show_default=False,
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Where the embedded database lives. Overrides SAYSO_DATA_DIR, and SAYSO_DATABASE_URL.",
        show_default=False,
        parser=read_folder,
    ),
]
Host = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Where to listen: 127.0.0.1 unless SAYSO_HOST is set.")
]
Port = Annotated[
    int | None,
    typer.Option(
        metavar="NUMBER",
        min=0,
        max=65535,
        help="Where to listen: 8000 unless SAYSO_PORT is set. 0 picks a free port and prints it.",
    ),
]
KnownDocuments = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Documents that clients ask for by id, as Apollo's, Relay's or codegen's tools write them.",
        show_default=False,
        parser=read_file_name,
    ),
]
OnlyKnown = Annotated[
    bool | None,
    typer.Option("--only-known-documents", help="Refuse every other document.", show_default=False),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Log no line for each request.")]

# Of a file that is read: there, and no folder.
READ: Mapping[str, Any] = {"metavar": "FILE", "exists": True, "dir_okay": False, "readable": True}


def make_target(given: str) -> Path:
    """The path that is meant. A folder is made for what ends in a slash; the one above it must be there.

    Raises BadParameter and SettingInvalid.
    """
    path = read_path(given, param_hint="FILE")
    if given.endswith(os.sep):
        try:
            path.mkdir(exist_ok=True)
        except OSError as problem:
            raise SettingInvalid(f"The folder {given} cannot be made: {problem.strerror}") from problem
    return path


def remember(context: typer.Context, database_url: str | None, data_dir: Path | None) -> None:
    """Keep what stood before the command for `read_settings`. Says which variables nothing will read."""
    for line in find_unread(os.environ):
        warn(line)
    context.obj = {"database_url": database_url, "data_dir": data_dir}


def read_settings(
    context: typer.Context, database_url: str | None, data_dir: Path | None, **others: object
) -> Settings:
    """The environment, with what the command line says instead. Raises SettingInvalid.

    A folder that is named on the command line means the embedded database in it, whatever URL the environment
    names; and a URL there is that of the owner's commands too.
    """
    before: dict[str, Any] = context.find_root().obj
    url = database_url if database_url is not None else before["database_url"]
    folder = data_dir if data_dir is not None else before["data_dir"]
    given: dict[str, Any] = {name: value for name, value in others.items() if value is not None}
    if url is not None and folder is not None:
        raise typer.BadParameter("--database-url and --data-dir name two databases; give one of them.")
    if url is not None:
        given |= {"database_url": url, "owner_url": None}
    if folder is not None:
        given |= {"data_dir": folder, "database_url": None, "owner_url": None}
    try:
        return Settings(**given)
    except ValidationError as problem:
        told = explain_faults(problem.errors(), given)
        raise SettingInvalid(told, hint="docs/operations.md lists the settings.") from None
