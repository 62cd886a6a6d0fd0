"""The live claims on one question by distinct answer, and what any set of answers adds up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from uuid import UUID

from app.domain.answers import Answer, Comparisons
from app.domain.chains import Path, Voice, Ways
from app.domain.evidence import Docket, Judgement
from app.domain.lines import Chain, bits, find_family
from app.domain.records import Claim


class Pool:
    """What some voices add up to on one side. Not changed once another can see it.

    `told` are the paths that outsiders are told of, `untold` the others. `reports`: the originals of all
    sources, and in `spoken` of those that say how they know. `origins` of the claims that have a chain, and
    `speakers`, the sets of those whom each path goes back to. They are plain sets, so that pools of thousands
    of voices are joined without a loop over them.
    """

    __slots__ = (
        "_chains",
        "_family",
        "_known",
        "_parties",
        "origins",
        "reports",
        "speakers",
        "spoken",
        "told",
        "untold",
    )

    def __init__(self) -> None:
        self._known: set[Chain] = set()
        self.told: set[Path] = set()
        self.untold: set[Path] = set()
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
            self._chains = frozenset(self._known)
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

    def find_paths(self, chains: Iterable[Chain], ways: Ways) -> tuple[Path, ...]:
        """A path for each of the chains, in order of ids: the first, by ids, of those told, else of all."""
        return tuple(sorted(min(ways[chain] & self.told or ways[chain] & self.untold) for chain in chains))

    def veil_paths(self, chains: Iterable[Chain], ways: Ways) -> tuple[Path, ...] | None:
        """The same for outsiders, an empty path for each that they are not told of; None if that is none."""
        if not self.untold:
            return None
        paths = [min(ways[chain] & self.told, default=()) for chain in chains]
        return None if all(paths) else tuple(sorted(paths))

    def veil_parties(self, parties: Iterable[int]) -> tuple[int, ...]:
        """Those of the parties that outsiders are told of."""
        if not self.untold:
            return tuple(parties)
        told = frozenset[int]().union(*self.told)
        return tuple(party for party in parties if party in told)

    def _copy(self) -> Pool:
        pool = Pool()
        pool._join(self)
        return pool

    def _add(self, voice: Voice) -> None:
        self.reports.add(voice.report)
        if voice.chain is not None:
            self.spoken.add(voice.report)
            self.origins |= voice.origins
            self.speakers.add(voice.speakers)
            self._known.add(voice.chain)
            (self.untold if voice.hidden else self.told).add(voice.path)

    def _join(self, other: Pool) -> None:
        self._known |= other._known
        self.told |= other.told
        self.untold |= other.untold
        self.reports |= other.reports
        self.spoken |= other.spoken
        self.origins |= other.origins
        self.speakers |= other.speakers


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
        # Which of the answers, as a bit, each claim gives.
        self._places = {claim.id: 1 << n for n, members in enumerate(self._members) for claim in members}
        self._spans: dict[tuple[int, int], Pool] = {}
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
        """All live claims that give one of the answers, but for some. The answers are among those `given`.

        What backs or rivals an answer mostly stands side by side: it is put together of a few spans.
        """
        key = (answers, without)
        if key not in self._pools:
            parted = reduce(or_, (self._places.get(claim, 0) for claim in without), 0) & answers
            pool = Pool()
            for span in self._cover(answers & ~parted):
                pool._join(span)
            for place in bits(parted):
                pool._join(self._gather(claim for claim in self._members[place] if claim.id not in without))
            self._pools[key] = pool
        return self._pools[key]

    def _cover(self, answers: int) -> Iterator[Pool]:
        """The pools of the widest spans that hold, of all that is given, these answers alone."""
        others = self.given & ~answers
        waiting = [(len(self._members).bit_length(), 0)]
        while waiting:
            level, number = waiting.pop()
            span = ((1 << (1 << level)) - 1) << (number << level)
            if not answers & span:
                continue
            if others & span:
                waiting += ((level - 1, 2 * number), (level - 1, 2 * number + 1))
            else:
                yield self._find_span(level, number)

    def _find_span(self, level: int, number: int) -> Pool:
        """The live claims whose answers have the 2 ** level places from number * 2 ** level on."""
        key = (level, number)
        if key not in self._spans:
            if level == 0:
                self._spans[key] = self._gather(*self._members[number : number + 1])
            else:
                lower, upper = (self._find_span(level - 1, 2 * number + side) for side in (0, 1))
                self._spans[key] = lower.joined(upper) if lower.reports else upper
        return self._spans[key]

    def _gather(self, claims: Iterable[Claim] = ()) -> Pool:
        return Pool().with_voices(self._docket.tracer.voice_of(claim) for claim in claims)
