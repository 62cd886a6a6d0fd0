"""docs/architecture.md has the order of the rooms as import-linter holds it, and a line for each room."""

from __future__ import annotations

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
