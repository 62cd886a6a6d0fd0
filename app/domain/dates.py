"""Dates and clock times in running text: numbers that count nothing.

"29-31 December 2019", "2019-12-31", "9 p.m.", "14:30". Only what can hardly be anything else; "2019" alone is
left to whoever asks.
"""

from __future__ import annotations

import re

from app.domain.numerals import UNITS, Kind, Tokens, file_phrases

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
    "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec",
)  # fmt: skip
# "may" and "march" are verbs, "MAY" may be one in a headline: 25 MAY HAVE DIED.
_MONTH_WORDS = {*_MONTHS, *(month.upper() for month in _MONTHS if month not in {"May", "March", "Mar"})}

_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9])?")
_NUMERIC_DATE = re.compile(
    r"(?:0?[1-9]|[12][0-9]|3[01])([/.])(?:0?[1-9]|[12][0-9]|3[01])\1(?:[0-9]{2}|[0-9]{4})"
    r"|[0-9]{4}([/.])(?:0?[1-9]|1[0-2])\2(?:0?[1-9]|[12][0-9]|3[01])"
)
_HOUR = re.compile(r"(?:0?[1-9]|1[0-2])(?:[.:][0-5][0-9])?")
_ZONED = re.compile(r"(?:[01][0-9]|2[0-3])[.:]?[0-5][0-9]")
_DAY = re.compile(r"0?[1-9]|[12][0-9]|3[01]")
_ORDINAL_DAY = re.compile(r"(?:[12]?1st|2?2nd|2?3rd|31st|[12]?[04-9]th|1[0-9]th|30th)")
_YEAR = re.compile(r"[12][0-9]{3}")
_ISO_MONTH = re.compile(r"0[1-9]|1[0-2]")
_ISO_DAY = re.compile(r"(?:0[1-9]|[12][0-9]|3[01])(?:t.*)?")

_HALVES_OF_DAY = file_phrases(("am", "pm", "a . m .", "p . m .", "a . m", "p . m", "o'clock", "o’clock"))
_ZONES = {"gmt", "utc"}


def read_date(tokens: Tokens, index: int) -> int | None:
    """The index after the date or clock time that begins at `index`; None if none does.

    >>> read_date(Tokens("December 31, 2019"), 0)
    4
    """
    if tokens[index].raw in _MONTH_WORDS:
        return _after_month(tokens, index + 1)
    if tokens[index].kind is not Kind.DIGITS:
        return _clock_hour(tokens, index) if tokens[index].word in UNITS else None
    return _clock_hour(tokens, index) or _numeric_date(tokens, index) or _day_month(tokens, index)


def is_year(word: str) -> bool:
    """Whether the word, alone, is spelled as a year of our times is."""
    return _YEAR.fullmatch(word) is not None and 1500 <= int(word) < 2100


def _clock_hour(tokens: Tokens, index: int) -> int | None:
    word = tokens[index].word
    if _HOUR.fullmatch(word) or 1 <= UNITS.get(word, 0) <= 12:
        half = tokens.match_any(index + 1, _HALVES_OF_DAY)
        if half is not None:
            return half[1]
    if _ZONED.fullmatch(word) and tokens[index + 1].word in _ZONES:
        return index + 2
    return index + 1 if _CLOCK.fullmatch(word) else None


def _numeric_date(tokens: Tokens, index: int) -> int | None:
    if _NUMERIC_DATE.fullmatch(tokens[index].word):
        return index + 1
    if not (
        _YEAR.fullmatch(tokens[index].word)
        and tokens.dashed(index + 1)
        and _ISO_MONTH.fullmatch(tokens[index + 2].word)
    ):
        return None
    if tokens.dashed(index + 3) and _ISO_DAY.fullmatch(tokens[index + 4].word):
        return index + 5
    return index + 3


def _day_month(tokens: Tokens, index: int) -> int | None:
    """31 December, 29-31 December, 29 to 31 December, with or without a year."""
    stop = _after_days(tokens, index)
    if stop is None:
        return None
    if tokens[stop].word == "of":
        stop += 1
    if tokens[stop].raw not in _MONTH_WORDS:
        return None
    return _after_year(tokens, _after_dot(tokens, stop + 1))


def _after_month(tokens: Tokens, index: int) -> int | None:
    """What follows a month: 31 | 29-31 | 31st, and a year; or a year alone."""
    index = _after_dot(tokens, index)
    stop = _after_days(tokens, index)
    if stop is not None:
        return _after_year(tokens, stop)
    year = _after_year(tokens, index)
    return year if year > index else None


def _after_days(tokens: Tokens, index: int) -> int | None:
    if not _is_day(tokens, index):
        return None
    stop = index + 1
    if (tokens.dashed(stop) or tokens[stop].word in {"to", "and"}) and _is_day(tokens, stop + 1):
        stop += 2
    return stop


def _after_year(tokens: Tokens, index: int) -> int:
    year = index + 1 if tokens[index].word == "," else index
    return year + 1 if _YEAR.fullmatch(tokens[year].word) else index


def _after_dot(tokens: Tokens, index: int) -> int:
    return index + 1 if tokens[index].word == "." and tokens.attached(index) else index


def _is_day(tokens: Tokens, index: int) -> bool:
    word = tokens[index].word
    return _DAY.fullmatch(word) is not None or _ORDINAL_DAY.fullmatch(word) is not None
