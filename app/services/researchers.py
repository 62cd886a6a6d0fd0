"""Researchers: who records. Their accounts, and the local one of whoever holds the database itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from app.database import WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.errors import Duplicate, InvalidInput
from app.models import metadata
from app.permissions import Operation, Viewer, permit
from app.services.inputs import Problems
from app.services.rows import find_refusing, insert_row, lock_row, new_key, update_row

MAX_SUBJECT = 255  # OpenID Connect Core, section 2; in ASCII
MAX_EMAIL_BYTES = 320  # RFC 5321: 64 before the @, 255 after it
_EMAIL = re.compile(r"[^\s@\x00-\x20]+@[^\s@\x00-\x20]+")

TABLE = metadata.tables["researcher"]
IDENTITY = metadata.tables["identity"]
NAME_ACTOR = text("SELECT set_config('sayso.actor', :actor, true)")
# In one order, so that two who leave at once wait for each other, and for nothing that an ADMIN records.
LOCK_ADMINS = text(
    "SELECT id FROM researcher WHERE role = 'ADMIN' AND disabled_at IS NULL ORDER BY id FOR NO KEY UPDATE"
)


@dataclass(frozen=True, slots=True)
class NewResearcher:
    name: str
    role: Role = Role.RESEARCHER
    email: str | None = None


async def add_researcher(session: WriteSession, viewer: Viewer, new: NewResearcher) -> UUID:
    """The key of a new account. It has no token yet. Raises Duplicate, InvalidInput, NotPermitted."""
    permit(viewer, Operation.ADD_RESEARCHER)
    problems = Problems()
    problems.check_name(new.name, "name")
    problems.check_text(new.email, "email", max_length=MAX_EMAIL_BYTES)
    if new.email is not None and not is_email(new.email):
        problems.add("email", message="is not an address")
    problems.raise_any()
    values = {"name": new.name, "email": new.email, "role": new.role}
    key = await insert_row(session, NodeType.RESEARCHER, values)
    if key is None:
        same = or_(TABLE.c.name == new.name, func.lower(TABLE.c.email) == func.lower(new.email))
        known = await find_refusing(session, select(TABLE.c.id).where(same))
        id = encode_id(NodeType.RESEARCHER, known)
        raise Duplicate("Researcher", id, "There is a researcher of this name or email already.")
    return key


async def change_role(session: WriteSession, viewer: Viewer, researcher: UUID, role: Role) -> None:
    """What their tokens may follows. Raises InvalidInput (the last ADMIN stays), NotFound, NotPermitted."""
    permit(viewer, Operation.CHANGE_ROLE)
    await _change(session, researcher, {"role": role}, stays_admin=role is Role.ADMIN)


async def disable_researcher(session: WriteSession, viewer: Viewer, researcher: UUID) -> None:
    """None of their tokens is taken any more. Raises InvalidInput (the last ADMIN stays; disabled already),
    NotFound, NotPermitted."""
    permit(viewer, Operation.DISABLE_RESEARCHER)
    await _change(session, researcher, {"disabled_at": func.now()}, stays_admin=False)


async def enable_researcher(session: WriteSession, viewer: Viewer, researcher: UUID) -> None:
    """Their tokens are taken again. Raises InvalidInput (they are not disabled), NotFound, NotPermitted."""
    permit(viewer, Operation.ENABLE_RESEARCHER)
    await _change(session, researcher, {"disabled_at": None}, stays_admin=True)


async def _change(
    session: WriteSession, researcher: UUID, changes: dict[str, Any], *, stays_admin: bool
) -> None:
    admins = set() if stays_admin else set(await session.scalars(LOCK_ADMINS))
    row = await lock_row(session, NodeType.RESEARCHER, researcher)
    if "disabled_at" in changes and (row["disabled_at"] is None) == (changes["disabled_at"] is None):
        state = "not disabled" if row["disabled_at"] is None else "disabled already"
        raise InvalidInput.at("researcher", message=f"is {state}")
    if admins == {researcher}:
        raise InvalidInput.at(
            "researcher", message="is the last ADMIN", hint="Make somebody else an ADMIN first."
        )
    if changes.get("role") != row["role"]:
        await update_row(session, NodeType.RESEARCHER, row, changes)


async def link_identity(
    session: WriteSession, viewer: Viewer, researcher: UUID, issuer: str, subject: str
) -> None:
    """From now on this subject of the issuer's is this researcher, whoever it was.

    Raises InvalidInput, NotFound, NotPermitted.
    """
    permit(viewer, Operation.LINK_IDENTITY)
    problems = Problems()
    problems.check_text(issuer, "issuer", max_length=MAX_SUBJECT, required=True)
    problems.check_text(subject, "subject", max_length=MAX_SUBJECT, required=True)
    problems.raise_any()
    await lock_row(session, NodeType.RESEARCHER, researcher)
    linked = insert(IDENTITY).values(issuer=issuer, subject=subject, researcher=researcher)
    places = [IDENTITY.c.issuer, IDENTITY.c.subject]
    await session.execute(
        linked.on_conflict_do_update(index_elements=places, set_={"researcher": researcher})
    )


async def unlink_identity(session: WriteSession, viewer: Viewer, issuer: str, subject: str) -> UUID:
    """This subject is nobody any more; who it was. Raises InvalidInput if it was nobody, NotPermitted."""
    permit(viewer, Operation.UNLINK_IDENTITY)
    problems = Problems()
    problems.check_text(issuer, "issuer", max_length=MAX_SUBJECT, required=True)
    problems.check_text(subject, "subject", max_length=MAX_SUBJECT, required=True)
    problems.raise_any()
    theirs = (IDENTITY.c.issuer == issuer, IDENTITY.c.subject == subject)
    gone = await session.scalars(delete(IDENTITY).where(*theirs).returning(IDENTITY.c.researcher))
    researcher: UUID | None = gone.first()
    if researcher is None:
        raise InvalidInput.at("subject", message="is linked to nobody")
    return researcher


async def ensure_researcher(session: WriteSession, name: str, role: Role) -> Viewer:
    """The researcher of this name, recorded with this role if there is none yet.

    The rest of the transaction is theirs, whoever it was begun for (`NOBODY`, as a rule). A researcher who is
    known keeps the role they have. Raises InvalidInput on a name that cannot be kept.
    """
    problems = Problems()
    problems.check_name(name, "name")
    problems.raise_any()
    known = select(TABLE.c.id, TABLE.c.role).where(TABLE.c.name == name)
    row = (await session.execute(known)).one_or_none()
    if row is None:
        key = await new_key(session)
        # The revision of this row is their own doing; there is nobody else.
        await session.execute(NAME_ACTOR, {"actor": str(key)})
        await session.execute(insert(TABLE).values(id=key, name=name, role=role).on_conflict_do_nothing())
        # Another session may have been first: its row is committed by now.
        row = (await session.execute(known)).one()
    await session.execute(NAME_ACTOR, {"actor": str(row.id)})
    return Viewer(researcher=row.id, role=Role(row.role))


def is_email(text: str) -> bool:
    """Whether a text can be an address at all; whether anybody reads there is not asked.

    >>> is_email("ada@example.org"), is_email("ada@"), is_email("a da@example.org")
    (True, False, False)
    """
    return len(text.lower().encode()) <= MAX_EMAIL_BYTES and _EMAIL.fullmatch(text) is not None
