"""What a claim answers to its question, and how two answers to one question compare.

`conflict`, `back` and `tightens` are the definitions. `Comparisons` finds the same for many answers at
once, without comparing each with each.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from itertools import groupby
from math import isqrt
from operator import or_

from app.domain.intervals import Interval
from app.domain.vocabulary import Modality, Polarity


@dataclass(frozen=True, slots=True)
class QuantityAnswer:
    """The numbers an answer allows (`bounds`, never empty) and how the words meant them."""

    modality: Modality
    bounds: Interval

    @property
    def one_sided(self) -> bool:
        return self.modality in (Modality.AT_LEAST, Modality.AT_MOST)


Answer = QuantityAnswer | Polarity


def conflict(d: Answer, c: Answer) -> bool:
    """Whether two answers to one question cannot both hold.

    >>> at_least_25 = QuantityAnswer(Modality.AT_LEAST, Interval(Decimal(25), None))
    >>> conflict(QuantityAnswer(Modality.EXACT, Interval(Decimal(19), Decimal(19))), at_least_25)
    True
    >>> conflict(QuantityAnswer(Modality.VAGUE, Interval(Decimal(24), Decimal(99))), at_least_25)
    False
    >>> conflict(Polarity.ASSERTS, Polarity.DENIES)
    True
    """
    if isinstance(d, QuantityAnswer) and isinstance(c, QuantityAnswer):
        return not d.bounds.overlaps(c.bounds)
    return isinstance(d, Polarity) and isinstance(c, Polarity) and d is not c


def back(d: Answer, c: Answer) -> bool:
    """Whether d backs c: d allows nothing that c does not, or both are two-sided and overlap.

    >>> at_least_2 = QuantityAnswer(Modality.AT_LEAST, Interval(Decimal(2), None))
    >>> at_least_25 = QuantityAnswer(Modality.AT_LEAST, Interval(Decimal(25), None))
    >>> back(at_least_25, at_least_2), back(at_least_2, at_least_25)
    (True, False)
    >>> dozens = QuantityAnswer(Modality.VAGUE, Interval(Decimal(24), Decimal(99)))
    >>> exactly_28 = QuantityAnswer(Modality.EXACT, Interval(Decimal(28), Decimal(28)))
    >>> back(dozens, exactly_28)
    True
    """
    if isinstance(d, QuantityAnswer) and isinstance(c, QuantityAnswer):
        return d.bounds.within(c.bounds) or (
            not d.one_sided and not c.one_sided and d.bounds.overlaps(c.bounds)
        )
    return isinstance(d, Polarity) and d is c


def tightens(d: Answer, c: Answer) -> bool:
    """Whether d moves the one bound that c gives: "at least 25" after "at least 15".

    A bound that leaves its own number out is the tighter one: "more than 2.5" after "at least 2.5".

    >>> at_least_15 = QuantityAnswer(Modality.AT_LEAST, Interval(Decimal(15), None))
    >>> tightens(QuantityAnswer(Modality.EXACT, Interval(Decimal(28), Decimal(28))), at_least_15)
    True
    >>> tightens(at_least_15, at_least_15)
    False
    """
    if not (isinstance(d, QuantityAnswer) and isinstance(c, QuantityAnswer)):
        return False
    if c.modality is Modality.AT_LEAST:
        return _lower_edge(d.bounds) > _lower_edge(c.bounds)
    return c.modality is Modality.AT_MOST and _upper_edge(d.bounds) < _upper_edge(c.bounds)


def position_of(answer: Answer) -> Interval | Polarity:
    """What two claims share when one says exactly the other's answer again: the numbers, not the wording."""
    return answer.bounds if isinstance(answer, QuantityAnswer) else answer


# An edge is a place on the line of numbers: below all, just below v, at v, just above v, above all.
Edge = tuple[int, Decimal, int]


def _lower_edge(bounds: Interval) -> Edge:
    if bounds.lower is None:
        return (-1, Decimal(0), 0)
    return (0, bounds.lower, 0 if bounds.lower_inclusive else 1)


def _upper_edge(bounds: Interval) -> Edge:
    if bounds.upper is None:
        return (1, Decimal(0), 0)
    return (0, bounds.upper, 0 if bounds.upper_inclusive else -1)


class Comparisons:
    """How the distinct answers to one question compare, each with each, as bit sets.

    `answers` are in an order of their own. `bits`: the set that stands for each of them; without it that is
    the one bit of its place. `conflicting[i]` joins the sets of those answers d of which `conflict(d,
    answers[i])` holds, `backing[i]` and `tightening[i]` likewise. Sorting the edges once replaces comparing
    n² pairs: a thousand distinct figures are thousands of big-number operations, not millions of comparisons
    of decimals.
    """

    def __init__(self, answers: Iterable[Answer], bits: Mapping[Answer, int] | None = None) -> None:
        self.answers: Sequence[Answer] = sorted(set(answers), key=_order)
        self.number: dict[Answer, int] = {answer: i for i, answer in enumerate(self.answers)}
        self.conflicting: list[int] = []
        self.backing: list[int] = []
        self.tightening: list[int] = []
        sets = [1 << i if bits is None else bits[answer] for i, answer in enumerate(self.answers)]
        polarities = reduce(
            or_, (one for one, a in zip(sets, self.answers, strict=True) if isinstance(a, Polarity)), 0
        )
        lowers, uppers, two_sided = self._sort_edges(sets)
        for same, answer in zip(sets, self.answers, strict=True):
            if isinstance(answer, QuantityAnswer):
                self._compare_quantity(answer, lowers, uppers, two_sided)
            else:
                self.conflicting.append(polarities & ~same)
                self.backing.append(same)
                self.tightening.append(0)

    def _sort_edges(self, sets: Sequence[int]) -> tuple[_Edges, _Edges, int]:
        quantities = [
            (one, a) for one, a in zip(sets, self.answers, strict=True) if isinstance(a, QuantityAnswer)
        ]
        lowers = _Edges((_lower_edge(a.bounds), one) for one, a in quantities)
        uppers = _Edges((_upper_edge(a.bounds), one) for one, a in quantities)
        return lowers, uppers, reduce(or_, (one for one, a in quantities if not a.one_sided), 0)

    def _compare_quantity(self, c: QuantityAnswer, lowers: _Edges, uppers: _Edges, two_sided: int) -> None:
        low, high = _lower_edge(c.bounds), _upper_edge(c.bounds)
        apart = uppers.before(low) | lowers.after(high)
        within = ~lowers.before(low) & ~uppers.after(high) & lowers.all
        self.conflicting.append(apart)
        self.backing.append(within if c.one_sided else within | (two_sided & ~apart))
        if c.modality is Modality.AT_LEAST:
            self.tightening.append(lowers.after(low))
        elif c.modality is Modality.AT_MOST:
            self.tightening.append(uppers.before(high))
        else:
            self.tightening.append(0)


class _Edges:
    """Edges in order, each with a set, and what the sets up to each place add up to."""

    def __init__(self, edges: Iterable[tuple[Edge, int]]) -> None:
        ordered = sorted(edges)
        self._edges = [edge for edge, _ in ordered]
        self._up_to = [0]
        for _, one in ordered:
            self._up_to.append(self._up_to[-1] | one)
        self.all = self._up_to[-1]

    def before(self, edge: Edge) -> int:
        return self._up_to[bisect_left(self._edges, edge)]

    def after(self, edge: Edge) -> int:
        return self.all & ~self._up_to[bisect_right(self._edges, edge)]


def sweep(answers: Sequence[Answer]) -> list[int]:
    """The places of answers, which are in the order of `Comparisons`, so that neighbours are backed alike.

    Those of one modality follow each other. What backs "at least 30" backs "at least 20": bounds go from
    the tightest to the loosest. Of two-sided answers both ends move: they are taken in some stretches of the
    lower end, and by the upper end in each.
    """
    ordered: list[int] = []
    modality = [a.modality if isinstance(a, QuantityAnswer) else None for a in answers]
    for kind, group in groupby(range(len(answers)), key=modality.__getitem__):
        places = list(group)
        if kind is Modality.AT_LEAST:
            places.reverse()
        elif kind is not None:
            length = isqrt(len(places)) if kind is not Modality.AT_MOST else len(places)
            stretch = {place: n // length for n, place in enumerate(places)}
            places.sort(key=lambda place: (stretch[place], _upper_end(answers[place]), place))
        ordered += places
    return ordered


def _upper_end(answer: Answer) -> Edge:
    assert isinstance(answer, QuantityAnswer)
    return _upper_edge(answer.bounds)


def _order(answer: Answer) -> tuple[str, Edge, Edge]:
    nowhere = (0, Decimal(0), 0)
    if isinstance(answer, QuantityAnswer):
        return (answer.modality.value, _lower_edge(answer.bounds), _upper_edge(answer.bounds))
    return (answer.value, nowhere, nowhere)
