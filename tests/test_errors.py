"""docs/errors.md documents every code, and no other."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from app import errors
from app.api import refusals

PAGE = Path(__file__).parent.parent / "docs" / "errors.md"
# What is no GraphQL request, and what failed unexpectedly, have a code without a class.
WITHOUT_CLASS = {"INTERNAL", "BAD_REQUEST"}


def documented() -> dict[str, str]:
    """code → the GraphQL type it has in results, or nothing."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(\w+)`)? ?\|", PAGE.read_text(), re.MULTILINE)
    return dict(rows)


def classes() -> list[type[errors.SaysoError]]:
    return [
        value
        for _, value in inspect.getmembers(errors, inspect.isclass)
        if issubclass(value, errors.SaysoError) and "code" in vars(value)
    ]


def test_every_code_is_documented_once() -> None:
    codes = [cls.code for cls in classes()]
    assert len(codes) == len(set(codes))
    assert set(codes) | WITHOUT_CLASS == set(documented())


def test_the_types_of_results_are_named_as_their_classes() -> None:
    types = {code: name for code, name in documented().items() if name}
    assert types == {cls.code: cls.__name__ for cls in classes() if hasattr(refusals, cls.__name__)}
