"""The form of an access token: a mark that scanners find, random letters, and a checksum.

    sayso_ + 32 random letters and digits + 6 of their CRC-32

The random part has 190 bits, so that guessing is hopeless and a plain SHA-256 keeps it. The checksum is no
protection: it lets scanners of leaked secrets, and the server, tell a token from what only looks like one
without asking the database. (GitHub's tokens have the same form: "Behind GitHub's new authentication token
formats", 2021.)
"""

from __future__ import annotations

import hashlib
import re
import string
import zlib

MARK = "sayso_"
RANDOM_LETTERS = 32
CHECKSUM_LETTERS = 6
# What is kept and shown of a token, so that a person can tell tokens apart: the mark and 8 letters (47 bits).
PREFIX_LENGTH = len(MARK) + 8
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase

_FORM = re.compile(rf"{MARK}[0-9A-Za-z]{{{RANDOM_LETTERS + CHECKSUM_LETTERS}}}", re.ASCII)


def spell_token(random_letters: str) -> str:
    """The token of 32 letters of ALPHABET.

    >>> spell_token("0" * 32)
    'sayso_000000000000000000000000000000002wjyrI'
    """
    return MARK + random_letters + _checksum(random_letters)


def is_token(text: str) -> bool:
    """Whether a text has the form of a token, its checksum included.

    >>> is_token("sayso_000000000000000000000000000000002wjyrI")
    True
    >>> is_token("sayso_000000000000000000000000000000002wjyrJ"), is_token("")
    (False, False)
    """
    if not _FORM.fullmatch(text):
        return False
    body = text.removeprefix(MARK)
    return _checksum(body[:RANDOM_LETTERS]) == body[RANDOM_LETTERS:]


def prefix_of(token: str) -> str:
    """What is kept of a token in plain letters.

    >>> prefix_of("sayso_000000000000000000000000000000002wjyrI")
    'sayso_00000000'
    """
    return token[:PREFIX_LENGTH]


def hash_token(token: str) -> bytes:
    """The SHA-256 of a token: all else that is kept of it."""
    return hashlib.sha256(token.encode()).digest()


def _checksum(letters: str) -> str:
    number = zlib.crc32(letters.encode("ascii"))
    digits = ""
    for _ in range(CHECKSUM_LETTERS):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits
