"""A document becomes what it asks for: merged, spread, skipped, bounded."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse, validate

from app.compiler.selection import MAX_DEPTH, MAX_SELECTED_FIELDS, Selected, select_operation
from app.compiler.variables import Given, Variable
from app.errors import QueryRefused
from tests.api.schemas import CORE
from tests.compiler.compiling import coerce, compile_text, operation_of


def select(text: str, variables: dict[str, Any] | None = None) -> tuple[Selected, ...]:
    document = parse(text)
    assert not validate(CORE, document)
    [operation] = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    return select_operation(CORE, document, operation, variables or {})


def keys(selected: tuple[Selected, ...]) -> list[str]:
    return [s.key for s in selected]


def test_fields_of_one_key_are_merged_in_the_order_they_first_come() -> None:
    [claim] = select(
        """query { claim(id: "x") { b: id source { title } } ...F
            claim(id: "x") { source { url title } note } }
        fragment F on Query { claim(id: "x") { statement } }"""
    )
    inner = claim.types["Claim"]
    assert keys(inner) == ["b", "source", "statement", "note"]
    assert keys(inner[1].types["Source"]) == ["title", "url"]


def test_an_interface_is_selected_for_each_type_it_can_be() -> None:
    [node] = select(
        """{ node(id: "x") { __typename id ... on Claim { statement } ... on Source { title id }
        ... on Node { ... on Agent { name } } } }"""
    )
    assert keys(node.types["Claim"]) == ["__typename", "id", "statement"]
    assert keys(node.types["Source"]) == ["__typename", "id", "title"]
    assert keys(node.types["Agent"]) == ["__typename", "id", "name"]
    assert keys(node.types["Event"]) == ["__typename", "id"]


@pytest.mark.parametrize(
    ("skip", "include", "shown"),
    [(True, True, False), (True, False, False), (False, True, True), (False, False, False)],
)
def test_skip_and_include_both_have_to_let_a_field_through(skip: bool, include: bool, shown: bool) -> None:
    selected = select(
        "query($s: Boolean!, $i: Boolean!) { viewer { name role @skip(if: $s) @include(if: $i) } }",
        {"s": skip, "i": include},
    )
    assert ("role" in keys(selected[0].types["Researcher"])) is shown


def test_values_that_decide_no_form_are_hidden_from_the_planner() -> None:
    [claims] = select(
        "query($f: ClaimFilter, $n: Int) { claims(filter: $f, first: $n, after: null) { totalCount } }",
        {"f": {"text": "secret", "disagreed": True, "or": [{"language": ["en"]}]}, "n": 7},
    )
    assert claims.arguments["first"] == Given(Variable(("n",)), 7)
    assert claims.arguments["after"] is None
    assert claims.arguments["filter"] == {
        "text": Given(Variable(("f", "text"))),
        "disagreed": Given(Variable(("f", "disagreed")), True),
        "or": ({"language": Given(Variable(("f", "or", 0, "language")))},),
    }
    assert "secret" not in repr(claims)


def test_a_document_that_spreads_exponentially_is_refused() -> None:
    depth = 20
    fragments = "".join(
        f"fragment F{i} on Agent {{ a: partOf {{ ...F{i + 1} }} b: partOf {{ ...F{i + 1} }} }} "
        for i in range(depth)
    )
    with pytest.raises(QueryRefused, match=f"{MAX_SELECTED_FIELDS}"):
        select(f'{{ agent(id: "x") {{ ...F0 }} }} {fragments} fragment F{depth} on Agent {{ id }}')


def test_a_document_that_is_too_deep_is_refused() -> None:
    inner = "id"
    for _ in range(MAX_DEPTH + 1):
        inner = f"partOf {{ {inner} }}"
    with pytest.raises(QueryRefused, match="levels deep"):
        select(f'{{ agent(id: "x") {{ {inner} }} }}')


LISTS_IN_LISTS = """{ claims(first: 100) { edges { node { source { claims(first: 100) { edges { node {
    history(first: 100) { edges { node { at } } } } } } } } } } }"""
# Twenty full pages of what a hundred origins said at a hundred times each.
COMPARED = "".join(
    f"""a{n}: compare(question: "x") {{ origins(first: 100) {{ edges {{ node {{
    positions(first: 100) {{ edges {{ node {{ live }} }} }} }} }} }} }}"""
    for n in range(20)
)
MANY_COMPARED = "".join(f'a{n}: compare(question: "x") {{ standing {{ lower }} }} ' for n in range(101))


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (LISTS_IN_LISTS, "if every page is full"),
        (f"{{ {COMPARED} }}", "if every page is full"),
        (f"{{ {MANY_COMPARED} }}", "more than 100 lists"),
    ],
    ids=["lists in lists", "origins and positions", "comparisons"],
)
def test_lists_count_to_a_limit(text: str, refusal: str) -> None:
    with pytest.raises(QueryRefused, match=refusal):
        compile_text(text, {})


FILTERED = """query Q($f: ClaimFilter, $o: ClaimOrder, $first: Int, $after: String) {
    claims(filter: $f, orderBy: $o, first: $first, after: $after) { edges { node { id } } } }"""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"f": {"text": "a"}}, {"f": {"text": "b"}}, True),
        ({"f": {"source": ["a"]}}, {"f": {"source": ["b"]}}, True),
        ({"f": {"source": ["a", "b"]}}, {"f": {"source": ["c", "d", "e"]}}, True),
        ({"f": {"source": ["a"]}}, {"f": {"source": ["b", "c"]}}, False),
        ({"f": {"quantity": {"lower": "1"}}}, {"f": {"quantity": {"upper": "2"}}}, True),
        ({"f": {"status": ["DISPUTED"]}}, {"f": {"status": ["RETRACTED"]}}, True),
        ({"f": {"status": ["DISPUTED", "CORROBORATED"]}}, {"f": {"status": ["RETRACTED", "OUTDATED"]}}, True),
        ({"f": {"status": ["DISPUTED"]}}, {"f": {"status": ["RETRACTED", "OUTDATED"]}}, False),
        ({"f": {"language": ["de"]}}, {"f": {"language": ["ar", "pt"]}}, True),
        ({"after": "a"}, {"after": "b"}, True),
        ({"after": "a"}, {"after": None}, False),
        ({"first": 1}, {"first": 2}, False),
        ({"f": {"disagreed": True}}, {"f": {"disagreed": False}}, False),
        ({"f": {"text": "a"}}, {"f": {"text": None}}, False),
        ({"f": {"text": "a"}}, {"f": {"quantity": {"lower": "1"}}}, False),
        ({"f": {"or": [{"text": "a"}]}}, {"f": {"or": [{"text": "a"}, {"text": "b"}]}}, False),
        ({"o": {"field": "RECORDED"}}, {"o": {"field": "ASSERTED"}}, False),
    ],
)
def test_variables_of_one_shape_have_one_statement(
    one: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    operation = operation_of(FILTERED)
    shapes = [operation.signature.shape(coerce(operation, given)) for given in (one, other)]
    assert (shapes[0] == shapes[1]) is same
    # A plan may not depend on more than the shape: equal shapes, equal bytes.
    assert (compile_text(FILTERED, one)[0].sql == compile_text(FILTERED, other)[0].sql) is same


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("query($b: Boolean = true) { viewer { name @skip(if: $b) } }", {"b": None}),
        ("query($b: Boolean = true) { viewer { name @include(if: $b) } }", {"b": None}),
        ("query($f: ClaimFilter = {}) { claims(filter: { and: [$f] }) { totalCount } }", {"f": None}),
        ('{ claims(filter: { quantity: { lower: "sNaN" } }) { totalCount } }', {}),
    ],
)
def test_null_where_there_can_be_none_is_refused(document: str, variables: dict[str, Any]) -> None:
    with pytest.raises(QueryRefused):
        select(document, variables)


# What fields come to. Of nodes that is how many there are if every page is full; what is joined beside a row
# is not counted.
LIMITS: dict[tuple[str, str], dict[str, int]] = {
    ("objects.MAX_NODES_ASKED", "nodes"): {
        "viewer { name }": 1,
        "access { role }": 1,
        "newestSeal { hash }": 1,
        'claim(id: "x") { id source { title } }': 1,
        'node(id: "x") { id ... on Claim { statement } }': 7,  # each type that it may be
        'claim(id: "x", asOf: "2020-01-01T00:00:00Z") { id }': 1,
        'claims(first: 7, asOf: "2020-01-01T00:00:00Z") { edges { node { id } } }': 7,
        "claims(first: 0) { totalCount }": 1,
        "claims { totalCount }": 20,
        "claims(first: 7) { edges { node { attribution { position } } } }": 7 + 7,
        "claims(first: 7) { edges { node { attribution { agents { name } } } } }": 7 + 7 + 7,
        "claims(first: 7) { edges { node { corroboration { lines { side } } } } }": 7 + 7,
        "agents(first: 7) { edges { node { claims(first: 3) { edges { node { id } } } } } }": 7 + 21,
        'compare(question: "x") { standing { lower } }': 1,
        "known(urls: []) { id }": 100,
        "known(urls: []) { claims(first: 3) { totalCount } }": 100 + 300,
        "nodes(ids: []) { id }": 100,
        "nodes(ids: []) { ... on Claim { attribution { position } } }": 100 + 100,
    },
    ("objects.MAX_LISTS", "lists"): {
        "claims(first: 0) { totalCount }": 1,
        "claims(first: 1) { edges { node { history(first: 1) { totalCount } } } }": 2,
        'compare(question: "x") { standing { lower } }': 1,
    },
    ("conditions.MAX_CONDITIONS", "conditions"): {
        'claims(filter: {and: [{text: "a"}, {not: {text: null}}]}) { totalCount }': 4,
        "claims(filter: {basis: []}) { totalCount } agents(filter: {merged: true}) { totalCount }": 2,
    },
    ("selection.MAX_SELECTED_FIELDS", "fields"): {
        'claim(id: "x") { id a: id id }': 1 + 2,
        'node(id: "x") { id }': 1 + 7,
    },
    ("selection.MAX_DEPTH", "levels"): {
        'claim(id: "x") { id ... on Claim { source { title } } }': 2,
    },
}


@pytest.mark.parametrize(
    ("limit", "what", "fields", "number"),
    [(*limit, *counted) for limit, each in LIMITS.items() for counted in each.items()],
)
def test_whatever_is_asked_for_counts_to_a_limit(
    monkeypatch: pytest.MonkeyPatch, limit: str, what: str, fields: str, number: int
) -> None:
    monkeypatch.setattr(f"app.compiler.{limit}", number)
    compile_text(f"{{ {fields} }}", {})
    monkeypatch.setattr(f"app.compiler.{limit}", number - 1)
    with pytest.raises(QueryRefused, match=f"more than {number - 1} {what}"):
        compile_text(f"{{ {fields} }}", {})


def test_what_is_asked_beside_a_moment_is_asked_of_now() -> None:
    past, now = 'claim(id: "x", asOf: "2020-01-01T00:00:00Z") { id }', 'claim(id: "x") { quoteStatus }'
    assert "quote_status" in compile_text(f"{{ a: {past} b: {now} }}", {})[0].sql


@pytest.mark.parametrize(("cursor", "looked_up"), [("", False), (', after: "x"', True)])
def test_only_within_cursors_the_earlier_hops_are_looked_up(cursor: str, looked_up: bool) -> None:
    page = f'claims(filter: {{agent: ["x"]}}{cursor}) {{ edges {{ node {{ id }} }} }}'
    sql = compile_text(f"{{ {page} }}", {})[0].sql
    assert ("n.hop = 1 OR NOT EXISTS" in sql) is looked_up
