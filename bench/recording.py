"""Claims recorded one after another: by a server over HTTP, and in their parts by the services, here."""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import httpx

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Basis
from app.permissions import Viewer
from app.services import corroboration
from app.services.claims import NewClaim, record_claim
from app.services.inputs import Hop, QuantityInput, QuoteInput
from bench.processes import PostgresTime, cpu_seconds, postgres_seconds
from bench.shapes import Shape, spell_minute

Result = TypeVar("Result")

MUTATION = """mutation Record($input: RecordClaimInput!) {
  recordClaim(input: $input) {
    __typename
    ... on ClaimPayload { claim { id corroboration { status linesFor linesAgainst } } }
    ... on Error { message }
  }
}"""
SOURCES = "SELECT DISTINCT source FROM claim WHERE question = $1 ORDER BY source LIMIT 200"
SPEAKERS = """
SELECT DISTINCT agent FROM attribution JOIN claim ON claim.id = attribution.claim
WHERE claim.question = $1 ORDER BY agent LIMIT 200
"""
# What a write does with its question, by the functions that do it.
PARTS = {"load_record": "read", "evaluate_aside": "rule", "save": "saved"}


@dataclass(frozen=True, slots=True)
class Question:
    """`key` None: claims without a question."""

    key: UUID | None
    title: str
    claims: int
    shape: Shape

    @property
    def cells(self) -> tuple[str, str]:
        return self.title, f"{self.claims:,}"

    def tell(self) -> str:
        return self.title if self.key is None else f"{self.title}, {self.claims:,} claims"


@dataclass(frozen=True, slots=True)
class Costs:
    """Writes a second; latencies, and CPU of the server and of Postgres, in milliseconds a write."""

    writes: int
    rate: float
    p50: float
    p99: float
    server: float
    postgres: PostgresTime


@dataclass(frozen=True, slots=True)
class Parts:
    """CPU of one process, in milliseconds a write: to read what the rule is given, for the rule, to hold what
    came out against what stands and save it; and for all else that the services do. `postgres` beside it."""

    writes: int
    read: float
    rule: float
    saved: float
    checks: float
    postgres: PostgresTime

    @property
    def total(self) -> float:
        return self.read + self.rule + self.saved + self.checks


class Writer:
    """Claims that are not recorded yet, one after another, on one question or on none."""

    def __init__(self, question: Question, sources: Sequence[UUID], speakers: Sequence[UUID]) -> None:
        self.question = question
        self._sources, self._speakers = sources, speakers
        self._draw = random.Random(question.title)
        self._numbers = itertools.count(question.claims + 1)

    def make(self) -> NewClaim:
        number, shape = next(self._numbers), self.question.shape
        phrase = shape.phrase(number, self._draw)
        return NewClaim(
            source=self._draw.choice(self._sources),
            question=self.question.key,
            statement=f"{phrase} people, {number}.",
            quote=QuoteInput(f"{phrase} people"),
            basis=Basis.ATTRIBUTED,
            hops=(Hop(agents=(self._draw.choice(self._speakers),)),),
            quantity=None if self.question.key is None else QuantityInput(phrase),
            asserted=spell_minute(number),
        )


def spell_input(new: NewClaim) -> dict[str, Any]:
    """The same claim as a client sends it."""
    given: dict[str, Any] = {
        "source": encode_id(NodeType.SOURCE, new.source),
        "statement": new.statement,
        "quote": {"exact": new.quote.exact},
        "basis": new.basis.value,
        "hops": [{"agents": [encode_id(NodeType.AGENT, agent) for agent in hop.agents]} for hop in new.hops],
        "asserted": new.asserted,
    }
    if new.question is not None and new.quantity is not None:
        given["question"] = encode_id(NodeType.QUESTION, new.question)
        given["quantity"] = {"text": new.quantity.text}
    return given


async def make_writer(dsn: str, question: Question, like: UUID) -> Writer:
    """Who writes on a question, in the sources and by the speakers of the question `like`."""
    connection = await asyncpg.connect(dsn)
    try:
        sources = [row[0] for row in await connection.fetch(SOURCES, like)]
        speakers = [row[0] for row in await connection.fetch(SPEAKERS, like)]
    finally:
        await connection.close()
    return Writer(question, sources, speakers)


async def record_here(
    database: Database, postgres: int, viewer: Viewer, writer: Writer, seconds: float
) -> Parts:
    """Record claims by the services, in this process and nobody else's, for so long; three at least."""
    await _record(database, viewer, writer)  # statements are prepared
    with timed() as spent:
        before, until, writes = postgres_seconds(postgres), time.monotonic() + seconds, 0
        began = time.process_time()
        while writes < 3 or time.monotonic() < until:
            await _record(database, viewer, writer)
            writes += 1
        total = 1000 * (time.process_time() - began) / writes
        cost = a_write(postgres_seconds(postgres).since(before), writes)
    parts = {name: 1000 * spent[name] / writes for name in PARTS.values()}
    return Parts(writes, **parts, checks=total - sum(parts.values()), postgres=cost)


def a_write(spent: PostgresTime, writes: int) -> PostgresTime:
    """Of so many writes, what each took, in milliseconds."""
    return PostgresTime(1000 * spent.connections / writes, 1000 * spent.background / writes)


async def _record(database: Database, viewer: Viewer, writer: Writer) -> None:
    new = writer.make()
    await database.write(viewer.researcher, lambda session: record_claim(session, viewer, new))


@contextmanager
def timed() -> Iterator[dict[str, float]]:
    """CPU seconds of this process by the part of a write, within the block; one write at a time."""
    spent: dict[str, float] = defaultdict(float)

    def time_one(work: Callable[..., Awaitable[Result]], part: str) -> Callable[..., Awaitable[Result]]:
        async def do(*given: Any) -> Result:
            began = time.process_time()
            try:
                return await work(*given)
            finally:
                spent[part] += time.process_time() - began

        return do

    before = {name: getattr(corroboration, name) for name in PARTS}
    for name, part in PARTS.items():
        setattr(corroboration, name, time_one(before[name], part))
    try:
        yield spent
    finally:
        for name, work in before.items():
            setattr(corroboration, name, work)


class Server:
    """A Sayso that serves, by its process id and port, and the process id of its Postgres."""

    def __init__(self, process: int, port: int, postgres: int, token: str) -> None:
        self._process, self._postgres = process, postgres
        self._client: dict[str, Any] = {
            "base_url": f"http://127.0.0.1:{port}",
            "headers": {"Authorization": f"Bearer {token}"},
            "timeout": 120,
        }

    async def record(self, writers: Sequence[Writer], clients: int, seconds: float) -> Costs:
        """Record claims, of each writer in turn, by so many clients at once, for so long; one each."""
        times: list[float] = []
        turns = itertools.cycle(writers)
        until = time.monotonic() + seconds

        async def run(client: httpx.AsyncClient) -> None:
            while True:
                body = {"query": MUTATION, "variables": {"input": spell_input(next(turns).make())}}
                begun = time.perf_counter()
                answer = (await client.post("/graphql", json=body)).json()
                times.append(1000 * (time.perf_counter() - begun))
                assert answer["data"]["recordClaim"]["__typename"] == "ClaimPayload", answer
                if time.monotonic() >= until:
                    return

        async with httpx.AsyncClient(**self._client) as client:
            begun = time.perf_counter()
            server, postgres = cpu_seconds(self._process), postgres_seconds(self._postgres)
            await asyncio.gather(*(run(client) for _ in range(clients)))
            elapsed = time.perf_counter() - begun
            server = cpu_seconds(self._process) - server
            spent = postgres_seconds(self._postgres).since(postgres)
        writes = len(times)
        return Costs(
            writes,
            writes / elapsed,
            statistics.median(times),
            max(times) if writes < 2 else statistics.quantiles(times, n=100, method="inclusive")[98],
            1000 * server / writes,
            a_write(spent, writes),
        )
