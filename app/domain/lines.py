"""How many chains are independent of each other: the largest set of them that share no party.

Exact, by small steps: what cannot matter is dropped until nothing more can be, what is left falls into
parts that share nothing, and each part is searched by branch and bound. The problem (set packing) is hard
in general; past a budget of work the count is a lower bound, and the result says so. Whether there are two
lines at all never depends on the budget, and so no status does.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

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
    return pack(sort_chains(chains), budget=budget)


def pack(family: Sequence[Chain], *, budget: int = WORK_BUDGET) -> Lines:
    """`find_lines` of chains that are sorted already, none of them twice."""
    if len(family) < 2:
        return Lines(tuple(family), len(family))
    kernel = _reduce(family)
    ledger = Ledger(budget)
    chosen: list[int] = []
    at_most = 0
    # Small parts first: a large one that eats the budget does not make them inexact.
    for part in sorted(split_parts(kernel), key=lambda part: (len(part), min(part))):
        found, most = _search_part({i: kernel[i] for i in sorted(part)}, ledger)
        chosen += found
        at_most += most
    return Lines(tuple(family[i] for i in sorted(chosen)), at_most)


def extend(lines: Lines, family: Sequence[Chain], chain: Chain, *, at_most: int) -> Lines | None:
    """The lines of a family with one more chain, where they follow from its `lines`; None if they may not.

    One more chain is one more line at most. `at_most`: so many parties touch all the chains.
    """
    if at_most == len(lines.chains):
        return Lines(lines.chains, at_most)
    longer = exchange(lines, family, chain) if lines.exact else None
    return None if longer is None else Lines(longer, len(longer))


def exchange(lines: Lines, family: Sequence[Chain], chain: Chain) -> tuple[Chain, ...] | None:
    """One line more, with this chain, if others of the family take the places of those that it touches."""
    kept = [one for one in lines.chains if one.isdisjoint(chain)]
    used = chain.union(*kept)
    for one in family:
        if len(kept) == len(lines.chains):
            break
        if one.isdisjoint(used):
            kept.append(one)
            used |= one
    return None if len(kept) < len(lines.chains) else (*kept, chain)


def sort_chains(chains: Collection[Chain]) -> list[Chain]:
    """The distinct chains that hold a party, the shortest first: one order, however they were listed."""
    distinct = {chain for chain in chains if chain}
    return list(distinct) if len(distinct) < 2 else sorted(distinct, key=_order)


def find_family(chains: Collection[Chain]) -> list[Chain]:
    """The chains that contain no other, sorted: they have the same lines and weakest links as all.

    >>> minister, agency, daily = range(3)
    >>> found = find_family([frozenset({minister, agency, daily}), frozenset({minister, agency})])
    >>> found == [frozenset({minister, agency})]
    True
    """
    kernel = Kernel(sort_chains(chains))
    kernel.drop_containing()
    return list(kernel.chains.values())


def add_chain(family: Sequence[Chain], chain: Chain) -> list[Chain]:
    """A family, as `find_family` makes it, with one more chain in its place."""
    if any(map(chain.issuperset, family)):
        return list(family)
    left = [known for known in family if not chain < known]
    insort(left, chain, key=_order)
    return left


def _order(chain: Chain) -> tuple[int, list[int]]:
    return len(chain), sorted(chain)


def find_covers(kernel: dict[int, Chain]) -> dict[int, int]:
    """For each party the set of chains that it stands in, as bits."""
    covers: dict[int, int] = {}
    for i, chain in kernel.items():
        bit = 1 << i
        for party in chain:
            covers[party] = covers.get(party, 0) | bit
    return covers


class Kernel:
    """A family of chains while it is made smaller, each chain by its place in the family.

    Chains are dropped and parties left out of them until nothing more can be. What is looked at again is what
    changed: a party can become needless only when a chain of its was dropped, and a chain can come to be
    contained in others only when a party was left out of it.
    """

    def __init__(self, family: Sequence[Chain]) -> None:
        self.chains = dict(enumerate(family))
        self.covers = find_covers(self.chains)
        self._shortened: Collection[int] = self.chains
        self._touched: Collection[int] = self.covers

    def drop_containing(self) -> bool:
        """Drop the chains that contain another; of equal ones the first stays. Whether there were any."""
        covers = self.covers
        dropped = 0
        for i in self._shortened:
            if dropped >> i & 1:
                continue
            containing = -1
            for party in self.chains[i]:
                containing &= covers[party]
            if containing == 1 << i:
                continue
            size = len(self.chains[i])
            stays = next(j for j in bits(containing) if len(self.chains[j]) == size)
            dropped |= containing & ~(1 << stays)
        self._shortened = ()
        touched: set[int] = set()
        for i in bits(dropped):
            touched |= self.chains.pop(i)
        for party in touched:
            left = covers[party] & ~dropped
            if left:
                covers[party] = left
            else:
                del covers[party]
        self._touched = {*self._touched, *touched} & covers.keys()
        return bool(dropped)

    def leave_out(self, is_needless: Callable[[int, int, Chain], bool]) -> bool:
        """Leave out the parties of which that is so, given what each covers and one of its chains."""
        needless = set()
        for party in self._touched:
            cover = self.covers[party]
            if is_needless(party, cover, self.chains[(cover & -cover).bit_length() - 1]):
                needless.add(party)
        self._touched = ()
        shortened = 0
        for party in needless:
            shortened |= self.covers.pop(party)
        self._shortened = list(bits(shortened))
        for i in self._shortened:
            self.chains[i] -= needless
        return bool(needless)


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


def _reduce(family: Sequence[Chain]) -> dict[int, Chain]:
    """The same number of lines from fewer, shorter chains.

    A party whose chains all hold some other party forbids nothing that the other does not: it is left
    out. Then a chain that contains another is dropped, for the other can always take its place.
    """
    kernel = Kernel(family)
    covers = kernel.covers

    def is_needless(party: int, cover: int, chain: Chain) -> bool:
        for other in chain:
            wider = covers[other]
            if not cover & ~wider and (other < party or cover != wider):
                return True
        return False

    for _ in range(MAX_ROUNDS):
        left_out = kernel.leave_out(is_needless)
        if not kernel.drop_containing() and not left_out:
            break
    return kernel.chains


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
        uses = self._uses
        touched = {i: (uses[i] & left).bit_count() for i in bits(left)}
        waiting = [(count, i) for i, count in touched.items()]
        heapify(waiting)
        while left:
            count, narrowest = heappop(waiting)
            if not left >> narrowest & 1 or touched[narrowest] != count:
                continue  # gone, or listed again since
            chosen |= 1 << narrowest
            gone = uses[narrowest] & left
            left &= ~gone
            fewer = 0
            for i in bits(gone):
                fewer |= uses[i]
            for i in bits(fewer & left):
                count = (uses[i] & left).bit_count()
                touched[i] = count
                heappush(waiting, (count, i))
        return chosen
