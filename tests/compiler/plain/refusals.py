"""What is refused before anything is read: arguments that are well typed and mean nothing.

Every field that is selected is looked at, whether or not there will be a row to ask it of; fields left out by
@skip or @include, or in a fragment that can never apply, are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLString,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_argument_values,
    get_directive_values,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
)
from graphql.execution import VariableValues

from app.domain.identifiers import NodeType, decode_id
from app.domain.vocabulary import Role
from app.permissions import Viewer
from tests.compiler.plain.connections import order_of
from tests.compiler.plain.cursors import MalformedCursor
from tests.compiler.plain.past import can_be_told, is_over

MOST = 100
LONGEST_WORDS = 1_000

_AGENT, _SOURCE, _EVENT = NodeType.AGENT, NodeType.SOURCE, NodeType.EVENT
_QUESTION, _CLAIM, _RESEARCHER = NodeType.QUESTION, NodeType.CLAIM, NodeType.RESEARCHER

# What an id in a filter may name. A party is an agent, or a source whose publisher is not known.
ID_TYPES: dict[str, dict[str, tuple[NodeType, ...]]] = {
    "ClaimFilter": {
        "source": (_SOURCE,),
        "publisher": (_AGENT,),
        "agent": (_AGENT,),
        "party": (_AGENT, _SOURCE),
        "origin": (_AGENT, _SOURCE),
        "question": (_QUESTION,),
        "event": (_EVENT,),
        "assessedBy": (_RESEARCHER,),
    },
    "SourceFilter": {"publisher": (_AGENT,), "party": (_AGENT, _SOURCE)},
    "AgentFilter": {"party": (_AGENT,), "partOf": (_AGENT,)},
    "QuestionFilter": {"event": (_EVENT,)},
    "AssessmentFilter": {
        "claim": (_CLAIM,),
        "evidenceClaim": (_CLAIM,),
        "evidenceSource": (_SOURCE,),
        "recordedBy": (_RESEARCHER,),
    },
}
_RANGES = {"TimeRange": ("from", "to"), "QuantityRange": ("lower", "upper")}


class Refused(Exception):
    """The request is answered with errors and no data."""


class Inspection:
    """Walks one operation, with its variables. `texts` are the words that it searches for, `moments` those
    as of which it asks."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
        viewer: Viewer,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._viewer = viewer
        self.texts: set[str] = set()
        self.moments: set[datetime] = set()
        self._in_past = False

    def inspect(self, operation: OperationDefinitionNode) -> None:
        """Raises Refused, or GraphQLError for an argument that a variable leaves without a value."""
        root = self._schema.query_type
        assert root
        self._inspect_set(operation.selection_set, {root})

    def add_text(self, text: str) -> None:
        if len(text) > LONGEST_WORDS:
            raise Refused(f"At most {LONGEST_WORDS} characters of words.")
        self.texts.add(text)

    def _inspect_set(self, selections: SelectionSetNode, possible: set[GraphQLObjectType]) -> None:
        for node, types in self._fields(selections, possible):
            for type_ in types:
                self._check_told(type_.name, node.name.value)
            for field in {id(type_.fields.get(node.name.value)): type_ for type_ in types}.values():
                self._inspect_field(node, field.fields.get(node.name.value))

    def _check_told(self, type_: str, field: str) -> None:
        if self._in_past and field != "__typename" and not can_be_told(type_, field):
            raise Refused(f"{type_}.{field} cannot be told of the past.")

    def _inspect_field(self, node: FieldNode, field: GraphQLField | None) -> None:
        if field is None:  # __typename, __schema, __type
            return
        arguments = get_argument_values(field, node, self._variables)
        named = get_named_type(field.type)
        moment = arguments.get("asOf")
        if moment is not None:
            if self._viewer.is_outsider:
                raise Refused("The past is not for outsiders.")
            if not is_over(moment):
                raise Refused(f"{moment} is not over.")
            self.moments.add(moment)
            self._in_past = True
            if (arguments.get("orderBy") or {}).get("field", "RECORDED") != "RECORDED":
                raise Refused("The past is in one order.")
        if named.name.endswith("Connection"):
            check_page(named.name, arguments)
        if node.name.value == "nodes" and len(arguments["ids"]) > MOST:
            raise Refused(f"At most {MOST} ids.")
        if node.name.value == "known" and len(arguments["urls"]) > MOST:
            raise Refused(f"At most {MOST} urls.")
        if named.name == "ResearcherConnection" and self._viewer.role != Role.ADMIN:
            raise Refused("Accounts are an ADMIN's to list.")
        if node.name.value == "search":
            self.add_text(arguments["text"])
        for name, argument in field.args.items():
            self._inspect_value(argument.type, arguments.get(name))
        if node.selection_set:
            self._inspect_set(node.selection_set, self._possible(named))
        if moment is not None:
            self._in_past = False

    def _inspect_value(self, type_: GraphQLInputType, value: Any) -> None:
        bare = get_nullable_type(type_)
        if value is None:
            return
        if bare is GraphQLString:
            check_text(value)
        if isinstance(bare, GraphQLList):
            for item in value:
                self._inspect_value(bare.of_type, item)
        elif isinstance(bare, GraphQLInputObjectType):
            if bare.name in _RANGES:
                check_range(value, *_RANGES[bare.name])
            if isinstance(text := value.get("text"), str):
                self.add_text(text)
            for name, types in ID_TYPES.get(bare.name, {}).items():
                check_ids(value.get(name) or [], types)
            if bare.name == "ClaimFilter":
                for name, given in value.items():
                    if given is not None:
                        self._check_told(bare.name, name)
            for name, field in bare.fields.items():
                self._inspect_value(field.type, value.get(name))

    def _fields(
        self, selections: SelectionSetNode, possible: set[GraphQLObjectType]
    ) -> Iterator[tuple[FieldNode, set[GraphQLObjectType]]]:
        """Each selected field with the types it may be asked of."""
        for selection in selections.selections:
            if not self._includes(selection):
                continue
            if isinstance(selection, FieldNode):
                yield selection, possible
                continue
            if isinstance(selection, FragmentSpreadNode):
                fragment: Any = self._fragments[selection.name.value]
            else:
                fragment = selection
            condition = fragment.type_condition
            applied = possible
            if condition:
                applied = possible & self._possible(self._schema.type_map[condition.name.value])
            if applied:
                yield from self._fields(fragment.selection_set, applied)

    def _includes(self, selection: SelectionNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, selection, self._variables)
        include = get_directive_values(GraphQLIncludeDirective, selection, self._variables)
        return not (skip and skip["if"]) and not (include and not include["if"])

    def _possible(self, type_: Any) -> set[GraphQLObjectType]:
        if is_abstract_type(type_):
            abstract: GraphQLAbstractType = type_
            return set(self._schema.get_possible_types(abstract))
        return {type_} if isinstance(type_, GraphQLObjectType) else set()


def check_page(connection: str, arguments: Mapping[str, Any]) -> None:
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise Refused("Either first or last.")
    for size in (first, last):
        if size is not None and not 0 <= size <= MOST:
            raise Refused(f"From 0 to {MOST}: {size}.")
    order, _ = order_of(connection, arguments)
    for name in ("after", "before"):
        if (cursor := arguments.get(name)) is not None:
            try:
                order.place(cursor)
            except MalformedCursor as problem:
                raise Refused(f"{name}: {problem}") from problem


def check_range(asked: Mapping[str, Any], lowest: str, highest: str) -> None:
    """Times run up to, but not at, their end; numbers up to and at it."""
    lower, upper = asked.get(lowest), asked.get(highest)
    if lower is None or upper is None:
        return
    if lower > upper or (lower == upper and lowest == "from"):
        raise Refused(f"{lower} to {upper} is no range.")


def check_text(text: str) -> None:
    """Postgres holds neither the character NUL nor half of a surrogate pair."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Refused(f"{text!r} is not a text that anything recorded can hold.")


def check_ids(ids: list[str], types: tuple[NodeType, ...]) -> None:
    for each in ids:
        decoded = decode_id(each)
        if decoded is None or decoded[0] not in types:
            raise Refused(f"{each!r} is no id of {' or '.join(types)}.")
