"""The `sayso` command: each command is a function, in the module of its idea.

- `options`     what commands share on their command line; the environment and it → Settings
- `environment` what is wrong with the environment
- `help`        how a command explains itself
- `terminal`    what is said, and progress
- `places`      which database is meant: the embedded one, started or attached to, or one by URL
- `serving`     demo, serve
- `keeping`     the embedded server under them, started again when it ends
- `logs`        the log of a server
- `bundles`     import, export
- `backups`     backup, restore
- `accounts`    researcher
- `tokens`      token, sign-in
- `upkeep`      migrate, recompute
- `sealing`     seal, seals, verify
- `redaction`   redact
- `status`      status
- `schema`      schema

Commands import what they need when they run: `sayso --help` need not load GraphQL and SQLAlchemy.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Annotated, NoReturn

import typer

from app.cli.accounts import researcher
from app.cli.backups import backup, restore
from app.cli.bundles import export, import_
from app.cli.help import name_arguments
from app.cli.options import DatabaseUrl, DataDir, remember
from app.cli.redaction import redact
from app.cli.schema import schema
from app.cli.sealing import seal, seals, verify
from app.cli.serving import demo, serve
from app.cli.status import status
from app.cli.terminal import complain, say_interrupted, say_version
from app.cli.tokens import sign_in, token
from app.cli.upkeep import migrate, recompute
from app.errors import SaysoError

EXPECTED_ERROR = 3
INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM

EXIT_CODES = """Exit codes: 0 done; 1 differences were found; 2 the command line is wrong; 3 an expected
error, such as a database that cannot be reached; 130 interrupted; 143 terminated."""

app = typer.Typer(
    name="sayso",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(demo)
app.command()(serve)
app.command()(migrate)
app.command("import")(import_)
app.command()(export)
app.command()(status)
app.command()(schema)
app.command()(recompute)
app.command()(backup)
app.command()(restore)
app.command("sign-in")(sign_in)
app.add_typer(researcher, name="researcher")
app.add_typer(token, name="token")
app.command()(seal)
app.command()(seals)
app.command()(verify)
app.command()(redact)
name_arguments(app, researcher, token)


@app.callback()
def sayso(
    context: typer.Context,
    database_url: DatabaseUrl = None,
    data_dir: DataDir = None,
    _version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=say_version, help="Show the version and exit."),
    ] = False,
) -> None:
    """Who claimed what, on whose say-so, and how many independent lines stand for it.

    Settings come from the environment (SAYSO_...); docs/operations.md lists them. --database-url and
    --data-dir may stand before the command or after it.
    """
    remember(context, database_url, data_dir)


class _Ending:
    """SIGTERM taken as Ctrl-C is, so that whatever was begun is ended in order; only the code differs."""

    asked = False

    def note(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        signal.raise_signal(signal.SIGINT)


def main() -> NoReturn:
    """Run the command of sys.argv and exit with its code."""
    ending = _Ending()
    signal.signal(signal.SIGTERM, ending.note)
    # A script starts what runs in its background with SIGINT ignored; who sends it all the same means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = run_command(sys.argv[1:])
    sys.exit(TERMINATED if code == INTERRUPTED and ending.asked else code)


def run_command(arguments: Sequence[str]) -> int:
    """The exit code of a command. What was expected is one message and a hint; a bug is raised."""
    code: object = 0
    try:
        app(arguments)
    except SaysoError as problem:
        complain(problem)
        code = EXPECTED_ERROR
    except KeyboardInterrupt:
        code = INTERRUPTED
    except SystemExit as end:
        code = end.code
    if code == INTERRUPTED:
        say_interrupted()
    return code if isinstance(code, int) else 0
