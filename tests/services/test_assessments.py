"""Researchers' judgements, and what they do to a status."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role, Stance
from app.errors import Duplicate, InvalidInput, NotFound, NotPermitted
from app.permissions import Viewer
from app.services.assessments import NewAssessment, record_assessment, withdraw_assessment
from app.services.sources import SourceRevision, revise_source
from app.services.withdrawals import restore_claim, retract_claim, withdraw_claim
from tests.factories import (
    make_agent,
    make_assessment,
    make_claim,
    make_question,
    make_source,
    make_viewer,
    perform,
)
from tests.services.reading import count_rows, read_revisions, read_row, read_rows, read_status


async def test_an_assessment_is_recorded_as_it_is_given(database: Database, viewer: Viewer) -> None:
    claim, evidence = [await make_claim(database, viewer) for _ in range(2)]
    new = NewAssessment(
        claim=claim, evidence_claim=evidence, stance=Stance.CONTEXT, rationale=" why\n", credibility=6
    )
    key = await perform(database, viewer, record_assessment, new)
    row = await read_row(database, "assessment", key)
    assert row.pop("recorded_at")
    assert row == {
        "id": str(key),
        "version": 1,
        "recorded_by": str(viewer.researcher),
        "claim": str(claim),
        "evidence_claim": str(evidence),
        "evidence_source": None,
        "stance": "CONTEXT",
        "rationale": " why\n",
        "credibility": 6,
        "withdrawn_at": None,
        "withdrawn_by": None,
        "withdrawal_reason": None,
    }


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"rationale": " ", "credibility": 7}, [("rationale",), ("credibility",)]),
        ({"credibility": 0}, [("credibility",)]),
        ({"evidence_claim": None, "evidence_source": None}, [("evidenceClaim",)]),
        ({"rationale": "\0", "evidence_source": uuid.UUID(int=1)}, [("rationale",), ("evidenceSource",)]),
    ],
)
async def test_everything_that_is_wrong_is_said_at_once(
    database: Database, viewer: Viewer, fields: dict[str, Any], paths: list[tuple[str, ...]]
) -> None:
    claim = await make_claim(database, viewer)
    with pytest.raises(InvalidInput) as caught:
        await make_assessment(database, viewer, claim=claim, **fields)
    assert [problem.path for problem in caught.value.problems] == paths
    assert await count_rows(database, "assessment") == 0


async def test_a_claim_is_not_judged_by_itself_or_its_own_source(database: Database, viewer: Viewer) -> None:
    source = await make_source(database, viewer, text="25 died")
    claim = await make_claim(database, viewer, source=source, quote="25")
    newer = await perform(database, viewer, revise_source, source, SourceRevision(text="28 died"))
    attempts: list[tuple[dict[str, uuid.UUID], str]] = [
        ({"evidence_claim": claim}, "evidenceClaim"),
        ({"evidence_source": source}, "evidenceSource"),
        ({"evidence_source": newer}, "evidenceSource"),
        ({"evidence_source": newer, "evidence_claim": claim}, "evidenceClaim"),
    ]
    for evidence, path in attempts:
        with pytest.raises(InvalidInput) as caught:
            await make_assessment(database, viewer, claim=claim, **evidence)
        assert caught.value.problems[0].path == (path,)
    # Another claim of the same source, and a reprint of it, can be put forward.
    other = await make_claim(database, viewer, source=source, quote="died")
    reprint = await make_source(database, viewer, reprints=source)
    await make_assessment(database, viewer, claim=claim, evidence_claim=other)
    await make_assessment(database, viewer, claim=claim, evidence_source=reprint, stance=Stance.ABSENT)


async def test_what_is_judged_and_what_by_is_there_and_stands(database: Database, viewer: Viewer) -> None:
    claim, withdrawn = [await make_claim(database, viewer) for _ in range(2)]
    await perform(database, viewer, withdraw_claim, withdrawn, "a mistake")
    nothing = uuid.uuid4()
    for fields, path in (
        ({"claim": nothing}, "claim"),
        ({"claim": claim, "evidence_claim": nothing}, "evidenceClaim"),
        ({"claim": claim, "evidence_source": nothing}, "evidenceSource"),
    ):
        with pytest.raises(NotFound) as missing:
            await make_assessment(database, viewer, **fields)
        assert missing.value.path == (path,)
    for one, other, path in ((withdrawn, claim, "claim"), (claim, withdrawn, "evidenceClaim")):
        with pytest.raises(InvalidInput) as caught:
            await make_assessment(database, viewer, claim=one, evidence_claim=other)
        assert [problem.path for problem in caught.value.problems] == [(path,)]


async def test_support_and_contradiction_count_and_are_withdrawn(database: Database, viewer: Viewer) -> None:
    claim = await make_claim(database, viewer)
    supporting = await make_assessment(database, viewer, claim=claim)
    assert await read_status(database, claim) == "CORROBORATED 2:0"
    contradicting = await make_assessment(database, viewer, claim=claim, stance=Stance.CONTRADICTS)
    assert await read_status(database, claim) == "DISPUTED 2:1"
    await make_assessment(database, viewer, claim=claim, stance=Stance.ABSENT)
    assert await read_status(database, claim) == "DISPUTED 2:1"
    await perform(database, viewer, withdraw_assessment, supporting, "not so")
    assert await read_status(database, claim) == "DISPUTED 1:1"
    await perform(database, viewer, withdraw_assessment, contradicting, "not so either")
    assert await read_status(database, claim) == "UNCORROBORATED 1:0"
    row = await read_row(database, "assessment", supporting)
    assert (row["withdrawn_by"], row["withdrawal_reason"], row["version"]) == (
        str(viewer.researcher),
        "not so",
        2,
    )
    _, withdrawal = await read_revisions(database, supporting)
    assert (withdrawal["reason"], withdrawal["actor"]) == ("not so", str(viewer.researcher))


async def test_each_researcher_judges_a_pair_once_and_they_may_differ(
    database: Database, viewer: Viewer
) -> None:
    claim, evidence = [await make_claim(database, viewer) for _ in range(2)]
    first = await make_assessment(database, viewer, claim=claim, evidence_claim=evidence)
    with pytest.raises(Duplicate) as caught:
        await make_assessment(database, viewer, claim=claim, evidence_claim=evidence, stance=Stance.CONTEXT)
    assert (caught.value.kind, caught.value.id) == ("Assessment", encode_id(NodeType.ASSESSMENT, first))
    sql = "SELECT disagreed FROM corroboration WHERE claim = $1"
    assert await read_rows(database, sql, claim) == [{"disagreed": False}]
    other = await make_viewer(database)
    await make_assessment(database, other, claim=claim, evidence_claim=evidence, stance=Stance.CONTRADICTS)
    assert await read_rows(database, sql, claim) == [{"disagreed": True}]
    assert await read_status(database, claim) == "DISPUTED 2:1"
    await perform(database, viewer, withdraw_assessment, first, "he is right")
    await make_assessment(database, viewer, claim=claim, evidence_claim=evidence, stance=Stance.CONTRADICTS)
    assert await read_rows(database, sql, claim) == [{"disagreed": False}]


async def test_an_assessment_is_withdrawn_once_by_its_own_or_an_editor(
    database: Database, viewer: Viewer
) -> None:
    own, other = [await make_viewer(database, Role.RESEARCHER) for _ in range(2)]
    editor = await make_viewer(database, Role.EDITOR)
    claim = await make_claim(database, viewer)
    first = await make_assessment(database, own, claim=claim)
    second = await make_assessment(database, own, claim=claim)
    with pytest.raises(NotPermitted):
        await perform(database, other, withdraw_assessment, first, "mine")
    with pytest.raises(InvalidInput) as caught:
        await perform(database, own, withdraw_assessment, first, " ")
    assert [problem.path for problem in caught.value.problems] == [("reason",)]
    await perform(database, own, withdraw_assessment, first, "a slip")
    await perform(database, editor, withdraw_assessment, second, "a slip")
    with pytest.raises(InvalidInput):
        await perform(database, own, withdraw_assessment, first, "again")
    with pytest.raises(NotFound):
        await perform(database, own, withdraw_assessment, uuid.uuid4(), "nothing")


async def test_evidence_from_another_question_counts_while_it_is_live(
    database: Database, viewer: Viewer
) -> None:
    """Outdated, retracted, withdrawn, restored: each is felt where the claim was put forward."""
    judged = await make_claim(database, viewer)
    agent = await make_agent(database, viewer)
    question = await make_question(database, viewer)

    async def say(quantity: str, day: str) -> uuid.UUID:
        return await make_claim(
            database, viewer, question=question, quantity=quantity, said_by=[agent], asserted=day
        )

    evidence = await say("19", "2019-12-29")
    await make_assessment(database, viewer, claim=judged, evidence_claim=evidence)
    assert await read_status(database, judged) == "CORROBORATED 2:0"
    later = await say("25", "2019-12-30")
    assert await read_status(database, evidence) == "OUTDATED 1:1"
    assert await read_status(database, judged) == "UNCORROBORATED 1:0"
    await perform(database, viewer, withdraw_claim, later, "a mistake")
    assert await read_status(database, judged) == "CORROBORATED 2:0"
    await perform(database, viewer, restore_claim, later)
    assert await read_status(database, judged) == "UNCORROBORATED 1:0"
    await perform(database, viewer, retract_claim, later, when="2020", reason="an error")
    assert await read_status(database, judged) == "CORROBORATED 2:0"
    await perform(database, viewer, withdraw_claim, evidence, "a mistake")
    assert await read_status(database, judged) == "UNCORROBORATED 1:0"


async def test_a_withdrawn_piece_of_evidence_settles_a_disagreement(
    database: Database, viewer: Viewer
) -> None:
    """Even one that did not count any more: it was retracted before."""
    claim, evidence = [await make_claim(database, viewer) for _ in range(2)]
    other = await make_viewer(database)
    await make_assessment(database, viewer, claim=claim, evidence_claim=evidence)
    await make_assessment(database, other, claim=claim, evidence_claim=evidence, stance=Stance.ABSENT)
    await perform(database, viewer, retract_claim, evidence, when="2020", reason="an error")
    sql = "SELECT disagreed FROM corroboration WHERE claim = $1"
    assert await read_rows(database, sql, claim) == [{"disagreed": True}]
    await perform(database, viewer, withdraw_claim, evidence, "a mistake")
    assert await read_rows(database, sql, claim) == [{"disagreed": False}]
