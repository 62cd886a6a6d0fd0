"""Intervals against brute force: on a grid with half steps, a set of numbers is a set of points."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.intervals import Interval

SIZE = 3
GRID = [Decimal(step) / 2 for step in range(-2, 2 * SIZE + 3)]  # a half step past each end, and more
ENDS = [None, *(Decimal(n) for n in range(SIZE + 1))]


def make_intervals() -> list[Interval]:
    intervals = []
    for lower, upper, from_lower, to_upper in product(ENDS, ENDS, (True, False), (True, False)):
        if lower is None or upper is None or lower < upper or (lower == upper and from_lower and to_upper):
            intervals.append(Interval(lower, upper, from_lower, to_upper))
    return intervals


def points(interval: Interval) -> frozenset[Decimal]:
    """The points of the grid that it allows. Half steps tell (1, 2) from the empty set and from [1, 2]."""

    def allows(n: Decimal) -> bool:
        above = (
            interval.lower is None or n > interval.lower or (n == interval.lower and interval.lower_inclusive)
        )
        below = (
            interval.upper is None or n < interval.upper or (n == interval.upper and interval.upper_inclusive)
        )
        return above and below

    return frozenset(n for n in GRID if allows(n))


PAIRS = list(product(make_intervals(), repeat=2))


def test_overlaps_means_a_number_in_common() -> None:
    assert len(PAIRS) > 2000
    for a, b in PAIRS:
        assert a.overlaps(b) == bool(points(a) & points(b)), (a, b)


def test_within_means_no_number_outside() -> None:
    for a, b in PAIRS:
        assert a.within(b) == (points(a) <= points(b)), (a, b)


def test_equal_sets_are_equal_intervals() -> None:
    for a, b in PAIRS:
        assert (a == b) == (points(a) == points(b)), (a, b)


@pytest.mark.parametrize(
    ("lower", "upper", "from_lower", "to_upper"),
    [(2, 1, True, True), (1, 1, True, False), (1, 1, False, True), (1, 1, False, False)],
)
def test_an_empty_interval_is_refused(lower: int, upper: int, from_lower: bool, to_upper: bool) -> None:
    with pytest.raises(ValueError, match="at least one number"):
        Interval(Decimal(lower), Decimal(upper), from_lower, to_upper)


@pytest.mark.parametrize("end", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_an_end_that_is_no_number_is_refused(end: str) -> None:
    with pytest.raises(ValueError, match="None is unbounded"):
        Interval(Decimal(end), None)
    with pytest.raises(ValueError, match="None is unbounded"):
        Interval(None, Decimal(end))


@given(st.integers(min_value=0, max_value=10**60), st.integers(min_value=0, max_value=60))
def test_ends_are_compared_without_rounding(n: int, places: int) -> None:
    """A difference far beyond the 28 digits of Python's default context is still one."""
    end, above = Decimal(n), Decimal(f"{n}.{'0' * places}1")
    assert not Interval(None, end).overlaps(Interval(above, None))
    assert not Interval(end, above).within(Interval(above, None))
    assert Interval(end, above).overlaps(Interval(above, None))
    assert Interval(above, above).within(Interval(end, above, lower_inclusive=False))
