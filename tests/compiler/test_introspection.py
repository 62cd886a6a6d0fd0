"""What is asked about the schema is bounded by the size of its answer."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import OperationDefinitionNode, execute_sync, get_introspection_query, parse, validate

from app.compiler import compile_read
from app.compiler.introspection import MAX_INTROSPECTED, count_introspected
from app.compiler.selection import select_operation
from app.errors import QueryRefused
from tests.api.schemas import CORE

WHOLE = get_introspection_query(
    specified_by_url=True,
    directive_is_repeatable=True,
    schema_description=True,
    input_value_deprecation=True,
).replace("kind\n", "kind isOneOf\n", 1)
FIELDS = "fields(includeDeprecated: true) { name args { name type { name } } type { name } }"


def count_allowed(text: str) -> float:
    """The fields of the answer, at most. Raises QueryRefused past the limit."""
    document = parse(text)
    assert not validate(CORE, document)
    [operation] = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    compile_read(CORE, document, operation, {})
    return count_introspected(CORE, select_operation(CORE, document, operation, {}))


def count_fields(value: Any) -> int:
    if isinstance(value, dict):
        return sum(1 + count_fields(each) for each in value.values())
    return sum(count_fields(each) for each in value) if isinstance(value, list) else 0


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        '{ __type(name: "Mutation") { name fields { name args { name } } } }',
        '{ __type(name: "ClaimFilter") { inputFields { name type { ofType { enumValues { name } } } } } }',
        "{ __schema { types { possibleTypes { name interfaces { name } } } directives { args { name } } } }",
        "{ __schema { types { enumValues { name } fields { args { type { ofType { kind } } } } } } }",
    ],
)
def test_no_answer_is_larger_than_was_foreseen(text: str) -> None:
    answer = execute_sync(CORE, parse(text))
    assert not answer.errors
    assert count_fields(answer.data) <= count_allowed(text) <= MAX_INTROSPECTED


@pytest.mark.parametrize(
    "text",
    [
        "{ " + " ".join(f"a{n}: __schema {{ types {{ {FIELDS} }} }}" for n in range(20)) + " }",
        "{ __schema { types { " + " ".join(f"a{n}: {FIELDS}" for n in range(20)) + " } } }",
        "{ __schema { types { fields { type { fields { name description type { name } } } } } } }",
        "{ " + " ".join(f'a{n}: __type(name: "Query") {{ ...T }}' for n in range(9)) + " }"
        "fragment T on __Type { fields { args { type { inputFields { name } } } } }",
    ],
)
def test_what_multiplies_is_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match="The answer about the schema would have more than"):
        count_allowed(text)


def test_fragments_that_double_are_refused_before_they_are_counted() -> None:
    doubling = "".join(
        f"fragment T{n} on __Type {{ a{n}: ofType {{ ...T{n + 1} }} b{n}: ofType {{ ...T{n + 1} }} }}"
        for n in range(25)
    )
    with pytest.raises(QueryRefused, match="selects more than"):
        count_allowed("{ __schema { types { ...T0 } } }" + doubling + "fragment T25 on __Type { name }")
