"""What is known of a shared pool, and what one more voice makes of it, against a search of the whole."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.chains import Voice
from app.domain.lines import WORK_BUDGET, find_lines
from app.domain.pools import Pool
from app.domain.searches import Searches
from app.domain.weakest_links import find_weakest_links

paths = st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True)
voices = paths.map(lambda path: make_voice(path))


def make_voice(path: list[int], origins: int = 1) -> Voice:
    return Voice(
        tuple(path),
        frozenset(path),
        frozenset(path[:origins]),
        frozenset(path[:origins]),
        UUID(int=path[0]),
        hidden=False,
    )


@given(st.lists(voices, max_size=9), voices)
def test_one_more_voice_makes_what_a_search_of_all_finds(known: list[Voice], extra: Voice) -> None:
    pool = Pool().with_voices(known)
    lines, links = Searches(WORK_BUDGET).find_with(extra, pool)

    whole = pool.with_voices([extra])
    assert len(lines.chains) == len(find_lines(whole.chains).chains)
    assert lines.exact
    assert set(lines.chains) <= whole.chains
    assert len(frozenset().union(*lines.chains)) == sum(map(len, lines.chains))
    assert links == find_weakest_links(whole.chains, whole.origins)


@given(st.lists(voices, max_size=9), voices, st.integers(0, 60))
def test_out_of_budget_one_more_voice_still_bounds_the_lines(
    known: list[Voice], extra: Voice, budget: int
) -> None:
    pool = Pool().with_voices(known)
    lines, _ = Searches(budget).find_with(extra, pool)

    most = len(find_lines(pool.with_voices([extra]).chains).chains)
    assert len(lines.chains) <= most <= lines.at_most
    assert min(len(lines.chains), 2) == min(most, 2)
