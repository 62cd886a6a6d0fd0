"""Protecting an agent by mutations: what is refused, and where its name stands already."""

from __future__ import annotations

from tests.api.conftest import Ask
from tests.api.documents import do


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


async def test_protecting_shows_where_the_name_stands_and_restricts_it(ask: Ask) -> None:
    agent = await do(ask, "recordAgent", "agent { id } standing { total }", kind="PERSON", name="Ann Lee")
    assert agent["standing"] is None
    agent = agent["agent"]["id"]
    source = (await do(ask, "recordSource", "source { id }", kind="POST", title="Said ann lee."))["source"][
        "id"
    ]
    event = (await do(ask, "recordEvent", "event { id }", title="The trial of Ann Lee"))["event"]["id"]
    fields = "agent { protected } standing { total places { agent path start end row } restricted }"
    protect = {"agent": agent, "expectedVersion": 1, "protected": True, "pseudonym": "an aide"}
    tried = await do(ask, "amendAgent", fields, **protect, restrictStanding=True, dryRun=True)
    in_event = {"agent": agent, "path": ["title"], "start": 13, "end": 20, "row": event}
    assert tried["agent"] == {"protected": False}
    assert tried["standing"] == {"total": 1, "places": [in_event], "restricted": [source]}
    done = await do(ask, "amendAgent", fields, **protect)
    in_source = {"agent": agent, "path": ["title"], "start": 5, "end": 12, "row": source}
    assert done["agent"] == {"protected": True}
    assert done["standing"] == {"total": 2, "places": [in_source, in_event], "restricted": []}
    done = await do(ask, "amendAgent", fields, agent=agent, expectedVersion=2, restrictStanding=True)
    assert done["standing"] == {"total": 1, "places": [in_event], "restricted": [source]}
    done = await do(ask, "amendAgent", "standing { total }", agent=agent, expectedVersion=2, kind="OUTLET")
    assert done["standing"] is None


async def test_recording_who_is_protected_shows_where_the_name_stands(ask: Ask) -> None:
    source = (await do(ask, "recordSource", "source { id }", kind="POST", title="Said ann lee."))["source"]
    given = {"kind": "PERSON", "name": "Ann Lee", "protected": True, "pseudonym": "an aide"}
    done = await do(
        ask, "recordAgent", "standing { total places { path start end row } restricted }", **given
    )
    place = {"path": ["title"], "start": 5, "end": 12, "row": source["id"]}
    assert done["standing"] == {"total": 1, "places": [place], "restricted": []}
