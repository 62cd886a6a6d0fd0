"""Names that stand in a text: whole words, capitals, accents and what is between the words set aside.

A name is a sequence of words, and stands in a text where its words follow each other there: `ali-hassan` and
"ALI  HÁSSAN" are Ali Hassan, "Alia Hassan" is not. Chinese, Japanese, Thai and their like write no spaces:
each of their characters is a word. All names are looked for at once, by the automaton of Aho and Corasick
over words, so that the work grows with the text alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from urllib.parse import unquote
from uuid import UUID

from app.domain.seals import TOMBSTONE

# A shorter one would be found in half of all texts.
SHORTEST = 3
SHORTEST_UNSPACED = 2
# How often a URL is decoded: a URL in the query of another is encoded twice.
ENCODINGS = 3

# Scripts without spaces between words: Thai, Lao, Myanmar, Khmer, kana, ideographs.
_UNSPACED = (
    "\u0e00-\u0e3a\u0e40-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
# Letters that no decomposition leads back to plain ones; as PostgreSQL's unaccent has them.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"\u0640": ""}  # the stroke that stretches an Arabic word
)


@dataclass(frozen=True, slots=True)
class NamePlace:
    """Where a name of an agent stands in a text: offsets in Unicode code points, the end not included."""

    agent: UUID
    start: int
    end: int


@dataclass(slots=True)
class _State:
    """What has been read of some name. `found`: the words, and the agent, of the longest that ends here."""

    next: dict[str, _State] = field(default_factory=dict)
    fallback: _State | None = None
    found: tuple[int, UUID] | None = None


class Names:
    """Names of agents, ready to be looked for. Those that could be other words are left out: `split_name`."""

    def __init__(self, names: Iterable[tuple[UUID, str]]) -> None:
        self._root = _State()
        self._words: set[str] = set()
        for agent, name in names:
            words = split_name(name)
            if words:
                self._add(agent, words)
        self._link()

    def __bool__(self) -> bool:
        return bool(self._words)

    def find(self, text: str) -> Iterator[NamePlace]:
        """At each word of the text, the longest name that ends there, and the first agent that has it.

        A sign that is not seen is read as nothing, and then as what separates two words.

        >>> agent = UUID(int=1)
        >>> [(p.start, p.end) for p in Names([(agent, "Ali Hassan")]).find("said ÁLI-Hassan. Alia Hassan")]
        [(5, 15)]
        """
        told = set()
        for place in self._find(text):
            told.add(place)
            yield place
        if not text.isascii() and _unseen().search(text) is not None:
            # As many code points, so that places stay what they are.
            yield from (place for place in self._find(_unseen().sub(" ", text)) if place not in told)

    def find_in_url(self, url: str) -> Iterator[NamePlace]:
        """As in a text, and as it reads decoded: a name found only there stands in the whole of the URL.

        >>> agent = UUID(int=1)
        >>> [(p.start, p.end) for p in Names([(agent, "Ali Hassan")]).find_in_url("https://n/ali%20hassan")]
        [(0, 22)]
        """
        told = set()
        for place in self.find(url):
            told.add(place.agent)
            yield place
        decoded = url
        for _ in range(ENCODINGS):
            encoded, decoded = decoded, unquote(decoded)
            if decoded == encoded:
                return
            for place in self.find(decoded):
                if place.agent not in told:
                    told.add(place.agent)
                    yield NamePlace(place.agent, 0, len(url))

    def find_across(self, *parts: str | None) -> Iterator[NamePlace]:
        """Names that begin in one of these parts of a text and end in a later one: places in all together.

        >>> agent = UUID(int=1)
        >>> [(p.start, p.end) for p in Names([(agent, "Ali Hassan")]).find_across("by Ali", None, " Hassan")]
        [(3, 13)]
        """
        seams = set(accumulate(len(part or "") for part in parts))
        for place in self.find("".join(part or "" for part in parts)):
            if not seams.isdisjoint(range(place.start + 1, place.end)):
                yield place

    def _find(self, text: str) -> Iterator[NamePlace]:
        folded = {word: fold(word) for word in set(split_words(text))}
        if self._words.isdisjoint(folded.values()):
            return
        starts: deque[int] = deque(maxlen=self._longest)
        state = self._root
        for match in _word().finditer(text):
            word = folded[match[0]]
            if not word:
                continue
            starts.append(match.start())
            while word not in state.next and state.fallback is not None:
                state = state.fallback
            state = state.next.get(word, self._root)
            if state.found is not None:
                length, agent = state.found
                yield NamePlace(agent, starts[-length], match.end())

    def _add(self, agent: UUID, words: list[str]) -> None:
        state = self._root
        for word in words:
            state = state.next.setdefault(word, _State())
        state.found = state.found or (len(words), agent)
        self._words.update(words)

    def _link(self) -> None:
        """Where to go on when the next word is not the one a name needs: the longest end that begins one."""
        self._longest = 1
        level = [self._root]
        while level := [self._link_child(state, word) for state in level for word in state.next]:
            self._longest += 1

    def _link_child(self, parent: _State, word: str) -> _State:
        state, fallback = parent.next[word], parent.fallback
        while fallback is not None and word not in fallback.next:
            fallback = fallback.fallback
        state.fallback = self._root if fallback is None else fallback.next[word]
        state.found = state.found or state.fallback.found
        return state


def split_name(name: str) -> list[str]:
    """The words of a name as they are looked for; none of a name too short, without a letter, or redacted.

    >>> split_name("Łukasz O'Brien"), split_name("Al"), split_name("2019"), split_name("张三")
    (['lukasz', 'o', 'brien'], [], [], ['张', '三'])
    """
    if name == TOMBSTONE:
        # It stands in place of other values too, and is nobody's name.
        return []
    words = [folded for word in split_words(name) if (folded := fold(word))]
    letters = "".join(words)
    unspaced = re.fullmatch(f"[{_UNSPACED}]+", letters) is not None
    enough = len(letters) >= (SHORTEST_UNSPACED if unspaced else SHORTEST)
    return words if enough and any(map(str.isalpha, letters)) else []


def spell_pattern(names: Iterable[str]) -> str | None:
    """A regular expression, for PostgreSQL and for Python, that is found wherever one of the names stands.

    And elsewhere: of each name it has the longest word alone, and lets two signs stand between its letters,
    in an Arabic word as many strokes and vowels as there are. None if no name can be looked for.
    """
    longest = {max(words, key=len) for name in names if (words := split_name(name))}
    return "|".join(map(_spell_word, sorted(longest))) or None


def _spell_word(word: str) -> str:
    spelled = []
    for place, letter in enumerate(word):
        several = [
            (start, character)
            for start in range(max(place - _WIDEST + 1, 0), place + 1)
            for folded, character in _spellings()[1].get(word[start], ())
            if word.startswith(folded, start) and start + len(folded) > place
        ]
        one = _spellings()[0].get(letter, letter) + "".join(c for start, c in several if start == place)
        # A character that stands for several letters stands at the first of them.
        optional = "?" if any(start < place for start, _ in several) else ""
        spelled.append(f"[{one}]{optional}")
    gap = _ARABIC_GAP if any("\u0620" <= letter <= "\u06ff" for letter in word) else ".{0,2}"
    return gap.join(spelled)


# A word is stretched to any length, for the look of a line.
_ARABIC_GAP = ".?[\u0640\u064b-\u065f\u0670]*.?"

# The letters that one character of those below can stand for.
_WIDEST = 4


@cache
def _spellings() -> tuple[dict[str, str], dict[str, list[tuple[str, str]]]]:
    """Letter → all that fold to it; letter → (letters that begin with it, what folds to these)."""
    single: dict[str, str] = {}
    several: dict[str, list[tuple[str, str]]] = {}
    for code in range(0x30, 0x10000):
        character = chr(code)
        if character.isalnum():
            folded = fold(character)
            if len(folded) == 1:
                single[folded] = single.get(folded, "") + character
            elif 1 < len(folded) <= _WIDEST:
                several.setdefault(folded[0], []).append((folded, character))
    return single, several


def split_words(text: str) -> list[str]:
    return _word().findall(text)


def fold(word: str) -> str:
    """A word without capitals, accents, and signs that are not seen.

    >>> fold("ÉCOLE"), fold("Straße"), fold("أحمد") == fold("احمد")
    ('ecole', 'strasse', True)
    """
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    seen = (character for character in folded if unicodedata.category(character) not in ("Mn", "Me", "Cf"))
    return "".join(seen).translate(_PLAIN)


@cache
def _unseen() -> re.Pattern[str]:
    """Signs that are not seen: between letters, or in the place of a space."""
    return re.compile(f"[{_list_signs('Cf')}]")


@cache
def _word() -> re.Pattern[str]:
    """Letters and digits with what is written over, under and within them, or one unspaced character."""
    inner = _list_signs("Mn", "Mc", "Me", "Cf")
    return re.compile(f"[{_UNSPACED}][{inner}]*|[^\\W_{_UNSPACED}]+(?:[{inner}]+[^\\W_{_UNSPACED}]*)*")


def _list_signs(*categories: str) -> str:
    """Ranges of what may stand in a word without being a letter: marks, and signs that are not seen."""
    ranges: list[list[int]] = []
    for code in (*range(0x80, 0x10000), *range(0x10A00, 0x11D00), *range(0x1D100, 0x1EA00)):
        character = chr(code)
        if unicodedata.category(character) in categories and not _is_unspaced(code):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def _is_unspaced(code: int) -> bool:
    return re.match(f"[{_UNSPACED}]", chr(code)) is not None
