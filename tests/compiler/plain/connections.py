"""Orders, pages and totals."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.compiler.plain.cursors import (
    MalformedCursor,
    decode_cursor,
    encode_cursor,
    print_date,
    print_time,
    read_date,
    read_time,
    read_uuid,
)

USUAL_PAGE = 20

Position = tuple[Any, Any]


def _nothing(_: Any) -> str:
    return ""


@dataclass(frozen=True)
class Order:
    """`key` is the words of a row's place in this order, which `read` makes comparable. None: by id alone."""

    name: str
    key: Callable[[Any], str] | None = None
    read: Callable[[str], Any] = _nothing
    id: Callable[[Any], Any] = lambda row: row.id
    read_id: Callable[[str], Any] = read_uuid

    def position(self, row: Any) -> Position:
        return self.read(self.key(row) if self.key else ""), self.id(row)

    def cursor(self, row: Any) -> str:
        return encode_cursor(self.name, str(self.id(row)), *([self.key(row)] if self.key else []))

    def place(self, cursor: str) -> Position:
        """Where a cursor stands; MalformedCursor if it is none of this order's."""
        parts = decode_cursor(cursor, self.name)
        try:
            if self.key:
                row, key = parts
                return self.read(key), self.read_id(row)
            (row,) = parts
            return "", self.read_id(row)
        except ValueError as problem:
            raise MalformedCursor(f"{cursor!r} is not a cursor: {problem}.") from problem


def read_rank(text: str) -> float:
    """Ranks are single floats: the words of one, read as a double, would be another number."""
    rank: float = struct.unpack("f", struct.pack("f", float(text)))[0]
    return rank


def print_rank(rank: float) -> str:
    """The shortest words that read back as the same single float.

    >>> print_rank(read_rank("0.06079271"))
    '0.06079271'
    """
    return next(text for digits in range(1, 10) if read_rank(text := f"{rank:.{digits}g}") == rank)


_RECORDED = Order("RECORDED")

ORDERS: dict[str, dict[str, Order]] = {
    "ClaimConnection": {
        "RECORDED": _RECORDED,
        "ASSERTED": Order(
            "ASSERTED", lambda claim: print_time(claim.asserted and claim.asserted.lower), read_time
        ),
        "LINES_FOR": Order("LINES_FOR", lambda claim: str(claim.lines_for), int),
        "LINES_AGAINST": Order("LINES_AGAINST", lambda claim: str(claim.lines_against), int),
    },
    "SourceConnection": {
        "RECORDED": _RECORDED,
        "PUBLISHED": Order(
            "PUBLISHED", lambda source: print_time(source.published and source.published.lower), read_time
        ),
    },
    "AgentConnection": {
        "RECORDED": _RECORDED,
        "NAME": Order("NAME", lambda agent: str(agent.lower_name), str.encode),
    },
    "EventConnection": {
        "RECORDED": _RECORDED,
        "STARTS": Order("STARTS", lambda event: print_date(event.starts_on), read_date),
    },
    "QuestionConnection": {"RECORDED": _RECORDED},
    "AssessmentConnection": {"RECORDED": _RECORDED},
    "ResearcherConnection": {"RECORDED": _RECORDED},
    "TokenConnection": {"RECORDED": _RECORDED},
    "RevisionConnection": {"RECORDED": Order("RECORDED", read_id=int)},
    "StatusChangeConnection": {"RECORDED": Order("RECORDED", read_id=int)},
    "EvidenceConnection": {
        "EVIDENCE": Order(
            "EVIDENCE",
            lambda evidence: "0" if evidence.side == "FOR" else "1",
            int,
            id=lambda evidence: evidence.evidence_claim or evidence.evidence_source,
        )
    },
    "OriginPositionsConnection": {
        "FIRST": Order(
            "FIRST",
            lambda origin: print_time(origin.first),
            read_time,
            id=lambda origin: origin.party or UUID(int=2**128 - 1),
        )
    },
    "PositionConnection": {
        "SAID": Order(
            "SAID",
            lambda position: print_time(position.said and position.said.lower),
            read_time,
            id=lambda position: position.claim,
        )
    },
    "SearchResultConnection": {
        "SEARCH": Order(
            "SEARCH", lambda found: print_rank(found.rank), read_rank, id=lambda found: found.node.id
        )
    },
}


@dataclass(frozen=True)
class Found:
    """A row that a search found."""

    node: Any
    rank: float


@dataclass(frozen=True)
class Edge:
    cursor: str
    node: Any


@dataclass(frozen=True)
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True)
class Connection:
    edges: list[Edge]
    page_info: PageInfo
    total_count: int


def order_of(connection: str, arguments: Mapping[str, Any]) -> tuple[Order, bool]:
    """The order that a list is asked for in, and whether it runs down."""
    orders = ORDERS[connection]
    if "RECORDED" not in orders:
        (only,) = orders.values()
        return only, connection == "SearchResultConnection"
    asked = arguments.get("orderBy") or {"field": "RECORDED", "direction": "ASC"}
    return orders[asked["field"]], asked["direction"] == "DESC"


def connect(connection: str, rows: Iterable[Any], arguments: Mapping[str, Any]) -> Connection:
    """The page that `arguments` ask for, of rows that are filtered already."""
    order, descending = order_of(connection, arguments)
    everything = sorted(rows, key=order.position, reverse=descending)
    window = everything
    after, before = arguments.get("after"), arguments.get("before")
    if after is not None:
        start = order.place(after)
        window = [row for row in window if _precedes(start, order.position(row), descending)]
    if before is not None:
        end = order.place(before)
        window = [row for row in window if _precedes(order.position(row), end, descending)]
    last = arguments.get("last")
    if last is not None:
        page = window[max(len(window) - last, 0) :]
        has_previous, has_next = len(page) < len(window), before is not None
    else:
        first = arguments.get("first")
        page = window[: USUAL_PAGE if first is None else first]
        has_previous, has_next = after is not None, len(page) < len(window)
    edges = [Edge(order.cursor(row), row.node if isinstance(row, Found) else row) for row in page]
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=has_next,
            has_previous_page=has_previous,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        total_count=len(everything),
    )


def _precedes(one: Position, other: Position, descending: bool) -> bool:
    return bool(other < one if descending else one < other)
