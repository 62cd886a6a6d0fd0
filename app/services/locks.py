"""Who waits for whom, so that two writers never leave a stale status.

What is evaluated together is a *unit*: the claims under one root question; a claim without a question is a
unit of its own. A unit is named by the id of the root question, or of that claim.

- Every write takes the lock of the structure, shared. Under it parties, publishers, versions and roots stand
  still. What changes those takes it alone, and then needs no other lock.
- A write then takes the locks of the units it may change, in order. Among them are the units whose claims
  were assessed in the light of a claim of these units: whether that one still counts is decided here.

All are advisory locks of Postgres, held to the end of the transaction. Each statement after them sees what
was committed before they were granted (READ COMMITTED), so what decides is read after locking.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession

# Two 32-bit keys: another space than the one 64-bit key of a unit. "sayso" has no meaning to Postgres.
STRUCTURE = "7367, 1"
_ALONE = "sayso.structure_is_locked"

LOCK_STRUCTURE_SHARED = text(f"SELECT pg_advisory_xact_lock_shared({STRUCTURE})")
LOCK_STRUCTURE_ALONE = text(f"SELECT pg_advisory_xact_lock({STRUCTURE})")
LOCK_UNITS = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")

UNITS_OF_CLAIMS = text("SELECT DISTINCT coalesce(question_root, id) FROM claim WHERE id = ANY(:claims)")
DEPENDENT_UNITS = text("""
SELECT DISTINCT coalesce(judged.question_root, judged.id)
FROM claim evidence
JOIN assessment a ON a.evidence_claim = evidence.id AND a.withdrawn_at IS NULL
JOIN claim judged ON judged.id = a.claim
WHERE evidence.question_root = ANY(:units)
   OR (evidence.id = ANY(:units) AND evidence.question_root IS NULL)
""")


async def lock_structure_shared(session: WriteSession) -> None:
    """Parties, publishers, versions and roots stand still until the end of the transaction."""
    if not is_structure_locked(session):
        await session.execute(LOCK_STRUCTURE_SHARED)


async def lock_structure(session: WriteSession) -> None:
    """No other write is under way until the end of the transaction."""
    await session.execute(LOCK_STRUCTURE_ALONE)


@asynccontextmanager
async def structure_locked(session: WriteSession) -> AsyncIterator[None]:
    """Alone on the structure, so that within the block units need no locks of their own."""
    await lock_structure(session)
    session.info[_ALONE] = session.info.get(_ALONE, 0) + 1
    try:
        yield
    finally:
        session.info[_ALONE] -= 1


def is_structure_locked(session: WriteSession) -> bool:
    """Whether this session holds the structure alone, so that nobody else writes."""
    return bool(session.info.get(_ALONE))


async def lock_units(
    session: WriteSession, find_units: Callable[[], Awaitable[Collection[UUID]]]
) -> frozenset[UUID]:
    """Lock the units that `find_units` names and those that depend on them; the named ones are returned.

    What is found before the locks are granted may have changed by then: a claim moved, an assessment came.
    Then the locks are given up and all are taken again, in order, so that two writers never wait for
    each other. The shared lock of the structure must be held.
    """
    if is_structure_locked(session):
        return frozenset(await find_units())
    known: set[UUID] = set()
    while True:
        units = frozenset(await find_units())
        known |= units | await _find_dependent_units(session, units)
        await session.execute(text("SAVEPOINT before_units"))
        await session.execute(LOCK_UNITS, {"keys": sorted(map(_key_of, known))})
        units = frozenset(await find_units())
        if known >= units | await _find_dependent_units(session, units):
            await session.execute(text("RELEASE SAVEPOINT before_units"))
            return units
        await session.execute(text("ROLLBACK TO SAVEPOINT before_units"))
        await session.execute(text("RELEASE SAVEPOINT before_units"))


async def lock_claims(session: WriteSession, *claims: UUID) -> frozenset[UUID]:
    """Lock the units of claims; claims that are not there have none."""

    async def find_units() -> Collection[UUID]:
        return await find_units_of(session, claims)

    return await lock_units(session, find_units)


async def find_units_of(session: WriteSession, claims: Collection[UUID]) -> frozenset[UUID]:
    if not claims:
        return frozenset()
    return frozenset(await session.scalars(UNITS_OF_CLAIMS, {"claims": list(claims)}))


async def _find_dependent_units(session: WriteSession, units: frozenset[UUID]) -> frozenset[UUID]:
    if not units:
        return frozenset()
    return frozenset(await session.scalars(DEPENDENT_UNITS, {"units": list(units)}))


def _key_of(unit: UUID) -> int:
    """The last 64 bits, as Postgres's bigint: the random part of a key. Two units may share a lock."""
    return int.from_bytes(unit.bytes[8:], signed=True)
