"""One request in, the bytes of its response out.

A query goes through the compiler: one SQL statement, whose value is the response. A mutation, and a query
that asks about the schema or for suggestions, go through the normal executor; what they show of the data has
been read by the compiler as well (`app/api/schema.py` says how the executor finds it).
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import strawberry
from graphql import GraphQLError

from app.api.context import RequestContext, ask_for, do_nothing, fetch_for
from app.api.documents import Documents, Operation
from app.api.feeds import LOGS, Event, Feed, Group, Review
from app.api.schema import core_schema
from app.compiler import evaluate
from app.database import Asked, Database
from app.errors import DatabaseUnavailable, QueryRefused, QueryTimeout, SaysoError
from app.permissions import Operation as Permitted
from app.permissions import Viewer, permit

log = logging.getLogger(__name__)

INTERNAL_MESSAGE = "Something went wrong on the server. It was logged."


class Response(NamedTuple):
    """The JSON of a response. `executed`: the operation ran; else the request itself was refused.

    `lasts`: the same request has the same answer until something is committed.
    `failed`: it ran and has no data, by no fault of the client's.
    """

    body: bytes
    executed: bool
    lasts: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What an engine holds: documents, how often one was found there and how often not, subscriptions. Events
    that subscribers were told of, and how many subscriptions were ended, by the code of the reason."""

    documents: int
    hits: int
    misses: int
    subscriptions: int
    events: int
    dropped: Mapping[str, int]


class Engine:
    """Answers GraphQL requests against one schema and one database."""

    def __init__(
        self,
        schema: strawberry.Schema,
        database: Database,
        *,
        introspection: bool = True,
        subscribers: int = 2_000,
        accounts_changed: Callable[[], None] = do_nothing,
    ) -> None:
        """`accounts_changed` is called once a mutation of accounts or tokens is committed."""
        self.schema = schema
        self._core = core_schema(schema)
        self._database = database
        self._accounts_changed = accounts_changed
        self._documents = Documents(self._core, introspection=introspection)
        self._feeds = {name: Feed(database, log, most=subscribers) for name, log in LOGS.items()}

    def use(self) -> Use:
        kept = self._documents.kept
        feeds = self._feeds.values()
        dropped: Counter[str] = sum((feed.dropped for feed in feeds), Counter())
        subscriptions, events = sum(map(len, feeds)), sum(feed.told for feed in feeds)
        return Use(len(kept), kept.hits, kept.misses, subscriptions, events, dropped)

    def operation(self, query: str, operation_name: str | None) -> Operation | Response:
        """The operation a request means, or the response that refuses it."""
        document = self._documents.read(query)
        if document.errors:
            return refusal(document.errors)
        try:
            return document.operation(operation_name)
        except GraphQLError as problem:
            return refusal([problem])

    async def execute(
        self,
        query: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        viewer: Viewer,
    ) -> Response:
        operation = self.operation(query, operation_name)
        if isinstance(operation, Response):
            return operation
        return await self.run(operation, query, variables or {}, viewer)

    async def run(
        self, operation: Operation, query: str, variables: Mapping[str, Any], viewer: Viewer
    ) -> Response:
        """Run a query or a mutation of the document `query`."""
        if operation.is_subscription:
            return refusal([GraphQLError("A subscription is no single answer: ask for a stream of events.")])
        if not operation.is_query:
            return await self._run_executor(operation, query, variables, viewer, None)
        coerced = operation.coerce(variables)
        if isinstance(coerced, list):
            return refusal(coerced)
        try:
            permit(viewer, Permitted.READ)
            read = operation.read(coerced)
            if read.introspects:
                return await self._introspect(operation, query, variables, coerced, viewer)
            body = await fetch_for(viewer, self._database, read.statement, coerced)
        except Exception as problem:
            return _explain(problem, "a read failed")
        if not read.executes:
            return Response(body, executed=True, lasts=True)
        return await self._run_executor(operation, query, variables, viewer, json.loads(body)["data"])

    def ask(
        self,
        operation: Operation,
        variables: Mapping[str, Any],
        viewer: Viewer,
        answer: Callable[[Response], None],
    ) -> Response | Asked | None:
        """As `run`, without a task, for a query that one statement answers. None for what only `run` does.

        The response if that is clear at once; else `answer` is called with it later, unless it is given up.
        """
        if not operation.is_query:
            return None
        coerced = operation.coerce(variables)
        if isinstance(coerced, list):
            return refusal(coerced)

        def succeed(body: bytes) -> None:
            answer(Response(body, executed=True, lasts=True))

        def fail(problem: Exception) -> None:
            answer(_explain(problem, "a read failed"))

        try:
            permit(viewer, Permitted.READ)
            read = operation.read(coerced)
            if read.executes:
                kept = operation.answer(coerced) if read.introspects else None
                return None if kept is None else Response(kept, executed=True, lasts=True)
            return ask_for(viewer, self._database, read.statement, coerced, succeed, fail)
        except Exception as problem:
            return _explain(problem, "a read failed")

    async def subscribe(
        self,
        operation: Operation,
        variables: Mapping[str, Any],
        viewer: Viewer,
        *,
        after: str | None = None,
        review: Review | None = None,
    ) -> Response | AsyncGenerator[Event, None]:
        """The events of a subscription, or the response that refuses it.

        `after`: the cursor to go on after, instead of that of the operation's argument. `review` looks at the
        viewer again before each event. The generator raises where it ends; `explain_end` says what is shown.
        """
        coerced = operation.coerce(variables)
        if isinstance(coerced, list):
            return refusal(coerced)
        try:
            permit(viewer, Permitted.READ)
            events = operation.events(coerced)
            cursor = after or (evaluate(events.after, coerced, {}) if events.after else None)
            group = Group(LOGS[events.feed], events.statement, coerced, viewer)
            return await self._feeds[events.feed].subscribe(group, cursor, review)
        except Exception as problem:
            return _explain(problem, "a subscription could not begin")

    async def _introspect(
        self,
        operation: Operation,
        query: str,
        variables: Mapping[str, Any],
        coerced: Mapping[str, Any],
        viewer: Viewer,
    ) -> Response:
        """What a query is answered that asks for the schema alone: to everybody the same, while the server
        runs."""
        kept = operation.answer(coerced)
        if kept is not None:
            return Response(kept, executed=True, lasts=True)
        response = await self._run_executor(operation, query, variables, viewer, {})
        if response.lasts:
            operation.keep_answer(coerced, response.body)
        return response

    async def _run_executor(
        self,
        operation: Operation,
        query: str,
        variables: Mapping[str, Any],
        viewer: Viewer,
        data: dict[str, Any] | None,
    ) -> Response:
        coerced = operation.coerce(variables)
        if isinstance(coerced, list):
            return refusal(coerced)
        result = await self.schema.execute(
            query,
            variable_values=dict(variables),
            context_value=RequestContext(viewer, self._database, self._accounts_changed, operation.document),
            root_value=data,
            operation_name=operation.node.name.value if operation.node.name else None,
        )
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [_shown(error) for error in result.errors]
        body = json.dumps(answer, ensure_ascii=False, default=str).encode()
        return Response(body, executed=True, lasts=operation.is_query and not result.errors)


def as_graphql_error(problem: SaysoError) -> GraphQLError:
    """An expected error as GraphQL shows it: code and hint in its extensions."""
    extensions: dict[str, Any] = {"code": problem.code}
    if problem.hint:
        extensions["hint"] = problem.hint
    if isinstance(problem, QueryRefused) and problem.path:
        extensions["path"] = list(problem.path)
    return GraphQLError(problem.message, extensions=extensions, original_error=problem)


def explain_end(problem: Exception) -> Response:
    """What is shown of that which ended a subscription; what was not expected is logged, and masked."""
    if isinstance(problem, SaysoError):
        return refusal([as_graphql_error(problem)])
    log.error("a subscription failed", exc_info=problem)
    return failure()


def refusal(errors: Sequence[GraphQLError]) -> Response:
    """A request error: nothing was executed, there is no data."""
    shown = [_shown(error) for error in errors]
    return Response(json.dumps({"errors": shown}, ensure_ascii=False).encode(), executed=False)


def failure(problem: SaysoError | None = None) -> Response:
    """The request was fine, and yet there is no data. What was not expected is logged, and masked here."""
    masked = GraphQLError(INTERNAL_MESSAGE, extensions={"code": "INTERNAL"})
    shown = _shown(as_graphql_error(problem) if problem else masked)
    body = json.dumps({"data": None, "errors": [shown]}, ensure_ascii=False).encode()
    return Response(body, executed=True, failed=True)


def _explain(problem: Exception, what: str) -> Response:
    """The response where an operation was ended by this; what was not expected is logged as `what`."""
    if isinstance(problem, QueryTimeout | DatabaseUnavailable):
        return failure(problem)
    if isinstance(problem, SaysoError):
        return refusal([as_graphql_error(problem)])
    log.error(what, exc_info=problem)
    return failure()


def _shown(error: GraphQLError) -> dict[str, Any]:
    """An error as the client sees it; what was not expected is masked."""
    original = error.original_error
    if original is not None and not isinstance(original, SaysoError | GraphQLError):
        log.error("a request failed", exc_info=original)
        masked = GraphQLError(
            INTERNAL_MESSAGE, nodes=error.nodes, path=error.path, extensions={"code": "INTERNAL"}
        )
        return dict(masked.formatted)
    if isinstance(original, SaysoError) and "code" not in (error.extensions or {}):
        coded = as_graphql_error(original)
        error = GraphQLError(error.message, nodes=error.nodes, path=error.path, extensions=coded.extensions)
    return dict(error.formatted)
