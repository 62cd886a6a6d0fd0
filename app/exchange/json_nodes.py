"""JSON → the tree that nodes.py makes of YAML: each value knows its line, numbers are as they are written.

Nearly all JSON is YAML. But YAML knows no surrogate pair (`\\ud83d\\ude00`, as programs write what is not
ASCII), and takes several times as long to read. The json module forgets on which line anything stood: strings
are read by its decoder, and what stands around them by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from json import JSONDecodeError, JSONDecoder

from app.exchange.nodes import MAX_DEPTH, Block, Listing, Mistake, Node, Scalar, Unreadable

_SPACE = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")
_BEGINNING = re.compile(r'\ufeff?[ \t\r\n]*\{[ \t\r\n]*["}]')
_SURROGATE = re.compile("[\ud800-\udfff]")
_STRINGS = JSONDecoder()
# Of what stands where something else should, so much is shown.
_SHOWN = re.compile(r"\w{1,20}|.")


def looks_like_json(text: str) -> bool:
    """Whether a text begins as a JSON object does. Some YAML does too."""
    return _BEGINNING.match(text) is not None


def read_json(text: str) -> tuple[Node, list[Mistake]]:
    """The tree of a JSON text, and the mistakes that do not end the reading.

    Raises Unreadable on what does: broken syntax, or lists and mappings nested too deep.

    >>> node, mistakes = read_json('{"killed": 25.0,\\n "killed": 28, "note": "\\\\ud83d\\\\ude00"}')
    >>> node.values["killed"].words, node.values["note"].words, [(m.line, m.message) for m in mistakes]
    ('25.0', '😀', [(2, 'killed is given twice; first on line 1')])
    """
    return _Reader(text).read()


@dataclass(slots=True)
class _Open:
    """A list or a mapping whose end was not seen yet; of a mapping, the field whose value comes next."""

    line: int
    is_block: bool
    items: list[Node] = field(default_factory=list)
    values: dict[str, Node] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    name: str = ""
    named_on: int = 0

    @property
    def end(self) -> str:
        return "}" if self.is_block else "]"

    def close(self) -> Node:
        return (
            Block(self.line, self.values, self.lines)
            if self.is_block
            else Listing(self.line, tuple(self.items))
        )


class _Reader:
    """A text, read from its beginning to its end, with a stack of its own: nothing here recurses."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 1 if text.startswith("\ufeff") else 0
        self._line, self._counted = 1, 0
        self._stack: list[_Open] = []
        self._mistakes: list[Mistake] = []

    def read(self) -> tuple[Node, list[Mistake]]:
        if not self._next():
            raise Unreadable(1, "is empty")
        while True:
            node = self._begin_value()
            while node is not None and self._stack:
                node = self._end_value(node)
            if node is not None:
                if self._next():
                    raise self._refuse("the end of the file")
                return node, self._mistakes

    def _next(self) -> str:
        """The next character that is no space; nothing at the end."""
        space = _SPACE.match(self._text, self._at)
        assert space is not None, "no space is a match too"
        self._at = space.end()
        return self._text[self._at : self._at + 1]

    def _line_here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _begin_value(self) -> Node | None:
        """The value that begins here; None if it is a list or a mapping with something in it."""
        sign, line = self._next(), self._line_here()
        if sign == '"':
            return Scalar(line, self._read_string())
        if sign in ("{", "["):
            return self._open(line, is_block=sign == "{")
        word = _WORD.match(self._text, self._at)
        if word is None:
            raise self._refuse("a value")
        self._at = word.end()
        return Scalar(line, None if word[0] == "null" else word[0])

    def _open(self, line: int, *, is_block: bool) -> Node | None:
        if len(self._stack) >= MAX_DEPTH:
            raise Unreadable(line, f"is nested more than {MAX_DEPTH} levels deep")
        opened = _Open(line, is_block)
        self._at += 1
        if self._next() == opened.end:
            self._at += 1
            return opened.close()
        self._stack.append(opened)
        if is_block:
            self._read_name(opened)
        return None

    def _end_value(self, node: Node) -> Node | None:
        """Put a value where it belongs. The list or mapping, if that ends here."""
        into = self._stack[-1]
        if not into.is_block:
            into.items.append(node)
        elif into.name in into.values:
            first = into.lines[into.name]
            self._mistakes.append(
                Mistake(into.named_on, f"{into.name} is given twice; first on line {first}")
            )
        else:
            into.values[into.name], into.lines[into.name] = node, into.named_on
        sign = self._next()
        if sign == into.end:
            self._at += 1
            return self._stack.pop().close()
        if sign != ",":
            raise self._refuse(f"a comma or {into.end}")
        self._at += 1
        if into.is_block:
            self._read_name(into)
        return None

    def _read_name(self, into: _Open) -> None:
        if self._next() != '"':
            raise self._refuse("the name of a field in double quotes")
        into.named_on = self._line_here()
        into.name = self._read_string()
        if self._next() != ":":
            raise self._refuse("a colon")
        self._at += 1

    def _read_string(self) -> str:
        words: str
        try:
            words, self._at = _STRINGS.raw_decode(self._text, self._at)
        except JSONDecodeError as problem:
            self._at = min(problem.pos, len(self._text))
            told = problem.msg[:1].lower() + problem.msg[1:].removesuffix(" at")
            raise Unreadable(self._line_here(), f"is not JSON: {told}") from problem
        half = _SURROGATE.search(words)
        if half is not None:
            told = f"has half of a surrogate pair (U+{ord(half[0]):04X}), which is no character"
            self._mistakes.append(Mistake(self._line_here(), told))
            words = _SURROGATE.sub("\ufffd", words)
        return words

    def _refuse(self, wanted: str) -> Unreadable:
        sign = self._next()
        shown = _SHOWN.match(self._text, self._at)
        found = f"{shown[0]!r} stands" if sign and shown is not None else "the file ends"
        return Unreadable(self._line_here(), f"is not JSON: {wanted} should stand where {found}")
