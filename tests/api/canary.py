"""What an outsider can get of protected agents: `python -m tests.api.canary --queries 500`.

A canary is put wherever something of a protected agent can stand: its name, aliases, description and Wikidata
id, those of who is merged into it, explanations, the images and reasons of the log, and the words of sources
and claims that are restricted. Then queries are asked as
a READER and without a token, those that somebody wrote for the compiler and as many generated ones, and each
byte of the answers is searched, cursors decoded. At last all that the canary stood in is changed in the
tables themselves, and what is restricted deleted: each answer has to be the very same, so that no order,
count or page can depend on it.

Exit status: 0 if nothing was found, 1 if something was.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from hypothesis import HealthCheck, Phase, given, seed, settings

from app.api.execution import Engine
from app.database import Database
from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from app.postgres import start_cluster
from app.services.agents import AgentChanges, amend_agent
from app.services.recomputation import recompute_everything
from app.services.schema import migrate
from app.settings import Settings
from tests.api.schemas import SCHEMA
from tests.compiler.directed import read_queries
from tests.compiler.generated import Values, cases
from tests.compiler.plain import Oracle
from tests.compiler.records import id_of, key_of, record_world
from tests.factories import perform

CANARY = re.compile(rb"canarybird|8675309", re.IGNORECASE)
CURSOR = re.compile(rb"[A-Z]+\.[0-9a-f-]{36}\.([A-Za-z0-9_-]+)")

EDITOR = Viewer(key_of("researcher", "ada"), Role.ADMIN)
INSIDER = Viewer(key_of("researcher", "noor"), Role.RESEARCHER)
OUTSIDERS = (Viewer(key_of("researcher", "reader"), Role.READER), Viewer(NOBODY, Role.READER))

# Agents that speak, publish, pass on, are parts and have parts, and who is merged into one of them.
PROTECTED = ("dod_triplet", "dod_twin", "dod", "esper", "spokesman", "reuters", "iran", "militia", "blogger")

QUESTIONS = """
query Canary($text: String!, $near: String!, $cursor: String!) {
  search(text: $text) { totalCount edges { cursor } }
  near: search(text: $near) { totalCount edges { cursor } }
  agents(filter: {text: $text}) { totalCount edges { node { name } } }
  not: agents(filter: {not: {text: $text}}) { totalCount }
  past: agents(first: 3, after: $cursor, orderBy: {field: NAME}) { edges { cursor } }
  ordered: agents(first: 50, orderBy: {field: NAME}) { edges { cursor node { id name } } }
}
"""
EVERYTHING = """
query Everything($id: ID!) {
  agent(id: $id) {
    name aliases description wikidataId partOf { name } mergedInto { name } party { id name }
    history { edges { node { reason before after } } }
    parts { edges { node { name } } }
    claims(first: 20) { edges { node { corroboration { explanation weakestLinks { __typename } } } } }
  }
}
"""

# As nobody can do it through Sayso: past the log, and without a new version.
CHANGE_ALL = """
SET session_replication_role = replica;
UPDATE agent SET name = 'Zugvogel ' || md5(id::text), aliases = ARRAY['Star', 'Amsel'], description = NULL,
    wikidata_id = NULL, part_of = NULL, party = id, merged_into = NULL WHERE protected;
UPDATE agent SET pseudonym = 'Another.' WHERE NOT protected AND pseudonym IS NOT NULL;
UPDATE corroboration SET explanation = 'Another.' WHERE outside_explanation IS NOT NULL;
UPDATE corroboration SET lines = '{}' WHERE outside_lines IS NOT NULL;
UPDATE corroboration SET weakest_links = '[]' WHERE outside_weakest_links IS NOT NULL;
UPDATE revision SET reason = 'Another.', before = '{}', after = NULL;
DELETE FROM assessment USING claim WHERE claim.hidden AND claim.id IN (assessment.claim, evidence_claim);
DELETE FROM assessment USING source WHERE source.hidden AND source.id = evidence_source;
DELETE FROM attribution USING claim WHERE claim.hidden AND claim.id = attribution.claim;
DELETE FROM status_change USING claim WHERE claim.hidden AND claim.id = status_change.claim;
DELETE FROM corroboration WHERE hidden;
DELETE FROM revision USING claim WHERE claim.hidden AND claim.id = subject;
DELETE FROM revision USING source WHERE source.hidden AND source.id = subject;
DELETE FROM claim WHERE hidden;
DELETE FROM source WHERE hidden;
"""

# Every third of the claims and every fifth of the items, of which a source is a version.
RESTRICT = """
WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM source WHERE revises IS NULL)
UPDATE source SET restricted = true, title = 'Canarybird ' || source.title, byline = 'by a canarybird',
    note = 'The canarybird.', url = 'https://canarybird.example/' || source.id, version = source.version + 1
FROM numbered JOIN source item ON item.id = numbered.id
WHERE number % 5 = 0 AND source.newest_version = item.newest_version;
WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM claim)
UPDATE claim SET restricted = true, version = version + 1 FROM numbered
WHERE numbered.id = claim.id AND number % 3 = 0;
UPDATE claim SET statement = 'Canarybird says so: ' || statement, quote_prefix = 'the canarybird',
    note = 'The canarybird.', version = version + 1
WHERE hidden;
UPDATE attribution SET cue = 'sang the canarybird' FROM claim
WHERE claim.id = attribution.claim AND claim.hidden;
UPDATE assessment SET rationale = 'The canarybird.', version = assessment.version + 1
FROM claim WHERE claim.hidden AND claim.id IN (assessment.claim, evidence_claim);
"""

Asked = tuple[str, dict[str, Any], str | None]
Run = Callable[[str, int], Coroutine[Any, Any, list[str]]]


@dataclass
class Aviary:
    """A database with the canary in it, and what is asked of it."""

    dsn: str
    database: Database
    asked: list[Asked]
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._engine = Engine(SCHEMA, self.database)

    async def ask(self, viewer: Viewer) -> list[bytes]:
        """Every answer, in the order of what is asked."""
        return [
            (await self._engine.execute(query, variables, name, viewer)).body
            for query, variables, name in self.asked
        ]

    async def look(self) -> None:
        """Ask as each outsider, and note in `found` where the canary sings."""
        before = []
        for viewer in OUTSIDERS:
            before = await self.ask(viewer)
            self._note("shown in", [sings(answer) for answer in before])
        connection = await asyncpg.connect(self.dsn)
        await connection.execute(CHANGE_ALL)
        await connection.close()
        after = await self.ask(OUTSIDERS[-1])
        self._note("decides on", [one != other for one, other in zip(before, after, strict=True)])

    def _note(self, what: str, faults: Sequence[bool]) -> None:
        for (query, variables, name), fault in zip(self.asked, faults, strict=True):
            if fault:
                self.found.append(f"{what} the answer to {name} with {variables}:\n{query}")


def sings(answer: bytes) -> bool:
    """Whether the canary stands in an answer, or in a cursor of it.

    >>> sings(b'{"name": "CanaryBird"}'), sings(b'"NAME.016806b6-0a1f-7031-9ee7-3cd4cc8cf330.Y2FuYXJ5YmlyZA"')
    (True, True)
    """
    decoded = [urlsafe_b64decode(key + b"=" * (-len(key) % 4)) for key in CURSOR.findall(answer)]
    return any(CANARY.search(text) for text in (answer, *decoded))


@asynccontextmanager
async def open_aviary(dsn: str, queries: int) -> AsyncIterator[Aviary]:
    """Fill a migrated database, and think of as many generated queries."""
    await record_world(dsn)
    database = await Database.open(dsn, Settings(read_connections=1))
    try:
        connection = await asyncpg.connect(dsn)
        try:
            await plant(database, connection)
        finally:
            await connection.close()
        oracle = await Oracle.open(dsn)
        try:
            generated = draw(oracle, queries)
        finally:
            await oracle.close()
        written = [
            (query.document, variables, query.name)
            for query in read_queries()
            for variables in query.variables
        ]
        canary = {"text": "Canarybird", "near": "Canarybrid", "cursor": cursor_of("canarybird")}
        everything: list[Asked] = [
            (EVERYTHING, {"id": id_of(f"agent_{name}")}, "Everything") for name in PROTECTED
        ]
        yield Aviary(dsn, database, [(QUESTIONS, canary, "Canary"), *everything, *written, *generated])
    finally:
        await database.close()


async def plant(database: Database, connection: asyncpg.Connection) -> None:
    """The canary into all that can be said of each agent, before and after it is protected.

    And into rows that are restricted.
    """
    for number, name in enumerate(PROTECTED):
        agent = key_of("agent", name)

        async def amend(changes: AgentChanges, agent: Any = agent) -> None:
            rows = await database.fetch_json(
                "SELECT to_json(version)::varchar FROM agent WHERE id = $1", [agent]
            )
            await perform(database, EDITOR, amend_agent, agent, int(rows), changes)

        await amend(
            AgentChanges(
                name=f"Canarybird {number}",
                aliases=(f"The canarybird {number}", f"CANARYBIRD{number}"),
                description=f"Canarybird {number} sings.",
                wikidata_id=f"Q8675309{number}",
            )
        )
        await amend(AgentChanges(protected=True, pseudonym=f"Voice {number}"))
        await amend(AgentChanges(aliases=(f"Canarybirds {number}",)))
    await connection.execute(RESTRICT)
    await recompute_everything(database, check=False)


def cursor_of(name: str) -> str:
    return f"NAME.{key_of('agent', 'dod')}.{urlsafe_b64encode(name.encode()).decode().rstrip('=')}"


def draw(oracle: Oracle, queries: int) -> list[Asked]:
    drawn: list[Asked] = []

    @seed(0)
    @settings(
        max_examples=max(queries, 1),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases(oracle.schema, Values(oracle.rows)))
    def add(case: Any) -> None:
        drawn.append((case.query, case.variables[0], "Generated"))

    add()
    return drawn


@contextmanager
def temporary_database(runner: asyncio.Runner) -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="sayso-canary-") as folder,
        start_cluster(Path(folder), durable=False) as cluster,
    ):
        runner.run(migrate(cluster.dsn()))
        yield cluster.dsn()


async def run(dsn: str, queries: int) -> list[str]:
    async with open_aviary(dsn, queries) as aviary:
        await aviary.look()
        sys.stdout.write(f"{len(aviary.asked)} queries asked, {len(aviary.found)} faults\n")
        return aviary.found


def perform_search(name: str, about: str, run: Run, arguments: list[str] | None) -> int:
    """The command `python -m <name>`, which `about` describes: its exit status. `run` gives what it found."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {name}",
        description=about.split("\n\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--queries", type=int, default=500, help="how many to generate (default: 500)")
    asked = parser.parse_args(arguments)
    with asyncio.Runner() as runner, temporary_database(runner) as dsn:
        found = runner.run(run(dsn, asked.queries))
    for fault in found:
        sys.stdout.write(f"\n--- {fault}\n")
    return 1 if found else 0


def main(arguments: list[str] | None = None) -> int:
    return perform_search("tests.api.canary", __doc__ or "", run, arguments)


if __name__ == "__main__":
    sys.exit(main())
