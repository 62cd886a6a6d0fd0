"""Claims taken back, by their source (a retraction) or by who recorded them by mistake; and the undoing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func

from app.database import WriteSession
from app.domain.identifiers import NodeType
from app.errors import Duplicate, InvalidInput
from app.permissions import Operation, Viewer, permit
from app.services.claims import check_standing, find_standing_claim
from app.services.corroboration import recompute
from app.services.inputs import MAX_NOTE, Problems, check_reason, spell_moment
from app.services.locks import lock_claims, lock_structure_shared
from app.services.protection import RESTRICT, read_words, refuse_names
from app.services.reach import Reach
from app.services.rows import because, check_version, lock_row, update_row

# What is told of a retraction.
RETRACTION = (
    "retracted",
    "retracted_text",
    "retraction_reason",
    "retraction_url",
    "retraction_recorded_by",
    "retraction_recorded_at",
)


async def retract_claim(
    session: WriteSession, viewer: Viewer, claim: UUID, *, when: str, reason: str, url: str | None = None
) -> None:
    """The source took it back: at the moment `when`, at `url`.

    Raises InvalidInput (also if it is retracted or withdrawn already), NotFound, NotPermitted, ProtectedName,
    UnknownMoment.
    """
    permit(viewer, Operation.RETRACT_CLAIM)
    problems = Problems()
    problems.check_text(reason, "reason", max_length=MAX_NOTE, required=True)
    problems.check_url(url, "url")
    problems.raise_any()
    retracted = spell_moment("retracted", when, "when")
    units, row = await _lock(session, claim)
    check_standing(row)
    if row["retracted"] is not None:
        raise InvalidInput.at("claim", message="is retracted already")
    await _refuse_names(session, row, {"reason": reason, "url": url})
    changes = {
        **retracted,
        "retraction_reason": reason,
        "retraction_url": url,
        "retraction_recorded_by": viewer.researcher,
        "retraction_recorded_at": func.now(),
    }
    async with because(session, reason):
        await _change(session, units, row, changes)


async def reinstate_claim(
    session: WriteSession, viewer: Viewer, claim: UUID, expected_version: int, reason: str
) -> None:
    """The source did not take it back, or stands by it again: the retraction goes, and stays in the history.

    Raises InvalidInput (also if it is not retracted, or is withdrawn), NotFound, NotPermitted, StaleVersion.
    """
    permit(viewer, Operation.REINSTATE_CLAIM)
    check_reason(reason)
    units, row = await _lock(session, claim)
    check_version(NodeType.CLAIM, row, expected_version)
    check_standing(row)
    if row["retracted"] is None:
        raise InvalidInput.at("claim", message="is not retracted")
    async with because(session, reason):
        await _change(session, units, row, dict.fromkeys(RETRACTION))


async def withdraw_claim(session: WriteSession, viewer: Viewer, claim: UUID, reason: str) -> None:
    """It was recorded by mistake: it counts nowhere, and can be restored.

    Raises InvalidInput (also if it is withdrawn already), NotFound, NotPermitted (it is another
    researcher's), ProtectedName.
    """
    permit(viewer, Operation.WITHDRAW_CLAIM, recorded_by=viewer.researcher)
    check_reason(reason)
    units, row = await _lock(session, claim)
    permit(viewer, Operation.WITHDRAW_CLAIM, recorded_by=row["recorded_by"])
    if row["withdrawn_at"] is not None:
        raise InvalidInput.at("claim", message="is withdrawn already")
    await _refuse_names(session, row, {"reason": reason})
    changes = {
        "withdrawn_at": func.now(),
        "withdrawn_by": viewer.researcher,
        "withdrawal_reason": reason,
    }
    async with because(session, reason):
        await _change(session, units, row, changes)


async def restore_claim(session: WriteSession, viewer: Viewer, claim: UUID) -> None:
    """It counts again, as it did.

    Raises Duplicate (it was recorded anew since), InvalidInput (it is not withdrawn), NotFound, NotPermitted.
    """
    permit(viewer, Operation.RESTORE_CLAIM, recorded_by=viewer.researcher)
    units, row = await _lock(session, claim)
    permit(viewer, Operation.RESTORE_CLAIM, recorded_by=row["recorded_by"])
    if row["withdrawn_at"] is None:
        raise InvalidInput.at("claim", message="is not withdrawn")
    changes = {"withdrawn_at": None, "withdrawn_by": None, "withdrawal_reason": None}
    await _change(session, units, row, changes)


async def _refuse_names(session: WriteSession, row: RowMapping, values: Mapping[str, str | None]) -> None:
    if not row["hidden"]:
        await refuse_names(session, read_words(values, {name: name for name in values}), hint=RESTRICT)


async def _lock(session: WriteSession, claim: UUID) -> tuple[frozenset[UUID], RowMapping]:
    await lock_structure_shared(session)
    units = await lock_claims(session, claim)
    return units, await lock_row(session, NodeType.CLAIM, claim)


async def _change(
    session: WriteSession, units: frozenset[UUID], row: RowMapping, changes: Mapping[str, Any]
) -> None:
    async def find_duplicate() -> Duplicate:
        return await find_standing_claim(session, row)

    await update_row(session, NodeType.CLAIM, row, changes, find_duplicate)
    await recompute(session, Reach(units=units, evidence=frozenset({row["id"]})))
