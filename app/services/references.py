"""What claims refer to, looked up for many of them at once: a statement a table."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.identifiers import NodeType
from app.domain.vocabulary import QuestionKind
from app.services.rows import find_present, spell_keys

# Of the newest version only what the source itself is not.
SOURCES = text(f"""
SELECT s.id, s.text, CASE WHEN newest.id <> s.id THEN newest.text END AS newer_text, s.hidden,
       newest.id = s.id AS is_newest
FROM source s JOIN source newest ON newest.id = s.newest_version
WHERE s.id = ANY({spell_keys("keys")})
""")  # noqa: S608 - a constant
QUESTIONS = text(f"SELECT id, kind, root FROM question WHERE id = ANY({spell_keys('keys')})")  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class ReferredQuestion:
    id: UUID
    kind: QuestionKind
    root: UUID


@dataclass(frozen=True, slots=True)
class Referred:
    """What is there of all that some claims refer to, by key. Sources are rows of SOURCES."""

    sources: Mapping[UUID, Any]
    questions: Mapping[UUID, ReferredQuestion]
    agents: Set[UUID]


async def look_up(
    session: WriteSession, sources: Set[UUID], questions: Set[UUID], agents: Set[UUID]
) -> Referred:
    rows = await session.execute(SOURCES, {"keys": list(sources)})
    return Referred(
        {row.id: row for row in rows},
        await load_questions(session, questions),
        await find_present(session, NodeType.AGENT, agents) if agents else frozenset(),
    )


async def load_questions(session: WriteSession, keys: Set[UUID]) -> dict[UUID, ReferredQuestion]:
    """Those that are there."""
    if not keys:
        return {}
    rows = await session.execute(QUESTIONS, {"keys": list(keys)})
    return {row.id: ReferredQuestion(row.id, QuestionKind(row.kind), row.root) for row in rows}
