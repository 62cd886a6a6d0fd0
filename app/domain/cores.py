"""A few chains that settle the lines and the weakest links of all the pools they are in.

Lines that share no party, and as many parties that touch every chain, prove each other: there are no more
lines, and no fewer links. A smallest set of links then has one party of each line and no other. Where some
chain has only one party left that could touch it, that party is in every smallest set, and the others of its
line are in none: most links follow from each other so, and what does not is searched for. The lines, and the
chains that were asked, are the core. In any pool that has them, and of which the links touch every chain, the
lines and the links are the same.

Answers that stand next to each other are backed by almost the same claims. What is known of one is carried to
the next: nothing is gone through but where the core came apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from app.domain.lines import MAX_DEPTH, Chain
from app.domain.weakest_links import find_weakest_links


@dataclass(frozen=True, slots=True)
class Core:
    """`lines` share no party; `links`, as many and in order, touch every chain. `chains` settle both."""

    lines: tuple[Chain, ...]
    links: tuple[int, ...]
    chains: frozenset[Chain]


class Placing:
    """Lines among chains, to which none of the chains could be added.

    The chains are in order and distinct. `seed`: lines to start from; those that are no chains here are left
    out.
    """

    def __init__(self, chains: Sequence[Chain], seed: Iterable[Chain]) -> None:
        self._chains = chains
        # The line that each party stands in.
        self._lines: dict[int, Chain] = {}
        known = set(chains)
        for chain in seed:
            if chain in known:
                self._add(chain)
        for chain in chains:
            if self._lines.keys().isdisjoint(chain):
                self._add(chain)

    @property
    def lines(self) -> tuple[Chain, ...]:
        return tuple(sorted(set(self._lines.values()), key=min))

    def settle(self, origins: Set[int], *, budget: int) -> Core | None:
        """The core of the chains; None if they have none, or if finding it took more work than there is.

        >>> health, defence, agency, militia, outlet = range(5)
        >>> chains = [frozenset({health, agency}), frozenset({defence, agency}), frozenset({militia, outlet})]
        >>> Placing(chains, []).settle({health, militia}, budget=0).links == (agency, militia)
        True
        >>> ring = [frozenset({health, defence}), frozenset({defence, agency}), frozenset({health, agency})]
        >>> Placing(ring, []).settle(set(), budget=0) is None
        True
        """
        core = self._find_core(origins, budget)
        return self._find_core(origins, budget) if core is None and self._grow() else core

    def _find_core(self, origins: Set[int], budget: int) -> Core | None:
        """The core, if as many parties as there are lines touch all chains."""
        lines = self.lines
        taken = frozenset(self._lines)
        chosen: dict[int, Chain] = {}
        barred: set[int] = set()
        # Each chain, and who of it could be a link.
        left = [(chain, chain & taken) for chain in self._chains]
        while True:
            before = len(chosen)
            for chain, free in left:
                if len(free) == 1:
                    (party,) = free
                    if party not in chosen:
                        chosen[party] = chain
                        barred |= self._lines[party]
            barred.difference_update(chosen)
            if len(chosen) == before:
                break
            touched = chosen.keys()
            left = [(chain, free - barred) for chain, free in left if free.isdisjoint(touched)]
            if not all(free for _, free in left):
                return None
        rest = find_weakest_links([free for _, free in left], origins, budget=budget)
        if not rest.exact or len(chosen) + len(rest.parties) != len(lines):
            return None
        return Core(
            lines,
            tuple(sorted((*chosen, *rest.parties))),
            frozenset((*lines, *chosen.values(), *(chain for chain, _ in left))),
        )

    def _grow(self) -> bool:
        """More lines, by chains that take the place of others, as in a matching. Whether there are any."""
        holders: dict[int, list[Chain]] = {}
        for chain in self._chains:
            for party in chain:
                holders.setdefault(party, []).append(chain)
        grown, growing = False, True
        while growing:
            growing = False
            tried: set[Chain] = set()
            for chain in self._chains:
                if not self._is_line(chain) and self._enter(chain, holders, tried, 0):
                    grown = growing = True
        return grown

    def _enter(self, chain: Chain, holders: dict[int, list[Chain]], tried: set[Chain], depth: int) -> bool:
        """Make a chain a line, if it touches none, or if another can take the place of the one it touches."""
        line: Chain | None = None
        for party in chain:
            met = self._lines.get(party)
            if met is not None and met is not line:
                if line is not None:
                    return False
                line = met
        if line is None:
            self._add(chain)
            return True
        if depth > MAX_DEPTH:
            return False
        freed = line - chain
        if freed in tried:
            return False
        tried.add(freed)
        self._remove(line)
        self._add(chain)
        for party in sorted(freed):
            for other in holders[party]:
                if other != line and self._enter(other, holders, tried, depth + 1):
                    return True
        self._remove(chain)
        self._add(line)
        return False

    def _is_line(self, chain: Chain) -> bool:
        # All parties of a line stand in it.
        return self._lines.get(next(iter(chain))) == chain

    def _add(self, chain: Chain) -> None:
        for party in chain:
            self._lines[party] = chain

    def _remove(self, chain: Chain) -> None:
        for party in chain:
            del self._lines[party]
