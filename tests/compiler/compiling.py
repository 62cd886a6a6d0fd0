"""A document compiled as a request compiles it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.api.documents import Documents, Operation
from app.compiler import Statement, compile_read
from tests.api.schemas import CORE


def operation_of(text: str) -> Operation:
    return Documents(CORE, introspection=True).read(text).operation(None)


def coerce(operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
    coerced = operation.coerce(given)
    assert isinstance(coerced, dict), coerced
    return coerced


def compile_text(text: str, given: Mapping[str, Any]) -> tuple[Statement, dict[str, Any]]:
    """The statement, and the variables with which its parameters are taken."""
    operation = operation_of(text)
    variables = coerce(operation, given)
    return compile_read(CORE, operation.document, operation.node, variables)[0], variables
