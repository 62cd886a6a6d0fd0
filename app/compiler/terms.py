"""The words that the catalog and the plan share: encodings, conversions, orders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Encoding(Enum):
    """How a SQL value becomes JSON text."""

    TEXT = auto()  # any text
    WORD = auto()  # text that needs no escaping: enum terms, decimals, dates
    PREFIXED = auto()  # an id: the node's table, an underscore, the key
    NUMBER = auto()
    BOOLEAN = auto()
    TIME = auto()
    JSON = auto()
    TEXTS = auto()  # an array of text


class Conversion(Enum):
    """What becomes of a value before it is sent as a parameter."""

    __hash__ = object.__hash__  # Enum's own is Python's, and each value of a request is looked up by it

    TEXT = auto()
    WORDS = auto()  # words to search for
    TEXTS = auto()
    URLS = auto()  # a list of urls to look up
    KEY = auto()  # the key of an id of one of `nodes`; an id of another type is NULL
    KEYS = auto()  # the same for a filter's list: an id of another type is refused
    NODE_TYPES = auto()  # the tables of a list of ids, NULL where an id is malformed
    NODE_KEYS = auto()  # the keys of a list of ids, NULL where an id is malformed
    NUMBERS = auto()  # a range of numbers, both ends in it
    TIMES = auto()  # a range of time, the end not in it
    DATE = auto()
    MOMENT = auto()  # a time that is over
    CURSOR_ROW = auto()  # the key of the row that a cursor points at
    CURSOR_KEY = auto()  # what that row was ordered by
    AS_IS = auto()


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is ordered by. `key` comes before the row's own id, which is unique.

    `join`: where the key is kept, if beside the row; every row has one there.
    """

    name: str
    row_id: str  # a template
    row_type: str  # uuid or bigint
    key: str | None = None  # a template
    key_type: str = "text"
    join: str = ""  # a template
