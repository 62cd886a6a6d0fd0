"""Access tokens: made, revoked, exchanged. The letters of a token are given once, and never kept."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.database import WriteSession
from app.domain.identifiers import NodeType, encode_id, encode_token_id
from app.domain.tokens import ALPHABET, RANDOM_LETTERS, hash_token, prefix_of, spell_token
from app.domain.vocabulary import Role, TokenPurpose
from app.errors import InvalidInput, NotAuthenticated, NotFound, NotPermitted
from app.models import metadata
from app.permissions import OTHERS_ROLE, Operation, Viewer, lower_role, permit
from app.services.inputs import MAX_NAME, UNSET, Problems, Unset
from app.services.researchers import NAME_ACTOR

USUAL_DAYS = 90
# More than anybody has use for, and less than a runaway script would make.
MAX_TOKENS = 1_000
SIGN_IN_MINUTES = 60
SESSION_DAYS = 30
SESSION_NAME = "a browser"

TABLE = metadata.tables["token"]
RESEARCHER = metadata.tables["researcher"]
# In the order in which they were made.
TOLD = text("""
SELECT id, name, prefix, role, to_json(created_at) #>> '{}' AS created_at,
       to_json(expires_at) #>> '{}' AS expires_at, to_json(last_used_at) #>> '{}' AS last_used_at,
       to_json(revoked_at) #>> '{}' AS revoked_at
FROM token WHERE id = ANY(:tokens) ORDER BY token.created_at, token.id
""")
# Those that were made with a token, or with one of these, and can be used; of all owners, or of one.
MADE = text("""
WITH RECURSIVE made AS (
    SELECT t.id FROM token t WHERE t.made_with = :token
    UNION
    SELECT t.id FROM made JOIN token t ON t.made_with = made.id
)
SELECT t.id FROM made JOIN token t ON t.id = made.id
WHERE t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
AND (CAST(:owner AS uuid) IS NULL OR t.researcher = :owner)
ORDER BY t.created_at, t.id
""")
LIVE = text("revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())")


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token of `researcher`'s, by default the viewer's own.

    `role`: by default as much as the viewer and the researcher may. `expires_at`: None for never, by default
    in USUAL_DAYS days, or with the token that the viewer showed if that ends before.
    """

    name: str
    researcher: UUID | None = None
    role: Role | None = None
    expires_at: datetime | Unset | None = UNSET


@dataclass(frozen=True, slots=True)
class MadeToken:
    """`letters` is the token itself: there is no other time to learn it."""

    key: UUID
    letters: str
    expires_at: datetime | None


async def create_token(session: WriteSession, viewer: Viewer, new: NewToken) -> MadeToken:
    """Raises InvalidInput (also if there are MAX_TOKENS already), NotFound, NotPermitted."""
    owner = new.researcher or viewer.researcher
    permit(viewer, Operation.CREATE_TOKEN, recorded_by=owner)
    now = datetime.now(UTC)
    expires_at = _usual_end(now, viewer) if isinstance(new.expires_at, Unset) else new.expires_at
    problems = Problems()
    problems.check_text(new.name, "name", max_length=MAX_NAME, required=True)
    problems.check_time(expires_at, "expiresAt")
    problems.raise_any()
    if expires_at is not None and expires_at <= now:
        raise InvalidInput.at("expiresAt", message="is over already")
    if viewer.until is not None and (expires_at is None or expires_at > viewer.until):
        raise InvalidInput.at(
            "expiresAt",
            message=f"is later than the token ends that this one is made with: {viewer.until.isoformat()}",
            hint="Leave it out for one until then. `sayso token create`, on the server, makes longer ones.",
        )
    researcher = await _lock_researcher(session, owner)
    await _hold_token(session, viewer)
    highest = lower_role(viewer.role, Role(researcher["role"]))
    role = new.role or highest
    if lower_role(role, highest) is not role:
        raise InvalidInput.at("role", message=f"is higher than {highest}, which is as much as can be given")
    mine = (TABLE.c.researcher == owner, TABLE.c.purpose == TokenPurpose.ACCESS)
    standing = select(func.count()).select_from(TABLE).where(*mine, LIVE)
    if (await session.scalar(standing) or 0) >= MAX_TOKENS:
        raise InvalidInput.at(
            message=f"There are {MAX_TOKENS} tokens already", hint="Revoke those that are not used."
        )
    return await _insert(session, owner, new.name, role, expires_at, TokenPurpose.ACCESS, viewer.token)


async def _hold_token(session: WriteSession, viewer: Viewer) -> None:
    """Who revokes the viewer's token waits, and finds what is made with it. Raises NotPermitted if they were
    quicker."""
    if viewer.token is not None:
        mine = select(TABLE.c.revoked_at).where(TABLE.c.id == viewer.token)
        if await session.scalar(mine.with_for_update(read=True)) is not None:
            raise NotPermitted("The token that this one is made with was revoked meanwhile.")


def _usual_end(now: datetime, viewer: Viewer) -> datetime:
    usual = now + timedelta(days=USUAL_DAYS)
    return usual if viewer.until is None else min(usual, viewer.until)


async def describe_tokens(session: WriteSession, tokens: Collection[UUID]) -> list[dict[str, Any]]:
    """All that is told of tokens, oldest first, by the names of its columns; times as every read spells
    them."""
    found = await session.execute(TOLD, {"tokens": list(tokens)})
    return [dict(row) for row in found.mappings()]


async def revoke_token(
    session: WriteSession, viewer: Viewer, token: UUID, *, made_with_it: bool = False
) -> list[UUID]:
    """It is taken no more. Those that were made with it, or with one of these, and could be used, oldest
    first: they can be used still, unless `made_with_it`, which revokes them too. Of others' tokens ADMINs are
    told.

    Raises InvalidInput if it is revoked already, and nothing is left to be; NotFound, NotPermitted.
    """
    permit(viewer, Operation.REVOKE_TOKEN, recorded_by=viewer.researcher)
    found = await session.execute(
        select(TABLE.c.researcher, TABLE.c.revoked_at)
        .where(TABLE.c.id == token)
        .with_for_update(key_share=True)
    )
    row = found.mappings().one_or_none()
    # Whose tokens there are is nobody else's business.
    others = OTHERS_ROLE[Operation.REVOKE_TOKEN]
    if row is None or (row["researcher"] != viewer.researcher and not viewer.has(others)):
        raise NotFound("Token", encode_token_id(token), path=("token",))
    owner = None if viewer.has(others) else viewer.researcher
    made = await _find_made(session, token, owner)
    if row["revoked_at"] is None:
        await _revoke(session, [token])
    elif not made or not made_with_it:
        raise InvalidInput.at("token", message="is revoked already")
    if not made_with_it:
        return made
    revoked: list[UUID] = []
    # Whatever was made with one of them before it was revoked is found afterwards.
    while made:
        await _revoke(session, made)
        revoked += made
        made = await _find_made(session, token, owner)
    return revoked


async def _find_made(session: WriteSession, token: UUID, owner: UUID | None) -> list[UUID]:
    return list(await session.scalars(MADE, {"token": token, "owner": owner}))


async def _revoke(session: WriteSession, tokens: Collection[UUID]) -> None:
    await session.execute(update(TABLE).where(TABLE.c.id.in_(tokens)).values(revoked_at=func.now()))


async def create_sign_in(session: WriteSession, viewer: Viewer) -> MadeToken:
    """A code with which a browser signs in once, as the viewer, within SIGN_IN_MINUTES minutes."""
    permit(viewer, Operation.CREATE_TOKEN, recorded_by=viewer.researcher)
    await _lock_researcher(session, viewer.researcher)
    until = datetime.now(UTC) + timedelta(minutes=SIGN_IN_MINUTES)
    purpose = TokenPurpose.SIGN_IN
    return await _insert(session, viewer.researcher, "a sign-in link", viewer.role, until, purpose)


async def exchange_sign_in(session: WriteSession, code: str) -> MadeToken:
    """The token of a browser that signs in by a code, which is used up. Raises NotAuthenticated."""
    found = await session.execute(
        select(TABLE.c.id, TABLE.c.researcher, TABLE.c.role)
        .join(RESEARCHER, RESEARCHER.c.id == TABLE.c.researcher)
        .where(TABLE.c.hash == hash_token(code), TABLE.c.purpose == TokenPurpose.SIGN_IN, LIVE)
        .where(RESEARCHER.c.disabled_at.is_(None))
        .with_for_update(key_share=True)
    )
    row = found.mappings().one_or_none()
    if row is None:
        raise NotAuthenticated(
            "This sign-in code was used, is too old, or its researcher is disabled.",
            hint="`sayso sign-in` prints a new link.",
        )
    await session.execute(NAME_ACTOR, {"actor": str(row["researcher"])})
    await _revoke(session, [row["id"]])
    until = datetime.now(UTC) + timedelta(days=SESSION_DAYS)
    return await _insert(
        session, row["researcher"], SESSION_NAME, Role(row["role"]), until, TokenPurpose.ACCESS
    )


async def end_session(session: WriteSession, viewer: Viewer, letters: str) -> None:
    """Revoke a browser's own token. One that was made for more than this browser stays."""
    mine = (TABLE.c.hash == hash_token(letters), TABLE.c.researcher == viewer.researcher)
    ended = update(TABLE).where(*mine, TABLE.c.name == SESSION_NAME, LIVE)
    await session.execute(ended.values(revoked_at=func.now()))


async def _lock_researcher(session: WriteSession, key: UUID) -> RowMapping:
    """Whoever it is can neither be disabled nor change role meanwhile."""
    wanted = select(RESEARCHER.c.role, RESEARCHER.c.disabled_at).where(RESEARCHER.c.id == key)
    # NO KEY UPDATE, as in rows.py: whatever they record meanwhile refers to the row.
    row = (await session.execute(wanted.with_for_update(key_share=True))).mappings().one_or_none()
    if row is None:
        raise NotFound("Researcher", encode_id(NodeType.RESEARCHER, key), path=("researcher",))
    if row["disabled_at"] is not None:
        raise InvalidInput.at("researcher", message="is disabled")
    return row


async def _insert(
    session: WriteSession,
    owner: UUID,
    name: str,
    role: Role,
    expires_at: datetime | None,
    purpose: TokenPurpose,
    made_with: UUID | None = None,
) -> MadeToken:
    while True:
        letters = spell_token("".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LETTERS)))
        values = {
            "researcher": owner,
            "hash": hash_token(letters),
            "prefix": prefix_of(letters),
            "name": name,
            "role": role,
            "expires_at": expires_at,
            "purpose": purpose,
            "made_with": made_with,
        }
        # A prefix that is taken: one time in a hundred trillion.
        key = await session.scalar(
            insert(TABLE).values(**values).on_conflict_do_nothing().returning(TABLE.c.id)
        )
        if key is not None:
            return MadeToken(key, letters, expires_at)
