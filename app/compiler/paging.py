"""How much of a list is asked for: page sizes and the cursors that bound them."""

from __future__ import annotations

from app.compiler.plan import Bound, Parameter
from app.compiler.selection import Selected
from app.compiler.terms import Conversion, Order
from app.compiler.variables import Given
from app.errors import QueryRefused

DEFAULT_PAGE = 20
MAX_PAGE = 100


def plan_size(selected: Selected) -> tuple[int, bool]:
    """How many rows, and whether from the end. Raises QueryRefused for what is no page."""
    first, last = _number(selected, "first"), _number(selected, "last")
    if first is not None and last is not None:
        raise QueryRefused("Ask for the first or for the last of a list, not both.", path=selected.path)
    size = first if first is not None else last if last is not None else DEFAULT_PAGE
    if not 0 <= size <= MAX_PAGE:
        raise QueryRefused(f"A page holds 0 to {MAX_PAGE}; you asked for {size}.", path=selected.path)
    return size, last is not None


def plan_bounds(selected: Selected, order: Order) -> tuple[Bound, ...]:
    bounds = []
    for name in ("after", "before"):
        argument = selected.arguments.get(name)
        if isinstance(argument, Given):
            row_id = Parameter(
                argument.origin, Conversion.CURSOR_ROW, order.row_type, order=order, path=selected.path
            )
            key = None
            if order.key is not None:
                key = Parameter(
                    argument.origin, Conversion.CURSOR_KEY, order.key_type, order=order, path=selected.path
                )
            bounds.append(Bound(row_id, key, after=name == "after"))
    return tuple(bounds)


def _number(selected: Selected, name: str) -> int | None:
    argument = selected.arguments.get(name)
    if not isinstance(argument, Given):
        return None
    assert isinstance(argument.value, int)
    return argument.value
