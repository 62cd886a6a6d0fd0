"""From the text of a query to the answer it ought to have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLFieldResolver,
    execute_sync,
    get_operation_ast,
    get_variable_values,
    parse,
    validate,
)

from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from tests.compiler.plain.outside import look_from_outside
from tests.compiler.plain.past import load_past
from tests.compiler.plain.reader import Reader
from tests.compiler.plain.refusals import Inspection, Refused
from tests.compiler.plain.rows import Rows
from tests.compiler.plain.schema import read_schema, resolve_field, resolve_type
from tests.compiler.plain.words import Words

KEPT_DOCUMENTS = 20
ANYBODY = Viewer(NOBODY, Role.READER)


@dataclass(frozen=True)
class Answer:
    """`data` as graphql-core gives it, its keys in order; or why the request is refused."""

    data: dict[str, Any] | None
    refusal: str | None = None


class Oracle:
    """Answers queries about a database that does not change any more. `Oracle.open` reads it."""

    def __init__(self, connection: asyncpg.Connection, rows: Rows) -> None:
        self._connection = connection
        self._words = {outside: Words(connection, outside=outside) for outside in (False, True)}
        self.rows = rows
        self._outside = look_from_outside(rows)
        self._documents: dict[str, DocumentNode] = {}
        self.schema = read_schema()

    @classmethod
    async def open(cls, dsn: str) -> Oracle:
        connection = await asyncpg.connect(dsn, server_settings={"TimeZone": "UTC"})
        return cls(connection, await Rows.load(connection))

    async def close(self) -> None:
        await self._connection.close()

    async def answer(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        operation_name: str | None = None,
        viewer: Viewer = ANYBODY,
        resolve: GraphQLFieldResolver = resolve_field,
    ) -> Answer:
        """The answer; `resolve` may look over the shoulder of the resolver that it stands for."""
        try:
            document = self._read(query)
            texts, moments = self._inspect(document, variables or {}, operation_name, viewer)
        except (GraphQLError, Refused) as problem:
            return Answer(None, str(problem))
        words = self._words[viewer.is_outsider]
        for text in texts:
            await words.look_up(text)
        past = {moment: await load_past(self._connection, moment, self.rows) for moment in moments}
        result = execute_sync(
            self.schema,
            document,
            context_value=Reader(self._seen_by(viewer), words, viewer, past),
            variable_values=dict(variables or {}),
            operation_name=operation_name,
            field_resolver=resolve,
            type_resolver=resolve_type,
        )
        assert isinstance(result, ExecutionResult)
        if result.errors:
            raise result.errors[0]
        return Answer(result.data)

    def _seen_by(self, viewer: Viewer) -> Rows:
        return self._outside if viewer.is_outsider else self.rows

    def _read(self, query: str) -> DocumentNode:
        """A valid document. Those that are long come back often: they are kept."""
        if query not in self._documents:
            document = parse(query)
            if errors := validate(self.schema, document):
                raise errors[0]
            self._documents = {query: document, **dict(list(self._documents.items())[:KEPT_DOCUMENTS])}
        return self._documents[query]

    def _inspect(
        self,
        document: DocumentNode,
        variables: Mapping[str, Any],
        operation_name: str | None,
        viewer: Viewer,
    ) -> tuple[set[str], set[datetime]]:
        """The words that the operation searches for, and the moments that it asks of. Raises what it is
        refused with."""
        operation = get_operation_ast(document, operation_name)
        if operation is None:
            raise Refused("Which operation?")
        values = get_variable_values(self.schema, operation.variable_definitions or (), dict(variables))
        if isinstance(values, list):
            raise values[0]
        fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        inspection = Inspection(self.schema, fragments, values, viewer)
        inspection.inspect(operation)
        return inspection.texts, inspection.moments
