"""The live claims on one question by distinct answer, and what any set of answers adds up to."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.domain.answers import Answer, Comparisons
from app.domain.chains import Path, Voice
from app.domain.evidence import Docket, Judgement
from app.domain.lines import Chain, bits, find_family
from app.domain.records import Claim


class Pool:
    """What some voices add up to on one side. Not changed once another can see it.

    `paths`: for each chain the first, by ids, of the paths that have it, those that outsiders are told of
    before others; `veiled` are the chains that have others alone. `reports`: the originals of all sources,
    and in `spoken` of those that say how they know. `origins` of the claims that have a chain, and
    `speakers`, the sets of those whom each path goes back to.
    """

    __slots__ = (
        "_chains",
        "_family",
        "_parties",
        "origins",
        "paths",
        "reports",
        "speakers",
        "spoken",
        "veiled",
    )

    def __init__(self) -> None:
        self.paths: dict[Chain, Path] = {}
        self.veiled: set[Chain] = set()
        self.reports: set[UUID] = set()
        self.spoken: set[UUID] = set()
        self.origins: set[int] = set()
        self.speakers: set[frozenset[int]] = set()
        self._chains: frozenset[Chain] | None = None
        self._family: list[Chain] | None = None
        self._parties: frozenset[int] | None = None

    @property
    def chains(self) -> frozenset[Chain]:
        if self._chains is None:
            self._chains = frozenset(self.paths)
        return self._chains

    @property
    def family(self) -> list[Chain]:
        """The chains that lines and weakest links depend on."""
        if self._family is None:
            self._family = find_family(self.chains)
        return self._family

    @property
    def parties(self) -> frozenset[int]:
        if self._parties is None:
            self._parties = frozenset().union(*self.chains)
        return self._parties

    def with_voices(self, voices: Iterable[Voice]) -> Pool:
        """This pool and these voices. This pool itself if there are none."""
        added = list(voices)
        if not added:
            return self
        pool = self._copy()
        for voice in added:
            pool._add(voice)
        return pool

    def joined(self, other: Pool) -> Pool:
        if not other.reports:
            return self
        pool = self._copy()
        pool._join(other)
        return pool

    def find_paths(self, chains: Iterable[Chain]) -> tuple[Path, ...]:
        """A path for each of the chains, in order of ids."""
        return tuple(sorted(self.paths[chain] for chain in chains))

    def veil_paths(self, chains: Iterable[Chain]) -> tuple[Path, ...] | None:
        """The same for outsiders, an empty path for each that they are not told of; None if that is none."""
        chosen = list(chains)
        if self.veiled.isdisjoint(chosen):
            return None
        return tuple(sorted(() if chain in self.veiled else self.paths[chain] for chain in chosen))

    def veil_parties(self, parties: Iterable[int]) -> tuple[int, ...]:
        """Those of the parties that outsiders are told of."""
        if not self.veiled:
            return tuple(parties)
        told = frozenset[int]().union(*(self.paths.keys() - self.veiled))
        return tuple(party for party in parties if party in told)

    def _copy(self) -> Pool:
        pool = Pool()
        pool.paths = self.paths.copy()
        pool.veiled = self.veiled.copy()
        pool.reports = self.reports.copy()
        pool.spoken = self.spoken.copy()
        pool.origins = self.origins.copy()
        pool.speakers = self.speakers.copy()
        return pool

    def _add(self, voice: Voice) -> None:
        self.reports.add(voice.report)
        if voice.chain is not None:
            self.spoken.add(voice.report)
            self.origins |= voice.origins
            self.speakers.add(voice.speakers)
            self._add_path(voice.chain, voice.path, hidden=voice.hidden)

    def _join(self, other: Pool) -> None:
        self.reports |= other.reports
        self.spoken |= other.spoken
        self.origins |= other.origins
        self.speakers |= other.speakers
        for chain, path in other.paths.items():
            self._add_path(chain, path, hidden=chain in other.veiled)

    def _add_path(self, chain: Chain, path: Path, *, hidden: bool) -> None:
        known = self.paths.get(chain)
        if known is None or (hidden, path) < (chain in self.veiled, known):
            self.paths[chain] = path
            if hidden:
                self.veiled.add(chain)
            else:
                self.veiled.discard(chain)


class QuestionPools:
    """The distinct answers to a question, how they compare, and pools of the live claims that gave them.

    Sets of answers are bit sets of their places in `Comparisons.answers`. `given` are those of live claims;
    `backers` are, for each answer, those among them that back it.
    """

    def __init__(self, docket: Docket, question_id: UUID) -> None:
        self._docket = docket
        claims = [(claim, claim.answer) for claim in docket.claims_on(question_id)]
        self._comparisons = Comparisons(answer for _, answer in claims if answer is not None)
        self._members: list[list[Claim]] = [[] for _ in self._comparisons.answers]
        for claim, answer in claims:
            if answer is not None and docket.is_live(claim):
                self._members[self._comparisons.number[answer]].append(claim)
        self.given = sum(1 << place for place, members in enumerate(self._members) if members)
        self.backers = [backers & self.given for backers in self._comparisons.backing]
        self._alone: dict[int, Pool] = {}
        self._pools: dict[tuple[int, frozenset[UUID]], Pool] = {}

    def backing(self, answer: Answer) -> int:
        """The answers of live claims that back this one."""
        return self.backers[self._comparisons.number[answer]]

    def conflicting(self, answer: Answer) -> int:
        """The answers of live claims that conflict with this one."""
        return self._comparisons.conflicting[self._comparisons.number[answer]] & self.given

    def find_rivals(self, conflicting: int, judgement: Judgement) -> int:
        """Those conflicting answers that some claim gives which is against the claim that was judged.

        A conflicting claim that researchers say supports it, and none that it contradicts, is no rival.
        """
        spared = judgement.supporting - judgement.contradicting
        if not spared:
            return conflicting
        return sum(
            1 << place for place in bits(conflicting) if any(c.id not in spared for c in self._members[place])
        )

    def find_pool(self, answers: int, *, without: frozenset[UUID] = frozenset()) -> Pool:
        """All live claims that give one of the answers, but for some."""
        key = (answers, without)
        if key not in self._pools:
            pool = Pool()
            for place in bits(answers):
                pool._join(self._find_alone(place, without))
            self._pools[key] = pool
        return self._pools[key]

    def _find_alone(self, place: int, without: frozenset[UUID]) -> Pool:
        members = self._members[place]
        if without and any(claim.id in without for claim in members):
            members = [claim for claim in members if claim.id not in without]
        elif place in self._alone:
            return self._alone[place]
        pool = Pool().with_voices(self._docket.tracer.voice_of(claim) for claim in members)
        if members is self._members[place]:
            self._alone[place] = pool
        return pool
