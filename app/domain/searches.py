"""The lines and weakest links of the pools of one question.

Pools differ by little: those of answers that stand next to each other, and those of OUTDATED claims, each of
which stands beside the live claims with a chain of its own. What is known of one mostly settles the next.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from app.domain.chains import Voice
from app.domain.cores import Core, Placing
from app.domain.lines import WORK_BUDGET, Chain, Lines, add_chain, exchange, extend, find_family, pack
from app.domain.pools import Voices
from app.domain.weakest_links import WeakestLinks, touch_all

# The work of all the searches of one question, by its claims: some seconds, where each takes all it may.
QUESTION_BUDGET = 2_000_000
LEAST_BUDGET = 1_000
# A pool of so few voices is searched by itself, as most of real questions are: that costs little, and the
# lines that are shown depend on nothing but the pool.
FEW = 20


def share_budget(claims: int) -> int:
    """The work of one search, for a question of so many claims.

    >>> share_budget(3), share_budget(50), share_budget(2_000), share_budget(10_000)
    (500000, 40000, 1000, 1000)
    """
    return min(WORK_BUDGET, max(LEAST_BUDGET, QUESTION_BUDGET // max(claims, 1)))


@dataclass(frozen=True, slots=True)
class Finding:
    """The lines and links of a pool, and, if it has a core, of which others.

    Of each that meets all sets of voices in `needed`, as one that has all `usual` ones does, and has none but
    the `allowed` ones.
    """

    lines: Lines
    links: WeakestLinks
    allowed: int = 0
    usual: int = 0
    needed: tuple[int, ...] = ()

    def settles(self, pool: int) -> bool:
        if not self.allowed or pool & ~self.allowed:
            return False
        return not self.usual & ~pool or all(voices & pool for voices in self.needed)


class Searches:
    """Searches that may take so much work each; see `lines.Lines.exact`."""

    def __init__(self, voices: Voices, budget: int) -> None:
        self._voices = voices
        self._budget = budget
        # Of pools that are searched with one more voice, and mostly with many.
        self._families: dict[int, tuple[list[Chain], set[int]]] = {}
        # Thousands of answers have a few hundred pools between them. What is found of one depends on itself,
        # and, where there are many voices, on the lines that were tried first.
        self._found: dict[tuple[int, tuple[Chain, ...]], Finding] = {}

    def search(self, pool: int, near: Finding | None = None) -> Finding:
        """What there is to find of a pool, by what was found of one near it.

        Which of several largest sets of lines it is may depend on that; nothing else does.
        """
        few = (pool & self._voices.chained).bit_count() <= FEW
        if near is not None and not few and near.settles(pool):
            return near
        seed = () if near is None or few else near.lines.chains
        key = (pool, seed)
        if key not in self._found:
            chains = self._voices.find_chains(pool)
            if few:
                self._found[key] = self._search_family(find_family(chains), pool)
            else:
                self._found[key] = self._search_from(chains, seed, pool)
        return self._found[key]

    def _search_from(self, chains: list[Chain], seed: tuple[Chain, ...], pool: int) -> Finding:
        origins = self._voices.find_origins(pool)
        placing = Placing(chains, seed)
        core = placing.settle(origins, budget=self._budget)
        if core is not None:
            return self._certify(core, origins, pool)
        found = self._search_family(find_family(chains), pool)
        lines = max(found.lines.chains, placing.lines, key=len)
        return Finding(Lines(lines, min(found.lines.at_most, len(found.links.parties))), found.links)

    def search_part(self, pool: int, known: Finding) -> Lines:
        """The lines of a pool, by what is known of a larger one that it is a part of."""
        if (pool & self._voices.chained).bit_count() > FEW:
            at_most = self._voices.count_touching(known.links.parties, pool)
            left = tuple(line for line in known.lines.chains if self._voices.having(line) & pool)
            lines = left if len(left) == at_most else Placing(self._voices.find_chains(pool), left).lines
            if len(lines) == at_most:
                return Lines(lines, at_most)
        return self.search(pool, known).lines

    def search_with(self, voice: Voice, extra: int, pool: int, known: Finding) -> Finding:
        """What `search` finds of a pool, of which all is known, with one more voice, whose number is `extra`.

        A chain that shares no party with the pool is one more line, and its own best party one more link. A
        chain that contains one of the pool, or in which a link stands while there are as many lines as links,
        changes nothing. With an origin that the pool knows as a mere party the ties could come out otherwise.
        """
        chain = voice.chain
        if chain is None or known.settles(pool | extra):
            return known
        lines, links = known.lines, known.links
        if not self._voices.count_touching(chain, pool):
            parties = tuple(sorted((*links.parties, min(voice.origins or chain))))
            return Finding(
                Lines((*lines.chains, chain), lines.at_most + 1), WeakestLinks(parties, links.exact)
            )
        family, origins = self._find_family(pool)
        if not self._voices.count_touching(voice.origins - origins, pool):
            tight = len(lines.chains) == len(links.parties) and links.exact
            if tight and not chain.isdisjoint(links.parties):
                return known
            if any(map(chain.issuperset, family)):
                return known
        if not lines.exact:
            return self._bound_with(voice, chain, family, known)
        return self._search_with(voice, chain, pool, known)

    def _search_with(self, voice: Voice, chain: Chain, pool: int, known: Finding) -> Finding:
        family, origins = self._find_family(pool)
        more = add_chain(family, chain)
        if (pool & self._voices.chained).bit_count() > FEW:
            core = Placing(more, known.lines.chains).settle(origins | voice.origins, budget=self._budget)
            if core is not None:
                return Finding(Lines(core.lines, len(core.lines)), WeakestLinks(core.links, True))
        links = touch_all(more, origins | voice.origins, budget=self._budget)
        longer = extend(known.lines, family, chain, at_most=len(links.parties))
        return Finding(longer or pack(more, budget=self._budget), links)

    def _find_family(self, pool: int) -> tuple[list[Chain], set[int]]:
        """The chains that contain no other, and the origins."""
        if pool not in self._families:
            family = find_family(self._voices.find_chains(pool))
            self._families[pool] = family, self._voices.find_origins(pool)
        return self._families[pool]

    def _search_family(self, family: list[Chain], pool: int) -> Finding:
        lines = pack(family, budget=self._budget)
        return Finding(lines, touch_all(family, self._voices.find_origins(pool), budget=self._budget))

    def _certify(self, core: Core, origins: Set[int], pool: int) -> Finding:
        """A smallest set of links has parties of the lines alone; which of them are origins matters."""
        voices = self._voices
        needed = [voices.having(chain) for chain in core.chains]
        allowed = ~voices.chained
        for party in core.links:
            allowed |= voices.holds[party]
        for line in core.lines:
            for party in line:
                if party in origins:
                    needed.append(voices.origins[party])
                else:
                    allowed &= ~voices.origins.get(party, 0)
        usual = 0
        for one in needed:
            usual |= one & pool & -(one & pool)
        lines = Lines(core.lines, len(core.lines))
        return Finding(lines, WeakestLinks(core.links, True), allowed, usual, tuple(needed))

    def _bound_with(self, voice: Voice, chain: Chain, family: list[Chain], known: Finding) -> Finding:
        """Where the pool took more work than there is, so would the pool with one more: bounds have to do."""
        parties = set(known.links.parties)
        if parties.isdisjoint(chain):
            parties.add(min(voice.origins or chain))
        longer = exchange(known.lines, family, chain)
        at_most = min(known.lines.at_most + 1, len(parties))
        return Finding(
            Lines(longer or known.lines.chains, at_most), WeakestLinks(tuple(sorted(parties)), False)
        )
