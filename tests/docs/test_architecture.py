"""docs/architecture.md has the order of the rooms as import-linter holds it, and a line for each room."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]


def layers_of(container: str) -> list[str]:
    [layers] = [contract["layers"] for contract in CONTRACTS if contract.get("containers") == [container]]
    assert isinstance(layers, list)
    return layers


def test_the_order_of_the_rooms_is_that_of_the_contracts() -> None:
    rooms = [layer for layer in layers_of("app") if layer != "__main__"]
    assert " → ".join(rooms) in PAGE
    assert f"inside compiler: {' → '.join(layers_of('app.compiler'))}" in PAGE


def test_the_table_has_each_room() -> None:
    listed = set(re.findall(r"^\| `app/([a-z]+)(?:\.py)?` \|", PAGE, re.MULTILINE))
    there = {path.stem for path in (ROOT / "app").iterdir() if not path.stem.startswith("_")}
    assert listed == there


def test_the_map_of_a_room_has_each_of_its_modules() -> None:
    """Where a package opens with a list of its modules, none is missing."""
    for file in (ROOT / "app").rglob("__init__.py"):
        page = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        named = set(re.findall(r"^[- ]*`?(\w+(?:\.py)?)`? {2,}\w|`?(\w+)\.py`?", page, re.MULTILINE))
        known = {word.removesuffix(".py") for words in named for word in words}
        modules = {path.stem for path in file.parent.glob("*.py")} - {"__init__"}
        if len(known & modules) > 1:
            assert modules <= known | set(re.findall(r"`(\w+)`", page)), file
