"""The form of a token."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from app.domain.tokens import ALPHABET, MARK, RANDOM_LETTERS, is_token, prefix_of, spell_token

letters = st.text(ALPHABET, min_size=RANDOM_LETTERS, max_size=RANDOM_LETTERS)


@given(letters)
def test_the_last_letters_are_the_crc_32_in_base_62(random: str) -> None:
    token = spell_token(random)
    assert is_token(token)
    number = 0
    for letter in token[len(MARK) + RANDOM_LETTERS :]:
        number = number * 62 + ALPHABET.index(letter)
    assert number == zlib.crc32(random.encode())
    assert token.startswith(prefix_of(token))
    assert len(prefix_of(token)) == 14


@given(letters, st.integers(0, 43), st.sampled_from(ALPHABET))
def test_a_letter_that_was_mistyped_makes_no_token(random: str, place: int, letter: str) -> None:
    token = spell_token(random)
    assert is_token(token[:place] + letter + token[place + 1 :]) == (token[place] == letter)


@given(st.text(max_size=60))
def test_other_texts_are_no_tokens(text: str) -> None:
    assert not is_token(text)
    assert not is_token(spell_token("0" * RANDOM_LETTERS) + text[:1] + "\n")
