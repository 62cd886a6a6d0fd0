"""A researcher's recorded judgement on a claim, by one piece of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, select

from app.database import WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.parties import trace_versions
from app.domain.vocabulary import Stance
from app.errors import Duplicate, InvalidInput
from app.permissions import Operation, Viewer, permit
from app.services.corroboration import recompute
from app.services.inputs import MAX_NOTE, Problems, check_reason
from app.services.locks import lock_claims, lock_structure_shared
from app.services.protection import REWORD, Words, are_hidden, refuse_names
from app.services.reach import Reach
from app.services.records import load_sources
from app.services.rows import (
    because,
    check_references,
    find_refusing,
    insert_row,
    lock_row,
    table_of,
    update_row,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAssessment:
    """A judgement in the light of another claim or of a source, exactly one.

    `credibility` is that of the Admiralty code, from 1 (confirmed) to 6 (cannot be judged).
    """

    claim: UUID
    stance: Stance
    rationale: str
    evidence_claim: UUID | None = None
    evidence_source: UUID | None = None
    credibility: int | None = None


async def record_assessment(session: WriteSession, viewer: Viewer, new: NewAssessment) -> UUID:
    """The key of the new assessment.

    A claim is not judged by itself or by its own source, in any version: a version that no longer says it
    either retracts it, or says otherwise in a claim of its own. A reprint is another's, and may differ.

    Raises Duplicate (the viewer has judged this pair already; withdraw that first), InvalidInput (also if
    either claim is withdrawn), NotFound (`claim`, `evidenceClaim`, `evidenceSource`), NotPermitted,
    ProtectedName.
    """
    permit(viewer, Operation.RECORD_ASSESSMENT)
    problems = check_assessment(new)
    await lock_structure_shared(session)
    claims = [key for key in (new.claim, new.evidence_claim) if key is not None]
    await lock_claims(session, *claims)
    await _check_references(session, problems, new)
    problems.raise_any()
    await _refuse_names(session, asdict(new), Words(("rationale",), new.rationale))
    key = await insert_row(session, NodeType.ASSESSMENT, {**asdict(new), "recorded_by": viewer.researcher})
    if key is None:
        raise await _find_duplicate(session, viewer, new)
    await recompute(session, Reach(claims=frozenset({new.claim})))
    return key


async def withdraw_assessment(session: WriteSession, viewer: Viewer, assessment: UUID, reason: str) -> None:
    """It counts no more; the same researcher can record another on the same pair.

    Raises InvalidInput (also if it is withdrawn already), NotFound, NotPermitted (it is another
    researcher's), ProtectedName.
    """
    permit(viewer, Operation.WITHDRAW_ASSESSMENT, recorded_by=viewer.researcher)
    check_reason(reason)
    await lock_structure_shared(session)
    table = table_of(NodeType.ASSESSMENT)
    claim = await session.scalar(select(table.c.claim).where(table.c.id == assessment))
    if claim is not None:
        await lock_claims(session, claim)
    row = await lock_row(session, NodeType.ASSESSMENT, assessment)
    permit(viewer, Operation.WITHDRAW_ASSESSMENT, recorded_by=row["recorded_by"])
    if row["withdrawn_at"] is not None:
        raise InvalidInput.at("assessment", message="is withdrawn already")
    await _refuse_names(session, row, Words(("reason",), reason))
    changes = {
        "withdrawn_at": func.now(),
        "withdrawn_by": viewer.researcher,
        "withdrawal_reason": reason,
    }
    async with because(session, reason):
        await update_row(session, NodeType.ASSESSMENT, row, changes)
        await recompute(session, Reach(claims=frozenset({row["claim"]})))


def check_assessment(new: NewAssessment) -> Problems:
    """What is wrong with its fields by themselves; what they refer to is looked up elsewhere."""
    problems = Problems()
    problems.check_text(new.rationale, "rationale", max_length=MAX_NOTE, required=True)
    if (new.evidence_claim is None) == (new.evidence_source is None):
        problems.add("evidenceClaim", message="give a claim or a source as evidence, and not both")
    if new.evidence_claim == new.claim:
        problems.add("evidenceClaim", message="is the claim itself")
    if new.credibility is not None and not 1 <= new.credibility <= 6:
        problems.add("credibility", message="is not from 1 (confirmed) to 6 (cannot be judged)")
    return problems


async def _refuse_names(
    session: WriteSession, assessment: Mapping[str, Any] | RowMapping, words: Words
) -> None:
    claims = (assessment["claim"], assessment["evidence_claim"])
    if not await are_hidden(session, claims=claims, sources=(assessment["evidence_source"],)):
        await refuse_names(session, [words], hint=f"{REWORD} Or have the claim or the evidence restricted.")


async def _check_references(session: WriteSession, problems: Problems, new: NewAssessment) -> None:
    judged = await _find_claim(session, problems, new.claim, "claim")
    await _find_claim(session, problems, new.evidence_claim, "evidenceClaim")
    if new.evidence_source is None:
        return
    await check_references(session, problems, NodeType.SOURCE, [(new.evidence_source, ("evidenceSource",))])
    if judged is not None:
        sources = await load_sources(session, [judged.source, new.evidence_source])
        first_versions = [
            trace_versions(source, sources)[0]
            for source in (judged.source, new.evidence_source)
            if source in sources
        ]
        if len(first_versions) == 2 and len(set(first_versions)) == 1:
            problems.add("evidenceSource", message="is the claim's own source, or a version of it")


async def _find_claim(
    session: WriteSession, problems: Problems, key: UUID | None, path: str
) -> RowMapping | None:
    if key is None:
        return None
    table = table_of(NodeType.CLAIM)
    found = await session.execute(select(table.c.source, table.c.withdrawn_at).where(table.c.id == key))
    row = found.mappings().one_or_none()
    if row is None:
        problems.miss(NodeType.CLAIM, key, path)
    elif row["withdrawn_at"] is not None:
        problems.add(path, message="is withdrawn; restore it first")
    return row


async def _find_duplicate(session: WriteSession, viewer: Viewer, new: NewAssessment) -> Duplicate:
    table = table_of(NodeType.ASSESSMENT)
    standing = select(table.c.id).where(
        table.c.claim == new.claim,
        table.c.evidence_claim.is_not_distinct_from(new.evidence_claim),
        table.c.evidence_source.is_not_distinct_from(new.evidence_source),
        table.c.recorded_by == viewer.researcher,
        table.c.withdrawn_at.is_(None),
    )
    key = await find_refusing(session, standing)
    message = "You have judged this claim by this evidence already; withdraw that judgement first."
    return Duplicate(NodeType.ASSESSMENT.value, encode_id(NodeType.ASSESSMENT, key), message)
