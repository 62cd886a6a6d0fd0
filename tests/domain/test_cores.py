"""Cores, against searches of the whole, and in whatever pool they are found."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cores import Placing
from app.domain.lines import WORK_BUDGET, Chain, find_lines, sort_chains
from app.domain.weakest_links import find_weakest_links

pairs = st.lists(st.tuples(st.integers(0, 5), st.integers(6, 14)).map(frozenset), max_size=16)
tangles = st.lists(st.frozensets(st.integers(0, 12), min_size=1, max_size=3), max_size=14)
parties = st.frozensets(st.integers(0, 14))


@given(st.one_of(pairs, tangles), parties, st.randoms(use_true_random=False))
def test_a_core_settles_all_that_its_links_touch(
    family: list[Chain], origins: frozenset[int], rng: random.Random
) -> None:
    chains = sort_chains(family)
    core = Placing(chains, find_lines(family[::2]).chains).settle(origins, budget=WORK_BUDGET)
    if core is None:
        return
    assert core.chains <= set(chains)
    assert set(core.lines) <= core.chains
    assert len(core.lines) == len(find_lines(chains).chains)
    # Any of the others may come and go, and others may come that the links touch.
    others = [chain for chain in chains if chain not in core.chains]
    more = [frozenset({link, *rng.sample(range(20), 2)}) for link in core.links]
    for pool in (chains, core.chains, [*core.chains, *rng.sample(others, len(others) // 2), *more]):
        assert len(find_lines(pool).chains) == len(core.lines)
        assert find_weakest_links(pool, origins).parties == core.links


@given(pairs, parties)
def test_where_each_chain_has_an_origin_and_an_outlet_there_is_a_core(
    family: list[Chain], origins: frozenset[int]
) -> None:
    """Chains of two parties, of two kinds, are a bipartite graph: as many links as lines (Kőnig)."""
    core = Placing(sort_chains(family), []).settle(origins, budget=WORK_BUDGET)
    assert core is not None
    assert len(core.lines) == len(find_lines(family).chains)


@pytest.mark.parametrize("origins", [40, 300])
@pytest.mark.parametrize("count", [150, 2_000])
@pytest.mark.parametrize("seed", range(4))
def test_hundreds_of_origins_and_outlets_have_a_core(seed: int, count: int, origins: int) -> None:
    rng = random.Random(seed)
    family = [frozenset({rng.randrange(origins), 1_000 + rng.randrange(200)}) for _ in range(count)]
    core = Placing(sort_chains(family), []).settle(frozenset(range(origins)), budget=WORK_BUDGET)
    assert core is not None
    assert all(not chain.isdisjoint(core.links) for chain in family)
    assert len(frozenset().union(*core.lines)) == sum(map(len, core.lines))
