"""schema: the GraphQL surface as text."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import READ
from app.cli.terminal import note, say


def schema(
    check: Annotated[
        Path | None,
        typer.Option(
            help="Compare with this file instead: print the difference, exit with 1 if there is any.",
            **READ,
        ),
    ] = None,
) -> None:
    """Print the GraphQL schema, in its definition language. No database is needed."""
    from app.api.schema import build_schema

    current = build_schema().as_str().strip() + "\n"
    if check is None:
        say(current.rstrip())
        return
    found = check.read_text(encoding="utf-8")
    if found.strip() == current.strip():
        return
    lines = unified_diff(
        found.strip().splitlines(), current.splitlines(), str(check), "the schema as it is", lineterm=""
    )
    say("\n".join(lines))
    note(f"{check} is not the schema as it is. To take it over: sayso schema > {check}")
    raise typer.Exit(1)
