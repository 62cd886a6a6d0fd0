"""Which claims on a question are OUTDATED: every one of their origins has said otherwise since.

For each origin the claims are put together by distinct answer, latest first, so that a claim is held
against the last word of its origin and not against each of its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.domain.answers import Answer, Comparisons, position_of
from app.domain.chains import Tracer
from app.domain.moments import Moment, said_after
from app.domain.records import Claim


def find_outdated(claims: Iterable[Claim], tracer: Tracer) -> frozenset[UUID]:
    """The ids of the outdated claims among all the claims on one question.

    Claims that were retracted or withdrawn, that have no answer, no origin or no moment are never outdated
    and outdate no other.
    """
    sayings = [
        Saying(claim, claim.answer, moment, tracer)
        for claim in claims
        if claim.answer is not None and not claim.retracted and not claim.withdrawn
        if (moment := tracer.moment_of(claim)) is not None
    ]
    comparisons = Comparisons(saying.answer for saying in sayings)
    words: dict[int, OriginWords] = defaultdict(lambda: OriginWords(comparisons))
    for saying in sayings:
        for origin in saying.origins:
            words[origin].add(saying, anonymous=origin in saying.anonymous)
    return frozenset(
        saying.claim_id
        for saying in sayings
        if saying.origins
        and all(
            words[origin].replaces(saying, anonymous=origin in saying.anonymous) for origin in saying.origins
        )
    )


class Saying:
    """A claim as far as time matters: who said what, when, and for whom it is only an unnamed voice."""

    __slots__ = ("anonymous", "answer", "claim_id", "moment", "origins")

    def __init__(self, claim: Claim, answer: Answer, moment: Moment, tracer: Tracer) -> None:
        self.claim_id = claim.id
        self.answer = answer
        self.moment = moment
        self.origins = tracer.voice_of(claim).origins
        self.anonymous = {origin for origin in self.origins if tracer.is_anonymous(claim, origin)}


@dataclass(slots=True)
class OriginWords:
    """What one origin said on one question, and when."""

    comparisons: Comparisons
    # By answer and by whether only unnamed voices of the origin gave it: the moment that starts last.
    latest: dict[tuple[int, bool], Moment] = field(default_factory=dict)
    # By the numbers themselves: where they were last heard, the moment that ends last.
    last_heard: dict[object, Moment] = field(default_factory=dict)
    # Who answers a claim, by its answer and its being anonymous; the same for all such claims.
    _last_words: dict[tuple[int, bool], Moment | None] = field(default_factory=dict, init=False)

    def add(self, saying: Saying, *, anonymous: bool) -> None:
        key = (self.comparisons.number[saying.answer], anonymous)
        known = self.latest.get(key, saying.moment)
        self.latest[key] = max(known, saying.moment, key=_start_of)
        position = position_of(saying.answer)
        heard = self.last_heard.get(position, saying.moment)
        self.last_heard[position] = max(heard, saying.moment, key=lambda m: (m.end, m.is_instant))

    def replaces(self, saying: Saying, *, anonymous: bool) -> bool:
        """Whether the origin replaced this claim of its, and did not say the same again since.

        It is enough to ask the word that starts last. If that was not said after the claim, no earlier one
        was; or both are the same instant, and then the claim was said again, by itself, at that instant.
        """
        last = self._find_last_word(self.comparisons.number[saying.answer], anonymous)
        if last is None or not said_after(last, saying.moment):
            return False
        return not self.last_heard[position_of(saying.answer)].reaches(last.start)

    def _find_last_word(self, answer: int, anonymous: bool) -> Moment | None:
        """The latest moment of the answers that replace this one if they are said after it."""
        key = (answer, anonymous)
        if key not in self._last_words:
            replacing = self.comparisons.conflicting[answer] | self.comparisons.tightening[answer]
            words = (
                moment
                for (other, unnamed), moment in self.latest.items()
                if replacing >> other & 1 and (anonymous or not unnamed)
            )
            self._last_words[key] = max(words, key=_start_of, default=None)
        return self._last_words[key]


def _start_of(moment: Moment) -> datetime:
    return moment.start
