"""Parameters → the operation they mean. What every transport has in common before anything runs."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from time import perf_counter
from typing import Any, NamedTuple

from app import tracing
from app.api.documents import Operation
from app.api.execution import Engine, Response, as_graphql_error, refusal
from app.api.feeds import Event, Review
from app.database import Asked
from app.errors import SaysoError
from app.permissions import Viewer
from app.web.metrics import Metrics
from app.web.parameters import Parameters
from app.web.persisted import PersistedDocuments
from app.web.refusals import Refusal


class Found(NamedTuple):
    """An operation of a valid document, and what it is to run with."""

    operation: Operation
    query: str
    variables: Mapping[str, Any]

    @property
    def name(self) -> str | None:
        name = self.operation.node.name
        return name.value if name else None


class Operations:
    """Finds operations, by the text of their document or by its id."""

    def __init__(self, engine: Engine, persisted: PersistedDocuments, metrics: Metrics | None = None) -> None:
        self._engine = engine
        self._persisted = persisted
        self._metrics = metrics

    def find(self, parameters: Parameters, viewer: Viewer) -> Found | Response:
        """The operation, or the response that refuses the request. Raises Refusal for what is too deep."""
        begun = perf_counter()
        try:
            found = self._find(parameters, viewer)
        except SaysoError as problem:
            found = refusal([as_graphql_error(problem)])
        except RecursionError:
            raise _too_deep() from None
        if self._metrics is not None and isinstance(found, Response):
            self._metrics.note_operation("unknown", found, perf_counter() - begun)
        return found

    async def run(self, found: Found, viewer: Viewer) -> Response:
        """The response to a query or a mutation. Raises Refusal for what is too deep."""
        begun = perf_counter()
        try:
            if tracing.tracer is None:
                response = await self._engine.run(found.operation, found.query, found.variables, viewer)
            else:
                response = await self._run_traced(found, viewer)
        except RecursionError:
            raise _too_deep() from None
        if self._metrics is not None:
            kind = found.operation.node.operation.value
            self._metrics.note_operation(kind, response, perf_counter() - begun)
        return response

    def ask(
        self, found: Found, viewer: Viewer, answer: Callable[[Response], None]
    ) -> Response | Asked | None:
        """As `run`, without a task: `Engine.ask` says for what. Raises Refusal for what is too deep."""
        if tracing.tracer is not None:
            return None
        begun = perf_counter()

        def note(response: Response) -> None:
            assert self._metrics is not None
            self._metrics.note_operation("query", response, perf_counter() - begun)
            answer(response)

        try:
            asked = self._engine.ask(
                found.operation, found.variables, viewer, answer if self._metrics is None else note
            )
        except RecursionError:
            raise _too_deep() from None
        if self._metrics is not None and isinstance(asked, Response):
            self._metrics.note_operation("query", asked, perf_counter() - begun)
        return asked

    async def _run_traced(self, found: Found, viewer: Viewer) -> Response:
        with tracing.span_of_operation(found.operation.node.operation.value, found.name) as fail:
            response = await self._engine.run(found.operation, found.query, found.variables, viewer)
            if response.failed:
                fail()
            return response

    async def subscribe(
        self, found: Found, viewer: Viewer, review: Review, after: str | None = None
    ) -> AsyncGenerator[Event, None] | Response:
        """The events of a subscription, or the response that refuses it. Raises Refusal as `run` does."""
        try:
            return await self._engine.subscribe(
                found.operation, found.variables, viewer, after=after, review=review
            )
        except RecursionError:
            raise _too_deep() from None

    def _find(self, parameters: Parameters, viewer: Viewer) -> Found | Response:
        query = self._persisted.find(parameters, viewer)
        operation = self._engine.operation(query, parameters.operation_name)
        if isinstance(operation, Response):
            return operation
        if parameters.sha256 is not None:
            self._persisted.register(parameters, viewer)
        return Found(operation, query, parameters.variables)


def _too_deep() -> Refusal:
    return Refusal(400, "The document or its variables are nested too deeply.")
