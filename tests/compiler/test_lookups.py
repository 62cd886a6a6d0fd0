"""What the rows of a long page point at: looked up once for all of them, and the same as row by row."""

from __future__ import annotations

import pytest

from app.compiler.objects import MIN_LOOKED_UP
from app.compiler.rows import MAX_JOINS
from tests.compiler.comparison import Contest
from tests.compiler.compiling import compile_text

CLAIMS = """query Q($first: Int) {
  claims(first: $first) {
    edges { node {
      source { title publisher { name party { name } } claims(first: 2) { edges { node { id } } } }
      question { text event { title } }
      attribution { position cue agents { name party { name } } }
      corroboration { status }
    } }
    pageInfo { hasNextPage endCursor }
  }
}"""
# More links than are joined: the last are looked up row by row.
LINKS = " ".join(
    f"a{n}: source {{ title }} b{n}: attribution {{ agents {{ name }} }}" for n in range(MAX_JOINS)
)
MANY = f"{{ claims(first: 50) {{ edges {{ node {{ {LINKS} }} }} }} }}"
NESTED = """query Q($first: Int) {
  agents(first: 20) { edges { node { sources(first: $first) { edges { node { publisher { name } } } } } } }
}"""


def compile_sql(text: str, first: int) -> str:
    return compile_text(text, {"first": first})[0].sql


def test_a_long_page_looks_up_its_sources_once() -> None:
    assert "t2.id = ANY(ARRAY(SELECT t1.source FROM kept1 t1))" in compile_sql(CLAIMS, MIN_LOOKED_UP)
    assert "ANY(ARRAY" not in compile_sql(CLAIMS, MIN_LOOKED_UP - 1)


def test_pages_of_pages_look_up_nothing_at_once() -> None:
    assert "ANY(ARRAY" not in compile_sql(NESTED, MIN_LOOKED_UP)


@pytest.mark.parametrize("first", [MIN_LOOKED_UP - 1, MIN_LOOKED_UP, 100])
async def test_long_and_short_pages_answer_alike(contest: Contest, first: int) -> None:
    comparison = await contest.compare(CLAIMS, {"first": first})
    assert (comparison.differences, comparison.outcome) == ([], "answered")


async def test_more_links_than_are_joined(contest: Contest) -> None:
    comparison = await contest.compare(MANY)
    assert (comparison.differences, comparison.outcome) == ([], "answered")


AGENTS = ["agent_016806b5-bc00-7000-8000-000000000001", "agent_016806b5-bc00-7000-8000-000000000002"]


@pytest.mark.parametrize(
    ("wanted", "joined"),
    [
        (f'agent: ["{AGENTS[0]}"]', True),
        (f'agent: ["{AGENTS[0]}", "{AGENTS[1]}"]', False),
        (f'not: {{ agent: ["{AGENTS[0]}"] }}', False),
        (f'or: [{{ agent: ["{AGENTS[0]}"] }}, {{ disagreed: true }}]', False),
    ],
)
def test_claims_of_one_agent_begin_at_the_agent(wanted: str, joined: bool) -> None:
    sql = compile_sql(f"{{ claims(filter: {{ {wanted} }}) {{ totalCount }} }}", 0)
    assert ("JOIN attribution n ON" in sql) is joined


async def test_a_claim_that_names_an_agent_twice_is_listed_once(contest: Contest) -> None:
    twice = await contest.database.fetch_json(
        "SELECT coalesce((SELECT a.agent FROM attribution a GROUP BY a.claim, a.agent HAVING count(*) > 1"
        " LIMIT 1)::text, '')::varchar",
        [],
    )
    assert twice, "the records hold one"
    comparison = await contest.compare(
        "query Q($id: ID!) { agent(id: $id) { claims { totalCount edges { node { id } } } }"
        " claims(filter: { agent: [$id] }) { totalCount edges { node { id } } } }",
        {"id": f"agent_{twice.decode()}"},
    )
    assert (comparison.differences, comparison.outcome) == ([], "answered")
