"""A phrase of quantity, as reported, → modality and the numbers it allows.

The table "Phrases of quantity" of docs/corroboration.md, and nothing beside it: a phrase without a row is
refused, and the recorder gives bounds. phrases.py finds the phrase, amounts.py reads its number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from app.domain.dates import is_year
from app.domain.intervals import Interval
from app.domain.numerals import EXACT, MAX_DIGITS, Kind, Tokens, file_phrases, plain
from app.domain.phrases import Bound, Fault, Mention, Scan, scan
from app.domain.vocabulary import Modality
from app.errors import InvalidInput, UnknownQuantity

_Answer = tuple[Modality, Interval]

_NAMED = 4
"""How many of the numbers that could be meant an error names."""

# Words beside a number that tell what it does there; for find_quantities alone, which only suggests.
_COUNTED = {
    "people", "persons", "men", "women", "children", "civilians", "soldiers", "troops", "fighters",
    "protesters", "demonstrators", "police", "personnel", "prisoners", "refugees",
}  # fmt: skip
_GROUPS = {"strong", "member", "man", "person", "vehicle"}
_LABELS = {
    "number", "flight", "article", "resolution", "section", "chapter", "page", "route", "unit", "phase",
    "channel", "boeing", "airbus", "aged", "age",
}  # fmt: skip
_AGES = file_phrases(("years old", "year old", "years of age"))
# "over 2003" and "around 2003" are about a year; "more than 2003" is not.
_BEFORE_NO_YEAR = {"at", "no", "more", "fewer", "less", "as", "upwards", "approximately", "roughly", "nearly"}
_BEFORE_PRONOUN = {"this", "that", "the", "any", "every", "each", "which", "another", "no", "some"}
_AFTER_PRONOUN = {
    "of", "another", "that", "which", "who", "whom", "who's", "day", "by", "or", "and", "is", "was", "has",
    "can", "could", "may", "should",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """`text` as reported; `bounds` by the table, or as the recorder gave them (`bounds_given`)."""

    text: str
    modality: Modality
    bounds: Interval
    bounds_given: bool = False


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """A quantity that stands at text[start:end], in Unicode code points."""

    start: int
    end: int
    quantity: Quantity


def parse_quantity(text: str) -> Quantity:
    """What the phrase allows. It may be part of a longer one, as long as that names no other number.

    UnknownQuantity says what is wrong: no number, several, or words about one that the table does not have.

    >>> parse_quantity("killed two dozen paramilitary fighters").bounds
    Interval(lower=Decimal('21'), upper=Decimal('27'), lower_inclusive=True, upper_inclusive=True)
    >>> parse_quantity("25 killed, 51 wounded")
    Traceback (most recent call last):
    app.errors.UnknownQuantity: 2 numbers could be meant: “25” and “51”.
    """
    scanned = scan(text, limit=_NAMED + 1)
    if not scanned.found:
        raise UnknownQuantity(text, _describe_none(text, scanned))
    if len(scanned.found) > 1:
        raise UnknownQuantity(text, _describe_several(text, scanned))
    (found,) = scanned.found
    if isinstance(found, Fault):
        raise UnknownQuantity(text, f"{_excerpt(text, found.start, found.end)} {found.reason}.")
    for start, end in scanned.loose:
        bound, number = _excerpt(text, start, end), _excerpt(text, found.start, found.end)
        raise UnknownQuantity(
            text, f"{bound} stands apart from {number}, so it cannot be told what it bounds."
        )
    answer = _answer_of(found)
    if isinstance(answer, str):
        raise UnknownQuantity(text, f"{_excerpt(text, found.start, found.end)} {answer}.")
    return Quantity(text, *answer)


def find_quantities(text: str) -> list[FoundQuantity]:
    """The quantities in a whole text, to suggest: in order, apart from each other, each by the same table.

    Left out: dates, years, clock times, ordinals, ages, labels ("Flight 752"), and "one" and "no" where they
    count nothing. Linear in the text's length.

    >>> [found.quantity.text for found in find_quantities("On 29 December 2019 at least 25 fighters died.")]
    ['at least 25']
    """
    scanned = scan(text)
    mentions = scanned.found
    suggested = []
    for place, mention in enumerate(mentions):
        if isinstance(mention, Fault) or not _counts_something(scanned.tokens, mention):
            continue
        sides = [*mentions[max(0, place - 1) : place], *mentions[place + 1 : place + 2]]
        if not mention.bounds and any(_runs_on(scanned, mention, side) for side in sides):
            continue
        answer = _answer_of(mention)
        if not isinstance(answer, str):
            quantity = Quantity(text[mention.start : mention.end], *answer)
            suggested.append(FoundQuantity(mention.start, mention.end, quantity))
    return suggested


def give_bounds(
    text: str, bounds: Interval, modality: Modality | None = None, *, path: tuple[str, ...] = ("quantity",)
) -> Quantity:
    """The quantity whose bounds the recorder gives. Without a modality it follows from them.

    A modality that the bounds belie is refused (InvalidInput under `path`): the rule of corroboration trusts
    AT_LEAST and AT_MOST to be the one-sided answers.

    >>> give_bounds("mindestens 13", Interval(Decimal(13), None)).modality
    <Modality.AT_LEAST: 'AT_LEAST'>
    """
    ends = (("lower", bounds.lower), ("upper", bounds.upper))
    for name, end in ends:
        if end is not None and not _is_short(end):
            raise InvalidInput.at(
                *path, name, message=f"has more than {MAX_DIGITS} digits before or after the point"
            )
    if bounds.lower is None and bounds.upper is None:
        raise InvalidInput.at(*path, "lower", message="give a lower bound, an upper bound or both")
    if modality is None:
        modality = _modality_of(bounds)
    elif not _suits(modality, bounds):
        message = (
            f"is {modality}, but the bounds are those of {_modality_of(bounds)}; left out, it follows them"
        )
        raise InvalidInput.at(*path, "modality", message=message)
    lower, upper = (None if end is None else plain(end) for _, end in ends)
    kept = Interval(lower, upper, bounds.lower_inclusive, bounds.upper_inclusive)
    return Quantity(text, modality, kept, bounds_given=True)


def _answer_of(mention: Mention) -> _Answer | str:
    """The row of the table, or what is wrong with the words."""
    amount = mention.amount
    if amount.vague is not None:
        low, high = amount.vague
        return Modality.VAGUE, Interval(Decimal(low), Decimal(high))
    if amount.is_range and mention.bounds:
        return Modality.AT_LEAST, Interval(amount.low, None)
    if amount.is_range:
        return Modality.BETWEEN, Interval(amount.low, amount.high)
    if not mention.bounds:
        if amount.dozen:
            return _approximate(amount.low, nearly=False)
        return Modality.EXACT, Interval(amount.low, amount.low)
    # "roughly around 30", "at least 30 or more": said twice, meant once.
    answers = {_bound(bound, amount.low) for bound in mention.bounds}
    if len(answers) > 1:
        return "puts two different bounds on one number"
    return answers.pop()


def _bound(bound: Bound, n: Decimal) -> _Answer | str:
    """The modality and interval of a bound on n. Where n is whole the ends are too."""
    whole = n == n.to_integral_value()
    if bound is Bound.AT_LEAST:
        return Modality.AT_LEAST, Interval(n, None)
    if bound is Bound.OVER:
        above = EXACT.add(n, Decimal(1)) if whole else n
        return Modality.AT_LEAST, Interval(above, None, lower_inclusive=whole)
    if bound is Bound.AT_MOST:
        return Modality.AT_MOST, Interval(Decimal(0), n)
    if bound is Bound.ABOUT:
        return _approximate(n, nearly=False)
    if n == 0:
        return "allows no number: nothing is less than zero"
    if bound is Bound.NEARLY:
        return _approximate(n, nearly=True)
    below = EXACT.subtract(n, Decimal(1)) if whole else n
    return Modality.AT_MOST, Interval(Decimal(0), below, upper_inclusive=whole)


def _approximate(n: Decimal, *, nearly: bool) -> _Answer:
    """From 0.9n to 1.1n, or nearly n: to what comes before n. Rounded outwards where n is whole."""
    whole = n == n.to_integral_value()
    low, high = EXACT.multiply(n, Decimal("0.9")), EXACT.multiply(n, Decimal("1.1"))
    if nearly:
        high = EXACT.subtract(n, Decimal(1)) if whole else n
    if whole:
        low, high = Decimal(math.floor(low)), Decimal(math.ceil(high))
    return Modality.APPROXIMATE, Interval(plain(low), plain(high), upper_inclusive=whole or not nearly)


def _modality_of(bounds: Interval) -> Modality:
    if bounds.upper is None:
        return Modality.AT_LEAST
    if bounds.lower == bounds.upper:
        return Modality.EXACT
    if bounds.lower is None or bounds.lower == 0:
        return Modality.AT_MOST
    return Modality.BETWEEN


def _suits(modality: Modality, bounds: Interval) -> bool:
    if modality is Modality.AT_LEAST:
        return bounds.upper is None
    if modality is Modality.AT_MOST:
        return bounds.upper is not None and (bounds.lower is None or bounds.lower == 0)
    if modality is Modality.EXACT:
        return bounds.lower == bounds.upper
    return bounds.lower is not None and bounds.upper is not None


def _is_short(number: Decimal) -> bool:
    """Whether it can be written out in a reasonable width: 1E+999999 is a short text and a long number."""
    exponent = number.as_tuple().exponent
    return number.adjusted() < MAX_DIGITS and isinstance(exponent, int) and exponent >= -MAX_DIGITS


def _counts_something(tokens: Tokens, mention: Mention) -> bool:
    """Whether a number in running text is likely to count something, rather than to name or to date it."""
    first, stop = mention.first, mention.stop
    before, after = tokens[first - 1].word, tokens[tokens.onward(stop)].word
    words = " ".join(token.word for token in tokens.between(first, stop))
    if words == "one":
        return before not in _BEFORE_PRONOUN and after.isalpha() and after not in _AFTER_PRONOUN
    if words == "no":  # no casualties, no people; but not: no effort, no longer
        return after in _COUNTED or (after.endswith("s") and not after.endswith(("ss", "us", "is")))
    if words == "no one":
        return after in {"was", "were", "died"}
    if before in _LABELS or tokens.match_any(tokens.onward(stop), _AGES) is not None:
        return False
    if tokens.dashed(stop) and after not in _GROUPS:
        return False  # a three-day visit
    digits = [token.word for token in tokens.between(first, stop) if token.kind is Kind.DIGITS]
    if digits and all(map(is_year, digits)):
        return after in _COUNTED or tokens[first].word in _BEFORE_NO_YEAR
    return True


def _runs_on(scanned: Scan, mention: Mention, side: Mention | Fault) -> bool:
    """Whether two numbers stand side by side and are parts of one: "nineteen eighty-four", "555 1234"."""
    start, end = min(mention.end, side.end), max(mention.start, side.start)
    if end - start > 3 or scanned.tokens.text[start:end].strip():
        return False
    return isinstance(side, Fault) or (not side.bounds and _counts_something(scanned.tokens, side))


def _describe_none(text: str, scanned: Scan) -> str:
    if scanned.skipped:
        return f"There are only dates, ordinals or names with numbers in {_excerpt(text, 0, len(text))}."
    return f"There is no number in {_excerpt(text, 0, len(text))}."


def _describe_several(text: str, scanned: Scan) -> str:
    named = [_excerpt(text, found.start, found.end) for found in scanned.found[:_NAMED]]
    many = len(scanned.found) > _NAMED
    count, last = (f"More than {_NAMED}", "more") if many else (str(len(named)), named.pop())
    return f"{count} numbers could be meant: {', '.join(named)} and {last}."


def _excerpt(text: str, start: int, end: int) -> str:
    """The words in quotation marks, short enough for a message."""
    return f"“{text[start:end]}”" if end - start <= 60 else f"“{text[start : start + 59]}…”"
