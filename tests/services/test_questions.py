"""Recording and amending questions."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from app.database import Database
from app.domain.vocabulary import Polarity, QuestionKind, Role
from app.errors import InvalidInput, NotFound, NotPermitted, StaleVersion
from app.permissions import Viewer
from app.services.merges import merge_questions
from app.services.questions import NewQuestion, QuestionChanges, amend_question, record_question
from app.services.withdrawals import withdraw_claim
from tests.factories import make_claim, make_event, make_question, make_viewer, perform
from tests.services.reading import count_rows, read_row


async def test_a_question_is_recorded_as_it_is_given(database: Database, viewer: Viewer) -> None:
    event = await make_event(database, viewer)
    new = NewQuestion(
        kind=QuestionKind.QUANTITY, text="How many?", event=event, unit="people", counted="people killed"
    )
    key = await perform(database, viewer, record_question, new)
    row = await read_row(database, "question", key)
    assert row.pop("recorded_at")
    assert row == {
        "id": str(key),
        "version": 1,
        "recorded_by": str(viewer.researcher),
        "kind": "QUANTITY",
        "text": "How many?",
        "event": str(event),
        "unit": "people",
        "counted": "people killed",
        "merged_into": None,
        "root": str(key),
    }


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"text": " ", "unit": "\0", "counted": ""}, [("text",), ("unit",), ("counted",)]),
        ({"text": "x" * 1_001, "event": uuid.UUID(int=1)}, [("text",), ("event",)]),
    ],
)
async def test_everything_that_is_wrong_is_said_at_once(
    database: Database, viewer: Viewer, fields: dict[str, Any], paths: list[tuple[str, ...]]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await make_question(database, viewer, **fields)
    assert [problem.path for problem in caught.value.problems] == paths
    assert await count_rows(database, "question") == 0


async def test_a_question_is_about_an_event_that_is_there(database: Database, viewer: Viewer) -> None:
    with pytest.raises(NotFound) as caught:
        await make_question(database, viewer, event=uuid.uuid4())
    assert (caught.value.kind, caught.value.path) == ("Event", ("event",))


async def test_an_amendment(database: Database, viewer: Viewer) -> None:
    question = await make_question(database, viewer, unit="people")
    changes = QuestionChanges(text="How many died?", unit=None, kind=QuestionKind.OPEN)
    await perform(database, viewer, amend_question, question, 1, changes)
    row = await read_row(database, "question", question)
    assert (row["text"], row["unit"], row["kind"], row["version"]) == ("How many died?", None, "OPEN", 2)
    with pytest.raises(StaleVersion):
        await perform(database, viewer, amend_question, question, 1, QuestionChanges(text="?"))
    with pytest.raises(NotFound):
        await perform(database, viewer, amend_question, question, 2, QuestionChanges(event=uuid.uuid4()))
    researcher = await make_viewer(database, Role.RESEARCHER)
    with pytest.raises(NotPermitted):
        await perform(database, researcher, amend_question, question, 2, QuestionChanges(text="?"))


async def test_a_kind_stays_while_something_hangs_on_it(database: Database, viewer: Viewer) -> None:
    answered, merged, target = [await make_question(database, viewer) for _ in range(3)]
    claim = await make_claim(database, viewer, question=answered, quantity="25")
    await perform(database, viewer, withdraw_claim, claim, "a mistake")
    await perform(database, viewer, merge_questions, merged, target, "the same")
    changes = QuestionChanges(kind=QuestionKind.YES_NO)
    for question, version in ((answered, 1), (merged, 2), (target, 1)):
        with pytest.raises(InvalidInput) as caught:
            await perform(database, viewer, amend_question, question, version, changes)
        assert [problem.path for problem in caught.value.problems] == [("kind",)]
    free = await make_question(database, viewer)
    await perform(database, viewer, amend_question, free, 1, changes)
    await make_claim(database, viewer, question=free, polarity=Polarity.DENIES)
