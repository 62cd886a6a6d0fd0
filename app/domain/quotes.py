"""Where words stand in a text: W3C Web Annotation selectors, counted in Unicode code points.

A quote is a TextQuoteSelector (exact, prefix, suffix) and, where the text is stored, a TextPositionSelector
(start, end). Text is never altered to make a quote fit.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.passages import CONTEXT, candidate_at, nearest_passages
from app.domain.texts import check_text
from app.domain.vocabulary import QuoteStatus
from app.errors import AmbiguousQuote, FieldProblem, InvalidInput, QuoteCandidate, QuoteNotFound

MAX_CANDIDATES = 20
"""How many places of an ambiguous quote are listed; the error's message counts them all."""

_NEAR = 1000


@dataclass(frozen=True, slots=True)
class Quote:
    """`prefix` immediately precedes `exact`, `suffix` immediately follows; `exact` is `text[start:end]`.

    `start` and `end` are None, both, where the text of the source is not stored.
    """

    exact: str
    prefix: str | None
    suffix: str | None
    start: int | None
    end: int | None


def anchor_quote(
    text: str,
    exact: str,
    prefix: str | None = None,
    suffix: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Quote:
    """The quote in its place in the text; up to 32 code points of context where none was given.

    All that is given must hold: the words at that place, the prefix before, the suffix after. An empty prefix
    or suffix is as none. QuoteNotFound if there is no such place, with the nearest passages; AmbiguousQuote
    if there are several; InvalidInput if `exact` is blank or the place impossible.

    >>> anchor_quote("dozens here, dozens there", "dozens", suffix=" there").start
    13
    """
    _check_words(exact, prefix, suffix)
    prefix, suffix = prefix or None, suffix or None
    if start is not None or end is not None:
        at = _check_place(text, exact, start, end)
        if not _stands_at(text, at, exact, prefix, suffix):
            raise _not_found(text, exact, prefix, suffix, at)
        return _quote_at(text, at, exact, prefix, suffix)
    needle = f"{prefix or ''}{exact}{suffix or ''}"
    places = _find_all(text, needle, MAX_CANDIDATES)
    if not places:
        raise _not_found(text, exact, prefix, suffix, None)
    starts = [place + len(prefix or "") for place in places]
    if len(starts) > 1:
        # str.count skips what overlaps; the list does not.
        count = max(text.count(needle), len(starts))
        raise AmbiguousQuote(exact, _candidates(text, starts, len(exact)), count)
    return _quote_at(text, starts[0], exact, prefix, suffix)


def cite_quote(
    exact: str,
    prefix: str | None = None,
    suffix: str | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Quote:
    """A quote from a source whose text is not stored. It has no place: `start` and `end` are InvalidInput.

    >>> cite_quote("two dead").start is None
    True
    """
    _check_words(exact, prefix, suffix)
    if start is not None or end is not None:
        raise InvalidInput.at(
            "quote",
            "start" if start is not None else "end",
            message="the text of this source is not stored, so the quote has no place in it",
            hint="Leave start and end out, or record the source's text.",
        )
    return Quote(exact, prefix or None, suffix or None, None, None)


def check_quote(quote: Quote, text: str | None) -> tuple[QuoteStatus, Quote | None]:
    """Where the quote stands in a text, as a rule the newest version of its source.

    PRESENT: at its place (or anywhere, if it has none: recorded before the text was). MOVED: elsewhere, and
    its context or its words alone say where. ORPHANED: gone, or it could be in several places. UNCHECKED:
    there is no text. The quote comes back as it stands there, if it is known where.

    >>> quote = anchor_quote("At least 25 died.", "25")
    >>> check_quote(quote, "Sunday: At least 25 died.")[0].value
    'MOVED'
    """
    if text is None:
        return QuoteStatus.UNCHECKED, None
    exact, prefix, suffix = quote.exact, quote.prefix, quote.suffix
    if quote.start is not None and _stands_at(text, quote.start, exact, prefix, suffix):
        return QuoteStatus.PRESENT, quote
    moved = _place_by_context(text, exact, prefix, suffix)
    if quote.start is not None and moved is None and _stands_at(text, quote.start, exact, None, None):
        # Only the words around it were edited, and nowhere else fits them better.
        moved = quote.start
    if moved is None:
        moved = _only_place(text, exact, prefix, suffix)
    if moved is None:
        return QuoteStatus.ORPHANED, None
    found = _quote_at(text, moved, exact, None, None)
    status = QuoteStatus.MOVED if quote.start not in (None, moved) else QuoteStatus.PRESENT
    return status, found


def _place_by_context(text: str, exact: str, prefix: str | None, suffix: str | None) -> int | None:
    """Where the words stand with all their context, if that is one place."""
    if not prefix and not suffix:
        return None
    places = _find_all(text, f"{prefix or ''}{exact}{suffix or ''}", 2)
    return places[0] + len(prefix or "") if len(places) == 1 else None


def _only_place(text: str, exact: str, prefix: str | None, suffix: str | None) -> int | None:
    """The one place of the words, or the one that the words before or those after tell apart."""
    alone = _find_all(text, exact, 2)
    if len(alone) < 2:
        return alone[0] if alone else None
    found = {
        place
        for place in (
            _place_by_context(text, exact, prefix, None),
            _place_by_context(text, exact, None, suffix),
        )
        if place is not None
    }
    return found.pop() if len(found) == 1 else None


def _stands_at(text: str, at: int, exact: str, prefix: str | None, suffix: str | None) -> bool:
    before = at - len(prefix or "")
    return before >= 0 and text.startswith(f"{prefix or ''}{exact}{suffix or ''}", before)


def _quote_at(text: str, at: int, exact: str, prefix: str | None, suffix: str | None) -> Quote:
    end = at + len(exact)
    return Quote(
        exact,
        text[max(0, at - CONTEXT) : at] if prefix is None else prefix,
        text[end : end + CONTEXT] if suffix is None else suffix,
        at,
        end,
    )


def _find_all(text: str, needle: str, limit: int, start: int = 0) -> list[int]:
    """The first `limit` places of the needle, overlapping ones too. About as many passes over the text."""
    places: list[int] = []
    place = text.find(needle, start)
    while place >= 0 and len(places) < limit:
        places.append(place)
        place = text.find(needle, place + 1)
    return places


def _candidates(text: str, starts: list[int], length: int) -> list[QuoteCandidate]:
    return [candidate_at(text, start, start + length) for start in starts]


def _not_found(
    text: str, exact: str, prefix: str | None, suffix: str | None, at: int | None
) -> QuoteNotFound:
    """The error for words that do not stand where they should, or nowhere."""
    # From a little before the place, so that the near ones are among those listed.
    places = _find_all(text, exact, MAX_CANDIDATES, max(0, (at or 0) - _NEAR))
    places = places or _find_all(text, exact, MAX_CANDIDATES)
    if not places:
        return QuoteNotFound(exact, nearest_passages(text, exact))
    if at is not None and not text.startswith(exact, at):
        where = f"not at {at} (places are counted in Unicode code points)"
    elif prefix and suffix:
        where = "not between the prefix and the suffix given"
    else:
        where = f"not {'after the prefix' if prefix else 'before the suffix'} given"
    return QuoteNotFound(
        exact,
        _candidates(text, places, len(exact)),
        f"These words stand in the text of the source, but {where}: {exact!r}.",
    )


def _check_words(exact: str, prefix: str | None, suffix: str | None) -> None:
    check_text(exact, "quote", "exact", blank=False)
    if prefix is not None:
        check_text(prefix, "quote", "prefix")
    if suffix is not None:
        check_text(suffix, "quote", "suffix")


def _check_place(text: str, exact: str, start: int | None, end: int | None) -> int:
    """The start of the place given; one end is enough."""
    if start is None:
        assert end is not None
        start = end - len(exact)
    if end is None:
        end = start + len(exact)
    problems = []
    if start < 0 or end < start:
        problems.append(
            FieldProblem(("quote", "start"), f"{start} is before the text or after the quote's end")
        )
    elif end > len(text):
        problems.append(
            FieldProblem(
                ("quote", "end"), f"{end:,} is after the end of the text, which has {len(text):,} code points"
            )
        )
    elif end - start != len(exact):
        problems.append(
            FieldProblem(
                ("quote", "end"), f"{start} to {end} is {end - start} code points; exact has {len(exact)}"
            )
        )
    if problems:
        raise InvalidInput(
            problems, hint="Positions are counted in Unicode code points, not in UTF-16 or bytes."
        )
    return start
