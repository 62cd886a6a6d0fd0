"""Protecting an agent by mutations: what is refused, and where its name stands already."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.api.execution import Engine
from app.database import Database, WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from app.services import shown
from app.services.shown import Search
from tests.api.conftest import Ask, asking
from tests.api.documents import do
from tests.api.schemas import SCHEMA
from tests.factories import make_claim, make_source


async def test_a_protected_name_is_refused_with_its_places(ask: Ask) -> None:
    given = {"kind": "PERSON", "name": "Ann Lee", "protected": True, "pseudonym": "an aide"}
    agent = (await do(ask, "recordAgent", "agent { id }", **given))["agent"]["id"]
    refused = await do(ask, "recordSource", "source { id }", kind="POST", title="x", note="So said ann lee.")
    assert refused["__typename"] == "ProtectedName"
    assert refused["code"] == "PROTECTED_NAME"
    assert "restricted: true" in refused["hint"]
    assert refused["total"] == 1
    assert refused["places"] == [{"agent": agent, "path": ["note"], "start": 8, "end": 15, "row": None}]
    given = {"kind": "POST", "title": "x", "note": "So said ann lee.", "restricted": True}
    done = await do(ask, "recordSource", "source { restricted hidden version id }", **given)
    source = done["source"]
    assert (source["restricted"], source["hidden"]) == (True, True)
    refused = await do(
        ask, "amendSource", "source { id }", source=source["id"], expectedVersion=1, restricted=False
    )
    assert [place["row"] for place in refused["places"]] == [source["id"]]


NODES = "restrictedNodes { edges { node { ... on Source { id } } } }"


async def test_protecting_shows_where_the_name_stands_and_restricts_it(ask: Ask) -> None:
    agent = await do(ask, "recordAgent", "agent { id } standing { total }", kind="PERSON", name="Ann Lee")
    assert agent["standing"] is None
    agent = agent["agent"]["id"]
    source = (await do(ask, "recordSource", "source { id }", kind="POST", title="Said ann lee."))["source"][
        "id"
    ]
    event = (await do(ask, "recordEvent", "event { id }", title="The trial of Ann Lee"))["event"]["id"]
    fields = f"agent {{ protected }} standing {{ total places {{ agent path start end row }} {NODES} }}"
    protect = {"agent": agent, "expectedVersion": 1, "protected": True, "pseudonym": "an aide"}
    tried = await do(ask, "amendAgent", fields, **protect, restrictStanding=True, dryRun=True)
    in_event = {"agent": agent, "path": ["title"], "start": 13, "end": 20, "row": event}
    only = {"edges": [{"node": {"id": source}}]}
    assert tried["agent"] == {"protected": False}
    assert tried["standing"] == {"total": 1, "places": [in_event], "restrictedNodes": only}
    done = await do(ask, "amendAgent", fields.replace("protected", "protected pseudonym", 1), **protect)
    in_source = {"agent": agent, "path": ["title"], "start": 5, "end": 12, "row": source}
    assert done["agent"] == {"protected": True, "pseudonym": "an aide"}
    assert done["standing"] == {"total": 2, "places": [in_source, in_event], "restrictedNodes": {"edges": []}}
    done = await do(ask, "amendAgent", fields, agent=agent, expectedVersion=2, restrictStanding=True)
    assert done["standing"] == {"total": 1, "places": [in_event], "restrictedNodes": only}
    done = await do(ask, "amendAgent", "standing { total }", agent=agent, expectedVersion=2, kind="OUTLET")
    assert done["standing"] is None


async def test_recording_who_is_protected_shows_where_the_name_stands(ask: Ask) -> None:
    source = (await do(ask, "recordSource", "source { id }", kind="POST", title="Said ann lee."))["source"]
    given = {"kind": "PERSON", "name": "Ann Lee", "protected": True, "pseudonym": "an aide"}
    fields = "standing { total places { path start end row } restrictedNodes { totalCount } }"
    done = await do(ask, "recordAgent", fields, **given)
    place = {"path": ["title"], "start": 5, "end": 12, "row": source["id"]}
    assert done["standing"] == {"total": 1, "places": [place], "restrictedNodes": {"totalCount": 0}}


async def test_the_search_is_over_before_the_change_begins(
    committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that has a number holds back what subscribers are told and what is sealed."""
    ask = asking(Engine(SCHEMA, committed_database), viewer)
    searches: list[object] = []

    async def search(session: WriteSession, names: Collection[str]) -> Search:
        searches.append(await session.scalar(text("SELECT pg_current_xact_id_if_assigned()::text")))
        return await shown.search(session, names)

    monkeypatch.setattr("app.services.exposure.search", search)
    who = {"kind": "PERSON", "name": "Ann Lee", "protected": True, "pseudonym": "an aide"}
    given = {**who, "idempotencyKey": "one"}
    agent = (await do(ask, "recordAgent", "agent { id }", **given))["agent"]["id"]
    amended = {"agent": agent, "expectedVersion": 1, "aliases": ["Anne Lee"], "idempotencyKey": "two"}
    first = await do(ask, "amendAgent", "agent { version } standing { total }", **amended)
    assert searches == [None, None]
    # What was done is not searched for again, though the agent has another version by now.
    assert (await do(ask, "recordAgent", "agent { id }", **given))["agent"]["id"] == agent
    assert await do(ask, "amendAgent", "agent { version } standing { total }", **amended) == first
    refused = await do(ask, "amendAgent", "agent { id }", **{**amended, "idempotencyKey": "three"})
    assert refused["code"] == "STALE_VERSION"
    assert searches == [None, None]
    # A request that has no key is searched for as well.
    await do(ask, "recordAgent", "agent { id }", **{**who, "name": "Ben Bell"})
    assert searches == [None, None, None]


RESTRICTED = """standing {
  restrictedNodes(first: 2%s) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { ... on Source { id title restricted } ... on Claim { id statement restricted hidden } } }
  }
}"""


async def test_what_was_restricted_is_listed_page_after_page(
    ask: Ask, database: Database, viewer: Viewer
) -> None:
    agent = (await do(ask, "recordAgent", "agent { id }", kind="PERSON", name="Ann Lee"))["agent"]["id"]
    named = {await make_source(database, viewer, title=f"Ann Lee, {at}") for at in range(2)}
    sources = sorted(encode_id(NodeType.SOURCE, key) for key in named)
    claim = encode_id(NodeType.CLAIM, await make_claim(database, viewer, statement="So said Ann Lee."))
    given = {"agent": agent, "expectedVersion": 1, "protected": True, "pseudonym": "an aide"}
    given |= {"restrictStanding": True, "idempotencyKey": "once"}
    first = (await do(ask, "amendAgent", RESTRICTED % "", **given))["standing"]["restrictedNodes"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    assert [edge["node"]["id"] for edge in first["edges"]] == sources
    assert all(edge["node"]["restricted"] for edge in first["edges"])
    cursor = f', after: "{first["pageInfo"]["endCursor"]}"'
    again = await do(ask, "amendAgent", f"agent {{ version }} {RESTRICTED % cursor}", **given)
    last = again["standing"]["restrictedNodes"]
    assert again["agent"] == {"version": 2}, "nothing is done twice"
    assert not last["pageInfo"]["hasNextPage"]
    shown = {"id": claim, "statement": "So said Ann Lee.", "restricted": True, "hidden": True}
    assert [edge["node"] for edge in last["edges"]] == [shown]


async def test_what_is_restricted_is_listed_for_who_may_see_it(
    ask: Ask, database: Database, viewer: Viewer
) -> None:
    listing = """{
      sources(filter: { restricted: true }) { totalCount edges { node { id } } }
      claims(filter: { restricted: true }) { totalCount edges { node { id } } }
      unseen: claims(filter: { hidden: true }) { totalCount edges { node { id } } }
    }"""
    source = await make_source(database, viewer, restricted=True)
    claim = await make_claim(database, viewer, restricted=True)
    inside = await make_claim(database, viewer, source=source)
    await make_claim(database, viewer)

    def listed(node: NodeType, *keys: UUID) -> dict[str, Any]:
        ids = [{"node": {"id": encode_id(node, key)}} for key in sorted(keys)]
        return {"totalCount": len(ids), "edges": ids}

    assert (await ask(listing))["data"] == {
        "sources": listed(NodeType.SOURCE, source),
        "claims": listed(NodeType.CLAIM, claim),
        "unseen": listed(NodeType.CLAIM, claim, inside),
    }
    outsider = asking(Engine(SCHEMA, database), Viewer(NOBODY, Role.READER))
    nothing = {"totalCount": 0, "edges": []}
    assert (await outsider(listing))["data"] == {"sources": nothing, "claims": nothing, "unseen": nothing}
