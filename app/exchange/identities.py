"""Which row an entry is: by the bundle it came with, and across bundles.

A row is known by a *global key*, the same in every bundle and every database: `baghdad-2019/esper`, the entry
`esper` of the bundle baghdad-2019; or, of a row that no bundle brought, its id here, `agent_0199e5a0-…`. An
export names its entries so, and its import finds the rows that are there already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select, text
from sqlalchemy.dialects.postgresql import insert

from app.database import WriteSession
from app.domain.identifiers import decode_id
from app.exchange.entries import Entry, Section
from app.models import metadata

# The name of a row in a bundle: its section and its key.
EntryName = tuple[Section, str]

# Two 32-bit keys, as the lock of the structure has; 7368 is ours alone.
LOCK_BUNDLE = text("SELECT pg_advisory_xact_lock(7368, hashtext(:bundle))")
OWN = text("SELECT table_name, key, row_id, entry_sha256 FROM imported WHERE bundle = :bundle")
OWN_AMONG = text("""
SELECT i.table_name, i.key, i.row_id, i.entry_sha256
FROM unnest(CAST(:tables AS text[]), CAST(:keys AS text[])) AS wanted (table_name, key)
JOIN imported i ON i.bundle = :bundle AND i.table_name = wanted.table_name AND i.key = wanted.key
""")
# Two ways to be the same, each by an index: by OR between them all that was imported would be gone through.
SHARED = text("""
WITH wanted AS (
    SELECT * FROM unnest(CAST(:tables AS text[]), CAST(:keys AS text[]), CAST(:globals AS text[]),
                         CAST(:bundles AS text[]), CAST(:locals AS text[]))
        AS wanted (table_name, key, global, bundle, local)
)
SELECT DISTINCT ON (found.table_name, found.key) found.table_name, found.key, found.row_id
FROM (
    SELECT w.table_name, w.key, i.row_id, i.recorded_at FROM wanted w
    JOIN imported i ON i.table_name = w.table_name AND i.key = w.global
    UNION ALL
    SELECT w.table_name, w.key, i.row_id, i.recorded_at FROM wanted w
    JOIN imported i ON i.bundle = w.bundle AND i.table_name = w.table_name AND i.key = w.local
) found
ORDER BY found.table_name, found.key, found.recorded_at
""")

_IMPORTED = metadata.tables["imported"]
_SECTIONS = {section.table: section for section in Section}


@dataclass(frozen=True, slots=True)
class Mark:
    """The row of an entry. `sha256` is the digest of the entry as it was taken in, whole.

    It is "" while something is still to be done to the row, that of no entry once something was redacted, and
    None for a row that another bundle brought.
    """

    row: UUID
    sha256: str | None


def globalize(bundle: str, key: str) -> str:
    """
    >>> globalize("baghdad-2019", "esper"), globalize("export", "baghdad-2019/esper")
    ('baghdad-2019/esper', 'baghdad-2019/esper')
    """
    return key if "/" in key or decode_id(key) is not None else f"{bundle}/{key}"


async def lock_bundle(session: WriteSession, bundle: str) -> None:
    """No other import of this bundle writes until the end of the transaction."""
    await session.execute(LOCK_BUNDLE, {"bundle": bundle})


async def find_own(session: WriteSession, bundle: str) -> dict[EntryName, Mark]:
    """The entries of a bundle that were imported before."""
    return _read_marks((await session.execute(OWN, {"bundle": bundle})).all())


async def find_own_among(
    session: WriteSession, bundle: str, names: Collection[EntryName]
) -> dict[EntryName, Mark]:
    """Those of these entries that were imported before."""
    wanted = {"tables": [s.table for s, _ in names], "keys": [key for _, key in names]}
    return _read_marks((await session.execute(OWN_AMONG, {"bundle": bundle, **wanted})).all())


async def find_shared(
    session: WriteSession, bundle: str, names: Collection[EntryName]
) -> dict[EntryName, Mark]:
    """The rows that other bundles brought, or that were recorded here, among entries new to this bundle."""
    wanted: dict[str, list[str]] = {name: [] for name in ("tables", "keys", "globals", "bundles", "locals")}
    by_id: dict[Section, dict[UUID, str]] = {}
    for section, key in names:
        known = globalize(bundle, key)
        brought_by, _, local = known.partition("/")
        for name, value in zip(wanted, (section.table, key, known, brought_by, local), strict=True):
            wanted[name].append(value)
        identity = decode_id(key)
        if identity is not None and identity[0] is section.node:
            by_id.setdefault(section, {})[identity[1]] = key
    found = (await session.execute(SHARED, wanted)).all()
    marks = {(_SECTIONS[row.table_name], row.key): Mark(row.row_id, None) for row in found}
    for section, keys in by_id.items():
        table = metadata.tables[section.table]
        # One parameter: a statement has room for 32,767, and an export names each row by its id.
        there = table.c.id == any_(literal(list(keys), ARRAY(Uuid)))
        for row in await session.scalars(select(table.c.id).where(there)):
            marks[section, keys[row]] = Mark(row, None)
    return marks


async def save_marks(
    session: WriteSession, bundle: str, marks: Mapping[EntryName, Mark], recorded_by: UUID
) -> None:
    """Keep which entries became which rows."""
    rows = [
        {
            "bundle": bundle,
            "table_name": section.table,
            "key": key,
            "row_id": mark.row,
            "entry_sha256": mark.sha256,
            "recorded_by": recorded_by,
        }
        for (section, key), mark in sorted(marks.items())
    ]
    if not rows:
        return
    statement = insert(_IMPORTED)
    new = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[_IMPORTED.c.bundle, _IMPORTED.c.table_name, _IMPORTED.c.key],
            set_={"row_id": new.row_id, "entry_sha256": new.entry_sha256},
        ),
        rows,
    )


def name_of(entry: Entry) -> EntryName:
    return entry.section, entry.key


def _read_marks(rows: Iterable[Any]) -> dict[EntryName, Mark]:
    return {(_SECTIONS[row.table_name], row.key): Mark(row.row_id, row.entry_sha256) for row in rows}
