"""The fields of Subscription: what is heard, and the claim that its filter asks about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feed:
    """What happened, a row for each. `{t}` is that row, `{p}` the claim where that is another row.

    `key_type`: the SQL type of the row's `id`.
    """

    type: str
    source: str
    key_type: str


FEEDS: Mapping[str, Feed] = {
    "claimRecorded": Feed("Claim", "claim {t}", "uuid"),
    "corroborationChanged": Feed(
        "StatusChange", "status_change {t} JOIN claim {p} ON {p}.id = {t}.claim", "bigint"
    ),
}
