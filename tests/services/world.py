"""A small world of agents, sources and questions, and random things that researchers do in it.

A step is the name of a method and six numbers, of which the method makes what it needs: the same steps do
the same in an empty database. What the rules refuse is counted, and is no fault.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import strategies as st

from app.database import Database
from app.domain.vocabulary import AgentKind, Basis, Mode, Polarity, QuestionKind, Role, Stance
from app.errors import SaysoError
from app.permissions import Viewer
from app.services.agents import AgentChanges, amend_agent
from app.services.assessments import withdraw_assessment
from app.services.claims import ClaimChanges, amend_claim
from app.services.events import EventChanges, amend_event
from app.services.inputs import UNSET, Hop, QuantityInput, QuoteInput, Unset
from app.services.merges import merge_agents, merge_questions, unmerge_agents, unmerge_questions
from app.services.questions import QuestionChanges, amend_question
from app.services.sealing import seal_log
from app.services.sources import (
    SourceChanges,
    SourceRevision,
    amend_source,
    revise_source,
)
from app.services.withdrawals import reinstate_claim, restore_claim, retract_claim, withdraw_claim
from app.settings import Settings
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
from tests.services import world_edges
from tests.services.reading import read_rows

Value = TypeVar("Value")
Numbers = Sequence[int]

QUANTITIES = ("19", "25", "28", "at least 25", "at least 2", "up to 25", "around 25", "dozens", "nearly 30")
DAYS = (None, "2019-12-29", "2019-12-30", "2019-12-30T21:00Z", "2019-12", "2020")
TEXTS = (None, "19 or 25 died", "25 died", "later: 25 died, 28 died")
QUOTES = ("25 died", "died", "28")


class World:
    def __init__(self, database: Database, viewers: Sequence[Viewer]) -> None:
        self.database = database
        self.viewers = viewers
        self.agents: list[UUID] = []
        self.names: dict[UUID, str] = {}
        self.events: list[UUID] = []
        self.sources: list[UUID] = []
        self.questions: list[UUID] = []
        self.kinds: dict[UUID, QuestionKind] = {}
        self.claims: list[UUID] = []
        self.assessments: list[UUID] = []
        # What was done to them last may be undone.
        self.withdrawn: list[UUID] = []
        self.retracted: list[UUID] = []
        self.merged_agents: list[UUID] = []
        self.merged_questions: list[UUID] = []
        self.refused = 0
        self.done: Counter[str] = Counter()

    async def begin(self) -> None:
        """Enough to make the first step mean something."""
        viewer = self.viewers[0]
        for parent in (None, None, None, 0, 0, 1, 3):
            what = AgentKind.UNNAMED if parent in (1, 3) else AgentKind.ORGANIZATION
            part_of = None if parent is None else self.agents[parent]
            await self._add_agent(viewer, kind=what, part_of=part_of)
        for kind in (QuestionKind.QUANTITY, QuestionKind.QUANTITY, QuestionKind.YES_NO):
            question = await make_question(self.database, viewer, kind=kind)
            self.questions.append(question)
            self.kinds[question] = kind
        for publisher in (None, self.agents[2], self.agents[0]):
            self.sources.append(await make_source(self.database, viewer, publisher=publisher, text=TEXTS[1]))

    async def take(self, name: str, numbers: Numbers) -> bool:
        """Whether the step was let through."""
        try:
            await STEPS[name](self, self.viewers[numbers[5] % len(self.viewers)], numbers)
        except SaysoError:
            self.refused += 1
            return False
        self.done[name] += 1
        return True

    async def record_agent(self, viewer: Viewer, n: Numbers) -> None:
        kind = AgentKind.UNNAMED if n[0] % 3 == 0 else AgentKind.PERSON
        part_of = pick([None, *self.agents], n[1])
        protected = {"protected": True, "pseudonym": f"a clerk {n[3]}"} if n[2] % 5 == 0 else {}
        await self._add_agent(viewer, kind=kind, part_of=part_of, **protected)

    async def record_source(self, viewer: Viewer, n: Numbers) -> None:
        self.sources.append(
            await make_source(
                self.database,
                viewer,
                publisher=pick([None, *self.agents], n[0]),
                reprints=pick([None, None, *self.sources], n[1]),
                published=pick(DAYS, n[2]),
                text=pick(TEXTS, n[3]),
                url=pick((None, "https://example.org/report", "https://example.org/toll"), n[3] + n[4]),
                language=pick((None, "en", "de", "pt-BR"), n[4]),
                note=self.name_somebody(n),
                restricted=n[4] % 4 == 0,
            )
        )

    async def record_event(self, viewer: Viewer, n: Numbers) -> None:
        self.events.append(await make_event(self.database, viewer, description=self.name_somebody(n)))

    async def amend_event(self, viewer: Viewer, n: Numbers) -> None:
        event = pick(self.events, n[0])
        changes = EventChanges(place=f"place {n[1]}", description=self.name_somebody(n))
        await perform(self.database, viewer, amend_event, event, await self.version("event", event), changes)

    async def record_question(self, viewer: Viewer, n: Numbers) -> None:
        kind = pick(tuple(QuestionKind), n[0])
        question = await make_question(
            self.database, viewer, kind=kind, event=pick([None, *self.events], n[1])
        )
        self.questions.append(question)
        self.kinds[question] = kind

    async def record_claim(self, viewer: Viewer, n: Numbers) -> None:
        question = pick([*self.questions, None], n[0])
        basis, hops = self._chain(n)
        claim = await make_claim(
            self.database,
            viewer,
            source=pick(self.sources, n[1]),
            question=question,
            quote=pick(QUOTES, n[4]),
            basis=basis,
            hops=hops,
            asserted=pick(DAYS, n[3] + n[4]),
            note=self.name_somebody(n),
            restricted=n[5] % 6 == 0,
            **self._answer(question, n),
        )
        self.claims.append(claim)

    async def amend_claim(self, viewer: Viewer, n: Numbers) -> None:
        claim = pick(self.claims, n[0])
        question = pick([*self.questions, None], n[1])
        basis, hops = self._chain(n)
        changes = (
            ClaimChanges(
                question=question, **{"quantity": None, "polarity": None, **self._answer(question, n)}
            ),
            ClaimChanges(basis=basis, hops=hops),
            ClaimChanges(asserted=pick(DAYS, n[3]), note="amended"),
            ClaimChanges(restricted=n[3] % 3 > 0),
            ClaimChanges(statement=f"statement {n[3]}", quote=QuoteInput(pick(QUOTES, n[4]))),
        )
        await perform(
            self.database,
            viewer,
            amend_claim,
            claim,
            await self.version("claim", claim),
            pick(changes, n[2]),
        )

    async def record_assessment(self, viewer: Viewer, n: Numbers) -> None:
        evidence = {"evidence_claim": pick(self.claims, n[0])}
        if n[1] % 3 == 0:
            evidence = {"evidence_source": pick(self.sources, n[0])}
        stance = pick((*Stance, Stance.SUPPORTS, Stance.CONTRADICTS), n[2])
        self.assessments.append(
            await make_assessment(
                self.database, viewer, claim=pick(self.claims, n[3]), stance=stance, **evidence
            )
        )

    async def withdraw_assessment(self, viewer: Viewer, n: Numbers) -> None:
        await perform(self.database, viewer, withdraw_assessment, pick(self.assessments, n[0]), "r")

    async def withdraw_claim(self, viewer: Viewer, n: Numbers) -> None:
        claim = pick(self.claims, n[0])
        await perform(self.database, viewer, withdraw_claim, claim, "r")
        self.withdrawn.append(claim)

    async def restore_claim(self, viewer: Viewer, n: Numbers) -> None:
        await perform(self.database, viewer, restore_claim, pick(self.withdrawn, n[0]))

    async def retract_claim(self, viewer: Viewer, n: Numbers) -> None:
        claim = pick(self.claims, n[0])
        await perform(self.database, viewer, retract_claim, claim, when="2020", reason="r")
        self.retracted.append(claim)

    async def reinstate_claim(self, viewer: Viewer, n: Numbers) -> None:
        claim = pick(self.retracted, n[0])
        await perform(self.database, viewer, reinstate_claim, claim, await self.version("claim", claim), "r")

    async def amend_agent(self, viewer: Viewer, n: Numbers) -> None:
        agent = pick(self.agents, n[0])
        changes = (
            AgentChanges(part_of=pick([None, *self.agents], n[1])),
            AgentChanges(kind=AgentKind.UNNAMED if n[1] % 2 else AgentKind.PERSON),
            AgentChanges(name=f"Renamed{n[1]}"),
            AgentChanges(aliases=(f"Alias{n[1]}", f"Alias{n[3]}b")),
        )
        await perform(
            self.database,
            viewer,
            amend_agent,
            agent,
            await self.version("agent", agent),
            pick(changes, n[2]),
        )

    async def amend_question(self, viewer: Viewer, n: Numbers) -> None:
        question = pick(self.questions, n[0])
        kind = pick(tuple(QuestionKind), n[1])
        changes = (
            QuestionChanges(kind=kind),
            QuestionChanges(event=pick([None, *self.events], n[1])),
            QuestionChanges(counted=self.name_somebody(n)),
        )
        which = n[2] % len(changes)
        version = await self.version("question", question)
        await perform(self.database, viewer, amend_question, question, version, changes[which])
        if which == 0:
            self.kinds[question] = kind

    async def amend_source(self, viewer: Viewer, n: Numbers) -> None:
        source = pick(self.sources, n[0])
        changes = (
            SourceChanges(publisher=pick([None, *self.agents], n[1])),
            SourceChanges(reprints=pick([None, *self.sources], n[1])),
            SourceChanges(published=pick(DAYS, n[1])),
            SourceChanges(text=TEXTS[3] or ""),
            SourceChanges(restricted=n[1] % 3 > 0),
        )
        await perform(
            self.database,
            viewer,
            amend_source,
            source,
            await self.version("source", source),
            pick(changes, n[2]),
        )

    async def revise_source(self, viewer: Viewer, n: Numbers) -> None:
        dates: list[str | Unset | None] = [UNSET, *DAYS]
        revision = SourceRevision(text=pick(TEXTS, n[1]), published=pick(dates, n[2]))
        source = pick(self.sources, n[0])
        self.sources.append(await perform(self.database, viewer, revise_source, source, revision))

    async def merge_agents(self, viewer: Viewer, n: Numbers) -> None:
        one, into = pick(self.agents, n[0]), pick(self.agents, n[1])
        await perform(self.database, viewer, merge_agents, one, into, "r", dry_run=n[2] % 4 == 0)
        self.merged_agents.append(one)

    async def unmerge_agents(self, viewer: Viewer, n: Numbers) -> None:
        await perform(self.database, viewer, unmerge_agents, pick(self.merged_agents, n[0]), "r")

    async def merge_questions(self, viewer: Viewer, n: Numbers) -> None:
        one = pick(self.questions, n[0])
        alike = [each for each in self.questions if self.kinds[each] is self.kinds[one]]
        into = pick(self.questions if n[3] % 4 == 0 else alike, n[1])
        await perform(self.database, viewer, merge_questions, one, into, "r", dry_run=n[2] % 4 == 0)
        self.merged_questions.append(one)

    async def unmerge_questions(self, viewer: Viewer, n: Numbers) -> None:
        await perform(self.database, viewer, unmerge_questions, pick(self.merged_questions, n[0]), "r")

    async def _add_agent(self, viewer: Viewer, **fields: Any) -> None:
        name = f"Agent{len(self.names)}"
        agent = await make_agent(self.database, viewer, name=name, **fields)
        self.agents.append(agent)
        self.names[agent] = name

    def name_somebody(self, n: Numbers) -> str | None:
        """Words that outsiders read, now and then with the first name of an agent in them."""
        return f"so {pick(list(self.names.values()), n[2])} said" if n[4] % 5 == 0 else None

    def _chain(self, n: Numbers) -> tuple[Basis, tuple[Hop, ...]]:
        first, second, third = (pick(self.agents, n[place]) for place in (2, 3, 4))
        cue = self.name_somebody(n)
        return pick(
            (
                (Basis.ATTRIBUTED, (Hop((first,)),)),
                (Basis.ATTRIBUTED, (Hop((first,), cue), Hop((third,)))),
                (Basis.ATTRIBUTED, (Hop((first,)), Hop(tuple({second, third}), cue, Mode.DIRECT))),
                (Basis.ATTRIBUTED, (Hop(tuple({first, second})),)),
                (Basis.FIRSTHAND, ()),
                (Basis.UNATTRIBUTED, ()),
            ),
            n[3],
        )

    def _answer(self, question: UUID | None, n: Numbers) -> dict[str, Any]:
        kind = None if question is None else self.kinds[question]
        if kind is QuestionKind.YES_NO:
            return {"polarity": Polarity.ASSERTS if n[2] % 2 else Polarity.DENIES}
        if kind is not QuestionKind.QUANTITY:
            return {}
        if n[4] % 7 == 0:
            return {"quantity": QuantityInput("so many", lower=Decimal(n[2] % 40), lower_inclusive=False)}
        return {"quantity": QuantityInput(pick(QUANTITIES, n[2]))}

    async def version(self, table: str, key: UUID) -> int:
        (row,) = await read_rows(self.database, f"SELECT version FROM {table} WHERE id = $1", key)
        return int(row["version"])


def pick(values: Sequence[Value], number: int) -> Value:
    """One of the values; a step that needs one where there is none is refused like any other."""
    if not values:
        raise SaysoError("there is none yet")
    return values[number % len(values)]


Step = tuple[str, list[int]]

# What happens more often stands more often.
_NAMES = (
    *("record_claim",) * 10,
    *("record_assessment",) * 3,
    *("record_source", "amend_claim", "withdraw_claim", "restore_claim", "amend_agent") * 2,
    *("record_agent", "revise_source", "withdraw_assessment", "retract_claim", "amend_source"),
    *("reinstate_claim", "record_event", "record_question", "send_again"),
    *("amend_event", "amend_question", "protect", "redact", "import_again", "recompute"),
    *("merge_agents", "unmerge_agents", "merge_questions", "unmerge_questions"),
)
STEPS: dict[str, Callable[[World, Viewer, Numbers], Awaitable[None]]] = {
    name: getattr(World, name, None) or getattr(world_edges, name) for name in _NAMES
}

numbers = st.lists(st.integers(0, 40), min_size=6, max_size=6)
steps = st.lists(st.tuples(st.sampled_from(_NAMES), numbers), min_size=1, max_size=25)


async def tell_story(dsn: str, changes: int, seed: int, writers: int = 1) -> World:
    """Fill a migrated database with what so many random changes leave, some of which are refused.

    Of several writers each takes the next change when its last is done.
    """
    chance = random.Random(seed)
    database = await Database.open(dsn, Settings(), as_owner=True)
    try:
        roles = (Role.ADMIN, *(Role.EDITOR,) * 3, Role.RESEARCHER)
        world = World(database, [await make_viewer(database, role) for role in roles])
        await world.begin()
        story = ((chance.choice(_NAMES), [chance.randrange(1_000) for _ in range(6)]) for _ in range(changes))

        async def write() -> None:
            for name, numbers in story:
                await world.take(name, numbers)

        await asyncio.gather(*(write() for _ in range(writers)))
    finally:
        await database.close()
    await seal_log(dsn)
    return world
