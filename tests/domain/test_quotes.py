from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app
from app.domain.passages import CONTEXT, nearest_passages
from app.domain.quotes import MAX_CANDIDATES, Quote, anchor_quote, check_quote, cite_quote
from app.domain.vocabulary import QuoteStatus
from app.errors import AmbiguousQuote, InvalidInput, QuoteNotFound

SAMPLE = Path(app.__file__).parent / "samples" / "baghdad-2019" / "000_1cd67d346b5eefb6.txt"
ARTICLE = SAMPLE.read_text(encoding="utf-8")

# Short and of few letters, so that words repeat and overlap; or any that can be stored.
REPETITIVE = st.text(alphabet="ab \n😀\u0301\u200f", min_size=1, max_size=40)
TEXTS = REPETITIVE | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ue000"), min_size=1
)


def is_visible(text: str) -> bool:
    return any(unicodedata.category(character)[0] not in "ZC" for character in text)


@st.composite
def spans(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS) -> tuple[str, int, int]:
    """A text and a stretch of it in which something can be seen."""
    text = draw(texts.filter(is_visible))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return (text, start, end) if is_visible(text[start:end]) else (text, 0, len(text))


@given(spans())
def test_a_quote_with_all_its_context_is_found_again_where_it_stands(span: tuple[str, int, int]) -> None:
    text, start, end = span
    exact, prefix, suffix = text[start:end], text[:start], text[end:]
    quote = anchor_quote(text, exact, prefix, suffix)
    assert (quote.start, quote.end, quote.exact) == (start, end, exact)
    again = anchor_quote(text, quote.exact, quote.prefix, quote.suffix, quote.start, quote.end)
    assert again == quote
    assert check_quote(quote, text) == (QuoteStatus.PRESENT, quote)


@given(spans())
def test_a_quote_with_its_place_gets_up_to_32_code_points_of_context(span: tuple[str, int, int]) -> None:
    text, start, end = span
    quote = anchor_quote(text, text[start:end], start=start, end=end)
    assert quote == Quote(
        text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT], start, end
    )
    assert anchor_quote(text, text[start:end], start=start) == quote
    assert anchor_quote(text, text[start:end], end=end) == quote


@given(spans(st.text(alphabet="ab", min_size=1, max_size=12)), st.integers(0, 3), st.integers(0, 3))
def test_anchoring_against_brute_force(span: tuple[str, int, int], before: int, after: int) -> None:
    """Every place where exact, prefix and suffix all match is tried; one is a quote, more are ambiguous."""
    text, start, end = span
    exact, prefix, suffix = text[start:end], text[max(0, start - before) : start], text[end : end + after]
    places = [
        at for at in range(len(text)) if text[at:].startswith(exact + suffix) and text[:at].endswith(prefix)
    ]
    assert start in places
    if len(places) == 1:
        assert anchor_quote(text, exact, prefix, suffix).start == start
    else:
        with pytest.raises(AmbiguousQuote) as caught:
            anchor_quote(text, exact, prefix, suffix)
        assert [candidate.start for candidate in caught.value.candidates] == places
        for candidate in caught.value.candidates:
            # Each is enough to say which was meant.
            found = anchor_quote(text, exact, prefix, suffix, candidate.start, candidate.end)
            assert (found.start, found.end) == (candidate.start, candidate.end)


@given(spans(), TEXTS)
def test_a_quote_moves_with_its_text_and_is_orphaned_without(span: tuple[str, int, int], added: str) -> None:
    text, start, end = span
    exact = text[start:end]
    quote = anchor_quote(text, exact, start=start, end=end)
    later = added + text
    places = [at for at in range(len(later)) if later.startswith(exact, at)]
    status, moved = check_quote(quote, later)
    if status is QuoteStatus.ORPHANED:
        assert len(places) > 1
        assert moved is None
    else:
        assert moved is not None
        assert moved.start in places
        assert moved.exact == exact
        assert (status is QuoteStatus.PRESENT) == (moved.start == start)
    assert check_quote(quote, text.replace(exact, "\ue000")) == (QuoteStatus.ORPHANED, None)


def test_the_sample_s_garbled_words_are_quoted_as_they_stand() -> None:
    exact = 'he considers Tehran "fully responsible,quot; for the incident'
    quote = anchor_quote(ARTICLE, exact)
    assert ARTICLE[quote.start : quote.end] == quote.exact == exact
    with pytest.raises(QuoteNotFound) as caught:
        anchor_quote(ARTICLE, 'he considers Tehran "fully responsible," for the incident')
    assert [candidate.exact for candidate in caught.value.candidates] == [exact]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("at least 25 kataib hezbollah fighters", "At least 25 Kataib Hezbollah fighters"),
        ("At  least\n25 Kataib Hezbollah fighters", "At least 25 Kataib Hezbollah fighters"),
        ("the government's furious reaction", "the government’s furious reaction"),
        ("the government‘s furious-reaction", "the government’s furious reaction"),
        ("At least 25 Kataeb Hezbolah fighters died", "At least 25 Kataib Hezbollah fighters died"),
        ("around 700 soldiers from a rapid respons unit", "around 750 soldiers from a rapid response unit"),
        ("died in the ATTACK.", "died in the attack."),
    ],
)
def test_the_nearest_passage_is_a_candidate(wrong: str, meant: str) -> None:
    with pytest.raises(QuoteNotFound) as caught:
        anchor_quote(ARTICLE, wrong)
    best = caught.value.candidates[0]
    assert best.exact == meant
    assert ARTICLE[best.start : best.end] == meant
    assert ARTICLE[: best.start].endswith(best.prefix)
    assert ARTICLE[best.end :].startswith(best.suffix)
    assert caught.value.hint is not None
    assert "candidates" in caught.value.hint


def test_words_that_are_nowhere_near_have_no_candidates() -> None:
    with pytest.raises(QuoteNotFound) as caught:
        anchor_quote(ARTICLE, "Xyzzy plugh, hollow voice: quux!")
    assert caught.value.candidates == ()


def test_words_run_together_are_found_in_their_run() -> None:
    (found,) = nearest_passages("昨日。在袭击事件中死亡二十五人。", "【袭击事件")
    assert found.exact == "在袭击事件中死亡二十五人"


@given(TEXTS, TEXTS)
def test_candidates_are_passages_of_the_text(text: str, exact: str) -> None:
    for candidate in nearest_passages(text, exact):
        assert candidate.exact
        assert text[candidate.start : candidate.end] == candidate.exact
        assert text[: candidate.start].endswith(candidate.prefix)
        assert text[candidate.end :].startswith(candidate.suffix)


def test_an_ambiguous_quote_lists_its_places_and_counts_all() -> None:
    with pytest.raises(AmbiguousQuote) as caught:
        anchor_quote(ARTICLE, "Hashd al-Shaabi")
    assert len(caught.value.candidates) == 2
    assert "2 times" in caught.value.message
    with pytest.raises(AmbiguousQuote) as caught:
        anchor_quote("25 " * 500, "25")
    assert len(caught.value.candidates) == MAX_CANDIDATES
    assert "500 times" in caught.value.message
    with pytest.raises(AmbiguousQuote) as caught:
        anchor_quote("aaa", "aa")
    assert [candidate.start for candidate in caught.value.candidates] == [0, 1]


@pytest.mark.parametrize(
    ("prefix", "suffix", "start", "said"),
    [
        ("wrong ", None, None, "not after the prefix given"),
        (None, " wrong", None, "not before the suffix given"),
        ("25 ", " wrong", None, "not between the prefix and the suffix given"),
        ("wrong ", None, 12, "not after the prefix given"),
        (None, None, 11, "not at 11"),
    ],
)
def test_what_is_given_must_hold(
    prefix: str | None, suffix: str | None, start: int | None, said: str
) -> None:
    text = "At least 25 fighters died."
    assert anchor_quote(text, "fighters", "25 ", " died", 12, 20).start == 12
    with pytest.raises(QuoteNotFound, match=said) as caught:
        anchor_quote(text, "fighters", prefix, suffix, start)
    assert [candidate.start for candidate in caught.value.candidates] == [12]


def test_places_in_utf_16_are_refused_and_the_right_one_is_a_candidate() -> None:
    text = "😀" * 2000 + "At least 25 died." + "25 " * 50
    units = len(text[: text.index("25")].encode("utf-16-le")) // 2
    with pytest.raises(QuoteNotFound) as caught:
        anchor_quote(text, "25 died", start=units - 1990, end=units - 1983)
    assert [candidate.start for candidate in caught.value.candidates] == [text.index("25")]


@pytest.mark.parametrize(
    ("start", "end", "path"),
    [
        (-1, None, "start"),
        (5, 2, "start"),
        (0, 4, "end"),
        (24, None, "end"),
        (None, 1, "start"),
        (0, 10**30, "end"),
    ],
)
def test_an_impossible_place_is_refused(start: int | None, end: int | None, path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        anchor_quote("At least 25 fighters died", "25", start=start, end=end)
    assert [problem.path for problem in caught.value.problems] == [("quote", path)]


@pytest.mark.parametrize("exact", ["", " \n", "\u200b", "a\0", "\ud83d"])
def test_words_that_are_none_are_refused(exact: str) -> None:
    with pytest.raises(InvalidInput) as anchored:
        anchor_quote("a text", exact)
    with pytest.raises(InvalidInput) as cited:
        cite_quote(exact)
    for caught in (anchored, cited):
        assert [problem.path for problem in caught.value.problems] == [("quote", "exact")]


def test_a_citation_has_no_place() -> None:
    assert cite_quote("two dead", "", "") == Quote("two dead", None, None, None, None)
    assert cite_quote("two dead", "left ", ", many hurt").prefix == "left "
    for start, end in ((0, None), (None, 8), (0, 8)):
        with pytest.raises(InvalidInput, match="not stored"):
            cite_quote("two dead", start=start, end=end)


QUOTE = anchor_quote("On Sunday 25 died. On Monday 28 died.", "died", start=13)


@pytest.mark.parametrize(
    ("text", "status", "start"),
    [
        ("On Sunday 25 died. On Monday 28 died.", "PRESENT", 13),
        ("On Sunday 26 died. On Monday 29 died.", "PRESENT", 13),  # only the words around it were edited
        ("Correction. On Sunday 25 died. On Monday 28 died.", "MOVED", 25),
        ("xx Sunday xx died. Then On Sunday 25 died. On Monday 28 died.", "MOVED", 37),  # context beats place
        ("Many died there.", "MOVED", 5),
        ("Some died. Some died.", "ORPHANED", None),
        ("They perished.", "ORPHANED", None),
        ("", "ORPHANED", None),
        ("died. On Monday 28 died. Some were hurt, others died?", "MOVED", 0),  # the words after tell
        (None, "UNCHECKED", None),
    ],
)
def test_where_a_quote_stands_in_a_later_version(text: str | None, status: str, start: int | None) -> None:
    found, moved = check_quote(QUOTE, text)
    assert found == status
    assert (None if moved is None else moved.start) == start
    if moved is not None and text is not None:
        assert text[moved.start : moved.end] == "died"


def test_a_cited_quote_is_present_wherever_the_text_has_it_once() -> None:
    status, found = check_quote(cite_quote("25 died"), "On Sunday 25 died.")
    assert status is QuoteStatus.PRESENT
    assert found == Quote("25 died", "On Sunday ", ".", 10, 17)
    assert check_quote(cite_quote("25 died"), "25 died, 25 died") == (QuoteStatus.ORPHANED, None)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("a" * 1_000_000, "a" * 500_000),
        ("a" * 1_000_000, "a" * 500_000 + "b"),
        ("ab" * 500_000, "ba" * 100_000 + "c"),
        ("a " * 500_000, "a " * 250_000 + "!"),
        ('"' * 1_000_000, '"' * 1000 + "b"),
        (ARTICLE * 240, "At least 25 Kataeb Hezbolah fighters died in the atack"),
        (ARTICLE * 240, (ARTICLE * 50)[:200_000] + "x"),
    ],
    ids=range(7),
)
def test_megabytes_are_searched_in_bounded_time(text: str, exact: str) -> None:
    begun = time.perf_counter()
    with pytest.raises((QuoteNotFound, AmbiguousQuote)) as caught:
        anchor_quote(text, exact)
    # A second or less alone; quadratic work would take hours.
    assert time.perf_counter() - begun < 20
    assert isinstance(caught.value, QuoteNotFound | AmbiguousQuote)
    assert len(caught.value.candidates) <= MAX_CANDIDATES
