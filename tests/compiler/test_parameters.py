"""Values of a request are taken from where the plan says, and what is malformed is refused, never sent."""

from __future__ import annotations

import base64
import datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.compiler.catalog.orders import AGENT_ORDERS, CLAIM_ORDERS, EVENT_ORDERS, LOG_ORDERS, SEARCH_ORDERS
from app.compiler.parameters import bind
from app.compiler.plan import Parameter
from app.compiler.terms import Conversion, Order
from app.compiler.variables import Constant, ListOf, ObjectOf, Variable, evaluate
from app.errors import QueryRefused

ORDERS = [*CLAIM_ORDERS.values(), *AGENT_ORDERS.values(), *LOG_ORDERS.values()]


def encode_cursor(order: Order, row: str, key: str) -> str:
    encoded = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
    return f"{order.name}.{row}" + (f".{encoded}" if order.key else "")


def cursor_parameter(order: Order, conversion: Conversion) -> Parameter:
    return Parameter(Variable(("c",)), conversion, "text", order=order)


@given(st.text(), st.sampled_from(ORDERS))
def test_any_text_is_a_cursor_or_is_refused(text: str, order: Order) -> None:
    with pytest.raises(QueryRefused, match="is not a cursor"):
        bind([cursor_parameter(order, Conversion.CURSOR_ROW)], {"c": text}, {})


@given(st.one_of(st.text(), st.binary().map(base64.urlsafe_b64encode).map(bytes.decode)))
def test_any_key_is_one_or_is_refused(text: str) -> None:
    order = CLAIM_ORDERS["LINES_FOR"]
    cursor = {"c": f"LINES_FOR.{UUID(int=1)}.{text}"}
    try:
        [key] = bind([cursor_parameter(order, Conversion.CURSOR_KEY)], cursor, {})
    except QueryRefused:
        return
    assert isinstance(key, str)
    assert key.isdecimal()


@given(st.uuids(), st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_a_cursor_by_name_gives_back_what_was_put_in(row: UUID, key: str) -> None:
    order = AGENT_ORDERS["NAME"]
    parameters = [cursor_parameter(order, c) for c in (Conversion.CURSOR_ROW, Conversion.CURSOR_KEY)]
    assert bind(parameters, {"c": encode_cursor(order, str(row), key)}, {}) == [row, key]


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (CLAIM_ORDERS["LINES_FOR"], "-1"),
        (CLAIM_ORDERS["LINES_FOR"], "9999999999"),
        (CLAIM_ORDERS["LINES_FOR"], "٣"),
        (CLAIM_ORDERS["ASSERTED"], "2019-13-01 00:00:00+00"),
        (CLAIM_ORDERS["ASSERTED"], "now()"),
        (EVENT_ORDERS["STARTS"], "2019-02-30"),
        (AGENT_ORDERS["NAME"], "a\x00b"),
        (SEARCH_ORDERS["SEARCH"], "999e99"),
        (SEARCH_ORDERS["SEARCH"], "1e-99"),
        (SEARCH_ORDERS["SEARCH"], "1.1e-38"),
        (SEARCH_ORDERS["SEARCH"], "3.5e38"),
    ],
)
def test_a_forged_key_is_refused(order: Order, key: str) -> None:
    cursor = encode_cursor(order, str(UUID(int=1)), key)
    with pytest.raises(QueryRefused):
        bind([cursor_parameter(order, Conversion.CURSOR_KEY)], {"c": cursor}, {})


@pytest.mark.parametrize(
    ("order", "key"),
    [
        (CLAIM_ORDERS["LINES_FOR"], "999999999"),
        (CLAIM_ORDERS["ASSERTED"], "infinity"),
        (CLAIM_ORDERS["ASSERTED"], "-infinity"),
        (CLAIM_ORDERS["ASSERTED"], "2019-12-31 00:00:00+00"),
        (SEARCH_ORDERS["SEARCH"], "0"),
        (SEARCH_ORDERS["SEARCH"], "1.2e-38"),
        (SEARCH_ORDERS["SEARCH"], "3.4e38"),
    ],
)
def test_whatever_a_list_is_ordered_by_can_be_a_key(order: Order, key: str) -> None:
    cursor = encode_cursor(order, str(UUID(int=1)), key)
    assert bind([cursor_parameter(order, Conversion.CURSOR_KEY)], {"c": cursor}, {}) == [key]


@pytest.mark.parametrize(
    ("order", "cursor"),
    [
        (CLAIM_ORDERS["LINES_FOR"], f"RECORDED.{UUID(int=1)}"),
        (CLAIM_ORDERS["LINES_FOR"], f"LINES_FOR.{UUID(int=1)}.Mw!!!!"),
        (LOG_ORDERS["RECORDED"], f"RECORDED.{'9' * 19}"),
    ],
    ids=["of another order", "no base64", "no bigint"],
)
def test_what_is_no_cursor_of_the_order_is_refused(order: Order, cursor: str) -> None:
    with pytest.raises(QueryRefused):
        bind([cursor_parameter(order, Conversion.CURSOR_ROW)], {"c": cursor}, {})


def test_ids_of_a_filter_are_of_its_type() -> None:
    parameter = Parameter(Variable(("ids",)), Conversion.KEYS, "uuid[]", ("Agent", "Source"))
    key = UUID(int=9)
    assert bind([parameter], {"ids": [f"agent_{key}", f"source_{key}"]}, {}) == [[str(key), str(key)]]
    for wrong in (f"claim_{key}", str(key), "", f"agent_{key.hex}", f"agent_{key}".upper()):
        with pytest.raises(QueryRefused, match="is not the id of a node of the type Agent or Source"):
            bind([parameter], {"ids": [wrong]}, {})


def test_what_is_refused_is_told_in_part_where_it_is_long() -> None:
    ids = Parameter(Variable(("v",)), Conversion.KEYS, "uuid[]", ("Agent",))
    cursor = cursor_parameter(CLAIM_ORDERS["RECORDED"], Conversion.CURSOR_ROW)
    for parameter, values in ((ids, {"v": ["x" * 200]}), (cursor, {"c": "x" * 200})):
        with pytest.raises(QueryRefused, match=f"'{'x' * 80}'"):
            bind([parameter], values, {})


def test_an_id_of_another_type_names_no_node() -> None:
    parameter = Parameter(Variable(("id",)), Conversion.KEY, "uuid", ("Agent",))
    assert bind([parameter], {"id": f"claim_{UUID(int=9)}"}, {}) == [None]


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_text_that_postgres_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(QueryRefused):
        bind([Parameter(Constant(text), Conversion.TEXT, "text")], {}, {})


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ({}, "[,]"),
        ({"lower": Decimal(3)}, "[3,]"),
        ({"lower": Decimal("1.5"), "upper": Decimal(2)}, "[1.5,2]"),
        ({"lower": Decimal(2), "upper": Decimal(2)}, "[2,2]"),
        ({"lower": Decimal("9" * 1_000)}, f"[{'9' * 1_000},]"),
        ({"lower": Decimal("0." + "1" * 1_000)}, f"[0.{'1' * 1_000},]"),
    ],
)
def test_a_range_of_numbers(value: dict[str, Decimal], sent: str) -> None:
    assert bind([Parameter(Variable(("q",)), Conversion.NUMBERS, "numrange")], {"q": value}, {}) == [sent]


@pytest.mark.parametrize(
    "value",
    [
        {"lower": Decimal(3), "upper": Decimal(2)},
        {"lower": Decimal("NaN")},
        {"upper": Decimal("Infinity")},
        {"upper": Decimal("1e999999")},
        {"lower": Decimal("sNaN")},
        {"lower": Decimal("1e-20000")},
        {"lower": Decimal("0." + "1" * 20_000)},
        {"lower": Decimal("1" * 1_001)},
        {"lower": Decimal("0." + "1" * 1_001)},
    ],
)
def test_a_range_that_allows_no_number_is_refused(value: dict[str, Decimal]) -> None:
    with pytest.raises(QueryRefused):
        bind([Parameter(Variable(("q",)), Conversion.NUMBERS, "numrange")], {"q": value}, {})


def test_a_range_of_time_has_offsets_and_a_length() -> None:
    parameter = Parameter(Variable(("r",)), Conversion.TIMES, "tstzrange")
    start = datetime.datetime(2019, 12, 31, tzinfo=datetime.UTC)
    assert bind([parameter], {"r": {"from": start}}, {}) == ["[2019-12-31T00:00:00+00:00,)"]
    far = start.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=-16)))
    for wrong in ({"from": start, "to": start}, {"to": start.replace(tzinfo=None)}, {"from": far}):
        with pytest.raises(QueryRefused):
            bind([parameter], {"r": wrong}, {})


def test_a_moment_is_over_and_has_an_offset_that_postgres_reads() -> None:
    parameter = Parameter(Variable(("at",)), Conversion.MOMENT, "timestamptz")
    start = datetime.datetime(2019, 12, 31, 12, tzinfo=datetime.UTC)
    assert bind([parameter], {"at": start}, {}) == [start]
    first = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)
    east = datetime.timezone(datetime.timedelta(hours=3))
    assert bind([parameter], {"at": first.replace(tzinfo=east)}, {}) == [first]
    far = start.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=-16)))
    ahead = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    for wrong, told in ((far, "16 hours"), (ahead, "is not over yet")):
        with pytest.raises(QueryRefused, match=told):
            bind([parameter], {"at": wrong}, {})
    for time, hint in (
        (start.replace(hour=0), "2019-12-31T23:59:59.999999Z"),
        (start, "2019-12-31T12:00:00Z"),
        (ahead.replace(hour=0, minute=0, second=0, microsecond=0), "leave it out"),
    ):
        with pytest.raises(QueryRefused, match="its offset") as refused:
            bind([parameter], {"at": time.replace(tzinfo=None)}, {})
        assert hint in str(refused.value.hint)


@pytest.mark.parametrize(
    ("conversion", "most", "many"),
    [
        (Conversion.WORDS, "a" * 1_000, "a" * 1_001),
        (Conversion.URLS, ["u"] * 100, ["u"] * 101),
        (Conversion.NODE_KEYS, ["i"] * 100, ["i"] * 101),
    ],
)
def test_no_more_is_asked_for_at_once_than_may_be(conversion: Conversion, most: object, many: object) -> None:
    parameter = Parameter(Variable(("v",)), conversion, "text")
    bind([parameter], {"v": most}, {})
    with pytest.raises(QueryRefused, match=r"at most .* at once"):
        bind([parameter], {"v": many}, {})


def test_no_item_of_a_list_is_null() -> None:
    parameter = Parameter(ListOf((Variable(("v",)),)), Conversion.TEXTS, "text[]")
    assert bind([parameter], {"v": "x"}, {}) == [["x"]]
    with pytest.raises(QueryRefused, match="may be null"):
        bind([parameter], {"v": None}, {})


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("al-Muhandis -drone", "al-Muhandis -drone"),
        ("a -- b", "a  b"),
        ("\u2014\u2014 dead", " dead"),
        ('-"a" -"b"', '-"a" -"b"'),
        ("-(" * 40 + "x", " x"),
        ("https://example.org/fire", "example.org/fire"),
    ],
)
def test_dashes_in_a_row_and_schemes_are_not_sent(asked: str, sent: str) -> None:
    assert bind([Parameter(Constant(asked), Conversion.WORDS, "text")], {}, {}) == [sent]


def test_origins_reach_into_variables() -> None:
    variables = {"f": {"and": [{"source": ["x"]}]}, "v": "y"}
    assert evaluate(Variable(("f", "and", 0, "source")), variables, {}) == ["x"]
    assert evaluate(ListOf((Constant("a"), Variable(("v",)))), variables, {}) == ["a", "y"]
    assert evaluate(ObjectOf((("from", Variable(("v",))),)), variables, {}) == {"from": "y"}
