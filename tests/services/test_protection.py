"""No name of a protected agent comes into words that outsiders read, by whatever service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import AgentKind, Basis, QuestionKind, SourceKind, Stance
from app.errors import ProtectedName
from app.permissions import MINIMUM_ROLE, Operation, Viewer
from app.services.agents import AgentChanges, NewAgent, amend_agent, record_agent
from app.services.assessments import NewAssessment, record_assessment, withdraw_assessment
from app.services.claims import ClaimChanges, NewClaim, amend_claim, record_claim
from app.services.events import EventChanges, NewEvent, amend_event, record_event
from app.services.inputs import Hop, QuantityInput, QuoteInput
from app.services.questions import NewQuestion, QuestionChanges, amend_question, record_question
from app.services.sources import (
    NewSource,
    SourceChanges,
    SourceRevision,
    amend_source,
    record_source,
    revise_source,
)
from app.services.withdrawals import retract_claim, withdraw_claim
from tests.factories import (
    make_agent,
    make_assessment,
    make_claim,
    make_event,
    make_question,
    make_source,
    perform,
)
from tests.services.reading import read_row, read_rows

NAMED = "Then ALI-HÁSSAN came."
AT = (5, 15)
AT_OF = {"language": (6, 16), "mediaType": (13, 23)}


@pytest.fixture
async def protected(database: Database, editor: Viewer) -> UUID:
    return await make_agent(
        database, editor, name="Ali Hassan", aliases=("Abu Jafar",), protected=True, pseudonym="a clerk"
    )


class Desk:
    """One of everything, to amend, judge and take back."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        self.database, self.viewer = database, viewer

    async def lay(self) -> Desk:
        self.agent = await make_agent(self.database, self.viewer)
        self.source = await make_source(self.database, self.viewer)
        self.source_apart = await make_source(self.database, self.viewer)
        self.event = await make_event(self.database, self.viewer)
        self.question = await make_question(self.database, self.viewer, kind=QuestionKind.OPEN)
        self.claim = await make_claim(self.database, self.viewer, said_by=[self.agent], source=self.source)
        self.assessment = await make_assessment(self.database, self.viewer, claim=self.claim)
        return self

    async def do(self, service: Callable[..., Awaitable[Any]], *arguments: Any, **named: Any) -> None:
        await perform(self.database, self.viewer, service, *arguments, **named)

    async def claim_of(self, **fields: Any) -> None:
        new = {
            "source": self.source,
            "statement": "A statement.",
            "quote": QuoteInput("words"),
            "basis": Basis.FIRSTHAND,
        }
        await self.do(record_claim, NewClaim(**{**new, **fields}))

    async def source_of(self, **fields: Any) -> None:
        await self.do(record_source, NewSource(**{"kind": SourceKind.POST, "title": "A title.", **fields}))


Work = Callable[[Desk], Awaitable[None]]
URL = "https://example.org/ali_hassan"
WORKS: dict[str, tuple[Work, str]] = {
    "agent name": (lambda d: d.do(record_agent, NewAgent(kind=AgentKind.PERSON, name=NAMED)), "name"),
    "agent alias": (
        lambda d: d.do(record_agent, NewAgent(kind=AgentKind.PERSON, name="x", aliases=("y", NAMED))),
        "aliases.1",
    ),
    "agent amended": (
        lambda d: d.do(amend_agent, d.agent, 1, AgentChanges(description=NAMED)),
        "description",
    ),
    "pseudonym of another": (
        lambda d: d.do(amend_agent, d.agent, 1, AgentChanges(protected=True, pseudonym=NAMED)),
        "pseudonym",
    ),
    "source title": (lambda d: d.source_of(title=NAMED), "title"),
    "source byline": (lambda d: d.source_of(byline=NAMED), "byline"),
    "source note": (lambda d: d.source_of(note=NAMED), "note"),
    "source text": (lambda d: d.source_of(text=NAMED), "text"),
    "source url": (lambda d: d.source_of(url=URL), "url"),
    "source archive": (lambda d: d.source_of(archive_url=URL), "archiveUrl"),
    "source language": (lambda d: d.source_of(language="x-son-ali-hassan"), "language"),
    "source media type": (lambda d: d.source_of(media_type="text/html; a=ali-hassan"), "mediaType"),
    "source amended": (lambda d: d.do(amend_source, d.source, 1, SourceChanges(note=NAMED)), "note"),
    "source gets its text": (lambda d: d.do(amend_source, d.source, 1, SourceChanges(text=NAMED)), "text"),
    "source revised": (lambda d: d.do(revise_source, d.source, SourceRevision(text=NAMED)), "text"),
    "event": (lambda d: d.do(record_event, NewEvent(title="x", place=NAMED)), "place"),
    "event amended": (lambda d: d.do(amend_event, d.event, 1, EventChanges(title=NAMED)), "title"),
    "question": (
        lambda d: d.do(record_question, NewQuestion(kind=QuestionKind.OPEN, text=NAMED)),
        "text",
    ),
    "question amended": (
        lambda d: d.do(amend_question, d.question, 1, QuestionChanges(counted=NAMED)),
        "counted",
    ),
    "statement": (lambda d: d.claim_of(statement=NAMED), "statement"),
    "quote": (lambda d: d.claim_of(quote=QuoteInput(NAMED)), "quote.exact"),
    "prefix": (lambda d: d.claim_of(quote=QuoteInput("words", prefix=NAMED)), "quote.prefix"),
    "suffix": (lambda d: d.claim_of(quote=QuoteInput("words", suffix=NAMED)), "quote.suffix"),
    "claim note": (lambda d: d.claim_of(note=NAMED), "note"),
    "cue": (
        lambda d: d.claim_of(basis=Basis.ATTRIBUTED, hops=(Hop((d.agent,)), Hop((d.agent,), cue=NAMED))),
        "hops.1.cue",
    ),
    "claim amended": (lambda d: d.do(amend_claim, d.claim, 1, ClaimChanges(statement=NAMED)), "statement"),
    "cue amended": (
        lambda d: d.do(amend_claim, d.claim, 1, ClaimChanges(hops=(Hop((d.agent,), cue=NAMED),))),
        "hops.0.cue",
    ),
    "retraction": (lambda d: d.do(retract_claim, d.claim, when="2020", reason=NAMED), "reason"),
    "retraction url": (lambda d: d.do(retract_claim, d.claim, when="2020", reason="r", url=URL), "url"),
    "withdrawal": (lambda d: d.do(withdraw_claim, d.claim, NAMED), "reason"),
    "rationale": (
        lambda d: d.do(
            record_assessment,
            NewAssessment(
                claim=d.claim, stance=Stance.CONTEXT, rationale=NAMED, evidence_source=d.source_apart
            ),
        ),
        "rationale",
    ),
    "assessment withdrawn": (lambda d: d.do(withdraw_assessment, d.assessment, NAMED), "reason"),
}


@pytest.mark.parametrize("name", WORKS)
async def test_a_name_is_refused_with_its_place(
    database: Database, editor: Viewer, protected: UUID, name: str
) -> None:
    desk = await Desk(database, editor).lay()
    work, path = WORKS[name]
    (before,) = await read_rows(database, "SELECT count(*) AS n FROM revision")
    with pytest.raises(ProtectedName) as refused:
        await work(desk)
    (place,) = refused.value.places
    assert refused.value.total == 1
    assert place.agent == encode_id(NodeType.AGENT, protected)
    assert ".".join(place.path) == path
    assert (place.start, place.end) == AT_OF.get(path, (20, 30) if "rl" in path.lower() else AT)
    assert "hassan" not in refused.value.message.lower()
    assert await read_rows(database, "SELECT count(*) AS n FROM revision") == [before]


@pytest.mark.parametrize(
    "url", ["https://n.example/ali%20hassan", "https://n.example/%D8%B9%D9%84%D9%8A-%D8%AD%D8%B3%D9%86"]
)
async def test_an_encoded_url_is_decoded(database: Database, editor: Viewer, url: str) -> None:
    await make_agent(
        database, editor, name="Ali Hassan", aliases=("علي حسن",), protected=True, pseudonym="a clerk"
    )
    desk = await Desk(database, editor).lay()
    for work, path in (
        (desk.source_of(url=url), ("url",)),
        (desk.source_of(archive_url=url), ("archiveUrl",)),
        (desk.do(retract_claim, desk.claim, when="2020", reason="r", url=url), ("url",)),
    ):
        with pytest.raises(ProtectedName) as refused:
            await work
        (place,) = refused.value.places
        assert (place.path, place.start, place.end) == (path, 0, len(url))


@pytest.mark.parametrize(
    ("quote", "at"),
    [
        (QuoteInput("Hassan came.", prefix="Then Ali "), (5, 15)),
        (QuoteInput("Then came Ali", suffix="-Hassan."), (10, 20)),
        (QuoteInput("san", prefix="Ali Has"), (0, 10)),
    ],
)
async def test_a_name_that_stands_across_the_parts_of_a_quote_is_found(
    database: Database, editor: Viewer, protected: UUID, quote: QuoteInput, at: tuple[int, int]
) -> None:
    """Whoever is shown the one part is shown the next."""
    desk = await Desk(database, editor).lay()
    for work in (desk.claim_of(quote=quote), desk.do(amend_claim, desk.claim, 1, ClaimChanges(quote=quote))):
        with pytest.raises(ProtectedName) as refused:
            await work
        (place,) = refused.value.places
        assert (place.path, (place.start, place.end)) == (("quote",), at)


async def test_a_part_of_a_quote_is_amended_next_to_the_one_that_stands(
    database: Database, editor: Viewer, protected: UUID
) -> None:
    claim = await make_claim(database, editor, quote=QuoteInput("Hassan came.", prefix="Then "))
    amended = ClaimChanges(quote=QuoteInput("Hassan came.", prefix="Then Ali "))
    with pytest.raises(ProtectedName):
        await perform(database, editor, amend_claim, claim, 1, amended)
    await perform(database, editor, amend_claim, claim, 1, ClaimChanges(note="no part of the quote"))


async def test_a_quantity_has_no_name_in_it(database: Database, editor: Viewer, protected: UUID) -> None:
    question = await make_question(database, editor)
    with pytest.raises(ProtectedName) as refused:
        await make_claim(
            database, editor, question=question, quantity=QuantityInput("the 3 of Abu Jafar", lower=None)
        )
    assert [place.path for place in refused.value.places] == [("quantity", "text")]


async def test_what_is_restricted_may_have_the_name(
    database: Database, editor: Viewer, protected: UUID
) -> None:
    source = await make_source(database, editor, text=NAMED, restricted=True)
    reprint = await make_source(database, editor, note=NAMED, reprints=source)
    inside = await make_claim(database, editor, source=reprint, statement=NAMED)
    alone = await make_claim(database, editor, statement=NAMED, restricted=True)
    for claim in (inside, alone):
        await make_assessment(database, editor, claim=claim, rationale=NAMED)
    await perform(database, editor, amend_claim, alone, 1, ClaimChanges(note=NAMED))
    await perform(database, editor, withdraw_claim, inside, NAMED)
    await perform(database, editor, revise_source, source, SourceRevision(text=f"{NAMED} Again."))


async def test_what_has_the_name_is_not_shown_again(
    database: Database, editor: Viewer, protected: UUID
) -> None:
    source = await make_source(database, editor, restricted=True)
    claim = await make_claim(database, editor, source=source, statement=NAMED)
    judged = await make_claim(database, editor, restricted=True)
    assessment = await make_assessment(database, editor, claim=judged, rationale=f"{NAMED} {NAMED}")
    for service, row, key, node, changes in (
        (amend_source, "source", source, (NodeType.CLAIM, claim), SourceChanges(restricted=False)),
        (amend_claim, "claim", judged, (NodeType.ASSESSMENT, assessment), ClaimChanges(restricted=False)),
    ):
        with pytest.raises(ProtectedName) as refused:
            await perform(database, editor, service, key, 1, changes)  # type: ignore[arg-type]  # to each its own
        assert {place.row for place in refused.value.places} == {encode_id(*node)}
        assert (await read_row(database, row, key))["hidden"]
    await perform(database, editor, amend_claim, claim, 1, ClaimChanges(restricted=True))
    await perform(database, editor, amend_source, source, 1, SourceChanges(restricted=False))
    assert not (await read_row(database, "source", source))["hidden"]


async def test_a_pseudonym_does_not_say_who_it_is(
    database: Database, editor: Viewer, protected: UUID
) -> None:
    with pytest.raises(ProtectedName):
        await perform(database, editor, amend_agent, protected, 1, AgentChanges(pseudonym="Jafar, Abu Jafar"))
    with pytest.raises(ProtectedName):
        await perform(database, editor, amend_agent, protected, 1, AgentChanges(aliases=("A Clerk",)))
    await perform(database, editor, amend_agent, protected, 1, AgentChanges(name="Hassan Ali"))
    # What is its own no more, or is no secret any more, may be said.
    await perform(database, editor, amend_agent, protected, 2, AgentChanges(protected=False))
    await make_source(database, editor, text=NAMED)


async def test_only_who_may_see_the_names_is_told_of_them() -> None:
    words = [o for o in Operation if o.value.startswith(("record", "amend", "revise", "retract", "withdraw"))]
    assert len(words) == 15
    for operation in words:
        assert not Viewer(UUID(int=1), MINIMUM_ROLE[operation]).is_outsider
