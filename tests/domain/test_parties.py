"""Who belongs together, and the circles that are refused."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.parties import (
    check_merge,
    check_part_of,
    check_reprints,
    find_original,
    find_party,
    find_publishers,
    is_unnamed,
    trace_reprints,
    trace_versions,
)
from app.domain.records import Agent, BrokenRecord, Source
from app.domain.vocabulary import AgentKind
from app.errors import InvalidInput
from tests.domain.made_records import key, make_agent, make_source


def _agents(*agents: Agent) -> dict[UUID, Agent]:
    return {agent.id: agent for agent in agents}


def _sources(*sources: Source) -> dict[UUID, Source]:
    return {source.id: source for source in sources}


GOVERNMENT = _agents(
    make_agent("Esper", AgentKind.PERSON, part_of="Department of Defense"),
    make_agent("Department of Defense", part_of="United States"),
    make_agent("Pentagon", part_of="Virginia", merged_into="Department of Defense"),
    make_agent("Pentagon press office", part_of="Pentagon"),
    make_agent("United States", AgentKind.GOVERNMENT),
    make_agent("Virginia"),
)


@pytest.mark.parametrize(
    "name", ["Esper", "Department of Defense", "Pentagon", "Pentagon press office", "United States"]
)
def test_the_party_is_the_root_and_a_merged_agent_stands_for_another(name: str) -> None:
    assert find_party(key(name), GOVERNMENT) == key("United States")


def test_an_unnamed_voice_merged_into_a_named_one_is_named() -> None:
    agents = _agents(
        make_agent("an official", AgentKind.UNNAMED, merged_into="Esper"),
        make_agent("Esper", AgentKind.PERSON),
        make_agent("another official", AgentKind.UNNAMED, part_of="Esper"),
    )
    assert not is_unnamed(key("an official"), agents)
    assert is_unnamed(key("another official"), agents)


def test_publishers_are_those_of_what_is_reprinted_first() -> None:
    agents = _agents(make_agent("WNCT"), make_agent("WBTV"), make_agent("Gray", AgentKind.ORGANIZATION))
    sources = _sources(
        make_source("original", "WNCT"),
        make_source("reprint", "WBTV", reprints="original"),
        make_source("reprint of the reprint", "WNCT", reprints="reprint"),
        make_source("unknown"),
        make_source("reprint of unknown", "WNCT", reprints="unknown"),
    )
    found = {name: find_publishers(key(name), sources, agents) for name in ("original", "reprint", "unknown")}
    assert found == {
        "original": (key("WNCT"),),
        "reprint": (key("WNCT"), key("WBTV")),
        "unknown": (key("unknown"),),
    }
    assert find_publishers(key("reprint of the reprint"), sources, agents) == (key("WNCT"), key("WBTV"))
    assert find_publishers(key("reprint of unknown"), sources, agents) == (key("unknown"), key("WNCT"))


def test_a_revision_has_the_publishers_of_the_version_it_revises() -> None:
    agents = _agents(make_agent("AP"), make_agent("Daily"), make_agent("Weekly"))
    sources = _sources(
        make_source("wire", "AP"),
        make_source("first", None, reprints="wire"),
        make_source("second", "Weekly", revises="first"),
        make_source("reprint of second", "Daily", reprints="second"),
    )
    assert find_publishers(key("second"), sources, agents) == (key("AP"), key("first"))
    assert find_publishers(key("reprint of second"), sources, agents) == (
        key("AP"),
        key("first"),
        key("Daily"),
    )
    assert {find_original(id, sources) for id in sources} == {key("wire")}
    assert trace_reprints(key("first"), sources) == (key("wire"), key("first"))
    for reprinted in (None, "wire"):
        sources[key("second")] = make_source("second", "Weekly", revises="first", reprints=reprinted)
        assert trace_reprints(key("second"), sources) == (key("second"),)
        assert trace_reprints(key("reprint of second"), sources) == (key("second"), key("reprint of second"))
    assert trace_versions(key("second"), sources) == (key("first"), key("second"))


@pytest.mark.parametrize(
    ("agent", "parent"),
    [
        ("United States", "United States"),
        ("United States", "Esper"),
        # Through a merge, and through what would hold again once the merge is undone.
        ("Department of Defense", "Pentagon press office"),
        ("Virginia", "Pentagon press office"),
    ],
)
def test_an_agent_cannot_become_part_of_itself(agent: str, parent: str) -> None:
    with pytest.raises(InvalidInput, match="part of itself") as caught:
        check_part_of(key(agent), key(parent), GOVERNMENT)
    assert [problem.path for problem in caught.value.problems] == [("partOf",)]
    with pytest.raises(InvalidInput) as caught:
        check_merge(key(agent), key(parent), GOVERNMENT, path=("input", "into"))
    assert [problem.path for problem in caught.value.problems] == [("input", "into")]


def test_what_closes_no_circle_is_let_through() -> None:
    check_part_of(key("Virginia"), key("United States"), GOVERNMENT)
    check_part_of(key("Esper"), key("Pentagon"), GOVERNMENT)
    # A duplicate that was recorded as a part.
    check_merge(key("Esper"), key("Department of Defense"), GOVERNMENT)


def test_a_source_cannot_go_back_to_itself() -> None:
    sources = _sources(
        make_source("wire"),
        make_source("reprint", reprints="wire"),
        make_source("revision", revises="reprint"),
        make_source("other"),
    )
    with pytest.raises(InvalidInput, match="of itself"):
        check_reprints(key("wire"), key("revision"), sources)
    with pytest.raises(InvalidInput, match="of itself"):
        check_reprints(key("wire"), key("wire"), sources)
    check_reprints(key("wire"), key("other"), sources)
    check_reprints(key("revision"), key("wire"), sources)


def test_circles_that_were_recorded_all_the_same_raise() -> None:
    agents = _agents(
        make_agent("a", part_of="b"), make_agent("b", merged_into="a"), make_agent("c", merged_into="c")
    )
    sources = _sources(make_source("s", reprints="t"), make_source("t", revises="s"))
    for walk in (
        lambda: find_party(key("a"), agents),
        lambda: is_unnamed(key("c"), agents),
        lambda: find_publishers(key("s"), sources, agents),
        lambda: find_original(key("t"), sources),
    ):
        with pytest.raises(BrokenRecord, match="circle"):
            walk()


def test_what_is_not_among_the_records_is_named() -> None:
    with pytest.raises(BrokenRecord, match=str(key("nobody"))):
        find_party(key("nobody"), {})
    with pytest.raises(BrokenRecord, match=str(key("nowhere"))):
        find_publishers(key("s"), _sources(make_source("s", reprints="nowhere")), {})


links = st.one_of(st.none(), st.integers(0, 5).map(lambda i: UUID(int=i)))


@given(st.lists(st.tuples(links, links), min_size=6, max_size=6))
def test_any_links_end_in_a_root_or_raise(drawn: list[tuple[UUID | None, UUID | None]]) -> None:
    agents = {
        UUID(int=i): Agent(UUID(int=i), AgentKind.PERSON, part_of, merged_into, str(i))
        for i, (part_of, merged_into) in enumerate(drawn)
    }
    for id in agents:
        try:
            root = agents[find_party(id, agents)]
        except BrokenRecord:
            continue
        assert root.part_of is None
        assert root.merged_into is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_checked_writes_never_close_a_circle(writes: list[tuple[bool, int, int]]) -> None:
    agents = {UUID(int=i): Agent(UUID(int=i), AgentKind.PERSON, None, None, str(i)) for i in range(6)}
    for merge, who, whom in writes:
        one, other = UUID(int=who), UUID(int=whom)
        row = agents[one]
        try:
            if merge:
                check_merge(one, other, agents)
                agents[one] = Agent(one, row.kind, row.part_of, other, row.name)
            else:
                check_part_of(one, other, agents)
                agents[one] = Agent(one, row.kind, other, row.merged_into, row.name)
        except InvalidInput:
            continue
    unmerged = {id: Agent(id, row.kind, row.part_of, None, row.name) for id, row in agents.items()}
    for id in agents:
        find_party(id, agents)
        find_party(id, unmerged)
