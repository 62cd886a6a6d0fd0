"""Recording and amending agents, and what the chain above them does to statuses."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import AgentKind
from app.errors import Duplicate, InvalidInput, NotFound, StaleVersion
from app.permissions import Viewer
from app.services.agents import AgentChanges, NewAgent, amend_agent, record_agent
from app.services.merges import merge_agents, unmerge_agents
from tests.factories import (
    make_agent,
    make_assessment,
    make_claim,
    make_question,
    make_source,
    perform,
)
from tests.services.reading import count_rows, read_revisions, read_row, read_rows, read_status


async def read_party(database: Database, agent: uuid.UUID) -> uuid.UUID:
    return uuid.UUID((await read_row(database, "agent", agent))["party"])


async def test_an_agent_is_recorded_as_it_is_given(database: Database, viewer: Viewer) -> None:
    government = await make_agent(database, viewer, kind=AgentKind.GOVERNMENT)
    new = NewAgent(
        kind=AgentKind.PERSON,
        name="Çınar",
        aliases=("Mark T. Esper", "\U0001f600"),
        description="a person",
        part_of=government,
        wikidata_id="Q9682",
        protected=True,
        pseudonym="M.",
    )
    key = await perform(database, viewer, record_agent, new)
    row = await read_row(database, "agent", key)
    assert row.pop("recorded_at")
    assert row == {
        "id": str(key),
        "version": 1,
        "recorded_by": str(viewer.researcher),
        "kind": "PERSON",
        "name": "Çınar",
        "aliases": ["Mark T. Esper", "\U0001f600"],
        "description": "a person",
        "part_of": str(government),
        "party": str(government),
        "merged_into": None,
        "wikidata_id": "Q9682",
        "protected": True,
        "pseudonym": "M.",
    }


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"name": "\u200b"}, ["name"]),
        ({"name": "€" * 700}, ["name"]),  # 2,100 bytes: more than an index holds
        ({"name": "Ⱥ" * 700}, ["name"]),  # as many in lower case
        ({"name": "x" * 1_001, "aliases": ("a", "", "a")}, ["name", "aliases.1", "aliases.2"]),
        ({"aliases": tuple(map(str, range(201)))}, ["aliases"]),
        ({"wikidata_id": "Q0", "protected": True}, ["wikidataId", "pseudonym"]),
        ({"wikidata_id": "Q" + "1" * 40}, ["wikidataId"]),
        ({"description": "\0", "pseudonym": "\udfff"}, ["description", "pseudonym"]),
        ({"name": "", "part_of": uuid.UUID(int=1)}, ["name", "partOf"]),
    ],
)
async def test_everything_that_is_wrong_is_said_at_once(
    database: Database, viewer: Viewer, fields: dict[str, Any], paths: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await make_agent(database, viewer, **fields)
    assert [".".join(problem.path) for problem in caught.value.problems] == paths
    assert await count_rows(database, "agent") == 0


async def test_an_agent_is_part_of_one_that_is_there(database: Database, viewer: Viewer) -> None:
    nobody = uuid.uuid4()
    with pytest.raises(NotFound) as caught:
        await make_agent(database, viewer, part_of=nobody)
    assert (caught.value.path, caught.value.id) == (("partOf",), encode_id(NodeType.AGENT, nobody))
    agent = await make_agent(database, viewer)
    with pytest.raises(NotFound):
        await perform(database, viewer, amend_agent, agent, 1, AgentChanges(part_of=nobody))


async def test_a_wikidata_id_is_one_agents(database: Database, viewer: Viewer) -> None:
    first = await make_agent(database, viewer, wikidata_id="Q1")
    with pytest.raises(Duplicate) as caught:
        await make_agent(database, viewer, wikidata_id="Q1")
    assert (caught.value.kind, caught.value.id) == ("Agent", encode_id(NodeType.AGENT, first))
    second = await make_agent(database, viewer, wikidata_id="Q2")
    with pytest.raises(Duplicate) as caught:
        await perform(database, viewer, amend_agent, second, 1, AgentChanges(wikidata_id="Q1", name="n"))
    assert caught.value.id == encode_id(NodeType.AGENT, first)
    assert (await read_row(database, "agent", second))["version"] == 1


async def test_a_move_takes_the_parties_below_along(database: Database, viewer: Viewer) -> None:
    old, new = [await make_agent(database, viewer) for _ in range(2)]
    department = await make_agent(database, viewer, part_of=old)
    secretary = await make_agent(database, viewer, part_of=department)
    assert await read_party(database, secretary) == old
    await perform(database, viewer, amend_agent, department, 1, AgentChanges(part_of=new))
    assert [await read_party(database, agent) for agent in (department, secretary, old)] == [new, new, old]
    await perform(database, viewer, amend_agent, department, 2, AgentChanges(part_of=None))
    assert await read_party(database, secretary) == department
    # Derived columns are no amendments: the secretary was never touched.
    assert (await read_row(database, "agent", secretary))["version"] == 1
    assert len(await read_revisions(database, secretary)) == 1


async def test_an_agent_never_becomes_part_of_itself(database: Database, viewer: Viewer) -> None:
    above = await make_agent(database, viewer)
    below = await make_agent(database, viewer, part_of=above)
    for parent in (above, below):
        with pytest.raises(InvalidInput) as caught:
            await perform(database, viewer, amend_agent, above, 1, AgentChanges(part_of=parent))
        assert [problem.path for problem in caught.value.problems] == [("partOf",)]
    assert await read_party(database, below) == above


async def test_a_move_reaches_speakers_publishers_reprints_and_judgements(
    database: Database, viewer: Viewer
) -> None:
    """Each pair below is independent until its second party turns out to be the first's."""
    owner = await make_agent(database, viewer)
    moved = await make_agent(database, viewer)

    async def ask(fields: dict[str, Any]) -> uuid.UUID:
        question = await make_question(database, viewer)
        claim = await make_claim(database, viewer, question=question, quantity="25", said_by=[owner])
        if fields:
            await make_claim(database, viewer, question=question, quantity="25", **fields)
        return claim

    paper = await make_source(database, viewer, publisher=moved)
    reprint = await make_source(database, viewer, reprints=paper)
    judged_by_source, judged_by_claim = await ask({}), await ask({})
    await make_assessment(database, viewer, claim=judged_by_source, evidence_source=reprint)
    lone = await make_claim(database, viewer, said_by=[moved])
    await make_assessment(database, viewer, claim=judged_by_claim, evidence_claim=lone)
    claims = [
        await ask({"said_by": [moved]}),
        await ask({"source": paper}),
        await ask({"source": reprint}),
        judged_by_source,
        judged_by_claim,
    ]
    assert [await read_status(database, claim) for claim in claims] == ["CORROBORATED 2:0"] * 5
    await perform(database, viewer, amend_agent, moved, 1, AgentChanges(part_of=owner))
    assert [await read_status(database, claim) for claim in claims] == ["UNCORROBORATED 1:0"] * 5


async def test_a_kind_decides_whose_words_replace_whose(database: Database, viewer: Viewer) -> None:
    """An unnamed voice does not withdraw an institution's statement; a named one does."""
    militia = await make_agent(database, viewer)
    voice = await make_agent(database, viewer, kind=AgentKind.UNNAMED, part_of=militia)
    question = await make_question(database, viewer)
    first = await make_claim(
        database, viewer, question=question, quantity="19", said_by=[militia], asserted="2019-12-29"
    )
    await make_claim(
        database, viewer, question=question, quantity="25", said_by=[voice], asserted="2019-12-30"
    )
    assert await read_status(database, first) == "DISPUTED 1:1"
    await perform(database, viewer, amend_agent, voice, 1, AgentChanges(kind=AgentKind.PERSON))
    assert await read_status(database, first) == "OUTDATED 1:1"


async def test_an_explanation_follows_the_name(database: Database, viewer: Viewer) -> None:
    agent = await make_agent(database, viewer, name="Kataib Hezbollah")
    part = await make_agent(database, viewer, part_of=agent)
    claim = await make_claim(database, viewer, said_by=[part])
    sql = "SELECT explanation, named FROM corroboration WHERE claim = $1"
    (before,) = await read_rows(database, sql, claim)
    assert "Kataib Hezbollah" in before["explanation"]
    assert before["named"] == [str(agent)]
    await perform(database, viewer, amend_agent, agent, 1, AgentChanges(name="Hezbollah Brigades"))
    (after,) = await read_rows(database, sql, claim)
    assert after["explanation"] == before["explanation"].replace("Kataib Hezbollah", "Hezbollah Brigades")
    assert len(await read_rows(database, "SELECT id FROM status_change WHERE claim = $1", claim)) == 1


async def test_an_explanation_follows_the_protection(database: Database, viewer: Viewer) -> None:
    agent = await make_agent(database, viewer, name="Ali Hassan")
    claim = await make_claim(database, viewer, said_by=[agent])
    sql = "SELECT explanation, outside_explanation FROM corroboration WHERE claim = $1"
    (before,) = await read_rows(database, sql, claim)
    assert before["outside_explanation"] is None
    for version, (changes, shown) in enumerate(
        [
            (AgentChanges(protected=True, pseudonym="a dock worker"), "a dock worker"),
            (AgentChanges(pseudonym="a clerk"), "a clerk"),
            (AgentChanges(protected=False), None),
        ],
        start=1,
    ):
        await perform(database, viewer, amend_agent, agent, version, changes)
        (after,) = await read_rows(database, sql, claim)
        assert after["explanation"] == before["explanation"]
        expected = None if shown is None else before["explanation"].replace("Ali Hassan", shown)
        assert after["outside_explanation"] == expected


async def test_who_is_merged_into_a_protected_agent_is_protected(database: Database, viewer: Viewer) -> None:
    protect = AgentChanges(protected=True, pseudonym="a clerk")
    one, other = await make_agent(database, viewer), await make_agent(database, viewer)
    await perform(database, viewer, merge_agents, other, one, "the same")
    with pytest.raises(InvalidInput, match="is merged into this agent: protect it first"):
        await perform(database, viewer, amend_agent, one, 1, protect)
    await perform(database, viewer, unmerge_agents, other, "one by one")
    await perform(database, viewer, amend_agent, one, 1, protect)
    with pytest.raises(InvalidInput, match="is not protected"):
        await perform(database, viewer, merge_agents, other, one, "the same")
    await perform(database, viewer, amend_agent, other, 3, protect)
    await perform(database, viewer, merge_agents, other, one, "the same")
    with pytest.raises(InvalidInput, match="merged into a protected agent"):
        await perform(database, viewer, amend_agent, other, 5, AgentChanges(protected=False))


async def test_a_stale_version_is_refused(database: Database, viewer: Viewer) -> None:
    agent = await make_agent(database, viewer)
    await perform(database, viewer, amend_agent, agent, 1, AgentChanges(aliases=("a",)))
    for changes in (AgentChanges(aliases=("b",)), AgentChanges(name="b")):
        with pytest.raises(StaleVersion):
            await perform(database, viewer, amend_agent, agent, 1, changes)
    assert (await read_row(database, "agent", agent))["aliases"] == ["a"]
