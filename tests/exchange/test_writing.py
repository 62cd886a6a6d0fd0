"""What is written is what is read back, whatever the words are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.exchange.entries import Section
from app.exchange.nodes import Block, Listing, Scalar, read_nodes
from app.exchange.writing import write_header, write_section

# All that Postgres keeps: no NUL, no half of a surrogate pair.
WORDS = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]))
LINES = st.lists(
    st.sampled_from(
        ["", " ", "a", " a", "a ", "\t", "- b", "# c", "d: e", "---", "'", '"', "é", "\u2028", "\x85"]
    )
).map("\n".join)


def read_back(words: str) -> str | None:
    text = write_header("sayso-bundle/1", None)
    text += write_section(Section.CLAIMS, [{"more": "x", "note": words}])
    text += write_section(Section.ASSESSMENTS, [{"note": words}])
    node, mistakes = read_nodes(text)
    assert mistakes == []
    assert isinstance(node, Block)
    listing = node.values["claims"]
    assert isinstance(listing, Listing)
    (entry,) = listing.items
    assert isinstance(entry, Block)
    note, more = entry.values["note"], entry.values["more"]
    assert isinstance(note, Scalar)
    assert isinstance(more, Scalar)
    assert more.words == "x"
    return note.words


@given(WORDS | LINES)
@example("null")
@example("~")
@example("2019-12-31")
@example("6,000")
@example("*a")
@example("\ufeffa\r\nb")
@example(" leading\n\n  lines \n")
@example("\n")
@example("a\n\n")
@example("x" * 5_000 + " " + "y" * 5_000)
def test_words_are_read_back_as_they_were(words: str) -> None:
    assert read_back(words) == words


def test_a_text_of_several_lines_is_written_line_by_line() -> None:
    text = " At least 25 died.\n\nIt was no arson.\n"
    written = write_section(Section.SOURCES, [{"key": "a", "text": text}])
    assert written.endswith("  text: |2\n     At least 25 died.\n\n    It was no arson.\n")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("13"), "13"),
        (Decimal("0.10"), "0.10"),
        (Decimal(10) ** 40, "1" + "0" * 40),
        (34.37, "34.37"),
        (0.0, "0.0"),
        (True, "true"),
        (None, None),
    ],
)
def test_numbers_are_written_out(value: object, words: str | None) -> None:
    node, _ = read_nodes(write_section(Section.CLAIMS, [{"value": value}]))
    assert isinstance(node, Block)
    listing = node.values["claims"]
    assert isinstance(listing, Listing)
    (entry,) = listing.items
    assert isinstance(entry, Block)
    scalar = entry.values["value"]
    assert isinstance(scalar, Scalar)
    assert scalar.words == words


def test_a_section_without_entries_is_not_written() -> None:
    assert write_section(Section.EVENTS, []) == ""
