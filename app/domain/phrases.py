"""The grammar of quantity: where a text names a number, and in which words.

`scan` finds every phrase of quantity in a text: an amount (amounts.py) and the words that bound it, before or
after it, as in "at least | two dozen", "around | 750", "30 | or so". What looks like one and has no row in
the table of docs/corroboration.md is a Fault, so that it is refused and not misread: "a few hundred", "25++",
"a third of 90". quantities.py says which numbers each phrase allows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from app.domain.amounts import AMOUNT_STARTS, NO_ROW, Amount, read_amount
from app.domain.numerals import Kind, Tokens, file_phrases, read_numeral


class Bound(Enum):
    """What the words about a number n make of it."""

    AT_LEAST = auto()
    OVER = auto()
    AT_MOST = auto()
    UNDER = auto()
    ABOUT = auto()
    NEARLY = auto()


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase of quantity at text[start:end], tokens first to stop: an amount and the bounds put on it."""

    start: int
    end: int
    first: int
    stop: int
    amount: Amount
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What looks like a quantity and cannot be read as one; `reason` goes on from the words quoted."""

    start: int
    end: int
    reason: str


@dataclass(slots=True)
class Scan:
    """All that was found, in the order of the text. `loose` are bounds that stand apart from any number;
    `skipped` counts the dates, ordinals and names that have numbers in them."""

    tokens: Tokens
    found: list[Mention | Fault] = field(default_factory=list)
    loose: list[tuple[int, int]] = field(default_factory=list)
    skipped: int = 0


BOUNDS = {
    "at least": Bound.AT_LEAST,
    "no fewer than": Bound.AT_LEAST,
    "no less than": Bound.AT_LEAST,
    "more than": Bound.OVER,
    "over": Bound.OVER,
    "upwards of": Bound.OVER,
    "at most": Bound.AT_MOST,
    "up to": Bound.AT_MOST,
    "as many as": Bound.AT_MOST,
    "no more than": Bound.AT_MOST,
    "fewer than": Bound.UNDER,
    "less than": Bound.UNDER,
    "under": Bound.UNDER,
    "an estimated": Bound.ABOUT,
    "estimated": Bound.ABOUT,
    "around": Bound.ABOUT,
    "about": Bound.ABOUT,
    "approximately": Bound.ABOUT,
    "some": Bound.ABOUT,
    "roughly": Bound.ABOUT,
    "nearly": Bound.NEARLY,
    "almost": Bound.NEARLY,
    "close to": Bound.NEARLY,
}
BOUNDS_AFTER = {"or more": Bound.AT_LEAST, "or so": Bound.ABOUT}

# Words that make another quantity of the number beside them, and of which the table has no row.
_UNREAD = (
    "a minimum of", "minimum of", "minimum", "a maximum of", "maximum of", "maximum", "in excess of", "above",
    "below", "beneath", "beyond", "exceeding", "north of", "south of", "upward of", "as few as",
    "as little as", "as much as",
    "circa", "circa .", "ca .", "c .", "approx", "approx .",
    "virtually", "practically", "just short of", "short of", "just shy of", "shy of", "in the region of",
    "on the order of", "in the order of", "anything like", "nowhere near", "not", "never", "hardly", "barely",
    "half", "half of", "half of the", "half the", "third of", "third of the", "thirds of", "thirds of the",
    "quarter of", "quarter of the", "quarters of", "quarters of the", "double", "twice", "triple", "minus",
    "negative",
)  # fmt: skip
_UNREAD_AFTER = (
    "or fewer", "or less", "or under", "or over", "or above", "or below", "or up", "or thereabouts",
    "or greater", "plus", "odd", "something", "ish", "fold", "and a half", "and a quarter", "and more",
    "and up", "and above", "and counting", "at least", "at most",
)  # fmt: skip
# Between a bound and its number: "at least another 25", "up to an additional 4,000", "over $2 million".
_FILLERS = (
    "another", "additional", "an additional", "further", "a further", "extra", "an extra", "a total of",
    "$", "us $", "€", "£", "¥",
)  # fmt: skip
# Bounds that are rarely anything else: where one stands apart from the number, the number alone misleads.
_SURE = {
    "at least", "no fewer than", "no less than", "more than", "upwards of", "at most", "as many as",
    "no more than", "fewer than", "less than", "approximately", "roughly",
}  # fmt: skip

_BOUND_WORDS = file_phrases([*BOUNDS])
_UNREAD_WORDS = file_phrases(_UNREAD)
_FILLER_WORDS = file_phrases(_FILLERS)
_BOUND_AFTER_WORDS = file_phrases([*BOUNDS_AFTER])
_UNREAD_AFTER_WORDS = file_phrases(_UNREAD_AFTER)
_STARTS = {*_BOUND_WORDS, *_UNREAD_WORDS, *_BOUND_AFTER_WORDS, *AMOUNT_STARTS}


def scan(text: str, limit: int | None = None) -> Scan:
    """Every phrase of quantity in the text, or the first `limit` of them. Linear in its length."""
    tokens = Tokens(text)
    result = Scan(tokens)
    index = 0
    while index < len(tokens) and (limit is None or len(result.found) < limit):
        token = tokens[index]
        if token.kind is Kind.DIGITS or token.word in _STARTS or token.raw[:1].isupper():
            index = _step(result, index)
        else:
            index += 1
    return result


def _step(result: Scan, index: int) -> int:
    """Reads what begins at `index` into the result; the index to go on from, always a later one."""
    tokens = result.tokens
    at, before, unread = index, [], False
    amount = None
    # Three bounds are more than anybody writes; without a limit "over over over …" takes quadratic time.
    for _ in range(4):
        known = tokens.match_any(at, _BOUND_WORDS)
        if known is not None:
            before.append(" ".join(known[0]))
            at = known[1]
        else:
            amount = read_amount(tokens, at)
            unknown = None if amount is not None else tokens.match_any(at, _UNREAD_WORDS)
            if unknown is None:
                break
            unread = True
            at = unknown[1]
        at = _after_filler(tokens, tokens.onward(at))
    if amount is None:
        return _note_loose(result, index)
    if not amount.counts or tokens.dashed(index - 1):  # after a dash it is part of a name: F-16, Covid-19
        result.skipped += 1
        return amount.stop
    return _note_phrase(result, index, amount, before, unread=unread)


def _note_phrase(result: Scan, first: int, amount: Amount, before: list[str], *, unread: bool) -> int:
    tokens = result.tokens
    stop, fault = amount.stop, amount.fault
    bounds = [BOUNDS[words] for words in before if amount.vague is None or words != "some"]
    known = tokens.match_any(tokens.onward(stop), _BOUND_AFTER_WORDS)
    unknown = tokens.match_any(tokens.onward(stop), _UNREAD_AFTER_WORDS)
    if known is not None and tokens[known[1]].word != "than":
        bounds.append(BOUNDS_AFTER[" ".join(known[0])])
        stop = known[1]
    elif unknown is not None and read_numeral(tokens, unknown[1]) is None:
        unread, stop = True, unknown[1]
    if amount.or_more:
        bounds.append(Bound.AT_LEAST)
    if tokens[first - 1].word.endswith(("n't", "n’t")):
        unread, first = True, first - 1
    # "20 to 30 or more": at least 20.
    opened = amount.is_range and not before and set(bounds) == {Bound.AT_LEAST}
    if fault is None and (unread or (bounds and not (amount.takes_bounds or opened))):
        fault = NO_ROW
    start, end = tokens[first].start, tokens[stop - 1].end
    if fault is not None:
        result.found.append(Fault(start, end, fault))
    else:
        result.found.append(Mention(start, end, first, stop, amount, tuple(bounds)))
    return stop


def _note_loose(result: Scan, index: int) -> int:
    tokens = result.tokens
    known = tokens.match_any(index, _BOUND_WORDS) or tokens.match_any(index, _BOUND_AFTER_WORDS)
    if known is None:
        return index + 1
    words, stop = known
    if " ".join(words) in _SURE or (words[0] == "or" and tokens[stop].word != "than"):
        result.loose.append((tokens[index].start, tokens[stop - 1].end))
    # "or more than 30": the next bound may begin inside this one.
    return index + 1 if words[0] == "or" else stop


def _after_filler(tokens: Tokens, index: int) -> int:
    filler = tokens.match_any(index, _FILLER_WORDS)
    return index if filler is None else filler[1]
