"""Rows of `corroboration` that differ from what came out, or that are new: found by digests, and saved."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.corroboration import Corroboration
from app.domain.vocabulary import Status
from app.services.digests import Digests, find_digests
from app.services.outcomes import (
    COLUMNS,
    LARGE,
    Figures,
    Outcome,
    Speller,
    StatusDifference,
)
from app.services.rows import spell_keys

# Nearly all of a row, and what changes most rarely.
_LINES = ("lines", "outside_lines")
_DIGESTS = {"digest": "bytea", "lines_digest": "bytea"}
# What is sent of a row. Every claim has these of its own; the others many claims share.
_SENT = {**COLUMNS, **_DIGESTS, "relined": "boolean"}
_OWN = ("chain", "origins", "said", "hidden", "digest")
_WRITTEN = (*COLUMNS, *_DIGESTS)
_FIGURES = ("status", "lines_for", "lines_against", "reports_for", "reports_against")


def _set(column: str) -> str:
    if column in (*_LINES, "lines_digest"):
        # What stays is not even unpacked.
        return f"{column} = CASE WHEN n.relined THEN n.{column} ELSE k.{column} END"
    return f"{column} = n.{column}"


CLAIMS = spell_keys("claims")
STANDING = text(f"SELECT claim, digest, lines_digest FROM corroboration WHERE claim = ANY({CLAIMS})")  # noqa: S608 - a constant


def _computed(entries: str) -> str:
    """The rows that a parameter holds. Claims that share a result come as one entry; lines that stand already
    are left out."""
    return f"""
    SELECT one.claim, {", ".join(f"{'one' if name in _OWN else 'many'}.{name}" for name in _SENT)}
    FROM jsonb_to_recordset(CAST(:{entries} AS jsonb)) AS many
        (claims jsonb, {", ".join(f"{name} {type}" for name, type in _SENT.items() if name not in _OWN)})
    CROSS JOIN LATERAL jsonb_to_recordset(many.claims) AS one
        (claim uuid, {", ".join(f"{name} {_SENT[name]}" for name in _OWN)})
"""  # noqa: S608 - the names are the constants above


_ADD = f"""
INSERT INTO corroboration (claim, {", ".join(_WRITTEN)})
SELECT n.claim, {", ".join(f"n.{name}" for name in _WRITTEN)} FROM ({_computed("additions")}) n
"""  # noqa: S608 - the names are the constants above
ADD = text(_ADD)
# The planner takes the JSON for ten thousand rows, and would read through the whole table for them: `claims`
# leads it to the index. OFFSET 0: the JSON is gone through once, row by row, and kept nowhere.
SAVE = text(f"""
WITH added AS ({_ADD})
UPDATE corroboration k SET {", ".join(map(_set, _WRITTEN))}
FROM ({_computed("changes")} OFFSET 0) n
WHERE k.claim = n.claim AND k.claim = ANY({CLAIMS})
RETURNING k.claim, old.live, {", ".join(f"old.{name}" for name in _FIGURES)}
""")  # noqa: S608 - the names are the constants above


@dataclass(frozen=True, slots=True)
class Change:
    """A row that came out otherwise than it stood."""

    difference: StatusDifference
    was_live: bool | None
    is_live: bool


async def save(session: WriteSession, outcomes: Mapping[UUID, Outcome]) -> list[Change]:
    """Write the outcomes that differ from what stands, or that are new."""
    if not outcomes:
        return []
    standing = await _find_standing(session, outcomes)
    if len(outcomes) < LARGE:
        spelled = _spell_rows(outcomes, standing)
    else:
        spelled = await asyncio.to_thread(_spell_rows, outcomes, standing)
    return await _write(session, outcomes, spelled)


async def save_again(session: WriteSession, outcomes: Mapping[UUID, Outcome]) -> None:
    """Write the outcomes, whatever the rows that stand say of themselves."""
    standing = dict.fromkeys(await _find_standing(session, outcomes), Digests(None, None))
    await _write(session, outcomes, _spell_rows(outcomes, standing))


async def _find_standing(session: WriteSession, claims: Iterable[UUID]) -> dict[UUID, Digests]:
    found = await session.execute(STANDING, {"claims": list(claims)})
    return {claim: Digests(rest, lines) for claim, rest, lines in found}


@dataclass(frozen=True, slots=True)
class _Rows:
    """The claims whose rows have to be changed, or to be added, and these rows as JSON."""

    changed: Sequence[UUID]
    changes: str
    added: Sequence[UUID]
    additions: str


async def _write(session: WriteSession, outcomes: Mapping[UUID, Outcome], rows: _Rows) -> list[Change]:
    changes = []
    if rows.changed:
        given = {"claims": rows.changed, "changes": rows.changes, "additions": rows.additions}
        for claim, was_live, *figures in await session.execute(SAVE, given):
            changes.append(_tell_change(claim, _make_figures(*figures), was_live, outcomes[claim].result))
    elif rows.added:
        await session.execute(ADD, {"additions": rows.additions})
    return changes + [_tell_change(claim, None, None, outcomes[claim].result) for claim in rows.added]


def _tell_change(claim: UUID, before: Figures | None, was_live: bool | None, result: Corroboration) -> Change:
    counts = (result.lines_for, result.lines_against, result.reports_for, result.reports_against)
    after = _make_figures(result.status, *counts)
    return Change(StatusDifference(claim, before, after), was_live, result.live)


@lru_cache(1024)
def _make_figures(status: str, *counts: int) -> Figures:
    # The claims of a large question share a few.
    return Figures(Status(status), *counts)


def _spell_rows(outcomes: Mapping[UUID, Outcome], standing: Mapping[UUID, Digests]) -> _Rows:
    digests = find_digests(outcomes)
    changed = [claim for claim, stood in standing.items() if digests[claim] != stood]
    added = [claim for claim in outcomes if claim not in standing]
    # Of these the lines are sent too.
    lined = {claim for claim in changed if digests[claim].lines != standing[claim].lines}.union(added)
    speller = Speller()
    changes, additions = (
        _spell_entries({claim: outcomes[claim] for claim in claims}, digests, lined, speller)
        for claims in (changed, added)
    )
    return _Rows(changed, changes, added, additions)


def _spell_entries(
    outcomes: Mapping[UUID, Outcome], digests: Mapping[UUID, Digests], lined: Set[UUID], speller: Speller
) -> str:
    sharing: dict[tuple[bytes | None, object], list[UUID]] = defaultdict(list)
    for claim, outcome in outcomes.items():
        lines = digests[claim].lines if claim in lined else None
        sharing[lines, _list_shared(outcome.result)].append(claim)
    entries = []
    for (lines, _), claims in sharing.items():
        own = ",".join(
            f'{{"claim":"{claim}","digest":{_spell_bytes(digests[claim].rest)}'
            f",{speller.spell_own(outcomes[claim])}}}"
            for claim in claims
        )
        result = outcomes[claims[0]].result
        shared = f'{speller.spell_shared(result)},"lines_digest":{_spell_bytes(lines)}'
        if lines is not None:
            shared += f',"relined":true,{speller.spell_lines(result)}'
        entries.append(f'{{{shared},"claims":[{own}]}}')
    return f"[{','.join(entries)}]"


def _list_shared(result: Corroboration) -> tuple[object, ...]:
    """What claims share that come as one entry, but for their lines: those are told by their digest."""
    return (
        (result.status, result.live, result.reports_for, result.reports_against, result.disagreed),
        (result.lines_for, result.lines_against, result.lines_exact),
        (result.explanation, result.named, result.weakest_links),
        (result.outside_explanation, result.outside_weakest_links),
    )


def _spell_bytes(value: bytes | None) -> str:
    return "null" if value is None else f'"\\\\x{value.hex()}"'
