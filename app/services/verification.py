"""The whole log proved: every link of the chain, every seal, and that the tables are what the log made them.

All hashes are worked out here again; nothing that the database computes is believed. One snapshot, read in
slices: memory does not grow with the log, and no write waits.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from app.database import connect
from app.domain.seals import (
    NO_HASH,
    SEED_BYTES,
    Fields,
    Kept,
    SealedState,
    digest_fields,
    digest_kept,
    hash_seal,
    link,
    read_kept,
)
from app.models.log import LOGGED_TABLES
from app.models.roles import WRITER
from app.services.sealing import CONTENT, SEALED_UP_TO, read_fields, reading

SLICE = 500
# Faults that are kept one by one; the others are only counted.
MOST_FAULTS = 100

COUNT = "SELECT count(*) FROM public."
SEALED = """
SELECT position, revision, seed, hash, kept::text FROM public.sealed_revision
WHERE position > $1 ORDER BY position LIMIT $2
"""
REDACTIONS = """
SELECT r.table_name, r.row_id, r.fields, r.recorded_at, w.name, r.reason
FROM public.redaction r LEFT JOIN public.researcher w ON w.id = r.recorded_by ORDER BY r.id
"""
SEALS = """
SELECT id, sealed_at, last_position, last_revision, complete_below, next_transaction,
       newest_revision, previous_hash, hash
FROM public.seal ORDER BY id
"""
UNSEALED = """
SELECT r.id FROM public.revision r
WHERE r.id > $1 AND NOT EXISTS (SELECT FROM public.sealed_revision s WHERE s.revision = r.id)
ORDER BY r.id LIMIT $2
"""
DELETED = """
SELECT row_id FROM public.revision WHERE table_name = $1 AND row_id = ANY($2) AND operation = 'DELETE'
"""
# What a column holds in rows that are older than it is: their revisions do not have it.
DEFAULTS = """
SELECT a.attname, CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS value
FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""
FIGURES = "status, lines_for, lines_against, reports_for, reports_against"
STATUSES = f"""
SELECT c.id FROM public.claim c
LEFT JOIN public.corroboration k ON k.claim = c.id
LEFT JOIN LATERAL (SELECT * FROM public.status_change s WHERE s.claim = c.id ORDER BY s.id DESC LIMIT 1) s
     ON true
WHERE c.id = ANY($1)
  AND ({", ".join(f"k.{name}" for name in FIGURES.split(", "))})
      IS DISTINCT FROM ({", ".join(f"s.{name}" for name in FIGURES.split(", "))})
ORDER BY c.id
"""  # noqa: S608 - the names are constants

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was sealed. `place`: a revision, a seal or a row, as in "revision 12"."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """Values that were erased, by whom and why."""

    row: str
    fields: tuple[str, ...]
    at: str
    by: str
    reason: str


@dataclass(slots=True)
class Verification:
    """What was proved. `faults`: the first MOST_FAULTS of `found`, those of the log in its order first."""

    sealed: int = 0
    unsealed: int = 0
    seals: int = 0
    rows: int = 0
    erased: int = 0
    newest_seal: str | None = None
    redactions: list[Redacted] = field(default_factory=list)
    found: int = 0
    faults: list[Fault] = field(default_factory=list)

    def note(self, place: str, message: str) -> None:
        self.found += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(place, message))


async def verify_log(
    dsn: str, *, noted: tuple[int, str] | None = None, on_progress: Progress | None = None
) -> Verification:
    """Prove the log. `noted`: the id and the hash of a seal, as they were written down elsewhere.

    Without such a seal it is proved that the log agrees with itself, not that nobody wrote all of it anew.
    Raises DatabaseUnavailable if the database cannot be reached.
    """
    async with connect(dsn, "sayso verify", role=WRITER) as connection, reading(connection):
        return await verify_on(connection, noted=noted, on_progress=on_progress)


async def verify_on(
    connection: asyncpg.Connection,
    *,
    noted: tuple[int, str] | None = None,
    on_progress: Progress | None = None,
) -> Verification:
    """The same of what a transaction under way sees."""
    tables = ("revision", *LOGGED_TABLES)
    total = sum([await connection.fetchval(COUNT + table) for table in tables])
    verifier = _Verifier(connection, lambda done: on_progress(done, total) if on_progress else None)
    await verifier.read_redactions()
    await verifier.verify_chain(noted)
    await verifier.verify_unsealed()
    for table in LOGGED_TABLES:
        await verifier.verify_rows(table)
    return verifier.result


class _Verifier:
    def __init__(self, connection: asyncpg.Connection, show: Callable[[int], None]) -> None:
        self._connection = connection
        self._show = show
        self._done = 0
        # What may be erased of each row.
        self._redacted: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.result = Verification()

    async def read_redactions(self) -> None:
        """What may be missing, and who erased it. The rows themselves are in the log, and proved with it."""
        for table, row, fields, at, by, reason in await self._connection.fetch(REDACTIONS):
            names = {f"{image}.{name}" for image in ("before", "after") for name in fields}
            self._redacted[table, str(row)] |= names | {"reason"}
            told = Redacted(f"{table} {row}", tuple(fields), at.isoformat(), by or "nobody", reason)
            self.result.redactions.append(told)

    # --- the chain --------------------------------------------------------------------------------

    async def verify_chain(self, noted: tuple[int, str] | None) -> None:
        """Every link in order, and every seal where it closes the chain."""
        seals = _Seals(self.result, noted)
        closing = aiter(self._connection.cursor(SEALS))
        seal = await anext(closing, None)
        position, hash = 0, NO_HASH
        while links := await self._connection.fetch(SEALED, position, SLICE):
            content = await self._read_content([row["revision"] for row in links])
            for row in links:
                fields = content.get(row["revision"])
                self._verify_link(row, fields, position, hash)
                position, hash = row["position"], row["hash"]
                while seal is not None and seal["last_position"] <= position:
                    seals.verify(seal, hash if seal["last_position"] == position else None, row["revision"])
                    seal = await anext(closing, None)
            self.result.sealed += len(links)
        while seal is not None:
            seals.verify(seal, None, None)
            seal = await anext(closing, None)
        seals.end(position)

    def _verify_link(self, row: asyncpg.Record, fields: Fields | None, before: int, hash: bytes) -> None:
        position, place = row["position"], f"revision {row['revision']}"
        if position != before + 1:
            missing = f"{before + 1}" if position == before + 2 else f"{before + 1} to {position - 1}"
            self.result.note(f"position {missing}", "was removed from the chain")
        if fields is None:
            self.result.note(place, f"was removed from the log; it was sealed at position {position}")
            return
        kept = None if row["kept"] is None else _read_kept(row["kept"])
        digest = None
        if row["kept"] is None and row["seed"] is not None and len(row["seed"]) == SEED_BYTES:
            digest = digest_fields(fields, row["seed"])
        elif kept is not None:
            digest = digest_kept(fields, kept)
            self.result.erased += len(kept.digests)
            values = dict(fields)
            whose = (json.loads(values["table_name"]), json.loads(values["row_id"]))
            if kept.digests.keys() - self._redacted[whose]:
                self.result.note(place, f"lacks values that no redaction erased: {_describe(fields)}")
        if digest is None or (position == before + 1 and link(hash, position, digest) != row["hash"]):
            self.result.note(place, f"was altered, or its link at position {position}: {_describe(fields)}")

    async def _read_content(self, revisions: Sequence[int]) -> dict[int, Fields]:
        """The fields of these revisions; a fault for each row that one of them inserted and that is gone."""
        rows = await self._connection.fetch(CONTENT, revisions)
        inserted: dict[str, dict[UUID, int]] = defaultdict(dict)
        for row in rows:
            if row["operation"] == "INSERT" and row["table_name"] in LOGGED_TABLES:
                inserted[row["table_name"]][UUID(row["row_id"])] = row["id"]
        for table, keys in inserted.items():
            await self._find_removed(table, keys)
        self._done += len(rows)
        self._show(self._done)
        return {row["id"]: read_fields(row) for row in rows}

    async def _find_removed(self, table: str, keys: dict[UUID, int]) -> None:
        standing = await self._connection.fetch(
            f"SELECT id FROM public.{table} WHERE id = ANY($1)",  # noqa: S608 - a constant
            list(keys),
        )
        missing = keys.keys() - {row["id"] for row in standing}
        if missing:
            deleted = await self._connection.fetch(DELETED, table, list(missing))
            missing -= {row["row_id"] for row in deleted}
        for key in sorted(missing, key=keys.__getitem__):
            self.result.note(f"{table} {key}", f"was removed; revision {keys[key]} inserted it")

    # --- what is not sealed -----------------------------------------------------------------------

    async def verify_unsealed(self) -> None:
        """Revisions that wait for the next seal; one that no seal will take was put in later."""
        up_to = await self._connection.fetchval(SEALED_UP_TO)
        last = 0
        while rows := await self._connection.fetch(UNSEALED, last, SLICE):
            content = await self._read_content([row["id"] for row in rows])
            for (id,) in rows:
                if id <= up_to:
                    self.result.note(
                        f"revision {id}", f"was inserted after its time was sealed: {_describe(content[id])}"
                    )
            self.result.unsealed += len(rows)
            last = rows[-1]["id"]

    # --- the tables -------------------------------------------------------------------------------

    async def verify_rows(self, table: str) -> None:
        """Every row is what its last revision says it became."""
        subject, *derived = LOGGED_TABLES[table]
        compare = await self._spell_comparison(table, subject, derived)
        last = UUID(int=0)
        next_keys = f"SELECT id FROM public.{table} WHERE id > $1 ORDER BY id LIMIT $2"  # noqa: S608 - a name of ours
        while rows := await self._connection.fetch(next_keys, last, SLICE):
            keys = [row["id"] for row in rows]
            for id, after, columns in await self._connection.fetch(compare, keys):
                if after is None:
                    self.result.note(f"{table} {id}", "stands without a revision that put it there")
                else:
                    self.result.note(f"{table} {id}", f"is not what the log says: {', '.join(columns)}")
            if table == "claim":
                for (id,) in await self._connection.fetch(STATUSES, keys):
                    self.result.note(f"claim {id}", "has another status than its history ends with")
            self.result.rows += len(rows)
            self._done += len(rows)
            self._show(self._done)
            last = keys[-1]

    async def _spell_comparison(self, table: str, subject: str, derived: Sequence[str]) -> str:
        left_out = "ARRAY[" + ", ".join(f"'{name}'" for name in derived) + "]::text[]"
        columns = await self._connection.fetch(DEFAULTS, f"public.{table}")
        defaults = ", ".join(f"'{row['attname']}', ({row['value'] or 'NULL'})" for row in columns)
        return f"""
            SELECT id, logged, (
                SELECT array_agg(coalesce(a.key, b.key) ORDER BY coalesce(a.key, b.key))
                FROM jsonb_each(logged) a FULL JOIN jsonb_each(stands) b ON a.key = b.key
                WHERE a.value IS DISTINCT FROM b.value)
            FROM (
                SELECT t.id, to_jsonb(t) - {left_out} AS stands,
                       (jsonb_build_object({defaults}) || l.after) - {left_out} AS logged
                FROM public.{table} t
                LEFT JOIN LATERAL (
                    SELECT r.after FROM public.revision r
                    WHERE r.subject = t.{subject} AND r.table_name = '{table}' AND r.row_id = t.id
                    ORDER BY r.id DESC LIMIT 1) l ON true
                WHERE t.id = ANY($1)) rows
            WHERE stands IS DISTINCT FROM logged
            ORDER BY id
        """  # noqa: S608 - the names are constants, the defaults the schema's own


class _Seals:
    """The seals in order, each held against the chain where it closes it."""

    def __init__(self, result: Verification, noted: tuple[int, str] | None) -> None:
        self._result = result
        self._noted = noted
        self._previous: bytes | None = None
        self._position = 0

    def verify(self, row: asyncpg.Record, hash: bytes | None, revision: int | None) -> None:
        """`hash` and `revision`: at the position that the seal closes, None if there is no such link."""
        id, sealed_at, position, last_revision, *marks, previous, stated = row
        place = f"seal {id}"
        self._result.seals += 1
        if position <= self._position or hash is None:
            self._result.note(place, f"closes the chain at position {position}, where it has no link")
        elif previous != self._previous:
            self._result.note(place, "was altered, or the seal before it was removed")
        else:
            state = SealedState(id, sealed_at, position, last_revision, *marks)
            if last_revision != revision or hash_seal(previous or NO_HASH, state, hash) != stated:
                self._result.note(place, "was altered")
        if self._noted is not None and self._noted[0] == id:
            if stated.hex() != self._noted[1]:
                self._result.note(place, "is not the one that was noted: the log was written anew")
            self._noted = None
        self._previous, self._position = stated, max(position, self._position)
        self._result.newest_seal = f"{id}:{stated.hex()}"

    def end(self, position: int) -> None:
        if position > self._position:
            self._result.note(f"position {self._position + 1}", "is closed by no seal: seals were removed")
        if self._noted is not None:
            self._result.note(f"seal {self._noted[0]}", "was noted, and is not there: seals were removed")


def _read_kept(text: str) -> Kept | None:
    """The column `kept`; None if it is not as a redaction writes it."""
    try:
        return read_kept(json.loads(text))
    except (ValueError, AttributeError, TypeError):
        return None


def _describe(fields: Fields) -> str:
    values = {name: value.decode().strip('"') for name, value in fields}
    return f"{values['operation']} of {values['table_name']} {values['row_id']} at {values['at']}"
