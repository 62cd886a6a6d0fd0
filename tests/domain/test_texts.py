from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.texts import MAX_LENGTH, check_text
from app.errors import InvalidInput


@given(st.text())
def test_text_comes_back_unchanged_or_is_refused_for_what_postgres_cannot_keep(value: str) -> None:
    keepable = "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
    if keepable:
        assert check_text(value) is value
    else:
        with pytest.raises(InvalidInput):
            check_text(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("a\0b", "NUL character at 1"),
        ("ab\ud800", r"U\+D800\) at 2"),
        ("\udfff", r"U\+DFFF\) at 0"),
        ("x" * 11, "11 characters long; at most 10"),
        ("", "is blank"),
        (" \t\n", "is blank"),
        ("\u200b\u2060\ufeff\u00ad", "is blank"),
    ],
)
def test_refusals_name_the_field_and_the_fault(value: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        check_text(value, "quote", "exact", max_length=10, blank=False)
    assert [problem.path for problem in caught.value.problems] == [("quote", "exact")]
    caught.value.message.encode()  # the message itself can be sent


@pytest.mark.parametrize("value", ["", " ", "\u200b"])
def test_blank_text_is_kept_where_it_may_be(value: str) -> None:
    assert check_text(value) == value


@pytest.mark.parametrize("value", [" x ", "\u200bx", "😀", "é", "e\u0301", "على", "\U0010ffff" + "."])
def test_text_in_which_something_is_seen_is_not_blank(value: str) -> None:
    assert check_text(value, blank=False) == value


def test_length_is_counted_in_code_points() -> None:
    assert check_text("😀" * 10, max_length=10)
    megabyte = "é" * 1_048_576
    assert check_text(megabyte) is megabyte
    with pytest.raises(InvalidInput):
        check_text("x" * (MAX_LENGTH + 1))
