"""The voices that are heard on one question, by number, and what a pool of them adds up to.

A pool is the set of the voices on one side of a claim: a bit set of their numbers. Thousands of answers have
as many pools, most of them almost alike: whatever is asked of a pool costs no loop over its voices, but where
it says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from uuid import UUID

from app.domain.chains import Path, Voice
from app.domain.lines import Chain, sort_chains

_DIGITS = bytes.maketrans(b"01", b"\0\1")


class Voices:
    """Claims, and sources put forward as evidence, by their ids; each is heard once.

    For each party there are bit sets: `holds`, the voices that came through it, and `origins`, the claims
    among them that it is an origin of. `chained` are the voices that say how they know.
    """

    def __init__(self, heard: Mapping[UUID, Voice]) -> None:
        self.numbers = {id: number for number, id in enumerate(heard)}
        self.holds: dict[int, int] = {}
        self.origins: dict[int, int] = {}
        self.chained = 0
        self._speakers: dict[int, int] = {}
        self._told = 0
        self._reports: dict[UUID, int] = {}
        # Of each chain the voices that have it, and those of each path that makes it.
        self._chains: Sequence[Chain] = sort_chains([v.chain for v in heard.values() if v.chain is not None])
        self._ranks: list[int] = []
        self._having: dict[Chain, int] = {}
        self._ways: dict[Chain, dict[Path, int]] = {}
        # The paths of chains each of which has but one.
        self._straight: dict[tuple[Chain, ...], tuple[Path, ...]] = {}
        ranks = {chain: rank for rank, chain in enumerate(self._chains)}
        for number, voice in enumerate(heard.values()):
            bit = 1 << number
            self._reports[voice.report] = self._reports.get(voice.report, 0) | bit
            self._ranks.append(-1 if voice.chain is None else ranks[voice.chain])
            if voice.chain is not None:
                self._add(voice, voice.chain, bit)
        alone = [voices for voices in self._reports.values() if not voices & (voices - 1)]
        self._alone = sum(alone)
        self._together = [voices for voices in self._reports.values() if voices & (voices - 1)]
        # For each voice those that are of the same report, and how many reports there are in some pools.
        self._counted_with = [self._reports[voice.report] for voice in heard.values()]
        self._counts: dict[int, int] = {}

    def _add(self, voice: Voice, chain: Chain, bit: int) -> None:
        self.chained |= bit
        if not voice.hidden:
            self._told |= bit
        for sets, parties in (
            (self.holds, chain),
            (self.origins, voice.origins),
            (self._speakers, voice.speakers),
        ):
            for party in parties:
                sets[party] = sets.get(party, 0) | bit
        self._having[chain] = self._having.get(chain, 0) | bit
        ways = self._ways.setdefault(chain, {})
        ways[voice.path] = ways.get(voice.path, 0) | bit

    def join(self, ids: Iterable[UUID]) -> int:
        """The pool of these claims and sources."""
        pool = 0
        for id in ids:
            pool |= 1 << self.numbers[id]
        return pool

    def having(self, chain: Chain) -> int:
        """All voices that have this chain."""
        return self._having[chain]

    def find_chains(self, pool: int) -> list[Chain]:
        """The distinct chains of a pool, the shortest first: one order, however they were listed.

        Goes through the pool.
        """
        digits = format(pool & self.chained, "b")[::-1].encode().translate(_DIGITS)
        return [self._chains[rank] for rank in sorted(set(compress(self._ranks, digits)))]

    def find_origins(self, pool: int) -> set[int]:
        """The origins of its claims that have a chain."""
        return {party for party, voices in self.origins.items() if voices & pool}

    def count_touching(self, parties: Iterable[int], pool: int) -> int:
        """How many of the parties some voice of the pool came through."""
        holds = self.holds
        return sum([1 for party in parties if party in holds and holds[party] & pool])

    def count_reports(self, pool: int, own: int = 0) -> int:
        """The originals of all its sources, and of one voice more. Many claims add their own to one pool."""
        if pool not in self._counts:
            alone = (pool & self._alone).bit_count()
            self._counts[pool] = alone + sum([1 for voices in self._together if voices & pool])
        if not own or self._counted_with[own.bit_length() - 1] & pool:
            return self._counts[pool]
        return self._counts[pool] + 1

    def go_back_to(self, party: int, pool: int) -> bool:
        """Whether all that have a chain have this party for a speaker."""
        return not pool & self.chained & ~self._speakers.get(party, 0)

    def find_paths(self, chains: tuple[Chain, ...], pool: int) -> tuple[Path, ...]:
        """A path for each of the chains, in order of ids: the first, by ids, of those told, else of all."""
        if chains not in self._straight:
            told = pool & self._told
            paths = (self._find_way(chain, told) or self._find_way(chain, pool) or () for chain in chains)
            found = tuple(sorted(paths))
            if any(len(self._ways[chain]) > 1 for chain in chains):
                return found
            self._straight[chains] = found
        return self._straight[chains]

    def veil_paths(self, chains: Iterable[Chain], pool: int) -> tuple[Path, ...] | None:
        """The same for outsiders, an empty path for each that they are not told of; None if that is none."""
        if not self._hides(pool):
            return None
        told = pool & self._told
        paths = [self._find_way(chain, told) or () for chain in chains]
        return None if all(paths) else tuple(sorted(paths))

    def veil_parties(self, parties: tuple[int, ...], pool: int) -> tuple[int, ...]:
        """Those of the parties that outsiders are told of."""
        if not self._hides(pool):
            return parties
        told = pool & self._told
        return tuple(party for party in parties if self.count_touching([party], told))

    def _hides(self, pool: int) -> bool:
        return bool(pool & self.chained & ~self._told)

    def _find_way(self, chain: Chain, pool: int) -> Path | None:
        ways = self._ways[chain]
        if len(ways) == 1:
            ((path, voices),) = ways.items()
            return path if voices & pool else None
        return min((path for path, voices in ways.items() if voices & pool), default=None)
