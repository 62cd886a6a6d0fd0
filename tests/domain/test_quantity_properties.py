"""What holds of every phrase of quantity, and of the bounds that a recorder gives."""

from __future__ import annotations

import sys
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.amounts import NONE, VAGUE
from app.domain.intervals import Interval
from app.domain.numerals import MAX_DIGITS
from app.domain.phrases import BOUNDS, BOUNDS_AFTER
from app.domain.quantities import Quantity, find_quantities, give_bounds, parse_quantity
from app.domain.vocabulary import Modality
from app.errors import InvalidInput, UnknownQuantity

ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(n: int, joiner: str = "-", conjunction: str = " and ") -> str:
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + (joiner + ONES[n % 10] if n % 10 else "")
    for size, word in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if n >= size:
            rest = n % size
            link = conjunction if rest < 100 else " "
            head = in_words(n // size, joiner, conjunction)
            return f"{head} {word}" + (link + in_words(rest, joiner, conjunction) if rest else "")
    raise AssertionError(n)


COUNTS = st.one_of(st.integers(0, 200), st.integers(0, 10**7), st.integers(0, 10**12 - 1))
HUGE = st.integers(0, 10**MAX_DIGITS - 1)
DECIMALS = st.builds(
    lambda whole, places, digits: Decimal(f"{whole}.{digits % 10**places:0{places}d}"),
    st.integers(0, 10**40),
    st.integers(1, 40),
    st.integers(0, 10**40),
)
NUMBERS = st.one_of(COUNTS.map(Decimal), HUGE.map(Decimal), DECIMALS)


def bounds(phrase: str) -> Interval:
    return parse_quantity(phrase).bounds


def try_parse(text: str) -> Quantity | None:
    try:
        return parse_quantity(text)
    except UnknownQuantity:
        return None


def allows(interval: Interval, n: Decimal) -> bool:
    return Interval(n, n).within(interval)


@given(COUNTS, st.sampled_from(["-", " ", "‑"]), st.sampled_from([" and ", " "]), st.booleans())
def test_numbers_in_words_are_read_back(n: int, joiner: str, conjunction: str, capital: bool) -> None:
    words = in_words(n, joiner, conjunction)
    quantity = parse_quantity(words.capitalize() if capital else words)
    assert (quantity.modality, quantity.bounds) == (Modality.EXACT, Interval(Decimal(n), Decimal(n)))


@given(NUMBERS)
def test_numbers_in_digits_are_read_back_exactly(n: Decimal) -> None:
    for digits in (f"{n:f}", f"{n:,f}"):
        quantity = parse_quantity(f"killed {digits} people")
        assert quantity.modality is Modality.EXACT
        assert quantity.bounds == Interval(n, n)
        assert quantity.bounds.lower is not None
        exponent = quantity.bounds.lower.as_tuple().exponent
        assert isinstance(exponent, int)
        assert exponent <= 0


@given(NUMBERS)
def test_one_sided_phrases_allow_what_they_say(n: Decimal) -> None:
    least, most = bounds(f"at least {n:f}"), bounds(f"at most {n:f}")
    assert least == Interval(n, None)
    assert most == Interval(Decimal(0), n)
    over = bounds(f"more than {n:f}")
    assert over.within(least)
    assert not allows(over, n)
    if n == 0:
        return
    under = bounds(f"fewer than {n:f}")
    assert under.within(most)
    assert not allows(under, n)
    assert not over.overlaps(under)


@given(NUMBERS.filter(lambda n: n > 0))
def test_approximations_are_a_tenth_around_rounded_outwards(n: Decimal) -> None:
    around, nearly = bounds(f"around {n:f}"), bounds(f"nearly {n:f}")
    assert allows(around, n)
    assert nearly.within(around)
    assert not allows(nearly, n)
    assert bounds(f"{n:f} or so") == around
    assert around.lower is not None
    assert around.upper is not None
    below = Fraction(9, 10) * Fraction(n) - Fraction(around.lower)
    above = Fraction(around.upper) - Fraction(11, 10) * Fraction(n)
    if n == n.to_integral_value():
        assert 0 <= below < 1
        assert 0 <= above < 1
    else:
        assert below == above == 0


PHRASES = [
    *(f"{words} {{}}" for words in BOUNDS),
    *(f"{{}} {words}" for words in BOUNDS_AFTER),
    "{}",
    "{} dozen",
    "from {} to 1" + "0" * 99,
]


@given(st.one_of(COUNTS, st.integers(0, 10**99)).filter(bool), st.sampled_from(PHRASES))
def test_whole_numerals_have_whole_bounds_and_zero_is_the_floor(n: int, phrase: str) -> None:
    interval = bounds(phrase.format(n))
    assert interval.lower is not None
    assert interval.lower >= 0
    assert interval.lower == interval.lower.to_integral_value()
    if interval.upper is not None:
        assert interval.upper == interval.upper.to_integral_value()
        assert interval.upper_inclusive
    assert interval.lower_inclusive


@given(
    NUMBERS, NUMBERS, st.sampled_from(["between {} and {}", "{} to {}", "{}-{}", "{}–{}", "from {} to {}"])
)
def test_ranges_run_from_the_smaller_to_the_larger(a: Decimal, b: Decimal, phrase: str) -> None:
    low, high = sorted((a, b))
    assert parse_quantity(phrase.format(f"{low:,f}", f"{high:,f}")) == Quantity(
        phrase.format(f"{low:,f}", f"{high:,f}"), Modality.BETWEEN, Interval(low, high)
    )
    if low < high:
        with pytest.raises(UnknownQuantity):
            parse_quantity(phrase.format(f"{high:,f}", f"{low:,f}"))


GRAMMAR = " ".join([*BOUNDS, *BOUNDS_AFTER, *VAGUE, *NONE, *ONES, *TENS]).split()
BESIDE = [
    "hundred", "thousand", "million", "dozen", "half", "a", "to", "and", "from", "between", "-", "–", ",",
    ".", "25", "1,200", "2.5", "2019", "31", "December", "May", "82nd", "F-16", "½", "9:30", "p.m.", "people",
    "of", "$", "%", "+", "not", "third", "No.", "years", "old", "😀", "25-30", "twenty-five", "\n\n",
]  # fmt: skip
WORDS = st.lists(st.sampled_from([*GRAMMAR, *BESIDE]), max_size=12)
PROSE = st.one_of(WORDS.map(" ".join), WORDS.map("".join), st.text())


@given(PROSE)
def test_any_text_is_a_quantity_or_an_unknown_one(text: str) -> None:
    quantity = try_parse(text)
    if quantity is not None:
        assert quantity.text == text
        assert quantity.bounds.lower is not None
        assert quantity.bounds.lower >= 0


@given(PROSE)
def test_what_is_suggested_means_the_same_alone(text: str) -> None:
    end = 0
    for found in find_quantities(text):
        assert end <= found.start < found.end
        end = found.end
        assert found.quantity.text == text[found.start : found.end]
        assert parse_quantity(found.quantity.text) == found.quantity


@pytest.mark.parametrize(
    "piece",
    [
        "1", "1.", "1,", "1-", "1/", "1:", "one hundred ", "over ", "at least ", "hundreds of ", "half a ",
        "no ", "between one hundred and ", "from 1-", "1 to ", "or more ", "May ", "a'", "\n", "twenty-",
        "another ", "x-",
    ],
)  # fmt: skip
def test_hostile_text_takes_work_in_proportion_to_its_length(piece: str) -> None:
    """Four times the text takes about four times the calls; a quadratic rule would take sixteen."""

    def count_calls(size: int) -> int:
        text = (piece * (size // len(piece) + 1))[:size]
        calls = 0

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            find_quantities(text)
        finally:
            sys.setprofile(None)
        return calls

    assert count_calls(8_000) < 6 * count_calls(2_000) + 1_000


# --- bounds that the recorder gives ---


def make(lower: str | None, upper: str | None, *inclusive: bool) -> Interval:
    return Interval(
        None if lower is None else Decimal(lower), None if upper is None else Decimal(upper), *inclusive
    )


@pytest.mark.parametrize(
    ("interval", "modality"),
    [
        (make("13", None), Modality.AT_LEAST),
        (make("13", None, False, False), Modality.AT_LEAST),
        (make(None, "13"), Modality.AT_MOST),
        (make("0", "13"), Modality.AT_MOST),
        (make("13", "13"), Modality.EXACT),
        (make("0", "0"), Modality.EXACT),
        (make("13", "15"), Modality.BETWEEN),
        (make("-5", "0"), Modality.BETWEEN),
    ],
)
def test_a_modality_follows_from_the_bounds_given(interval: Interval, modality: Modality) -> None:
    quantity = give_bounds("mindestens 13", interval)
    assert quantity == Quantity("mindestens 13", modality, interval, bounds_given=True)
    assert give_bounds("mindestens 13", interval, modality) == quantity


@given(PROSE)
def test_the_bounds_of_a_phrase_can_be_given_with_its_modality(text: str) -> None:
    quantity = try_parse(text)
    if quantity is not None:
        again = give_bounds(text, quantity.bounds, quantity.modality)
        assert (again.modality, again.bounds) == (quantity.modality, quantity.bounds)


@pytest.mark.parametrize(
    ("interval", "modality"),
    [
        (make("13", "15"), Modality.AT_LEAST),
        (make("1", "15"), Modality.AT_MOST),
        (make("13", None), Modality.AT_MOST),
        (make("13", "15"), Modality.EXACT),
        (make("13", None), Modality.VAGUE),
        (make(None, "13"), Modality.APPROXIMATE),
        (make("13", None), Modality.BETWEEN),
    ],
)
def test_a_modality_that_the_bounds_belie_is_refused(interval: Interval, modality: Modality) -> None:
    with pytest.raises(InvalidInput) as caught:
        give_bounds("13", interval, modality)
    assert [problem.path for problem in caught.value.problems] == [("quantity", "modality")]


@pytest.mark.parametrize(
    ("interval", "path"),
    [
        (make(None, None), "lower"),
        (make("1E+1000000", None), "lower"),
        (make("0", "1E-1000000"), "upper"),
        (make("0", "9" * 101), "upper"),
    ],
)
def test_bounds_that_are_none_or_too_long_are_refused(interval: Interval, path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        give_bounds("many", interval, path=("input", "quantity"))
    assert [problem.path for problem in caught.value.problems] == [("input", "quantity", path)]


def test_bounds_are_kept_without_exponent_or_loss() -> None:
    kept = give_bounds("x", make("1.20E+6", "9" * 100 + "." + "9" * 100)).bounds
    assert str(kept.lower) == "1200000"
    assert str(kept.upper) == "9" * 100 + "." + "9" * 100


@given(st.integers(0, 10**9))
def test_a_plus_sign_is_or_more_and_an_estimate_is_around(n: int) -> None:
    assert _read(f"{n}+") == _read(f"{n} or more")
    assert _read(f"an estimated {n}") == _read(f"around {n}")


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_range_or_more_is_at_least_its_lower_end(a: int, b: int) -> None:
    low, high = min(a, b), max(a, b)
    for phrase in (f"between {low} and {high} or more", f"{low} to {high} or more", f"{low}-{high}+"):
        assert _read(phrase) == _read(f"at least {low}")


def _read(phrase: str) -> tuple[Modality, Interval]:
    quantity = parse_quantity(phrase)
    return quantity.modality, quantity.bounds
