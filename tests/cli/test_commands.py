from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import pytest
from pydantic_settings import BaseSettings
from typer.main import get_command
from typer.testing import CliRunner

from app.__main__ import main as start
from app.api.schema import build_schema
from app.cli import app as sayso_app
from app.cli.places import Place, read_url
from app.cli.status import read_database
from app.database import Database
from app.domain.corroboration import RULE_VERSION
from app.errors import DatabaseUnavailable
from app.permissions import Viewer
from app.settings import Settings
from tests.cli.conftest import ROOT, Sayso
from tests.factories import make_claim


def walk(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """A command and all below it, each with what is typed behind `sayso`."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, f"{path} {name}".strip())


EVERY = dict(walk(get_command(sayso_app)))
GROUPS = [path for path, command in EVERY.items() if hasattr(command, "commands")]
COMMANDS = [path for path in EVERY if path not in GROUPS]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.fixture
def runner(settings: Settings) -> CliRunner:
    """Commands in this process, for those that need no database."""
    return CliRunner(env={"COLUMNS": "200"})


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_and_is_documented(runner: CliRunner, command: str) -> None:
    shown = runner.invoke(sayso_app, [*command.split(), "--help"])
    assert shown.exit_code == 0
    assert f"sayso {command} [OPTIONS]" in shown.output.replace("root", "sayso", 1)
    assert f"`sayso {command}" in OPERATIONS
    for option in re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", shown.output, re.MULTILINE):
        assert f"`{option}" in OPERATIONS or option == "--help"


@pytest.mark.parametrize("group", GROUPS)
def test_what_a_command_does_is_said_on_one_line_of_a_narrow_terminal(runner: CliRunner, group: str) -> None:
    shown = runner.invoke(sayso_app, [*group.split(), "--help"], env={"COLUMNS": "80"}).output
    listed = shown.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == list(EVERY[group].commands)
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)


@pytest.mark.parametrize("group", ["researcher", "token"])
def test_a_group_names_all_its_commands(group: str) -> None:
    named = EVERY[group].help.partition(": ")[2].rstrip(".").split(", ")
    assert named == list(EVERY[group].commands)


@pytest.mark.parametrize("command", EVERY)
def test_every_command_option_and_argument_is_described_for_people(runner: CliRunner, command: str) -> None:
    assert EVERY[command].help
    for parameter in EVERY[command].params:
        assert parameter.help, parameter.name
    shown = runner.invoke(sayso_app, [*command.split(), "--help"]).output
    assert re.findall(r"<[a-z][^>]*>", shown) == [], "a type of Python's"
    assert "{" not in shown.partition("\n\n")[0], "FILE is no choice"


def test_an_interruption_while_it_is_loaded_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(ModuleType):
        def __getattr__(self, name: str) -> None:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "app.cli", Interrupted("app.cli"))
    with pytest.raises(SystemExit) as ended:
        start()
    assert ended.value.code == 130


def test_every_setting_is_documented() -> None:
    assert issubclass(Settings, BaseSettings)
    names = {f"SAYSO_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"^\| `(SAYSO_\w+)` \|", OPERATIONS, re.MULTILINE)) == names


def test_every_exit_code_is_documented(runner: CliRunner) -> None:
    told = runner.invoke(sayso_app, ["--help"]).output
    for code in (0, 1, 2, 3, 130, 143):
        assert re.search(rf"\b{code}\b", told)
        assert f"| {code} |" in OPERATIONS


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["serve", "--port", "x"],
        ["serve", "--port", "70000"],
        ["serve", "extra"],
        ["import"],
        ["import", "/nowhere/bundle.yaml"],
        ["schema", "--check", "/nowhere.graphql"],
        ["--data-dir", "a", "status", "--database-url", "postgresql://localhost/x"],
    ],
)
def test_a_wrong_command_line_is_2(runner: CliRunner, arguments: list[str]) -> None:
    done = runner.invoke(sayso_app, arguments)
    assert done.exit_code == 2
    assert "Usage" in done.output


def test_the_schema_is_printed_and_compared(runner: CliRunner, tmp_path: Path) -> None:
    printed = runner.invoke(sayso_app, ["schema"])
    assert printed.exit_code == 0
    assert printed.output.strip() == build_schema().as_str().strip()
    file = tmp_path / "schema.graphql"
    file.write_text(printed.output, encoding="utf-8")
    assert runner.invoke(sayso_app, ["schema", "--check", str(file)]).exit_code == 0
    file.write_text(printed.output.replace("type Claim implements", "type Assertion implements"))
    compared = runner.invoke(sayso_app, ["schema", "--check", str(file)])
    assert compared.exit_code == 1
    assert "-type Assertion implements Node {\n+type Claim implements Node {" in compared.output


@pytest.mark.parametrize(
    "command",
    [
        "verify",
        "seal",
        "seals",
        "recompute",
        "export",
        "researcher list",
        "token list",
        "sign-in",
        "backup x",
    ],
)
def test_what_asks_a_database_that_is_not_there_makes_none(sayso: Sayso, command: str) -> None:
    done = sayso.run(*command.split())
    assert done.returncode == 3
    assert done.stderr == (
        f"Error: There is no database in {sayso.folder}.\n"
        "Hint:  --data-dir or --database-url says which one is meant.\n"
    )
    assert not sayso.folder.exists()


def test_status_of_no_database_makes_none(sayso: Sayso) -> None:
    done = sayso.run("status")
    assert done.returncode == 1
    assert "not made yet" in done.stdout
    assert not sayso.folder.exists()


@pytest.mark.parametrize(("file", "folder"), [("a", "a"), ("a", "a/b"), ("a/postgres", "a")])
def test_a_file_in_place_of_a_folder_is_no_database_that_is_not_made_yet(
    sayso: Sayso, tmp_path: Path, file: str, folder: str
) -> None:
    tmp_path.joinpath(file).parent.mkdir(exist_ok=True)
    tmp_path.joinpath(file).touch()
    place = tmp_path / folder
    for command in ("status", "export", "migrate"):
        done = sayso.run(command, SAYSO_DATA_DIR=str(place))
        assert done.returncode == 3
        assert done.stderr.startswith(f"Error: The folder {place} cannot hold a database: Not a directory (")
        assert "Hint:  Set SAYSO_DATA_DIR to a folder of your own" in done.stderr


@pytest.mark.parametrize("command", ["serve", "status", "migrate", "recompute"])
def test_a_database_that_cannot_be_reached_is_3_and_one_message(sayso: Sayso, command: str) -> None:
    url = "postgresql://somebody:password@127.0.0.1:1/sayso"
    arguments = ["--port", "0"] if command == "serve" else []
    done = sayso.run("--database-url", url, command, *arguments)
    assert done.returncode == 3
    # uvloop has other words for it than asyncio.
    assert done.stderr.startswith("Error: The database cannot be reached: Connect")
    assert "Hint:  SAYSO_DATABASE_URL, or --database-url, says where" in done.stderr
    assert "Traceback" not in done.stderr
    assert "password" not in done.stderr


async def test_a_database_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.database.connecting.CONNECT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://somebody@127.0.0.1:{silent.getsockname()[1]}/sayso"
        with pytest.raises(DatabaseUnavailable, match=r"no answer in 0\.1 seconds"):
            await read_database(Place(url, url, "the database", None))


@pytest.mark.parametrize("url", ["postgresql://me:secret@h/db", "postgresql://me@h/db?password=secret"])
def test_a_password_is_shown_in_no_title(url: str) -> None:
    given, title = read_url(url)
    assert "secret" in given
    assert "secret" not in title
    assert title.startswith("postgresql://me")


def test_a_setting_that_cannot_be_used_is_3_and_its_value_not_shown(sayso: Sayso) -> None:
    done = sayso.run("status", SAYSO_DATABASE_URL="mysql://u:password@h/x", SAYSO_PORT="many")
    assert done.returncode == 3
    assert "SAYSO_DATABASE_URL: must begin with postgresql://" in done.stderr
    assert "SAYSO_PORT: must be a whole number from 0 to 65535" in done.stderr
    assert "password" not in done.stderr


def test_the_demo_keeps_away_from_a_database_of_yours(sayso: Sayso) -> None:
    done = sayso.run("demo", SAYSO_DATABASE_URL="postgresql://localhost/mine")
    assert done.returncode == 3
    assert "--data-dir" in done.stderr


def test_a_database_is_migrated_recomputed_and_counted(sayso: Sayso) -> None:
    """--data-dir stands before the command here, and wins over a URL of the environment."""
    here = ("--data-dir", str(sayso.folder))
    elsewhere = {"SAYSO_DATABASE_URL": "postgresql://127.0.0.1:1/x", "SAYSO_DATA_DIR": "/nowhere"}
    first = sayso.run(*here, "migrate", **elsewhere)
    assert first.returncode == 0, first.stderr
    assert re.match(r"Applied \d+ migrations? to the embedded PostgreSQL in ", first.stdout)
    again = sayso.run("migrate")
    assert again.returncode == 0
    assert again.stdout.startswith("Nothing to do: ")
    checked = sayso.run("recompute", "--check")
    assert checked.returncode == 0, checked.stderr
    assert "Nothing differs." in checked.stderr
    status = sayso.run("status")
    assert status.returncode == 0
    assert re.search(r"^PostgreSQL  18\.", status.stdout, re.MULTILINE)
    assert re.search(r"^claim +0$", status.stdout, re.MULTILINE)
    assert "(not running)" in status.stdout
    assert "older version" not in status.stdout


async def test_statuses_of_an_older_rule_are_told_until_they_are_recomputed(
    sayso: Sayso, dsn: str, viewer: Viewer
) -> None:
    database = await Database.open(dsn, Settings())
    await make_claim(database, viewer)
    await database.close()
    told = "Some statuses follow from an older version of the rule: run `sayso recompute`."

    def ask() -> tuple[bool, bool, str]:
        done = sayso.run("--database-url", dsn, "status")
        as_json = json.loads(sayso.run("--database-url", dsn, "status", "--json").stdout)
        assert done.returncode == 0
        return told in done.stdout, as_json["older_rule"], sayso.run("--database-url", dsn, "migrate").stderr

    assert ask() == (False, False, "")
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"UPDATE corroboration SET rule_version = {RULE_VERSION - 1}")
    await connection.close()
    assert ask() == (True, True, f"Warning: {told}\n")
    assert sayso.run("--database-url", dsn, "recompute").returncode == 0
    assert ask() == (False, False, "")


async def test_a_schema_of_a_newer_sayso_is_not_told_to_be_migrated(sayso: Sayso, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("UPDATE alembic_version SET version_num = '9999'")
    await connection.close()
    told = sayso.run("--database-url", dsn, "status")
    assert told.returncode == 1
    assert "9999 (made by a newer Sayso; this version needs " in told.stdout
    assert "sayso migrate" not in told.stdout
    refused = sayso.run("--database-url", dsn, "migrate")
    assert (refused.returncode, "install that version or a later one" in refused.stderr) == (3, True)


def test_the_module_runs_as_the_command_does(sayso: Sayso) -> None:
    asked = [sys.executable, "-m", "app", "--version"]
    done = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, env=sayso.environment({}))
    assert done.returncode == 0
    assert re.fullmatch(r"sayso \d+\.\d+\.\d+\S*\n", done.stdout)
    assert sayso.run("--version") == (0, done.stdout, "")
