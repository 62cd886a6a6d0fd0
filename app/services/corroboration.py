"""The rule over what is recorded: which claims are evaluated again, and their rows.

A write ends in `recompute`, in its own transaction, with the locks of locks.py held. Only rows that come out
otherwise than they stand are written.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.chains import Tracer
from app.domain.corroboration import RULE_VERSION, Corroboration, corroborate
from app.domain.moments import Moment
from app.domain.records import Record
from app.domain.vocabulary import Side, Status
from app.services.locks import structure_locked
from app.services.reach import Reach
from app.services.records import load_record

# Claims that are held in memory at once, give or take one unit.
BATCH = 5_000
# Claims of a record whose evaluation takes longer than an event loop should be held.
LARGE = 50
_LATER = "sayso.recomputed_later"


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


# Columns of a corroboration row but for its claim, and their types as Postgres spells them.
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
# Every claim has these of its own; the others many claims share.
OWN = ("chain", "origins", "said", "hidden")
_NAMES = ", ".join(COLUMNS)
_FIGURES = ("status", "lines_for", "lines_against", "reports_for", "reports_against", "live")

# Claims that share a result come as one entry.
SAVE = text(f"""
WITH computed AS MATERIALIZED (
    SELECT one.claim, {", ".join(f"{'one' if name in OWN else 'many'}.{name}" for name in COLUMNS)}
    FROM jsonb_to_recordset(CAST(:results AS jsonb)) AS many
        (claims jsonb, {", ".join(f"{name} {type}" for name, type in COLUMNS.items() if name not in OWN)})
    CROSS JOIN LATERAL jsonb_to_recordset(many.claims) AS one
        (claim uuid, {", ".join(f"{name} {COLUMNS[name]}" for name in OWN)})
), changed AS (
    UPDATE corroboration k SET {", ".join(f"{name} = n.{name}" for name in COLUMNS)}
    FROM computed n
    WHERE k.claim = n.claim
      AND ({", ".join(f"k.{name}" for name in COLUMNS)})
          IS DISTINCT FROM ({", ".join(f"n.{name}" for name in COLUMNS)})
    RETURNING k.claim, {", ".join(f"old.{name} AS old_{name}, new.{name}" for name in _FIGURES)}
), added AS (
    INSERT INTO corroboration (claim, {_NAMES})
    SELECT n.claim, {", ".join(f"n.{name}" for name in COLUMNS)} FROM computed n
    WHERE NOT EXISTS (SELECT 1 FROM corroboration k WHERE k.claim = n.claim)
    RETURNING claim, {", ".join(f"NULL::{COLUMNS[name]}, {name}" for name in _FIGURES)}
)
SELECT * FROM changed UNION ALL SELECT * FROM added
""")  # noqa: S608 - the names are the constants above

# Outside these units: the claims named, and those judged in the light of what may count otherwise now.
OUTSIDE = text("""
SELECT claim.id, coalesce(claim.question_root, claim.id) AS unit
FROM claim
WHERE claim.id IN (
    SELECT unnest(CAST(:claims AS uuid[]))
    UNION ALL
    SELECT a.claim FROM assessment a WHERE a.evidence_claim = ANY(:evidence) AND a.withdrawn_at IS NULL
    UNION ALL
    SELECT a.claim FROM assessment a WHERE a.evidence_source = ANY(:sources) AND a.withdrawn_at IS NULL
) AND coalesce(claim.question_root, claim.id) <> ALL(:units)
""")
SIZES = text("""
SELECT coalesce(question_root, id) AS unit, count(*) AS claims
FROM claim
WHERE question_root = ANY(:units) OR (id = ANY(:units) AND question_root IS NULL)
GROUP BY 1 ORDER BY 1
""")


@dataclass(frozen=True, slots=True)
class _Change:
    difference: StatusDifference
    was_live: bool | None
    is_live: bool


async def recompute(session: WriteSession, reach: Reach) -> list[StatusDifference]:
    """Work out again what a change reaches, and write what differs. The differences of figures come back.

    Within `recomputed_later` it is only noted down, and nothing comes back.
    """
    noted: list[Reach] | None = session.info.get(_LATER)
    if noted is not None:
        noted.append(reach)
        return []
    changes = await _evaluate(session, reach.units)
    # What counts no more, or counts again, does so where researchers put it forward too.
    evidence = reach.evidence | {c.difference.claim for c in changes if c.was_live not in (None, c.is_live)}
    if reach.claims or evidence or reach.sources:
        outside = await session.execute(
            OUTSIDE,
            {
                "claims": list(reach.claims),
                "evidence": list(evidence),
                "sources": list(reach.sources),
                "units": list(reach.units),
            },
        )
        unit_of = {row.id: row.unit for row in outside}
        changes += await _evaluate(session, set(unit_of.values()), unit_of.keys())
    return [c.difference for c in changes if c.difference.before != c.difference.after]


@asynccontextmanager
async def recomputed_later(session: WriteSession) -> AsyncIterator[None]:
    """Put off all recomputing to the end of the block: for many writes in one transaction.

    No other write gets in between. The statuses are stale within the block; parties, versions, roots and
    quotes are not. After an error nothing is recomputed: the transaction must be rolled back.
    """
    async with structure_locked(session):
        noted: list[Reach] = []
        session.info[_LATER] = noted
        try:
            yield
        finally:
            del session.info[_LATER]
        reach = Reach()
        for one in noted:
            reach |= one
        await recompute(session, reach)


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


def evaluate(record: Record, targets: Iterable[UUID]) -> dict[UUID, Outcome]:
    tracer = Tracer(record)
    outcomes = {}
    for id, result in corroborate(record, targets, tracer=tracer).items():
        voice = tracer.voice_of(record.claims[id])
        origins = tuple(sorted(tracer.name_parties(tuple(voice.origins))))
        said = tracer.moment_of(record.claims[id])
        path = tracer.name_parties(voice.path)
        outcomes[id] = Outcome(result, path, origins, said, record.claims[id].hidden)
    return outcomes


async def evaluate_aside(record: Record, targets: Iterable[UUID]) -> dict[UUID, Outcome]:
    """A large record is left to a thread, so that whoever reads meanwhile is answered meanwhile."""
    if len(record.claims) < LARGE:
        return evaluate(record, targets)
    return await asyncio.to_thread(evaluate, record, targets)


def spell(outcome: Outcome) -> dict[str, Any]:
    """The row of an outcome, as JSON has it; without its claim."""
    return {**_spell_shared(outcome.result), **_spell_own(outcome)}


async def save(session: WriteSession, outcomes: Mapping[UUID, Outcome]) -> list[_Change]:
    """Write the outcomes that differ from what stands, or that are new."""
    if not outcomes:
        return []
    rows = [
        {
            "claims": [{"claim": str(claim), **_spell_own(outcomes[claim])} for claim in claims],
            **_spell_shared(result),
        }
        for result, claims in _share(outcomes)
    ]
    found = await session.execute(SAVE, {"results": json.dumps(rows, ensure_ascii=False)})
    return [_read_change(row) for row in found.all()]


def _spell_shared(result: Corroboration) -> dict[str, Any]:
    return {
        "status": result.status.value,
        "live": result.live,
        "lines_for": result.lines_for,
        "lines_against": result.lines_against,
        "lines_exact": result.lines_exact,
        "reports_for": result.reports_for,
        "reports_against": result.reports_against,
        "lines": _spell_lines(result.lines),
        "weakest_links": _spell_ids(result.weakest_links),
        "explanation": result.explanation,
        "named": _spell_ids(result.named),
        "disagreed": result.disagreed,
        "rule_version": RULE_VERSION,
        "outside_explanation": result.outside_explanation,
        "outside_lines": None if result.outside_lines is None else _spell_lines(result.outside_lines),
        "outside_weakest_links": (
            None if result.outside_weakest_links is None else _spell_ids(result.outside_weakest_links)
        ),
    }


def _spell_own(outcome: Outcome) -> dict[str, Any]:
    return {
        "chain": _spell_ids(outcome.chain),
        "origins": _spell_ids(outcome.origins),
        "said": _spell_stretch(outcome.said),
        "hidden": outcome.hidden,
    }


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


def _spell_lines(lines: Mapping[Side, Iterable[Iterable[UUID]]]) -> dict[str, list[list[str]]]:
    return {side.value: [_spell_ids(path) for path in lines[side]] for side in Side}


def _spell_ids(parties: Iterable[UUID]) -> list[str]:
    return [str(party) for party in parties]


async def batch_units(session: WriteSession, units: Collection[UUID]) -> list[list[UUID]]:
    """The units that have claims, in batches of about BATCH claims."""
    batches: list[list[UUID]] = []
    room = 0
    for unit, claims in (await session.execute(SIZES, {"units": list(units)})).all():
        if claims > room:
            batches.append([])
            room = BATCH
        batches[-1].append(unit)
        room -= claims
    return batches


async def _evaluate(
    session: WriteSession, units: Collection[UUID], only: Collection[UUID] | None = None
) -> list[_Change]:
    """Evaluate the claims of these units, or only some of them, and write what differs."""
    if not units:
        return []
    changes = []
    batches = [list(units)] if len(units) == 1 else await batch_units(session, units)
    for batch in batches:
        record, targets = await load_record(session, batch)
        chosen = targets if only is None else targets.intersection(only)
        changes += await save(session, await evaluate_aside(record, chosen))
    return changes


def _share(outcomes: Mapping[UUID, Outcome]) -> Iterator[tuple[Corroboration, list[UUID]]]:
    """Each result with all the claims that have it.

    The rule gives claims with the same answer the very same paths; comparing those is not worth its time.
    """
    shared: dict[object, list[UUID]] = defaultdict(list)
    for claim, outcome in outcomes.items():
        result = outcome.result
        paths = tuple(id(result.lines[side]) for side in Side)
        figures = (result.status, result.live, result.reports_for, result.reports_against, result.disagreed)
        words = (
            result.explanation,
            result.named,
            result.outside_explanation,
            result.outside_weakest_links,
        )
        shared[paths, figures, result.lines_exact, result.weakest_links, words].append(claim)
    return ((outcomes[claims[0]].result, claims) for claims in shared.values())


def _read_change(row: Any) -> _Change:
    before, after = _read_figures(row[1::2]), _read_figures(row[2::2])
    assert after is not None, "a result has a status"
    return _Change(StatusDifference(row[0], before, after), row[-2], row[-1])


def _read_figures(values: Iterable[Any]) -> Figures | None:
    status, *counts, _live = values
    return None if status is None else Figures(Status(status), *counts)
