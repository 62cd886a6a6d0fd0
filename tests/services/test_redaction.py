"""What was redacted is nowhere any more, and everything else can still be proved."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from app.database import Database, WriteSession, connect
from app.domain.identifiers import NodeType
from app.domain.seals import erase, spell_kept
from app.domain.vocabulary import AgentKind, QuestionKind, Role
from app.errors import IdempotencyConflict, InvalidInput, NotFound, NotPermitted
from app.permissions import Viewer
from app.services.agents import AgentChanges, NewAgent, amend_agent, record_agent
from app.services.assessments import withdraw_assessment
from app.services.claims import ClaimChanges, amend_claim
from app.services.exposure import Exposure, amend_exposed
from app.services.idempotency import do_once
from app.services.inputs import Hop, QuantityInput, QuoteInput
from app.services.merges import merge_agents
from app.services.recomputation import recompute_everything
from app.services.redaction import FIELDS, free_space, redact
from app.services.sealing import CONTENT, read_fields, seal_log
from app.services.sources import SourceChanges, amend_source
from app.services.verification import verify_log
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
from tests.services.reading import read_revisions, read_row, read_rows

CANARY = "Zyxwvut Qanary"
CASES = [(node, field) for node, fields in FIELDS.items() for field in fields]


async def dump(dsn: str) -> str:
    """Every row of every table, search vectors included, as text."""
    async with connect(dsn, "dump") as connection:
        tables = await connection.fetch(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'm', 'p')"
            " AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
        )
        rows = " UNION ALL ".join(f"SELECT each::text FROM {name} AS each" for (name,) in tables)
        return "\n".join(sorted(row for (row,) in await connection.fetch(rows)))


URL = "https://example.org/zyxwvut"
# How a node comes by the words: what it is recorded with.
RECORDED: dict[tuple[NodeType, str], dict[str, Any]] = {
    (NodeType.AGENT, "name"): {"name": CANARY},
    (NodeType.AGENT, "aliases"): {"aliases": ("other", CANARY)},
    (NodeType.AGENT, "description"): {"description": f"Of {CANARY}."},
    (NodeType.AGENT, "pseudonym"): {"pseudonym": CANARY, "protected": True},
    (NodeType.AGENT, "wikidataId"): {"wikidata_id": "Q77665544"},
    (NodeType.SOURCE, "title"): {"title": CANARY},
    (NodeType.SOURCE, "byline"): {"byline": CANARY},
    (NodeType.SOURCE, "url"): {"url": URL},
    (NodeType.SOURCE, "archiveUrl"): {"archive_url": URL},
    (NodeType.SOURCE, "text"): {"text": f"The {CANARY}."},
    (NodeType.SOURCE, "note"): {"note": CANARY},
    (NodeType.EVENT, "title"): {"title": CANARY},
    (NodeType.EVENT, "description"): {"description": CANARY},
    (NodeType.EVENT, "place"): {"place": CANARY},
    (NodeType.QUESTION, "text"): {"text": CANARY},
    (NodeType.QUESTION, "counted"): {"counted": CANARY},
    (NodeType.QUESTION, "unit"): {"unit": CANARY},
    (NodeType.CLAIM, "statement"): {"statement": CANARY},
    (NodeType.CLAIM, "quote"): {"quote": QuoteInput(f"so {CANARY} said", prefix=CANARY, suffix=".")},
    (NodeType.CLAIM, "quantity"): {"quantity": QuantityInput(f"25 of {CANARY}", lower=Decimal(25))},
    (NodeType.CLAIM, "note"): {"note": CANARY},
    (NodeType.ASSESSMENT, "rationale"): {"rationale": CANARY},
}
WORDS = {"wikidataId": "Q77665544", "url": URL, "archiveUrl": URL, "retractionUrl": URL, "email": URL}


async def make_node(database: Database, viewer: Viewer, node: NodeType, field: str) -> UUID:
    """A node whose field holds the words."""
    given = RECORDED.get((node, field), {})
    if node is NodeType.AGENT:
        key = await make_agent(database, viewer, **given)
        await make_claim(database, viewer, said_by=[key])
        return key
    if node is NodeType.SOURCE:
        return await make_source(database, viewer, **given)
    if node is NodeType.EVENT:
        return await make_event(database, viewer, **given)
    if node is NodeType.QUESTION:
        return await make_question(database, viewer, kind=QuestionKind.QUANTITY, **given)
    if node is NodeType.CLAIM:
        return await make_claim_with(database, viewer, field, given)
    if node is NodeType.ASSESSMENT:
        key = await make_assessment(database, viewer, claim=await make_claim(database, viewer), **given)
        if field == "withdrawalReason":
            await perform(database, viewer, withdraw_assessment, key, f"Since {CANARY} says so")
        return key
    await perform(database, viewer, set_email, URL)
    return viewer.researcher


async def set_email(session: WriteSession, viewer: Viewer, email: str) -> None:
    values = {"email": email, "key": viewer.researcher}
    await session.execute(text("UPDATE researcher SET email = :email WHERE id = :key"), values)


async def make_claim_with(database: Database, viewer: Viewer, field: str, given: dict[str, Any]) -> UUID:
    if field == "quantity":
        given = given | {"question": await make_question(database, viewer)}
    if field == "cue":
        agent = await make_agent(database, viewer)
        given = {"hops": (Hop((agent,), cue=f"told {CANARY}"),)}
    key = await make_claim(database, viewer, **given)
    if field in ("retractionReason", "retractionUrl"):
        url = URL if field == "retractionUrl" else None
        reason = "r" if url else f"{CANARY} denied it"
        await perform(database, viewer, retract_claim, key, when="2020", reason=reason, url=url)
    if field == "withdrawalReason":
        await perform(database, viewer, withdraw_claim, key, f"{CANARY} asked")
    return key


async def redact_field(database: Database, viewer: Viewer, node: NodeType, key: UUID, *fields: str) -> Any:
    return await database.write(
        viewer.researcher, lambda session: redact(session, viewer, node, key, fields, "An order of a court")
    )


@pytest.mark.parametrize(("node", "field"), CASES)
async def test_what_was_redacted_is_nowhere(
    committed_database: Database,
    owned_database: Database,
    viewer: Viewer,
    dsn: str,
    node: NodeType,
    field: str,
) -> None:
    words = WORDS.get(field, CANARY)
    key = await make_node(committed_database, viewer, node, field)
    before = await dump(dsn)
    assert words in before
    await seal_log(dsn)
    done = await redact_field(owned_database, viewer, node, key, field)
    assert done.rows == 1
    assert any(words in value for value in done.values)
    await seal_log(dsn)
    after = await dump(dsn)
    assert words not in after
    assert words.lower() not in after.lower()
    result = await verify_log(dsn)
    assert result.faults == []
    assert result.erased > 0
    assert [redacted.reason for redacted in result.redactions][-1] == "An order of a court"
    assert await recompute_everything(committed_database, check=True) == []
    with pytest.raises(InvalidInput, match="nothing stands there"):
        await redact_field(owned_database, viewer, node, key, field)


async def test_what_stood_once_goes_as_well(
    committed_database: Database, owned_database: Database, viewer: Viewer, dsn: str
) -> None:
    """Amended twice, sealed between, redacted twice: the second time more of the same revisions."""
    source = await make_source(committed_database, viewer, text=f"Once {CANARY} said it.", title="A title")
    await seal_log(dsn)
    change = SourceChanges(title=f"On {CANARY}")
    await perform(committed_database, viewer, amend_source, source, 1, change)
    await seal_log(dsn)
    await perform(committed_database, viewer, amend_source, source, 2, SourceChanges(title="On somebody"))
    await redact_field(owned_database, viewer, NodeType.SOURCE, source, "text")
    await seal_log(dsn)
    assert (await verify_log(dsn)).faults == []
    assert f"On {CANARY}" in await dump(dsn)
    await redact_field(owned_database, viewer, NodeType.SOURCE, source, "title")
    assert CANARY not in await dump(dsn)
    await seal_log(dsn)
    result = await verify_log(dsn)
    assert result.faults == []
    assert [redacted.fields for redacted in result.redactions] == [("text", "text_sha256"), ("title",)]
    row = await read_row(committed_database, "source", source)
    assert (row["text"], row["title"], row["version"]) == ("[redacted]", "[redacted]", 5)
    await free_space(dsn)


async def test_what_was_never_said_is_not_said_to_be_redacted(
    committed_database: Database, owned_database: Database, viewer: Viewer
) -> None:
    """Recorded without a description, given one and amended otherwise: two revisions have the words."""
    agent = await make_agent(committed_database, viewer)
    for version, changes in (
        (1, AgentChanges(description=f"Of {CANARY}.")),
        (2, AgentChanges(description=None)),
        (3, AgentChanges(name="Another Name")),
    ):
        await perform(committed_database, viewer, amend_agent, agent, version, changes)
    done = await redact_field(owned_database, viewer, NodeType.AGENT, agent, "description")
    assert done.revisions == 2
    told = [
        tuple(image and image.get("description") for image in (revision["before"], revision["after"]))
        for revision in await read_revisions(committed_database, agent)
    ]
    gone = "[redacted]"
    assert [images for images in told if any(images)] == [(None, gone), (gone, None)]


async def test_a_dry_run_changes_nothing_and_says_what_it_would(
    committed_database: Database, owned_database: Database, viewer: Viewer, dsn: str
) -> None:
    claim = await make_claim(committed_database, viewer, statement=f"{CANARY} was there", note="n")
    await perform(
        committed_database, viewer, amend_claim, claim, 1, ClaimChanges(note=f"as {CANARY} was there")
    )
    agent = await make_agent(committed_database, viewer, kind=AgentKind.PERSON, name=CANARY)
    one, two, three = [await make_agent(committed_database, viewer) for _ in range(3)]
    await perform(committed_database, viewer, amend_agent, one, 1, AgentChanges(description="Nobody."))
    await perform(committed_database, viewer, merge_agents, two, three, f"so says {CANARY}")
    before = await dump(dsn)
    found = await owned_database.write(
        viewer.researcher,
        lambda session: redact(session, viewer, NodeType.AGENT, agent, ["name"], "r", dry_run=True),
    )
    assert (found.values, found.rows, found.revisions) == ((CANARY,), 1, 1)
    assert (found.elsewhere, found.more_elsewhere) == ((f"agent {two}", f"claim {claim}"), False)
    assert await dump(dsn) == before
    done = await redact_field(owned_database, viewer, NodeType.AGENT, agent, "name")
    assert (done.values, done.rows, done.revisions) == (found.values, found.rows, found.revisions)


async def test_of_very_many_other_places_the_first_are_told(
    committed_database: Database,
    owned_database: Database,
    viewer: Viewer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    agent = await make_agent(committed_database, viewer, kind=AgentKind.PERSON, name=CANARY)
    others = [await make_agent(committed_database, viewer, name=f"{CANARY}'s {n}") for n in range(3)]

    async def look() -> tuple[tuple[str, ...], bool]:
        found = await owned_database.write(
            viewer.researcher,
            lambda session: redact(session, viewer, NodeType.AGENT, agent, ["name"], "r", dry_run=True),
        )
        return found.elsewhere, found.more_elsewhere

    places = tuple(f"agent {other}" for other in sorted(others))
    monkeypatch.setattr("app.services.redaction.MOST_ELSEWHERE", 3)
    assert await look() == (places, False)
    monkeypatch.setattr("app.services.redaction.MOST_ELSEWHERE", 2)
    assert await look() == (places[:2], True)


async def test_only_an_admin_the_owner_and_with_a_reason(
    committed_database: Database, owned_database: Database, viewer: Viewer
) -> None:
    agent = await make_agent(committed_database, viewer)
    editor = await make_viewer(committed_database, Role.EDITOR)
    for who, key, fields, reason, error in (
        (editor, agent, ["name"], "r", NotPermitted),
        (viewer, agent, ["name"], " ", InvalidInput),
        (viewer, agent, ["kind"], "r", InvalidInput),
        (viewer, agent, [], "r", InvalidInput),
        (viewer, agent, ["description"], "r", InvalidInput),
        (viewer, UUID(int=5), ["name"], "r", NotFound),
    ):
        with pytest.raises(error):
            await perform(owned_database, who, redact, NodeType.AGENT, key, fields, reason)
    with pytest.raises(NotPermitted, match="closed to the role"):
        await perform(committed_database, viewer, redact, NodeType.AGENT, agent, ["name"], "r")


async def test_the_name_of_an_agent_goes_from_explanations(
    committed_database: Database, owned_database: Database, viewer: Viewer, dsn: str
) -> None:
    agent = await make_agent(committed_database, viewer, name=CANARY)
    await perform(committed_database, viewer, amend_agent, agent, 1, AgentChanges(name="Another Name"))
    claim = await make_claim(committed_database, viewer, said_by=[agent])
    await redact_field(owned_database, viewer, NodeType.AGENT, agent, "name")
    assert "Another Name" not in await dump(dsn)
    (row,) = await read_rows(
        committed_database, "SELECT explanation FROM corroboration WHERE claim = $1", claim
    )
    assert "[redacted]" in row["explanation"]


async def test_what_stands_for_a_redacted_name_is_no_name(
    committed_database: Database, owned_database: Database, viewer: Viewer
) -> None:
    """It stands for other values too: none of them, nor the word alone, names a protected agent."""
    agent = await make_agent(
        committed_database, viewer, name="Ali Hassan", protected=True, pseudonym="an officer"
    )
    source = await make_source(committed_database, viewer, note=CANARY)
    for node, key, field in ((NodeType.AGENT, agent, "name"), (NodeType.SOURCE, source, "note")):
        await redact_field(owned_database, viewer, node, key, field)
    await make_source(committed_database, viewer, title="The redacted report")
    changes = AgentChanges(description="d")
    exposed = await perform(committed_database, viewer, amend_exposed, agent, 2, changes, restrict=True)
    assert exposed == Exposure(0, (), ())
    assert not (await read_row(committed_database, "source", source))["restricted"]


async def test_a_claim_whose_quantity_is_redacted_can_be_amended(
    committed_database: Database, owned_database: Database, viewer: Viewer
) -> None:
    """What it was read as stays, as it does when a later grammar no longer reads the words."""
    question = await make_question(committed_database, viewer)
    claim = await make_claim(committed_database, viewer, question=question, quantity=f"25 of {CANARY}")
    await redact_field(owned_database, viewer, NodeType.CLAIM, claim, "quantity")
    await perform(committed_database, viewer, amend_claim, claim, 2, ClaimChanges(note="a note"))
    row = await read_row(committed_database, "claim", claim)
    assert (row["note"], row["quantity_text"], row["bounds"]) == ("a note", "[redacted]", "[25,25]")


async def test_a_request_that_recorded_it_is_no_longer_answered_and_every_other_is(
    committed_database: Database, owned_database: Database, viewer: Viewer
) -> None:
    """Its hash is one of the words that are gone."""

    async def send(key: str) -> dict[str, Any]:
        async def once(session: WriteSession) -> dict[str, Any]:
            return await do_once(session, viewer, key, key, lambda: record(session))

        async def record(session: WriteSession) -> dict[str, Any]:
            new = NewAgent(kind=AgentKind.PERSON, name=key)
            return {"agent": str(await record_agent(session, viewer, new))}

        return await committed_database.write(viewer.researcher, once)

    first, second = await send("first"), await send("second")
    await redact_field(owned_database, viewer, NodeType.AGENT, UUID(first["agent"]), "name")
    assert await send("second") == second
    with pytest.raises(IdempotencyConflict):
        await send("first")


async def test_the_reason_does_not_keep_what_is_erased(
    committed_database: Database, owned_database: Database, viewer: Viewer, dsn: str
) -> None:
    agent = await make_agent(committed_database, viewer, name=CANARY)
    with pytest.raises(InvalidInput, match="is kept itself") as caught:
        await perform(
            owned_database, viewer, redact, NodeType.AGENT, agent, ["name"], f"{CANARY} asked for it"
        )
    assert [problem.path for problem in caught.value.problems] == [("reason",)]
    await redact_field(owned_database, viewer, NodeType.AGENT, agent, "name")
    assert CANARY not in await dump(dsn)


OPEN = "SELECT set_config('sayso.redaction', (SELECT id::text FROM redaction), true);"


@pytest.mark.parametrize(
    "change",
    [
        'UPDATE revision SET after = after || \'{"name": "Another"}\'',
        'UPDATE revision SET after = after || \'{"more": "[redacted]"}\'',
        "UPDATE revision SET after = after - 'name'",
        "UPDATE revision SET before = '{}'",
        "UPDATE revision SET reason = 'because'",
        "UPDATE revision SET at = now()",
        "UPDATE revision SET actor = NULL, reason = '[redacted]'",
        "UPDATE revision SET transaction = '5'",
        "UPDATE sealed_revision SET seed = 'another'",
        "UPDATE sealed_revision SET seed = NULL, kept = '{}', hash = 'another'",
        "UPDATE seal SET hash = 'another'",
        "DELETE FROM revision",
    ],
)
async def test_the_log_opens_for_nothing_but_tombstones(
    committed_database: Database, owned_database: Database, viewer: Viewer, dsn: str, change: str
) -> None:
    agent = await make_agent(committed_database, viewer)
    await redact_field(owned_database, viewer, NodeType.AGENT, agent, "name")
    await seal_log(dsn)
    where = "" if "seal" in change else f" WHERE row_id = '{agent}'"
    async with connect(dsn, "test") as connection:
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(OPEN + change + where)


async def test_a_value_that_nobody_redacted_cannot_pass_for_redacted(
    committed_database: Database, viewer: Viewer, dsn: str
) -> None:
    """Somebody with the seed turns a value into a tombstone by themselves, digests and all."""

    await make_agent(committed_database, viewer, name=CANARY)
    await seal_log(dsn)
    async with connect(dsn, "test") as connection:
        id = await connection.fetchval("SELECT id FROM revision WHERE after ->> 'name' = $1", CANARY)
        content = await connection.fetchrow(CONTENT, [id])
        assert content is not None
        seed = await connection.fetchval("SELECT seed FROM sealed_revision WHERE revision = $1", id)
        kept = json.dumps(spell_kept(erase(read_fields(content), seed, frozenset({"after.name"}))))
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(
            'UPDATE revision SET after = after || \'{"name": "[redacted]"}\' WHERE id = $1', id
        )
        await connection.execute("UPDATE agent SET name = '[redacted]'")
        await connection.execute(
            "UPDATE sealed_revision SET seed = NULL, kept = $1 WHERE revision = $2", kept, id
        )
    (fault,) = (await verify_log(dsn)).faults
    assert fault.message.startswith("lacks values that no redaction erased: INSERT of agent")
