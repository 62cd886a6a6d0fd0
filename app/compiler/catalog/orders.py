"""What lists can be ordered by. Each key of a table has an index that ends in the row's id."""

from __future__ import annotations

from collections.abc import Mapping

from app.compiler.terms import Order


def _by_record(column: str = "id", type_: str = "uuid") -> Order:
    return Order("RECORDED", "{t}." + column, type_)


def _by_figure(name: str, column: str) -> Order:
    # The index is that of corroboration: both parts of the order are taken from there.
    return Order(
        name, "o.claim", "uuid", f"o.{column}", "integer", "JOIN corroboration o ON o.claim = {t}.id"
    )


RECORD_ORDERS: Mapping[str, Order] = {"RECORDED": _by_record()}

CLAIM_ORDERS: Mapping[str, Order] = {
    "RECORDED": _by_record(),
    "ASSERTED": Order(
        "ASSERTED", "{t}.id", "uuid", "coalesce(lower({t}.asserted), 'infinity')", "timestamptz"
    ),
    "LINES_FOR": _by_figure("LINES_FOR", "lines_for"),
    "LINES_AGAINST": _by_figure("LINES_AGAINST", "lines_against"),
}

SOURCE_ORDERS: Mapping[str, Order] = {
    "RECORDED": _by_record(),
    "PUBLISHED": Order(
        "PUBLISHED", "{t}.id", "uuid", "coalesce(lower({t}.published), 'infinity')", "timestamptz"
    ),
}

AGENT_ORDERS: Mapping[str, Order] = {
    "RECORDED": _by_record(),
    "NAME": Order("NAME", "{t}.id", "uuid", "lower({t}.name)", "text"),
}

EVENT_ORDERS: Mapping[str, Order] = {
    "RECORDED": _by_record(),
    "STARTS": Order("STARTS", "{t}.id", "uuid", "coalesce({t}.starts_on, 'infinity')", "date"),
}

LOG_ORDERS: Mapping[str, Order] = {"RECORDED": _by_record(type_="bigint")}

EVIDENCE_ORDERS: Mapping[str, Order] = {
    "EVIDENCE": Order(
        "EVIDENCE",
        "coalesce({t}.evidence_claim, {t}.evidence_source)",
        "uuid",
        "(CASE {t}.side WHEN 'FOR' THEN 0 ELSE 1 END)",
        "integer",
    ),
}

# Of lists that a mutation made: by place, and by claim.
PLACE_ORDERS: Mapping[str, Order] = {"PLACE": Order("PLACE", "{t}.n", "bigint")}

CHANGE_ORDERS: Mapping[str, Order] = {"CLAIM": Order("CLAIM", "{t}.claim", "uuid")}

# Of a comparison, whose rows are made of the claims on its question.
ORIGIN_ORDERS: Mapping[str, Order] = {
    "FIRST": Order("FIRST", "{t}.place", "uuid", "{t}.first", "timestamptz"),
}

POSITION_ORDERS: Mapping[str, Order] = {
    "SAID": Order("SAID", "{t}.claim", "uuid", "coalesce(lower({t}.said), 'infinity')", "timestamptz"),
}

# Best first: the only list that runs backwards by itself.
SEARCH_ORDERS: Mapping[str, Order] = {"SEARCH": Order("SEARCH", "{t}.id", "uuid", "{t}.rank", "real")}
