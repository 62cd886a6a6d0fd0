"""Which numbers an answer allows, and how two such sets compare. Exact: `Decimal`, never float.

Postgres holds the same as `numrange`; `overlaps` is its `&&`, `within` its `<@`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Interval:
    """The numbers from `lower` to `upper`; None is unbounded. Never empty, and both ends are finite.

    >>> Interval(Decimal(25), None).within(Interval(Decimal(20), None))
    True
    >>> Interval(Decimal(0), Decimal(5), upper_inclusive=False).overlaps(Interval(Decimal(5), Decimal(9)))
    False
    """

    lower: Decimal | None
    upper: Decimal | None
    lower_inclusive: bool = True
    upper_inclusive: bool = True

    def __post_init__(self) -> None:
        # NaN compares with nothing, and Postgres's 'infinity' is not its unbounded.
        if any(end is not None and not end.is_finite() for end in (self.lower, self.upper)):
            raise ValueError("the ends of an interval are numbers; None is unbounded")
        # One spelling for each set, so that equal sets are equal objects: an open end includes nothing.
        if self.lower is None and self.lower_inclusive:
            object.__setattr__(self, "lower_inclusive", False)
        if self.upper is None and self.upper_inclusive:
            object.__setattr__(self, "upper_inclusive", False)
        if self.lower is None or self.upper is None:
            return
        if self.lower > self.upper or (
            self.lower == self.upper and not (self.lower_inclusive and self.upper_inclusive)
        ):
            raise ValueError("an interval allows at least one number")

    def overlaps(self, other: Interval) -> bool:
        """Whether some number is in both."""
        return self._starts_before_end_of(other) and other._starts_before_end_of(self)

    def within(self, other: Interval) -> bool:
        """Whether every number of this is in the other."""
        lower = other.lower is None or (
            self.lower is not None
            and (
                self.lower > other.lower
                or (self.lower == other.lower and (other.lower_inclusive or not self.lower_inclusive))
            )
        )
        upper = other.upper is None or (
            self.upper is not None
            and (
                self.upper < other.upper
                or (self.upper == other.upper and (other.upper_inclusive or not self.upper_inclusive))
            )
        )
        return lower and upper

    def _starts_before_end_of(self, other: Interval) -> bool:
        if self.lower is None or other.upper is None:
            return True
        if self.lower == other.upper:
            return self.lower_inclusive and other.upper_inclusive
        return self.lower < other.upper
