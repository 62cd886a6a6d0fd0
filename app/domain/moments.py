"""A moment, as it was reported, and the stretch of time it stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """`text` as written; the stretch from `start` to `end`, both with an offset, in UTC.

    An instant is the closed `[t, t]` (start equals end); anything coarser is `[start, end)`.
    """

    text: str
    start: datetime
    end: datetime
