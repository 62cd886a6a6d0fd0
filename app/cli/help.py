"""The help of a command: an argument is named by what it stands for, without its type and without braces."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand


class Command(TyperCommand):
    """A command whose help has no `<str>`, which Typer prints behind the name of each argument, and whose
    usage has no `{FILE}`, which reads like a choice."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        sections: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is None:
                continue
            if isinstance(parameter, TyperArgument):
                sections["Arguments"].append((parameter.display_name_raw, record[1]))
            else:
                sections["Options"].append(record)
        for title, rows in sections.items():
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def name_arguments(*groups: typer.Typer) -> None:
    """Let the commands of the groups have this help."""
    for group in groups:
        for command in group.registered_commands:
            command.cls = Command
