"""Where a protected agent is named for outsiders to read, and what is restricted for it."""

from __future__ import annotations

import uuid

import asyncpg
import pytest

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import QuestionKind, Role
from app.errors import NotPermitted
from app.permissions import Viewer
from app.services.agents import AgentChanges, amend_agent
from app.services.exposure import Exposure, find_exposure, list_standing
from app.services.inputs import Hop, QuoteInput
from app.services.recomputation import recompute_everything
from app.services.sources import SourceRevision, revise_source
from app.services.withdrawals import retract_claim, withdraw_claim
from tests.factories import (
    make_agent,
    make_assessment,
    make_claim,
    make_event,
    make_question,
    make_source,
    make_viewer,
    perform,
)
from tests.services.reading import read_row

NAMED = "Then ALI-HÁSSAN came."


def places(exposure: Exposure | None) -> set[tuple[str, str]]:
    assert exposure is not None
    assert exposure.total == len(exposure.places)
    return {(place.row or "", ".".join(place.path)) for place in exposure.places}


async def test_of_very_many_agents_all_is_found(database: Database, editor: Viewer) -> None:
    """More than a statement has room for parameters. One of them is not protected, or no longer."""
    source = await make_source(database, editor, text=f"{NAMED} So did Ben Bell.")
    await make_event(database, editor, title="Ben Bell came")
    agent = await make_agent(database, editor, name="Ali Hassan", protected=True, pseudonym="a clerk")
    shown = await make_agent(database, editor, name="Ben Bell")
    many = [agent, shown, *map(uuid.UUID, map("00000000-0000-0000-0000-{:012}".format, range(40_000)))]
    found = await perform(database, editor, list_standing, many)
    assert {row for row, _ in places(found)} == {encode_id(NodeType.SOURCE, source)}


async def test_all_that_stands_is_found_and_restricted(database: Database, editor: Viewer) -> None:
    agent = await make_agent(database, editor, name="Ali Hassan")
    other = await make_agent(database, editor, aliases=("x", f"Not {NAMED}"))
    event = await make_event(database, editor, description=NAMED)
    question = await make_question(database, editor, kind=QuestionKind.OPEN, counted=NAMED)
    old = await make_source(database, editor, text=f"{'Words. ' * 300_000}{NAMED}")
    new = await perform(database, editor, revise_source, old, SourceRevision(title="new"))
    hop = Hop((agent,), cue=NAMED)
    spoken = await make_claim(database, editor, hops=(hop,), quote=QuoteInput("q", suffix=NAMED))
    inside = await make_claim(database, editor, source=new, statement=NAMED)
    gone = await make_claim(database, editor)
    await perform(database, editor, withdraw_claim, gone, NAMED)
    taken_back = await make_claim(database, editor)
    await perform(database, editor, retract_claim, taken_back, when="2020", reason=NAMED)
    judged = await make_claim(database, editor)
    assessment = await make_assessment(database, editor, claim=judged, rationale=NAMED)
    await make_claim(database, editor, statement="Nothing of Hassan Ali.")

    assert await perform(database, editor, find_exposure, agent) is None
    changes = AgentChanges(protected=True, pseudonym="a clerk")
    await perform(database, editor, amend_agent, agent, 1, changes)
    found = places(await perform(database, editor, find_exposure, agent))
    by_hand = {
        (encode_id(NodeType.AGENT, other), "aliases.1"),
        (encode_id(NodeType.EVENT, event), "description"),
        (encode_id(NodeType.QUESTION, question), "counted"),
    }
    assert found == by_hand | {
        (encode_id(NodeType.SOURCE, old), "text"),
        (encode_id(NodeType.CLAIM, spoken), "attribution.cue"),
        (encode_id(NodeType.CLAIM, spoken), "quote.suffix"),
        (encode_id(NodeType.CLAIM, inside), "statement"),
        (encode_id(NodeType.CLAIM, gone), "withdrawal.reason"),
        (encode_id(NodeType.CLAIM, taken_back), "retraction.reason"),
        (encode_id(NodeType.ASSESSMENT, assessment), "rationale"),
    }
    exposure = await perform(database, editor, find_exposure, agent, restrict=True)
    assert exposure is not None
    assert places(exposure) == by_hand
    assert set(exposure.restricted) == {
        *(encode_id(NodeType.SOURCE, key) for key in (old, new)),
        # The other stands in a source that is restricted.
        *(encode_id(NodeType.CLAIM, key) for key in (spoken, gone, taken_back, judged)),
    }
    for claim in (spoken, inside, gone, taken_back, judged):
        row = await read_row(database, "claim", claim)
        assert row["hidden"]
        assert row["restricted"] is (claim != inside)
    assert await recompute_everything(database, check=True) == []
    again = await perform(database, editor, find_exposure, agent, restrict=True)
    assert again is not None
    assert (places(again), again.restricted) == (by_hand, ())


async def test_a_name_across_the_parts_of_a_quote_is_found(database: Database, editor: Viewer) -> None:
    agent = await make_agent(database, editor, name="Ali Hassan")
    across = [
        await make_claim(database, editor, quote=quote)
        for quote in (QuoteInput("Hassan came", prefix="So Ali "), QuoteInput("Ali Has", suffix="san came"))
    ]
    await make_claim(database, editor, quote=QuoteInput("Ali", suffix="Hassan"))
    changes = AgentChanges(protected=True, pseudonym="a clerk")
    await perform(database, editor, amend_agent, agent, 1, changes)
    found = places(await perform(database, editor, find_exposure, agent))
    assert found == {(encode_id(NodeType.CLAIM, claim), "quote") for claim in across}
    exposure = await perform(database, editor, find_exposure, agent, restrict=True)
    assert exposure is not None
    assert (exposure.total, set(exposure.restricted)) == (0, {row for row, _ in found})


async def test_a_name_in_an_encoded_url_is_found(database: Database, editor: Viewer) -> None:
    agent = await make_agent(database, editor, name="Ali Hassan")
    url = "https://n.example/%61li%20%68assan"
    source = await make_source(database, editor, url=url)
    archived = await make_source(database, editor, archive_url=url)
    claim = await make_claim(database, editor)
    await perform(database, editor, retract_claim, claim, when="2020", reason="r", url=url)
    await make_source(database, editor, url="https://n.example/100%25")
    changes = AgentChanges(protected=True, pseudonym="a clerk")
    await perform(database, editor, amend_agent, agent, 1, changes)
    assert places(await perform(database, editor, find_exposure, agent)) == {
        (encode_id(NodeType.SOURCE, source), "url"),
        (encode_id(NodeType.SOURCE, archived), "archiveUrl"),
        (encode_id(NodeType.CLAIM, claim), "retraction.url"),
    }


async def test_who_may_not_protect_is_not_told(database: Database, viewer: Viewer, editor: Viewer) -> None:
    agent = await make_agent(database, editor, name="Ali Hassan", protected=True, pseudonym="a clerk")
    reader = await make_viewer(database, Role.READER)
    with pytest.raises(NotPermitted):
        await perform(database, reader, find_exposure, agent)
    researcher = await make_viewer(database, Role.RESEARCHER)
    assert places(await perform(database, researcher, find_exposure, agent)) == set()
    with pytest.raises(NotPermitted):
        await perform(database, researcher, find_exposure, agent, restrict=True)


STRETCHED = {"أحمد": "أَحـــــمَـــــد"}


@pytest.mark.parametrize("name", ["Łukasz Strauß", "José Núñez", "أحمد", "张三", "İpek", "O'Brien"])
async def test_postgres_passes_over_no_spelling(database: Database, editor: Viewer, name: str) -> None:
    agent = await make_agent(database, editor, name=name)
    spellings = {name, name.upper(), name.lower(), name.casefold(), STRETCHED.get(name, name)}
    for spelling in spellings:
        await make_event(database, editor, title=f"Of {spelling}, said so.")
    changes = AgentChanges(protected=True, pseudonym="a clerk")
    await perform(database, editor, amend_agent, agent, 1, changes)
    exposure = await perform(database, editor, find_exposure, agent)
    assert exposure is not None
    assert exposure.total == len(spellings)


async def test_two_hundred_aliases_are_no_pattern_too_many(database: Database, editor: Viewer) -> None:
    aliases = tuple(f"{'Mohammed Abdelrahman' * 3} {number}" for number in range(200))
    agent = await make_agent(
        database, editor, name="Ali Hassan", aliases=aliases, protected=True, pseudonym="a clerk"
    )
    try:
        exposure = await perform(database, editor, find_exposure, agent)
    except asyncpg.PostgresError as problem:
        pytest.fail(str(problem))
    assert exposure is not None
    assert exposure.total == 0
