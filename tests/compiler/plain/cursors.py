"""What a cursor says: base64url of ORDER|key of the row|its place in that order, in Postgres's words."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import UTC, date, datetime
from uuid import UUID

LAST = "infinity"


class MalformedCursor(ValueError):
    """It is not a cursor, or one of another order."""


def encode_cursor(*parts: str) -> str:
    """
    >>> encode_cursor("STARTS", "7", "infinity")
    'U1RBUlRTfDd8aW5maW5pdHk'
    """
    return urlsafe_b64encode("|".join(parts).encode()).rstrip(b"=").decode()


def decode_cursor(cursor: str, order: str) -> list[str]:
    """
    >>> decode_cursor("U1RBUlRTfDd8aW5maW5pdHk", "STARTS")
    ['7', 'infinity']
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]+", cursor):
        raise MalformedCursor(f"{cursor!r} is not a cursor.")
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (Base64Error, UnicodeDecodeError) as problem:
        raise MalformedCursor(f"{cursor!r} is not a cursor.") from problem
    first, *rest = text.split("|", 2)
    if first != order:
        raise MalformedCursor(f"A cursor of the order {first!r}; the list is in the order {order}.")
    return rest


def read_uuid(text: str) -> UUID:
    return UUID(text)


def print_time(value: datetime | None) -> str:
    """As Postgres prints a timestamptz in UTC.

    >>> print_time(datetime(2019, 12, 29, 21, 0, 0, 500000, UTC))
    '2019-12-29 21:00:00.5+00'
    """
    if value is None:
        return LAST
    seconds, _, fraction = value.astimezone(UTC).replace(tzinfo=None).isoformat(" ").partition(".")
    fraction = fraction.rstrip("0")
    return f"{seconds}.{fraction}+00" if fraction else f"{seconds}+00"


def read_time(text: str) -> datetime:
    """
    >>> read_time("2019-12-29 21:00:00.5+00").microsecond
    500000
    """
    return datetime.max.replace(tzinfo=UTC) if text == LAST else datetime.fromisoformat(text)


def print_date(value: date | None) -> str:
    return LAST if value is None else value.isoformat()


def read_date(text: str) -> date:
    return date.max if text == LAST else date.fromisoformat(text)
