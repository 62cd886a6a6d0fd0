"""Each decision page has a number of its own, and its title says the same number."""

from __future__ import annotations

from pathlib import Path

PAGES = sorted(Path("docs/decisions").glob("*.md"))


def test_no_two_decisions_have_one_number() -> None:
    assert [page.name[:4] for page in PAGES] == [f"{number:04}" for number in range(len(PAGES))]


def test_a_title_has_the_number_of_its_page() -> None:
    for page in PAGES:
        title = page.read_text(encoding="utf-8").splitlines()[0]
        assert title.startswith(f"# {page.name[:4]}: ") or page.name == "0000-template.md"
