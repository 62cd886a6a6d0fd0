"""Documents as they were parsed, validated and compiled, kept for the next request with the same text.

A document that was not seen before costs milliseconds; one that was, a look in a table. One that differs from
it in comments and white space alone is parsed, for the places that its errors name, and shares the rest.

What is kept is bounded in number and in size: the oldest go first, and what is too large to be worth it is
not kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    OverlappingFieldsCanBeMergedRule,
    Token,
    TokenKind,
    ValidationContext,
    parse,
    specified_rules,
    validate,
)

from app.api.signatures import MAX_ERRORS, Signature
from app.compiler import Events, Read, compile_events, compile_read
from app.errors import QueryRefused
from app.kept import Kept

# Reading takes some 10 µs a token and 0.1 µs a character; validation about as long again.
MAX_TOKENS = 5_000
MAX_LENGTH = 200_000  # characters
MAX_OPERATIONS = 100
MAX_FRAGMENTS = 500
MAX_NUMBER_LENGTH = 1_000  # Python reads no integer of more than 4,300 digits
# What graphql-core spends on finding out whether fields can be merged: about two for each pair that is
# compared. Its own limit lets 5 kB of text hold the event loop for seconds.
MERGE_BUDGET = 15_000
MAX_DOCUMENTS = 500
# Characters, of a document and of all that are kept. A parsed document takes some 30 times its text. What is
# known of a document is as long as its tokens.
MAX_KEPT_LENGTH = 50_000
MAX_KEPT_LENGTHS = 4_000_000
MAX_READS = 2_000
MAX_KEPT_SQL = 20_000_000  # characters
# About the schema. That to the query by which clients learn the whole schema has 240 kB.
MAX_ANSWERS = 200
MAX_KEPT_ANSWERS = 5_000_000  # bytes

Place: TypeAlias = tuple[int, str]  # an operation's number, and its variables


@dataclass(slots=True)
class Operation:
    """One operation of a valid document."""

    schema: GraphQLSchema
    document: DocumentNode
    node: OperationDefinitionNode
    signature: Signature
    number: int  # tells it from every other operation whose reads are kept
    reads: Kept[Hashable, Read]
    answers: Kept[Place, bytes]

    @property
    def is_query(self) -> bool:
        return self.node.operation is OperationType.QUERY

    @property
    def is_subscription(self) -> bool:
        return self.node.operation is OperationType.SUBSCRIPTION

    def coerce(self, variables: Mapping[str, Any]) -> dict[str, Any] | list[GraphQLError]:
        """The variables as the schema types them, or what is wrong with them."""
        return self.signature.coerce(variables)

    def read(self, coerced: Mapping[str, Any]) -> Read:
        """The operation compiled for these variables, and for all others of their shape."""
        key = (self.number, self.signature.shape(coerced))
        read = self.reads.get(key)
        if read is None:
            read = compile_read(self.schema, self.document, self.node, coerced)
            self.reads.put(key, read)
        return read

    def answer(self, coerced: Mapping[str, Any]) -> bytes | None:
        """What was answered to these variables, where that depends on nothing else."""
        return self.answers.get(self._place(coerced))

    def keep_answer(self, coerced: Mapping[str, Any], answer: bytes) -> None:
        if self.answer(coerced) is None:
            self.answers.put(self._place(coerced), answer)

    def _place(self, coerced: Mapping[str, Any]) -> Place:
        return self.number, repr(sorted(coerced.items()))

    def events(self, coerced: Mapping[str, Any]) -> Events:
        """The subscription compiled for these variables."""
        return compile_events(self.schema, self.document, self.node, coerced)


@dataclass(slots=True)
class Document:
    """A document with its operations, or with the errors it is refused with."""

    errors: list[GraphQLError]
    operations: dict[str, Operation]

    def operation(self, name: str | None) -> Operation:
        """The operation with this name, or the only one. Raises GraphQLError if that is not clear."""
        if name is not None:
            if name not in self.operations:
                raise GraphQLError(f"The document has no operation named {name!r}.")
            return self.operations[name]
        if len(self.operations) != 1:
            raise GraphQLError("The document has several operations: give operationName.")
        return next(iter(self.operations.values()))


class MergeRule(OverlappingFieldsCanBeMergedRule):
    """The rule of the specification, which gives up before it holds the event loop."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = MERGE_BUDGET


RULES = tuple(MergeRule if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules)


def _check_definitions(document: DocumentNode) -> None:
    """Raise GraphQLError for more operations or fragments than are validated in a moment."""
    fragments = sum(isinstance(each, FragmentDefinitionNode) for each in document.definitions)
    for number, limit, what in (
        (len(document.definitions) - fragments, MAX_OPERATIONS, "operations"),
        (fragments, MAX_FRAGMENTS, "fragments"),
    ):
        if number > limit:
            raise _refuse(f"A document has at most {limit:,} {what}; this one has {number:,}.")


def _refuse(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": QueryRefused.code})


def _check_numbers(document: DocumentNode) -> None:
    """Raise GraphQLError for a number that is too long to be read."""
    assert document.loc is not None
    for token in _list_tokens(document):
        if token.kind in (TokenKind.INT, TokenKind.FLOAT) and len(token.value or "") > MAX_NUMBER_LENGTH:
            message = f"A number has at most {MAX_NUMBER_LENGTH:,} digits."
            raise GraphQLSyntaxError(document.loc.source, token.start, message)


def _list_tokens(document: DocumentNode) -> Iterator[Token]:
    """What the document says: neither comments nor white space."""
    assert document.loc is not None
    token: Token | None = document.loc.start_token
    while token is not None:
        if token.kind is not TokenKind.COMMENT:
            yield token
        token = token.next


class Tokens(NamedTuple):
    """What a document says, whatever comments and white space are in it: its digest, and its characters."""

    digest: bytes
    length: int


def read_tokens(document: DocumentNode) -> Tokens:
    """
    >>> read_tokens(parse("{ viewer { name } }")) == read_tokens(parse("{viewer{name,}} # who"))
    True
    >>> read_tokens(parse('{ node(id: "a b") { id } }')) == read_tokens(parse('{ node(id: "a  b") { id } }'))
    False
    """
    spelled, length = [], 0
    for token in _list_tokens(document):
        # With its length: no value can be taken for the tokens after it.
        value = token.value or ""
        spelled.append(f"{token.kind.value} {len(value)}:{value}")
        length += token.end - token.start
    return Tokens(hashlib.sha256("".join(spelled).encode("utf-8", "surrogatepass")).digest(), length)


def _limit(error: GraphQLError) -> GraphQLError:
    """The error, or what a client can do about it where graphql-core says only that it gave up."""
    if error.message != "Validation aborted.":
        return error
    return GraphQLError(
        "The document is too complex: too many fields of one name, or fragments, have to be compared.",
        extensions={"code": QueryRefused.code, "hint": "Ask for each field once, with fewer fragments."},
    )


class Documents:
    """Reads documents against one schema and keeps them."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool) -> None:
        self._schema = schema
        # Who may not ask what there is is not told by errors either.
        self._secretive = not introspection
        # One tuple for all requests: a new list of rules would defeat every cache behind it.
        self._rules = RULES if introspection else (*RULES, NoSchemaIntrospectionCustomRule)
        self._kept: Kept[str, Document] = Kept(MAX_DOCUMENTS, MAX_KEPT_LENGTHS, lambda text, _: len(text))
        # One table for all operations: a document may hold a thousand. A shape is as large as its variables.
        self._reads: Kept[Hashable, Read] = Kept(
            MAX_READS, MAX_KEPT_SQL, lambda key, read: len(read.statement.sql) + len(repr(key))
        )
        self._answers: Kept[Place, bytes] = Kept(
            MAX_ANSWERS, MAX_KEPT_ANSWERS, lambda place, answer: len(place[1]) + len(answer)
        )
        self._numbers = count()
        # Of valid documents: the number of each operation, by its name.
        self._known: Kept[bytes, dict[str, int]] = Kept(MAX_DOCUMENTS, MAX_READS, lambda _, known: len(known))

    @property
    def kept(self) -> Kept[str, Document]:
        return self._kept

    def read(self, text: str) -> Document:
        if len(text) > MAX_KEPT_LENGTH:
            return self._read(text)
        document = self._kept.get(text)
        if document is None:
            document = self._read(text)
            self._kept.put(text, document)
        return document

    def _read(self, text: str) -> Document:
        try:
            if len(text) > MAX_LENGTH:
                raise _refuse(f"A document has at most {MAX_LENGTH:,} characters: use variables for values.")
            node = parse(text, max_tokens=MAX_TOKENS)
            _check_definitions(node)
            _check_numbers(node)
        except GraphQLError as problem:
            return Document([problem], {})
        tokens = read_tokens(node)
        numbers = self._known.get(tokens.digest)
        if numbers is None:
            errors = validate(
                self._schema, node, self._rules, max_errors=MAX_ERRORS, hide_suggestions=self._secretive
            )
            if errors:
                return Document([_limit(error) for error in errors], {})
            numbers = {_name(operation): next(self._numbers) for operation in _list_operations(node)}
            if tokens.length <= MAX_KEPT_LENGTH:
                self._known.put(tokens.digest, numbers)
        return Document([], dict(self._make_operations(node, numbers, kept=tokens.length <= MAX_KEPT_LENGTH)))

    def _make_operations(
        self, document: DocumentNode, numbers: Mapping[str, int], *, kept: bool
    ) -> Iterator[tuple[str, Operation]]:
        reads = self._reads if kept else Kept[Hashable, Read](0, 0, lambda _, __: 0)
        answers = self._answers if kept else Kept[Place, bytes](0, 0, lambda _, __: 0)
        for node in _list_operations(document):
            signature = Signature(self._schema, node, hide_suggestions=self._secretive)
            number = numbers[_name(node)]
            yield _name(node), Operation(self._schema, document, node, signature, number, reads, answers)


def _list_operations(document: DocumentNode) -> Iterator[OperationDefinitionNode]:
    return (each for each in document.definitions if isinstance(each, OperationDefinitionNode))


def _name(operation: OperationDefinitionNode) -> str:
    return operation.name.value if operation.name else ""
