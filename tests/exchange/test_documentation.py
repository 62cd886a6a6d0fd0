"""docs/bundles.md: its example is a bundle, shows every field of the format, and comes to what it says."""

from __future__ import annotations

import re
from pathlib import Path

from app.database import Database
from app.exchange.entries import FIELDS, Section
from app.exchange.importing import import_bundle
from app.exchange.nodes import Block, Listing, read_nodes
from app.permissions import Viewer
from app.services.recomputation import recompute_everything
from tests.exchange.bundles import read_statuses, summarize

PAGE = Path(__file__).parents[2] / "docs" / "bundles.md"
(EXAMPLE,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


async def test_the_example_is_imported_and_comes_to_what_the_page_says(
    database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(EXAMPLE, encoding="utf-8")
    report = await import_bundle(database, viewer, file)
    assert report.bundle == "harbour-fire"
    assert set(summarize(report)) == {"recorded"}
    rows = re.findall(
        r"^\| ([a-z0-9-]+) \| ([A-Z]+) \| ([0-9]) : ([0-9]) \|$", PAGE.read_text(encoding="utf-8"), re.M
    )
    statuses = await read_statuses(database, "harbour-fire")
    told = {
        claim: f"{status} {lines_for}:{lines_against}" for claim, status, lines_for, lines_against in rows
    }
    assert {key: status.rpartition(" ")[0] for key, status in statuses.items() if key != "saw-it"} == told
    assert await recompute_everything(database, check=True) == []


def test_the_example_shows_every_field() -> None:
    document, mistakes = read_nodes(EXAMPLE)
    assert mistakes == []
    assert isinstance(document, Block)
    for section in Section:
        entries = document.values[section]
        assert isinstance(entries, Listing)
        shown = {name for entry in entries.items if isinstance(entry, Block) for name in entry.values}
        known = {"text" if name == "text_sha256" else name for name in FIELDS[section]}
        assert shown == known


def test_no_line_of_the_page_is_too_long() -> None:
    assert [line for line in PAGE.read_text(encoding="utf-8").splitlines() if len(line) > 120] == []
