"""What a write costs in statements: as many on a question that is full as on one that is empty."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.permissions import Viewer
from app.services.outcomes import LARGE
from tests.api.conftest import Ask
from tests.api.documents import mutation
from tests.conftest import Statements
from tests.factories import make_agent, make_claim, make_question, make_source

RECORD = mutation("recordClaim", "claim { id corroboration { status linesFor evidence { totalCount } } }")
# Who writes, the lock of the structure, what the claim refers to (four), the locks of its question (five),
# its row and its hops, what the rule is given (four), the digests that stand, what came out.
WRITES = 19
# What a commit does by itself, the rolled-back database does by a statement.
OURS = "SET CONSTRAINTS"


@contextmanager
def heard(connection: AsyncConnection) -> Iterator[list[str]]:
    """What is sent through SQLAlchemy: writes, and what they read."""
    sent: list[str] = []

    def hear(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if not sql.startswith(OURS) and "sa_savepoint" not in sql:
            sent.append(sql)

    event.listen(connection.sync_connection, "before_cursor_execute", hear)
    try:
        yield sent
    finally:
        event.remove(connection.sync_connection, "before_cursor_execute", hear)


async def test_recording_a_claim_takes_as_many_statements_on_a_full_question_as_on_an_empty_one(
    ask: Ask, connection: AsyncConnection, database: Database, viewer: Viewer, statements: Statements
) -> None:
    question = await make_question(database, viewer, text="How many died?")
    speakers = [await make_agent(database, viewer, name=f"Ministry {n}") for n in range(4)]
    source = await make_source(database, viewer, title="An article")

    async def record(number: int) -> tuple[list[str], list[str]]:
        given: dict[str, Any] = {
            "source": encode_id(NodeType.SOURCE, source),
            "question": encode_id(NodeType.QUESTION, question),
            "statement": f"{number} died.",
            "quote": {"exact": f"{number} died"},
            "basis": "ATTRIBUTED",
            "hops": [{"agents": [encode_id(NodeType.AGENT, speakers[number % 4])]}],
            "quantity": {"text": f"at least {number}"},
        }
        with heard(connection) as written:
            async with statements(database) as read:
                answer = await ask(RECORD, input=given)
        assert answer["data"]["recordClaim"]["__typename"] == "ClaimPayload", answer
        return written, read

    first, read_first = await record(1_000)
    for number in range(LARGE + 10):
        await make_claim(
            database,
            viewer,
            source=source,
            question=question,
            statement=f"{number + 1} died.",
            quantity=f"at least {number + 1}",
            said_by=[speakers[number % 4]],
        )
    full, read_full = await record(2_000)
    assert full == first
    assert read_full == read_first
    assert len(read_full) == 1, "the payload"
    assert len(full) <= WRITES, "\n".join(full)


async def test_a_mutation_is_parsed_and_validated_once(
    ask: Ask, database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = encode_id(NodeType.SOURCE, await make_source(database, viewer))
    amend = mutation("amendSource", "source { title version }")

    async def rename(title: str, version: int) -> None:
        given = {"source": source, "expectedVersion": version, "title": title}
        answer = await ask(amend, input=given)
        assert answer["data"]["amendSource"]["source"] == {"title": title, "version": version + 1}

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("it was read already")

    await rename("once", 1)
    for name in ("parse", "validate_document"):
        monkeypatch.setattr(f"strawberry.schema.schema.{name}", refuse)
    for name in ("parse", "validate"):
        monkeypatch.setattr(f"app.api.documents.{name}", refuse)
    await rename("twice", 2)
