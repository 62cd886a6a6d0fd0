"""The part of Sayso's schema that the compared queries ask for, as Strawberry's documentation writes it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import strawberry
from strawberry import Info
from strawberry.extensions import ParserCache, ValidationCache

from bench.peers.dataloaders.loading import CLAIM, Loaders
from bench.questions import cursor_of, row_of_cursor

Row = strawberry.Private[asyncpg.Record]
Asking = Info[Loaders, None]
Id = strawberry.ID


def _key(id: str) -> UUID:
    return UUID(id.partition("_")[2])


@strawberry.type
class Quote:
    exact: str
    prefix: str | None
    suffix: str | None
    start: int | None
    end: int | None


@strawberry.type
class Quantity:
    text: str
    modality: str
    lower: str | None
    upper: str | None
    lower_inclusive: bool
    upper_inclusive: bool


@strawberry.type
class Moment:
    from_: str = strawberry.field(name="from")
    to: str


@strawberry.type
class Agent:
    row: Row
    name: str

    @strawberry.field
    def id(self) -> Id:
        return Id(f"agent_{self.row['id']}")

    @strawberry.field
    async def party(self, info: Asking) -> Agent:
        return make_agent(await info.context.agent.load(self.row["party"]))


def make_agent(row: asyncpg.Record) -> Agent:
    return Agent(row=row, name=row["name"])


@strawberry.type
class Hop:
    row: Row
    position: int
    cue: str | None
    mode: str | None
    channel: str

    @strawberry.field
    async def agents(self, info: Asking) -> list[Agent]:
        return [make_agent(row) for row in await info.context.agent.load_many(self.row["agents"])]


@strawberry.type
class Event:
    title: str


@strawberry.type
class Question:
    row: Row
    text: str

    @strawberry.field
    def id(self) -> Id:
        return Id(f"question_{self.row['id']}")

    @strawberry.field
    async def event(self, info: Asking) -> Event | None:
        key = self.row["event"]
        return None if key is None else Event(title=(await info.context.event.load(key))["title"])


@strawberry.type
class Corroboration:
    status: str
    lines_for: int
    lines_against: int
    reports_for: int
    reports_against: int
    explanation: str


@strawberry.type
class Researcher:
    name: str


@strawberry.type
class Assessment:
    row: Row
    stance: str
    rationale: str

    @strawberry.field
    def id(self) -> Id:
        return Id(f"assessment_{self.row['id']}")

    @strawberry.field
    async def evidence_claim(self, info: Asking) -> Claim | None:
        key = self.row["evidence_claim"]
        return None if key is None else make_claim(await info.context.claim.load(key))

    @strawberry.field
    async def recorded_by(self, info: Asking) -> Researcher:
        return Researcher(name=(await info.context.researcher.load(self.row["recorded_by"]))["name"])


@strawberry.type
class AssessmentEdge:
    node: Assessment


@strawberry.type
class AssessmentConnection:
    edges: list[AssessmentEdge]


@strawberry.type
class Claim:
    row: Row
    statement: str

    @strawberry.field
    def id(self) -> Id:
        return Id(f"claim_{self.row['id']}")

    @strawberry.field
    def quote(self) -> Quote:
        names = ("exact", "prefix", "suffix", "start", "end")
        return Quote(**{name: self.row[f"quote_{name}"] for name in names})

    @strawberry.field
    def quantity(self) -> Quantity | None:
        row = self.row
        if row["quantity_text"] is None:
            return None
        return Quantity(
            text=row["quantity_text"],
            modality=row["modality"],
            lower=row["lower"],
            upper=row["upper"],
            lower_inclusive=row["lower_inclusive"],
            upper_inclusive=row["upper_inclusive"],
        )

    @strawberry.field
    async def source(self, info: Asking) -> Source:
        return make_source(await info.context.source.load(self.row["source"]))

    @strawberry.field
    async def question(self, info: Asking) -> Question | None:
        key = self.row["question"]
        if key is None:
            return None
        row = await info.context.question.load(key)
        return Question(row=row, text=row["text"])

    @strawberry.field
    async def attribution(self, info: Asking) -> list[Hop]:
        return [
            Hop(row=row, position=row["hop"], cue=row["cue"], mode=row["mode"], channel=row["channel"])
            for row in await info.context.attribution.load(self.row["id"])
        ]

    @strawberry.field
    async def corroboration(self, info: Asking) -> Corroboration:
        row = await info.context.corroboration.load(self.row["id"])
        return Corroboration(**{name: value for name, value in row.items() if name != "id"})

    @strawberry.field
    async def assessments(self, info: Asking, first: int = 20) -> AssessmentConnection:
        rows = await info.context.assessments(first).load(self.row["id"])
        return AssessmentConnection(
            edges=[
                AssessmentEdge(node=Assessment(row=row, stance=row["stance"], rationale=row["rationale"]))
                for row in rows[:first]
            ]
        )


def make_claim(row: asyncpg.Record) -> Claim:
    return Claim(row=row, statement=row["statement"])


@strawberry.type
class ClaimEdge:
    cursor: str
    node: Claim


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class ClaimConnection:
    edges: list[ClaimEdge]
    page_info: PageInfo


def make_connection(rows: list[asyncpg.Record], first: int) -> ClaimConnection:
    edges = [ClaimEdge(cursor=cursor_of(row["id"]), node=make_claim(row)) for row in rows[:first]]
    return ClaimConnection(
        edges=edges,
        page_info=PageInfo(has_next_page=len(rows) > first, end_cursor=edges[-1].cursor if edges else None),
    )


@strawberry.type
class Source:
    row: Row
    title: str
    url: str | None
    language: str | None

    @strawberry.field
    def id(self) -> Id:
        return Id(f"source_{self.row['id']}")

    @strawberry.field
    def published(self) -> Moment | None:
        start, end = self.row["published_from"], self.row["published_to"]
        return None if start is None else Moment(from_=start.isoformat(), to=end.isoformat())

    @strawberry.field
    async def publisher(self, info: Asking) -> Agent | None:
        key = self.row["publisher"]
        return None if key is None else make_agent(await info.context.agent.load(key))

    @strawberry.field
    async def claims(self, info: Asking, first: int = 20) -> ClaimConnection:
        return make_connection(await info.context.claims_of_source(first).load(self.row["id"]), first)


def make_source(row: asyncpg.Record) -> Source:
    return Source(row=row, title=row["title"], url=row["url"], language=row["language"])


@strawberry.input
class ClaimFilter:
    question: list[Id] | None = None


@strawberry.type
class Query:
    @strawberry.field
    async def claim(self, info: Asking, id: Id) -> Claim | None:
        row = await info.context.claim.load(_key(id))
        return row and make_claim(row)

    @strawberry.field
    async def source(self, info: Asking, id: Id) -> Source | None:
        row = await info.context.source.load(_key(id))
        return row and make_source(row)

    @strawberry.field
    async def claims(
        self, info: Asking, filter: ClaimFilter | None = None, first: int = 20, after: str | None = None
    ) -> ClaimConnection:
        conditions, values = ["withdrawn_at IS NULL"], list[Any]()
        if filter is not None and filter.question is not None:
            values.append([_key(id) for id in filter.question])
            conditions.append(
                "question_root = ANY(ARRAY(SELECT q.root FROM question q WHERE q.id = ANY($1)))"
            )
        if after is not None:
            values.append(UUID(row_of_cursor(after)))
            conditions.append(f"id > ${len(values)}")
        where = " AND ".join(conditions)
        sql = f"SELECT {CLAIM} FROM claim WHERE {where} ORDER BY id LIMIT {first + 1}"
        return make_connection(await info.context.pool.fetch(sql, *values), first)


def build_schema() -> strawberry.Schema:
    return strawberry.Schema(
        Query, extensions=[lambda: ParserCache(maxsize=100), lambda: ValidationCache(maxsize=100)]
    )
