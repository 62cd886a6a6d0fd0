"""Text from outside, as Postgres can keep it: refused where it cannot, otherwise unchanged. And its hash."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

from app.errors import InvalidInput

MAX_LENGTH = 2_000_000
"""The longest text taken unless the field says otherwise, in Unicode code points."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def check_text(value: str, *path: str, max_length: int = MAX_LENGTH, blank: bool = True) -> str:
    """The value itself, if it can be stored; `path` names the field in the error.

    Refused with InvalidInput: NUL, which Postgres's text cannot hold; lone surrogates, which UTF-8 cannot
    spell; more than `max_length` code points; and, unless `blank`, text in which nothing can be seen.

    >>> check_text("fully responsible,quot;", "quote", "exact")
    'fully responsible,quot;'
    """
    if len(value) > max_length:
        raise InvalidInput.at(
            *path, message=f"is {len(value):,} characters long; at most {max_length:,} are kept"
        )
    nul = value.find("\0")
    if nul >= 0:
        raise InvalidInput.at(*path, message=f"has a NUL character at {nul}, which cannot be stored")
    surrogate = _SURROGATE.search(value)
    if surrogate is not None:
        raise InvalidInput.at(
            *path,
            message=f"has half of a surrogate pair (U+{ord(surrogate[0]):04X}) at {surrogate.start()},"
            " which is no character",
        )
    if not blank and not any(map(_is_visible, value)):
        raise InvalidInput.at(*path, message="is blank")
    return value


def hash_text(text: str) -> str:
    """The SHA-256 of the text in UTF-8, in hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def _is_visible(character: str) -> bool:
    """Whether something is seen: neither a separator (Z*), nor a control or format character (C*)."""
    return unicodedata.category(character)[0] not in "ZC"
