"""YAML as it is read: nothing guessed, every line known, and no document that costs more than it weighs."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.nodes import MAX_DEPTH, Block, Listing, Scalar, Unreadable, read_nodes


def read_words(text: str) -> dict[str, object]:
    """The fields of a mapping, each with its words, or the words of its items."""
    node, mistakes = read_nodes(text)
    assert isinstance(node, Block)
    assert mistakes == []

    def show(value: object) -> object:
        if isinstance(value, Listing):
            return [show(item) for item in value.items]
        assert isinstance(value, Scalar)
        return value.words

    return {name: show(value) for name, value in node.values.items()}


@pytest.mark.parametrize(
    "words",
    ["no", "on", "2019-12-31", "2019-12-31T21:00:00+03:00", "1_000", "0x1F", "1e3", "true", ".5", "010"],
)
def test_plain_words_are_kept_as_they_stand(words: str) -> None:
    assert read_words(f"a: {words}") == {"a": words}


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "NULL"])
def test_null_is_nothing_and_in_quotes_it_is_a_word(nothing: str) -> None:
    assert read_words(f"a: {nothing}") == {"a": None}
    assert read_words(f'a: "{nothing}"') == {"a": nothing}


def test_every_value_knows_its_line() -> None:
    node, _ = read_nodes("# a comment\na: 1\nb:\n  - x\n  - {y: z}\n")
    assert isinstance(node, Block)
    assert node.lines == {"a": 2, "b": 3}
    listing = node.values["b"]
    assert isinstance(listing, Listing)
    assert [item.line for item in listing.items] == [4, 5]


def test_a_field_that_is_given_twice_is_a_mistake_and_reading_goes_on() -> None:
    _, mistakes = read_nodes("a: 1\nb: {x: 1,\n  x: 2}\na: 3\n")
    assert [(m.line, m.message) for m in mistakes] == [
        (3, "x is given twice; first on line 2"),
        (4, "a is given twice; first on line 1"),
    ]


def test_an_alias_stands_for_what_it_names() -> None:
    assert read_words("a: &x [1, 2]\nb: *x\nc: &w word\nd: *w") == {
        "a": ["1", "2"],
        "b": ["1", "2"],
        "c": "word",
        "d": "word",
    }


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", 1, "is empty"),
        ("# nothing\n", 1, "is empty"),
        ("a: 1\nb: [1,", 2, "is not YAML"),
        ("a: b\n c: d", 2, "mapping values are not allowed"),
        ("a: 1\nb: \x07", 2, "is not YAML"),
        ("a: 1\n---\nb: 2", 2, "a second document"),
        ("a: *x", 1, "no anchor &x before it"),
        ("a: &x\n  - *x", 2, "inside of what it stands for"),
        ("a: !!python/object/apply:os.system [ls]", 1, "a bundle has no tags"),
        ("a: !!binary aGk=", 1, "a bundle has no tags"),
        ("? [a]\n: b", 1, "as the name of a field"),
        ("a: " + "[" * 30 + "]" * 30, 1, "nested more than 20 levels"),
        (
            "a: &x " + "[" * 15 + "]" * 15 + "\nb: " + "[" * 10 + "*x" + "]" * 10,
            2,
            "nested more than 20 levels",
        ),
    ],
)
def test_what_cannot_be_read_says_where_and_why(text: str, line: int, told: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_nodes(text)
    assert refused.value.mistake.line == line
    assert told in refused.value.mistake.message


def test_a_billion_laughs_and_a_million_brackets_are_not_followed() -> None:
    names = "abcdefghij"
    lines = ["a: &a [" + ", ".join(["ha"] * 10) + "]"]
    lines += [f"{name}: &{name} [" + ", ".join([f"*{before}"] * 10) + "]" for before, name in pairwise(names)]
    for text, told in [
        ("\n".join(lines), "more than 5,000,000 values"),
        ("[" * 1_000_000, f"more than {MAX_DEPTH} levels"),
        ("{a: " * 1_000_000, f"more than {MAX_DEPTH} levels"),
        ("- " * 1_000_000, f"more than {MAX_DEPTH} levels"),
    ]:
        with pytest.raises(Unreadable, match=told):
            read_nodes(text)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("{q: as many as 6,000 people, s: x}", {"q": "as many as 6,000 people", "s": "x"}),
        ("{q: 1,200,000, s: x}", {"q": "1,200,000", "s": "x"}),
        ("{q: some 1,200,\n s: x}", {"q": "some 1,200", "s": "x"}),
        # These are not a number that was cut: a space after the comma, four digits, no digit before it.
        ("{q: 6, 000 people}", {"q": "6", "000 people": None}),
        ("{q: 6,0000}", {"q": "6", "0000": None}),
        ("{q: six,000}", {"q": "six", "000": None}),
        ('{q: "6",000}', {"q": "6", "000": None}),
        ("{q: 6,000: x}", {"q": "6", "000": "x"}),
    ],
)
def test_a_number_between_braces_is_not_cut_at_its_comma(text: str, fields: dict[str, object]) -> None:
    assert read_words(text) == fields


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    try:
        node, _ = read_nodes(text)
        line = node.line
    except Unreadable as refused:
        line = refused.mistake.line
    # To YAML a line ends at some other characters too.
    assert 1 <= line <= len(re.findall("[\n\r\x85\u2028\u2029]", text)) + 1
