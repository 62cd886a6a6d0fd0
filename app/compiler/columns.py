"""Which columns of a row the parts of a plan take, so that no others are carried along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from app.compiler.plan import Fragment

_OWN = re.compile(r"\{t\}\.(\w+)")
_PARENTS = re.compile(r"\{p\}\.(\w+)")


def columns_of(row: int, *parts: object) -> tuple[str, ...]:
    """
    >>> columns_of(1, Fragment("{t}.id = {p}.claim", 2, 1), Fragment("lower({t}.name)", 1))
    ('claim', 'name')
    """
    return tuple(dict.fromkeys(_find(row, parts)))


def _find(row: int, part: object) -> Iterator[str]:
    if isinstance(part, Fragment):
        if part.row == row:
            yield from _OWN.findall(part.template)
        if part.parent == row:
            yield from _PARENTS.findall(part.template)
    elif isinstance(part, tuple):
        for item in part:
            yield from _find(row, item)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _find(row, getattr(part, field.name))
