"""What outsiders get of protected agents, whatever they ask: a pseudonym."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from app.api.documents import Operation
from app.api.execution import Engine, Response
from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from tests.api.canary import CANARY, INSIDER, OUTSIDERS, Aviary, open_aviary, sings
from tests.api.schemas import SCHEMA
from tests.conftest import NewDatabase
from tests.factories import make_agent, make_claim, make_question, make_source

NAMED = """{
  claims { edges { node { attribution { agents { id name } } corroboration { explanation } } } }
}"""
HEARD = """subscription {
  claimRecorded { attribution { agents { name aliases description } } corroboration { explanation } }
}"""


@pytest.fixture
async def aviary(clone: NewDatabase) -> AsyncIterator[Aviary]:
    async with clone() as dsn, open_aviary(dsn, 50) as aviary:
        yield aviary


async def test_no_byte_of_an_answer_is_of_a_protected_agent(aviary: Aviary) -> None:
    # Who may know it is told: the canary is where it is looked for.
    told = await aviary.ask(INSIDER)
    assert sum(map(sings, told)) > 25
    assert any(CANARY.search(answer) and b'"explanation":"' in answer for answer in told)
    unknown = await aviary.ask(OUTSIDERS[0])
    assert sum(b"Voice " in answer for answer in unknown) > 25
    assert sum(answer.startswith(b'{"data":') for answer in unknown) > len(unknown) / 2
    await aviary.look()
    assert aviary.found == []
    # What was changed at the end is what the others see.
    changed = await aviary.ask(INSIDER)
    assert sum(one != other for one, other in zip(told, changed, strict=True)) > 25


@pytest.mark.parametrize("outsider", OUTSIDERS, ids=["a READER", "no token"])
async def test_the_past_is_not_for_outsiders(database: Database, outsider: Viewer) -> None:
    engine = Engine(SCHEMA, database)
    query = '{ claims(asOf: "2020-01-01T00:00:00Z") { totalCount } }'
    refused = json.loads((await engine.execute(query, None, None, outsider)).body)
    assert refused["errors"][0]["extensions"]["code"] == "NOT_PERMITTED"
    told = json.loads((await engine.execute(query, None, None, INSIDER)).body)
    assert told == {"data": {"claims": {"totalCount": 0}}}


async def test_the_explanation_has_the_pseudonym(database: Database, viewer: Viewer) -> None:
    agent = await make_agent(database, viewer, name="Canarybird", protected=True, pseudonym="a clerk")
    await make_claim(
        database, viewer, question=await make_question(database, viewer), quantity="3", said_by=[agent]
    )
    engine = Engine(SCHEMA, database)

    async def ask(role: Role) -> bytes:
        return (await engine.execute(NAMED, None, None, Viewer(NOBODY, role))).body

    seen, known = await ask(Role.READER), await ask(Role.RESEARCHER)
    assert b"goes back to a clerk;" in seen
    assert b"goes back to Canarybird;" in known
    assert seen == known.replace(b"Canarybird", b"a clerk")
    assert encode_id(NodeType.AGENT, agent).encode() in seen


async def test_subscribers_hear_the_pseudonym(committed_database: Database, viewer: Viewer) -> None:
    agent = await make_agent(
        committed_database,
        viewer,
        name="Canarybird",
        aliases=("Canarybirds",),
        protected=True,
        pseudonym="a clerk",
    )
    engine = Engine(SCHEMA, committed_database)
    operation = engine.operation(HEARD, None)
    assert isinstance(operation, Operation)
    heard = {}
    async with committed_database.listening():
        streams = {}
        for role in (Role.READER, Role.RESEARCHER):
            stream = await engine.subscribe(operation, {}, Viewer(viewer.researcher, role))
            assert not isinstance(stream, Response), stream
            streams[role] = stream
        await make_claim(committed_database, viewer, said_by=[agent])
        for role, stream in streams.items():
            async with aclosing(stream):
                heard[role] = (await anext(stream)).body
    assert CANARY.search(heard[Role.RESEARCHER])
    assert not CANARY.search(heard[Role.READER])
    assert b"a clerk" in heard[Role.READER]


async def test_subscribers_hear_nothing_of_what_is_restricted(
    committed_database: Database, viewer: Viewer
) -> None:
    engine = Engine(SCHEMA, committed_database)
    operation = engine.operation("subscription { claimRecorded { statement } }", None)
    assert isinstance(operation, Operation)
    async with committed_database.listening():
        stream = await engine.subscribe(operation, {}, Viewer(viewer.researcher, Role.READER))
        assert not isinstance(stream, Response), stream
        source = await make_source(committed_database, viewer, restricted=True)
        await make_claim(committed_database, viewer, source=source, statement="In a restricted source.")
        await make_claim(committed_database, viewer, restricted=True, statement="By itself.")
        await make_claim(committed_database, viewer, statement="For everybody.")
        async with aclosing(stream):
            heard = await anext(stream)
    assert json.loads(heard.body)["data"] == {"claimRecorded": {"statement": "For everybody."}}


async def test_a_change_that_something_restricted_caused_is_told_without_its_cause(
    committed_database: Database, viewer: Viewer
) -> None:
    database = committed_database
    question = await make_question(database, viewer)
    agents = [await make_agent(database, viewer) for _ in range(2)]
    common: dict[str, Any] = {"question": question, "quantity": "25"}
    known = await make_claim(database, viewer, said_by=agents[:1], **common)
    await make_claim(database, viewer, said_by=agents[1:], restricted=True, **common)
    engine = Engine(SCHEMA, database)
    query = """query ($id: ID!) { claim(id: $id) { corroboration {
      status linesFor evidence { totalCount }
      lines { parties { ... on Agent { id } } }
      changes { edges { node { status revision { table } } } }
    } } }"""
    told: dict[Role, Any] = {}
    for role in (Role.READER, Role.RESEARCHER):
        variables = {"id": encode_id(NodeType.CLAIM, known)}
        answer = await engine.execute(query, variables, None, Viewer(viewer.researcher, role))
        told[role] = json.loads(answer.body)["data"]["claim"]["corroboration"]
    seen, all_of_it = told[Role.READER], told[Role.RESEARCHER]
    assert seen["status"] == all_of_it["status"] == "CORROBORATED"
    assert seen["linesFor"] == all_of_it["linesFor"] == 2
    assert (seen["evidence"]["totalCount"], all_of_it["evidence"]["totalCount"]) == (1, 2)
    assert seen["lines"][0] == {"parties": []}
    assert all(line["parties"] for line in all_of_it["lines"])
    causes = [edge["node"]["revision"] for edge in seen["changes"]["edges"]]
    assert [cause is None for cause in causes] == [False, True]
    assert all(edge["node"]["revision"] for edge in all_of_it["changes"]["edges"])
