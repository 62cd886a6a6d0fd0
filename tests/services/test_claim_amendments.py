"""Claims that are amended: the whole must be what could be recorded."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Basis, Channel, Modality
from app.errors import (
    Duplicate,
    InvalidInput,
    NotFound,
    QuoteNotFound,
    StaleVersion,
)
from app.permissions import Viewer
from app.services.claims import ClaimChanges, amend_claim
from app.services.inputs import Hop, QuantityInput, QuoteInput
from app.services.withdrawals import withdraw_claim
from tests.factories import (
    make_agent,
    make_assessment,
    make_claim,
    make_question,
    make_source,
    perform,
)
from tests.services.reading import read_hops, read_revisions, read_row, read_status

TEXT = "Around 750 soldiers. At least 25 died. The 25 were fighters."


async def test_an_amended_claim_moves_to_another_question(database: Database, viewer: Viewer) -> None:
    one, two = [await make_question(database, viewer) for _ in range(2)]
    left = await make_claim(database, viewer, question=one, quantity="25")
    moved = await make_claim(database, viewer, question=one, quantity="25")
    joined = await make_claim(database, viewer, question=two, quantity="30")
    await perform(database, viewer, amend_claim, moved, 1, ClaimChanges(question=two))
    assert await read_status(database, left) == "UNCORROBORATED 1:0"
    assert await read_status(database, moved) == "DISPUTED 1:1"
    assert await read_status(database, joined) == "DISPUTED 1:1"
    row = await read_row(database, "claim", moved)
    assert (row["question"], row["question_root"], row["version"]) == (str(two), str(two), 2)


async def test_an_amended_claim_leaves_its_question(database: Database, viewer: Viewer) -> None:
    question = await make_question(database, viewer)
    other = await make_claim(database, viewer, question=question, quantity="30")
    claim = await make_claim(database, viewer, question=question, quantity="25")
    with pytest.raises(InvalidInput) as caught:
        await perform(database, viewer, amend_claim, claim, 1, ClaimChanges(question=None))
    assert [problem.path for problem in caught.value.problems] == [("quantity",)]
    await perform(database, viewer, amend_claim, claim, 1, ClaimChanges(question=None, quantity=None))
    row = await read_row(database, "claim", claim)
    assert (row["question"], row["question_kind"], row["bounds"], row["bounds_given"]) == (None,) * 4
    assert await read_status(database, other) == "UNCORROBORATED 1:0"
    assert await read_status(database, claim) == "UNCORROBORATED 1:0"


async def test_amended_hops_keep_the_rows_that_stay(database: Database, viewer: Viewer) -> None:
    a, b, c = [await make_agent(database, viewer) for _ in range(3)]
    question = await make_question(database, viewer)
    claim = await make_claim(database, viewer, question=question, quantity="25", said_by=[a, b])
    other = await make_claim(database, viewer, question=question, quantity="25", said_by=[c])
    assert await read_status(database, other) == "CORROBORATED 2:0"
    hops = (Hop((a,), cue="said", channel=Channel.POST), Hop((c,)))
    await perform(database, viewer, amend_claim, claim, 1, ClaimChanges(hops=hops))
    assert await read_hops(database, claim) == [
        {"hop": 1, "agent": str(a), "cue": "said", "mode": None, "channel": "POST", "version": 2},
        {"hop": 2, "agent": str(c), "cue": None, "mode": None, "channel": "UNSTATED", "version": 1},
    ]
    assert (await read_row(database, "claim", claim))["version"] == 2
    assert await read_status(database, other) == "UNCORROBORATED 1:0"
    operations = [(r["table_name"], r["operation"]) for r in await read_revisions(database, claim)]
    assert operations[3:] == [
        ("claim", "UPDATE"),
        ("attribution", "DELETE"),
        ("attribution", "UPDATE"),
        ("attribution", "INSERT"),
    ]


async def test_an_amended_basis_needs_its_hops(database: Database, viewer: Viewer) -> None:
    agent = await make_agent(database, viewer)
    claim = await make_claim(database, viewer)
    with pytest.raises(InvalidInput):
        await perform(database, viewer, amend_claim, claim, 1, ClaimChanges(basis=Basis.ATTRIBUTED))
    hops = ClaimChanges(basis=Basis.ATTRIBUTED, hops=(Hop((agent,)),))
    await perform(database, viewer, amend_claim, claim, 1, hops)
    none = ClaimChanges(basis=Basis.UNATTRIBUTED, hops=())
    await perform(database, viewer, amend_claim, claim, 2, none)
    assert await read_hops(database, claim) == []
    assert await read_status(database, claim) == "UNCORROBORATED 0:0"


async def test_an_amended_quote_is_found_anew(database: Database, viewer: Viewer) -> None:
    source = await make_source(database, viewer, text=TEXT)
    claim = await make_claim(database, viewer, source=source, quote="At least 25 died")
    changes = ClaimChanges(quote=QuoteInput("25", prefix="The "), statement="amended")
    await perform(database, viewer, amend_claim, claim, 1, changes)
    row = await read_row(database, "claim", claim)
    assert (row["quote_exact"], row["quote_start"], row["statement"]) == ("25", 43, "amended")
    changes = ClaimChanges(quote=QuoteInput("26"))
    with pytest.raises(QuoteNotFound):
        await perform(database, viewer, amend_claim, claim, 2, changes)


async def test_an_amendment_that_changes_nothing_leaves_nothing(database: Database, viewer: Viewer) -> None:
    agent = await make_agent(database, viewer)
    question = await make_question(database, viewer)
    quantity = QuantityInput("13", lower=Decimal("13.0"), modality=Modality.AT_LEAST)
    claim = await make_claim(
        database, viewer, question=question, quantity=quantity, said_by=[agent], asserted="2019-12"
    )
    same = ClaimChanges(quantity=quantity, hops=(Hop((agent,)),), asserted="2019-12", question=question)
    await perform(database, viewer, amend_claim, claim, 1, same)
    assert (await read_row(database, "claim", claim))["version"] == 1
    assert len(await read_revisions(database, claim)) == 2


async def test_an_amendment_into_a_claim_that_stands_is_refused_whole(
    database: Database, viewer: Viewer
) -> None:
    source = await make_source(database, viewer)
    agent = await make_agent(database, viewer)
    first = await make_claim(database, viewer, source=source, statement="one", quote="q")
    second = await make_claim(database, viewer, source=source, statement="two", quote="q", said_by=[agent])
    changes = ClaimChanges(statement="one", basis=Basis.FIRSTHAND, hops=())

    async def work(session: Any) -> None:
        with pytest.raises(Duplicate) as caught:
            await amend_claim(session, viewer, second, 1, changes)
        assert caught.value.id == encode_id(NodeType.CLAIM, first)

    await database.write(viewer.researcher, work)
    assert (await read_row(database, "claim", second))["version"] == 1
    assert len(await read_hops(database, second)) == 1


async def test_a_stale_or_withdrawn_claim_is_not_amended(database: Database, viewer: Viewer) -> None:
    claim = await make_claim(database, viewer)
    with pytest.raises(StaleVersion):
        await perform(database, viewer, amend_claim, claim, 2, ClaimChanges(note="n"))
    await perform(database, viewer, withdraw_claim, claim, "a mistake")
    with pytest.raises(InvalidInput) as caught:
        await perform(database, viewer, amend_claim, claim, 2, ClaimChanges(note="n"))
    assert [problem.path for problem in caught.value.problems] == [("claim",)]
    with pytest.raises(NotFound):
        await perform(database, viewer, amend_claim, uuid.uuid4(), 1, ClaimChanges(note="n"))


async def test_an_amended_chain_is_felt_where_the_claim_was_put_forward(
    database: Database, viewer: Viewer
) -> None:
    """The claim is evidence on another question, by a researcher's judgement."""
    agent = await make_agent(database, viewer)
    judged = await make_claim(database, viewer, said_by=[agent])
    evidence = await make_claim(database, viewer)
    await make_assessment(database, viewer, claim=judged, evidence_claim=evidence)
    assert await read_status(database, judged) == "CORROBORATED 2:0"
    changes = ClaimChanges(basis=Basis.ATTRIBUTED, hops=(Hop((agent,)),))
    await perform(database, viewer, amend_claim, evidence, 1, changes)
    assert await read_status(database, judged) == "UNCORROBORATED 1:0"
