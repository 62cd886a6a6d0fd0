"""A moment, as it was reported, and the stretch of time it stands for.

"2019", "2019-12" and "2019-12-31" stand for that whole year, month or day in UTC; a time with its offset is
an instant. Which came first is asked of the stretches: `said_after`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from app.errors import UnknownMoment

# A stretch ends where the next year, month or day starts, and Python's last year is 9999. Its first day and
# its last are the driver's words for infinity.
FIRST_YEAR = 2
LAST_YEAR = 9998
_LONGEST_TEXT = 64

_STRETCH = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]"
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?"
    r"(?:([Zz])|([+-])([0-9]{2}):?([0-9]{2}))?"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """`text` as written; the stretch from `start` to `end`, both kept in UTC.

    An instant is the closed `[t, t]` (start equals end); anything coarser is `[start, end)`.
    A naive time or an end before the start is a ValueError: it never comes from `parse_moment`.
    """

    text: str
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise ValueError("a moment's times have an offset")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end < self.start:
            raise ValueError("a moment does not end before it starts")

    @property
    def is_instant(self) -> bool:
        return self.start == self.end

    def reaches(self, t: datetime) -> bool:
        """Whether the stretch ends after `t`, or is the instant `t` itself.

        >>> parse_moment("2019-12-31").reaches(datetime(2019, 12, 31, 23, tzinfo=UTC))
        True
        >>> parse_moment("2019-12-31").reaches(datetime(2020, 1, 1, tzinfo=UTC))
        False
        """
        return self.end > t or (self.is_instant and self.start == t)


def parse_moment(text: str) -> Moment:
    """The moment the words stand for; UnknownMoment if they are none of the forms above.

    Times are RFC 3339, also with a space for the T, without seconds, or with the offset as +0300. Seconds are
    kept to the microsecond, as Postgres does; finer digits are cut off. Years run from 0002 to 9998.

    >>> parse_moment("2019-12").end.isoformat()
    '2020-01-01T00:00:00+00:00'
    >>> parse_moment("2019-12-31T21:00+03:00").start.isoformat()
    '2019-12-31T18:00:00+00:00'
    """
    if len(text) > _LONGEST_TEXT:
        raise UnknownMoment(text, f"A moment has at most {_LONGEST_TEXT} characters; this has {len(text):,}.")
    try:
        if stretch := _STRETCH.fullmatch(text):
            return _read_stretch(text, stretch)
        if time := _TIME.fullmatch(text):
            return _read_time(text, time)
    except (ValueError, OverflowError) as error:
        raise UnknownMoment(text, f"There is no such moment as {text!r}: {error}.") from error
    raise UnknownMoment(text, f"{text!r} is not a year, a month, a day or a time.")


def moment_of(value: date | datetime | str) -> Moment:
    """The moment of words, a day, or a time with its offset, as a YAML file gives them.

    >>> moment_of(date(2019, 12, 31)) == parse_moment("2019-12-31")
    True
    """
    if isinstance(value, str):
        return parse_moment(value)
    if isinstance(value, datetime):
        offset = value.utcoffset()
        if offset is not None and offset % timedelta(minutes=1):
            # Offsets from before time zones have seconds (Baghdad's was +02:57:36), which no format spells.
            value = value.astimezone(UTC)
    return parse_moment(value.isoformat())


def said_after(d: Moment | None, c: Moment | None) -> bool:
    """Whether d was said after c: d's stretch starts at or after the end of c's, and the two are not equal.

    Something on no known moment is never after another, nor another after it. A strict partial order.

    >>> said_after(parse_moment("2019-12-31"), parse_moment("2019-12-30"))
    True
    >>> said_after(parse_moment("2019-12-31T21:00Z"), parse_moment("2019-12-31"))
    False
    """
    if d is None or c is None:
        return False
    return d.start >= c.end and (d.start, d.end) != (c.start, c.end)


def _read_stretch(text: str, match: re.Match[str]) -> Moment:
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    _check_year(year)
    start = datetime(year, 1 if month is None else month, 1 if day is None else day, tzinfo=UTC)
    if month is None:
        end = start.replace(year=year + 1)
    elif day is None:
        end = start.replace(year=year + month // 12, month=month % 12 + 1)
    else:
        end = start + timedelta(days=1)
    return Moment(text, start, end)


def _read_time(text: str, match: re.Match[str]) -> Moment:
    year, month, day, hour, minute = map(int, match.groups()[:5])
    seconds, fraction, zulu, sign, offset_hours, offset_minutes = match.groups()[5:]
    if zulu is None and sign is None:
        raise UnknownMoment(text, f"The time {text!r} has no offset, so it could be any of 26 hours.")
    _check_year(year)
    leap = seconds == "60"
    instant = datetime(
        year,
        month,
        day,
        hour,
        minute,
        59 if leap else int(seconds or 0),
        int(((fraction or "") + "000000")[:6]),
        tzinfo=_read_offset(sign, offset_hours, offset_minutes),
    ).astimezone(UTC)
    if leap:
        if (instant.hour, instant.minute) != (23, 59):
            raise ValueError("a leap second comes only at 23:59:60 UTC")
        # Neither Python nor Postgres has a name for it: it is the first second of the next day to both.
        instant += timedelta(seconds=1)
    _check_year(instant.year)
    return Moment(text, instant, instant)


def _read_offset(sign: str | None, hours: str, minutes: str) -> timezone:
    if sign is None:
        return UTC
    if int(hours) > 23 or int(minutes) > 59:
        raise ValueError("an offset is at most 23:59")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"years run from {FIRST_YEAR:04} to {LAST_YEAR}")
