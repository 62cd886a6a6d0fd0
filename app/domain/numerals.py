"""Words and digits → numbers: "1,200", "1.2 million", "one hundred and five", "half a dozen".

`Tokens` cuts a text into tokens, in one pass; `read_numeral` reads the longest numeral that begins at one of
them. What it means in its phrase ("at least", "to", "or so") is the business of amounts.py and phrases.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from enum import Enum
from typing import NamedTuple

MAX_DIGITS = 100
"""Longer numerals are refused: nobody counted that far."""

EXACT = Context(prec=4 * MAX_DIGITS, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
"""Arithmetic that raises where it would round. The default context rounds to 28 digits without a word."""


class Kind(Enum):
    WORD = "word"
    DIGITS = "digits"
    CODE = "code"  # digits with letters on them: 82nd, 9pm, NQg4ZAYiGi
    DASH = "dash"
    MARK = "mark"
    BREAK = "break"  # a blank line


class Token(NamedTuple):
    kind: Kind
    word: str  # in lower case
    raw: str
    start: int
    end: int
    spaced: bool  # whether white space, or nothing, stands before it


_TOKEN = re.compile(
    # Possessive throughout: nothing is tried twice, so hostile text costs no more than any other.
    r"(?P<space>\s++)"
    r"|(?P<digits>[0-9]++(?:[.,:/][0-9]++)*+)(?P<tail>\w*+(?:['’]\w++)*+)"
    r"|(?P<word>\w++(?:['’]\w++)*+)"
    r"|(?P<dash>[-‐‑‒–])"
    r"|(?P<mark>.)",
    re.DOTALL,
)


_OUTSIDE = Token(Kind.BREAK, "", "", 0, 0, True)


class Tokens:
    """A text as tokens. A few steps past either end there are BREAKs, so looking around needs no checks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = _cut(text)
        self._length = len(self._tokens)
        # Python's -1 is the last of these too.
        self._tokens += [_OUTSIDE] * 8

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> Token:
        return self._tokens[index]

    def between(self, first: int, stop: int) -> list[Token]:
        return self._tokens[first:stop]

    def attached(self, index: int) -> bool:
        """Whether a token follows the one before it with no space between."""
        return not self._tokens[index].spaced

    def dashed(self, index: int) -> bool:
        """Whether the token is a dash that joins its neighbours, as in twenty-five and 25–30."""
        before, dash, after = self._tokens[index - 1], self._tokens[index], self._tokens[index + 1]
        return (
            dash.kind is Kind.DASH
            and not (dash.spaced or after.spaced)
            and before.kind is not Kind.DASH
            and after.kind is not Kind.DASH
        )

    def onward(self, index: int) -> int:
        """`index`, or the one after it if there is a joining dash there: a phrase may be hyphenated."""
        return index + 1 if self.dashed(index) else index

    def match(self, index: int, words: tuple[str, ...]) -> int | None:
        """The index after these words, if they stand there next to each other."""
        for number, word in enumerate(words):
            if number:
                index = self.onward(index)
            if self[index].word != word:
                return None
            index += 1
        return index

    def match_any(
        self, index: int, phrases: dict[str, list[tuple[str, ...]]]
    ) -> tuple[tuple[str, ...], int] | None:
        """The first phrase that stands there, and the index after it. `phrases` are filed by first word."""
        for words in phrases.get(self[index].word, ()):
            stop = self.match(index, words)
            if stop is not None:
                return words, stop
        return None


def file_phrases(phrases: list[str] | tuple[str, ...]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases by their first word, the longest first, for `Tokens.match_any`."""
    filed: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases, key=lambda phrase: -len(phrase.split())):
        words = tuple(phrase.split())
        filed.setdefault(words[0], []).append(words)
    return filed


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number and the index after it. `head` × `scale` is `value`: 2 × 10**6 in "2 million", 25 × 1."""

    value: Decimal
    stop: int
    head: Decimal
    scale: int = 1
    dozen: bool = False

    @property
    def thousands(self) -> Decimal | None:
        """What stands before a last "thousand" or larger: 200 in "two hundred thousand", whose head is 2."""
        for scale in reversed(SCALES.values()):
            if self.scale % scale == 0:
                return EXACT.divide(self.value, Decimal(scale))
        return None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What looks like a number and is none, or cannot be told; the index after it, and why."""

    reason: str
    stop: int


UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
MEASURES = {"hundred", "dozen", *SCALES}
"""Words that need a number (or "a") before them."""

_HALF_DOZEN = file_phrases(("half a dozen", "a half dozen", "half dozen"))
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def read_numeral(tokens: Tokens, index: int, *, with_and: bool = True) -> Numeral | Unreadable | None:
    """The longest numeral that begins at `index`; None if none does. Without "and" if that is another word's.

    >>> read_numeral(Tokens("one hundred and five people"), 0).value
    Decimal('105')
    """
    half = tokens.match_any(index, _HALF_DOZEN)
    if half is not None:
        return Numeral(Decimal(6), half[1], Decimal(6), dozen=True)
    is_digits = tokens[index].kind is Kind.DIGITS
    found = _read_digits(tokens, index) if is_digits else _read_words(tokens, index, with_and)
    if not isinstance(found, Numeral):
        return found
    after = tokens.onward(found.stop)
    if tokens[after].word != "dozen":
        return found
    return Numeral(
        plain(EXACT.multiply(found.value, Decimal(12))), after + 1, found.value, scale=12, dozen=True
    )


def plain(number: Decimal) -> Decimal:
    """The same number, its digits written out and no idle zeros: 1.20E+6 is 1200000, 2.50 is 2.5."""
    if number == number.to_integral_value():
        return Decimal(int(number))
    return number.normalize(EXACT)


def _cut(text: str) -> list[Token]:
    tokens: list[Token] = []
    spaced = True
    for match in _TOKEN.finditer(text):
        group, raw = match.lastgroup, match[0]
        if group == "space":
            spaced = True
            if raw.count("\n") > 1:
                tokens.append(Token(Kind.BREAK, "", raw, match.start(), match.end(), spaced))
            continue
        kind = (Kind.CODE if match["tail"] else Kind.DIGITS) if group == "tail" else Kind(group)
        tokens.append(Token(kind, raw.lower(), raw, match.start(), match.end(), spaced))
        spaced = False
    return tokens


def _read_digits(tokens: Tokens, index: int) -> Numeral | Unreadable:
    token = tokens[index]
    digits = token.raw
    if len(digits) > MAX_DIGITS and sum(map(str.isdigit, digits)) > MAX_DIGITS:
        return Unreadable(f"is a number of more than {MAX_DIGITS} digits", index + 1)
    before = tokens[index - 1]
    if (
        before.word == "."
        and tokens.attached(index)
        and not (tokens.attached(index - 1) and tokens[index - 2].kind is Kind.WORD)
    ):
        return Unreadable("has no digit before its decimal point", index + 1)
    if not (_PLAIN.fullmatch(digits) or _GROUPED.fullmatch(digits)):
        return Unreadable("is not a number written with decimal point or thousands commas", index + 1)
    head = Decimal(digits.replace(",", ""))
    scale, stop = _read_scales(tokens, index + 1)
    return Numeral(plain(EXACT.multiply(head, Decimal(scale))), stop, plain(head), scale)


def _read_scales(tokens: Tokens, index: int) -> tuple[int, int]:
    """The product of a "hundred" and one larger word of scale, where they stand, and the index after them."""
    scale = 1
    hundred = tokens.onward(index)
    if tokens[hundred].word == "hundred":
        scale, index = 100, hundred + 1
    larger = tokens.onward(index)
    if tokens[larger].word in SCALES:
        scale, index = scale * SCALES[tokens[larger].word], larger + 1
    return scale, index


class _Group(NamedTuple):
    """What stands before one word of scale. `head` × `hundred` is `value` if it ends in "hundred"."""

    value: int
    stop: int
    head: int
    hundred: int


def _read_words(tokens: Tokens, index: int, with_and: bool) -> Numeral | None:
    """Groups in falling order of scale: "two million three hundred thousand and five"."""
    group = _read_group(tokens, index, with_and, first=True)
    total, limit, head, scale = 0, 10**15, 0, 1
    while group is not None:
        after = tokens.onward(group.stop)
        step = SCALES.get(tokens[after].word, 1)
        if step >= limit:  # "two thousand three million": the three is another number's
            break
        total += group.value * step
        head, scale, limit = group.head, group.hundred * step, step
        index = after + 1 if step > 1 else group.stop
        group = _read_more(tokens, index, with_and) if step > 1 else None
    if limit == 10**15:
        return None
    if head * scale != total:
        head, scale = total, 1
    return Numeral(Decimal(total), index, Decimal(head), scale)


def _read_more(tokens: Tokens, index: int, with_and: bool) -> _Group | None:
    """The group that goes on after a word of scale; after "and" only one under a hundred does."""
    onward = tokens.onward(index)
    if tokens[onward].word != "and":
        group = _read_group(tokens, onward, with_and, first=False)
        return group if group is not None and group.value else None
    below = _read_below_hundred(tokens, tokens.onward(onward + 1)) if with_and else None
    if below is None or not below[0] or tokens[tokens.onward(below[1])].word in MEASURES:
        return None
    return _Group(*below, below[0], 1)


def _read_group(tokens: Tokens, index: int, with_and: bool, *, first: bool) -> _Group | None:
    """A number under a thousand, or "twelve hundred". The first may be the "a" of "a hundred", "a dozen"."""
    below = _read_below_hundred(tokens, index)
    if below is None and first and tokens[index].word == "a":
        below = (1, index + 1) if tokens[tokens.onward(index + 1)].word in MEASURES else None
    if below is None:
        return None
    value, stop = below
    hundred = tokens.onward(stop)
    if not value or tokens[hundred].word != "hundred":
        return _Group(value, stop, value, 1)
    stop = hundred + 1
    after = tokens.onward(stop)
    if tokens[after].word == "and" and with_and:
        after = tokens.onward(after + 1)
    rest = _read_below_hundred(tokens, after)
    # "between one hundred and five hundred": the five is another number's.
    if rest is None or not rest[0] or tokens[tokens.onward(rest[1])].word in {"hundred", "dozen"}:
        return _Group(value * 100, stop, value, 100)
    whole = value * 100 + rest[0]
    return _Group(whole, rest[1], whole, 1)


def _read_below_hundred(tokens: Tokens, index: int) -> tuple[int, int] | None:
    word = tokens[index].word
    if word in UNITS:
        return UNITS[word], index + 1
    if word not in TENS:
        return None
    unit = tokens.onward(index + 1)
    if 1 <= UNITS.get(tokens[unit].word, 0) <= 9:
        return TENS[word] + UNITS[tokens[unit].word], unit + 1
    return TENS[word], index + 1
