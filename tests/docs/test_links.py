"""What a page names is there: the pages and headings it links to, the commands it gives."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from typer.main import get_group

from app.cli import app

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(
    page for folder in (".", "docs", "docs/decisions", "bench") for page in (ROOT / folder).glob("*.md")
)
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
MODULE = re.compile(r"python -m ((?:app|bench|tests)[\w.]*)")
COMMAND = re.compile(
    r"(?:`|^|uv run (?:--no-dev )?|&& |\$\()sayso ((?:--data-dir \S+ )?)([a-z][a-z-]*)", re.MULTILINE
)
CALL = re.compile(r"(?<!--username )\bsayso ((?:--[a-z]|[a-z])[^`\n|;&)#]*)")


def anchors(page: Path) -> set[str]:
    """The headings of a page as a link names them: small letters, no signs, a hyphen for each space."""
    text = CODE.sub(
        lambda code: "" if code[0].startswith("```") else code[0].strip("`"), page.read_text("utf-8")
    )
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_within_the_project_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        if link.startswith(("http://", "https://")):
            continue
        path, _, heading = unquote(link).partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not heading or heading in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_command_of_a_page_is_one(page: Path) -> None:
    text = page.read_text("utf-8")
    for module in MODULE.findall(text):
        assert importlib.util.find_spec(module), module
    named = get_group(app).commands
    for _, command in COMMAND.findall(text):
        assert command in named, command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_option_of_a_command_is_one(page: Path) -> None:
    """Those that stand with it; in a table of commands all of its row."""
    for line in page.read_text("utf-8").splitlines():
        for call in CALL.findall(line):
            given = set(re.findall(r"--[a-z-]+", line if line.startswith("| `sayso ") else call))
            assert given <= options_of(call.split()), line


def options_of(words: list[str]) -> set[str]:
    """What can be given to the command that these words begin with, those of its groups too."""
    command: Any = get_group(app)
    known = {"--help"}
    for word in [*words, ""]:
        known |= {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
        command = getattr(command, "commands", {}).get(word, command)
    return known


def test_an_option_of_another_command_is_none_of_this() -> None:
    [call] = CALL.findall("`sayso token create --days 1`")
    assert "--days" in options_of(call.split())
    assert "--days" not in options_of(["token", "list"])
    assert "--data-dir" in options_of(["--data-dir", "elsewhere", "restore"])


def test_links_and_commands_are_found_where_there_are_some() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    operations = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert "docs/corroboration.md" in LINK.findall(readme)
    assert "tests.faults" in MODULE.findall(operations)
    assert {command for _, command in COMMAND.findall(readme)} == {"demo", "import", "serve"}
    assert "what-to-do-when" in anchors(ROOT / "docs" / "operations.md")
