"""Who may do what: the viewer, and one table. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from app.domain.vocabulary import Role
from app.errors import NotPermitted

_ORDER = (Role.READER, Role.RESEARCHER, Role.EDITOR, Role.ADMIN)
_OUTSIDERS = _ORDER[: _ORDER.index(Role.RESEARCHER)]


# The key of no researcher: whoever reads without a token.
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Viewer:
    """On whose behalf a request runs. `role` is what a token allows, and no higher than the researcher's.

    `token`: the key of the one that was shown, if it is one of ours. `email`: the researcher's, where it is
    known. `until`: when the token that was shown ends, ours or a provider's; None for never, and where none
    was shown. They change nothing of what the viewer may do, but for how long a token they make may last: two
    who differ in nothing else are equal.
    """

    researcher: UUID
    role: Role
    token: UUID | None = field(default=None, compare=False)
    email: str | None = field(default=None, compare=False)
    until: datetime | None = field(default=None, compare=False)

    @property
    def signed_in(self) -> bool:
        return self.researcher != NOBODY

    @property
    def is_outsider(self) -> bool:
        """Whether protected agents are shown by their pseudonyms alone."""
        return self.role in _OUTSIDERS

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
    REINSTATE_CLAIM = "reinstateClaim"
    MERGE_AGENTS = "mergeAgents"
    UNMERGE_AGENTS = "unmergeAgents"
    MERGE_QUESTIONS = "mergeQuestions"
    UNMERGE_QUESTIONS = "unmergeQuestions"
    CREATE_TOKEN = "createToken"  # noqa: S105 - no secret, the name of a mutation
    REVOKE_TOKEN = "revokeToken"  # noqa: S105 - likewise
    ADD_RESEARCHER = "addResearcher"
    CHANGE_ROLE = "changeRole"
    DISABLE_RESEARCHER = "disableResearcher"
    ENABLE_RESEARCHER = "enableResearcher"
    LINK_IDENTITY = "linkIdentity"
    UNLINK_IDENTITY = "unlinkIdentity"
    REDACT = "redact"


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
    Operation.REINSTATE_CLAIM: Role.EDITOR,
    Operation.MERGE_AGENTS: Role.EDITOR,
    Operation.UNMERGE_AGENTS: Role.EDITOR,
    Operation.MERGE_QUESTIONS: Role.EDITOR,
    Operation.UNMERGE_QUESTIONS: Role.EDITOR,
    Operation.CREATE_TOKEN: Role.READER,
    Operation.REVOKE_TOKEN: Role.READER,
    Operation.ADD_RESEARCHER: Role.ADMIN,
    Operation.CHANGE_ROLE: Role.ADMIN,
    Operation.DISABLE_RESEARCHER: Role.ADMIN,
    Operation.ENABLE_RESEARCHER: Role.ADMIN,
    Operation.LINK_IDENTITY: Role.ADMIN,
    Operation.UNLINK_IDENTITY: Role.ADMIN,
    Operation.REDACT: Role.ADMIN,
}

_EVERYBODY_READS = MINIMUM_ROLE[Operation.READ] is _ORDER[0]

# What the command line alone does: there is no mutation of the name.
BY_COMMAND = frozenset({Operation.REDACT})

# What the role above allows on one's own alone, and the role that may do it to what is anybody's.
OTHERS_ROLE: dict[Operation, Role] = {
    Operation.WITHDRAW_ASSESSMENT: Role.EDITOR,
    Operation.WITHDRAW_CLAIM: Role.EDITOR,
    Operation.RESTORE_CLAIM: Role.EDITOR,
    Operation.CREATE_TOKEN: Role.ADMIN,
    Operation.REVOKE_TOKEN: Role.ADMIN,
}


def lower_role(*roles: Role) -> Role:
    """The lowest of the roles.

    >>> lower_role(Role.ADMIN, Role.RESEARCHER)
    <Role.RESEARCHER: 'RESEARCHER'>
    """
    return min(roles, key=_ORDER.index)


def permit(viewer: Viewer, operation: Operation, *, recorded_by: UUID | None = None) -> None:
    """Return if the viewer may do this (to what is `recorded_by`'s); raise NotPermitted if not."""
    if operation is Operation.READ and _EVERYBODY_READS:
        return
    least = MINIMUM_ROLE[operation]
    if operation is not Operation.READ and not viewer.signed_in:
        raise NotPermitted(f"{operation} needs you to sign in.", hint=f"Send a token of a {least}.")
    if not viewer.has(least):
        raise NotPermitted(f"{operation} needs the role {least}; you have {viewer.role}.")
    others = OTHERS_ROLE.get(operation)
    if others and viewer.researcher != recorded_by and not viewer.has(others):
        raise NotPermitted(f"{operation} on what is another researcher's needs the role {others}.")
