"""The work that a question of thousands of claims takes: counted, never timed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from app.domain import lines, weakest_links
from app.domain.answers import Answer
from app.domain.corroboration import corroborate
from app.domain.lines import Chain
from app.domain.moments import Moment, parse_moment
from app.domain.pools import Voices
from app.domain.questions import Question
from app.domain.records import Record
from app.domain.vocabulary import AgentKind, Polarity, Side, Status
from tests.domain.made_records import (
    at_least,
    between,
    exactly,
    make_agent,
    make_claim,
    make_record,
    make_source,
    with_claims,
)


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the families whose lines were searched for."""
    return _count_calls(monkeypatch, "pack", lines.pack)


@pytest.fixture
def link_searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the families whose weakest links were searched for."""
    return _count_calls(monkeypatch, "touch_all", weakest_links.touch_all)


def _count_calls(monkeypatch: pytest.MonkeyPatch, name: str, search: Callable[..., object]) -> list[int]:
    sizes: list[int] = []

    def count_and_search(family: Sequence[Chain], *rest: object, **options: object) -> object:
        sizes.append(len(family))
        return search(family, *rest, **options)

    monkeypatch.setattr(f"app.domain.searches.{name}", count_and_search)
    return sizes


def _make_large_question(answers: list[Answer], moment: Moment | None) -> Record:
    rng = random.Random(7)
    outlets = [make_agent(f"outlet {i}", AgentKind.OUTLET) for i in range(300)]
    states = [make_agent(f"state {i}") for i in range(20)]
    people = [make_agent(f"person {i}", AgentKind.PERSON, part_of=f"state {i % 20}") for i in range(100)]
    sources = [
        replace(make_source(f"s{i}", f"outlet {rng.randrange(300)}"), published=moment) for i in range(2_000)
    ]
    claims = [
        make_claim(f"c{i}", f"s{i}", rng.choice(answers), f"person {rng.randrange(100)}")
        for i in range(2_000)
    ]
    return make_record(*outlets, *states, *people, *sources, *claims)


def test_two_thousand_claims_with_forty_answers_take_a_search_or_two_an_answer(searches: list[int]) -> None:
    answers: list[Answer] = [*map(exactly, range(10, 35)), *map(at_least, range(10, 25))]
    results = corroborate(_make_large_question(answers, None))
    assert len(results) == 2_000
    assert {result.reports_for > 0 for result in results.values()} == {True}
    assert len(searches) <= 120
    # Claims with the same answer share their figures to the object, and so may those with the next answer.
    assert len({id(result.lines[Side.FOR]) for result in results.values()}) <= 40


def say_at_least(n: int) -> Answer:
    return at_least(n)


def say_one_way_or_another(n: int) -> Answer:
    said = (at_least(n), exactly(n), between(n, n + n // 5 + 1), between(n * 9 // 10, n * 11 // 10))
    return said[n % 4]


def _count_steps(monkeypatch: pytest.MonkeyPatch, say: Callable[[int], Answer], size: int) -> int:
    """The work on so many undated claims, each with another answer: chains gone through, rivals asked."""
    steps = 0

    def count_chains(voices: Voices, pool: int) -> list[Chain]:
        nonlocal steps
        chains = find_chains(voices, pool)
        steps += len(chains)
        return chains

    def count_rival(question: Question, lines: int, rival: int, pool: int) -> bool:
        nonlocal steps
        steps += 1
        return can_have(question, lines, rival, pool)

    find_chains, can_have = Voices.find_chains, Question._can_have
    rng = random.Random(size)
    rows = [
        (
            make_source(f"s{n}", f"outlet {rng.randrange(200)}"),
            make_claim(f"c{n}", f"s{n}", say(n), f"origin {rng.randrange(40)}"),
        )
        for n in range(20, 20 + size)
    ]
    record = make_record(*(source for source, _ in rows), *(claim for _, claim in rows))
    with monkeypatch.context() as patch:
        patch.setattr(Voices, "find_chains", count_chains)
        patch.setattr(Question, "_can_have", count_rival)
        results = corroborate(record)
    assert all(result.lines_exact for result in results.values())
    assert max(result.lines_for for result in results.values()) == 40
    return steps


@pytest.mark.parametrize(("say", "most"), [(say_at_least, 5), (say_one_way_or_another, 200)])
def test_twice_as_many_answers_take_about_twice_the_work(
    monkeypatch: pytest.MonkeyPatch, say: Callable[[int], Answer], most: int
) -> None:
    steps, twice = (_count_steps(monkeypatch, say, size) for size in (1_000, 2_000))
    assert twice < 3 * steps
    assert twice < most * 2_000


def test_two_polarities_take_a_search_each(searches: list[int]) -> None:
    corroborate(_make_large_question(list(Polarity), None))
    assert len(searches) <= 3


def test_outdated_claims_are_not_searched_each(searches: list[int], link_searches: list[int]) -> None:
    """One ministry corrects its figure 200 times, by way of 40 outlets."""
    sources = [make_source(f"s{n}", f"outlet {n % 40}") for n in range(200)]
    claims = [
        make_claim(
            f"c{n}", f"s{n}", exactly(n % 7), "ministry", asserted=f"2020-01-01T{n // 60:02}:{n % 60:02}Z"
        )
        for n in range(200)
    ]
    results = corroborate(make_record(*sources, *claims))
    assert sum(result.status is Status.OUTDATED for result in results.values()) > 150
    assert len(searches) + len(link_searches) < 40


def test_outdated_claims_of_many_origins_take_at_most_a_search_each(
    searches: list[int], link_searches: list[int]
) -> None:
    record = _make_large_question([*map(exactly, range(10, 20))], None)
    days = [parse_moment(f"2020-{i % 12 + 1:02}-{i % 27 + 1:02}") for i in range(2_000)]
    claims = zip(record.claims.values(), days, strict=True)
    dated = with_claims(record, (replace(claim, asserted=day) for claim, day in claims))
    results = corroborate(dated)
    outdated = sum(result.status is Status.OUTDATED for result in results.values())
    assert outdated > 1_500
    # The count of lines follows from the links, mostly; many links follow from those of the live claims.
    assert len(link_searches) < outdated / 2
    assert len(searches) < outdated / 20
