"""The lines and weakest links of the pools of one question: each pool is searched once.

Most claims of a long-running question are OUTDATED, and each of those stands beside the live claims with a
chain of its own. Their pools differ by that one chain: what is known of the shared pool mostly settles them.
"""

from __future__ import annotations

from app.domain.chains import Voice
from app.domain.lines import WORK_BUDGET, Chain, Lines, add_chain, exchange, extend, pack
from app.domain.pools import Pool
from app.domain.weakest_links import WeakestLinks, touch_all

# The work of all the searches of one question, by its claims: some seconds, where each takes all it may.
QUESTION_BUDGET = 2_000_000
LEAST_BUDGET = 1_000


def share_budget(claims: int) -> int:
    """The work of one search, for a question of so many claims.

    >>> share_budget(3), share_budget(50), share_budget(2_000), share_budget(10_000)
    (500000, 40000, 1000, 1000)
    """
    return min(WORK_BUDGET, max(LEAST_BUDGET, QUESTION_BUDGET // max(claims, 1)))


class Searches:
    """Searches that may take so much work each; see `lines.Lines.exact`."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._lines: dict[frozenset[Chain], Lines] = {}
        self._links: dict[tuple[frozenset[Chain], frozenset[int]], WeakestLinks] = {}

    def find_lines(self, pool: Pool) -> Lines:
        chains = pool.chains
        if chains not in self._lines:
            self._lines[chains] = pack(pool.family, budget=self._budget)
        return self._lines[chains]

    def find_links(self, pool: Pool) -> WeakestLinks:
        key = (pool.chains, frozenset(pool.origins))
        if key not in self._links:
            self._links[key] = touch_all(pool.family, pool.origins, budget=self._budget)
        return self._links[key]

    def find_with(self, voice: Voice, pool: Pool) -> tuple[Lines, WeakestLinks]:
        """What `find_lines` and `find_links` are to be of a pool with one more voice.

        A chain that shares no party with the pool is one more line, and its own best party one more link. A
        chain that contains one of the pool, or in which a link stands while there are as many lines as links,
        changes nothing. With an origin that the pool knows as a mere party the ties could come out otherwise.
        """
        lines, links, chain = self.find_lines(pool), self.find_links(pool), voice.chain
        if chain is None:
            return lines, links
        if pool.parties.isdisjoint(chain):
            parties = tuple(sorted((*links.parties, min(voice.origins or chain))))
            return Lines((*lines.chains, chain), lines.at_most + 1), WeakestLinks(parties, links.exact)
        if pool.parties.isdisjoint(voice.origins - pool.origins):
            tight = len(lines.chains) == len(links.parties) and links.exact
            if tight and not chain.isdisjoint(links.parties):
                return lines, links
            if any(known <= chain for known in pool.family):
                return lines, links
        return self._search_with(voice, chain, pool, lines)

    def _search_with(
        self, voice: Voice, chain: Chain, pool: Pool, lines: Lines
    ) -> tuple[Lines, WeakestLinks]:
        if not lines.exact:
            return self._bound_with(voice, chain, pool, lines)
        family = add_chain(pool.family, chain)
        links = touch_all(family, pool.origins | voice.origins, budget=self._budget)
        longer = extend(lines, pool.family, chain, at_most=len(links.parties))
        return longer or pack(family, budget=self._budget), links

    def _bound_with(self, voice: Voice, chain: Chain, pool: Pool, lines: Lines) -> tuple[Lines, WeakestLinks]:
        """Where the pool took more work than there is, so would the pool with one more: bounds have to do."""
        links = self.find_links(pool)
        parties = set(links.parties)
        if parties.isdisjoint(chain):
            parties.add(min(voice.origins or chain))
        longer = exchange(lines, pool.family, chain)
        at_most = min(lines.at_most + 1, len(parties))
        return Lines(longer or lines.chains, at_most), WeakestLinks(tuple(sorted(parties)), False)
