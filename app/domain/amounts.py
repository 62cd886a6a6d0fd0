"""The amount in a phrase of quantity, without the words that bound it: a number, a range, vague words, none.

`read_amount` reads the longest that begins at a token. Dates, ordinals and labels have numbers in them and
are no amounts; they are read too, so that nothing in them is taken for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from app.domain.dates import read_date
from app.domain.numerals import (
    EXACT,
    MEASURES,
    TENS,
    UNITS,
    Kind,
    Numeral,
    Tokens,
    Unreadable,
    file_phrases,
    plain,
    read_numeral,
)

VAGUE = {
    "tens": (20, 99),
    "dozens": (24, 99),
    "scores": (40, 99),
    "hundreds": (200, 999),
    "thousands": (2000, 9999),
    "tens of thousands": (20_000, 99_999),
    "hundreds of thousands": (200_000, 999_999),
    "millions": (2_000_000, 9_999_999),
    "several": (3, 9),
    "several dozen": (24, 99),
    "several hundred": (200, 999),
    "several thousand": (2000, 9999),
    "several hundred thousand": (200_000, 999_999),
    "several million": (2_000_000, 9_999_999),
    "a handful": (3, 7),
    "a few": (3, 5),
    "a couple": (2, 3),
}
NONE = ("no one", "no", "none")  # "zero" is a numeral
NO_ROW = "has no row in the table of quantity phrases"

_BEYOND_TABLE = {"billions", "trillions"}
_PLURALS = {"tens", "dozens", "scores", "hundreds", "thousands", "millions", *_BEYOND_TABLE}
_FRACTIONS = {"half", "halves", "quarter", "quarters"}
_ORDINALS = {
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "hundredth", "thousandth", "millionth",
}  # fmt: skip
_VAGUE_WORDS = file_phrases([phrase for phrase in VAGUE if " of " not in phrase])
_NONE_WORDS = file_phrases(NONE)
# Attached to digits these make something else of them: +25, ~25, >25, 9/11, #25, @25, 10^6, −5.
_SIGNS = re.compile(r"[/@#_=&\\~≈<>≤≥^|+*±−]")

AMOUNT_STARTS = {
    *_VAGUE_WORDS, *_NONE_WORDS, *_BEYOND_TABLE, *MEASURES, *UNITS, *TENS, "half", "a", "between", "from",
}  # fmt: skip
"""The words an amount may begin with; it may also begin with digits, or a date with a capital letter."""


@dataclass(frozen=True, slots=True)
class Amount:
    """The numbers from `low` to `high`, read up to the token `stop`.

    `vague` instead, for words like "dozens"; `fault` says why it cannot be read; `counts` is False for what
    is no amount: dates, ordinals, labels. A bound is put on a single number alone (`takes_bounds`), but for
    "or more", which a range takes too. `or_more`: with a plus sign at its end.
    """

    stop: int
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    is_range: bool = False
    dozen: bool = False
    or_more: bool = False
    vague: tuple[int, int] | None = None
    takes_bounds: bool = True
    fault: str | None = None
    counts: bool = True


def read_amount(tokens: Tokens, index: int) -> Amount | None:
    """What begins at `index`; None if it is neither an amount nor passed over as none."""
    passed = read_date(tokens, index) or _after_label(tokens, index)
    if passed is not None:
        return Amount(passed, counts=False)
    return (
        _read_spelled_range(tokens, index)
        or _read_vague(tokens, index)
        or _read_none(tokens, index)
        or _read_number(tokens, index)
    )


def _after_label(tokens: Tokens, index: int) -> int | None:
    """The index after "No. 5". In capitals only: "They said no. 25 were killed." """
    if (
        tokens[index].raw in {"No", "NO", "Nos"}
        and tokens[index + 1].word == "."
        and tokens.attached(index + 1)
    ):
        return index + 3 if tokens[index + 2].kind in {Kind.DIGITS, Kind.CODE} else None
    return None


def _read_none(tokens: Tokens, index: int) -> Amount | None:
    none = tokens.match_any(index, _NONE_WORDS)
    if none is None:
        return None
    follows = read_numeral(tokens, tokens.onward(none[1]))
    if none[0] == ("no",) and follows is not None:
        return Amount(follows.stop, fault=NO_ROW)
    return Amount(none[1], takes_bounds=False)


def _read_vague(tokens: Tokens, index: int) -> Amount | None:
    if tokens[index].word in _BEYOND_TABLE:
        return Amount(index + 1, fault=NO_ROW)
    known = tokens.match_any(index, _VAGUE_WORDS)
    if known is None:
        return None
    parts, stop = [" ".join(known[0])], known[1]
    while True:
        following = tokens.onward(stop)
        if tokens[following].word == "of":
            following = tokens.onward(following + 1)
        word = tokens[following].word
        if word not in _PLURALS and word not in MEASURES:
            break
        parts, stop = [*parts[:2], word], following + 1
    phrase = " of ".join(parts)
    if phrase not in VAGUE or (phrase == "a few" and tokens[index - 1].word == "quite"):
        return Amount(stop, fault=NO_ROW)
    return Amount(stop, vague=VAGUE[phrase], takes_bounds=False)


def _read_number(tokens: Tokens, index: int) -> Amount | None:
    if tokens[index].word in MEASURES:
        return Amount(index + 1, fault="needs a number or “a” before it")
    low = read_numeral(tokens, index)
    if low is None:
        return None
    if isinstance(low, Unreadable):
        return Amount(low.stop, fault=low.reason)
    sign = _signed(tokens, index, low.stop)
    if sign is not None:
        return Amount(low.stop, fault=sign)
    if tokens[tokens.onward(low.stop)].word in MEASURES:
        return Amount(tokens.onward(low.stop) + 1, fault=NO_ROW)
    return _read_ordinal(tokens, low) or _read_range(tokens, low) or _single(tokens, low)


def _single(tokens: Tokens, numeral: Numeral) -> Amount:
    stop = _after_plus(tokens, numeral.stop)
    value = numeral.value
    return Amount(stop, value, value, dozen=numeral.dozen, or_more=stop > numeral.stop)


def _after_plus(tokens: Tokens, stop: int) -> int:
    """The index after a plus sign that closes a number: 25+, 2 million+; but not 25+5, 25++."""
    if tokens[stop].word != "+" or not tokens.attached(stop):
        return stop
    goes_on = tokens.attached(stop + 1) and (
        tokens[stop + 1].kind in {Kind.DIGITS, Kind.CODE, Kind.WORD} or _SIGNS.match(tokens[stop + 1].word)
    )
    return stop if goes_on else stop + 1


def _signed(tokens: Tokens, first: int, stop: int) -> str | None:
    """What is wrong if signs stand on the digits: ~25, -25, 25+5."""
    text, start, end = tokens.text, tokens[first].start, tokens[stop - 1].end
    if tokens[first].kind is not Kind.DIGITS:
        return None
    before = _SIGNS.match(text, start - 1) if start else None
    after = _SIGNS.match(text, end) if tokens[stop - 1].kind is Kind.DIGITS else None
    if after is not None and _after_plus(tokens, stop) > stop:
        after = None
    sign = before or after
    if sign is not None:
        return f"is written with “{sign[0]}”, which could mean several things"
    dash = first - 1
    if tokens[dash].kind is Kind.DASH and tokens.attached(first) and not tokens.attached(dash):
        return "has a minus sign before it"
    return None


def _read_ordinal(tokens: Tokens, numeral: Numeral) -> Amount | None:
    """twenty-fifth, one hundred and fifth: no numbers. two-thirds, one quarter: no whole ones."""
    stop, last = numeral.stop, tokens[numeral.stop - 1].word
    if tokens[stop].word == "and" and numeral.scale >= 100 and tokens[stop + 1].word in _ORDINALS:
        return Amount(stop + 2, counts=False)
    dashed, after = tokens.dashed(stop), tokens.onward(stop)
    word = tokens[after].word
    if dashed and word in _ORDINALS and (last in TENS or last in MEASURES):
        return Amount(after + 1, counts=False)
    singular = word in _FRACTIONS or (word in _ORDINALS and word not in {"first", "second"})
    plural = word in _FRACTIONS or (word[:-1] in _ORDINALS and word not in {"firsts", "seconds"})
    if ((dashed or numeral.value == 1) and singular) or plural:
        return Amount(after + 1, fault="is a fraction")
    return None


def _read_range(tokens: Tokens, low: Numeral) -> Amount | None:
    """a-b, a–b, a to b."""
    after = tokens.onward(low.stop)
    if tokens[after].word == "to":
        return _range_to(tokens, low, tokens.onward(after + 1))
    if not tokens.dashed(low.stop):
        return None
    core = _range_to(tokens, low, after)
    if core is None:
        return None
    stop = core.stop
    while tokens.dashed(stop) and isinstance(more := read_numeral(tokens, stop + 1), Numeral | Unreadable):
        stop = more.stop
    return core if stop == core.stop else Amount(stop, fault="is more than a range of two numbers")


def _read_spelled_range(tokens: Tokens, index: int) -> Amount | None:
    """between a and b, from a to b."""
    word = tokens[index].word
    if word == "from":
        core = _read_number(tokens, index + 1)
        return core if core is not None and core.is_range else None
    if word != "between":
        return None
    # "between one hundred and five and …" or "between one hundred, and five thousand": the longer one first.
    for with_and in (True, False):
        low = read_numeral(tokens, index + 1, with_and=with_and)
        if isinstance(low, Numeral) and tokens[low.stop].word == "and":
            core = _range_to(tokens, low, low.stop + 1)
            if core is not None:
                return core
    return None


def _range_to(tokens: Tokens, low: Numeral, index: int) -> Amount | None:
    """The range from `low` to the numeral at `index`. Scale said once is meant twice: 5 to 10 thousand."""
    if read_date(tokens, index) is not None:
        return None
    high = read_numeral(tokens, index)
    if high is None:
        return None
    if isinstance(high, Unreadable):
        return Amount(high.stop, fault=high.reason)
    sign = _signed(tokens, index, high.stop)
    if sign is not None:
        return Amount(high.stop, fault=sign)
    lowest = low.value
    if low.scale == 1 and lowest < high.head:
        lowest = plain(EXACT.multiply(lowest, Decimal(high.scale)))
    elif high.thousands is not None and lowest < high.thousands:
        # "one hundred to two hundred thousand"
        return Amount(high.stop, fault="can be read two ways")
    if lowest > high.value:
        return Amount(high.stop, fault="runs downwards, so it is no range")
    stop = _after_plus(tokens, high.stop)
    return Amount(stop, lowest, high.value, is_range=True, or_more=stop > high.stop, takes_bounds=False)
