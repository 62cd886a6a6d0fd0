"""Everything that is derived, worked out again from what was recorded, and held against what stands.

Step by step, each in a transaction of its own under the locks of locks.py: whoever writes meanwhile waits for
a step and not for the whole, memory is bounded by the largest question, and an interrupted run is begun again
without harm.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from app.database import Database, WriteSession
from app.domain.corroboration import RULE_VERSION
from app.domain.parties import find_party
from app.permissions import NOBODY
from app.services.corroboration import evaluate_aside
from app.services.differences import save_again
from app.services.locks import lock_structure, lock_structure_shared, lock_units
from app.services.outcomes import spell
from app.services.parties import find_stale_publishers, save_publishers
from app.services.quotes import find_stale_quotes, save_quote_statuses
from app.services.records import load_agents, load_record

# Rows of one step, at most.
STEP = 500
# Claims that are evaluated in one step, give or take one question.
CLAIMS = 1_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A derived value that is not what it should be. A row that is missing is a difference of its key."""

    table: str
    row: UUID
    column: str
    stored: Any
    computed: Any


# Whether there is a status that an older version of the rule made, as JSON. In the order of a small index,
# which has no other rows: an EXISTS reads the whole table where Postgres has not counted since.
HAS_OLDER = f"""
SELECT to_json((
    SELECT claim FROM public.corroboration WHERE rule_version < {RULE_VERSION} ORDER BY claim LIMIT 1
) IS NOT NULL)::varchar
"""  # noqa: S608 - a number of ours, spelled out as in the index
OLDER_TOLD = "Some statuses follow from an older version of the rule: run `sayso recompute`."

# Told how many rows and questions are done, of how many.
Progress = Callable[[int, int], None]

TOTAL = text("""
SELECT (SELECT count(*) FROM agent) + (SELECT count(*) FROM source) * 5 + (SELECT count(*) FROM question) * 3
     + (SELECT count(*) FROM claim WHERE question_root IS NULL)
""")

# The rows of one step: the next in the order of their keys.
AGENTS = text("SELECT id FROM agent WHERE id > :after ORDER BY id LIMIT :step")
SOURCES = text("SELECT id FROM source WHERE id > :after ORDER BY id LIMIT :step")
QUESTIONS = text("SELECT id FROM question WHERE id > :after ORDER BY id LIMIT :step")
QUESTIONS_BY_SIZE = text("""
SELECT id FROM (
    SELECT id, sum(claims) OVER (ORDER BY id) - claims AS before
    FROM (
        SELECT q.id, (SELECT count(*) FROM claim c WHERE c.question_root = q.id) AS claims
        FROM question q WHERE q.id > :after ORDER BY q.id LIMIT :step
    )
)
WHERE before < :claims ORDER BY id
""")
LONE_CLAIMS = text("""
SELECT id FROM claim WHERE question_root IS NULL AND id > :after ORDER BY id LIMIT :step
""")

STORED_PARTIES = text("SELECT id, party FROM agent WHERE id = ANY(:keys)")
NEWEST_VERSIONS = text("""
WITH RECURSIVE later AS (
    SELECT s.id, s.newest_version AS stored, s.id AS at FROM source s WHERE s.id = ANY(:keys)
    UNION
    SELECT later.id, later.stored, s.id FROM later JOIN source s ON s.revises = later.at
)
SELECT id, stored, at AS computed FROM later
WHERE stored <> at AND NOT EXISTS (SELECT 1 FROM source s WHERE s.revises = later.at)
""")
ROOTS = text("""
WITH RECURSIVE above AS (
    SELECT q.id, q.root AS stored, q.id AS at, q.merged_into AS next
    FROM question q WHERE q.id = ANY(:keys)
    UNION
    SELECT above.id, above.stored, q.id, q.merged_into FROM above JOIN question q ON q.id = above.next
)
SELECT id, stored, at AS computed FROM above WHERE next IS NULL AND stored <> at
""")
ROOTS_OF_CLAIMS = text("""
WITH RECURSIVE above AS (
    SELECT q.id, q.id AS at, q.merged_into AS next FROM question q WHERE q.id = ANY(:keys)
    UNION
    SELECT above.id, q.id, q.merged_into FROM above JOIN question q ON q.id = above.next
)
SELECT c.id, c.question_root AS stored, above.at AS computed
FROM above JOIN claim c ON c.question = above.id
WHERE above.next IS NULL AND c.question_root <> above.at
""")
# The versions of each item that has quotes, under its newest: the one that no other revises.
QUOTED_VERSIONS = text("""
WITH RECURSIVE earlier AS (
    SELECT s.id AS newest, s.id, s.revises FROM source s
    WHERE s.id = ANY(:keys) AND NOT EXISTS (SELECT 1 FROM source later WHERE later.revises = s.id)
    UNION
    SELECT earlier.newest, s.id, s.revises FROM earlier JOIN source s ON s.id = earlier.revises
)
SELECT newest, array_agg(id) AS versions FROM earlier
WHERE EXISTS (SELECT 1 FROM claim WHERE claim.source = earlier.id)
GROUP BY newest ORDER BY newest
""")
# A source is held against what it goes back to as that stands: where that is wrong, it is itself among these.
HIDDEN = text("""
SELECT 'source' AS "table", s.id, s.hidden AS stored FROM source s
WHERE s.id = ANY(:keys) AND s.hidden <> (s.restricted OR EXISTS (
    SELECT FROM source o WHERE o.id IN (s.reprints, s.revises) AND o.hidden))
UNION ALL
SELECT 'claim', c.id, c.hidden FROM source s JOIN claim c ON c.source = s.id
WHERE s.id = ANY(:keys) AND c.hidden <> (c.restricted OR s.hidden)
ORDER BY 1, 2
""")
BOUNDS_OF_HOPS = text("""
SELECT a.id, CAST(a.bounds AS text) AS stored, CAST(c.bounds AS text) AS computed
FROM claim c JOIN attribution a ON a.claim = c.id
WHERE c.source = ANY(:keys) AND a.bounds IS DISTINCT FROM c.bounds ORDER BY a.id
""")
TAKE_BOUNDS_AGAIN = text("UPDATE attribution SET bounds = bounds WHERE id = ANY(:keys)")
# Triggers work it out, and what follows from it.
HIDE_AGAIN = {
    table: text(f"UPDATE {table} SET restricted = restricted WHERE id = ANY(:keys)")  # noqa: S608 - constants
    for table in ("source", "claim")
}
TEXT = text("SELECT text FROM source WHERE id = :source")
STORED_CORROBORATION = text("""
SELECT c.id, to_jsonb(k) AS stored FROM claim c LEFT JOIN corroboration k ON k.claim = c.id
WHERE c.id = ANY(:claims)
""")

# How a link that came out otherwise is set right.
SET_LINK: Mapping[tuple[str, str], TextClause] = {
    (table, column): text(f"""
UPDATE {table} SET {column} = link.value
FROM unnest(CAST(:keys AS uuid[]), CAST(:values AS uuid[])) AS link (key, value)
WHERE {table}.id = link.key
""")  # noqa: S608 - the names are the constants below
    for table, column in (
        ("agent", "party"),
        ("source", "newest_version"),
        ("question", "root"),
        ("claim", "question_root"),
    )
}

Find = Callable[[WriteSession, Sequence[UUID], bool], Awaitable[list[Difference]]]


async def recompute_everything(
    database: Database, *, check: bool, on_progress: Progress | None = None
) -> list[Difference]:
    """What is derived and not as it should be; set right, unless `check`, which writes nothing.

    Links come before what is worked out from them: parties, versions, what is hidden, the bounds of hops,
    roots; then where quotes stand; then the corroboration of every claim.
    """

    async def count(session: WriteSession) -> int:
        return int((await session.execute(TOTAL)).scalar_one())

    total = await database.write(NOBODY, count, patient=True)
    done = 0
    differences: list[Difference] = []
    for keys, find, alone in _PHASES:
        after: UUID | None = UUID(int=0)
        while after is not None:
            step = partial(_take_step, keys=keys, find=find, after=after, check=check, alone=alone)
            after, rows, found = await database.write(NOBODY, step, patient=True)
            differences += found
            done += rows
            if on_progress is not None:
                # Rows that were recorded meanwhile were not counted.
                on_progress(min(done, total), total)
    return differences


async def _take_step(
    session: WriteSession, *, keys: TextClause, find: Find, after: UUID, check: bool, alone: bool
) -> tuple[UUID | None, int, list[Difference]]:
    """The last key of this step (None: there was nothing left), its number of rows, what differed."""
    if alone and not check:
        await lock_structure(session)
    else:
        await lock_structure_shared(session)
    wanted = {"after": after, "step": STEP, "claims": CLAIMS}
    found = (await session.scalars(keys, {name: wanted[name] for name in keys.compile().params})).all()
    if not found:
        return None, 0, []
    return found[-1], len(found), await find(session, found, check)


async def _find_parties(session: WriteSession, keys: Sequence[UUID], check: bool) -> list[Difference]:
    agents = await load_agents(session, keys)
    rows = (await session.execute(STORED_PARTIES, {"keys": list(keys)})).all()
    stale = [(id, party, computed) for id, party in rows if (computed := find_party(id, agents)) != party]
    return await _settle_links(session, "agent", "party", stale, check=check)


async def _find_publishers(session: WriteSession, keys: Sequence[UUID], check: bool) -> list[Difference]:
    stale = await find_stale_publishers(session, keys)
    if not check:
        await save_publishers(session, stale)
    return [
        Difference("source", id, "publishers", stored, computed) for id, (stored, computed) in stale.items()
    ]


async def _find_versions(session: WriteSession, keys: Sequence[UUID], check: bool) -> list[Difference]:
    stale = (await session.execute(NEWEST_VERSIONS, {"keys": list(keys)})).all()
    return await _settle_links(session, "source", "newest_version", stale, check=check)


async def _find_hidden(session: WriteSession, keys: Sequence[UUID], check: bool) -> list[Difference]:
    wrong = (await session.execute(HIDDEN, {"keys": list(keys)})).all()
    for table, statement in HIDE_AGAIN.items():
        rows = [row.id for row in wrong if row.table == table]
        if rows and not check:
            await session.execute(statement, {"keys": rows})
    return [Difference(row.table, row.id, "hidden", row.stored, not row.stored) for row in wrong]


async def _find_bounds_of_hops(session: WriteSession, keys: Sequence[UUID], check: bool) -> list[Difference]:
    wrong = (await session.execute(BOUNDS_OF_HOPS, {"keys": list(keys)})).all()
    if wrong and not check:
        await session.execute(TAKE_BOUNDS_AGAIN, {"keys": [row.id for row in wrong]})
    return [Difference("attribution", row.id, "bounds", row.stored, row.computed) for row in wrong]


async def _find_roots(session: WriteSession, keys: Sequence[UUID], check: bool) -> list[Difference]:
    stale = (await session.execute(ROOTS, {"keys": list(keys)})).all()
    return await _settle_links(session, "question", "root", stale, check=check)


async def _find_roots_of_claims(session: WriteSession, keys: Sequence[UUID], check: bool) -> list[Difference]:
    stale = (await session.execute(ROOTS_OF_CLAIMS, {"keys": list(keys)})).all()
    return await _settle_links(session, "claim", "question_root", stale, check=check)


async def _settle_links(
    session: WriteSession, table: str, column: str, stale: Collection[Any], *, check: bool
) -> list[Difference]:
    if stale and not check:
        values = {"keys": [row[0] for row in stale], "values": [row[2] for row in stale]}
        await session.execute(SET_LINK[table, column], values)
    return [Difference(table, id, column, stored, computed) for id, stored, computed in stale]


async def _find_quotes(session: WriteSession, keys: Sequence[UUID], check: bool) -> list[Difference]:
    differences = []
    for newest, versions in (await session.execute(QUOTED_VERSIONS, {"keys": list(keys)})).all():
        # One text at a time: each may be of five million characters.
        newest_text = await session.scalar(TEXT, {"source": newest})
        stale = await find_stale_quotes(session, versions, newest_text)
        differences += [
            Difference("claim", claim, "quote_status", stored, computed)
            for claim, (stored, computed) in stale.items()
        ]
        if not check:
            await save_quote_statuses(session, stale)
    return differences


async def _find_corroboration(session: WriteSession, keys: Sequence[UUID], check: bool) -> list[Difference]:
    async def find_units() -> Collection[UUID]:
        return keys

    await lock_units(session, find_units)
    record, targets = await load_record(session, keys)
    outcomes = await evaluate_aside(record, targets)
    rows = await session.execute(STORED_CORROBORATION, {"claims": list(targets)})
    differences = [
        difference for claim, stored in rows for difference in _compare(claim, stored, spell(outcomes[claim]))
    ]
    if differences and not check:
        await save_again(session, outcomes)
    return differences


def _compare(claim: UUID, stored: Mapping[str, Any] | None, computed: Mapping[str, Any]) -> list[Difference]:
    if stored is None:
        return [Difference("corroboration", claim, "claim", None, str(claim))]
    return [
        Difference("corroboration", claim, column, stored[column], value)
        for column, value in computed.items()
        if stored[column] != value
    ]


# What is gone through, what is done with each step, and whether setting it right needs the structure alone.
_PHASES: tuple[tuple[TextClause, Find, bool], ...] = (
    (AGENTS, _find_parties, True),
    (SOURCES, _find_publishers, True),
    (SOURCES, _find_versions, True),
    (SOURCES, _find_hidden, True),
    (SOURCES, _find_bounds_of_hops, False),
    (QUESTIONS, _find_roots, True),
    (QUESTIONS, _find_roots_of_claims, True),
    (SOURCES, _find_quotes, True),
    (QUESTIONS_BY_SIZE, _find_corroboration, False),
    (LONE_CLAIMS, _find_corroboration, False),
)
