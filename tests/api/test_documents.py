"""What is kept is bounded, and a document that would be long in reading is refused."""

from __future__ import annotations

import pytest

from app.api import documents
from app.api.documents import Documents
from app.api.schema import build_schema, core_schema
from app.errors import QueryRefused

SCHEMA = core_schema(build_schema())


def read(text: str) -> documents.Document:
    return Documents(SCHEMA, introspection=True).read(text)


def test_reads_are_kept_once_for_a_shape() -> None:
    operation = read("query($n: Int, $t: String) { claims(first: $n, after: $t) { totalCount } }").operation(
        None
    )
    first = operation.read({"n": 1, "t": "x"})
    assert operation.read({"n": 1, "t": "y"}) is first
    assert operation.read({"n": 2, "t": "x"}) is not first


@pytest.mark.parametrize(
    "document",
    [
        "{" + "claims { totalCount } " * 400 + "}",
        "{ claims { edges { node {" + "source { id title } " * 1_500 + "} } } }",
        "{ claims { edges { node {"
        + " ".join(f"...F{n}" for n in range(300))
        + "} } } }"
        + " ".join(f"fragment F{n} on Claim {{ source {{ id title }} statement }}" for n in range(300)),
    ],
    ids=["fields", "deeper", "fragments"],
)
def test_a_document_whose_fields_are_long_in_comparing_is_refused(document: str) -> None:
    [error] = read(document).errors
    assert error.extensions is not None
    assert error.extensions["code"] == QueryRefused.code


def test_what_a_frontend_generates_is_not_refused() -> None:
    fragments = range(30)
    spreads = " ".join(f"...F{n}" for n in fragments)
    definitions = " ".join(
        f"fragment F{n} on Claim {{ id note source {{ id title publisher {{ id name }} }} a{n}: version }}"
        for n in fragments
    )
    assert not read("{ claims { edges { node { " + spreads + " } } } }" + definitions).errors


@pytest.mark.parametrize(
    "where", ["claims(first: %s)", "claims(filter: { source: [%s] })", "search(text: %s)"]
)
def test_a_number_that_cannot_be_read_is_a_syntax_error(where: str) -> None:
    [error] = read("{" + where % ("9" * 5_000) + "{ totalCount } }").errors
    assert "A number has at most 1,000 digits" in error.message
    assert error.original_error is None
