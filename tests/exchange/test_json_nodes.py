"""JSON as it is read: as the json module reads it, every line known, and nothing followed without end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BundleInvalid
from app.exchange.bundle import read_bundle
from app.exchange.json_nodes import looks_like_json, read_json
from app.exchange.nodes import MAX_DEPTH, Block, Listing, Node, Unreadable
from tests.exchange.bundles import SMALL, change

SPELLED = {True: "true", False: "false"}
CUT = '{"format": "sayso-bundle/1",\n "events": [}'
HALVED = '{"format": "sayso-bundle/1",\n "title": "\\ud83d"}'
FIRE = {"key": "fire", "title": "\N{FIRE} in the harbour"}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def show(node: Node) -> Any:
    """A tree as the json module has it, but for numbers and booleans: those are words."""
    if isinstance(node, Block):
        return {name: show(value) for name, value in node.values.items()}
    return [show(item) for item in node.items] if isinstance(node, Listing) else node.words


@given(values, st.booleans(), st.sampled_from([None, 1]))
def test_what_the_json_module_writes_is_read_as_it_reads_it(
    value: Any, ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert json.loads(text) == value
    node, mistakes = read_json(text)
    assert (show(node), mistakes) == (spell(value), [])


def spell(value: Any) -> Any:
    # True is 1 to a mapping: by type.
    if isinstance(value, bool):
        return SPELLED[value]
    if isinstance(value, dict):
        return {name: spell(one) for name, one in value.items()}
    if isinstance(value, list):
        return [spell(one) for one in value]
    return value if value is None or isinstance(value, str) else json.dumps(value)


@given(st.text(max_size=60) | st.text(alphabet='{}[]",:\\ud83e\n 1-.truefalsn', max_size=60))
def test_any_text_is_read_where_the_json_module_reads_it_and_else_refused(text: str) -> None:
    try:
        json.loads(text, parse_constant=lambda name: 1 / 0)
    except (ValueError, ZeroDivisionError):
        readable = False
    else:
        readable = True
    try:
        node, _ = read_json(text)
        line = node.line
        read = True
    except Unreadable as refused:
        line = refused.mistake.line
        read = "levels deep" in refused.mistake.message
    assert read == readable or text.startswith("\ufeff")
    assert 1 <= line <= text.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", 1, "is empty"),
        (" \n\n", 1, "is empty"),
        ('{"a": 1,\n "b": }', 2, "a value should stand where '}' stands"),
        ('{"a": [1,\n 2,\n]}', 3, "a value should stand where ']' stands"),
        ('{"a": 1,\n}', 2, "the name of a field in double quotes should stand where '}' stands"),
        ('{"a": 1\n "b": 2}', 2, "a comma or } should stand where '\"' stands"),
        ('{"a": [1\n 22]}', 2, "a comma or ] should stand where '22' stands"),
        ('{"a"\n 1}', 2, "a colon should stand where '1' stands"),
        ('{"a": NaN}', 1, "a value should stand where 'NaN' stands"),
        ('{"a": 01}', 1, "a comma or } should stand where '1' stands"),
        ('{"a": 1}\n{}', 2, "the end of the file should stand where '{' stands"),
        ('{"a":\n 1', 2, "a comma or } should stand where the file ends"),
        ('{"a":\n "b', 2, "unterminated string"),
        ('{"a":\n "b\nc"}', 2, "invalid control character"),
        ('{"a":\n "\\x"}', 2, "invalid \\escape"),
        ('{"a": ' + "[" * 30, 1, "nested more than 20 levels"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(text: str, line: int, told: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_json(text)
    assert refused.value.mistake.line == line
    assert told in refused.value.mistake.message.lower() or told in refused.value.mistake.message


def test_what_is_wrong_with_a_value_does_not_end_the_reading() -> None:
    node, mistakes = read_json('{"a": 1,\n "b": "\\ud83d",\n "a": 2, "c": "\\ude00\\ud83d\\ude00"}')
    assert show(node) == {"a": "1", "b": "\ufffd", "c": "\ufffd\N{GRINNING FACE}"}
    assert [(m.line, m.message) for m in mistakes] == [
        (2, "has half of a surrogate pair (U+D83D), which is no character"),
        (3, "a is given twice; first on line 1"),
        (3, "has half of a surrogate pair (U+DE00), which is no character"),
    ]


def test_every_value_knows_its_line() -> None:
    node, _ = read_json('{\n"a": 1,\n"b": [\n"x",\n{"y": "z"}\n]}')
    assert isinstance(node, Block)
    assert (node.line, node.lines) == (1, {"a": 2, "b": 3})
    listing = node.values["b"]
    assert isinstance(listing, Listing)
    assert [item.line for item in listing.items] == [4, 5]


def test_a_million_brackets_are_not_followed() -> None:
    for text in ("[" * 1_000_000, '{"a":' * 1_000_000):
        with pytest.raises(Unreadable, match=f"more than {MAX_DEPTH} levels"):
            read_json(text)


@pytest.mark.parametrize(
    ("text", "is_json"),
    [('{"format": 1}', True), ("\ufeff \n{}", True), ("{format: x}", False), ("- {}", False), ("", False)],
)
def test_json_is_told_by_how_it_begins(text: str, is_json: bool) -> None:
    assert looks_like_json(text) is is_json


@pytest.mark.parametrize("name", ["bundle.json", "bundle.yaml"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_bundle_in_json_is_a_bundle(tmp_path: Path, name: str, ascii_only: bool) -> None:
    file = tmp_path / name
    content = {"format": "sayso-bundle/1", "bundle": "small", **change(SMALL, "events", "fire", **FIRE)}
    file.write_text(json.dumps(content, ensure_ascii=ascii_only, indent=1), encoding="utf-8")
    assert read_bundle(file).events["fire"].title == FIRE["title"]


def test_yaml_that_begins_as_json_does_is_read_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "bundle.yaml"
    file.write_text('{"format": sayso-bundle/1, "bundle": small,\n "events": [{key: fire, title: A fire},]}')
    assert read_bundle(file).events["fire"].title == "A fire"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "b.json",
            '{"format": "sayso-bundle/1",\n "events": [}',
            "line 2: is not JSON: a value should stand",
        ),
        (
            "b.yaml",
            '{"format": "sayso-bundle/1",\n "events": [}',
            "line 2: is not JSON: a value should stand",
        ),
        (
            "b.json",
            "format: sayso-bundle/1",
            "line 1: is not JSON: a value should stand where 'format' stands",
        ),
        (
            "b.json",
            '{"format": "sayso-bundle/1", "events": [\n{"key": "fire",\n "titel": "A fire"}]}',
            "line 3: events fire: titel: is not a field here; did you mean title?",
        ),
        (
            "b.json",
            '{"format": "sayso-bundle/1",\n "title": "\\ud83d"}',
            "line 2: has half of a surrogate pair",
        ),
    ],
)
def test_a_fault_in_json_is_told_with_its_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(BundleInvalid) as refused:
        read_bundle(file)
    assert any(problem.startswith(told) for problem in refused.value.problems), refused.value.problems
