"""A value erased everywhere, for good: where a court, a law or a source in danger asks for it.

The row gets a tombstone, and so does every revision that has the value. What was derived from it is worked
out again. Of a revision that was sealed, the digest of the value is kept and its salt is not, so that the
rest of the log can still be proved and the value cannot be guessed from what is left.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

import asyncpg
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from app.database import WriteSession, connect, sqlstate
from app.domain.identifiers import NodeType
from app.domain.seals import TOMBSTONE, erase, erase_more, read_kept, spell_kept, spell_text
from app.errors import OWNER_HINT, InvalidInput, NotPermitted
from app.models import metadata
from app.permissions import Operation, Viewer, permit
from app.services.corroboration import recompute
from app.services.inputs import MAX_NOTE, Problems
from app.services.locks import structure_locked
from app.services.quotes import check_quotes
from app.services.reach import reach_of_name
from app.services.rows import UNIQUE_VIOLATION, because, lock_row
from app.services.sealing import CONTENT, SEALERS, read_fields


@dataclass(frozen=True, slots=True)
class Field:
    """What is erased together.

    `columns`: what each of them holds afterwards. `words`: those whose words are erased, by default all; the
    others are only set, for what they were says nothing. `also`: erased with them, and written by a trigger.
    """

    columns: Mapping[str, Any]
    table: str | None = None
    words: Collection[str] | None = None
    also: Collection[str] = ()


def _text(*columns: str) -> Field:
    return Field(dict.fromkeys(columns, TOMBSTONE))


def _nothing(*columns: str) -> Field:
    # An address that is no address, or the same twice, would be refused.
    return Field(dict.fromkeys(columns, None))


FIELDS: Mapping[NodeType, Mapping[str, Field]] = {
    NodeType.AGENT: {
        "name": _text("name"),
        "aliases": Field({"aliases": []}),
        "description": _text("description"),
        "wikidataId": _nothing("wikidata_id"),
        "pseudonym": _text("pseudonym"),
    },
    NodeType.SOURCE: {
        "title": _text("title"),
        "byline": _text("byline"),
        "url": _nothing("url"),
        "archiveUrl": _nothing("archive_url"),
        "text": Field({"text": TOMBSTONE}, also=("text_sha256",)),
        "note": _text("note"),
    },
    NodeType.EVENT: {"title": _text("title"), "description": _text("description"), "place": _text("place")},
    NodeType.QUESTION: {"text": _text("text"), "counted": _text("counted"), "unit": _text("unit")},
    NodeType.CLAIM: {
        "statement": _text("statement"),
        "quote": Field(
            {
                "quote_exact": TOMBSTONE,
                **dict.fromkeys(("quote_prefix", "quote_suffix", "quote_start", "quote_end")),
            },
            words=("quote_exact", "quote_prefix", "quote_suffix"),
        ),
        "quantity": _text("quantity_text"),
        "note": _text("note"),
        "cue": Field({"cue": TOMBSTONE}, table="attribution"),
        "retractionReason": _text("retraction_reason"),
        "retractionUrl": _nothing("retraction_url"),
        "withdrawalReason": _text("withdrawal_reason"),
    },
    NodeType.ASSESSMENT: {
        "rationale": _text("rationale"),
        "withdrawalReason": _text("withdrawal_reason"),
    },
    NodeType.RESEARCHER: {"email": _nothing("email")},
}


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is erased, or would be.

    `revisions`: how many held it before. `elsewhere`: other rows whose words, now or once, contain a value;
    of more than MOST_ELSEWHERE of them the first, and `more_elsewhere`.
    """

    fields: tuple[str, ...]
    values: tuple[str, ...]
    rows: int
    revisions: int
    elsewhere: tuple[str, ...]
    more_elsewhere: bool


IS_OWNER = text("SELECT has_table_privilege('revision', 'UPDATE')")
ALONE = text(f"SELECT pg_advisory_xact_lock({SEALERS})")
OPEN_LOG = text("SELECT set_config('sayso.redaction', :redaction, true)")
# Rows that are gone as well.
ROWS_OF = text("SELECT DISTINCT row_id FROM revision WHERE subject = :key AND table_name = :table ORDER BY 1")
INSERT = text("""
INSERT INTO redaction (table_name, row_id, subject, fields, reason, recorded_by)
VALUES (:table, :row, :subject, :fields, :reason, :recorded_by) RETURNING id
""")
REVISIONS = text("""
SELECT r.id, r.before, r.after, r.reason FROM revision r
WHERE r.subject = :subject AND r.table_name = :table AND r.row_id = :row ORDER BY r.id
""")
ERASED = """
coalesce((SELECT jsonb_object_agg(key, CASE WHEN '{0}.' || key = ANY(CAST(:gone AS text[]))
                                       THEN to_jsonb(CAST(:tombstone AS text)) ELSE value END)
          FROM jsonb_each({0})), {0})
"""
ERASE = text(f"""
UPDATE revision SET before = {ERASED.format("before")}, after = {ERASED.format("after")},
    reason = CASE WHEN 'reason' = ANY(CAST(:gone AS text[])) THEN :tombstone ELSE reason END
WHERE id = :id
""")  # noqa: S608 - the names are constants
SOURCE_OF = text("SELECT source FROM claim WHERE id = :key")
LINK = text("SELECT seed, kept FROM sealed_revision WHERE revision = :id")
KEEP = text("UPDATE sealed_revision SET seed = NULL, kept = CAST(:kept AS jsonb) WHERE revision = :id")
# The hash of a request is one of what was asked for. Without it the key is refused, and nothing done again.
FORGET_REQUESTS = text("""
UPDATE idempotency_key SET request_sha256 = '' WHERE strpos(answer::text, :row) > 0
""")
# The digest of an entry as well. An empty one would say that its import was interrupted, and is to go on.
FORGET_ENTRIES = text("UPDATE imported SET entry_sha256 = :tombstone WHERE row_id = :row")
ELSEWHERE = text("""
SELECT DISTINCT r.table_name, r.row_id FROM revision r, unnest(CAST(:words AS text[])) AS words
WHERE r.row_id <> ALL(:rows)
  AND (strpos(r.before::text, words) > 0 OR strpos(r.after::text, words) > 0 OR strpos(r.reason, words) > 0)
ORDER BY 1, 2 LIMIT :most
""")
MOST_ELSEWHERE = 100
SPACES = (
    *(node.table for node in FIELDS),
    *("attribution", "revision", "sealed_revision", "corroboration", "idempotency_key", "imported"),
)
# Shorter words stand in too many places, longer ones in none.
SHORTEST, LONGEST = 4, 1_000


async def redact(
    session: WriteSession,
    viewer: Viewer,
    node: NodeType,
    key: UUID,
    fields: Collection[str],
    reason: str,
    *,
    dry_run: bool = False,
) -> Redaction:
    """Erase fields of a node: as they stand, and as they ever stood. It cannot be undone.

    The session has to be one of the tables' owner (`Database.open(as_owner=True)`).
    Raises InvalidInput (also if nothing is there to be erased, or the reason holds it), NotFound,
    NotPermitted. A `dry_run` changes nothing.
    """
    permit(viewer, Operation.REDACT)
    problems = Problems()
    problems.check_text(reason, "reason", max_length=MAX_NOTE, required=True)
    for name in fields:
        if name not in FIELDS[node]:
            problems.add("fields", message=f"{node} has no {name!r} to redact, but {', '.join(FIELDS[node])}")
    if not fields:
        problems.add("fields", message="name at least one field")
    problems.raise_any()
    if not await session.scalar(IS_OWNER):
        raise NotPermitted(
            "The log is closed to the role as which Sayso works.",
            hint=OWNER_HINT,
        )
    await session.execute(ALONE)
    async with structure_locked(session), because(session, reason):
        await lock_row(session, node, key)
        targets = [target for name in fields for target in await _find_targets(session, node, key, name)]
        values = {value for target in targets for value in target.values}
        if not values:
            raise InvalidInput.at("fields", message="nothing stands there, and nothing ever did")
        if any(value in reason for value in values if len(value) >= SHORTEST):
            raise InvalidInput.at("reason", message="holds what is to be erased, and is kept itself")
        words = [_escape(value) for value in sorted(values) if SHORTEST <= len(value) <= LONGEST]
        rows = [target.row for target in targets]
        found = await session.execute(ELSEWHERE, {"words": words, "rows": rows, "most": MOST_ELSEWHERE + 1})
        elsewhere = tuple(f"{table} {row}" for table, row in found)
        if not dry_run:
            for target in targets:
                await _erase(session, viewer, target, reason)
            await _derive(session, node, key, fields)
    return Redaction(
        tuple(fields),
        tuple(sorted(values)),
        len(rows),
        sum(len(target.revisions) for target in targets),
        elsewhere[:MOST_ELSEWHERE],
        more_elsewhere=len(elsewhere) > MOST_ELSEWHERE,
    )


@dataclass(frozen=True, slots=True)
class _Target:
    """One row, what to set in it, what to erase, and the revisions that have any of its `values`."""

    table: str
    row: UUID
    subject: UUID
    field: Field
    revisions: frozenset[int]
    values: frozenset[str]

    @property
    def words(self) -> Collection[str]:
        return self.field.columns if self.field.words is None else self.field.words


async def _find_targets(session: WriteSession, node: NodeType, key: UUID, name: str) -> list[_Target]:
    """The rows that have or had words there. A value that is erased already is none."""
    field = FIELDS[node][name]
    table = field.table or node.table
    rows: Sequence[UUID] = [key]
    if field.table is not None:
        rows = (await session.scalars(ROWS_OF, {"key": key, "table": table})).all()
    targets = []
    for row in rows:
        empty = _Target(table, row, key, field, frozenset(), frozenset())
        values, revisions = set(), set()
        for revision in await _read_revisions(session, empty):
            said = {
                word
                for image in (revision.before, revision.after)
                for column in empty.words
                for word in _read_words((image or {}).get(column))
            }
            if said:
                values |= said
                revisions.add(revision.id)
        if values:
            targets.append(replace(empty, revisions=frozenset(revisions), values=frozenset(values)))
    return targets


async def _read_revisions(session: WriteSession, target: _Target) -> Sequence[Any]:
    which = {"subject": target.subject, "table": target.table, "row": target.row}
    return (await session.execute(REVISIONS, which)).all()


def _read_words(value: object) -> list[str]:
    if isinstance(value, list):
        return [word for item in value for word in _read_words(item)]
    return [value] if isinstance(value, str) and value not in ("", TOMBSTONE) else []


async def _erase(session: WriteSession, viewer: Viewer, target: _Target, reason: str) -> None:
    """Set the row, and erase its words in every revision, that of setting it among them."""
    values = {
        "table": target.table,
        "row": target.row,
        "subject": target.subject,
        "fields": sorted({*target.words, *target.field.also}),
        "reason": reason,
        "recorded_by": viewer.researcher,
    }
    redaction = (await session.execute(INSERT, values)).scalar_one()
    await _set_row(session, target)
    await session.execute(OPEN_LOG, {"redaction": str(redaction)})
    revisions = await _read_revisions(session, target)
    for revision in revisions:
        gone = _find_gone(target, revision, last=revision is revisions[-1])
        if gone:
            await _erase_fields(session, revision.id, gone)
    await session.execute(OPEN_LOG, {"redaction": ""})
    await session.execute(FORGET_REQUESTS, {"row": str(target.subject)})
    await session.execute(FORGET_ENTRIES, {"row": target.subject, "tombstone": TOMBSTONE})


async def _set_row(session: WriteSession, target: _Target) -> None:
    """What holds anything gets what stands for nothing. A row that is gone, or holds nothing now, is left."""
    table = metadata.tables[target.table]
    found = await session.execute(select(table).where(table.c.id == target.row))
    row = found.mappings().one_or_none()
    if row is None or not any(_read_words(row[column]) for column in target.words):
        return
    changes = {name: value for name, value in target.field.columns.items() if row[name] is not None}
    try:
        async with session.begin_nested():
            await session.execute(
                update(table).where(table.c.id == target.row).values(**changes, version=row["version"] + 1)
            )
    except IntegrityError as problem:
        if sqlstate(problem) != UNIQUE_VIOLATION:
            raise
        message = "another record would then say the very same; withdraw one of the two first"
        raise InvalidInput.at("fields", message=message) from problem


def _find_gone(target: _Target, revision: Any, *, last: bool) -> frozenset[str]:
    """The fields of a revision to erase. What the row became at the last stands already for nothing."""
    gone = set()
    for name, image in (("before", revision.before), ("after", revision.after)):
        if image is None or (last and name == "after"):
            continue
        columns = {column for column in target.words if _read_words(image.get(column))}
        gone |= {f"{name}.{column}" for column in (*columns, *(target.field.also if columns else ()))}
    if revision.reason and any(value in revision.reason for value in target.values if len(value) >= SHORTEST):
        gone.add("reason")
    return frozenset(gone)


async def _erase_fields(session: WriteSession, revision: int, gone: frozenset[str]) -> None:
    sealed = (await session.execute(LINK, {"id": revision})).one_or_none()
    if sealed is not None:
        connection = await (await session.connection()).get_raw_connection()
        driver = cast("asyncpg.Connection", connection.driver_connection)
        content = await driver.fetchrow(CONTENT, [revision])
        assert content is not None, "it was read a moment ago"
        fields = read_fields(content)
        kept = (
            erase(fields, sealed.seed, gone)
            if sealed.seed is not None
            else erase_more(fields, read_kept(sealed.kept), gone)
        )
        await session.execute(KEEP, {"id": revision, "kept": json.dumps(spell_kept(kept))})
    await session.execute(ERASE, {"id": revision, "gone": list(gone), "tombstone": TOMBSTONE})


async def _derive(session: WriteSession, node: NodeType, key: UUID, fields: Collection[str]) -> None:
    """Work out again what was derived from what is gone."""
    if node is NodeType.AGENT and not {"name", "pseudonym"}.isdisjoint(fields):
        await recompute(session, await reach_of_name(session, key))
    if node is NodeType.SOURCE and "text" in fields:
        await check_quotes(session, key)
    if node is NodeType.CLAIM and "quote" in fields:
        await check_quotes(session, (await session.scalars(SOURCE_OF, {"key": key})).one())


def _escape(value: str) -> str:
    """The words as they stand in JSON, without its quotation marks."""
    return spell_text(value)[1:-1].decode()


async def free_space(dsn: str) -> None:
    """Let Postgres overwrite the rows as they were. Nothing waits for it."""
    async with connect(dsn, "sayso redact") as connection:
        await connection.execute(f"VACUUM {', '.join(SPACES)}")
