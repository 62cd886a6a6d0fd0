"""What is kept is bounded in number and in size."""

from __future__ import annotations

import pytest

from app.kept import Kept


def test_what_is_kept_is_bounded_in_number_and_in_weight() -> None:
    kept: Kept[str, str] = Kept(3, 10, lambda key, value: len(key) + len(value))
    for key in "abc":
        kept.get_or_make(key, lambda: "1")
    assert kept.get_or_make("a", lambda: "2") == "1"
    kept.get_or_make("d", lambda: "1")
    assert len(kept) == 3
    assert kept.get_or_make("a", lambda: "2") == "1", "used last but one: b made room"
    assert kept.get_or_make("e", lambda: "long 8 b") == "long 8 b"
    assert len(kept) == 1
    assert kept.get_or_make("f", lambda: "longer than all of it") == "longer than all of it"
    assert len(kept) == 0


def test_what_is_dropped_makes_room() -> None:
    kept: Kept[str, str] = Kept(3, 4, lambda key, value: len(key) + len(value))
    for key in "ab":
        kept.put(key, "1")
    kept.drop("a")
    kept.drop("unknown")
    kept.put("c", "1")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (None, "1", "1")


def test_what_cannot_be_made_is_not_kept() -> None:
    kept: Kept[str, int] = Kept(3, 10, lambda key, value: 1)
    with pytest.raises(ZeroDivisionError):
        kept.get_or_make("a", lambda: 1 // 0)
    assert kept.get_or_make("a", lambda: 7) == 7
