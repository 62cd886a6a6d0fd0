"""Every write through the surface: what it answers, and what stands afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from app.api.execution import Engine
from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.permissions import BY_COMMAND, MINIMUM_ROLE, Operation, Viewer
from tests.api.conftest import Ask, asking
from tests.api.documents import PAYLOADS, TEXT, do, record_source
from tests.api.schemas import CORE, SCHEMA
from tests.factories import make_agent, make_assessment, make_claim, make_question, make_source, make_viewer

CLAIM_ID = f"claim_{'0' * 8}-0000-0000-0000-{'0' * 12}"


def test_every_write_is_a_mutation_and_has_a_row_in_the_table_of_permissions() -> None:
    mutations = CORE.mutation_type
    assert mutations is not None
    assert set(mutations.fields) == set(PAYLOADS) == set(MINIMUM_ROLE) - {Operation.READ} - BY_COMMAND


async def test_record_an_agent_with_its_edge(ask: Ask) -> None:
    done = await do(
        ask,
        "recordAgent",
        """agent { kind name aliases party { name } version recordedBy { name } }
        agentEdge { cursor n: node { name } }""",
        kind="GOVERNMENT",
        name="Government of Iraq",
        aliases=["Baghdad"],
    )
    assert done["agent"]["party"] == {"name": "Government of Iraq"}
    assert done["agent"]["aliases"] == ["Baghdad"]
    assert done["agent"]["recordedBy"] == {"name": "local"}
    page = await ask("query($c: String) { agents(before: $c) { totalCount } }", c=done["agentEdge"]["cursor"])
    assert page["data"]["agents"]["totalCount"] == 1
    assert done["agentEdge"]["n"] == {"name": "Government of Iraq"}


async def test_record_a_claim_and_read_why(ask: Ask, database: Database, viewer: Viewer) -> None:
    source = await record_source(ask)
    esper = encode_id(NodeType.AGENT, await make_agent(database, viewer, name="Mark Esper"))
    question = encode_id(NodeType.QUESTION, await make_question(database, viewer))
    done = await do(
        ask,
        "recordClaim",
        """claim { quote { exact start end prefix } quantity { modality lower upper boundsGiven }
        attribution { position cue channel agents { name } }
        corroboration { status explanation weakestLinks { __typename ... on Agent { name } } } }""",
        source=source,
        question=question,
        statement="At least 25 died.",
        quote={"exact": "at least 25 fighters died"},
        basis="ATTRIBUTED",
        hops=[{"agents": [esper], "cue": "said", "channel": "STATEMENT"}],
        quantity={"text": "at least 25"},
    )
    claim = done["claim"]
    assert claim["quote"]["start"] == TEXT.index("at least 25")
    assert claim["quantity"] == {"modality": "AT_LEAST", "lower": "25", "upper": None, "boundsGiven": False}
    assert claim["attribution"][0]["agents"] == [{"name": "Mark Esper"}]
    assert claim["corroboration"]["status"] == "UNCORROBORATED"
    assert claim["corroboration"]["weakestLinks"] == [{"__typename": "Agent", "name": "Mark Esper"}]
    assert "Mark Esper" in claim["corroboration"]["explanation"]


@pytest.mark.parametrize(
    ("changed", "refused", "path"),
    [
        ({"quote": {"exact": "at least 26 fighters died"}}, "QuoteNotFound", ["quote", "exact"]),
        ({"quote": {"exact": "About 750 soldiers"}}, "AmbiguousQuote", ["quote", "exact"]),
        ({"quantity": {"text": "many"}}, "UnknownQuantity", ["quantity", "text"]),
        ({"asserted": "yesterday"}, "UnknownMoment", ["asserted"]),
        ({"quantity": None}, "InvalidInput", ["quantity"]),
        ({"basis": "ATTRIBUTED"}, "InvalidInput", ["hops"]),
        ({"statement": "NUL \x00"}, "InvalidInput", ["statement"]),
        ({"statement": "half \ud83d"}, "InvalidInput", ["statement"]),
        ({"source": "claim_1"}, "InvalidInput", ["source"]),
        ({"source": f"source_{'0' * 8}-0000-0000-0000-{'0' * 12}"}, "NotFound", ["source"]),
    ],
)
async def test_a_claim_that_cannot_be_recorded(
    ask: Ask, database: Database, viewer: Viewer, changed: dict[str, Any], refused: str, path: list[str]
) -> None:
    source = await record_source(ask)
    question = encode_id(NodeType.QUESTION, await make_question(database, viewer))
    given = {
        "source": source,
        "question": question,
        "statement": "At least 25 died.",
        "quote": {"exact": "at least 25 fighters died"},
        "basis": "UNATTRIBUTED",
        "quantity": {"text": "at least 25"},
    }
    result = await do(ask, "recordClaim", "claim { id }", **{**given, **changed})
    assert result["__typename"] == refused
    assert result["message"]
    assert [at["path"] for at in result.get("problems", [result])] == [path]
    if refused in ("QuoteNotFound", "AmbiguousQuote"):
        assert all(TEXT[c["start"] : c["end"]] == c["exact"] for c in result["candidates"])
        assert result["candidates"]
    counted = await ask("{ claims { totalCount } }")
    assert counted["data"]["claims"]["totalCount"] == 0


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"source": "claim_1"}, "source: 'claim_1' is no id; one of the type Source is asked for"),
        ({"source": CLAIM_ID}, f"source: '{CLAIM_ID}' is an id of the type Claim; one of the type Source"),
        ({"question": None}, "quantity: must be empty: only a claim on a question has an answer"),
        ({"quantity": None}, "quantity: is required: it answers a question of the kind QUANTITY"),
        (
            {"polarity": "DENIES"},
            "polarity: must be empty: it does not answer a question of the kind QUANTITY",
        ),
        ({"quantity": {"text": "x", "lower": "9", "upper": "3"}}, "it is below the lower bound"),
        (
            {"quantity": {"text": "x", "lower": "3", "upper": "9", "modality": "AT_LEAST"}},
            "is AT_LEAST, but the bounds are those of BETWEEN; left out, it follows them",
        ),
        ({"quantity": {"text": "many"}}, "`lower`, `upper`, or both"),
        ({"basis": "ATTRIBUTED"}, "hops: is required: an ATTRIBUTED claim is somebody's word; name whose"),
    ],
)
async def test_a_refusal_says_what_to_mend(
    ask: Ask, database: Database, viewer: Viewer, changed: dict[str, Any], told: str
) -> None:
    given = {
        "source": await record_source(ask),
        "question": encode_id(NodeType.QUESTION, await make_question(database, viewer)),
        "statement": "At least 25 died.",
        "quote": {"exact": "at least 25 fighters died"},
        "basis": "UNATTRIBUTED",
        "quantity": {"text": "at least 25"},
    }
    result = await do(ask, "recordClaim", "claim { id }", **{**given, **changed})
    assert told in f"{result['message']} {result['hint']}"


async def test_words_that_cannot_be_read_are_placed_in_whatever_input(
    ask: Ask, database: Database, viewer: Viewer
) -> None:
    source = await record_source(ask)
    question = await make_question(database, viewer)
    claim = await make_claim(database, viewer, question=question, quantity="25")
    quoted = await make_claim(
        database, viewer, source=await make_source(database, viewer, text=TEXT), quote="at least 25"
    )
    one, other = (encode_id(NodeType.CLAIM, key) for key in (claim, quoted))
    vague, version = "yesterday", {"expectedVersion": 1}
    refusals = [
        await do(ask, "recordSource", "source { id }", kind="ARTICLE", title="A", published=vague),
        await do(ask, "amendSource", "source { id }", source=source, published=vague, **version),
        await do(ask, "reviseSource", "source { id }", source=source, published=vague),
        await do(ask, "retractClaim", "claim { id }", claim=one, when=vague, reason="r"),
        await do(ask, "amendClaim", "claim { id }", claim=one, asserted=vague, **version),
        await do(ask, "amendClaim", "claim { id }", claim=one, quantity={"text": "many"}, **version),
        await do(ask, "amendClaim", "claim { id }", claim=other, quote={"exact": "none"}, **version),
    ]
    assert [(each["__typename"], ".".join(each["path"])) for each in refusals] == [
        *[("UnknownMoment", "published")] * 3,
        ("UnknownMoment", "when"),
        ("UnknownMoment", "asserted"),
        ("UnknownQuantity", "quantity.text"),
        ("QuoteNotFound", "quote.exact"),
    ]


async def test_an_amendment_of_a_version_that_no_longer_stands_shows_what_does(ask: Ask) -> None:
    agent = (await do(ask, "recordAgent", "agent { id }", kind="PERSON", name="Ann"))["agent"]["id"]
    first = await do(
        ask,
        "amendAgent",
        "agent { name version history { edges { node { operation reason } } } }",
        agent=agent,
        expectedVersion=1,
        name="Anne",
        reason="as she spells it",
    )
    assert (first["agent"]["name"], first["agent"]["version"]) == ("Anne", 2)
    assert first["agent"]["history"]["edges"][-1]["node"] == {
        "operation": "UPDATE",
        "reason": "as she spells it",
    }
    stale = await do(ask, "amendAgent", "agent { id }", agent=agent, expectedVersion=1, name="Anna")
    assert stale["__typename"] == "StaleVersion"
    assert (stale["expectedVersion"], stale["currentVersion"]) == (1, 2)
    assert stale["current"] == {"id": agent, "__typename": "Agent", "name": "Anne", "version": 2}


async def test_null_empties_a_field_and_a_missing_one_stays(ask: Ask) -> None:
    given = {"kind": "PERSON", "name": "Ann", "description": "an aide", "aliases": ["A"]}
    agent = (await do(ask, "recordAgent", "agent { id }", **given))["agent"]["id"]
    done = await do(
        ask, "amendAgent", "agent { name aliases description }", agent=agent, expectedVersion=1, aliases=[]
    )
    assert done["agent"] == {"name": "Ann", "aliases": [], "description": "an aide"}
    done = await do(
        ask, "amendAgent", "agent { description }", agent=agent, expectedVersion=2, description=None
    )
    assert done["agent"] == {"description": None}
    refused = await do(ask, "amendAgent", "agent { id }", agent=agent, expectedVersion=3, name=None)
    assert refused["problems"] == [
        {"path": ["name"], "message": "cannot be null; leave it out to keep it as it is"}
    ]


async def test_a_duplicate_names_what_is_recorded(ask: Ask) -> None:
    given = {"url": "https://example.org/a"}
    first = await record_source(ask, **given)
    again = await do(ask, "recordSource", "source { id }", kind="ARTICLE", title="Again", text=TEXT, **given)
    assert again["__typename"] == "Duplicate"
    assert again["existing"] == {"id": first, "__typename": "Source"}


async def test_a_claim_is_withdrawn_and_restored(ask: Ask, database: Database, viewer: Viewer) -> None:
    claim = encode_id(NodeType.CLAIM, await make_claim(database, viewer))
    done = await do(
        ask, "withdrawClaim", "claim { withdrawal { reason by { name } } }", claim=claim, reason="twice"
    )
    assert done["claim"]["withdrawal"] == {"reason": "twice", "by": {"name": "local"}}
    hidden = await ask("{ claims { totalCount } all: claims(includeWithdrawn: true) { totalCount } }")
    assert hidden["data"] == {"claims": {"totalCount": 0}, "all": {"totalCount": 1}}
    done = await do(ask, "restoreClaim", "claim { withdrawal { at } }", claim=claim)
    assert done["claim"]["withdrawal"] is None


async def test_a_retraction_is_undone_and_told(ask: Ask, database: Database, viewer: Viewer) -> None:
    claim = encode_id(NodeType.CLAIM, await make_claim(database, viewer))
    given = {"claim": claim, "reason": "The correction was of another story.", "expectedVersion": 1}
    refused = await do(ask, "reinstateClaim", "claim { id }", **given)
    assert refused["__typename"] == "InvalidInput"
    await do(ask, "retractClaim", "claim { id }", claim=claim, when="2020-01-02", reason="Corrected.")
    stale = await do(ask, "reinstateClaim", "claim { id }", **given)
    assert (stale["__typename"], stale["current"]["id"]) == ("StaleVersion", claim)
    shown = "claim { retraction { reason } version corroboration { status } history(last: 1) { edges { node {"
    shown += " reason before after } } } }"
    done = await do(ask, "reinstateClaim", shown, **{**given, "expectedVersion": 2})
    (last,) = done["claim"].pop("history")["edges"]
    assert done["claim"] == {"retraction": None, "version": 3, "corroboration": {"status": "UNCORROBORATED"}}
    assert last["node"]["reason"] == given["reason"]
    assert last["node"]["before"]["retraction_reason"] == "Corrected."
    assert last["node"]["after"]["retraction_reason"] is None


async def test_a_claim_is_retracted(ask: Ask, database: Database, viewer: Viewer) -> None:
    claim = encode_id(NodeType.CLAIM, await make_claim(database, viewer))
    done = await do(
        ask,
        "retractClaim",
        "claim { retraction { retracted { text from } reason url } corroboration { status } }",
        claim=claim,
        when="2020-01-02",
        reason="corrected",
        url="https://example.org/corrections",
    )
    assert done["claim"]["corroboration"] == {"status": "RETRACTED"}
    assert done["claim"]["retraction"]["retracted"] == {
        "text": "2020-01-02",
        "from": "2020-01-02T00:00:00+00:00",
    }


async def test_an_assessment_is_recorded_and_withdrawn(ask: Ask, database: Database, viewer: Viewer) -> None:
    claim = encode_id(NodeType.CLAIM, await make_claim(database, viewer))
    source = encode_id(NodeType.SOURCE, await make_source(database, viewer))
    done = await do(
        ask,
        "recordAssessment",
        "assessment { id stance claim { corroboration { linesAgainst status } } }",
        claim=claim,
        evidenceSource=source,
        stance="CONTRADICTS",
        rationale="It says the opposite.",
    )
    assert done["assessment"]["claim"]["corroboration"]["linesAgainst"] == 1
    withdrawn = await do(
        ask,
        "withdrawAssessment",
        "assessment { withdrawal { reason } claim { corroboration { linesAgainst } } }",
        assessment=done["assessment"]["id"],
        reason="misread",
    )
    assert withdrawn["assessment"] == {
        "withdrawal": {"reason": "misread"},
        "claim": {"corroboration": {"linesAgainst": 0}},
    }


async def test_a_source_is_revised_and_its_quotes_are_looked_up(ask: Ask) -> None:
    source = await record_source(ask)
    claim = await do(
        ask,
        "recordClaim",
        "claim { id quoteStatus }",
        source=source,
        statement="At least 25 died.",
        quote={"exact": "at least 25 fighters died"},
        basis="UNATTRIBUTED",
    )
    assert claim["claim"]["quoteStatus"] == "PRESENT"
    revised = await do(
        ask,
        "reviseSource",
        """source { title revises {
            id newestVersion { text } claims { edges { node { quoteStatus } } } } }""",
        source=source,
        text="Corrected: " + TEXT,
    )
    assert revised["source"]["title"] == "An article"
    before = revised["source"]["revises"]
    assert before["id"] == source
    assert before["newestVersion"] == {"text": "Corrected: " + TEXT}
    assert before["claims"]["edges"] == [{"node": {"quoteStatus": "MOVED"}}]


async def test_events_and_questions_are_recorded_and_amended(ask: Ask) -> None:
    event = await do(ask, "recordEvent", "event { id startsOn }", title="Storming", startsOn="2019-12-31")
    assert event["event"]["startsOn"] == "2019-12-31"
    amended = await do(
        ask,
        "amendEvent",
        "event { endsOn latitude }",
        event=event["event"]["id"],
        expectedVersion=1,
        endsOn="2020-01-01",
        latitude=33.3,
        longitude=44.39,
    )
    assert amended["event"] == {"endsOn": "2020-01-01", "latitude": 33.3}
    question = await do(
        ask,
        "recordQuestion",
        "question { id event { title } }",
        kind="OPEN",
        text="Who?",
        event=event["event"]["id"],
    )
    assert question["question"]["event"] == {"title": "Storming"}
    changed = await do(
        ask,
        "amendQuestion",
        "question { text event { id } }",
        question=question["question"]["id"],
        expectedVersion=1,
        event=None,
    )
    assert changed["question"] == {"text": "Who?", "event": None}


async def test_fields_run_one_after_the_other_each_in_a_transaction_of_its_own(ask: Ask) -> None:
    answer = await ask(
        """mutation {
          a: recordAgent(input: { kind: PERSON, name: "Ann" }) { ... on AgentPayload { agent { name } } }
          b: recordAgent(input: { kind: PERSON, name: "" }) { __typename }
          c: recordAgent(input: { kind: PERSON, name: "Cid" }) { ... on AgentPayload { agent { name } } }
          # Of one key, and so the same: done once, and all that is asked of it is shown.
          c: recordAgent(input: { kind: PERSON, name: "Cid" }) { ... on AgentPayload { agent { kind } } }
        }"""
    )
    assert answer["data"] == {
        "a": {"agent": {"name": "Ann"}},
        "b": {"__typename": "InvalidInput"},
        "c": {"agent": {"name": "Cid", "kind": "PERSON"}},
    }
    named = await ask("{ agents { edges { node { name } } } }")
    assert [e["node"]["name"] for e in named["data"]["agents"]["edges"]] == ["Ann", "Cid"]


@pytest.mark.parametrize("role", [Role.READER, Role.RESEARCHER])
async def test_what_a_role_may_not_is_refused(database: Database, ask: Ask, role: Role) -> None:
    somebody = asking(Engine(SCHEMA, database), await make_viewer(database, role))
    agent = (await do(ask, "recordAgent", "agent { id }", kind="PERSON", name="Ann"))["agent"]["id"]
    amended = await do(somebody, "amendAgent", "agent { id }", agent=agent, expectedVersion=1, name="B")
    assert amended["__typename"] == "NotPermitted"
    recorded = await do(somebody, "recordAgent", "agent { name }", kind="PERSON", name="Bob")
    assert (recorded["__typename"] == "NotPermitted") is (role is Role.READER)


async def test_a_differing_assessment_shows_as_disagreement(
    ask: Ask, database: Database, viewer: Viewer
) -> None:
    claim = await make_claim(database, viewer)
    source = await make_source(database, viewer)
    other = await make_viewer(database)
    await make_assessment(database, viewer, claim=claim, evidence_source=source, stance="SUPPORTS")
    await make_assessment(database, other, claim=claim, evidence_source=source, stance="CONTRADICTS")
    answer = await ask(
        "query($id: ID!) { claim(id: $id) { corroboration { disagreed } assessments { totalCount } } }",
        id=encode_id(NodeType.CLAIM, claim),
    )
    assert answer["data"]["claim"] == {"corroboration": {"disagreed": True}, "assessments": {"totalCount": 2}}


async def test_what_cannot_be_shown_is_refused_before_anything_is_done(ask: Ask) -> None:
    document = """mutation { recordAgent(input: { kind: PERSON, name: "Nobody yet" }) {
        ... on AgentPayload { agent { history(first: 1000) { totalCount } } } } }"""
    answer = await ask(document)
    assert answer["errors"][0]["extensions"]["code"] == "QUERY_REFUSED"
    assert (await ask("{ agents { totalCount } }"))["data"] == {"agents": {"totalCount": 0}}


@pytest.mark.parametrize("reason", ["a\x00b", "\ud800", "x" * 10_001])
async def test_a_reason_that_cannot_be_kept_is_refused(ask: Ask, reason: str) -> None:
    source = await record_source(ask)
    given = {"source": source, "expectedVersion": 1, "note": "n", "reason": reason}
    done = await do(ask, "amendSource", "source { version }", **given)
    assert done["problems"][0]["path"] == ["reason"]
