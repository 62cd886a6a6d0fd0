"""The passages of a text that come nearest to words that do not stand in it.

First the same words with other spaces, quotation marks, punctuation, capitals or accents' encoding; failing
that, the stretches that share most of their letters, three by three. Work is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from difflib import Match, SequenceMatcher
from itertools import accumulate

from app.errors import QuoteCandidate

CONTEXT = 32
"""Code points of context kept before and after a quote where none was given."""

MAX_PASSAGES = 5
# Below this share of common trigrams a passage is not what was meant: two unrelated English sentences of the
# same length share about a third.
_LEAST_ALIKE = 0.55
# difflib is quadratic: only so much of the ends of a long quote is aligned with the text.
_ALIGNED = 120

_WORD = re.compile(r"[\w\u0300-\u036f]+")
_WORD_OR_SPACE = re.compile(r"[\w\s]")


def candidate_at(text: str, start: int, end: int) -> QuoteCandidate:
    """text[start:end] with its context."""
    return QuoteCandidate(
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        start=start,
        end=end,
    )


def nearest_passages(text: str, exact: str) -> list[QuoteCandidate]:
    """At most five passages the words may have meant; [] if none is near.

    The same words come in the order of the text, similar ones the nearest first.

    >>> [c.exact for c in nearest_passages("He said: “at least\\n25 died.”", "At least 25 died.")]
    ['at least\\n25 died.']
    """
    spans = _same_words(text, exact) or _similar_letters(text, exact)
    return [candidate_at(text, start, end) for start, end in spans]


def _same_words(text: str, exact: str) -> list[tuple[int, int]]:
    """Where the same words stand in the same order, whatever stands between them."""
    wanted = " ".join(_fold(word[0]) for word in _WORD.finditer(exact))
    if not wanted:
        return []
    words = list(_WORD.finditer(text))
    folded = [_fold(word[0]) for word in words]
    # Where each word starts in the line, which has a space at both ends so that whole words can be asked for.
    starts = list(accumulate((len(word) + 1 for word in folded), initial=1))
    line = f" {' '.join(folded)} "
    # Scripts without spaces (Chinese, Thai) run many words together: then any place in a run will do.
    places = _places(line, f" {wanted} ", 1) or _places(line, wanted, 0)
    closing = _punctuation(exact[::-1], 0, CONTEXT)
    spans = []
    for place in places:
        first = bisect_right(starts, place) - 1
        last = bisect_right(starts, place + len(wanted) - 1) - 1
        end = words[last].end()
        spans.append((words[first].start(), end + _punctuation(text, end, closing)))
    return list(dict.fromkeys(spans))


def _places(line: str, wanted: str, skipped: int) -> list[int]:
    """The first places of `wanted`, less the `skipped` characters it begins with."""
    places: list[int] = []
    place = line.find(wanted)
    while place >= 0 and len(places) < MAX_PASSAGES:
        places.append(place + skipped)
        # A step back, so that two neighbours share the space between them.
        place = line.find(wanted, place + len(wanted) - skipped)
    return places


def _punctuation(text: str, start: int, limit: int) -> int:
    """How many characters of punctuation stand at `start`, at most `limit`."""
    run = 0
    while run < limit and start + run < len(text) and not _WORD_OR_SPACE.match(text, start + run):
        run += 1
    return run


def _similar_letters(text: str, exact: str) -> list[tuple[int, int]]:
    """The windows of the quote's length that share most trigrams with it, cut to where the two align."""
    lowered, wanted = _lower(text), _lower(exact)
    length = min(len(wanted), len(lowered))
    grams = {wanted[i : i + 3] for i in range(len(wanted) - 2)}
    if not grams or length < 3:
        return []
    shared = [lowered[i : i + 3] in grams for i in range(len(lowered) - 2)]
    sums = [0, *accumulate(shared)]
    width = length - 2
    scores = [high - low for low, high in zip(sums, sums[width:], strict=False)]
    spans: list[tuple[int, int]] = []
    for _ in range(3):
        best = max(scores)
        if best < _LEAST_ALIKE * (len(wanted) - 2):
            break
        at = scores.index(best)
        span = _align(lowered, wanted, at)
        if span not in spans:
            spans.append(span)
        low, high = max(0, at - length), min(len(scores), at + length)
        scores[low:high] = [-1] * (high - low)
    return spans


def _align(lowered: str, wanted: str, at: int) -> tuple[int, int]:
    """The window that starts at `at`, its ends moved to where the quote's ends align, and to whole words."""
    margin = min(_ALIGNED, len(wanted) // 3 + 2)
    low, high = max(0, at - margin), min(len(lowered), at + len(wanted) + margin)
    near = _ALIGNED + 2 * margin
    head, tail = lowered[low : min(low + near, high)], lowered[max(low, high - near) : high]
    first = _blocks(head, wanted[:_ALIGNED])
    last = _blocks(tail, wanted[-_ALIGNED:])
    start = low + first[0].a if first else at
    end = high - len(tail) + last[-1].a + last[-1].size if last else at + len(wanted)
    if end <= start:
        start, end = at, min(len(lowered), at + len(wanted))
    while start > 0 and start > low and lowered[start].isalnum() and lowered[start - 1].isalnum():
        start -= 1
    while end < high and lowered[end].isalnum() and lowered[end - 1].isalnum():
        end += 1
    return start, end


def _blocks(part: str, wanted: str) -> list[Match]:
    matcher = SequenceMatcher(None, part, wanted, autojunk=False)
    return [block for block in matcher.get_matching_blocks() if block.size > 2]


def _fold(word: str) -> str:
    return word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).casefold()


def _lower(text: str) -> str:
    """In lower case, code point by code point, so that places stay the same (İ would become two)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)
