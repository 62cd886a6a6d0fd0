"""One mapping of a bundle, read field by field; what is wrong is gathered, and reading goes on.

Every method takes the name of a field and gives its value, or None where the field is absent, null or faulty.
A fault names its place: the line, the entry, the field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from app.domain.moments import parse_moment
from app.errors import AmbiguousQuote, BundleInvalid, InvalidInput, QuoteNotFound, SaysoError
from app.exchange.entries import Section
from app.exchange.nodes import Block, Listing, Node, Scalar

Term = TypeVar("Term", bound=StrEnum)
Value = TypeVar("Value")

# `imported` keeps a key in an index, of 1,000 bytes at most.
_KEY_PART = r"[\w@][\w.:+@-]{0,119}"
# A key may name the bundle that its entry comes from: baghdad-2019/esper. See identities.py.
_KEY = re.compile(rf"(?:{_KEY_PART}/)?{_KEY_PART}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"[0-9]{1,9}")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


class Faults:
    """What is wrong with a bundle, to be said all at once."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str]] = []
        self._references: list[tuple[Fields, str, Section, str]] = []

    def add(self, line: int, place: str, message: str) -> None:
        """`place` is the section, the key and the field, as far as they are known: "claims a-25: quote"."""
        self._found.append((line, f"line {line}: {place}: {message}" if place else f"line {line}: {message}"))

    def expect(self, fields: Fields, name: str, section: Section, key: str) -> None:
        """A field names an entry, which may stand further down: see `refuse_missing`."""
        self._references.append((fields, name, section, key))

    def refuse_missing(self, keys: Mapping[Section, Collection[str]]) -> None:
        """A fault for each entry that was named and is not there, whoever named it."""
        for fields, name, section, key in self._references:
            if key not in keys[section]:
                fields.refuse(name, f"{key} is not a key of {section}{suggest(key, keys[section])}")

    def raise_any(self) -> None:
        """Raise BundleInvalid if there are any, in the order of their lines, none twice."""
        if self._found:
            self._found.sort(key=lambda fault: fault[0])
            raise BundleInvalid(list(dict.fromkeys(text for _, text in self._found)))


def is_key(words: str) -> bool:
    """
    >>> [key for key in ("a-25", "baghdad-2019/esper", "Çınar.1", "two words", "a/b/c", "") if is_key(key)]
    ['a-25', 'baghdad-2019/esper', 'Çınar.1']
    """
    return _KEY.fullmatch(words) is not None


def suggest(words: str, known: Collection[str]) -> str:
    """The nearest of what is known, as the end of a sentence; nothing where none is near.

    >>> suggest("PRESON", ["PERSON", "OUTLET"])
    '; did you mean PERSON?'
    """
    near = get_close_matches(words, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one mapping. `place` says which it is, in the words of a fault."""

    block: Block
    place: str
    faults: Faults

    @property
    def line(self) -> int:
        return self.block.line

    def refuse(self, name: str, message: str, *, line: int | None = None) -> None:
        """A fault of a field ("quote.exact" is a part of `quote`), or, without a name, of the whole."""
        if line is None:
            line = self.block.lines.get(name.partition(".")[0], self.block.line)
        self.faults.add(line, ": ".join(filter(None, (self.place, name))), message)

    def refuse_unknown(self, known: Collection[str]) -> None:
        for name in self.block.values:
            if name not in known:
                self.refuse(name, f"is not a field here{suggest(name, known)}")

    def names(self, name: str) -> bool:
        """Whether the field is there, be it null."""
        return name in self.block.values

    def node(self, name: str, *, required: bool = False) -> Node | None:
        """What stands in the field; None for null."""
        node = self.block.values.get(name)
        if node is None or (isinstance(node, Scalar) and node.words is None):
            if required:
                self.refuse(name, "is required")
            return None
        return node

    def words(self, name: str, *, required: bool = False) -> str | None:
        """The words as they stand; whether they can be kept is not looked at."""
        node = self.node(name, required=required)
        return None if node is None else self._read_words(node, name)

    def list_words(self, name: str) -> tuple[str, ...]:
        """Words, or a list of them."""
        words = (self._read_words(item, name) for item in self._items(name))
        return tuple(one for one in words if one is not None)

    def key(self, name: str, *, required: bool = False) -> str | None:
        words = self.words(name, required=required)
        return None if words is None else self._check_key(words, name)

    def reference(self, name: str, section: Section, *, required: bool = False) -> str | None:
        """The key of an entry of this section."""
        key = self.key(name, required=required)
        return None if key is None else self._refer(key, name, section)

    def list_references(self, name: str, section: Section) -> tuple[str, ...]:
        """The key of an entry of this section, or a list of them."""
        keys = (self._check_key(words, name) for words in self.list_words(name))
        return tuple(self._refer(key, name, section) for key in keys if key is not None)

    def blocks(self, name: str) -> Iterator[Fields]:
        """The mappings of a list, or the one that stands there alone; each with its number in its place."""
        for number, item in enumerate(self._items(name), start=1):
            if isinstance(item, Block):
                yield Fields(item, f"{self.place}: {name} {number}", self.faults)
            else:
                self.refuse(f"{name} {number}", "is not a mapping", line=item.line)

    def part(self, name: str, block: Block) -> Fields:
        """The fields of a mapping that stands in a field."""
        return Fields(block, f"{self.place}: {name}", self.faults)

    def term(self, name: str, terms: type[Term], *, required: bool = False) -> Term | None:
        """One of a closed list; in capitals or not, with hyphens or underlines."""
        words = self.words(name, required=required)
        if words is None:
            return None
        spelled = words.upper().replace("-", "_").replace(" ", "_")
        known = [term.value for term in terms]
        if spelled in known:
            return terms(spelled)
        end = suggest(spelled, known) or f"; it is one of {', '.join(known)}"
        self.refuse(name, f"is not a term: {words}{end}")
        return None

    def moment(self, name: str, *, required: bool = False) -> str | None:
        """The words of a moment, as they stand, once they are known to be one."""
        words = self.words(name, required=required)
        if words is None or self.attempt(name, lambda: parse_moment(words)) is None:
            return None
        return words

    def day(self, name: str) -> date | None:
        words = self.words(name)
        if words is None:
            return None
        try:
            if _DAY.fullmatch(words):
                return date.fromisoformat(words)
        except ValueError:
            pass
        self.refuse(name, f"is not a day, such as 2019-12-31: {words}")
        return None

    def time(self, name: str) -> datetime | None:
        """An instant, in UTC."""
        words = self.words(name)
        moment = None if words is None else self.attempt(name, lambda: parse_moment(words))
        if moment is not None and not moment.is_instant:
            self.refuse(name, f"is not a time, such as 2019-12-31T21:00:00+03:00: {words}")
            return None
        return None if moment is None else moment.start

    def number(self, name: str) -> float | None:
        words = self.words(name)
        if words is not None and not _NUMBER.fullmatch(words):
            self.refuse(name, f"is not a number: {words}")
            return None
        return None if words is None else float(words)

    def decimal(self, name: str) -> Decimal | None:
        words = self.words(name)
        try:
            return None if words is None else Decimal(words)
        except InvalidOperation:
            self.refuse(name, f"is not a number: {words}")
            return None

    def count(self, name: str) -> int | None:
        """A whole number, none below zero."""
        words = self.words(name)
        if words is not None and not _WHOLE.fullmatch(words):
            self.refuse(name, f"is not a whole number: {words}")
            return None
        return None if words is None else int(words)

    def flag(self, name: str, *, default: bool) -> bool:
        words = self.words(name)
        if words is None:
            return default
        if words.lower() not in _FLAGS:
            self.refuse(name, f"is neither true nor false: {words}")
        return _FLAGS.get(words.lower(), default)

    def attempt(self, name: str, read: Callable[[], Value]) -> Value | None:
        """What a rule makes of the field, or its refusal as a fault."""
        try:
            return read()
        except InvalidInput as problem:
            for one in problem.problems:
                inner = one.path[1:] if one.path[:1] == (name,) else one.path
                self.refuse(".".join(filter(None, (name, *inner))), one.message)
        except SaysoError as problem:
            self.refuse(name, f"{problem.message} {describe_candidates(problem)}".strip())
        return None

    def _items(self, name: str) -> Sequence[Node]:
        node = self.node(name)
        if node is None:
            return ()
        return node.items if isinstance(node, Listing) else (node,)

    def _read_words(self, node: Node, name: str) -> str | None:
        if isinstance(node, Scalar) and node.words is not None:
            return node.words
        wrong = "is empty" if isinstance(node, Scalar) else "is a list or a mapping where words belong"
        self.refuse(name, wrong, line=node.line)
        return None

    def _refer(self, key: str, name: str, section: Section) -> str:
        self.faults.expect(self, name, section, key)
        return key

    def _check_key(self, words: str, name: str) -> str | None:
        if is_key(words):
            return words
        shown = words if len(words) <= 60 else f"{words[:59]}…"
        self.refuse(name, f"is not a key: {shown!r}; letters, digits, and . : + @ _ - among them")
        return None


def describe_candidates(problem: SaysoError) -> str:
    """The passage nearest to a quote that is not there, or the places of one that stands there twice."""
    if isinstance(problem, QuoteNotFound) and problem.candidates:
        return f"The nearest passage: {problem.candidates[0].exact!r}."
    if isinstance(problem, AmbiguousQuote):
        places = ", ".join(str(candidate.start) for candidate in problem.candidates[:5])
        return f"They start at {places}; give a prefix, a suffix or a start."
    return ""
