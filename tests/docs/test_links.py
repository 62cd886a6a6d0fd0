"""What a page names is there: the pages and headings it links to, the commands it gives."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
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


def test_links_and_commands_are_found_where_there_are_some() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    operations = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert "docs/corroboration.md" in LINK.findall(readme)
    assert "tests.faults" in MODULE.findall(operations)
    assert {command for _, command in COMMAND.findall(readme)} == {"demo", "import", "serve"}
    assert "what-to-do-when" in anchors(ROOT / "docs" / "operations.md")
