"""What the rule makes of claims, and their rows of `corroboration`: told apart by digests, spelled, saved.

Each row carries a digest of what it holds. What came out is held against that of the row that stands, so that
a row that stays as it is costs 32 bytes to read and nothing to spell or to send. A row that was changed by
anybody else has none (docs/decisions/0022), and is written again.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.corroboration import RULE_VERSION, Corroboration
from app.domain.moments import Moment
from app.domain.vocabulary import Side, Status
from app.services.rows import spell_keys

# So many claims take longer to evaluate, or to compare, than an event loop should be held.
LARGE = 50
# Of a digest, in bytes: nobody finds two rows with the same one.
DIGEST = 16


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


@dataclass(frozen=True, slots=True)
class Change:
    """A row that came out otherwise than it stood."""

    difference: StatusDifference
    was_live: bool | None
    is_live: bool


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
# Nearly all of a row, and what changes most rarely.
_LINES = ("lines", "outside_lines")
_DIGESTS = {"digest": "bytea", "lines_digest": "bytea"}
# What is sent of a row. Every claim has these of its own; the others many claims share.
_SENT = {**COLUMNS, **_DIGESTS, "relined": "boolean"}
_OWN = ("chain", "origins", "said", "hidden", "digest")
_WRITTEN = (*COLUMNS, *_DIGESTS)
_FIGURES = ("status", "lines_for", "lines_against", "reports_for", "reports_against", "live")


def _set(column: str) -> str:
    if column in (*_LINES, "lines_digest"):
        # What stays is not even unpacked.
        return f"{column} = CASE WHEN n.relined THEN n.{column} ELSE k.{column} END"
    return f"{column} = n.{column}"


CLAIMS = spell_keys("claims")
STANDING = text(f"SELECT claim, digest, lines_digest FROM corroboration WHERE claim = ANY({CLAIMS})")  # noqa: S608 - a constant
# Claims that share a result come as one entry; lines that stand already are left out. The planner takes the
# JSON for ten thousand rows, and would read through the whole table for them: `claims` leads it to the index.
SAVE = text(f"""
WITH computed AS MATERIALIZED (
    SELECT one.claim, {", ".join(f"{'one' if name in _OWN else 'many'}.{name}" for name in _SENT)}
    FROM jsonb_to_recordset(CAST(:results AS jsonb)) AS many
        (claims jsonb, {", ".join(f"{name} {type}" for name, type in _SENT.items() if name not in _OWN)})
    CROSS JOIN LATERAL jsonb_to_recordset(many.claims) AS one
        (claim uuid, {", ".join(f"{name} {_SENT[name]}" for name in _OWN)})
), changed AS (
    UPDATE corroboration k SET {", ".join(map(_set, _WRITTEN))}
    FROM computed n
    WHERE k.claim = n.claim AND k.claim = ANY({CLAIMS})
    RETURNING k.claim, {", ".join(f"old.{name} AS old_{name}, new.{name}" for name in _FIGURES)}
), added AS (
    INSERT INTO corroboration (claim, {", ".join(_WRITTEN)})
    SELECT n.claim, {", ".join(f"n.{name}" for name in _WRITTEN)} FROM computed n
    WHERE NOT EXISTS (SELECT 1 FROM corroboration k WHERE k.claim = n.claim AND k.claim = ANY({CLAIMS}))
    RETURNING claim, {", ".join(f"NULL::{COLUMNS[name]}, {name}" for name in _FIGURES)}
)
SELECT * FROM changed UNION ALL SELECT * FROM added
""")  # noqa: S608 - the names are the constants above


class Digests(NamedTuple):
    """Of a row: `lines` of its lines, as all and as outsiders see them, `rest` of everything else."""

    rest: bytes | None
    lines: bytes | None


async def save(session: WriteSession, outcomes: Mapping[UUID, Outcome]) -> list[Change]:
    """Write the outcomes that differ from what stands, or that are new."""
    if not outcomes:
        return []
    found = await session.execute(STANDING, {"claims": list(outcomes)})
    standing = {claim: Digests(rest, lines) for claim, rest, lines in found}
    if len(outcomes) < LARGE:
        changed = _spell_changed(outcomes, standing)
    else:
        changed = await asyncio.to_thread(_spell_changed, outcomes, standing)
    return await _write(session, changed)


async def save_again(session: WriteSession, outcomes: Mapping[UUID, Outcome]) -> None:
    """Write the outcomes, whatever the rows that stand say of themselves."""
    await _write(session, _spell_changed(outcomes, {}))


@dataclass(frozen=True, slots=True)
class _Changed:
    """The claims whose rows have to be written, and these rows as JSON."""

    claims: Sequence[UUID]
    results: str


async def _write(session: WriteSession, changed: _Changed) -> list[Change]:
    if not changed.claims:
        return []
    found = await session.execute(SAVE, {"claims": changed.claims, "results": changed.results})
    return [_read_change(row) for row in found.all()]


def _spell_changed(outcomes: Mapping[UUID, Outcome], standing: Mapping[UUID, Digests]) -> _Changed:
    digests = find_digests(outcomes)
    none = Digests(None, None)
    changed = [claim for claim in outcomes if digests[claim] != standing.get(claim, none)]
    relined = {claim for claim in changed if digests[claim].lines != standing.get(claim, none).lines}
    shared: dict[tuple[bytes | None, object], list[UUID]] = defaultdict(list)
    for claim in changed:
        lines = digests[claim].lines if claim in relined else None
        shared[lines, _list_shared(outcomes[claim].result)].append(claim)
    rows = []
    speller = _Speller()
    for (lines, _), claims in shared.items():
        result = outcomes[claims[0]].result
        row = {**_spell_shared(result), "relined": lines is not None, "lines_digest": _spell_bytes(lines)}
        row["claims"] = [
            {"claim": str(claim), "digest": _spell_bytes(digests[claim].rest), **_spell_own(outcomes[claim])}
            for claim in claims
        ]
        spelled = json.dumps(row, ensure_ascii=False)
        if lines is not None:
            # Nearly all of a row: put in as it was spelled for the others.
            spelled = f"{spelled[:-1]},{speller.spell(result)}}}"
        rows.append(spelled)
    return _Changed(changed, f"[{','.join(rows)}]")


def _list_shared(result: Corroboration) -> tuple[object, ...]:
    """What claims share that come as one entry, but for their lines: those are told by their digest."""
    return (
        (result.status, result.live, result.reports_for, result.reports_against, result.disagreed),
        (result.lines_for, result.lines_against, result.lines_exact),
        (result.explanation, result.named, result.weakest_links),
        (result.outside_explanation, result.outside_weakest_links),
    )


def find_digests(outcomes: Mapping[UUID, Outcome]) -> dict[UUID, Digests]:
    """Those of the rows that the outcomes make; the same ones wherever they are worked out."""
    digester = _Digester()
    return {claim: digester.find(outcome) for claim, outcome in outcomes.items()}


class _Digester:
    """Digests of outcomes.

    What they share is gone through once. It is told by its identity: the outcomes have to live as long.
    """

    def __init__(self) -> None:
        self._spelled: dict[int, bytes] = {}
        self._lines: dict[tuple[int, ...], bytes] = {}

    def find(self, outcome: Outcome) -> Digests:
        result, said = outcome.result, outcome.said
        values = (
            RULE_VERSION,
            result.status.value,
            (result.live, result.lines_exact, result.disagreed, outcome.hidden),
            (result.lines_for, result.lines_against, result.reports_for, result.reports_against),
            result.explanation,
            result.outside_explanation,
            None if said is None else (str(said.start), str(said.end)),
        )
        lists = (result.weakest_links, result.named, outcome.chain, outcome.origins)
        outside = result.outside_weakest_links
        spelled = [repr(values).encode("utf-8", "surrogatepass"), *map(self._spell, lists)]
        spelled.append(b"" if outside is None else self._spell(outside))
        return Digests(_digest(b"\0".join(spelled)), self._digest_lines(result))

    def _digest_lines(self, result: Corroboration) -> bytes:
        told = [result.lines] if result.outside_lines is None else [result.lines, result.outside_lines]
        sides = [lines[side] for lines in told for side in Side]
        key = tuple(map(id, sides))
        if key not in self._lines:
            self._lines[key] = _digest(b"".join(map(self._spell_paths, sides)))
        return self._lines[key]

    def _spell_paths(self, paths: tuple[tuple[UUID, ...], ...]) -> bytes:
        known = self._spelled
        try:
            # Nearly all of them are known, and there are thousands.
            spelled = [known[id(path)] for path in paths]
        except KeyError:
            spelled = [self._spell(path) for path in paths]
        return b"%d:" % len(paths) + b"".join(spelled)

    def _spell(self, ids: tuple[UUID, ...]) -> bytes:
        spelled = self._spelled.get(id(ids))
        if spelled is None:
            spelled = self._spelled[id(ids)] = b"%d:" % len(ids) + b"".join([one.bytes for one in ids])
        return spelled


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=DIGEST).digest()


def spell(outcome: Outcome) -> dict[str, Any]:
    """The row of an outcome, as JSON has it; without its claim and its digests."""
    lines = json.loads(f"{{{_Speller().spell(outcome.result)}}}")
    return {**_spell_shared(outcome.result), **lines, **_spell_own(outcome)}


def _spell_shared(result: Corroboration) -> dict[str, Any]:
    return {
        "status": result.status.value,
        "live": result.live,
        "lines_for": result.lines_for,
        "lines_against": result.lines_against,
        "lines_exact": result.lines_exact,
        "reports_for": result.reports_for,
        "reports_against": result.reports_against,
        "weakest_links": _spell_ids(result.weakest_links),
        "explanation": result.explanation,
        "named": _spell_ids(result.named),
        "disagreed": result.disagreed,
        "rule_version": RULE_VERSION,
        "outside_explanation": result.outside_explanation,
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


class _Speller:
    """Lines as JSON text. As in a `_Digester` what they share is gone through once, told by its identity."""

    def __init__(self) -> None:
        self._spelled: dict[int, str] = {}

    def spell(self, result: Corroboration) -> str:
        """The two members of a row that hold lines."""
        outside = "null" if result.outside_lines is None else self._spell(result.outside_lines)
        return f'"lines":{self._spell(result.lines)},"outside_lines":{outside}'

    def _spell(self, lines: Mapping[Side, tuple[tuple[UUID, ...], ...]]) -> str:
        sides = [f'"{side.value}":{self._spell_side(lines[side])}' for side in Side]
        return f"{{{','.join(sides)}}}"

    def _spell_side(self, paths: tuple[tuple[UUID, ...], ...]) -> str:
        if id(paths) not in self._spelled:
            self._spelled[id(paths)] = f"[{','.join(map(self._spell_path, paths))}]"
        return self._spelled[id(paths)]

    def _spell_path(self, path: tuple[UUID, ...]) -> str:
        if id(path) not in self._spelled:
            self._spelled[id(path)] = json.dumps(_spell_ids(path))
        return self._spelled[id(path)]


def _spell_ids(parties: Iterable[UUID]) -> list[str]:
    return [str(party) for party in parties]


def _spell_bytes(value: bytes | None) -> str | None:
    return None if value is None else f"\\x{value.hex()}"


def _read_change(row: Any) -> Change:
    before, after = _read_figures(row[1::2]), _read_figures(row[2::2])
    assert after is not None, "a result has a status"
    return Change(StatusDifference(row[0], before, after), row[-2], row[-1])


def _read_figures(values: Iterable[Any]) -> Figures | None:
    status, *counts, _live = values
    return None if status is None else Figures(Status(status), *counts)
