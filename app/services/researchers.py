"""Who records. Until researchers sign in, the one that the settings name."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from app.database import WriteSession
from app.domain.vocabulary import Role
from app.models import metadata
from app.permissions import Viewer
from app.services.inputs import Problems

# The actor of a transaction that begins before there is any: `ensure_researcher` names the real one.
NOBODY = UUID(int=0)

NAME_ACTOR = text("SELECT set_config('sayso.actor', :actor, true)")
NEW_KEY = text("SELECT uuidv7()")


async def ensure_researcher(session: WriteSession, name: str, role: Role) -> Viewer:
    """The researcher of this name, recorded with this role if there is none yet.

    The rest of the transaction is theirs, whoever it was begun for (`NOBODY`, as a rule). A researcher who is
    known keeps the role they have. Raises InvalidInput on a name that cannot be kept.
    """
    problems = Problems()
    problems.check_name(name, "name")
    problems.raise_any()
    table = metadata.tables["researcher"]
    known = select(table.c.id, table.c.role).where(table.c.name == name)
    row = (await session.execute(known)).one_or_none()
    if row is None:
        key: UUID = (await session.execute(NEW_KEY)).scalar_one()
        # The revision of this row is their own doing; there is nobody else.
        await session.execute(NAME_ACTOR, {"actor": str(key)})
        await session.execute(insert(table).values(id=key, name=name, role=role).on_conflict_do_nothing())
        # Another session may have been first: its row is committed by now.
        row = (await session.execute(known)).one()
    await session.execute(NAME_ACTOR, {"actor": str(row.id)})
    return Viewer(researcher=row.id, role=Role(row.role))
