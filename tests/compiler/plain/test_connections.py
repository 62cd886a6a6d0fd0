"""Pages by hand: what the plain side says of a short list that one can see through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from tests.compiler.plain.connections import ORDERS, connect
from tests.compiler.plain.cursors import MalformedCursor, encode_cursor


@dataclass(frozen=True)
class Named:
    id: UUID
    lower_name: str


LETTERS = [
    Named(UUID(int=number), letter) for number, letter in ((5, "a"), (4, "b"), (3, "b"), (2, "c"), (1, "é"))
]
BY_NAME = {"field": "NAME", "direction": "ASC"}


def page(**arguments: Any) -> tuple[str, bool, bool]:
    """The names on the page, whether there is one before and one after it."""
    found = connect("AgentConnection", LETTERS, {"orderBy": BY_NAME} | arguments)
    assert found.total_count == len(LETTERS)
    info = found.page_info
    cursors: list[str | None] = [edge.cursor for edge in found.edges] or [None]
    assert (info.start_cursor, info.end_cursor) == (cursors[0], cursors[-1])
    names = "".join(edge.node.lower_name for edge in found.edges)
    return names, info.has_previous_page, info.has_next_page


def cursor(number: int, name: str) -> str:
    return encode_cursor("NAME", str(UUID(int=number)), name)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, ("abbcé", False, False)),
        ({"first": 2}, ("ab", False, True)),
        ({"first": 5}, ("abbcé", False, False)),
        ({"first": 0}, ("", False, True)),
        ({"last": 2}, ("cé", True, False)),
        ({"last": 5}, ("abbcé", False, False)),
        ({"last": 0}, ("", True, False)),
        ({"first": None, "last": 1}, ("é", True, False)),
        ({"first": 2, "after": cursor(5, "a")}, ("bb", True, True)),
        # Between two of the same name the key decides: 3 comes before 4.
        ({"after": cursor(3, "b")}, ("bcé", True, False)),
        ({"first": 9, "before": cursor(2, "c")}, ("abb", False, False)),
        ({"first": 2, "before": cursor(2, "c")}, ("ab", False, True)),
        ({"last": 2, "before": cursor(1, "é")}, ("bc", True, True)),
        ({"last": 2, "after": cursor(2, "c")}, ("é", False, False)),
        ({"first": 1, "after": cursor(5, "a"), "before": cursor(4, "b")}, ("b", True, False)),
        ({"after": cursor(1, "é")}, ("", True, False)),
        ({"before": cursor(5, "a")}, ("", False, False)),
        # A cursor of a row that is not there any more keeps its place.
        ({"after": cursor(9, "bb")}, ("cé", True, False)),
    ],
)
def test_pages(arguments: dict[str, Any], expected: tuple[str, bool, bool]) -> None:
    assert page(**arguments) == expected


def test_pages_that_run_down() -> None:
    down = {"field": "NAME", "direction": "DESC"}
    assert page(orderBy=down, first=2) == ("éc", False, True)
    assert page(orderBy=down, first=9, after=cursor(4, "b")) == ("ba", True, False)
    assert page(orderBy={"field": "RECORDED", "direction": "ASC"}, first=2) == ("éc", False, True)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "é",
        "a b",
        "NAME",
        encode_cursor("NAME", str(UUID(int=1))),
        encode_cursor("NAME", "1", "a"),
        encode_cursor("RECORDED", str(UUID(int=1))),
        encode_cursor("RECORDED", str(UUID(int=1)), "a"),
    ],
)
def test_cursors_of_something_else(cursor: str) -> None:
    with pytest.raises(MalformedCursor):
        ORDERS["AgentConnection"]["NAME"].place(cursor)
