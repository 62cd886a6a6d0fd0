"""Fill a migrated, empty database with made-up records, the same for the same seed, by COPY.

For 1,000,000 claims: 200,000 sources, 1.5 million hops, 1,000,000 assessments, 20,000 agents, and 20,000
questions of 50 claims. The shape is that of news: a few governments and agencies are in most chains, most
claims are about figures, most sources have a publisher. Corroboration rows have figures of the right size;
they are made up too, so `sayso recompute --check` finds differences in such a database.

    python -m bench.load --dsn postgresql://… --claims 1000000
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from rich.progress import Progress

EPOCH = datetime(2019, 1, 1, tzinfo=UTC)
EPOCH_MS = int(EPOCH.timestamp() * 1000)
CLAIMS_PER_SOURCE = 5
CLAIMS_PER_QUESTION = 50
CLAIMS_PER_AGENT = 50
ROOTS = 200  # agents that are part of no other
OUTLETS = 2_000  # agents that publish
BATCH = 20_000
WORDS = tuple(
    """
    soldiers fighters people killed injured attack embassy border village convoy strike rocket hospital
    ministry government army police protest bridge station market school water power checkpoint airport
    spokesman said reported claimed denied confirmed at least around nearly more than hundreds dozens
    thousands
    """.split()  # noqa: SIM905 -- a list of one word a line would be no list to read
)


class Kind:
    """What a key is of: it keeps the keys of two tables apart."""

    RESEARCHER, AGENT, SOURCE, EVENT, QUESTION, CLAIM, HOP, ASSESSMENT = range(8)


def key(kind: int, number: int) -> UUID:
    """A UUID of version 7, in order of `number`."""
    milliseconds = EPOCH_MS + number // 50
    low = (number * 0x9E3779B97F4A7C15 + kind) & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (7 << 76) | ((number % 50) << 64) | (2 << 62) | low)


def bounds_of(figure: Decimal, open_ended: bool) -> asyncpg.Range[Decimal]:
    upper = None if open_ended else figure
    return asyncpg.Range(figure, upper, lower_inc=True, upper_inc=not open_ended)


class World:
    """Every record, made as it is asked for. `claims` sets the size of everything else."""

    def __init__(self, claims: int, seed: int) -> None:
        self.seed = seed
        self.claims = claims
        self.sources = max(1, claims // CLAIMS_PER_SOURCE)
        self.questions = max(1, claims // CLAIMS_PER_QUESTION)
        self.events = max(1, self.questions // 10)
        self.agents = max(ROOTS + 1, claims // CLAIMS_PER_AGENT)
        self.researcher = key(Kind.RESEARCHER, 1)

    def draw(self, kind: int, number: int) -> random.Random:
        return random.Random((self.seed << 48) ^ (kind << 40) ^ number)

    def root_of(self, agent: int) -> int:
        return agent if agent < ROOTS else agent % ROOTS

    def speaker(self, draw: random.Random) -> int:
        """Some speak far more often than others."""
        return min(int(draw.paretovariate(0.6)) - 1, self.agents - 1)

    def publisher_of(self, source: int) -> int | None:
        draw = self.draw(Kind.SOURCE, source)
        return None if draw.random() < 0.02 else ROOTS + draw.randrange(min(OUTLETS, self.agents - ROOTS))

    def party_of_publisher(self, source: int) -> UUID:
        publisher = self.publisher_of(source)
        return key(Kind.SOURCE, source) if publisher is None else key(Kind.AGENT, self.root_of(publisher))

    def said(self, draw: random.Random, length: int) -> str:
        return " ".join(draw.choice(WORDS) for _ in range(length))

    # --- rows, in the order of COLUMNS ------------------------------------------------------------

    def researcher_rows(self) -> Iterator[tuple[Any, ...]]:
        yield (self.researcher, "bench", "ADMIN")

    def agent_rows(self) -> Iterator[tuple[Any, ...]]:
        for n in range(self.agents):
            root = self.root_of(n)
            part_of = None if root == n else key(Kind.AGENT, root)
            kind = "GOVERNMENT" if part_of is None else "PERSON" if n % 3 else "OUTLET"
            yield (
                key(Kind.AGENT, n),
                self.researcher,
                kind,
                f"agent {n}",
                [f"alias {n}"],
                part_of,
                key(Kind.AGENT, root),
            )

    def event_rows(self) -> Iterator[tuple[Any, ...]]:
        for n in range(self.events):
            yield (key(Kind.EVENT, n), self.researcher, f"event {n}", (EPOCH + timedelta(hours=n)).date())

    def question_rows(self) -> Iterator[tuple[Any, ...]]:
        for n in range(self.questions):
            own = key(Kind.QUESTION, n)
            yield (own, self.researcher, "QUANTITY", f"how many in {n}?", key(Kind.EVENT, n // 10), own)

    def source_rows(self) -> Iterator[tuple[Any, ...]]:
        for n in range(self.sources):
            draw = self.draw(Kind.SOURCE, n)
            publisher = self.publisher_of(n)
            day = EPOCH + timedelta(minutes=n)
            yield (
                key(Kind.SOURCE, n),
                self.researcher,
                "ARTICLE",
                None if publisher is None else key(Kind.AGENT, publisher),
                f"{self.said(draw, 6)} {n}",
                f"https://example.org/{n}",
                draw.choice(("en", "en", "en", "ar", "de", "pt")),
                day.isoformat(),
                asyncpg.Range(day, day, lower_inc=True, upper_inc=True),
                key(Kind.SOURCE, n),
                [self.party_of_publisher(n)],
            )

    def chain_of(self, claim: int) -> list[int]:
        draw = self.draw(Kind.HOP, claim)
        return [self.speaker(draw) for _ in range(1 + (claim % 2))]

    def figure_of(self, claim: int, draw: random.Random) -> tuple[Decimal, bool]:
        """The figure of a claim by its draw, and whether it is said to be at least that."""
        figure = Decimal(20 + claim // CLAIMS_PER_QUESTION % 1000 + draw.randrange(5))
        return figure, draw.random() < 0.3

    def claim_rows(self) -> Iterator[tuple[Any, ...]]:
        for n in range(self.claims):
            draw = self.draw(Kind.CLAIM, n)
            question = n // CLAIMS_PER_QUESTION
            figure, open_ended = self.figure_of(n, draw)
            words = self.said(draw, 8)
            yield (
                key(Kind.CLAIM, n),
                self.researcher,
                key(Kind.SOURCE, n // CLAIMS_PER_SOURCE),
                key(Kind.QUESTION, question),
                "QUANTITY",
                key(Kind.QUESTION, question),
                f"{figure} {words}",
                f"{figure} {words[:40]} {n}",
                "ATTRIBUTED",
                f"at least {figure}" if open_ended else str(figure),
                "AT_LEAST" if open_ended else "EXACT",
                bounds_of(figure, open_ended),
                False,
                EPOCH + timedelta(seconds=n),
            )

    def attribution_rows(self) -> Iterator[tuple[Any, ...]]:
        for n in range(self.claims):
            bounds = bounds_of(*self.figure_of(n, self.draw(Kind.CLAIM, n)))
            for hop, agent in enumerate(self.chain_of(n), 1):
                yield (
                    key(Kind.HOP, 2 * n + hop),
                    key(Kind.CLAIM, n),
                    hop,
                    key(Kind.AGENT, agent),
                    "said in a statement",
                    "INDIRECT",
                    "STATEMENT",
                    self.researcher,
                    bounds,
                )

    def assessment_rows(self) -> Iterator[tuple[Any, ...]]:
        for n in range(self.claims):
            other = key(Kind.CLAIM, (n + 7) % self.claims)
            yield (
                key(Kind.ASSESSMENT, n),
                self.researcher,
                key(Kind.CLAIM, n),
                other,
                ("CONTEXT", "ABSENT")[n % 2],
                "as read",
            )

    def corroboration_rows(self) -> Iterator[tuple[Any, ...]]:
        statuses = ("UNCORROBORATED", "CORROBORATED", "DISPUTED", "CORROBORATED", "OUTDATED", "CONTRADICTED")
        for n in range(self.claims):
            parties = [str(key(Kind.AGENT, self.root_of(agent))) for agent in self.chain_of(n)]
            chain = list(dict.fromkeys([*parties, str(self.party_of_publisher(n // CLAIMS_PER_SOURCE))]))
            status = statuses[(n * 7) % 6]
            lines = 1 + n % 3
            yield (
                key(Kind.CLAIM, n),
                status,
                status != "OUTDATED",
                lines,
                n % 2,
                True,
                lines + n % 20,
                n % 4,
                json.dumps({"FOR": [chain] * lines, "AGAINST": []}),
                json.dumps(chain[:lines]),
                f"{status.capitalize()}: {lines} independent lines in {lines + n % 20} reports.",
                "[]",
                n % 50 == 0,
                1,
                [UUID(party) for party in chain],
                [UUID(chain[0])],
            )


COLUMNS: dict[str, tuple[str, ...]] = {
    "researcher": ("id", "name", "role"),
    "agent": ("id", "recorded_by", "kind", "name", "aliases", "part_of", "party"),
    "event": ("id", "recorded_by", "title", "starts_on"),
    "question": ("id", "recorded_by", "kind", "text", "event", "root"),
    "source": (
        "id",
        "recorded_by",
        "kind",
        "publisher",
        "title",
        "url",
        "language",
        "published_text",
        "published",
        "newest_version",
        "publishers",
    ),
    "claim": (
        "id",
        "recorded_by",
        "source",
        "question",
        "question_kind",
        "question_root",
        "statement",
        "quote_exact",
        "basis",
        "quantity_text",
        "modality",
        "bounds",
        "bounds_given",
        "recorded_at",
    ),
    "attribution": ("id", "claim", "hop", "agent", "cue", "mode", "channel", "recorded_by", "bounds"),
    "assessment": ("id", "recorded_by", "claim", "evidence_claim", "stance", "rationale"),
    "corroboration": (
        "claim",
        "status",
        "live",
        "lines_for",
        "lines_against",
        "lines_exact",
        "reports_for",
        "reports_against",
        "lines",
        "weakest_links",
        "explanation",
        "named",
        "disagreed",
        "rule_version",
        "chain",
        "origins",
    ),
}


async def load(dsn: str, claims: int, seed: int = 1) -> World:
    """Fill the database. Its indexes are dropped first and made again at the end, which is far faster."""
    world = World(claims, seed)
    connection = await asyncpg.connect(dsn)
    try:
        # Triggers and foreign keys would cost more than the rows; what is loaded satisfies them.
        await connection.execute("SET session_replication_role = replica; SET maintenance_work_mem = '1GB'")
        indexes = await connection.fetch(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public'"
            " AND i.tablename = ANY($1) AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint c WHERE c.conindid = ('public.' || i.indexname)::regclass)",
            list(COLUMNS),
        )
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['indexname']}")
        with Progress(transient=True) as progress:
            for table, columns in COLUMNS.items():
                task = progress.add_task(table, total=None)
                for batch in batches(getattr(world, f"{table}_rows")()):
                    await connection.copy_records_to_table(table, records=batch, columns=columns)
                    progress.advance(task, len(batch))
            task = progress.add_task("indexes", total=len(indexes))
            for index in indexes:
                await connection.execute(index["indexdef"])
                progress.advance(task)
        await connection.execute("RESET session_replication_role")
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()
    return world


def batches(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    iterator = iter(rows)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.load", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--dsn", required=True, help="a migrated, empty database")
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    started = time.monotonic()
    asyncio.run(load(arguments.dsn, arguments.claims, arguments.seed))
    print(f"{arguments.claims:,} claims in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
