"""How many chains are independent of each other: the largest set of them that share no party.

Exact, by small steps: what cannot matter is dropped until nothing more can be, what is left falls into
parts that share nothing, and each part is searched by branch and bound. The problem (set packing) is hard
in general; past a budget of work the count is a lower bound, and the result says so. Whether there are two
lines at all never depends on the budget, and so no status does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

# Parties are numbers here, in the order of their ids: see `chains.Tracer`.
Chain = frozenset[int]

# Pairs of chains looked at before a search ends: some tenths of a second. Real reports take hundreds.
WORK_BUDGET = 500_000
# How far a search may nest, well inside Python's own limit.
MAX_DEPTH = 120
# A path of thousands of chains shrinks by its two ends at each round. What is left is the search's.
MAX_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Lines:
    """`chains`: a largest set of independent chains that was found. No set has more than `at_most`."""

    chains: tuple[Chain, ...]
    at_most: int

    @property
    def exact(self) -> bool:
        return len(self.chains) == self.at_most


def find_lines(chains: Collection[Chain], *, budget: int = WORK_BUDGET) -> Lines:
    """The largest number of chains that share no party, and which. Same chains in any order, same result.

    Two ministries by way of one agency are one line; a third road around the agency is a second:

    >>> health, defence, agency, militia, outlet = range(5)
    >>> by_agency = [frozenset({health, agency}), frozenset({defence, agency})]
    >>> len(find_lines(by_agency).chains)
    1
    >>> len(find_lines([*by_agency, frozenset({militia, outlet})]).chains)
    2
    """
    family = sort_chains(chains)
    if len(family) < 2:
        return Lines(tuple(family), len(family))
    kernel = _reduce(dict(enumerate(family)))
    ledger = Ledger(budget)
    chosen: list[int] = []
    at_most = 0
    # Small parts first: a large one that eats the budget does not make them inexact.
    for part in sorted(split_parts(kernel), key=lambda part: (len(part), min(part))):
        found, most = _search_part({i: kernel[i] for i in sorted(part)}, ledger)
        chosen += found
        at_most += most
    return Lines(tuple(family[i] for i in sorted(chosen)), at_most)


def sort_chains(chains: Collection[Chain]) -> list[Chain]:
    """The distinct chains that hold a party, the shortest first: one order, however they were listed."""
    distinct = {chain for chain in chains if chain}
    if len(distinct) < 2:
        return list(distinct)
    return sorted(distinct, key=lambda chain: (len(chain), sorted(chain)))


def find_covers(kernel: dict[int, Chain]) -> dict[int, int]:
    """For each party the set of chains that it stands in, as bits."""
    covers: dict[int, int] = {}
    for i, chain in kernel.items():
        bit = 1 << i
        for party in chain:
            covers[party] = covers.get(party, 0) | bit
    return covers


def drop_containing(kernel: dict[int, Chain], covers: dict[int, int]) -> dict[int, Chain]:
    """Without the chains that contain another; of equal ones the first stays."""
    dropped = 0
    for i, chain in kernel.items():
        if dropped >> i & 1:
            continue
        containing = -1
        for party in chain:
            containing &= covers[party]
        dropped |= containing & ~(1 << i)
    return {i: chain for i, chain in kernel.items() if not dropped >> i & 1}


def split_parts(kernel: dict[int, Chain]) -> list[set[int]]:
    """The chains, in groups that have no party in common."""
    holders: dict[int, list[int]] = {}
    for i, chain in kernel.items():
        for party in chain:
            holders.setdefault(party, []).append(i)
    parts: list[set[int]] = []
    placed: set[int] = set()
    for start in kernel:
        if start in placed:
            continue
        part, waiting = {start}, [start]
        while waiting:
            for party in kernel[waiting.pop()]:
                # Emptied, for its chains are all in this part now.
                met = [i for i in holders[party] if i not in part]
                holders[party] = []
                part.update(met)
                waiting += met
        placed |= part
        parts.append(part)
    return parts


def bits(mask: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class OutOfBudget(Exception):
    """A search was ended; what is known without it has to do."""


class Ledger:
    """The work that searches may still do."""

    def __init__(self, budget: int) -> None:
        self._left = budget

    def spend(self, work: int, depth: int) -> None:
        self._left -= work
        if self._left < 0 or depth > MAX_DEPTH:
            raise OutOfBudget


def _reduce(kernel: dict[int, Chain]) -> dict[int, Chain]:
    """The same number of lines from fewer, shorter chains.

    A party whose chains all hold some other party forbids nothing that the other does not: it is left
    out. Then a chain that contains another is dropped, for the other can always take its place.
    """
    for _ in range(MAX_ROUNDS):
        covers = find_covers(kernel)
        kept = {party for party in covers if not _is_redundant(party, covers, kernel)}
        shorter = {i: chain & kept for i, chain in kernel.items()}
        reduced = drop_containing(shorter, find_covers(shorter))
        if reduced == kernel:
            break
        kernel = reduced
    return kernel


def _is_redundant(party: int, covers: dict[int, int], kernel: dict[int, Chain]) -> bool:
    cover = covers[party]
    first = (cover & -cover).bit_length() - 1
    return any(
        not cover & ~covers[other] and (cover != covers[other] or other < party)
        for other in kernel[first]
        if other != party
    )


def _search_part(part: dict[int, Chain], ledger: Ledger) -> tuple[list[int], int]:
    """A largest packing of one connected part and an upper bound of its size."""
    if len(part) == 1:
        return list(part), 1
    names = list(part)
    search = _Packing([part[i] for i in names], ledger)
    everything = (1 << len(names)) - 1
    chosen = search.take_greedily(everything)
    try:
        more = search.solve(everything, chosen.bit_count(), 0)
        chosen = chosen if more is None else more
        at_most = chosen.bit_count()
    except OutOfBudget:
        at_most = search.bound(everything)
    return [names[i] for i in bits(chosen)], at_most


class _Packing:
    """Branch and bound over the chains of one part: the largest set in which no two touch."""

    def __init__(self, chains: Sequence[Chain], ledger: Ledger) -> None:
        self._chains = chains
        self._covers = find_covers(dict(enumerate(chains)))
        # What taking a chain uses up: itself and all that share a party with it.
        self._uses = [0] * len(chains)
        for i, chain in enumerate(chains):
            for party in chain:
                self._uses[i] |= self._covers[party]
        self._ledger = ledger
        self._largest: dict[int, int] = {}
        self._no_more_than: dict[int, int] = {}

    def solve(self, left: int, floor: int, depth: int) -> int | None:
        """A largest packing of the chains left, if it has more than `floor` chains. Raises OutOfBudget."""
        if left in self._largest:
            largest = self._largest[left]
            return largest if largest.bit_count() > floor else None
        if self._no_more_than.get(left, len(self._chains)) <= floor:
            return None
        self._ledger.spend(left.bit_count(), depth)
        found = None if self.bound(left) <= floor else self._solve_parts(left, floor, depth)
        if found is None:
            self._no_more_than[left] = floor
        else:
            self._largest[left] = found
        return found

    def _solve_parts(self, left: int, floor: int, depth: int) -> int | None:
        parts = list(self._split(self._drop_dominated(left, depth)))
        bounds = [self.bound(part) for part in parts]
        chosen, most = 0, sum(bounds)
        for part, bound in zip(parts, bounds, strict=True):
            # What this part must exceed if the others do as well as they might.
            needed = floor - (most - bound)
            if not part & (part - 1):
                found: int | None = part
            elif len(parts) > 1:
                found = self.solve(part, needed, depth + 1)
            else:
                found = self._branch(part, needed, depth)
            if found is None:
                return None
            chosen |= found
            most += found.bit_count() - bound
        return chosen if chosen.bit_count() > floor else None

    def _branch(self, left: int, floor: int, depth: int) -> int | None:
        """The better of taking the chain that touches the most others, and of leaving it."""
        widest = max(bits(left), key=lambda i: ((self._uses[i] & left).bit_count(), -i))
        rest = self.solve(left & ~self._uses[widest], floor - 1, depth + 1)
        taken = None if rest is None else 1 << widest | rest
        spared = self.solve(left & ~(1 << widest), floor if taken is None else taken.bit_count(), depth + 1)
        return taken if spared is None else spared

    def _drop_dominated(self, left: int, depth: int) -> int:
        """Without each chain that uses up all that another does: the other can take its place."""
        changed = True
        while changed:
            changed = False
            for i in bits(left):
                if not left >> i & 1:
                    continue
                used = self._uses[i] & left
                self._ledger.spend(used.bit_count(), depth)
                for j in bits(used & ~(1 << i)):
                    if not used & ~self._uses[j]:
                        left &= ~(1 << j)
                        changed = True
        return left

    def _split(self, left: int) -> Iterator[int]:
        while left:
            part = edge = left & -left
            while edge:
                reached = 0
                for i in bits(edge):
                    reached |= self._uses[i]
                edge = reached & left & ~part
                part |= edge
            yield part
            left &= ~part

    def bound(self, left: int) -> int:
        """As many as it takes to touch every chain left: each party that touches some allows one line."""
        count = 0
        while left:
            first = (left & -left).bit_length() - 1
            touched = [self._covers[party] & left for party in self._chains[first]]
            left &= ~max(touched, key=lambda chains: (chains.bit_count(), chains))
            count += 1
        return count

    def take_greedily(self, left: int) -> int:
        """A packing that cannot grow. Where any has two chains it has: its first one touches the fewest."""
        chosen = 0
        while left:
            narrowest = min(bits(left), key=lambda i: ((self._uses[i] & left).bit_count(), i))
            chosen |= 1 << narrowest
            left &= ~self._uses[narrowest]
        return chosen
