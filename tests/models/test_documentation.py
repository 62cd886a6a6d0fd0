"""docs/data-model.md names every table and column, and what it tells to type into psql works."""

from __future__ import annotations

import re
from pathlib import Path

import asyncpg
import pytest

from app.models import metadata
from tests.models.rows import C

PAGE = (Path(__file__).parents[2] / "docs" / "data-model.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sql\n(.*?)```", PAGE, flags=re.DOTALL)
COMMON = {"id", "version", "recorded_by", "recorded_at", "words"}


def section(heading: str) -> str:
    found = re.search(
        rf"^(##+) {re.escape(heading)}\n(.*?)(?=^##+ |\Z)", PAGE, flags=re.DOTALL | re.MULTILINE
    )
    assert found, f"docs/data-model.md has no section {heading}"
    return found[2]


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_each_table_is_described(table: str) -> None:
    described = section(f"`{table}`") if table != "revision" else section("The log")
    columns = set(metadata.tables[table].columns.keys()) - COMMON
    assert columns - set(re.findall(r"`(\w+)`", described)) == set()


def test_no_other_table_is_described() -> None:
    assert set(re.findall(r"^### `(\w+)`$", PAGE, flags=re.MULTILINE)) == set(metadata.tables)


def test_every_common_column_is_described() -> None:
    assert set(re.findall(r"`(\w+)`", section("Common to many tables") + section("Search"))) >= COMMON


@pytest.mark.parametrize("example", EXAMPLES)
async def test_each_example_answers(raw: asyncpg.Connection, example: str) -> None:
    await raw.execute(f"UPDATE claim SET note = 'See there' WHERE id = {C}")
    rows = await raw.fetch(example.replace(":'claim'", C).replace("'2026-01-01'", "'infinity'"))
    assert rows
