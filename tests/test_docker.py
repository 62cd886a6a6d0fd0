"""The container files name what is there: commands, settings, paths. An engine builds them elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from typer.testing import CliRunner

from app.cli import app
from app.settings import Settings

ROOT = Path(__file__).parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    """Every `sayso` command line of the two files."""
    listed = [service["command"] for service in COMPOSE["services"].values() if "command" in service]
    listed += [
        re.findall(r'"([^"]+)"', line) for line in re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    ]
    return [command for command in listed if command[0] == "sayso"]


def test_the_commands_are_commands_of_sayso() -> None:
    assert commands()
    for _, *arguments in commands():
        result = CliRunner().invoke(app, [*arguments, "--help"])
        assert result.exit_code == 0, result.output


def test_a_database_is_ready_once_it_answers_by_tcp() -> None:
    """The image makes a new volume with a server on the socket alone, which ends again."""
    (check,) = [
        service["healthcheck"] for service in COMPOSE["services"].values() if "healthcheck" in service
    ]
    assert "--host 127.0.0.1" in check["test"][1]


def test_the_variables_are_settings() -> None:
    named = set(re.findall(r"\b(SAYSO_[A-Z_]+)=", DOCKERFILE))
    for service in COMPOSE["services"].values():
        named |= {name for name in service.get("environment", {}) if name.startswith("SAYSO_")}
    assert named
    assert named <= {f"SAYSO_{field.upper()}" for field in Settings.model_fields}


def test_what_is_copied_is_there_and_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    for path in " ".join(copied).split():
        assert (ROOT / path).exists()
        assert f"!{path}" in ignored


def test_postgres_is_the_version_that_is_needed_and_the_application_is_no_root() -> None:
    assert COMPOSE["services"]["postgres"]["image"] == "postgres:18"
    assert re.search(r"^USER [1-9][0-9]*$", DOCKERFILE, re.MULTILINE)
    assert "HEALTHCHECK" in DOCKERFILE
