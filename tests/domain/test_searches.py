"""What is known of a shared pool, and what one more voice makes of it, against a search of the whole."""

from __future__ import annotations

from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.chains import Voice
from app.domain.lines import WORK_BUDGET, find_lines
from app.domain.pools import Voices
from app.domain.searches import FEW, Finding, Searches
from app.domain.weakest_links import find_weakest_links
from tests.domain.campaign import searched_by_itself

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


def hear(known: list[Voice]) -> tuple[Voices, int]:
    """These voices and one more, and the pool of all but that."""
    return Voices({UUID(int=n): voice for n, voice in enumerate(known)}), (1 << len(known) - 1) - 1


@given(st.lists(voices, max_size=9), voices, st.sampled_from([0, 3, FEW]))
def test_one_more_voice_makes_what_a_search_of_all_finds(known: list[Voice], extra: Voice, few: int) -> None:
    heard, pool = hear([*known, extra])
    searches = Searches(heard, WORK_BUDGET)
    with searched_by_itself(few):
        found = searches.search_with(extra, pool + 1, pool, searches.search(pool))

    whole = [voice.chain for voice in (*known, extra) if voice.chain]
    origins = frozenset().union(*(voice.origins for voice in (*known, extra)))
    assert len(found.lines.chains) == len(find_lines(whole).chains)
    assert found.lines.exact
    assert set(found.lines.chains) <= set(whole)
    assert len(frozenset().union(*found.lines.chains)) == sum(map(len, found.lines.chains))
    assert found.links == find_weakest_links(whole, origins)


# One more voice is one line more than the others could have.
@example(
    [make_voice(path) for path in ([0, 2, 6], [8, 1, 4], [4, 0, 5], [5, 1], [7, 8], [6, 7], [8, 2, 5])],
    make_voice([4]),
    0,
)
@given(st.lists(voices, max_size=9), voices, st.integers(0, 60))
def test_out_of_budget_one_more_voice_still_bounds_the_lines(
    known: list[Voice], extra: Voice, budget: int
) -> None:
    heard, pool = hear([*known, extra])
    searches = Searches(heard, budget)
    lines = searches.search_with(extra, pool + 1, pool, searches.search(pool)).lines

    most = len(find_lines([voice.chain for voice in (*known, extra) if voice.chain]).chains)
    assert len(lines.chains) <= most <= lines.at_most
    assert min(len(lines.chains), 2) == min(most, 2)


# Of a chain that two came by one is an origin, and in the next pool only the other.
@example([make_voice([0, 1]), make_voice([1, 0])], [0b11, 0b10])
@given(st.lists(voices, min_size=1, max_size=14), st.lists(st.integers(0), min_size=1, max_size=9))
def test_pools_one_after_another_come_out_as_each_by_itself(known: list[Voice], drawn: list[int]) -> None:
    heard, _ = hear(known)
    searches = Searches(heard, WORK_BUDGET)
    near: Finding | None = None
    with searched_by_itself(0):
        for number in drawn:
            pool = number % (1 << len(known))
            near = searches.search(pool, near)
            those = [voice for n, voice in enumerate(known) if pool >> n & 1]
            chains = [voice.chain for voice in those if voice.chain]
            assert len(near.lines.chains) == near.lines.at_most == len(find_lines(chains).chains)
            assert set(near.lines.chains) <= set(chains)
            assert near.links == find_weakest_links(chains, heard.find_origins(pool))
            part = pool & drawn[0]
            fewer = [voice.chain for n, voice in enumerate(known) if part >> n & 1 and voice.chain]
            assert len(searches.search_part(part, near).chains) == len(find_lines(fewer).chains)


@given(
    st.lists(voices, min_size=1, max_size=14),
    st.lists(st.integers(0), min_size=1, max_size=9),
    st.sampled_from([0, 3, FEW]),
)
def test_what_was_searched_before_makes_no_difference(known: list[Voice], drawn: list[int], few: int) -> None:
    heard, _ = hear(known)
    searches = Searches(heard, WORK_BUDGET)
    near: Finding | None = None
    with searched_by_itself(few):
        for number in (*drawn, *drawn):
            pool = number % (1 << len(known))
            found = searches.search(pool, near)
            assert found == Searches(heard, WORK_BUDGET).search(pool, near)
            near = found
