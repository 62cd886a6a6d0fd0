"""YAML → a tree of nodes that know their line. No value is guessed: a plain word is its letters, or null.

A loader that guesses reads `language: no` as false, and 2019-12-31 as a day without the words it was given
in. It takes the last of two equal fields in silence, and forgets on which line anything stood. So the tree is
built here, from the events of PyYAML's safe loader. Aliases are followed; what they unfold to is bounded.

One slip is set right. Between braces a comma ends plain words, in the middle of a number too: of
`{quote: as many as 6,000 people}` YAML makes a quote "as many as 6" and a field "000 people". The first
bundles were written so, and what they mean is plain.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

# A bundle needs six levels: the file, a section, an entry, its attribution, a hop, its agents.
MAX_DEPTH = 20
# Scalars, lists and mappings, those behind each alias counted again. 10,000 claims are some 300,000.
MAX_NODES = 5_000_000

# What a comma cut off from a number: three digits, then no more.
_THOUSANDS = re.compile(r"[0-9]{3}(?![0-9])")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map")) | {"!", None}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value; `words` is None for null, written out or left empty."""

    line: int
    words: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A mapping. `lines` says where each of its fields is named."""

    line: int
    values: Mapping[str, Node]
    lines: Mapping[str, int]


Node = Scalar | Listing | Block


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with the YAML itself."""

    line: int
    message: str


class Unreadable(Exception):
    """The YAML ends here for the reader: what follows cannot be told apart from the mistake."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.mistake = Mistake(line, message)


def read_nodes(text: str) -> tuple[Node, list[Mistake]]:
    """The tree of the one document in a text, and the mistakes that do not end the reading.

    Raises Unreadable on what does: broken syntax, several documents, too deep, too large, an unknown tag.

    >>> node, mistakes = read_nodes("language: no\\nlanguage: en")
    >>> node.values["language"].words, [m.message for m in mistakes]
    ('no', ['language is given twice; first on line 1'])
    """
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        words = ", ".join(part for part in (problem.context, problem.problem) if part)
        # The end of the file is on a line that no editor shows.
        line = 1 if mark is None else min(mark.line, text.count("\n")) + 1
        raise Unreadable(line, f"is not YAML: {words}") from problem
    except yaml.YAMLError as problem:
        raise Unreadable(_line_of_reader(text, problem), f"is not YAML: {_first_line(problem)}") from problem
    if builder.root is None:
        raise Unreadable(1, "is empty")
    return builder.root, builder.mistakes


@dataclass(frozen=True, slots=True)
class _Measured:
    """A node; for plain words, where in the file they begin and end."""

    node: Node
    size: int = 1
    height: int = 1
    plain: tuple[int, int] | None = None


@dataclass(slots=True)
class _Open:
    """A list or a mapping whose end was not seen yet."""

    line: int
    anchor: str | None
    is_block: bool
    items: list[Node] = field(default_factory=list)
    values: dict[str, Node] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    named: tuple[str, _Measured] | None = None  # the field whose value comes next
    last: tuple[str, int] | None = (
        None  # the last field, if it has plain words, and where in the file they end
    )
    size: int = 1
    height: int = 1


class _Builder:
    """Events → nodes, with a stack of its own: nothing here recurses."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.mistakes: list[Mistake] = []
        self._stack: list[_Open] = []
        # None while the anchored collection is still open: an alias to it would go round in a circle.
        self._anchors: dict[str, _Measured | None] = {}

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            if self.root is not None:
                raise Unreadable(line, "holds a second document; a bundle is one")
        elif isinstance(event, yaml.AliasEvent):
            self._add(self._follow(str(event.anchor), line), line)
        elif isinstance(event, yaml.ScalarEvent):
            self._check_tag(event, line)
            plain = not event.style and event.tag is None
            words = None if plain and event.value in _NULLS else event.value
            scalar = _Measured(Scalar(line, words), plain=_place_of(event) if plain else None)
            if event.anchor is not None:
                self._anchors[event.anchor] = scalar
            self._add(scalar, line)
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            self._check_tag(event, line)
            if len(self._stack) >= MAX_DEPTH:
                raise Unreadable(line, f"is nested more than {MAX_DEPTH} levels deep")
            if event.anchor is not None:
                self._anchors[event.anchor] = None
            self._stack.append(_Open(line, event.anchor, isinstance(event, yaml.MappingStartEvent)))
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._close()

    def _check_tag(self, event: Any, line: int) -> None:
        if event.tag not in _TAGS:
            raise Unreadable(line, f"has the tag {event.tag!r}; a bundle has no tags")

    def _follow(self, anchor: str, line: int) -> _Measured:
        if anchor not in self._anchors:
            raise Unreadable(line, f"has the alias *{anchor}, and no anchor &{anchor} before it")
        target = self._anchors[anchor]
        if target is None:
            raise Unreadable(line, f"has the alias *{anchor} inside of what it stands for")
        return target

    def _close(self) -> None:
        closed = self._stack.pop()
        node: Node
        if closed.is_block:
            node = Block(closed.line, closed.values, closed.lines)
        else:
            node = Listing(closed.line, tuple(closed.items))
        measured = _Measured(node, closed.size, closed.height)
        if closed.anchor is not None:
            self._anchors[closed.anchor] = measured
        self._add(measured, closed.line)

    def _add(self, added: _Measured, line: int) -> None:
        if not self._stack:
            self.root = added.node
            return
        into = self._stack[-1]
        into.size += added.size
        into.height = max(into.height, added.height + 1)
        if into.size > MAX_NODES:
            raise Unreadable(line, f"has more than {MAX_NODES:,} values, those behind each alias counted")
        if len(self._stack) + added.height - 1 > MAX_DEPTH:
            raise Unreadable(line, f"is nested more than {MAX_DEPTH} levels deep")
        if not into.is_block:
            into.items.append(added.node)
        elif into.named is None:
            into.named = (self._name_of(added.node), added)
        else:
            self._add_field(into, added)

    def _add_field(self, into: _Open, value: _Measured) -> None:
        assert into.named is not None, "a value follows a name"
        (name, named), into.named = into.named, None
        line = named.node.line
        if self._continues_number(into, name, named, value):
            assert into.last is not None
            assert named.plain is not None
            cut = into.values[into.last[0]]
            assert isinstance(cut, Scalar)
            into.values[into.last[0]] = Scalar(cut.line, f"{cut.words},{name}")
            into.last = (into.last[0], named.plain[1])
            return
        into.last = None
        if name in into.values:
            self.mistakes.append(Mistake(line, f"{name} is given twice; first on line {into.lines[name]}"))
            return
        into.values[name], into.lines[name] = value.node, line
        if value.plain is not None:
            into.last = (name, value.plain[1])

    def _continues_number(self, into: _Open, name: str, named: _Measured, value: _Measured) -> bool:
        """Whether a "field" without a value is the end of a number that stands right before its comma."""
        if (
            into.last is None
            or named.plain is None
            or value.plain is None
            or value.plain[0] != value.plain[1]
        ):
            return False
        before = into.values[into.last[0]]
        return (
            isinstance(before, Scalar)
            and (before.words or "")[-1:].isdecimal()
            and named.plain[0] == into.last[1] + 1
            and _THOUSANDS.match(name) is not None
        )

    def _name_of(self, node: Node) -> str:
        if not isinstance(node, Scalar):
            raise Unreadable(node.line, "has a list or a mapping as the name of a field")
        return "null" if node.words is None else node.words


def _place_of(event: Any) -> tuple[int, int]:
    return event.start_mark.index, event.end_mark.index


def _line_of_reader(text: str, problem: yaml.YAMLError) -> int:
    """The reader that refuses a character counts bytes, not lines."""
    position = getattr(problem, "position", None)
    return text.encode()[:position].count(b"\n") + 1 if isinstance(position, int) else 1


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0] if str(problem) else type(problem).__name__
