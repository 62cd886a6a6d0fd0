"""What a cursor says: ORDER.row, and where rows have a place in the order, .place in base64url."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from datetime import UTC, date, datetime
from uuid import UUID

LAST = "infinity"


class MalformedCursor(ValueError):
    """It is not a cursor, or one of another order."""


def encode_cursor(order: str, row: str, *key: str) -> str:
    """
    >>> encode_cursor("RECORDED", "7")
    'RECORDED.7'
    >>> encode_cursor("STARTS", "7", "infinity")
    'STARTS.7.aW5maW5pdHk'
    """
    return ".".join([order, row, *(urlsafe_b64encode(k.encode()).rstrip(b"=").decode() for k in key)])


def decode_cursor(cursor: str, order: str) -> list[str]:
    """
    >>> decode_cursor("STARTS.7.aW5maW5pdHk", "STARTS")
    ['7', 'infinity']
    """
    first, *rest = cursor.split(".", 2)
    if first != order:
        raise MalformedCursor(f"A cursor of the order {first!r}; the list is in the order {order}.")
    return [*rest[:1], *map(_decode, rest[1:])]


def _decode(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise MalformedCursor(f"{text!r} is not the key of a cursor.")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (Base64Error, UnicodeDecodeError) as problem:
        raise MalformedCursor(f"{text!r} is not the key of a cursor.") from problem


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
