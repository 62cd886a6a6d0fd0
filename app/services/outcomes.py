"""What the rule makes of claims, and how their rows of `corroboration` are spelled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.domain.corroboration import RULE_VERSION, Corroboration
from app.domain.moments import Moment
from app.domain.vocabulary import Side, Status

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# So many claims take longer to evaluate, or to compare, than an event loop should be held.
LARGE = 50


@dataclass(frozen=True, slots=True)
class Figures:
    """A status, with the independent lines and the reports on each side."""

    status: Status
    lines_for: int
    lines_against: int
    reports_for: int
    reports_against: int


@dataclass(frozen=True, slots=True)
class StatusDifference:
    """What a change made of one claim's corroboration. `before` is None for a claim that is new."""

    claim: UUID
    before: Figures | None
    after: Figures


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rule makes of one claim, and the parties the claim itself came through.

    `chain`: origin first, publishers last, none twice; empty for an UNATTRIBUTED claim. `origins` by id.
    `said`: the claim's moment. `hidden`: outsiders do not see the claim.
    """

    result: Corroboration
    chain: tuple[UUID, ...]
    origins: tuple[UUID, ...]
    said: Moment | None
    hidden: bool


# Columns of a corroboration row but for its claim and its digests, and their types as Postgres spells them.
COLUMNS: Mapping[str, str] = {
    "status": "text",
    "live": "boolean",
    "lines_for": "integer",
    "lines_against": "integer",
    "lines_exact": "boolean",
    "reports_for": "integer",
    "reports_against": "integer",
    "lines": "jsonb",
    "weakest_links": "jsonb",
    "explanation": "text",
    "named": "jsonb",
    "disagreed": "boolean",
    "rule_version": "integer",
    "chain": "uuid[]",
    "origins": "uuid[]",
    "said": "tstzrange",
    "outside_explanation": "text",
    "outside_lines": "jsonb",
    "outside_weakest_links": "jsonb",
    "hidden": "boolean",
}


def spell(outcome: Outcome) -> dict[str, Any]:
    """The row of an outcome, as JSON has it; without its claim and its digests."""
    speller, result = Speller(), outcome.result
    members = (speller.spell_shared(result), speller.spell_lines(result), speller.spell_own(outcome))
    row: dict[str, Any] = json.loads(f"{{{','.join(members)}}}")
    return row


class Speller:
    """Rows as JSON text, in parts: some members of an object each. What rows share is gone through once.

    It is told by its identity: the outcomes have to live as long.
    """

    def __init__(self) -> None:
        self._spelled: dict[int, str] = {}

    def spell_shared(self, result: Corroboration) -> str:
        """What claims share that have the same result, but for its lines."""
        values = {
            "status": result.status.value,
            "live": result.live,
            "lines_for": result.lines_for,
            "lines_against": result.lines_against,
            "lines_exact": result.lines_exact,
            "reports_for": result.reports_for,
            "reports_against": result.reports_against,
            "explanation": result.explanation,
            "disagreed": result.disagreed,
            "rule_version": RULE_VERSION,
            "outside_explanation": result.outside_explanation,
        }
        told = result.outside_weakest_links
        return (
            f'{encode(values)[1:-1]},"weakest_links":{self._spell_ids(result.weakest_links)}'
            f',"named":{self._spell_ids(result.named)}'
            f',"outside_weakest_links":{"null" if told is None else self._spell_ids(told)}'
        )

    def spell_own(self, outcome: Outcome) -> str:
        values = {"said": _spell_stretch(outcome.said), "hidden": outcome.hidden}
        return (
            f'{encode(values)[1:-1]},"chain":{self._spell_ids(outcome.chain)}'
            f',"origins":{self._spell_ids(outcome.origins)}'
        )

    def spell_lines(self, result: Corroboration) -> str:
        outside = "null" if result.outside_lines is None else self._spell(result.outside_lines)
        return f'"lines":{self._spell(result.lines)},"outside_lines":{outside}'

    def _spell(self, lines: Mapping[Side, tuple[tuple[UUID, ...], ...]]) -> str:
        sides = [f'"{side.value}":{self._spell_side(lines[side])}' for side in Side]
        return f"{{{','.join(sides)}}}"

    def _spell_side(self, paths: tuple[tuple[UUID, ...], ...]) -> str:
        spelled = self._spelled.get(id(paths))
        if spelled is None:
            spelled = self._spelled[id(paths)] = f"[{','.join(map(self._spell_ids, paths))}]"
        return spelled

    def _spell_ids(self, ids: tuple[UUID, ...]) -> str:
        spelled = self._spelled.get(id(ids))
        if spelled is None:
            spelled = self._spelled[id(ids)] = encode([str(one) for one in ids])
        return spelled


def _spell_stretch(moment: Moment | None) -> str | None:
    """A stretch of time as Postgres prints it in UTC, so that what is stored can be compared."""
    if moment is None:
        return None
    end = "]" if moment.is_instant else ")"
    return f'["{_spell_time(moment.start)}","{_spell_time(moment.end)}"{end}'


def _spell_time(time: datetime) -> str:
    """
    >>> _spell_time(datetime(2019, 12, 31, 9, 0, 0, 250_000, tzinfo=UTC))
    '2019-12-31 09:00:00.25+00'
    """
    text = time.astimezone(UTC).isoformat(sep=" ").removesuffix("+00:00")
    return (text.rstrip("0") if "." in text else text) + "+00"
