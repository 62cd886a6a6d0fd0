"""The letters of a token → the viewer they stand for.

A token is looked up by its prefix, which is no secret, and its hash compared in constant time. What was found
is kept for KEPT_SECONDS, so that reads stay cheap: so long may a token that was revoked elsewhere, by another
process or in psql, still be taken. Here, `forget` ends it at once.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, time
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from sqlalchemy import text

from app.auth.addresses import address_of
from app.auth.attempts import Attempts
from app.auth.credentials import read_credential
from app.auth.issuers import LAST_SECOND, Issuer, is_jwt
from app.database import Database
from app.domain.tokens import hash_token, is_token, prefix_of
from app.domain.vocabulary import Role
from app.errors import NotAuthenticated, SaysoError
from app.kept import Kept
from app.permissions import NOBODY, Viewer, lower_role
from app.services.tokens import SESSION_DAYS, end_session, exchange_sign_in
from app.settings import Settings

log = logging.getLogger(__name__)

KEPT_SECONDS = 5.0
MAX_KEPT = 10_000
# The last use of a token is written this often, at most.
USED_SECONDS = 60

FIND_ACCESS = """
SELECT coalesce((
    SELECT json_build_object(
        'id', t.id, 'hash', encode(t.hash, 'hex'), 'researcher', t.researcher,
        'email', r.email, 'roles', json_build_array(t.role, r.role),
        'seconds', extract(epoch FROM t.expires_at - now())::float8, 'until', t.expires_at,
        'unused', coalesce(t.last_used_at < now() - make_interval(secs => $2), true))
    FROM token t JOIN researcher r ON r.id = t.researcher
    WHERE t.prefix = $1 AND t.purpose = 'ACCESS' AND t.revoked_at IS NULL
      AND (t.expires_at IS NULL OR t.expires_at > now()) AND r.disabled_at IS NULL
), 'null')::varchar
"""
FIND_IDENTITY = """
SELECT coalesce((
    SELECT json_build_object('researcher', r.id, 'email', r.email, 'roles', json_build_array(r.role))
    FROM identity i JOIN researcher r ON r.id = i.researcher
    WHERE i.issuer = $1 AND i.subject = $2 AND r.disabled_at IS NULL
), 'null')::varchar
"""
NOTE_USE = text(
    "UPDATE token SET last_used_at = now() WHERE id = :id"
    " AND coalesce(last_used_at < now() - make_interval(secs => :seconds), true)"
)

ANYBODY = Viewer(NOBODY, Role.READER)


# On whose behalf an HTTP request or a WebSocket runs, from its ASGI scope: what a client said of itself in
# `connection_init` is there under "connection_params", a dict. Raises NotAuthenticated and TooManyAttempts.
# Cheap enough to be asked again for every operation and every event.
ViewerProvider = Callable[[MutableMapping[str, Any]], Awaitable[Viewer]]


@runtime_checkable
class Recollecting(Protocol):
    """A ViewerProvider that most often knows without a look."""

    def recollect(self, scope: Mapping[str, Any]) -> Callable[[], Viewer | None]:
        """For requests with this very head: a function that says on whose behalf they run, as often as it is
        asked. None from it where that needs a look, or is nobody: then the provider says.

        Raises NotAuthenticated for a head that carries no token in the right form.
        """


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a browser keeps: a token, and for how many seconds."""

    letters: str
    seconds: int


@dataclass(slots=True)
class _Known:
    """A token that was found to be right, and until when that needs no other look."""

    viewer: Viewer
    until: float


class Authenticator:
    """The ViewerProvider of accounts and their tokens."""

    def __init__(
        self, database: Database, settings: Settings, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._database = database
        self._anybody_reads = settings.read_without_token
        self._clock = clock
        self._attempts = Attempts(clock)
        self._issuer = Issuer.from_settings(settings)
        self._known = self._make_table()
        self._looking: dict[bytes, asyncio.Future[Viewer]] = {}
        self._noting: set[asyncio.Future[None]] = set()

    async def __call__(self, scope: Mapping[str, Any]) -> Viewer:
        letters = read_credential(scope)
        if letters is not None:
            return await self._verify(letters, address_of(scope))
        if self._anybody_reads:
            return ANYBODY
        raise NotAuthenticated(
            "This server asks who you are.",
            hint="Send `Authorization: Bearer sayso_...`; `sayso token create` makes a token.",
            given=False,
        )

    def recollect(self, scope: Mapping[str, Any]) -> Callable[[], Viewer | None]:
        letters = read_credential(scope)
        if letters is None:
            anybody = ANYBODY if self._anybody_reads else None
            return lambda: anybody
        digest = hash_token(letters)
        return lambda: self._recall(digest)

    async def sign_in(self, scope: Mapping[str, Any], letters: str) -> SignedIn:
        """What a browser keeps that shows the code of a sign-in link, which is used up, or a token."""
        address, prefix = address_of(scope), prefix_of(letters)
        await asyncio.sleep(self._attempts.wait(address, prefix))
        try:
            if not is_token(letters):
                raise NotAuthenticated("This is neither a sign-in code nor a token.")
            made = await self._database.write(NOBODY, lambda session: exchange_sign_in(session, letters))
        except NotAuthenticated as problem:
            # A token of one's own signs in as well.
            if not is_token(letters) or await self._look_up(letters, hash_token(letters)) is None:
                self._attempts.fail(address, prefix)
                raise problem from None
            return SignedIn(letters, SESSION_DAYS * 86_400)
        return SignedIn(made.letters, SESSION_DAYS * 86_400)

    async def sign_out(self, scope: Mapping[str, Any]) -> None:
        """Revoke the token that the request carries, if it is one that a browser got for its sign-in."""
        letters = read_credential(scope)
        if letters is not None:
            viewer = await self._verify(letters, address_of(scope))
            await self._database.write(
                viewer.researcher, lambda session: end_session(session, viewer, letters)
            )
            self.forget()

    def forget(self) -> None:
        """Accounts or tokens have changed: everything is looked up again."""
        self._known = self._make_table()
        self._looking = {}

    async def close(self) -> None:
        """Wait for what is being written still."""
        await asyncio.gather(*self._noting, return_exceptions=True)

    def _make_table(self) -> Kept[bytes, _Known]:
        return Kept(MAX_KEPT, MAX_KEPT, lambda _digest, _known: 1)

    async def _verify(self, letters: str, address: str) -> Viewer:
        digest = hash_token(letters)
        viewer = self._recall(digest)
        if viewer is not None:
            return viewer
        if self._issuer is not None and is_jwt(letters):
            # Nobody guesses at a signature, and many come to their end while they are being used.
            viewer = await self._look_up(letters, digest)
            if viewer is None:
                raise NotAuthenticated("No researcher who is enabled has the subject of this token.")
            return viewer
        known, prefix = self._known.get(digest), prefix_of(letters)
        # One that was right before is looked at without delay: others may have guessed at its prefix.
        if known is None and (delay := self._attempts.wait(address, prefix)):
            await asyncio.sleep(delay)
        viewer = await self._look_up(letters, digest) if is_token(letters) else None
        if viewer is None:
            self._attempts.fail(address, prefix)
            raise NotAuthenticated(
                "The token is unknown, expired or revoked, or its researcher is disabled.",
                hint="`sayso token list` says which; `sayso token create` makes a new one.",
            )
        return viewer

    def _recall(self, digest: bytes) -> Viewer | None:
        known = self._known.get(digest)
        return known.viewer if known is not None and self._clock() < known.until else None

    async def _look_up(self, letters: str, digest: bytes) -> Viewer | None:
        """Who has this token, and keep it in mind. Those who ask at the same time share it."""
        looking = self._looking.get(digest)
        if looking is None:
            looking = asyncio.ensure_future(self._find(letters, digest))
            self._looking[digest] = looking
            looking.add_done_callback(lambda _done: self._looking.pop(digest, None))
        try:
            return await asyncio.shield(looking)
        except _Unknown:
            return None

    async def _find(self, letters: str, digest: bytes) -> Viewer:
        known_before = self._known
        row = await self._find_row(letters, digest)
        if row is None:
            # It is right no more: from now on it waits as any other that is wrong.
            self._known.drop(digest)
            raise _Unknown
        known = self._known.get(digest)
        token = UUID(row["id"]) if row["id"] else None
        viewer = Viewer(
            researcher=UUID(row["researcher"]),
            role=lower_role(*map(Role, row["roles"])),
            token=token,
            email=row["email"],
            until=row["until"] and datetime.fromisoformat(row["until"]),
        )
        seconds = KEPT_SECONDS if row["seconds"] is None else min(KEPT_SECONDS, row["seconds"])
        # What was read before `forget` was called is not kept after it.
        if known_before is self._known:
            if known is None:
                self._known.put(digest, known := _Known(viewer, 0.0))
            known.viewer, known.until = viewer, self._clock() + seconds
        if token is not None and row["unused"]:
            noting = asyncio.ensure_future(self._note_use(token))
            self._noting.add(noting)
            noting.add_done_callback(self._noting.discard)
        return viewer

    async def _find_row(self, letters: str, digest: bytes) -> dict[str, Any] | None:
        """Whose token it is, what they may, for how many seconds and until when.

        Raises NotAuthenticated for a JWT.
        """
        row: dict[str, Any] | None
        if self._issuer is not None and is_jwt(letters):
            about = await self._issuer.verify(letters)
            found = await self._database.fetch_json(FIND_IDENTITY, [about.issuer, about.subject])
            row = json.loads(found)
            until = datetime.fromtimestamp(min(about.until, LAST_SECOND), UTC).isoformat()
            return row and row | {"id": None, "seconds": max(0.0, about.until - time()), "until": until}
        row = json.loads(await self._database.fetch_json(FIND_ACCESS, [prefix_of(letters), USED_SECONDS]))
        right = row is not None and hmac.compare_digest(bytes.fromhex(row["hash"]), digest)
        return row if right else None

    async def _note_use(self, token: UUID) -> None:
        """Beside the request, which does not wait for it."""
        values = {"id": token, "seconds": USED_SECONDS}
        try:
            await self._database.write(NOBODY, lambda session: session.execute(NOTE_USE, values))
        except SaysoError as problem:
            log.warning("the last use of a token was not noted: %s", problem.message)


class _Unknown(Exception):
    """There is no such token."""
