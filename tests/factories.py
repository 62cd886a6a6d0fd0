"""Whatever a test needs to be there, recorded through the services: `make_claim` makes its source too.

Each takes the database and the viewer on whose behalf, fills in what a test does not care about, and returns
the key. Numbers in names only keep them apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from app.database import Database, WriteSession
from app.domain.vocabulary import AgentKind, Basis, QuestionKind, Role, SourceKind, Stance
from app.permissions import NOBODY, Viewer
from app.services.agents import NewAgent, record_agent
from app.services.assessments import NewAssessment, record_assessment
from app.services.claims import NewClaim, record_claim
from app.services.events import NewEvent, record_event
from app.services.inputs import Hop, QuantityInput, QuoteInput
from app.services.questions import NewQuestion, record_question
from app.services.researchers import ensure_researcher
from app.services.sources import NewSource, record_source

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_numbers = itertools.count(1)


async def perform(
    database: Database,
    viewer: Viewer,
    service: Callable[Concatenate[WriteSession, Viewer, Arguments], Awaitable[Result]],
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> Result:
    """Run a service on behalf of a viewer, in a transaction of its own."""
    return await database.write(
        viewer.researcher, lambda session: service(session, viewer, *arguments, **named)
    )


class Within(Database):
    """The database as one transaction sees it, for what is recorded in the midst of it."""

    def __init__(self, session: WriteSession) -> None:
        self._within = session

    async def write(
        self,
        actor: UUID,
        work: Callable[[WriteSession], Awaitable[Result]],
        *,
        reason: str | None = None,
        patient: bool = False,
    ) -> Result:
        return await work(self._within)


async def make_viewer(database: Database, role: Role = Role.RESEARCHER, name: str | None = None) -> Viewer:
    """A researcher of the database with this role."""
    if name is None:
        name = f"researcher {next(_numbers)}"
    return await database.write(NOBODY, lambda session: ensure_researcher(session, name, role))


async def make_agent(database: Database, viewer: Viewer, **fields: Any) -> UUID:
    new = NewAgent(**{"kind": AgentKind.ORGANIZATION, "name": f"agent {next(_numbers)}", **fields})
    return await perform(database, viewer, record_agent, new)


async def make_source(database: Database, viewer: Viewer, **fields: Any) -> UUID:
    new = NewSource(**{"kind": SourceKind.ARTICLE, "title": f"source {next(_numbers)}", **fields})
    return await perform(database, viewer, record_source, new)


async def make_event(database: Database, viewer: Viewer, **fields: Any) -> UUID:
    new = NewEvent(**{"title": f"event {next(_numbers)}", **fields})
    return await perform(database, viewer, record_event, new)


async def make_question(database: Database, viewer: Viewer, **fields: Any) -> UUID:
    new = NewQuestion(**{"kind": QuestionKind.QUANTITY, "text": f"question {next(_numbers)}?", **fields})
    return await perform(database, viewer, record_question, new)


async def make_claim(
    database: Database,
    viewer: Viewer,
    *,
    source: UUID | None = None,
    said_by: Iterable[UUID] = (),
    quantity: str | QuantityInput | None = None,
    quote: str | QuoteInput | None = None,
    **fields: Any,
) -> UUID:
    """A claim in a source of its own, unless one is given.

    `said_by` are agents of one hop each, origin first; without any (and without `basis` or `hops`) the claim
    is its publisher's own. A `quantity` or a `quote` may be the words alone.
    """
    number = next(_numbers)
    if source is None:
        source = await make_source(database, viewer)
    hops = tuple(Hop(agents=(agent,)) for agent in said_by)
    new = NewClaim(
        **{
            "source": source,
            "statement": f"statement {number}",
            "quote": QuoteInput(quote) if isinstance(quote, str) else quote or QuoteInput(f"quote {number}"),
            "quantity": QuantityInput(quantity) if isinstance(quantity, str) else quantity,
            "hops": hops,
            "basis": Basis.ATTRIBUTED if hops or fields.get("hops") else Basis.FIRSTHAND,
            **fields,
        }
    )
    return await perform(database, viewer, record_claim, new)


async def make_assessment(database: Database, viewer: Viewer, *, claim: UUID, **fields: Any) -> UUID:
    """A judgement on a claim; without evidence, in the light of a source made for it."""
    if "evidence_claim" not in fields and "evidence_source" not in fields:
        fields["evidence_source"] = await make_source(database, viewer)
    new = NewAssessment(
        **{"claim": claim, "stance": Stance.SUPPORTS, "rationale": "it says the same", **fields}
    )
    return await perform(database, viewer, record_assessment, new)
