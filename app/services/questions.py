"""What several claims answer, so that they can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, exists, or_, select

from app.database import WriteSession
from app.domain.identifiers import NodeType
from app.domain.vocabulary import QuestionKind
from app.permissions import Operation, Viewer, permit
from app.services.inputs import MAX_LINE, MAX_TITLE, UNSET, Problems, Unset
from app.services.locks import lock_structure_shared, structure_locked
from app.services.protection import QUESTION_WORDS, read_words, refuse_names
from app.services.rows import (
    apply_changes,
    check_references,
    check_version,
    insert_row,
    lock_row,
    new_key,
    table_of,
    update_row,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuestion:
    """`unit` is that of a quantity ("people"); `counted` what is counted ("people killed")."""

    kind: QuestionKind
    text: str
    event: UUID | None = None
    unit: str | None = None
    counted: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionChanges:
    kind: QuestionKind | Unset = UNSET
    text: str | Unset = UNSET
    event: UUID | Unset | None = UNSET
    unit: str | Unset | None = UNSET
    counted: str | Unset | None = UNSET


async def record_question(session: WriteSession, viewer: Viewer, new: NewQuestion) -> UUID:
    """The key of the new question. Raises InvalidInput, NotFound (`event`), NotPermitted, ProtectedName."""
    permit(viewer, Operation.RECORD_QUESTION)
    values = asdict(new)
    await lock_structure_shared(session)
    problems = check_question(values)
    await check_references(session, problems, NodeType.EVENT, _event_of(values))
    problems.raise_any()
    await refuse_names(session, read_words(values, QUESTION_WORDS))
    key = await new_key(session)
    values |= {"id": key, "root": key, "recorded_by": viewer.researcher}
    inserted = await insert_row(session, NodeType.QUESTION, values)
    assert inserted == key, "no unique index stands on questions"
    return key


async def amend_question(
    session: WriteSession, viewer: Viewer, question: UUID, expected_version: int, changes: QuestionChanges
) -> None:
    """Raises InvalidInput, NotFound, NotPermitted, ProtectedName, StaleVersion.

    The kind can be changed only while nothing hangs on it: no claim answers the question, withdrawn ones
    included, and it is merged with no other.
    """
    permit(viewer, Operation.AMEND_QUESTION)
    if changes.kind is UNSET:
        await lock_structure_shared(session)
        await _amend(session, question, expected_version, changes)
    else:
        # Alone: a claim that is being recorded has its answer checked against the kind.
        async with structure_locked(session):
            await _amend(session, question, expected_version, changes)


async def _amend(
    session: WriteSession, question: UUID, expected_version: int, changes: QuestionChanges
) -> None:
    row = await lock_row(session, NodeType.QUESTION, question)
    check_version(NodeType.QUESTION, row, expected_version)
    changed = apply_changes(row, asdict(changes))
    problems = check_question({**row, **changed})
    if "event" in changed:
        await check_references(session, problems, NodeType.EVENT, _event_of(changed))
    if "kind" in changed and await _is_used(session, row):
        problems.add("kind", message="cannot be changed: claims or merged questions hang on it")
    problems.raise_any()
    await refuse_names(session, read_words(changed, QUESTION_WORDS))
    if changed:
        await update_row(session, NodeType.QUESTION, row, changed)


async def _is_used(session: WriteSession, row: RowMapping) -> bool:
    if row["merged_into"] is not None:
        return True
    question, claim = table_of(NodeType.QUESTION), table_of(NodeType.CLAIM)
    used = or_(
        exists().where(question.c.merged_into == row["id"]), exists().where(claim.c.question == row["id"])
    )
    return bool(await session.scalar(select(used)))


def check_question(question: Mapping[str, Any]) -> Problems:
    """What is wrong with its fields by themselves; what they refer to is looked up elsewhere."""
    problems = Problems()
    problems.check_text(question["text"], "text", max_length=MAX_TITLE, required=True)
    problems.check_text(question["unit"], "unit", max_length=MAX_LINE)
    problems.check_text(question["counted"], "counted", max_length=MAX_LINE)
    return problems


def _event_of(question: Mapping[str, Any]) -> list[tuple[UUID, tuple[str, ...]]]:
    return [] if question["event"] is None else [(question["event"], ("event",))]
