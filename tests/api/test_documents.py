"""What is kept is bounded, and a document that would be long in reading is refused."""

from __future__ import annotations

import pytest

from app.api import documents
from app.api.documents import Documents, Kept
from app.api.schema import build_schema, core_schema
from app.errors import QueryRefused

SCHEMA = core_schema(build_schema())


def read(text: str) -> documents.Document:
    return Documents(SCHEMA, introspection=True).read(text)


def test_what_is_kept_is_bounded_in_number_and_in_weight() -> None:
    kept: Kept[str, str] = Kept(3, 10, lambda key, value: len(key) + len(value))
    for key in "abc":
        kept.get_or_make(key, lambda: "1")
    assert kept.get_or_make("a", lambda: "2") == "1"
    kept.get_or_make("d", lambda: "1")
    assert len(kept) == 3
    assert kept.get_or_make("a", lambda: "2") == "1", "used last but one: b made room"
    assert kept.get_or_make("e", lambda: "long 8 b") == "long 8 b"
    assert len(kept) == 1
    assert kept.get_or_make("f", lambda: "longer than all of it") == "longer than all of it"
    assert len(kept) == 0


def test_what_cannot_be_made_is_not_kept() -> None:
    kept: Kept[str, int] = Kept(3, 10, lambda key, value: 1)
    with pytest.raises(ZeroDivisionError):
        kept.get_or_make("a", lambda: 1 // 0)
    assert kept.get_or_make("a", lambda: 7) == 7


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
