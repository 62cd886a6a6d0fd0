"""What answers say of each other, against plain sets of numbers."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answers import Answer, Comparisons, QuantityAnswer, back, conflict, position_of, tightens
from app.domain.intervals import Interval
from app.domain.vocabulary import Modality, Polarity
from tests.domain import naive_rule
from tests.domain.made_records import answers, at_least, at_most, between, exactly

dozens = between(24, 99, Modality.VAGUE)
around_28 = between(25, 31, Modality.APPROXIMATE)


@pytest.mark.parametrize(
    ("d", "c", "conflicts", "backs"),
    [
        (exactly(28), at_least(25), False, True),
        (at_least(25), exactly(28), False, False),
        (at_least(2), at_least(10_000), False, False),
        (at_least(10_000), at_least(2), False, True),
        (exactly(19), at_least(25), True, False),
        (at_most(24), at_least(25), True, False),
        (at_most(25), at_least(25), False, False),
        (dozens, exactly(28), False, True),
        (exactly(28), dozens, False, True),
        (dozens, around_28, False, True),
        (dozens, at_least(25), False, False),
        (at_least(25), dozens, False, False),
        (exactly(23), dozens, True, False),
        (Polarity.ASSERTS, Polarity.ASSERTS, False, True),
        (Polarity.DENIES, Polarity.ASSERTS, True, False),
        # No question has both; should they meet, nothing follows.
        (Polarity.DENIES, exactly(1), False, False),
    ],
)
def test_answers_conflict_back_or_neither(d: Answer, c: Answer, conflicts: bool, backs: bool) -> None:
    assert (conflict(d, c), back(d, c)) == (conflicts, backs)


@pytest.mark.parametrize(
    ("d", "c", "tighter"),
    [
        (at_least(25), at_least(15), True),
        (exactly(28), at_least(15), True),
        (dozens, at_least(15), True),
        (at_least(15), at_least(25), False),
        (at_least(15), at_least(15), False),
        (at_most(99), at_least(15), False),
        (at_most(5), at_most(9), True),
        (exactly(3), at_most(9), True),
        (at_least(3), at_most(9), False),
        (exactly(28), dozens, False),
        (Polarity.ASSERTS, at_least(1), False),
    ],
)
def test_only_a_one_sided_answer_is_tightened(d: Answer, c: Answer, tighter: bool) -> None:
    assert tightens(d, c) is tighter


def test_a_bound_without_its_own_number_is_tighter() -> None:
    more_than_half = QuantityAnswer(Modality.AT_LEAST, Interval(Decimal("0.5"), None, lower_inclusive=False))
    at_least_half = QuantityAnswer(Modality.AT_LEAST, Interval(Decimal("0.5"), None))
    assert tightens(more_than_half, at_least_half)
    assert not tightens(at_least_half, more_than_half)


def test_the_same_numbers_in_other_words_are_the_same_position() -> None:
    assert position_of(between(24, 99)) == position_of(dozens)
    assert (
        position_of(exactly(25))
        == QuantityAnswer(Modality.EXACT, Interval(Decimal("25.0"), Decimal("25.00"))).bounds
    )
    assert position_of(at_least(24)) != position_of(dozens)


@given(d=answers(), c=answers())
def test_comparing_intervals_is_comparing_sets_of_numbers(d: Answer, c: Answer) -> None:
    assert conflict(d, c) == naive_rule.conflicts(d, c) == conflict(c, d)
    assert back(d, c) == naive_rule.backs(d, c)
    assert tightens(d, c) == naive_rule.tightened_by(c, d)
    assert back(c, c)
    assert not (back(d, c) and conflict(d, c))


@given(st.lists(st.one_of(answers(), st.sampled_from(Polarity)), max_size=12))
def test_comparing_many_at_once_is_comparing_each_with_each(some: list[Answer]) -> None:
    comparisons = Comparisons(some)
    every = comparisons.answers
    assert sorted(map(repr, every)) == sorted(map(repr, set(some)))
    for i, c in enumerate(every):
        assert comparisons.number[c] == i
        assert comparisons.conflicting[i] == sum(1 << j for j, d in enumerate(every) if conflict(d, c))
        assert comparisons.backing[i] == sum(1 << j for j, d in enumerate(every) if back(d, c))
        assert comparisons.tightening[i] == sum(1 << j for j, d in enumerate(every) if tightens(d, c))


def test_the_order_of_answers_is_their_own() -> None:
    some: list[Answer] = [exactly(3), at_least(3), Polarity.DENIES, at_most(2)]
    orders = {tuple(Comparisons(order).answers) for order in permutations(some)}
    assert len(orders) == 1
