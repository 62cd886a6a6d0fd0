"""From the values of one request to what is sent with the statement. Refuses what cannot be asked."""

from __future__ import annotations

import base64
import binascii
import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.compiler.plan import Parameter
from app.compiler.terms import Conversion, Order
from app.compiler.variables import evaluate
from app.domain.identifiers import split_id
from app.errors import QueryRefused

MAX_NODES = 100
MAX_DIGITS = 1_000  # before or after the point of a bound
MAX_OFFSET = datetime.timedelta(hours=16)  # Postgres reads offsets below this one
MAX_WORDS = 1_000  # characters: Postgres reads some texts in time that grows with the square
# What the type real of Postgres can hold, but for 0.
SMALLEST_REAL, LARGEST_REAL = 1.2e-38, 3.4e38
_SCHEME = re.compile(r"\b[a-z]{2,10}://", re.IGNORECASE)
# Dashes with nothing to look for between them: each would negate the next, and Postgres holds but a few.
# `unaccent` makes plain dashes of these, and signs of the modifier letters.
_DASH = "[-\u00ad\u00b1\u02d7\u2010-\u2015\u2212\ufe31\ufe32\ufe58\ufe63\uff0d\uffe9\uffeb]"
_NO_WORD = r'(?:[^\w"]|[_\u02b0-\u02ff])*'
_DASHES = re.compile(_DASH + _NO_WORD + _DASH + _NO_WORD)
# How Postgres prints what lists are ordered by: what a cursor can have in it.
_KEY_FORMS: Mapping[str, re.Pattern[str]] = {
    "timestamptz": re.compile(r"-?infinity|\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00( BC)?", re.ASCII),
    "date": re.compile(r"-?infinity|\d{4,7}-\d\d-\d\d( BC)?", re.ASCII),
    "integer": re.compile(r"\d{1,9}", re.ASCII),
    "real": re.compile(r"-?\d{1,3}(\.\d{1,12})?(e-?\d{1,2})?", re.ASCII),
    "text": re.compile(r".*", re.DOTALL),
}


def bind(
    parameters: Iterable[Parameter], variables: Mapping[str, Any], context: Mapping[str, Any]
) -> list[object]:
    """The values of the parameters in order. Raises QueryRefused, naming the field, for what is malformed."""
    values: list[object] = []
    for parameter in parameters:
        value = evaluate(parameter.origin, variables, context)
        # A nullable variable with a default may stand in a list of non-null items; null itself may not.
        if isinstance(value, list) and None in value:
            raise _refuse(parameter, "No item of the list may be null.")
        values.append(None if value is None else _CONVERSIONS[parameter.conversion](parameter, value))
    return values


def spell_array(value: object) -> str | None:
    r"""An array as Postgres reads it from text, of what `bind` makes: texts or keys.

    >>> print(spell_array(['a "word"', "back\\slash", "", "NULL", None]))
    {"a \"word\"","back\\slash","","NULL",NULL}
    """
    if value is None:
        return None
    assert isinstance(value, list)
    return "{" + ",".join(_spell_item(item) for item in value) + "}"


def _spell_item(item: object) -> str:
    if item is None:
        return "NULL"
    text = str(item).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _refuse(parameter: Parameter, message: str) -> QueryRefused:
    return QueryRefused(message, path=parameter.path)


def _text(parameter: Parameter, value: str) -> str:
    if "\x00" in value:
        raise _refuse(parameter, "No recorded text holds the character NUL.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _refuse(parameter, "The text holds half of a surrogate pair: it is no Unicode text.") from None
    return str(value)


def _words(parameter: Parameter, value: str) -> str:
    if len(value) > MAX_WORDS:
        raise _refuse(parameter, f"{len(value):,} characters; look for at most {MAX_WORDS:,} at once.")
    # Postgres files a URL without its scheme, and would look for the scheme as a word.
    return _text(parameter, _DASHES.sub(" ", _SCHEME.sub("", value)))


def _texts(parameter: Parameter, value: Iterable[str]) -> list[str]:
    return [_text(parameter, item) for item in value]


def _urls(parameter: Parameter, value: Iterable[str]) -> list[str]:
    urls = _texts(parameter, value)
    if len(urls) > MAX_NODES:
        raise _refuse(parameter, f"{len(urls)} urls; at most {MAX_NODES} can be asked for at once.")
    return urls


def _key(parameter: Parameter, value: str) -> str | None:
    """As it is written: the driver takes that sooner than a UUID, which takes longest to be made."""
    split = split_id(value)
    return split[1] if split and split[0] in parameter.nodes else None


def _keys(parameter: Parameter, value: Iterable[str]) -> list[str]:
    keys = []
    for item in value:
        key = _key(parameter, item)
        if key is None:
            wanted = " or ".join(parameter.nodes)
            raise _refuse(parameter, f"{item[:80]!r} is not the id of a node of the type {wanted}.")
        keys.append(key)
    return keys


def _nodes(parameter: Parameter, value: Iterable[str]) -> list[tuple[str, str] | None]:
    ids = list(value)
    if len(ids) > MAX_NODES:
        raise _refuse(parameter, f"{len(ids)} ids; at most {MAX_NODES} nodes can be asked for at once.")
    split = [split_id(item) for item in ids]
    return [(found[0].table, found[1]) if found else None for found in split]


def _node_types(parameter: Parameter, value: Iterable[str]) -> list[str | None]:
    return [node[0] if node else None for node in _nodes(parameter, value)]


def _node_keys(parameter: Parameter, value: Iterable[str]) -> list[str | None]:
    return [node[1] if node else None for node in _nodes(parameter, value)]


def _numbers(parameter: Parameter, value: Mapping[str, Any]) -> str:
    lower, upper = value.get("lower"), value.get("upper")
    for end in (lower, upper):
        if isinstance(end, Decimal) and not _is_sendable(end):
            message = (
                f"A bound is a finite number of at most {MAX_DIGITS:,} digits before or after its point."
            )
            raise _refuse(parameter, message)
    if lower is not None and upper is not None and lower > upper:
        raise _refuse(parameter, f"The range from {lower} to {upper} allows no number.")
    return f"[{'' if lower is None else lower},{'' if upper is None else upper}]"


def _is_sendable(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MAX_DIGITS and number.adjusted() < MAX_DIGITS


def _times(parameter: Parameter, value: Mapping[str, Any]) -> str:
    start, end = value.get("from"), value.get("to")
    for time in (start, end):
        if time is None:
            continue
        offset = time.utcoffset()
        if offset is None:
            raise _refuse(parameter, "A time has an offset: 2019-12-31T21:00:00Z.")
        if abs(offset) >= MAX_OFFSET:
            raise _refuse(parameter, "The offset of a time is less than 16 hours.")
    if start is not None and end is not None and start >= end:
        raise _refuse(parameter, f"No time is from {start.isoformat()} up to {end.isoformat()}.")
    return f"[{start.isoformat() if start else ''},{end.isoformat() if end else ''})"


def _moment(parameter: Parameter, value: datetime.datetime) -> datetime.datetime:
    offset = value.utcoffset()
    if offset is None:
        raise _lacks_offset(parameter, value)
    if abs(offset) >= MAX_OFFSET:
        raise _refuse(parameter, "The offset of a time is less than 16 hours.")
    if value > datetime.datetime.now(datetime.UTC):
        raise _refuse(
            parameter, f"{value.isoformat()} is not over yet: nobody can say how things stand then."
        )
    try:
        return value.astimezone(datetime.UTC)
    except OverflowError:  # before the year 1
        return datetime.datetime.min.replace(tzinfo=datetime.UTC)


def _lacks_offset(parameter: Parameter, value: datetime.datetime) -> QueryRefused:
    """A day alone comes as its midnight: whoever names one means what stood when it was over."""
    if value.time() != datetime.time():
        hint = f"In UTC: {value.isoformat()}Z."
    elif value.date() < datetime.datetime.now(datetime.UTC).date():
        hint = f"When that day was over, in UTC: {value.date()}T23:59:59.999999Z."
    else:
        hint = "That day is not over: leave it out for how things stand now."
    return QueryRefused("A moment is a time with its offset.", path=parameter.path, hint=hint)


def _date(parameter: Parameter, value: datetime.date) -> datetime.date:
    del parameter
    return value


def _as_is(parameter: Parameter, value: object) -> object:
    del parameter
    return value


def _cursor(parameter: Parameter, cursor: str) -> tuple[UUID | int, str]:
    """The key of the row that a cursor points at, and what it was ordered by: what render.cursor spells."""
    assert parameter.order is not None
    order = parameter.order
    try:
        name, row, *key = cursor.split(".", 2)
        row_id = UUID(row) if order.row_type == "uuid" else _bigint(row)
        if name != order.name or bool(key) != (order.key is not None):
            raise ValueError(name)
        return row_id, _check_key(order, _decode(key[0])) if key else ""
    except (ValueError, binascii.Error):
        message = f"{cursor[:80]!r} is not a cursor of a list ordered by {order.name}."
        raise _refuse(parameter, message) from None


def _decode(text: str) -> str:
    if not re.fullmatch(r"[\w-]*", text, re.ASCII):
        raise ValueError(text)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def _bigint(text: str) -> int:
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise ValueError(text)
    return int(text)


def _check_key(order: Order, key: str) -> str:
    if not _KEY_FORMS[order.key_type].fullmatch(key) or "\x00" in key:
        raise ValueError(key)
    if order.key_type == "date" and not key.endswith("infinity"):
        datetime.date.fromisoformat(key)
    if order.key_type == "timestamptz" and not key.endswith("infinity"):
        datetime.datetime.fromisoformat(key)
    if order.key_type == "real" and float(key) and not SMALLEST_REAL <= abs(float(key)) <= LARGEST_REAL:
        raise ValueError(key)
    return key


def _cursor_row(parameter: Parameter, value: str) -> UUID | int:
    return _cursor(parameter, value)[0]


def _cursor_key(parameter: Parameter, value: str) -> str:
    return _cursor(parameter, value)[1]


_CONVERSIONS: Mapping[Conversion, Callable[[Parameter, Any], object]] = {
    Conversion.TEXT: _text,
    Conversion.WORDS: _words,
    Conversion.TEXTS: _texts,
    Conversion.URLS: _urls,
    Conversion.KEY: _key,
    Conversion.KEYS: _keys,
    Conversion.NODE_TYPES: _node_types,
    Conversion.NODE_KEYS: _node_keys,
    Conversion.NUMBERS: _numbers,
    Conversion.TIMES: _times,
    Conversion.DATE: _date,
    Conversion.MOMENT: _moment,
    Conversion.CURSOR_ROW: _cursor_row,
    Conversion.CURSOR_KEY: _cursor_key,
    Conversion.AS_IS: _as_is,
}
