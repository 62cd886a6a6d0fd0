"""Names in texts, against a search that tries every name at every word."""

from __future__ import annotations

import re
import unicodedata
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.names import NamePlace, Names, fold, spell_pattern, split_name, split_words

ONE, OTHER = UUID(int=1), UUID(int=2)

# Few words, so that they meet; separators of every kind.
WORDS = st.sampled_from(["ali", "Áli", "ALI", "hassan", "Hassàn", "al", "x", "Łódź", "ab\u00adc", "张", "三"])
GAPS = st.sampled_from([" ", "-", ", ", ". ", "_", "\n", "’", "  ", "\u200b", "\u00ad "])
names = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
texts = st.lists(st.tuples(WORDS, GAPS), max_size=12).map(lambda pairs: "".join(map("".join, pairs)))


def find(known: dict[str, UUID], text: str) -> list[tuple[str, UUID]]:
    places = Names((agent, name) for name, agent in known.items()).find(text)
    return [(text[place.start : place.end], place.agent) for place in places]


def split_naively(text: str) -> list[tuple[str, int, int]]:
    """Each word with its place, a character at a time."""
    words: list[tuple[str, int, int]] = []
    inside = False
    for place, character in enumerate(text):
        unspaced = unicodedata.name(character, "").startswith("CJK")
        letter = character.isalnum() and not unspaced
        hidden = unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
        if unspaced or (letter and not inside):
            words.append((character, place, place + 1))
        elif (letter or hidden) and words and words[-1][2] == place:
            word, start, _ = words[-1]
            words[-1] = (word + character, start, place + 1)
        inside = letter or (inside and hidden)
    return [(fold(word), start, end) for word, start, end in words]


@given(st.lists(st.tuples(st.sampled_from([ONE, OTHER]), names), max_size=6), texts)
def test_names_stand_where_a_naive_search_finds_them(known: list[tuple[UUID, str]], text: str) -> None:
    expected = find_naively(known, text)
    seen = "".join(" " if unicodedata.category(c) == "Cf" else c for c in text)
    expected += [place for place in find_naively(known, seen) if place not in expected]
    assert list(Names(known).find(text)) == expected


def find_naively(known: list[tuple[UUID, str]], text: str) -> list[NamePlace]:
    words = split_naively(text)
    found = []
    for last, (_, _, end) in enumerate(words):
        ending = [
            (len(split), -place, agent)
            for place, (agent, name) in enumerate(known)
            if (split := split_name(name))
            and split == [word for word, _, _ in words[max(last - len(split) + 1, 0) : last + 1]]
        ]
        if ending:
            length, _, agent = max(ending)
            found.append(NamePlace(agent, words[last - length + 1][1], end))
    return found


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Ali Hassan", "That ali   HASSAN's word", ["ali   HASSAN"]),
        ("Ali Hassan", "https://x.example/2019/ali-hassan_said", ["ali-hassan"]),
        ("Ali Hassan", "Alia Hassan, Ali Hassani, Hassan Ali", []),
        ("José Núñez", "jose nunez and Jose\u0301 Nun\u0303ez", ["jose nunez", "Jose\u0301 Nun\u0303ez"]),
        ("Hassan", "Has\u00adsan and Has\u200bsan", ["Has\u00adsan", "Has\u200bsan"]),
        ("Ali Hassan", "Ali\u200bHassan, Ali\u00adHassan", ["Ali\u200bHassan", "Ali\u00adHassan"]),
        ("أحمد", "قال احمد", ["احمد"]),
        ("مُحَمَّد", "محمد محمـد", ["محمد", "محمـد"]),
        ("张三", "昨天张三说", ["张三"]),
        ("สมชาย", "นายสมชายพูด", ["สมชาย"]),
        ("Łukasz", "Lukasz LUKASZ łukasz", ["Lukasz", "LUKASZ", "łukasz"]),
        ("Strauß", "STRAUSS", ["STRAUSS"]),
        ("Ｊａｎ", "Jan", ["Jan"]),
        ("Al", "Al said al", []),
        ("2019", "in 2019", []),
        ("", "anything", []),
    ],
)
def test_what_is_a_name_in_a_text(name: str, text: str, found: list[str]) -> None:
    assert find({name: ONE}, text) == [(words, ONE) for words in found]


@pytest.mark.parametrize(
    ("name", "url", "found"),
    [
        ("Ali Hassan", "https://n.example/ali-hassan", ["ali-hassan"]),
        ("Ali Hassan", "https://n.example/ali%20hassan", ...),
        ("Ali Hassan", "https://n.example/%61li/100%/hassan%2", []),
        ("Ali Hassan", "https://n.example/ali-hassan?of=ali%20hassan", ["ali-hassan"]),
        ("Ali Hassan", "https://a.example/?url=https%3A%2F%2Fn.example%2Fali%2520hassan", ...),
        ("علي حسن", "https://n.example/%D8%B9%D9%84%D9%8A-%D8%AD%D8%B3%D9%86", ...),
        ("José", "https://n.example/jos%C3%A9%FF", ...),
    ],
)
def test_what_is_a_name_in_a_url(name: str, url: str, found: Any) -> None:
    places = [url[place.start : place.end] for place in Names([(ONE, name)]).find_in_url(url)]
    assert places == ([url] if found is ... else found)


@given(names, texts)
def test_what_is_encoded_is_found_as_well(name: str, text: str) -> None:
    known = Names([(ONE, name)])
    assert bool(list(known.find(text))) == bool(list(known.find_in_url(quote(quote(text)))))


@given(names, texts)
def test_a_pattern_is_found_wherever_the_name_stands(name: str, text: str) -> None:
    pattern = spell_pattern([name])
    if list(Names([(ONE, name)]).find(text)):
        assert pattern is not None
        assert re.search(pattern, text)


@pytest.mark.parametrize("word", ["STRAUß", "ﬁnn", "Œuvre", "Ｊａｎ", "Núñez", "İstanbul", "أحمد"])
def test_a_pattern_is_found_in_other_spellings(word: str) -> None:
    pattern = spell_pattern([fold(word)])
    assert pattern is not None
    assert re.search(pattern, f"x {word} y")


@pytest.mark.parametrize("text", ["حـــــسن", "حَـــــسَن", "حَـــسَّـــن"])
def test_an_arabic_word_may_be_stretched(text: str) -> None:
    assert list(Names([(ONE, "حسن")]).find(text))
    pattern = spell_pattern(["حسن"])
    assert pattern is not None
    assert re.search(pattern, text)


def test_the_longest_name_that_ends_at_a_word_is_told() -> None:
    known = {"Hassan": ONE, "Ali Hassan": OTHER, "Ali Hassan Omar": ONE}
    assert find(known, "Ali Hassan. Omar; Hassan") == [
        ("Ali Hassan", OTHER),
        ("Ali Hassan. Omar", ONE),
        ("Hassan", ONE),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "one two " * 60_000,
        "person number " * 40_000,
        "a " * 300_000,
        "é" * 600_000,
        "张" * 300_000,
        "a\u200b" * 300_000,
    ],
)
def test_a_thousand_names_in_a_large_text_cost_as_the_text_is_long(text: str) -> None:
    known = Names((ONE, f"person {'number ' * (place % 300)}{place}x") for place in range(1000))
    lookups = count_lookups(known)
    text += " Person 0x"
    assert len(list(known.find(text))) == 1
    # A step for each word, and no more steps back than forward; twice, if there are signs that are not seen.
    words = max(len(split_words(text)), len(split_words(text.replace("\u200b", " "))))
    assert len(lookups) <= (4 if "\u200b" in text else 2) * words + 4


def count_lookups(known: Names) -> list[int]:
    """A list that grows by 1 for each step that the search takes from now on."""
    counted: list[int] = []

    class Counted(dict[str, Any]):
        def __contains__(self, word: object) -> bool:
            counted.append(1)
            return super().__contains__(word)

    states = [known._root]
    for state in states:
        states.extend(state.next.values())
        state.next = Counted(state.next)
    return counted
