"""What is traced, and what never is."""

from __future__ import annotations

import subprocess
import sys

import asyncpg
import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app import tracing
from app.api.execution import Engine
from app.database import Database
from app.errors import SettingInvalid
from app.permissions import Viewer
from app.settings import Settings
from app.web import create_app
from tests.api.schemas import SCHEMA

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
RECORD = """mutation Record($input: RecordAgentInput!) {
    recordAgent(input: $input) { ... on AgentPayload { agent { id } } ... on Error { code } }
}"""


async def trace(dsn: str, viewer: Viewer, settings: Settings, **body: object) -> list[ReadableSpan]:
    """The spans of one request, in the order in which they ended."""
    kept = InMemorySpanExporter()

    async def provide(_scope: object) -> Viewer:
        return viewer

    with tracing.tracing_to(SimpleSpanProcessor(kept)):
        database = await Database.open(dsn, settings)
        try:
            application = create_app(Engine(SCHEMA, database), database, provide, settings)
            transport = httpx.ASGITransport(application)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                await client.post("/graphql", json=body, headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
        finally:
            await database.close()
        return list(kept.get_finished_spans())


async def test_a_query_is_a_span_with_one_statement_below(
    dsn: str, viewer: Viewer, settings: Settings
) -> None:
    query = 'query Look { search(text: "confidential") { totalCount } }'
    statement, operation = await trace(dsn, viewer, settings, query=query)
    assert (operation.name, statement.name) == ("query Look", "SELECT")
    assert operation.parent is not None
    assert f"{operation.parent.span_id:016x}" == PARENT
    assert {f"{span.context.trace_id:032x}" for span in (statement, operation)} == {TRACE}
    assert statement.parent is not None
    assert statement.parent.span_id == operation.context.span_id
    told = operation.to_json() + statement.to_json()
    assert "confidential" not in told
    assert "FROM" not in told


async def test_a_mutation_has_a_span_for_each_of_its_statements(
    dsn: str, viewer: Viewer, settings: Settings
) -> None:
    variables = {"input": {"kind": "PERSON", "name": "Confidential"}}
    *statements, operation = await trace(dsn, viewer, settings, query=RECORD, variables=variables)
    assert operation.name == "mutation Record"
    assert "INSERT" in [span.name for span in statements]
    assert all(span.parent and span.parent.span_id == operation.context.span_id for span in statements)
    assert all(span.status.is_ok or span.status.is_unset for span in (*statements, operation))
    assert "Confidential" not in "".join(span.to_json() for span in (*statements, operation))


async def test_a_failure_is_marked_by_its_kind_alone(dsn: str, viewer: Viewer, settings: Settings) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("ALTER TABLE researcher RENAME TO hidden")
    await connection.close()
    statement, operation = await trace(dsn, viewer, settings, query="query Lost { viewer { name } }")
    for span in (statement, operation):
        assert not span.status.is_ok
        assert span.attributes is not None
        assert span.attributes["error.type"]
        assert span.events == ()


def test_nothing_is_imported_while_it_is_off() -> None:
    code = (
        "import sys, app.cli, app.web, app.tracing; print([n for n in sys.modules if 'opentelemetry' in n])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_variables_turn_it_on_and_say_what_cannot_be(monkeypatch: pytest.MonkeyPatch) -> None:
    with tracing.tracing():
        assert tracing.tracer is None
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "console")
    with tracing.tracing():
        assert tracing.tracer is not None
    assert tracing.tracer is None
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "zipkin")
    with pytest.raises(SettingInvalid, match="zipkin"), tracing.tracing():
        pass
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingInvalid, match="not installed"), tracing.tracing():
        pass
