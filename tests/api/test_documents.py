"""What is kept is bounded, and a document that would be long in reading is refused."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import (
    OperationDefinitionNode,
    get_variable_values,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from app.api import documents
from app.api.documents import Documents
from app.api.signatures import Signature
from app.errors import QueryRefused
from app.kept import Kept
from tests.api.schemas import CORE


def read(text: str) -> documents.Document:
    return Documents(CORE, introspection=True).read(text)


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
        "{ claims { edges { node {" + "source { id title } " * 900 + "} } } }",
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


NAMED = "query Named($id: ID!) { node(id: $id) { ...Parts } } fragment Parts on Node { id }"
LONG_COMMENT = "#" + "x" * documents.MAX_KEPT_LENGTH


@pytest.mark.parametrize(
    "same",
    [
        "# who asks\n" + NAMED,
        NAMED.replace(" ", "\n\t, "),
        NAMED.replace("{", "{ # here\n"),
        f"{NAMED} {LONG_COMMENT}",
        "\ufeff" + NAMED,
    ],
    ids=["comment", "white space", "comments", "too long to be kept", "byte order mark"],
)
def test_comments_and_white_space_are_no_other_document(same: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Documents(CORE, introspection=True)
    first = kept.read(NAMED).operation("Named")
    monkeypatch.delattr(documents, "validate")  # it is known to be valid
    again = kept.read(same).operation("Named")
    assert again.read({"id": "x"}) is first.read({"id": "y"})
    first.keep_answer({"id": "x"}, b"{}")
    assert again.answer({"id": "x"}) == b"{}"
    assert again.document.loc is not None
    assert again.document.loc.source.body == same, "its errors name places of its own"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{ viewer { name } }", "{ viewer { nam } }"),
        ("{ viewer { name } }", "query Named { viewer { name } }"),
        ('{ search(text: "a b") { totalCount } }', '{ search(text: "a  b") { totalCount } }'),
        ('{ search(text: "a # b") { totalCount } }', '{ search(text: "a") { totalCount } }'),
        ('{ search(text: "1") { totalCount } }', "{ search(text: 1) { totalCount } }"),
        # A value that spells the tokens that would follow it.
        ('{ node(id: "a) 0:{ 0:Name 2:id") { id } }', '{ node(id: "a") { id id } }'),
    ],
)
def test_anything_else_is_another_document(one: str, other: str) -> None:
    kept = Documents(CORE, introspection=True)
    first = kept.read(one)
    second = kept.read(other)
    assert first.operations
    assert not second.operations or (
        second.operations.popitem()[1].number != first.operations.popitem()[1].number
    )


GUESSES = [
    ("{ viewer { nam } }", {}, "name"),
    ("{ viewr { id } }", {}, "viewer"),
    ("{ node(id: 1) { ... on Clam { id } } }", {}, "Claim"),
    ("{ claims(frst: 1) { totalCount } }", {}, "first"),
    ("{ claims(filter: { statu: RETRACTED }) { totalCount } }", {}, "status"),
    ("{ claims(filter: { status: RETRACTD }) { totalCount } }", {}, "RETRACTED"),
    ("query($f: ClaimFilter) { claims(filter: $f) { totalCount } }", {"f": {"statu": "RETRACTED"}}, "status"),
    (
        "query($s: [CorroborationStatus!]) { claims(filter: { status: $s }) { totalCount } }",
        {"s": ["RETRACTD"]},
        "RETRACTED",
    ),
]


@pytest.mark.parametrize("introspection", [True, False])
@pytest.mark.parametrize(("text", "variables", "meant"), GUESSES)
def test_who_may_not_ask_for_the_schema_is_not_told_by_errors(
    text: str, variables: dict[str, Any], meant: str, introspection: bool
) -> None:
    document = Documents(CORE, introspection=introspection).read(text)
    problems = document.errors or document.operation(None).coerce(variables)
    assert isinstance(problems, list)
    assert problems
    assert any(f"'{meant}'" in problem.message for problem in problems) == introspection


def test_what_is_not_valid_is_told_each_time_where() -> None:
    kept = Documents(CORE, introspection=True)
    for text, line in (("{ nothing }", 1), ("\n{ nothing }", 2), ("# a\n\n{ nothing }", 3)):
        [error] = kept.read(text).errors
        assert error.locations is not None
        assert error.locations[0].line == line


def test_a_long_document_is_not_kept() -> None:
    kept = Documents(CORE, introspection=True)
    short = "{ viewer { name } }"
    long = "{ viewer { " + " ".join(f"{'n' * 99}{at}: name" for at in range(490)) + " } }"
    assert documents.MAX_KEPT_LENGTH < len(long) < documents.MAX_LENGTH
    for text, same in ((short, True), (long, False)):
        operation = kept.read(text).operation(None)
        operation.keep_answer({}, b"{}")
        again = kept.read(text + " ").operation(None)
        assert (again.number == operation.number, again.answer({}) is not None) == (same, same)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from([-3, 0, 3, 2**31 - 1, 2**31, 1.5, "RECORDED", "NONE_OF_THEM"])
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.just({"a": 1}),
    max_leaves=4,
)
TYPES = st.sampled_from(
    [
        "ID",
        "ID!",
        "[ID!]!",
        "[String]",
        "String!",
        "Boolean",
        "Int",
        "[[ID!]]",
        "ClaimOrderField",
        "[ClaimOrderField!]",
        "ClaimOrder",
    ]
)


@given(
    declared=st.dictionaries(st.sampled_from("abc"), TYPES, min_size=1),
    given_values=st.dictionaries(st.sampled_from("abcd"), VALUES),
    default=st.booleans(),
)
def test_variables_are_coerced_as_graphql_core_does(
    declared: dict[str, str], given_values: dict[str, object], default: bool
) -> None:
    names = " ".join(
        f"${name}: {type_}{' = null' if default and not type_.endswith('!') else ''}"
        for name, type_ in declared.items()
    )
    node = parse(f"query Q({names}) {{ __typename }}")
    definition = node.definitions[0]
    assert isinstance(definition, OperationDefinitionNode)
    signature = Signature(CORE, definition)
    nothing: Kept[Any, Any] = Kept(0, 0, lambda _, __: 0)
    operation = documents.Operation(CORE, node, definition, signature, 1, nothing, nothing)
    expected = get_variable_values(CORE, definition.variable_definitions or (), given_values)
    found = operation.coerce(given_values)
    if isinstance(expected, list):
        assert isinstance(found, list)
    else:
        assert found == expected.coerced
        assert not isinstance(found, list)
        assert list(map(type, found.values())) == list(map(type, expected.coerced.values()))
