"""The fewest parties that together touch every chain: who would all have to be wrong.

Exact, as `lines` is: a smallest hitting set by branch and bound, within a budget of work. Of several such
sets, one with the most parties that are origins; of those, the first by ids. Both ties are settled inside
the search: a party weighs a little less if it is an origin, and equal weights are compared by ids.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace

from app.domain.lines import (
    MAX_ROUNDS,
    WORK_BUDGET,
    Chain,
    Kernel,
    Ledger,
    OutOfBudget,
    bits,
    find_covers,
    sort_chains,
    split_parts,
)


@dataclass(frozen=True, slots=True)
class WeakestLinks:
    """`parties`, in order, touch every chain. If not `exact`, fewer might, or others by the ties."""

    parties: tuple[int, ...]
    exact: bool


def find_weakest_links(
    chains: Collection[Chain], origins: Set[int], *, budget: int = WORK_BUDGET
) -> WeakestLinks:
    """Who would all have to be wrong. Same chains in any order, same result; no chains, nobody.

    >>> minister, agency, daily, weekly = range(4)
    >>> chains = [frozenset({minister, agency, daily}), frozenset({minister, agency, weekly})]
    >>> find_weakest_links(chains, {agency}).parties == (agency,)
    True
    >>> find_weakest_links(chains, set()).parties == (minister,)
    True
    """
    return touch_all(sort_chains(chains), origins, budget=budget)


def touch_all(family: Sequence[Chain], origins: Set[int], *, budget: int = WORK_BUDGET) -> WeakestLinks:
    """`find_weakest_links` of chains that are sorted already, none of them twice."""
    parties = frozenset().union(*family)
    # One more party always weighs more than any number of parties that are no origins.
    weights = {party: len(parties) + (party not in origins) for party in parties}
    kernel = _reduce(family, weights)
    ledger = Ledger(budget)
    found: list[int] = []
    exact = True
    for part in sorted(split_parts(kernel), key=lambda part: (len(part), min(part))):
        if len(part) == 1:
            found.append(min(kernel[min(part)], key=lambda party: (weights[party], party)))
            continue
        search = _Hitting([kernel[i] for i in sorted(part)], weights, ledger)
        everything = (1 << len(part)) - 1
        choice = search.take_greedily(everything)
        try:
            choice = search.solve(everything, 0, choice[0], 0) or choice
        except OutOfBudget:
            exact = False
        found += choice[1]
    return WeakestLinks(tuple(sorted(found)), exact)


def _reduce(family: Sequence[Chain], weights: dict[int, int]) -> dict[int, Chain]:
    """The same weakest links from fewer, shorter chains.

    A party is left out if another touches all that it does and comes before it in every tie. A wider reach
    alone is not enough: the narrower one may stand in the set that is first by ids.
    """
    kernel = Kernel(family)
    covers = kernel.covers

    def is_needless(party: int, cover: int, chain: Chain) -> bool:
        weight = weights[party]
        for other in chain:
            if not cover & ~covers[other]:
                heavier = weight - weights[other]
                if heavier > 0 or (heavier == 0 and other < party):
                    return True
        return False

    for _ in range(MAX_ROUNDS):
        dropped = kernel.drop_containing()
        if not kernel.leave_out(is_needless) and not dropped:
            break
    return kernel.chains


# The weight of some parties, and the parties in order: the less of two is the better of two.
Choice = tuple[int, tuple[int, ...]]


class _Hitting:
    """Branch and bound over the chains of one part: the best set of parties that touches them all.

    Chains and parties are bit sets. `left` are chains yet to be touched; `barred` are parties that all sets
    yet to be found do without, those with them having been looked at.
    """

    def __init__(self, chains: list[Chain], weights: dict[int, int], ledger: Ledger) -> None:
        self._chains = [sorted(chain) for chain in chains]
        self._covers = find_covers(dict(enumerate(chains)))
        self._weights = weights
        self._ledger = ledger
        self._best: dict[tuple[int, int], Choice] = {(0, 0): (0, ())}
        self._more_than: dict[tuple[int, int], int] = {}

    def solve(self, left: int, barred: int, ceiling: int, depth: int) -> Choice | None:
        """The best choice for the chains left, if it weighs no more than `ceiling`. Raises OutOfBudget."""
        self._ledger.spend(left.bit_count(), depth)
        bound = self._bound(left, barred)
        if bound is None or bound > ceiling:
            return None
        state = (left, self._find_relevant(left, barred))
        if state in self._best:
            best = self._best[state]
            return best if best[0] <= ceiling else None
        if self._more_than.get(state, -1) >= ceiling:
            return None
        found = self._solve_parts(left, state[1], ceiling, depth)
        if found is None:
            self._more_than[state] = ceiling
        else:
            self._best[state] = found
        return found

    def _solve_parts(self, left: int, barred: int, ceiling: int, depth: int) -> Choice | None:
        part = self._find_part(left, barred)
        if part == left:
            return self._branch(left, barred, ceiling, depth)
        rest = left & ~part
        bound = self._bound(rest, barred) or 0
        one = self.solve(part, barred, ceiling - bound, depth + 1)
        other = None if one is None else self.solve(rest, barred, ceiling - one[0], depth + 1)
        return None if one is None or other is None else _join(one, other)

    def _branch(self, left: int, barred: int, ceiling: int, depth: int) -> Choice | None:
        best: Choice | None = None
        for party in self._find_candidates(left, barred):
            weight = self._weights[party]
            # No less than the best is still looked at if it weighs the same: the ids decide then.
            most = ceiling if best is None else best[0]
            rest = self.solve(left & ~self._covers[party], barred, most - weight, depth + 1)
            if rest is not None:
                choice = _join((weight, (party,)), rest)
                best = choice if best is None else min(best, choice)
            barred |= 1 << party
        return best

    def _find_candidates(self, left: int, barred: int) -> list[int]:
        """The parties of the chain with the fewest to choose from, those that touch most chains first."""
        pivot = min(bits(left), key=lambda i: (len(self._free(i, barred)), i))
        reach = {party: self._covers[party] & left for party in self._free(pivot, barred)}
        useful = [
            party
            for party, cover in reach.items()
            if not any(
                not cover & ~wider and (self._weights[other], other) < (self._weights[party], party)
                for other, wider in reach.items()
            )
        ]
        return sorted(useful, key=lambda party: (-reach[party].bit_count(), self._weights[party], party))

    def _free(self, chain: int, barred: int) -> list[int]:
        return [party for party in self._chains[chain] if not barred >> party & 1]

    def _find_relevant(self, left: int, barred: int) -> int:
        """Of the parties barred, those in some chain that is left: the others make no difference."""
        return sum(1 << party for party in bits(barred) if self._covers[party] & left)

    def _find_part(self, left: int, barred: int) -> int:
        """The chains that hang together with the first one left."""
        part = edge = left & -left
        while edge:
            reached = 0
            for i in bits(edge):
                for party in self._free(i, barred):
                    reached |= self._covers[party]
            edge = reached & left & ~part
            part |= edge
        return part

    def _bound(self, left: int, barred: int) -> int | None:
        """No choice weighs less: chains that share no free party need a party each. None if one has none."""
        weight = 0
        while left:
            first = (left & -left).bit_length() - 1
            free = self._free(first, barred)
            if not free:
                return None
            weight += min(self._weights[party] for party in free)
            for party in free:
                left &= ~self._covers[party]
        return weight

    def take_greedily(self, left: int) -> Choice:
        """Those who touch the most chains left, one after another."""
        chosen: list[int] = []
        # Nobody ever touches more than before: whoever still touches as many as when last looked at is next.
        waiting = [
            (-(cover & left).bit_count(), self._weights[party], party)
            for party, cover in self._covers.items()
        ]
        heapify(waiting)
        while left:
            known, weight, party = waiting[0]
            touched = -(self._covers[party] & left).bit_count()
            if touched != known:
                heapreplace(waiting, (touched, weight, party))
                continue
            heappop(waiting)
            chosen.append(party)
            left &= ~self._covers[party]
        return sum(self._weights[party] for party in chosen), tuple(sorted(chosen))


def _join(one: Choice, other: Choice) -> Choice:
    return one[0] + other[0], tuple(sorted(one[1] + other[1]))
