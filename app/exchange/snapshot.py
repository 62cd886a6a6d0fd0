"""What stands in the database at one moment, as entries: all of it, or what one bundle brought."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select, text

from app.database import WriteSession
from app.domain.identifiers import encode_id
from app.errors import InvalidInput
from app.exchange.entries import AssessmentEntry, Entry, Section
from app.exchange.identities import globalize
from app.exchange.standing import read_entry, select_rows
from app.models import metadata

# The entries of each section by their rows, in the order in which they are written.
Snapshot = Mapping[Section, Mapping[UUID, Entry]]

# What reads the whole database takes its time.
SET_PATIENCE = text("SELECT set_config('statement_timeout', '10min', true)")

# All that the entries of a bundle refer to, however far, is exported with them.
WANTED = """WITH RECURSIVE brought AS (SELECT table_name, row_id FROM imported WHERE bundle = $1),
wanted_assessment (id) AS (SELECT row_id FROM brought WHERE table_name = 'assessment'),
wanted_claim (id) AS (
    SELECT row_id FROM brought WHERE table_name = 'claim'
    UNION SELECT claim FROM assessment WHERE id IN (SELECT id FROM wanted_assessment)
    UNION SELECT evidence_claim FROM assessment WHERE id IN (SELECT id FROM wanted_assessment)
),
wanted_source (id) AS (
    SELECT row_id FROM brought WHERE table_name = 'source'
    UNION SELECT source FROM claim WHERE id IN (SELECT id FROM wanted_claim)
    UNION SELECT evidence_source FROM assessment WHERE id IN (SELECT id FROM wanted_assessment)
    UNION SELECT link.id FROM wanted_source w JOIN source s ON s.id = w.id
    CROSS JOIN LATERAL (VALUES (s.reprints), (s.revises)) AS link (id)
),
wanted_question (id) AS (
    SELECT row_id FROM brought WHERE table_name = 'question'
    UNION SELECT question FROM claim WHERE id IN (SELECT id FROM wanted_claim)
    UNION SELECT q.merged_into FROM wanted_question w JOIN question q ON q.id = w.id
),
wanted_event (id) AS (
    SELECT row_id FROM brought WHERE table_name = 'event'
    UNION SELECT event FROM question WHERE id IN (SELECT id FROM wanted_question)
),
wanted_agent (id) AS (
    SELECT row_id FROM brought WHERE table_name = 'agent'
    UNION SELECT publisher FROM source WHERE id IN (SELECT id FROM wanted_source)
    UNION SELECT agent FROM attribution WHERE claim IN (SELECT id FROM wanted_claim)
    UNION SELECT link.id FROM wanted_agent w JOIN agent a ON a.id = w.id
    CROSS JOIN LATERAL (VALUES (a.part_of), (a.merged_into)) AS link (id)
)
"""
IMPORTED = """(SELECT coalesce(json_agg(json_build_array(table_name, row_id, bundle, key)), '[]'::json)
    FROM imported)"""


def _spell_snapshot(condition: str) -> str:
    parts = [f"'{one}', {select_rows(one, condition.format(table=one.table))}" for one in Section]
    return f"SELECT json_build_object('imported', {IMPORTED}, {', '.join(parts)})::varchar"


EVERYTHING = _spell_snapshot("true")
OF_BUNDLE = WANTED + _spell_snapshot("t.id IN (SELECT id FROM wanted_{table})")


async def read_snapshot(session: WriteSession, *, bundle: str | None) -> Snapshot:
    """All rows of one moment; of a bundle, those it brought and all that they refer to.

    Raises InvalidInput if no such bundle was imported.
    """
    await session.execute(SET_PATIENCE)
    if bundle is not None:
        await _check_bundle(session, bundle)
    sql, parameters = (EVERYTHING, []) if bundle is None else (OF_BUNDLE, [bundle])
    snapshot = json.loads(await session.fetch_json(sql, parameters))
    keys = _Keys(snapshot["imported"], bundle)
    entries: dict[Section, Mapping[UUID, Entry]] = {}
    for section in Section:
        rows = snapshot.pop(section)
        read = {UUID(row["id"]): read_entry(section, row, keys.name_row) for row in rows}
        entries[section] = dict(sorted(read.items(), key=lambda item: _order_of(item[1])))
    return entries


def _order_of(entry: Entry) -> tuple[str, ...]:
    """By key; a judgement beside the others on its claim, since its key is seldom one that people gave."""
    if isinstance(entry, AssessmentEntry):
        return (entry.claim, entry.evidence_claim or entry.evidence_source or "", entry.key)
    return (entry.key,)


async def _check_bundle(session: WriteSession, bundle: str) -> None:
    imported = metadata.tables["imported"]
    known = sorted(await session.scalars(select(imported.c.bundle).distinct()))
    if bundle not in known:
        told = f"these were: {', '.join(known)}" if known else "none was"
        raise InvalidInput.at("bundle", message=f"{bundle!r} was not imported; {told}")


class _Keys:
    """The key of every row: the one it was imported with, else its id."""

    def __init__(self, imported: Iterable[tuple[str, str, str, str]], bundle: str | None) -> None:
        own: dict[tuple[str, UUID], set[str]] = defaultdict(set)
        known: dict[tuple[str, UUID], set[str]] = defaultdict(set)
        rows: dict[tuple[str, str], set[str]] = defaultdict(set)
        for table, row, brought_by, key in imported:
            name = globalize(brought_by, key)
            known[table, UUID(row)].add(name)
            rows[table, name].add(row)
            if brought_by == bundle:
                own[table, UUID(row)].add(key)
        # A key that two rows have names neither.
        self._keys = {
            (table, row): min(unique)
            for (table, row), names in known.items()
            if (unique := [name for name in names if len(rows[table, name]) == 1])
        }
        self._keys |= {name: min(keys) for name, keys in own.items()}

    def name_row(self, section: Section, row: UUID) -> str:
        return self._keys.get((section.table, row)) or encode_id(section.node, row)
