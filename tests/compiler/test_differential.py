"""The compiler against the plain side: queries that somebody wrote, and queries that nobody did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.permissions import Viewer
from tests.compiler.comparison import Contest
from tests.compiler.directed import Directed, read_queries
from tests.compiler.generated import Case, Values, cases
from tests.compiler.records import viewer_of


@pytest.mark.parametrize("directed", read_queries(), ids=str)
async def test_written_queries_are_answered_alike(contest: Contest, directed: Directed) -> None:
    wanted = "refused" if directed.subject == "refusals" else "answered"
    for viewer, variables in product(directed.viewers, directed.variables):
        asked = replace(contest, viewer=viewer)
        comparison = await asked.compare(directed.document, variables, directed.name)
        assert (comparison.differences, comparison.outcome) == ([], wanted), (viewer, variables)


@pytest.mark.parametrize(
    "directed", [query for query in read_queries() if query.subject != "refusals"], ids=str
)
@pytest.mark.parametrize("name", ["nobody", "edit_shared"])
async def test_outsiders_are_answered_alike(outside_contest: Contest, name: str, directed: Directed) -> None:
    asked = replace(outside_contest, viewer=viewer_of(name))
    for variables in directed.variables:
        comparison = await asked.compare(directed.document, variables, directed.name)
        assert comparison.differences == [], variables


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query ($text: String!) { search(text: $text) { totalCount } }", {"text": "half a pair: \ud83d"}),
        ("query ($text: String!) { search(text: $text) { totalCount } }", {"text": "word " * 201}),
        ("query ($text: String!) { events(filter: {text: $text}) { totalCount } }", {"text": "x" * 1001}),
        ("query ($url: [String!]) { sources(filter: {url: $url}) { totalCount } }", {"url": ["\udc00"]}),
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["nobody"] * 101}),
        ("query ($after: String) { claims(after: $after) { totalCount } }", {"after": "\ud83d"}),
        ("query ($after: String) { claims(after: $after) { totalCount } }", {"after": "RECORDED.\u0000"}),
        ("query ($ids: [ID!]) { claims(filter: {agent: $ids}) { totalCount } }", {"ids": ["agent_\ud83d"]}),
        ("query ($first: Int) { claims(first: $first) { totalCount } }", {"first": 2**31}),
        ("{ claims { totalCount } } { sources { totalCount } }", {}),
        ("{ claims { nothing } }", {}),
        ("{ claims", {}),
        ("query A { __typename } query B { __typename }", {}),
    ],
)
async def test_what_no_file_can_hold_is_refused(
    contest: Contest, query: str, variables: dict[str, Any]
) -> None:
    comparison = await contest.compare(query, variables)
    assert (comparison.differences, comparison.outcome) == ([], "refused")


THEN = """query Then($moment: DateTime!) {
  claims(asOf: $moment, first: 100, includeWithdrawn: true) {
    totalCount
    edges {
      node {
        note
        withdrawal { reason }
        source { note }
        question { counted event { place } }
        attribution { cue agents { name description wikidataId } }
        corroboration { status linesFor reportsFor reportsAgainst }
      }
    }
  }
}"""


async def test_what_was_done_is_told_from_when_it_had_ended(contest: Contest) -> None:
    """To the microsecond: not while it was under way."""
    answers = []
    for ended in contest.oracle.rows.ended[-6:]:
        for moment in (ended - timedelta(microseconds=1), ended):
            comparison = await contest.compare(THEN, {"moment": moment.isoformat()})
            assert (comparison.differences, comparison.outcome) == ([], "answered"), moment
            answers.append(comparison.data)
    told = [before != after for before, after in zip(answers[::2], answers[1::2], strict=True)]
    assert sum(told) > 3, told


async def test_a_thousand_characters_of_words(contest: Contest) -> None:
    query = "query ($text: String!) { search(text: $text) { totalCount edges { cursor } } }"
    comparison = await contest.compare(query, {"text": "killed OR " * 100})
    assert (comparison.differences, comparison.outcome) == ([], "answered")


async def test_a_viewer_who_is_nobody(contest: Contest) -> None:
    somebody = await contest.compare("{ viewer { name } }")
    nobody = replace(contest, viewer=Viewer(UUID(int=0), Role.READER))
    comparison = await nobody.compare("{ viewer { name } }")
    assert (comparison.differences, comparison.data) == ([], {"viewer": None})
    assert somebody.data == {"viewer": {"name": "Noor نور"}}


async def test_a_hundred_nodes_at_once(contest: Contest) -> None:
    ids = [encode_id(NodeType.CLAIM, key) for key in list(contest.oracle.rows.claims)[:99]]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Claim { statement } } }"
    comparison = await contest.compare(query, {"ids": [*ids, "half a pair: \ud83d"]})
    assert (comparison.differences, comparison.outcome) == ([], "answered")


@settings(max_examples=50)
@given(data=st.data())
async def test_generated_queries_are_answered_alike(
    contest: Contest, generated_cases: st.SearchStrategy[Case], data: st.DataObject
) -> None:
    case = data.draw(generated_cases)
    for variables in case.variables:
        comparison = await contest.compare(case.query, variables, "Generated")
        event(comparison.outcome)
        assert not comparison.differences, f"{case}\nwith {variables}"


@settings(max_examples=30)
@given(data=st.data())
async def test_generated_queries_of_outsiders_are_answered_alike(
    outside_contest: Contest, generated_cases: st.SearchStrategy[Case], data: st.DataObject
) -> None:
    case = data.draw(generated_cases)
    for variables in case.variables:
        comparison = await outside_contest.compare(case.query, variables, "Generated")
        event(comparison.outcome)
        assert not comparison.differences, f"{case}\nwith {variables}"


@settings(max_examples=20)
@given(data=st.data())
async def test_what_services_left_is_answered_alike(told_contest: Contest, data: st.DataObject) -> None:
    oracle = told_contest.oracle
    case = data.draw(cases(oracle.schema, Values(oracle.rows)))
    outsider = Viewer(told_contest.viewer.researcher, Role.READER)
    for viewer, variables in product((told_contest.viewer, outsider), case.variables):
        comparison = await replace(told_contest, viewer=viewer).compare(case.query, variables, "Generated")
        assert not comparison.differences, f"{case}\nwith {variables} as {viewer.role}"
