"""A table that is bounded in number and in size: the entries used longest ago make room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """A table of at most `size` entries that weigh at most `weight`; the one used longest ago makes room.

    >>> table = Kept[str, int](2, 100, lambda key, value: value)
    >>> for key, value in (("a", 1), ("b", 2), ("c", 3)):
    ...     table.put(key, value)
    >>> table.get("a"), table.get("c")
    (None, 3)
    >>> table.put("heavy", 99), len(table)
    (None, 1)
    """

    def __init__(self, size: int, weight: int, weigh: Callable[[Key, Value], int]) -> None:
        self._size = size
        self._room = weight
        self._weigh = weigh
        self._entries: OrderedDict[Key, Value] = OrderedDict()
        self.hits = self.misses = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Value | None:
        value = self._entries.get(key)
        if value is None:
            self.misses += 1
        else:
            self.hits += 1
            self._entries.move_to_end(key)
        return value

    def put(self, key: Key, value: Value) -> None:
        """Keep a value under a key that is not in the table."""
        self._entries[key] = value
        self._room -= self._weigh(key, value)
        while len(self._entries) > self._size or self._room < 0:
            self._room += self._weigh(*self._entries.popitem(last=False))

    def drop(self, key: Key) -> None:
        """Forget a key, if it is in the table."""
        if key in self._entries:
            self._room += self._weigh(key, self._entries.pop(key))

    def get_or_make(self, key: Key, make: Callable[[], Value]) -> Value:
        value = self.get(key)
        if value is None:
            value = make()
            self.put(key, value)
        return value
