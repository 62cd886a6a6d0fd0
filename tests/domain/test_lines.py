"""Independent lines and weakest links, against brute force, and on input made to be hard."""

from __future__ import annotations

import random
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.lines import Chain, find_lines
from app.domain.weakest_links import find_weakest_links

chains = st.lists(st.frozensets(st.integers(0, 9), min_size=1, max_size=4), max_size=11)
# The same few parties again and again: parts that hang together, many ties.
tangles = st.lists(st.frozensets(st.integers(0, 12), min_size=2, max_size=3), min_size=8, max_size=16)
parties = st.frozensets(st.integers(0, 12))


def count_lines(family: list[Chain]) -> int:
    """By trying: leave the first chain out, or take it and leave out all that touch it."""
    if not family:
        return 0
    first, *others = family
    apart = [chain for chain in others if not chain & first]
    taken = 1 + count_lines(apart)
    return taken if len(apart) == len(others) else max(taken, count_lines(others))


def find_first_hitting_set(family: list[Chain], origins: frozenset[int]) -> tuple[int, ...]:
    everyone = sorted(frozenset().union(*family))
    for size in range(len(everyone) + 1):
        hitting = [some for some in combinations(everyone, size) if all(c & set(some) for c in family)]
        if hitting:
            return min(hitting, key=lambda some: (-len(origins & set(some)), some))
    raise AssertionError("all parties together touch every chain")


def assert_lines(family: list[Chain]) -> int:
    """The lines found are among the chains, share no party, and are as few or many as they say."""
    found = find_lines(family)
    assert set(found.chains) <= set(family)
    assert len(frozenset().union(*found.chains)) == sum(map(len, found.chains))
    assert len(found.chains) <= found.at_most
    return len(found.chains)


@given(st.one_of(chains, tangles))
def test_lines_are_the_largest_packing(family: list[Chain]) -> None:
    assert assert_lines(family) == count_lines(family)
    assert find_lines(family).exact


@given(st.one_of(chains, tangles), parties)
def test_weakest_links_are_the_first_of_the_smallest_hitting_sets(
    family: list[Chain], origins: frozenset[int]
) -> None:
    found = find_weakest_links(family, origins)
    assert found.exact
    assert found.parties == find_first_hitting_set(family, origins)


@given(tangles, parties, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_changes_anything(
    family: list[Chain], origins: frozenset[int], rng: random.Random
) -> None:
    mixed = [*family, *rng.sample(family, 3)]
    rng.shuffle(mixed)
    assert find_lines(mixed) == find_lines(family)
    assert find_weakest_links(mixed, origins) == find_weakest_links(family, origins)


@given(st.one_of(chains, tangles), st.integers(0, 300))
def test_a_small_budget_gives_a_bound_on_each_side(family: list[Chain], budget: int) -> None:
    lines = find_lines(family, budget=budget)
    most = count_lines(family)
    assert len(lines.chains) <= most <= lines.at_most
    # No status depends on the budget: one line is told from two, and none from one, without searching.
    assert min(len(lines.chains), 2) == min(most, 2)
    links = find_weakest_links(family, set(), budget=budget)
    fewest = len(find_first_hitting_set(family, frozenset()))
    assert all(chain & set(links.parties) for chain in family)
    assert len(links.parties) >= fewest
    assert not links.exact or len(links.parties) == fewest


@pytest.mark.parametrize(
    ("family", "lines", "links"),
    [
        ([], 0, ()),
        # Eleven papers quoting one minister.
        ([{0, paper} for paper in range(1, 12)], 1, (0,)),
        # Two ministries quoted by one agency.
        ([{0, 5}, {1, 5}], 1, (5,)),
        # Each two of three share a party, and no party is in all three: one line, two links.
        ([{0, 1}, {1, 2}, {0, 2}], 1, (0, 1)),
        # The Fano plane: any two of its seven lines meet.
        ([{0, 1, 2}, {0, 3, 4}, {0, 5, 6}, {1, 3, 5}, {1, 4, 6}, {2, 3, 6}, {2, 4, 5}], 1, (0, 1, 2)),
        # A road of eleven parties, each two neighbours a chain.
        ([{i, i + 1} for i in range(10)], 5, (1, 3, 5, 7, 9)),
        ([{0}, {0, 1}, {1, 2}, {3}], 3, (0, 1, 3)),
    ],
)
def test_known_families(family: list[set[int]], lines: int, links: tuple[int, ...]) -> None:
    frozen = [frozenset(chain) for chain in family]
    assert assert_lines(frozen) == lines
    assert find_weakest_links(frozen, set()).parties == links


def test_sixty_random_chains_are_done_exactly() -> None:
    rng = random.Random(1)
    family = [frozenset(rng.sample(range(30), rng.randint(2, 4))) for _ in range(60)]
    lines, links = find_lines(family), find_weakest_links(family, set())
    assert lines.exact
    assert links.exact
    assert assert_lines(family) == count_lines_by_parties(family, 30) <= len(links.parties)


@pytest.mark.parametrize("seed", range(120))
def test_knots_that_nothing_but_a_search_undoes(seed: int) -> None:
    """Chains of three among few parties: no reduction applies, and taking greedily often takes too few."""
    rng = random.Random(seed)
    width = rng.randint(10, 13)
    family = [frozenset(rng.sample(range(width), 3)) for _ in range(rng.randint(14, 26))]
    origins = frozenset(rng.sample(range(width), 4))
    assert assert_lines(family) == count_lines_by_parties(family, width)
    assert find_weakest_links(family, origins).parties == find_first_hitting_set(family, origins)


@pytest.mark.parametrize("seed", range(10))
def test_tangles_in_which_the_search_comes_to_the_same_place_again(seed: int) -> None:
    """Many short chains: what was found, or found to be too few, for the chains left is taken from memory."""
    rng = random.Random(seed)
    family = [frozenset(rng.sample(range(16), rng.randint(2, 3))) for _ in range(60)]
    assert assert_lines(family) == count_lines_by_parties(family, 16)
    assert find_lines(family).exact


def count_lines_by_parties(family: list[Chain], width: int) -> int:
    """The same by another road: from the last party on, the most lines among the parties from it on."""
    known: dict[frozenset[int], int] = {}

    def most(free: frozenset[int]) -> int:
        if free not in known:
            usable = [chain for chain in family if chain <= free]
            if usable:
                first = min(min(chain) for chain in usable)
                rest = frozenset(p for p in free if p > first)
                taking = (1 + most(free - chain) for chain in usable if first in chain)
                known[free] = max(most(rest), *taking)
            else:
                known[free] = 0
        return known[free]

    return most(frozenset(range(width)))


@pytest.mark.parametrize(
    ("count", "width", "shortest", "longest"),
    [(100, 60, 3, 4), (300, 40, 4, 8), (400, 200, 3, 5), (2_000, 500, 4, 7), (2_000, 2_000, 2, 3)],
)
def test_hostile_families_end_within_the_budget_and_say_that_they_were_cut_off(
    count: int, width: int, shortest: int, longest: int
) -> None:
    rng = random.Random(count)
    family = [frozenset(rng.sample(range(width), rng.randint(shortest, longest))) for _ in range(count)]
    budget = 50_000
    lines, links = find_lines(family, budget=budget), find_weakest_links(family, set(), budget=budget)
    assert not lines.exact
    assert not links.exact
    assert len(frozenset().union(*lines.chains)) == sum(map(len, lines.chains))
    assert all(chain & set(links.parties) for chain in family)
    assert 2 <= len(lines.chains) <= lines.at_most
    assert len(lines.chains) <= len(links.parties)


def test_a_long_road_does_not_nest_too_deep() -> None:
    numbers = random.Random(3).sample(range(1_501), 1_501)
    family = [frozenset(pair) for pair in pairwise(numbers)]
    lines, links = find_lines(family), find_weakest_links(family, set())
    assert len(lines.chains) <= 750 <= lines.at_most
    assert all(chain & set(links.parties) for chain in family)


def test_thousands_of_papers_quoting_one_minister_cost_no_search() -> None:
    family = [frozenset({0, paper}) for paper in range(1, 3_000)]
    assert find_lines(family, budget=0).exact
    assert find_weakest_links(family, {0}, budget=0).exact
