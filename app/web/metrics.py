"""What Prometheus reads: how many operations, how long they took, and what the server holds just now.

A request costs one increment, an operation one observation. Everything else is looked up when it is read, out
of what is kept anyway. docs/operations.md lists the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    Histogram,
    ProcessCollector,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from app.api.execution import Engine, Response
from app.database import Database
from app.errors import SettingInvalid
from app.settings import Settings

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds. A small read takes a millisecond; a statement ends after 15 s unless a setting says otherwise.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)
_METHODS = frozenset({"GET", "POST", "HEAD", "OPTIONS"})

answered: Counter[tuple[str, int]] = Counter()
"""HTTP requests of this process by method and status."""


def count_request(method: str, status: int) -> None:
    # A client may make methods up: each would be a series of its own.
    answered[method if method in _METHODS else "other", status] += 1


@contextmanager
def serving_metrics(metrics: Metrics | None, settings: Settings) -> Iterator[None]:
    """Within the block the figures are read at an address of their own, if the settings name one.

    Raises SettingInvalid if it cannot be listened on.
    """
    if metrics is None or settings.metrics is None or settings.metrics == "on":
        yield
        return
    host, _, port = settings.metrics.rpartition(":")
    try:
        server, thread = start_http_server(int(port), host.strip("[]"), metrics.registry)
    except (OSError, OverflowError) as problem:
        raise SettingInvalid(
            f"SAYSO_METRICS: {settings.metrics} cannot be listened on: {problem}."
        ) from problem
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Metrics(Collector):
    """The figures of one server."""

    def __init__(self, engine: Engine, database: Database) -> None:
        self._engine, self._database = engine, database
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "sayso_operation_seconds",
            "GraphQL operations by kind and outcome, in seconds.",
            ["kind", "outcome"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._observed: dict[tuple[str, str], Histogram] = {}
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def note_operation(self, kind: str, response: Response, seconds: float) -> None:
        """`kind`: query or mutation; unknown where the document was refused."""
        outcome = "failed" if response.failed else "answered" if response.executed else "refused"
        series = self._observed.get((kind, outcome))
        if series is None:
            series = self._observed[kind, outcome] = self._seconds.labels(kind, outcome)
        series.observe(seconds)

    def render(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)

    @property
    def registry(self) -> CollectorRegistry:
        return self._registry

    def collect(self) -> Iterator[Metric]:
        """What is looked up when the figures are read; called by the registry."""
        yield InfoMetricFamily("sayso", "This server.", {"version": version("sayso")})
        requests = CounterMetricFamily(
            "sayso_http_requests", "HTTP requests by method and status.", labels=["method", "status"]
        )
        for (method, status), number in list(answered.items()):
            requests.add_metric([method, str(status)], number)
        yield requests
        use = self._database.use()
        connections = GaugeMetricFamily(
            "sayso_connections", "Connections to the database.", labels=["pool", "state"]
        )
        for pool, open_, busy in (
            ("read", use.reads_open, use.reads_busy),
            ("outside", use.outside_open, use.outside_busy),
            ("write", use.writes_open, use.writes_busy),
        ):
            connections.add_metric([pool, "busy"], busy)
            connections.add_metric([pool, "idle"], open_ - busy)
        yield connections
        yield GaugeMetricFamily(
            "sayso_reads_waiting", "Reads that wait for a connection.", value=use.reads_waiting
        )
        yield CounterMetricFamily(
            "sayso_read_statements", "Statements sent to read; several reads may share one.", use.statements
        )
        kept = self._engine.use()
        yield GaugeMetricFamily("sayso_documents_kept", "Documents kept, read and validated.", kept.documents)
        looked_up = CounterMetricFamily(
            "sayso_document_lookups", "Documents looked up among those kept.", labels=["result"]
        )
        looked_up.add_metric(["hit"], kept.hits)
        looked_up.add_metric(["miss"], kept.misses)
        yield looked_up
        yield GaugeMetricFamily("sayso_subscriptions", "Subscriptions under way.", kept.subscriptions)
        yield CounterMetricFamily(
            "sayso_subscription_events", "Events that subscribers were told of.", kept.events
        )
        dropped = CounterMetricFamily(
            "sayso_subscriptions_ended", "Subscriptions that were ended, by the reason.", labels=["code"]
        )
        for code, number in kept.dropped.items():
            dropped.add_metric([code], number)
        yield dropped
