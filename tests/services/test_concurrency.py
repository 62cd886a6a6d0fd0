"""Many writers at once: no stale status, no acknowledged write lost, nobody waiting in a ring."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.database import Database, WriteSession
from app.domain.vocabulary import AgentKind, Basis, QuestionKind, Role, SourceKind, Stance
from app.errors import Busy, Duplicate, InvalidInput, SaysoError, StaleVersion
from app.permissions import Viewer
from app.services.agents import AgentChanges, NewAgent, amend_agent, record_agent
from app.services.assessments import NewAssessment, record_assessment, withdraw_assessment
from app.services.claims import ClaimChanges, NewClaim, amend_claim, record_claim
from app.services.corroboration import recomputed_later
from app.services.exposure import amend_exposed
from app.services.inputs import Hop, QuantityInput, QuoteInput
from app.services.merges import merge_agents, merge_questions
from app.services.questions import NewQuestion, record_question
from app.services.recomputation import recompute_everything
from app.services.sealing import seal_log
from app.services.sources import (
    NewSource,
    SourceChanges,
    SourceRevision,
    amend_source,
    record_source,
    revise_source,
)
from app.services.verification import verify_log
from app.services.withdrawals import restore_claim, retract_claim, withdraw_claim
from tests.factories import make_agent, make_claim, make_question, make_source, make_viewer, perform
from tests.services.reading import count_rows, read_row, read_rows
from tests.services.world import STEPS, World

WRITERS = 50
EXPLAINED = "SELECT coalesce(string_agg(explanation, ' '), '')::varchar FROM corroboration"


async def test_fifty_writers_on_one_question(busy_database: Database, viewer: Viewer) -> None:
    database = busy_database
    question = await make_question(database, viewer)
    elsewhere = await make_question(database, viewer)
    agents = [await make_agent(database, viewer) for _ in range(6)]
    agents += [await make_agent(database, viewer, part_of=agent) for agent in agents[:3]]
    sources = [await make_source(database, viewer, text="25 died") for _ in range(4)]
    claims = [
        await make_claim(database, viewer, question=question, quantity="25", said_by=[agent])
        for agent in agents
    ]
    researchers = [await make_viewer(database, Role.EDITOR) for _ in range(5)]
    acknowledged: dict[str, list[UUID]] = defaultdict(list)
    refused: list[SaysoError] = []
    chance = random.Random(50)

    async def record(who: Viewer, number: int) -> None:
        claim = await make_claim(
            database,
            who,
            question=question,
            quantity=("25", "28", "at least 25", "19", "dozens")[number % 5],
            said_by=[chance.choice(agents)],
            source=chance.choice([*sources, None]),
            quote="25",
            asserted=f"2019-12-{10 + number % 20}",
        )
        acknowledged["claim"].append(claim)

    async def assess(who: Viewer, number: int) -> None:
        one, other = chance.sample(claims, 2)
        new = NewAssessment(claim=one, evidence_claim=other, stance=Stance.CONTRADICTS, rationale="r")
        acknowledged["assessment"].append(await perform(database, who, record_assessment, new))

    async def withdraw(who: Viewer, number: int) -> None:
        await perform(database, who, withdraw_claim, claims[number % 3], "r")
        acknowledged["withdrawn"].append(claims[number % 3])

    async def retract(who: Viewer, number: int) -> None:
        await perform(database, who, retract_claim, claims[3 + number % 2], when="2020", reason="r")
        acknowledged["retracted"].append(claims[3 + number % 2])

    async def move(who: Viewer, number: int) -> None:
        agent = chance.choice(agents[:6])
        version = (await read_row(database, "agent", agent))["version"]
        await perform(database, who, amend_agent, agent, version, AgentChanges(part_of=chance.choice(agents)))
        acknowledged["moved"].append(agent)

    async def merge(who: Viewer, number: int) -> None:
        await perform(database, who, merge_agents, agents[6 + number % 3], chance.choice(agents[:6]), "r")
        acknowledged["merged"].append(agents[6 + number % 3])

    async def leave(who: Viewer, number: int) -> None:
        await perform(database, who, amend_claim, claims[5], 1, ClaimChanges(question=elsewhere))
        acknowledged["left"].append(claims[5])

    async def revise(who: Viewer, number: int) -> None:
        source = sources[number % 4]
        revision = SourceRevision(text=f"28 died {number}")
        acknowledged["source"].append(await perform(database, who, revise_source, source, revision))

    async def write(number: int) -> None:
        kinds = [record] * 4 + [assess] * 2 + [withdraw, retract, move, merge, leave, revise]
        try:
            await kinds[number % len(kinds)](researchers[number % 5], number)
        except (Duplicate, InvalidInput, StaleVersion) as problem:
            refused.append(problem)

    await asyncio.gather(*(write(number) for number in range(WRITERS)))

    assert sum(map(len, acknowledged.values())) + len(refused) == WRITERS
    assert len(acknowledged["claim"]) >= 15
    assert len(acknowledged["left"]) == 1, "the second to amend version 1 is refused"
    for table in ("claim", "assessment", "source"):
        for key in acknowledged[table]:
            assert await read_row(database, table, key)
    for name, column in (("withdrawn", "withdrawn_at"), ("retracted", "retracted")):
        assert acknowledged[name]
        for claim in acknowledged[name]:
            assert (await read_row(database, "claim", claim))[column] is not None
    for agent in set(acknowledged["moved"]):
        version = (await read_row(database, "agent", agent))["version"]
        assert version == 1 + acknowledged["moved"].count(agent)
    assert await count_rows(database, "corroboration") == await count_rows(database, "claim")
    assert await recompute_everything(database, check=True) == []


async def test_fifty_writers_do_whatever_they_like(busy_database: Database, viewer: Viewer, dsn: str) -> None:
    researchers = [viewer, *[await make_viewer(busy_database, Role.EDITOR) for _ in range(4)]]
    world = World(busy_database, researchers)
    await world.begin()
    chance = random.Random(7)
    names = [name for name in STEPS if name != "record_claim"] + ["record_claim"] * 8

    async def write() -> None:
        for _ in range(3):
            await world.take(chance.choice(names), [chance.randint(0, 40) for _ in range(6)])
        written.append(None)

    async def seal() -> None:
        while len(written) < WRITERS:
            with suppress(Busy):  # a redaction and sealing wait for each other
                await seal_log(dsn)
            await asyncio.sleep(0.05)

    written: list[None] = []
    await asyncio.gather(seal(), *(write() for _ in range(WRITERS)))
    assert world.done.total() > 50
    assert world.done["protect"]
    assert world.done["redact"]
    for claim in world.claims:
        assert await read_row(busy_database, "claim", claim)
    assert await recompute_everything(busy_database, check=True) == []
    protected = await read_rows(busy_database, "SELECT name FROM agent WHERE protected")
    told = await busy_database.fetch_json(EXPLAINED, [], outside=True)
    assert not {row["name"] for row in protected} & set(re.findall(r"\w+", told.decode()))
    proved = await verify_log(dsn)
    assert proved.faults == []
    assert proved.redactions


async def test_ten_writers_of_one_version(busy_database: Database, viewer: Viewer) -> None:
    agent = await make_agent(busy_database, viewer)

    async def rename(number: int) -> str | None:
        changes = AgentChanges(description=f"the {number}th")
        try:
            await perform(busy_database, viewer, amend_agent, agent, 1, changes)
        except StaleVersion:
            return None
        return f"the {number}th"

    (written,) = [one for one in await asyncio.gather(*map(rename, range(10))) if one is not None]
    row = await read_row(busy_database, "agent", agent)
    assert (row["description"], row["version"]) == (written, 2)


async def test_ten_writers_of_the_same_claim(busy_database: Database, viewer: Viewer) -> None:
    source = await make_source(busy_database, viewer, url="https://example.org/")
    question = await make_question(busy_database, viewer, kind=QuestionKind.OPEN)

    async def record(number: int) -> UUID | str:
        try:
            return await make_claim(
                busy_database, viewer, source=source, question=question, statement="s", quote="q"
            )
        except Duplicate as problem:
            return problem.id

    found = await asyncio.gather(*map(record, range(10)))
    (claim,) = [one for one in found if isinstance(one, UUID)]
    assert {one for one in found if isinstance(one, str)} == {f"claim_{claim}"}
    assert await count_rows(busy_database, "corroboration") == 1


@dataclass
class Scene:
    """Two questions whose claims were judged in each other's light, and all that could change that."""

    viewer: Viewer
    x: UUID
    y: UUID
    question: UUID
    elsewhere: UUID
    source: UUID
    a: UUID
    b: UUID
    evidence: UUID
    lone: UUID
    judgement: UUID


async def set_scene(database: Database, viewer: Viewer) -> Scene:
    async def claim(session: WriteSession, source: UUID, question: UUID | None, by: UUID) -> UUID:
        return await record_claim(
            session,
            viewer,
            NewClaim(
                source=source,
                statement="s",
                quote=QuoteInput("25"),
                basis=Basis.ATTRIBUTED,
                question=question,
                hops=(Hop((by,)),),
                quantity=None if question is None else QuantityInput("25"),
                asserted="2019-12-29",
            ),
        )

    async def work(session: WriteSession) -> Scene:
        async with recomputed_later(session):
            x, y, z = [
                await record_agent(session, viewer, NewAgent(kind=AgentKind.ORGANIZATION, name=name))
                for name in "xyz"
            ]
            questions = [
                await record_question(session, viewer, NewQuestion(kind=QuestionKind.QUANTITY, text="?"))
                for _ in range(2)
            ]
            sources = [
                await record_source(session, viewer, NewSource(kind=SourceKind.ARTICLE, title="t", text="25"))
                for _ in range(4)
            ]
            a = await claim(session, sources[0], questions[0], x)
            b = await claim(session, sources[1], questions[0], y)
            evidence = await claim(session, sources[2], questions[1], z)
            lone = await claim(session, sources[3], None, z)
            judgement = NewAssessment(claim=b, evidence_claim=evidence, stance=Stance.SUPPORTS, rationale="r")
            judged = await record_assessment(session, viewer, judgement)
            question, elsewhere = questions
            return Scene(viewer, x, y, question, elsewhere, sources[0], a, b, evidence, lone, judged)

    return await database.write(viewer.researcher, work)


Act = Callable[[WriteSession, Scene], Awaitable[Any]]


def new_claim(scene: Scene, question: UUID, by: UUID, quantity: str) -> NewClaim:
    return NewClaim(
        source=scene.source,
        statement=f"{quantity} on {question}",
        quote=QuoteInput("25"),
        basis=Basis.ATTRIBUTED,
        question=question,
        hops=(Hop((by,)),),
        quantity=QuantityInput(quantity),
        asserted="2019-12-31",
    )


async def judge(session: WriteSession, scene: Scene, claim: UUID, evidence: UUID) -> None:
    new = NewAssessment(claim=claim, evidence_claim=evidence, stance=Stance.SUPPORTS, rationale="r")
    await record_assessment(session, scene.viewer, new)


ACTS: dict[str, Act] = {
    "record": lambda s, at: record_claim(s, at.viewer, new_claim(at, at.question, at.y, "28")),
    "judge a by the evidence": lambda s, at: judge(s, at, at.a, at.evidence),
    "judge the evidence by a": lambda s, at: judge(s, at, at.evidence, at.a),
    "judge a by a lone claim": lambda s, at: judge(s, at, at.a, at.lone),
    "withdraw the evidence": lambda s, at: withdraw_claim(s, at.viewer, at.evidence, "r"),
    "retract the lone claim": lambda s, at: retract_claim(s, at.viewer, at.lone, when="2020", reason="r"),
    "withdraw the judgement": lambda s, at: withdraw_assessment(s, at.viewer, at.judgement, "r"),
    "move b to the other question": lambda s, at: amend_claim(
        s, at.viewer, at.b, 1, ClaimChanges(question=at.elsewhere)
    ),
    "move the evidence off its question": lambda s, at: amend_claim(
        s, at.viewer, at.evidence, 1, ClaimChanges(question=None, quantity=None)
    ),
    "give the evidence to x": lambda s, at: amend_claim(
        s, at.viewer, at.evidence, 1, ClaimChanges(hops=(Hop((at.x,)),))
    ),
    "make y part of x": lambda s, at: amend_agent(s, at.viewer, at.y, 1, AgentChanges(part_of=at.x)),
    "merge the questions": lambda s, at: merge_questions(s, at.viewer, at.elsewhere, at.question, "r"),
    "give a's source to y": lambda s, at: amend_source(
        s, at.viewer, at.source, 1, SourceChanges(publisher=at.y)
    ),
    "protect x, and restrict where it is named": lambda s, at: amend_exposed(
        s, at.viewer, at.x, 1, AgentChanges(protected=True, pseudonym="a clerk"), restrict=True
    ),
}


async def test_any_two_writers_one_of_whom_holds_its_transaction_open(
    busy_database: Database, viewer: Viewer
) -> None:
    """The second begins, and waits or not, while what the first did is not committed yet."""
    database = busy_database
    scenes: dict[UUID, tuple[str, str]] = {}
    finished: set[tuple[str, str]] = set()

    async def play(first: str, second: str) -> None:
        scene = await set_scene(database, viewer)
        scenes.update(dict.fromkeys((scene.a, scene.b, scene.evidence, scene.lone), (first, second)))
        acted, committing = asyncio.Event(), asyncio.Event()

        async def hold(session: WriteSession) -> None:
            await ACTS[first](session, scene)
            acted.set()
            await committing.wait()

        async def follow() -> None:
            try:
                await database.write(viewer.researcher, lambda session: ACTS[second](session, scene))
                finished.add((first, second))
            except (Duplicate, InvalidInput, StaleVersion):
                pass

        holding = asyncio.create_task(database.write(viewer.researcher, hold))
        await acted.wait()
        following = asyncio.create_task(follow())
        await asyncio.wait({following}, timeout=0.02)
        committing.set()
        await asyncio.gather(holding, following)

    # Each pair once; every other one the other way round.
    pairs = [pair if place % 2 else pair[::-1] for place, pair in enumerate(itertools.combinations(ACTS, 2))]
    for first, second in pairs:
        await play(first, second)
    differences = await recompute_everything(database, check=True)
    assert {scenes.get(difference.row) for difference in differences} == set()
    assert len(finished) > 0.8 * len(pairs)


async def test_restoring_and_recording_anew_at_once(busy_database: Database, viewer: Viewer) -> None:
    """Both want to stand; one does, and the other is told of it."""
    for _ in range(5):
        source = await make_source(busy_database, viewer)
        claim = await make_claim(busy_database, viewer, source=source, statement="s", quote="q")
        await perform(busy_database, viewer, withdraw_claim, claim, "r")
        outcomes = await asyncio.gather(
            perform(busy_database, viewer, restore_claim, claim),
            make_claim(busy_database, viewer, source=source, statement="s", quote="q"),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, Duplicate) for outcome in outcomes) == 1
        sql = "SELECT id FROM claim WHERE source = $1 AND withdrawn_at IS NULL"
        assert len(await read_rows(busy_database, sql, source)) == 1
