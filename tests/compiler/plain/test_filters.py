"""Ranges and logic by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.compiler.plain.filters import accepts, meets_numbers, meets_times
from tests.compiler.plain.rows import Stretch

NOON, ONE, TWO = (datetime(2019, 12, 31, hour, tzinfo=UTC) for hour in (12, 13, 14))


@pytest.mark.parametrize(
    ("bounds", "asked", "expected"),
    [
        ("[25,)", {"upper": 25}, True),
        ("[25,)", {"upper": 24}, False),
        ("[25,)", {"lower": 1_000_000}, True),
        ("[0,20)", {"lower": 20}, False),
        ("[0,20)", {"lower": 19}, True),
        ("(25,30)", {"lower": 1, "upper": 25}, False),
        ("(25,30)", {"lower": 26, "upper": 26}, True),
        ("(,)", {"lower": 7, "upper": 7}, True),
        ("[5,5]", {"lower": 5, "upper": 5}, True),
        ("[5,5]", {}, True),
        ("[5,5]", {"lower": None, "upper": 4}, False),
    ],
)
def test_numbers(bounds: str, asked: dict[str, Any], expected: bool) -> None:
    lower, upper = bounds[1:-1].split(",")
    stretch = Stretch(
        Decimal(lower) if lower else None,
        Decimal(upper) if upper else None,
        bounds[0] == "[",
        bounds[-1] == "]",
    )
    assert meets_numbers(stretch, asked) is expected
    assert meets_numbers(None, asked) is False


@pytest.mark.parametrize(
    ("stretch", "asked", "expected"),
    [
        # An instant is in the range from itself, not in the one up to itself.
        (Stretch(ONE, ONE, True, True), {"from": ONE, "to": TWO}, True),
        (Stretch(ONE, ONE, True, True), {"from": NOON, "to": ONE}, False),
        (Stretch(NOON, ONE, True, False), {"from": ONE}, False),
        (Stretch(NOON, ONE, True, False), {"to": NOON}, False),
        (Stretch(NOON, TWO, True, False), {"from": ONE, "to": TWO}, True),
        (Stretch(NOON, TWO, True, False), {}, True),
        (None, {}, False),
    ],
)
def test_times(stretch: Stretch | None, asked: dict[str, Any], expected: bool) -> None:
    assert meets_times(stretch, asked) is expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (None, True),
        ({}, True),
        ({"is": None}, True),
        ({"is": True}, True),
        ({"is": False}, False),
        ({"not": {}}, False),
        ({"not": {"is": False}}, True),
        ({"and": []}, True),
        ({"or": []}, False),
        ({"or": None}, True),
        ({"or": [{"is": False}, {"is": True}], "and": [{"is": True}, {}]}, True),
        ({"or": [{"is": True}], "is": False}, False),
        ({"and": [{"is": True}, {"not": {"or": [{"is": False}]}}]}, True),
    ],
)
def test_logic(asked: dict[str, Any] | None, expected: bool) -> None:
    nobody: Any = None
    assert accepts(asked, None, nobody, {"is": lambda _row, value, _reader: value}) is expected
