"""What the rule is given, as it was recorded."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import Database, WriteSession
from app.domain.answers import QuantityAnswer
from app.domain.intervals import Interval
from app.domain.records import Claim
from app.domain.vocabulary import Modality, Polarity, QuestionKind
from app.permissions import NOBODY, Viewer
from app.services.inputs import Hop, QuantityInput
from app.services.locks import structure_locked
from app.services.records import load_record
from tests.factories import Within, make_agent, make_claim, make_question


async def load(database: Database, unit: UUID) -> dict[UUID, Claim]:
    record, targets = await database.write(NOBODY, lambda session: load_record(session, [unit]))
    assert targets == record.claims.keys()
    return dict(record.claims)


async def test_hops_come_in_their_order_with_those_who_spoke_together(
    database: Database, viewer: Viewer
) -> None:
    question = await make_question(database, viewer)
    a, b, c = [await make_agent(database, viewer) for _ in range(3)]
    chains = ((), ((c,), (b,), (a,)), ((b, a), (c,)), ((c,), (a, b)), ((a,), (b,), (a,)), ((a, b, c),))
    made = {
        await make_claim(
            database, viewer, question=question, quantity="25", hops=tuple(Hop(agents=hop) for hop in chain)
        ): chain
        for chain in chains
    }
    loaded = await load(database, question)
    assert {id: [set(hop) for hop in claim.hops] for id, claim in loaded.items()} == {
        id: [set(hop) for hop in chain] for id, chain in made.items()
    }


@pytest.mark.parametrize(
    ("quantity", "modality", "bounds"),
    [
        ("25", Modality.EXACT, Interval(Decimal(25), Decimal(25))),
        ("at least 25", Modality.AT_LEAST, Interval(Decimal(25), None)),
        ("more than 2.5", Modality.AT_LEAST, Interval(Decimal("2.5"), None, lower_inclusive=False)),
        ("under 2.5", Modality.AT_MOST, Interval(Decimal(0), Decimal("2.5"), upper_inclusive=False)),
        (
            QuantityInput("few", Decimal("-1.50"), Decimal("1e3"), modality=Modality.VAGUE),
            Modality.VAGUE,
            Interval(Decimal("-1.5"), Decimal(1000)),
        ),
        (
            QuantityInput("any", None, Decimal(7), True, False, Modality.AT_MOST),
            Modality.AT_MOST,
            Interval(None, Decimal(7), upper_inclusive=False),
        ),
    ],
)
async def test_an_answer_is_read_as_it_was_recorded(
    database: Database,
    viewer: Viewer,
    quantity: str | QuantityInput,
    modality: Modality,
    bounds: Interval,
) -> None:
    question = await make_question(database, viewer)
    for _ in range(2):
        await make_claim(database, viewer, question=question, quantity=quantity)
    first, second = [claim.answer for claim in (await load(database, question)).values()]
    assert first == second == QuantityAnswer(modality, bounds)


async def test_a_polarity_and_no_answer(database: Database, viewer: Viewer) -> None:
    question = await make_question(database, viewer, kind=QuestionKind.YES_NO)
    denied = await make_claim(database, viewer, question=question, polarity=Polarity.DENIES)
    lone = await make_claim(database, viewer)
    assert (await load(database, question))[denied].answer is Polarity.DENIES
    assert (await load(database, lone))[lone].answer is None


async def test_what_is_referred_to_again_is_looked_up_once_while_nobody_else_writes(
    database: Database, viewer: Viewer, connection: AsyncConnection
) -> None:
    speaker = await make_agent(database, viewer)
    asked: list[str] = []

    def hear(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if " ".join(sql.split()).startswith("SELECT agent.id FROM agent WHERE agent.id = ANY"):
            asked.append(sql)

    async def work(session: WriteSession) -> None:
        async with structure_locked(session):
            for _ in range(3):
                await make_claim(Within(session), viewer, said_by=[speaker])

    event.listen(connection.sync_connection, "before_cursor_execute", hear)
    try:
        await database.write(viewer.researcher, work)
    finally:
        event.remove(connection.sync_connection, "before_cursor_execute", hear)
    assert len(asked) == 1
