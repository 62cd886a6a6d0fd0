"""The root of every read."""

from __future__ import annotations

import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from app.api.access import Access
from app.api.comparison import Comparison
from app.api.connections import Connection
from app.api.declaring import read_field, read_type
from app.api.enums import SearchType
from app.api.filters import (
    AgentFilter,
    AgentOrder,
    AssessmentFilter,
    ClaimFilter,
    ClaimOrder,
    EventFilter,
    EventOrder,
    QuestionFilter,
    RecordOrder,
    SourceFilter,
    SourceOrder,
)
from app.api.nodes import Agent, Assessment, Claim, Event, Question, Source
from app.api.parts import Seal
from app.api.records import Node, Researcher
from app.api.suggestions import ClaimSuggestion, suggest

SearchResult = Annotated[
    Claim | Source | Agent | Question | Event,
    strawberry.union("SearchResult", description="What a search finds."),
]


@read_type
class Query:
    """Everything that can be read. Each operation is answered by one SQL statement."""

    suggest: list[ClaimSuggestion] = strawberry.field(
        resolver=suggest,
        description="Sentences that may hold claims, with their quantities and who speaks; to be confirmed.",
    )

    viewer: Researcher | None = strawberry.field(
        description="On whose behalf this request runs; null for who sends no token."
    )

    access: Access = strawberry.field(
        description="Who asks, with what token, and how much they may: `viewer`'s own role may be higher."
    )

    newest_seal: Seal | None = strawberry.field(
        description="The newest seal of the log: note it elsewhere. Null before the first."
    )

    @read_field
    def node(self, id: strawberry.ID) -> Node | None:
        """The node with this id, or null."""

    @read_field
    def nodes(self, ids: list[strawberry.ID]) -> list[Node | None]:
        """The nodes with these ids, in the order asked; at most 100."""

    @read_field
    def claim(self, id: strawberry.ID, as_of: datetime.datetime | None = UNSET) -> Claim | None:
        """The claim with this id, withdrawn or not, or null; with `asOf` as it stood at that moment."""

    @read_field
    def source(self, id: strawberry.ID) -> Source | None:
        """The source with this id, or null."""

    @read_field
    def agent(self, id: strawberry.ID) -> Agent | None:
        """The agent with this id, or null."""

    @read_field
    def question(self, id: strawberry.ID) -> Question | None:
        """The question with this id, or null."""

    @read_field
    def event(self, id: strawberry.ID) -> Event | None:
        """The event with this id, or null."""

    @read_field
    def claims(
        self,
        filter: ClaimFilter | None = UNSET,
        order_by: ClaimOrder | None = UNSET,
        include_withdrawn: bool = False,
        as_of: datetime.datetime | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Claim]:
        """Claims, oldest first unless ordered otherwise; with `asOf` as they stood at that moment."""

    @read_field
    def sources(
        self,
        filter: SourceFilter | None = UNSET,
        order_by: SourceOrder | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Source]:
        """Sources, oldest first unless ordered otherwise."""

    @read_field
    def agents(
        self,
        filter: AgentFilter | None = UNSET,
        order_by: AgentOrder | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Agent]:
        """Agents, oldest first unless ordered otherwise."""

    @read_field
    def questions(
        self,
        filter: QuestionFilter | None = UNSET,
        order_by: RecordOrder | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Question]:
        """Questions, oldest first unless ordered otherwise."""

    @read_field
    def events(
        self,
        filter: EventFilter | None = UNSET,
        order_by: EventOrder | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Event]:
        """Events, oldest first unless ordered otherwise."""

    @read_field
    def assessments(
        self,
        filter: AssessmentFilter | None = UNSET,
        order_by: RecordOrder | None = UNSET,
        include_withdrawn: bool = False,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Assessment]:
        """Assessments, oldest first unless ordered otherwise."""

    @read_field
    def researchers(
        self,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Researcher]:
        """Every account, oldest first. An ADMIN's to ask for."""

    @read_field
    def known(self, urls: list[str]) -> list[Source | None]:
        """Have we this already? The source last recorded of each url, in the order asked; at most 100."""

    @read_field
    def compare(self, question: strawberry.ID) -> Comparison | None:
        """Every answer to a question as it stands, by who gives it; null if there is no such question. As of
        a moment ask for its claims: `claims(asOf:, filter: {question:})`."""

    @read_field
    def search(
        self,
        text: str,
        types: list[SearchType] | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[SearchResult]:
        """What holds these words, best first; an agent is found by any of its names."""
