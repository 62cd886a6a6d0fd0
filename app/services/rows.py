"""Rows on their way in: locked, inserted, changed. Every statement names one row of one recorded table.

A service raises before its first write, or inside a savepoint, so that whoever catches the error and goes on
in the same transaction keeps nothing half-written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence, Set
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Executable, RowMapping, Table, Uuid, any_, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.selectable import TypedReturnsRows

from app.database import Overtaken, WriteSession, sqlstate
from app.domain.identifiers import NodeType, encode_id
from app.errors import Duplicate, NotFound, SaysoError, StaleVersion
from app.models import metadata
from app.services.inputs import UNSET, Problems
from app.services.locks import is_structure_locked

UNIQUE_VIOLATION = "23505"
_PRESENT = "sayso.present"

NEW_KEYS = text("SELECT uuidv7() FROM generate_series(1, CAST(:number AS integer))")
SET_REASON = text("SELECT set_config('sayso.reason', :reason, true)")
CURRENT_REASON = text("SELECT current_setting('sayso.reason', true)")


def spell_keys(name: str) -> str:
    """A parameter that holds keys, as SQL spells it, of any number of which the planner makes the same plan.

    Of a bare parameter it looks at the number, and plans a statement anew for each few keys that it is given.
    That takes longer than to find them, by index either way.

    >>> spell_keys("units")
    'ARRAY(SELECT unnest(CAST(:units AS uuid[])))'
    """
    return f"ARRAY(SELECT unnest(CAST(:{name} AS uuid[])))"


def table_of(node: NodeType) -> Table:
    return metadata.tables[node.table]


async def lock_row(session: WriteSession, node: NodeType, key: UUID, *path: str) -> RowMapping:
    """The recorded columns of a row, which nobody else changes until the end of the transaction.

    Raises NotFound; `path` names the field of the input that holds the id, by default the type's own name.
    """
    return await find_row(session, node, key, *path, locked=True)


async def find_row(
    session: WriteSession, node: NodeType, key: UUID, *path: str, locked: bool = False
) -> RowMapping:
    """The recorded columns of a row as they stand now. Raises NotFound as `lock_row` does."""
    table = table_of(node)
    wanted = select(*(column for column in table.columns if column.name != "words")).where(table.c.id == key)
    if locked:
        # NO KEY UPDATE: others may go on referring to the row.
        wanted = wanted.with_for_update(key_share=True)
    row = (await session.execute(wanted)).mappings().one_or_none()
    if row is None:
        raise NotFound(node.value, encode_id(node, key), path=path or (node.table,))
    return row


def check_version(node: NodeType, row: RowMapping, expected: int) -> None:
    """Raise StaleVersion if the row was changed since the caller read it."""
    if row["version"] != expected:
        raise StaleVersion(node.value, encode_id(node, row["id"]), expected, row["version"])


async def insert_row(session: WriteSession, node: NodeType, values: Mapping[str, Any]) -> UUID | None:
    """The key of the new row; None if a unique index holds such a row already, whoever came first."""
    # As parameters: a statement with the values in it would be made anew for every row.
    key: UUID | None = await session.scalar(_make_insert(table_of(node)), dict(values))
    return key


async def insert_rows(
    session: WriteSession, node: NodeType, rows: Sequence[Mapping[str, Any]]
) -> list[UUID | None]:
    """`insert_row` of each, in their order. All have the same columns."""
    if len(rows) == 1:
        return [await insert_row(session, node, rows[0])]
    if not rows:
        return []
    named = "id" in rows[0]
    keys = [row["id"] for row in rows] if named else await new_keys(session, len(rows))
    keyed = [{**row, "id": key} for row, key in zip(rows, keys, strict=True)]
    await session.execute(_make_insert_of_many(table_of(node)), keyed)
    there = await find_rows(session, node, keys)
    return [key if key in there else None for key in keys]


@lru_cache
def _make_insert(table: Table) -> TypedReturnsRows[UUID]:
    return _make_insert_of_many(table).returning(table.c.id)


@lru_cache
def _make_insert_of_many(table: Table) -> Insert:
    return insert(table).on_conflict_do_nothing()


async def new_keys(session: WriteSession, number: int) -> list[UUID]:
    """Keys for rows, the later ones greater."""
    return list(await session.scalars(NEW_KEYS, {"number": number}))


async def new_key(session: WriteSession) -> UUID:
    """A key for a row that names itself: the party of an agent, the root of a question."""
    (key,) = await new_keys(session, 1)
    return key


def apply_changes(row: RowMapping, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the changes that are set, and differ from what stands in the row."""
    return {name: value for name, value in changes.items() if value is not UNSET and row[name] != value}


async def update_row(
    session: WriteSession,
    node: NodeType,
    row: RowMapping,
    changes: Mapping[str, Any],
    find_duplicate: Callable[[], Awaitable[Duplicate]] | None = None,
) -> None:
    """Change a locked row and count its version up.

    Where a unique index refuses, nothing is changed and what `find_duplicate` finds is raised.
    """
    table = table_of(node)
    statement = (
        update(table)
        .where(table.c.id == row["id"], table.c.version == row["version"])
        .values(**changes, version=row["version"] + 1)
    )
    if find_duplicate is None:
        await session.execute(statement)
        return
    try:
        async with session.begin_nested():
            await session.execute(statement)
    except IntegrityError as problem:
        if sqlstate(problem) != UNIQUE_VIOLATION:
            raise
        raise await find_duplicate() from problem


async def find_refusing(
    session: WriteSession, standing: Executable, values: Mapping[str, Any] | None = None
) -> UUID:
    """The key of the row for which a unique index refused another. `standing` selects it.

    Raises Overtaken if it stands so no more: the index does not hold it until the end of the transaction.
    """
    key: UUID | None = await session.scalar(standing, values)
    if key is None:
        raise Overtaken
    return key


async def check_references(
    session: WriteSession,
    problems: Problems,
    node: NodeType,
    references: Collection[tuple[UUID, tuple[str, ...]]],
) -> None:
    """Add to the problems each (key, path) that names no row."""
    if not references:
        return
    found = await find_present(session, node, {key for key, _ in references})
    for key, path in references:
        if key not in found:
            problems.miss(node, key, *path)


async def find_present(session: WriteSession, node: NodeType, keys: Set[UUID]) -> Set[UUID]:
    """Those of the keys that name a row. Each is looked up once where nobody else writes meanwhile."""
    present: set[UUID] = set()
    if is_structure_locked(session):
        present = session.info.setdefault(_PRESENT, defaultdict(set))[node]
    unknown = keys - present
    if unknown:
        present |= await find_rows(session, node, unknown)
    return keys & present


async def find_rows(session: WriteSession, node: NodeType, keys: Iterable[UUID]) -> set[UUID]:
    """Those of the keys that name a row."""
    return set(await session.scalars(_make_search(table_of(node)), {"keys": list(keys)}))


@lru_cache
def _make_search(table: Table) -> TypedReturnsRows[UUID]:
    # One parameter: a statement has room for 32,767.
    return select(table.c.id).where(table.c.id == any_(bindparam("keys", type_=ARRAY(Uuid))))


@asynccontextmanager
async def because(session: WriteSession, reason: str) -> AsyncIterator[None]:
    """The revisions written within the block say why."""
    before = await session.scalar(CURRENT_REASON)
    await session.execute(SET_REASON, {"reason": reason})
    try:
        yield
    except SaysoError:
        await session.execute(SET_REASON, {"reason": before or ""})
        raise
    await session.execute(SET_REASON, {"reason": before or ""})


@asynccontextmanager
async def tried(session: WriteSession, *, dry_run: bool) -> AsyncIterator[None]:
    """The block in a savepoint, given up in the end if it was only to be tried."""
    async with session.begin_nested() as savepoint:
        yield
        if dry_run:
            await savepoint.rollback()
