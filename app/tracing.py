"""Traces by OpenTelemetry: one span an operation, one a statement; off unless its usual variables turn it on.

    OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318  sayso serve

Names, kinds and times are traced, never documents, variables, SQL or what an error says. While it is off,
`tracer` is None, and OpenTelemetry (the extra `otel`) is not imported.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.errors import SettingInvalid

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span, SpanKind, Tracer

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
CARRIED = ("traceparent", "tracestate")

tracer: Tracer | None = None


def is_wanted(environment: Mapping[str, str]) -> bool:
    """Whether the variables say where traces go.

    >>> is_wanted({}), is_wanted({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"})
    (False, True)
    >>> is_wanted({"OTEL_TRACES_EXPORTER": "console"}), is_wanted({"OTEL_TRACES_EXPORTER": "none"})
    (True, False)
    >>> is_wanted({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"})
    False
    """
    exporter = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if exporter == "none" or environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    return bool(exporter) or any(environment.get(name) for name in ENDPOINTS)


@contextmanager
def tracing() -> Iterator[None]:
    """Within the block traces are taken, if the environment says so; at its end what is left is sent.

    Raises SettingInvalid if that is asked for and cannot be done.
    """
    if not is_wanted(os.environ):
        yield
        return
    try:
        exporter = make_exporter(os.environ.get("OTEL_TRACES_EXPORTER", "").strip().lower() or "otlp")
    except ImportError as problem:
        raise SettingInvalid(
            "Traces are asked for by OTEL_..., and OpenTelemetry is not installed.",
            hint="pip install 'sayso[otel]', or OTEL_SDK_DISABLED=true",
        ) from problem
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    with tracing_to(BatchSpanProcessor(exporter)):
        yield


def make_exporter(name: str) -> SpanExporter:
    """`otlp` (over HTTP, as protobuf) or `console`. Raises SettingInvalid, ImportError."""
    if name == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    if name == "otlp":
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter()
    raise SettingInvalid(f"OTEL_TRACES_EXPORTER: {name!r} is neither otlp nor console.")


@contextmanager
def tracing_to(processor: object) -> Iterator[None]:
    """Within the block spans go to a SpanProcessor."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

    global tracer
    assert isinstance(processor, SpanProcessor)
    # Resource.create lets OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say otherwise.
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "sayso"}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("sayso")
    try:
        yield
    finally:
        tracer = None
        provider.shutdown()


@contextmanager
def continued(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[None]:
    """Within the block spans belong to the trace that a request's `traceparent` names."""
    from opentelemetry import context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
    carried = {name: carrier[name] for name in CARRIED if name in carrier}
    token = context.attach(TraceContextTextMapPropagator().extract(carried))
    try:
        yield
    finally:
        context.detach(token)


@contextmanager
def span_of_operation(kind: str, name: str | None) -> Iterator[Callable[[], None]]:
    """A span for an operation of GraphQL; what it gives marks it as failed."""
    from opentelemetry.trace import SpanKind

    attributes = {"graphql.operation.type": kind, "graphql.operation.name": (name or "")[:100]}
    with _span(f"{kind} {(name or '')[:100]}".strip(), SpanKind.SERVER, attributes) as span:
        yield lambda: _fail(span, "failed")


@contextmanager
def span_of_statement(operation: str) -> Iterator[None]:
    """A span for what Postgres is asked; `operation` is SQL's first word."""
    from opentelemetry.trace import SpanKind

    attributes = {"db.system.name": "postgresql", "db.operation.name": operation}
    with _span(operation, SpanKind.CLIENT, attributes):
        yield


@contextmanager
def _span(name: str, kind: SpanKind, attributes: Mapping[str, str]) -> Iterator[Span]:
    assert tracer is not None
    with tracer.start_as_current_span(
        name, kind=kind, attributes=dict(attributes), record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield span
        except Exception as problem:
            _fail(span, type(problem).__name__)
            raise


def _fail(span: Span, kind: str) -> None:
    # The kind alone: what an error says may quote what was recorded.
    from opentelemetry.trace import Status, StatusCode

    span.set_attribute("error.type", kind)
    span.set_status(Status(StatusCode.ERROR))
