"""What of a list is asked for: its order, the size of the page and the cursors that bound it."""

from __future__ import annotations

import re

from app.compiler.catalog import Paged
from app.compiler.plan import (
    Bound,
    Cursor,
    Fragment,
    PageInfo,
    PageInfoPart,
    Parameter,
    SortKey,
    TypeName,
)
from app.compiler.selection import Selected
from app.compiler.terms import Conversion, Order
from app.compiler.variables import Given
from app.errors import QueryRefused

DEFAULT_PAGE = 20
MAX_PAGE = 100

_COLUMN = re.compile(r"\{t\}\.(\w+)")
_PAGE_INFO = {
    "hasNextPage": PageInfoPart.HAS_NEXT,
    "hasPreviousPage": PageInfoPart.HAS_PREVIOUS,
    "startCursor": PageInfoPart.START,
    "endCursor": PageInfoPart.END,
}


def plan_size(selected: Selected) -> tuple[int, bool]:
    """How many rows, and whether from the end. Raises QueryRefused for what is no page."""
    first, last = _number(selected, "first"), _number(selected, "last")
    if first is not None and last is not None:
        raise QueryRefused("Ask for the first or for the last of a list, not both.", path=selected.path)
    size = first if first is not None else last if last is not None else DEFAULT_PAGE
    if not 0 <= size <= MAX_PAGE:
        raise QueryRefused(f"A page holds 0 to {MAX_PAGE}; you asked for {size}.", path=selected.path)
    return size, last is not None


def plan_order(meaning: Paged, selected: Selected) -> tuple[Order, bool]:
    """What the list is ordered by, and whether it runs down. Raises QueryRefused."""
    wanted = selected.arguments.get("orderBy")
    name, descending = meaning.default_order, meaning.descending
    if isinstance(wanted, dict):
        field, direction = wanted.get("field"), wanted.get("direction")
        if isinstance(field, Given):
            name = str(field.value)
        descending = isinstance(direction, Given) and direction.value == "DESC"
    if name not in meaning.orders:
        raise QueryRefused(
            f"As of a moment claims are listed by {', '.join(meaning.orders)} alone.", path=selected.path
        )
    return meaning.orders[name], descending


def plan_keys(order: Order, row: int) -> tuple[SortKey, ...]:
    """What rows are ordered by: the key, if the order has one, then the row's own id."""
    row_id = _sort_key(order.row_id, row, "order_id")
    return (row_id,) if order.key is None else (_sort_key(order.key, row, "order_key"), row_id)


def _sort_key(template: str, row: int, column: str) -> SortKey:
    plain = _COLUMN.fullmatch(template)
    return SortKey(Fragment(template, row), plain[1] if plain else column)


def plan_cursor(order: Order, keys: tuple[SortKey, ...], row: int) -> Cursor:
    return Cursor(order.name, tuple(Fragment(f"{{t}}.{key.column}", row) for key in keys))


def plan_bounds(selected: Selected, order: Order) -> tuple[Bound, ...]:
    bounds = []
    for name in ("after", "before"):
        argument = selected.arguments.get(name)
        if isinstance(argument, Given):
            values: tuple[Parameter, ...] = (
                Parameter(
                    argument.origin, Conversion.CURSOR_ROW, order.row_type, order=order, path=selected.path
                ),
            )
            if order.key is not None:
                key = Parameter(
                    argument.origin, Conversion.CURSOR_KEY, order.key_type, order=order, path=selected.path
                )
                values = (key, *values)
            bounds.append(Bound(values, after=name == "after"))
    return tuple(bounds)


def plan_page_info(selected: Selected) -> PageInfo:
    [(type_, inner)] = selected.types.items()
    return PageInfo(
        tuple((f.key, TypeName(type_) if f.name == "__typename" else _PAGE_INFO[f.name]) for f in inner)
    )


def _number(selected: Selected, name: str) -> int | None:
    argument = selected.arguments.get(name)
    if not isinstance(argument, Given):
        return None
    assert isinstance(argument.value, int)
    return argument.value
