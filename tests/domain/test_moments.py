from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.moments import FIRST_YEAR, LAST_YEAR, Moment, moment_of, parse_moment, said_after
from app.errors import UnknownMoment

BAGHDAD = timezone(timedelta(hours=3))


def utc(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, microsecond: int = 0
) -> datetime:
    return datetime(year, month, day, hour, minute, second, microsecond, UTC)


def without_offset(year: int, month: int, day: int) -> datetime:
    return utc(year, month, day).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2019", utc(2019, 1, 1), utc(2020, 1, 1)),
        ("0002", utc(2, 1, 1), utc(3, 1, 1)),
        ("9998", utc(9998, 1, 1), utc(9999, 1, 1)),
        ("2019-11", utc(2019, 11, 1), utc(2019, 12, 1)),
        ("2019-12", utc(2019, 12, 1), utc(2020, 1, 1)),
        ("2020-02", utc(2020, 2, 1), utc(2020, 3, 1)),
        ("2019-12-31", utc(2019, 12, 31), utc(2020, 1, 1)),
        ("2020-02-28", utc(2020, 2, 28), utc(2020, 2, 29)),
        ("9998-12-31", utc(9998, 12, 31), utc(9999, 1, 1)),
    ],
)
def test_coarse_moments_are_whole_years_months_and_days(text: str, start: datetime, end: datetime) -> None:
    moment = parse_moment(text)
    assert (moment.text, moment.start, moment.end) == (text, start, end)
    assert not moment.is_instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2019-12-31T21:00:00+03:00", utc(2019, 12, 31, 18)),
        ("2019-12-31T21:00+03:00", utc(2019, 12, 31, 18)),
        ("2019-12-31T21:00+0300", utc(2019, 12, 31, 18)),
        ("2019-12-31 21:00:00+03:00", utc(2019, 12, 31, 18)),
        ("2019-12-31t21:00:00z", utc(2019, 12, 31, 21)),
        ("2019-12-31T21:00:00-00:00", utc(2019, 12, 31, 21)),
        ("2019-12-31T21:00:00.5Z", utc(2019, 12, 31, 21, 0, 0, 500_000)),
        ("2019-12-31T21:00:00,123456Z", utc(2019, 12, 31, 21, 0, 0, 123_456)),
        ("2019-12-31T21:00:00.123456999Z", utc(2019, 12, 31, 21, 0, 0, 123_456)),
        ("2019-12-31T21:00:00-05:30", utc(2020, 1, 1, 2, 30)),
        ("2016-12-31T23:59:60Z", utc(2017, 1, 1)),
        ("2017-01-01T02:59:60+03:00", utc(2017, 1, 1)),
    ],
)
def test_times_are_instants_in_utc(text: str, instant: datetime) -> None:
    moment = parse_moment(text)
    assert (moment.text, moment.start, moment.end) == (text, instant, instant)
    assert moment.start.tzinfo is UTC
    assert moment.is_instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "19",
        "0000",
        "9999",
        "2019-13",
        "2019-00",
        "2019-12-00",
        "2019-02-29",
        "2019-12-32",
        "2019-1-1",
        "20191231",
        " 2019",
        "2019\n",
        "٢٠١٩",
        "2019-12-31T21Z",
        "2019-12-31T24:00Z",
        "2019-12-31T21:60Z",
        "2019-12-31T21:00:61Z",
        "2019-12-31T12:00:60Z",
        "2019-12-31T21:00+3",
        "2019-12-31T21:00+24:00",
        "2019-12-31T21:00+03:60",
        "2019-12-31T21:00 +03:00",
        "0002-01-01T00:00+01:00",
        "9998-12-31T23:59:59-01:00",
        "2019-12-31T21:00:00." + "1" * 1000 + "Z",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UnknownMoment) as caught:
        parse_moment(text)
    assert caught.value.text == text
    assert len(caught.value.message) < 200


@pytest.mark.parametrize("text", ["2019-12-31T21:00", "2019-12-31 21:00:00", "2019-12-31T21:00:00.5"])
def test_a_time_without_offset_is_refused_and_told_why(text: str) -> None:
    with pytest.raises(UnknownMoment, match="no offset"):
        parse_moment(text)
    with pytest.raises(UnknownMoment, match="no offset"):
        moment_of(datetime.fromisoformat(text))


@given(st.text(max_size=70))
def test_any_text_is_a_moment_or_an_unknown_one(text: str) -> None:
    try:
        moment = parse_moment(text)
    except UnknownMoment:
        return
    assert moment.text == text


@given(st.dates(min_value=date(FIRST_YEAR, 1, 1), max_value=date(LAST_YEAR, 12, 31)))
def test_a_day_lasts_a_day(day: date) -> None:
    moment = moment_of(day)
    assert moment.text == day.isoformat()
    assert moment.start.date() == day
    assert moment.end - moment.start == timedelta(days=1)
    month, year = parse_moment(moment.text[:7]), parse_moment(moment.text[:4])
    assert year.start <= month.start <= moment.start < moment.end <= month.end <= year.end


OFFSETS = st.integers(min_value=-86_399, max_value=86_399).map(lambda s: timezone(timedelta(seconds=s)))


@given(
    st.datetimes(
        min_value=without_offset(FIRST_YEAR, 1, 3),
        max_value=without_offset(LAST_YEAR, 12, 29),
        timezones=st.one_of(OFFSETS, st.just(UTC)),
    )
)
def test_a_time_is_the_instant_it_names_whatever_its_offset(time: datetime) -> None:
    moment = moment_of(time)
    assert moment.start == moment.end == time
    assert parse_moment(moment.text) == moment


def test_moments_from_elsewhere_are_kept_in_utc() -> None:
    moment = Moment("x", datetime(2019, 12, 31, 3, tzinfo=BAGHDAD), datetime(2019, 12, 31, 4, tzinfo=BAGHDAD))
    assert moment.start.tzinfo is UTC
    assert moment.end == utc(2019, 12, 31, 1)
    with pytest.raises(ValueError, match="offset"):
        Moment("x", without_offset(2019, 1, 1), utc(2020, 1, 1))
    with pytest.raises(ValueError, match="before it starts"):
        Moment("x", utc(2020, 1, 1), utc(2019, 1, 1))


@pytest.mark.parametrize(
    ("later", "earlier", "answer"),
    [
        ("2019-12-31", "2019-12-30", True),
        ("2019-12-30", "2019-12-31", False),
        ("2019-12-31", "2019-12-31", False),
        ("2020", "2019-12-31", True),
        ("2019-12-31", "2019", False),
        ("2019-12-31T00:00Z", "2019-12-30", True),  # the day ends where the instant is
        ("2019-12-30T23:59:59.999999Z", "2019-12-30", False),
        ("2019-12-31", "2019-12-31T00:00Z", True),  # the day starts where the instant ends
        ("2019-12-31T00:00Z", "2019-12-31", False),
        ("2019-12-31T00:00Z", "2019-12-31T03:00+03:00", False),  # one instant, spelled twice
        ("2019-12-31T00:00:01Z", "2019-12-31T00:00:00Z", True),
        ("2019-12-31", "2019-12-30T23:30-01:00", False),  # 00:30 on the 31st in UTC
    ],
)
def test_said_after(later: str, earlier: str, answer: bool) -> None:
    assert said_after(parse_moment(later), parse_moment(earlier)) is answer


def test_nothing_is_after_an_unknown_moment_nor_before_it() -> None:
    moment = parse_moment("2019")
    assert not said_after(None, moment)
    assert not said_after(moment, None)
    assert not said_after(None, None)


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    """Few starts and lengths, so that they meet, touch and repeat."""
    start = utc(2019, 12, 31) + timedelta(hours=draw(st.integers(0, 4)))
    return Moment("made", start, start + timedelta(hours=draw(st.integers(0, 3))))


@given(moments(), moments(), moments())
def test_said_after_is_a_strict_partial_order(a: Moment, b: Moment, c: Moment) -> None:
    assert not said_after(a, a)
    assert not (said_after(a, b) and said_after(b, a))
    if said_after(a, b) and said_after(b, c):
        assert said_after(a, c)


@given(moments(), st.integers(0, 8))
def test_reaches_against_its_definition(moment: Moment, hour: int) -> None:
    t = utc(2019, 12, 31) + timedelta(hours=hour)
    if moment.is_instant:
        assert moment.reaches(t) == (moment.start >= t)
    else:
        assert moment.reaches(t) == (moment.end > t)
