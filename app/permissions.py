"""Who may do what: the viewer, and one table. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.vocabulary import Role
from app.errors import NotPermitted

_ORDER = (Role.READER, Role.RESEARCHER, Role.EDITOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Viewer:
    """On whose behalf a request runs."""

    researcher: UUID
    role: Role

    def has(self, role: Role) -> bool:
        """Whether the viewer's role is this one or one above it."""
        return _ORDER.index(self.role) >= _ORDER.index(role)


class Operation(StrEnum):
    """What a viewer can do, named as in the API."""

    READ = "read"
    RECORD_AGENT = "recordAgent"
    RECORD_SOURCE = "recordSource"
    RECORD_EVENT = "recordEvent"
    RECORD_QUESTION = "recordQuestion"
    RECORD_CLAIM = "recordClaim"
    RECORD_ASSESSMENT = "recordAssessment"
    REVISE_SOURCE = "reviseSource"
    WITHDRAW_ASSESSMENT = "withdrawAssessment"
    WITHDRAW_CLAIM = "withdrawClaim"
    RESTORE_CLAIM = "restoreClaim"
    AMEND_AGENT = "amendAgent"
    AMEND_SOURCE = "amendSource"
    AMEND_EVENT = "amendEvent"
    AMEND_QUESTION = "amendQuestion"
    AMEND_CLAIM = "amendClaim"
    RETRACT_CLAIM = "retractClaim"
    MERGE_AGENTS = "mergeAgents"
    UNMERGE_AGENTS = "unmergeAgents"
    MERGE_QUESTIONS = "mergeQuestions"
    UNMERGE_QUESTIONS = "unmergeQuestions"


MINIMUM_ROLE: dict[Operation, Role] = {
    Operation.READ: Role.READER,
    Operation.RECORD_AGENT: Role.RESEARCHER,
    Operation.RECORD_SOURCE: Role.RESEARCHER,
    Operation.RECORD_EVENT: Role.RESEARCHER,
    Operation.RECORD_QUESTION: Role.RESEARCHER,
    Operation.RECORD_CLAIM: Role.RESEARCHER,
    Operation.RECORD_ASSESSMENT: Role.RESEARCHER,
    Operation.REVISE_SOURCE: Role.RESEARCHER,
    Operation.WITHDRAW_ASSESSMENT: Role.RESEARCHER,
    Operation.WITHDRAW_CLAIM: Role.RESEARCHER,
    Operation.RESTORE_CLAIM: Role.RESEARCHER,
    Operation.AMEND_AGENT: Role.EDITOR,
    Operation.AMEND_SOURCE: Role.EDITOR,
    Operation.AMEND_EVENT: Role.EDITOR,
    Operation.AMEND_QUESTION: Role.EDITOR,
    Operation.AMEND_CLAIM: Role.EDITOR,
    Operation.RETRACT_CLAIM: Role.EDITOR,
    Operation.MERGE_AGENTS: Role.EDITOR,
    Operation.UNMERGE_AGENTS: Role.EDITOR,
    Operation.MERGE_QUESTIONS: Role.EDITOR,
    Operation.UNMERGE_QUESTIONS: Role.EDITOR,
}

# What a RESEARCHER may do to their own records alone; an EDITOR to anybody's.
OWN_ONLY = frozenset({Operation.WITHDRAW_ASSESSMENT, Operation.WITHDRAW_CLAIM, Operation.RESTORE_CLAIM})


def permit(viewer: Viewer, operation: Operation, *, recorded_by: UUID | None = None) -> None:
    """Return if the viewer may do this (to a record of `recorded_by`); raise NotPermitted if not."""
    least = MINIMUM_ROLE[operation]
    if not viewer.has(least):
        raise NotPermitted(f"{operation} needs the role {least}; you have {viewer.role}.")
    if operation in OWN_ONLY and viewer.researcher != recorded_by and not viewer.has(Role.EDITOR):
        raise NotPermitted(f"{operation} on another researcher's record needs the role {Role.EDITOR}.")
