"""Claims as of a moment: whatever was done since, they are answered as they were answered then."""

from __future__ import annotations

import json
import random
from typing import Any

import hypothesis
import pytest

from app.api.execution import Engine
from app.database import Database, connect
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.permissions import Viewer
from app.services.redaction import redact
from tests.api.schemas import SCHEMA
from tests.conftest import Statements
from tests.factories import make_agent, make_claim, make_viewer
from tests.services.world import STEPS, World

CHANGES = 300
# Dear, or mostly refused: there is little that can be merged and taken apart again.
RARE = ("record_claim", "merge_agents", "unmerge_agents", "merge_questions", "unmerge_questions")
# Write what the others write, and more of it; or take something out of the past.
LEFT_OUT = ("import_again", "recompute", "send_again", "redact")
RECORD = "version recordedAt recordedBy { id name role version }"
AGENT = (
    f"id kind name aliases description wikidataId protected partOf {{ id name }} mergedInto {{ id }} {RECORD}"
)
FIGURES = "id version corroboration { status linesFor linesAgainst reportsFor reportsAgainst }"
# What is asked of each claim, in turns: one part a state, beside the figures.
PARTS = (
    f"""statement basis polarity note {RECORD} quote {{ exact prefix suffix start end }}
    quantity {{ text modality lower upper lowerInclusive upperInclusive boundsGiven }}
    asserted {{ text from to }} withdrawal {{ at reason by {{ id }} }}
    retraction {{ retracted {{ text from to }} reason url recordedBy {{ id }} recordedAt }}""",
    f"""source {{ id kind title url text textSha256 publisher {{ {AGENT} }}
    reprints {{ id title }} revises {{ id }} published {{ text from to }} {RECORD} }}""",
    f"question {{ id kind text unit counted mergedInto {{ id }} event {{ id title }} {RECORD} }}",
    f"attribution {{ position cue mode channel agents {{ {AGENT} }} }}",
)
EVERYTHING = " ".join(PARTS)
WHOLE_EACH = 1 if hypothesis.settings.get_current_profile_name() == "campaign" else 50
CLOCK = "SELECT to_json(clock_timestamp())::varchar"


class Past:
    """What was answered at which moment."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        self.engine = Engine(SCHEMA, database)
        self.database, self.viewer = database, viewer

    async def body(self, query: str, **variables: object) -> bytes:
        response = await self.engine.execute(query, variables, None, self.viewer)
        assert not response.body.startswith(b'{"errors"'), response.body
        return response.body

    async def ask(self, query: str, **variables: object) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(await self.body(query, **variables))
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def refusal(self, query: str, **variables: object) -> str:
        response = await self.engine.execute(query, variables, None, self.viewer)
        [error, *_] = json.loads(response.body)["errors"]
        return f"{error['message']} {error['extensions'].get('hint')}"

    async def now(self) -> str:
        return str(json.loads(await self.database.fetch_json(CLOCK, [])))


@pytest.fixture
def past(committed_database: Database, viewer: Viewer) -> Past:
    return Past(committed_database, viewer)


def spell(part: str, *, then: bool) -> str:
    """All claims, with the figures and a part of each; as of $then, or as they stand."""
    moment = ("query($then: DateTime!) ", ", asOf: $then") if then else ("", "")
    asked = f"claims(includeWithdrawn: true, first: 100{moment[1]})"
    return f"{moment[0]}{{ {asked} {{ edges {{ cursor node {{ {FIGURES} {part} }} }} }} }}"


async def test_every_state_is_answered_as_it_was(past: Past, statements: Statements) -> None:
    """Three hundred random changes; after each, what was answered. Afterwards all of that is asked again."""
    chance = random.Random(300)
    world = World(past.database, [past.viewer, await make_viewer(past.database, Role.EDITOR)])
    await world.begin()
    steps = [name for name in STEPS if name not in LEFT_OUT]
    names = [name for name in steps for _ in range(1 if name in RARE else 4)]
    kept: list[tuple[str, str, bytes]] = []
    before = await past.now()
    while len(kept) < CHANGES:
        name = "record_claim" if len(kept) < 12 else chance.choice(names)
        if not await world.take(name, [chance.randrange(41) for _ in range(6)]):
            continue
        part = EVERYTHING if len(kept) % WHOLE_EACH == 0 else PARTS[len(kept) % len(PARTS)]
        kept.append((part, await past.now(), await past.body(spell(part, then=False))))
    async with statements(past.database) as sent:
        for part, moment, answer in kept:
            assert await past.body(spell(part, then=True), then=moment) == answer
    assert len(sent) == CHANGES
    assert world.done.keys() >= set(steps) - set(RARE)
    assert b'"cursor"' in kept[0][2]
    assert (await past.ask(spell("", then=True), then=before)) == {"claims": {"edges": []}}
    assert len({answer for _, _, answer in kept}) > CHANGES * 0.6


async def test_an_act_counts_from_when_it_ended(past: Past, dsn: str) -> None:
    """It began before another, and ended after it: as of a moment between, only the other counts."""
    one = await make_claim(past.database, past.viewer, statement="first")
    two = await make_claim(past.database, past.viewer, statement="first")
    async with connect(dsn, "slow") as slow, connect(dsn, "quick") as quick:
        await slow.execute("BEGIN")
        await slow.execute("UPDATE claim SET note = 'slow' WHERE id = $1", one)
        await quick.execute("UPDATE claim SET note = 'quick' WHERE id = $1", two)
        between = await past.now()
        await slow.execute("COMMIT")
    query = "query($then: DateTime) { claims(asOf: $then) { edges { node { note } } } }"
    for moment, notes in ((between, [None, "quick"]), (await past.now(), ["slow", "quick"])):
        found = await past.ask(query, then=moment)
        assert [edge["node"]["note"] for edge in found["claims"]["edges"]] == notes


async def test_one_claim_and_filters_and_pages(past: Past, owned_database: Database) -> None:
    agent = await make_agent(past.database, past.viewer, name="Once", aliases=("One",))
    keys = [await make_claim(past.database, past.viewer, said_by=[agent]) for _ in range(5)]
    then = await past.now()
    await make_claim(past.database, past.viewer)
    await owned_database.write(
        past.viewer.researcher,
        lambda session: redact(session, past.viewer, NodeType.AGENT, agent, ["aliases"], "an order"),
    )
    one = """query($id: ID!, $then: DateTime) {
        claim(id: $id, asOf: $then) { id attribution { agents { aliases } } } }"""
    id = encode_id(NodeType.CLAIM, keys[0])
    assert (await past.ask(one, id=id, then=then))["claim"]["attribution"] == [{"agents": [{"aliases": []}]}]
    assert await past.ask(one, id=id, then="2001-01-01T00:00:00Z") == {"claim": None}
    assert (await past.ask(one, id=id, then=None))["claim"]["id"] == id
    page = """query($then: DateTime, $after: String, $filter: ClaimFilter) {
        claims(first: 2, after: $after, filter: $filter, asOf: $then) {
            totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } }"""
    found, after = [], None
    while True:
        claims = (await past.ask(page, then=then, after=after))["claims"]
        found += [edge["node"]["id"] for edge in claims["edges"]]
        assert claims["totalCount"] == 5
        if not claims["pageInfo"]["hasNextPage"]:
            break
        after = claims["pageInfo"]["endCursor"]
    assert found == [encode_id(NodeType.CLAIM, key) for key in keys]
    for filter, count in (
        ({"status": ["UNCORROBORATED"]}, 5),
        ({"not": {"status": ["UNCORROBORATED"]}}, 0),
        ({"basis": ["FIRSTHAND"]}, 0),
        ({"hasQuestion": False, "or": [{"withdrawn": False}, {"polarity": ["DENIES"]}]}, 5),
    ):
        assert (await past.ask(page, then=then, filter=filter))["claims"]["totalCount"] == count


@pytest.mark.parametrize(
    ("selected", "refused"),
    [
        ("claims(asOf: $then) { edges { node { quoteStatus } } }", "Claim.quoteStatus cannot be told"),
        ("claims(asOf: $then) { edges { node { history { totalCount } } } }", "Claim.history cannot be told"),
        (
            "claims(asOf: $then) { edges { node { corroboration { explanation } } } }",
            "Corroboration.explanation",
        ),
        ("claims(asOf: $then, filter: {disagreed: true}) { totalCount }", "cannot be narrowed by disagreed"),
        ("claims(asOf: $then, orderBy: {field: ASSERTED}) { totalCount }", "are listed by RECORDED alone"),
        ('claims(asOf: "9000-01-01T00:00:00Z") { totalCount }', "is not over yet"),
        ('claims(asOf: "2026-11-01") { totalCount }', "in UTC: 2026-11-01T23:59:59.999999Z."),
        ('claims(asOf: "2026-11-01T05:00:00") { totalCount }', "In UTC: 2026-11-01T05:00:00Z."),
    ],
)
async def test_what_cannot_be_told_is_refused(past: Past, selected: str, refused: str) -> None:
    then = await past.now()
    assert refused in await past.refusal(
        f"query($then: DateTime) {{ {selected} x: claims(asOf: $then) {{ totalCount }} }}", then=then
    )
