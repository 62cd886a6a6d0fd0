"""`pgbench -M prepared` on Sayso's own statements: what Postgres does without a server before it.

pgbench has no keys of its own to ask for, so a script first takes the parameters of ten requests from a
table, in one row, then runs the ten statements. The time of that first look is taken off again. It takes
part twice: with a client for each connection, and with four at most, where it is the fastest on few cores.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import asyncpg
from graphql import GraphQLSchema

from app.api.documents import Documents
from app.api.schema import build_schema, core_schema
from app.compiler import Statement, compile_read
from app.postgres import find_binary
from app.postgres.programs import clean_environment
from bench.generator import Load
from bench.questions import document

TITLE = "pgbench -M prepared, Sayso's SQL, four clients at most"
TITLE_EACH = "pgbench -M prepared, Sayso's SQL, a client for each connection"
AT_ONCE = 10
MAX_CLIENTS = 4
# For each client: its backend plans each of the ten statements six times before it keeps a plan.
WARM_UP_SECONDS = 0.2
_LATENCY = re.compile(r"^\s+(\d+\.\d+)\s+\d+\s+((?:SELECT|WITH).*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query as Sayso compiles it, and its parameters for each request."""

    statement: Statement
    values: list[list[object]]


@cache
def _schema() -> GraphQLSchema:
    return core_schema(build_schema())


def compile_query(name: str, variables: Sequence[Mapping[str, Any]], viewer: object) -> Compiled:
    """The one statement that answers a measured query for all these variables."""
    return compile_text(document(name), variables, viewer)


def compile_text(text: str, variables: Sequence[Mapping[str, Any]], viewer: object) -> Compiled:
    """The one statement that answers a document for all these variables."""
    schema = _schema()
    operation = Documents(schema, introspection=True).read(text).operation(None)
    statement: Statement | None = None
    shape: object = None
    values = []
    for given in variables:
        coerced = operation.coerce(given)
        assert isinstance(coerced, dict), coerced
        if statement is None:
            statement = compile_read(schema, operation.document, operation.node, coerced).statement
            shape = operation.signature.shape(coerced)
        assert operation.signature.shape(coerced) == shape, "one shape of variables, one statement"
        values.append(statement.bind(coerced, {"viewer": viewer}))
    assert statement is not None
    return Compiled(statement, values)


async def answer(dsn: str, compiled: Compiled, count: int) -> list[Any]:
    """The `data` of the first requests, by the statement that pgbench runs."""
    connection = await asyncpg.connect(dsn, server_settings={"TimeZone": "UTC"})
    try:
        prepared = await connection.prepare(compiled.statement.sql)
        return [json.loads(await prepared.fetchval(*values))["data"] for values in compiled.values[:count]]
    finally:
        await connection.close()


async def store(dsn: str, name: str, compiled: Compiled) -> None:
    """Make the table that a script takes its parameters from, ten requests a row."""
    columns = [f"p{n}_{i}" for n in range(AT_ONCE) for i in range(1, len(compiled.statement.parameters) + 1)]
    rows = [
        [place, *(as_text(value) for values in compiled.values[start : start + AT_ONCE] for value in values)]
        for place, start in enumerate(range(0, len(compiled.values) - AT_ONCE + 1, AT_ONCE), 1)
    ]
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("CREATE SCHEMA IF NOT EXISTS bench")
        await connection.execute(f"DROP TABLE IF EXISTS bench.{name}")
        listed = ", ".join(f"{column} text NOT NULL" for column in columns)
        await connection.execute(f"CREATE TABLE bench.{name} (place integer PRIMARY KEY, {listed})")
        await connection.copy_records_to_table(
            name.lower(), schema_name="bench", records=rows, columns=["place", *columns]
        )
        await connection.execute(f"ANALYZE bench.{name}")
    finally:
        await connection.close()


def as_text(value: object) -> str:
    """A parameter as Postgres reads it from text."""
    if isinstance(value, list):
        return "{" + ",".join(f'"{item}"' for item in value) + "}"
    return str(value)


def write_script(name: str, compiled: Compiled, file: Path) -> None:
    sql = compiled.statement.sql
    # pgbench takes :name for a variable wherever it stands, in a literal too.
    odd = re.search(r"(?<!:):\w", sql)
    if odd:
        raise ValueError(f"pgbench would take this part of {name} for a variable: {sql[odd.start() :][:40]}")
    numbers = range(1, len(compiled.statement.parameters) + 1)
    columns = ", ".join(f"p{n}_{i}" for n in range(AT_ONCE) for i in numbers)
    lines = [
        f"\\set place random(1, {len(compiled.values) // AT_ONCE})",
        f"SELECT {columns} FROM bench.{name} WHERE place = :place \\gset",
        *(re.sub(r"\$(\d+)", rf":p{n}_\1", sql) + ";" for n in range(AT_ONCE)),
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(dsn: str, script: Path, clients: int, seconds: float) -> Load:
    """Blocks for so many seconds and the warm-up before them."""
    warm_up = clients * WARM_UP_SECONDS
    lasting = ceil(seconds + warm_up)
    with tempfile.TemporaryDirectory(prefix="sayso-bench-") as folder:
        done = subprocess.run(
            [
                *(find_binary("pgbench"), "-n", "-M", "prepared", "-r", "-f", script, "-c", str(clients)),
                *("-j1", "-T", str(lasting)),
                *("-l", f"--log-prefix={folder}/log", dsn),
            ],
            capture_output=True,
            text=True,
            env={**clean_environment(), "PGOPTIONS": "-c TimeZone=UTC", "PGAPPNAME": "pgbench"},
        )
        if done.returncode:
            raise RuntimeError(f"pgbench failed: {done.stderr[-2000:]}")
        return _read(folder, done.stdout, warm_up, lasting)


def _read(folder: str, report: str, warm_up: float, lasting: float) -> Load:
    """Requests and latencies out of the log: client, number, µs, script, and when it ended, in s and µs.

    Of ten requests that were begun before the warm-up was over, or ended after the time was, the part counts
    that lies between: with many clients they take as long as a quarter of a turn.
    """
    lines = [line.split() for path in Path(folder).glob("log*") for line in path.read_text().splitlines()]
    ended = [(int(line[4]) + int(line[5]) / 1e6, int(line[2])) for line in lines]
    started = min(end - took / 1e6 for end, took in ended)
    begun, over = started + warm_up, started + lasting
    looked, *asked = [float(latency) for latency, _ in _LATENCY.findall(report)]
    share = sum(asked) / (looked + sum(asked))
    requests = 0.0
    times: Counter[int] = Counter()
    for end, took in ended:
        within = min(end, over) - max(end - took / 1e6, begun)
        if within > 0:
            requests += AT_ONCE * within * 1e6 / took
            times[round(took * share / AT_ONCE)] += AT_ONCE
    return Load(requests=round(requests), microseconds=(over - begun) * 1e6 * share, times=times)
