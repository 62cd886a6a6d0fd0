"""The comparison itself, small: everybody that needs no node answers the same JSON, and figures come out.

How fast anybody is, is not looked at here.
"""

from __future__ import annotations

import pytest

from bench.checking import AnswersDiffer, compare
from bench.comparison import Outcome, Scope, run_comparison
from bench.measuring import Contender, Plan
from bench.peers import PEERS
from bench.questions import COMPARED
from tests.folders import open_folder

CLAIMS = 1_000
CHECKED = 3
SCOPE = Scope(
    claims=CLAIMS,
    peers=tuple(peer for peer in PEERS if peer.package is None),
    bodies=40,
    checked=CHECKED,
    plan=Plan(COMPARED, (4,), rounds=1, seconds=0.05, warm_up=0),
    generator="python",
)


pytestmark = pytest.mark.usefixtures("in_memory")


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    with open_folder() as folder:
        return run_comparison(SCOPE, folder, None, "pytest", print)


def test_every_contender_gives_the_same_json(outcome: Outcome) -> None:
    others = {each.title for each in outcome.contenders} - {"Sayso"}

    assert len(others) == 5
    assert "Sayso, without a token" in others
    assert outcome.compared == dict.fromkeys(others, CHECKED * len(COMPARED))


def test_every_contender_has_figures_for_every_query(outcome: Outcome) -> None:
    for each in taking_part(outcome):
        for name in COMPARED:
            figures = outcome.results[name, 4, each.name]
            assert figures.load.requests > 0
            assert 0 < figures.load.percentile(0.5) <= figures.load.percentile(0.99)
            assert figures.postgres_cost() >= 0


def test_the_results_name_the_command_and_every_contender(outcome: Outcome) -> None:
    text = "\n".join(outcome.lines)

    assert "Command: `pytest`" in text
    for each in taking_part(outcome):
        assert text.count(f"| {each.title} |") >= 1 + each.has_tail + len(COMPARED)


def taking_part(outcome: Outcome) -> list[Contender]:
    """Who takes part with so few connections."""
    [connections] = SCOPE.plan.connections
    return [each for each in outcome.contenders if connections > each.beyond]


def test_a_different_answer_is_found() -> None:
    with pytest.raises(AnswersDiffer, match=r"data\.claim\.id: \"claim_1\", but \"claim_2\""):
        compare("a peer", {"Q1": [{"claim": {"id": "claim_1"}}]}, {"Q1": [{"claim": {"id": "claim_2"}}]})
