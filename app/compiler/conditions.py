"""Which rows a list is narrowed to: filters, and arguments that narrow by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.compiler.catalog import FILTERS, PAST_CONDITIONS, Flag, Joined, Narrowing
from app.compiler.plan import All, Condition, Fragment, Not, Parameter, Some
from app.compiler.selection import Selected
from app.compiler.variables import Argument, Given
from app.errors import QueryRefused

# Conditions in one operation's filters. A filter composed by a person has a dozen.
MAX_CONDITIONS = 200


CONDITIONS = {**FILTERS, "PastClaimFilter": PAST_CONDITIONS}


class Filters:
    """Plans the filters of one operation, up to a limit on all of them together."""

    def __init__(self) -> None:
        self._planned = 0

    def plan(
        self,
        filter_: str,
        wanted: Mapping[str, Argument],
        row: int,
        path: tuple[str, ...],
        moment: tuple[Parameter, ...] = (),
        joined: Joined | None = None,
    ) -> Condition:
        """What a row of the filter's type has to satisfy. Raises QueryRefused past the limit.

        `moment`: the one as of which it is asked, if any; not every condition can be. `joined`: what is
        joined to the row.
        """
        conditions: list[Condition] = []
        for name, argument in wanted.items():
            self._planned += 1
            if self._planned > MAX_CONDITIONS:
                raise QueryRefused(f"The filters hold more than {MAX_CONDITIONS} conditions.", path=path)
            if argument is None:
                continue
            if name in ("and", "or"):
                assert isinstance(argument, tuple)
                inner = tuple(
                    self.plan(filter_, item, row, path, moment, joined)
                    for item in argument
                    if isinstance(item, dict)
                )
                conditions.append(All(inner) if name == "and" else Some(inner))
            elif name == "not":
                assert isinstance(argument, dict)
                conditions.append(Not(self.plan(filter_, argument, row, path, moment, joined)))
            else:
                assert isinstance(argument, Given)
                if name not in CONDITIONS[filter_]:
                    told = ", ".join(CONDITIONS[filter_])
                    raise QueryRefused(
                        f"As of a moment claims cannot be narrowed by {name}.",
                        path=(*path, name),
                        hint=f"They can by {told}.",
                    )
                meaning = _read_beside(CONDITIONS[filter_][name], joined)
                conditions.append(_plan_condition(meaning, argument, row, (*path, name), moment))
        return All(tuple(conditions))


def plan_joined(
    filter_: str, wanted: Mapping[str, Argument], path: tuple[str, ...]
) -> tuple[dict[str, Argument], Joined | None, tuple[Parameter, ...]]:
    """What of a list's filter is met by a join: what is left of it, what is joined, and its parameters."""
    for name, argument in wanted.items():
        meaning = CONDITIONS[filter_].get(name)
        if (
            isinstance(meaning, Narrowing)
            and meaning.joined
            and isinstance(argument, Given)
            and argument.alone
        ):
            parameter = _parameter(meaning, argument, (*path, name))
            left = {other: given for other, given in wanted.items() if other != name}
            return left, meaning.joined, (parameter,)
    return dict(wanted), None, ()


def plan_narrowed(narrowed: Mapping[str, Narrowing], selected: Selected, row: int) -> list[Condition]:
    """The conditions of the arguments that were given."""
    return [
        _narrow(narrowing, argument, row, selected.path)
        for name, narrowing in narrowed.items()
        if isinstance(argument := selected.arguments.get(name), Given)
    ]


def _read_beside(meaning: Narrowing | Flag, joined: Joined | None) -> Narrowing | Flag:
    """The condition, of what is joined where that has what it is about."""
    if joined is not None and isinstance(meaning, Narrowing):
        for column, carried in joined.carried.items():
            meaning = replace(meaning, template=meaning.template.replace(column, carried))
    return meaning


def _plan_condition(
    meaning: Narrowing | Flag,
    argument: Given,
    row: int,
    path: tuple[str, ...],
    moment: tuple[Parameter, ...],
) -> Condition:
    if isinstance(meaning, Flag):
        asked = Fragment(meaning.template, row)
        return asked if argument.value is True else Not(asked)
    return _narrow(meaning, argument, row, path, moment)


def _narrow(
    narrowing: Narrowing,
    argument: Given,
    row: int,
    path: tuple[str, ...],
    moment: tuple[Parameter, ...] = (),
) -> Fragment:
    parameter = _parameter(narrowing, argument, path)
    template = narrowing.alone if argument.alone and narrowing.alone else narrowing.template
    return Fragment(template, row, parameters=(parameter, *(moment if "{1}" in template else ())))


def _parameter(narrowing: Narrowing, argument: Given, path: tuple[str, ...]) -> Parameter:
    return Parameter(argument.origin, narrowing.conversion, narrowing.sql_type, narrowing.nodes, path=path)
