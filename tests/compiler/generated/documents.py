"""Whole documents: selections as hypothesis-graphql draws them, with arguments that mean something.

On the way every part of the language is put in somewhere: aliases, the same key twice, `__typename`, named
and inline fragments, @skip and @include, variables for whole arguments and for parts of them, defaults.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLBoolean,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    NamedTypeNode,
    NameNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_composite_type,
    is_required_argument,
    parse_type,
    print_ast,
)
from graphql.utilities import value_to_literal
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from app.domain.identifiers import NodeType
from tests.compiler.generated.values import Strategy, Values

LARGEST_PAGE = 6
# What the pages inside each other may hold together, so that the plain side answers in good time.
LARGEST_PRODUCT = 60
_USUAL_PAGE = 20
LARGEST_GROWTH = 60
# Types that lead to a leaf only through others.
_DISTANCES = {"Agent": 1, "Source": 1, "Claim": 1, "Researcher": 1, "Party": 2, "UnknownPublisher": 3}
_SCALARS = {name: st.just(nodes.String("")) for name in ("DateTime", "Date", "Decimal", "JSON")}


# Lists more often than single nodes: most can be asked of them.
_LISTS = ["claims", "sources", "agents", "questions", "events", "assessments", "search"]
_NODES = ["claim", "source", "agent", "question", "event", "node", "nodes", "viewer", "access"]
_OFTEN = [*_LISTS, *_LISTS, "claims", *_NODES, "claim"]


@dataclass(frozen=True)
class Case:
    """A document and the variables to run it with, one set after the other."""

    query: str
    variables: list[dict[str, Any]]

    def __str__(self) -> str:
        return "\n".join([self.query, *(json.dumps(each, ensure_ascii=False) for each in self.variables)])


@dataclass
class _Writing:
    """A document while it is written."""

    draw: st.DrawFn
    schema: GraphQLSchema
    values: Values
    variables: list[dict[str, Any]] = field(default_factory=lambda: [{}, {}])
    definitions: list[VariableDefinitionNode] = field(default_factory=list)
    fragments: list[FragmentDefinitionNode] = field(default_factory=list)
    aliases: int = 0
    fields: int = 0

    def chance(self, percent: int) -> bool:
        """Shrinks towards False."""
        return self.draw(st.integers(0, 99)) >= 100 - percent

    def dress_set(self, set_: SelectionSetNode, parent: Any, product: int, depth: int) -> SelectionSetNode:
        dressed: list[SelectionNode] = []
        for selection in (*set_.selections, *self.grow(set_, parent, depth)):
            if isinstance(selection, InlineFragmentNode):
                assert selection.type_condition
                inside = self.schema.type_map[selection.type_condition.name.value]
                inner = self.dress_set(selection.selection_set, inside, product, depth)
                dressed.append(
                    InlineFragmentNode(
                        type_condition=selection.type_condition,
                        directives=self.directives(),
                        selection_set=inner,
                    )
                )
            elif isinstance(selection, FieldNode) and selection.name.value != "__typename":
                dressed += self.dress_field(selection, parent, product, depth)
            else:
                dressed.append(selection)
        if self.chance(25):
            alias = self.next_alias() if self.chance(20) else None
            dressed.insert(
                self.draw(st.integers(0, len(dressed))), FieldNode(name=_name("__typename"), alias=alias)
            )
        return SelectionSetNode(selections=tuple(self.fold(dressed, parent)))

    def grow(self, set_: SelectionSetNode, parent: Any, depth: int) -> list[SelectionNode]:
        """More fields than were drawn: what hypothesis-graphql draws of a recursive schema is mostly tiny.

        A composite field comes with nothing selected; it grows in its turn.
        """
        if is_abstract_type(parent):
            return self.grow_conditions(set_, parent)
        present = {node.name.value for node in set_.selections if isinstance(node, FieldNode)}
        known = {name: get_named_type(field.type) for name, field in parent.fields.items()}
        left = {name: target for name, target in known.items() if name not in present}
        if depth == 0 or not left:
            return []
        if parent.name.endswith(("Connection", "Edge")):
            likely = {"edges": 85, "node": 85, "cursor": 40, "totalCount": 40, "pageInfo": 40}
            chosen = [name for name in left if self.chance(likely[name])]
        else:
            leaves = [name for name, target in left.items() if not is_composite_type(target)]
            deeper = [name for name, target in left.items() if is_composite_type(target)]
            most = max(0, 3 - depth // 3) if self.fields < LARGEST_GROWTH else 0
            chosen = self.some_of(leaves, 3) + self.some_of(deeper, most)
        if not chosen and not set_.selections:
            # Leaves, or what is shortest: there must be something.
            chosen = [min(left, key=lambda name: _DISTANCES.get(left[name].name, 0))]
        self.fields += len(chosen)
        nothing = SelectionSetNode(selections=())
        return [
            FieldNode(name=_name(name), selection_set=nothing if is_composite_type(left[name]) else None)
            for name in chosen
        ]

    def grow_conditions(self, set_: SelectionSetNode, parent: Any) -> list[SelectionNode]:
        present = {
            node.type_condition.name.value
            for node in set_.selections
            if isinstance(node, InlineFragmentNode) and node.type_condition
        }
        types = [type_.name for type_ in self.schema.get_possible_types(parent) if type_.name not in present]
        chosen = self.some_of(types, 2) or ([] if set_.selections else types[:1])
        return [
            InlineFragmentNode(
                type_condition=NamedTypeNode(name=_name(name)), selection_set=SelectionSetNode(selections=())
            )
            for name in chosen
        ]

    def some_of(self, names: list[str], most: int) -> list[str]:
        if not names or not most:
            return []
        return self.draw(st.lists(st.sampled_from(names), max_size=most, unique=True))

    def dress_field(self, node: FieldNode, parent: Any, product: int, depth: int) -> list[SelectionNode]:
        definition: GraphQLField = parent.fields[node.name.value]
        target = get_named_type(definition.type)
        arguments, size = self.arguments(definition, product, nodes_wanted(node, target.name))
        alias = node.alias or (self.next_alias() if self.chance(12) else None)
        directives = self.directives()

        def with_children(children: SelectionSetNode | None) -> FieldNode:
            return FieldNode(
                name=node.name,
                alias=alias,
                arguments=arguments,
                directives=directives,
                selection_set=children
                and self.dress_set(children, target, product * max(size, 1), depth + 1),
            )

        if node.selection_set and len(node.selection_set.selections) > 1 and self.chance(12):
            # The same key twice, each time with a part of what is asked of it: the two are merged.
            cut = self.draw(st.integers(1, len(node.selection_set.selections) - 1))
            parts = (node.selection_set.selections[:cut], node.selection_set.selections[cut:])
            return [with_children(SelectionSetNode(selections=part)) for part in parts]
        return [with_children(node.selection_set)]

    def fold(self, selections: list[SelectionNode], parent: Any) -> list[SelectionNode]:
        """Some of the selections inside a fragment of the type they are on anyway."""
        if not self.chance(14):
            return selections
        start = self.draw(st.integers(0, len(selections) - 1))
        end = self.draw(st.integers(start + 1, len(selections)))
        inner = SelectionSetNode(selections=tuple(selections[start:end]))
        condition = NamedTypeNode(name=_name(parent.name))
        folded: SelectionNode
        if self.chance(50):
            name = _name(f"Part{len(self.fragments) + 1}")
            self.fragments.append(
                FragmentDefinitionNode(name=name, type_condition=condition, selection_set=inner)
            )
            folded = FragmentSpreadNode(name=name, directives=self.directives())
        else:
            folded = InlineFragmentNode(
                type_condition=condition if self.chance(50) else None,
                directives=self.directives(),
                selection_set=inner,
            )
        # Spread twice, it asks for the same once.
        again = [folded] if self.chance(20) else []
        return [*selections[:start], folded, *selections[end:], *again]

    def directives(self) -> tuple[DirectiveNode, ...]:
        if not self.chance(8):
            return ()
        kept = not self.chance(30)
        name = self.draw(st.sampled_from(["include", "skip"]))
        wanted = kept == (name == "include")
        value: ValueNode = BooleanValueNode(value=wanted)
        if self.chance(50):
            value = self.variable(GraphQLNonNull(GraphQLBoolean), wanted, st.booleans())
        return (DirectiveNode(name=_name(name), arguments=(ArgumentNode(name=_name("if"), value=value),)),)

    def arguments(
        self, definition: GraphQLField, product: int, wanted: list[NodeType]
    ) -> tuple[tuple[ArgumentNode, ...], int]:
        """Arguments of a field, and how many rows they ask for at most."""
        connection = get_named_type(definition.type).name
        paged = connection.endswith("Connection")
        order = self.draw(self.values.orders(connection)) if paged else None
        largest = max(1, min(LARGEST_PAGE, LARGEST_PRODUCT // product))
        strategies = self.values.arguments(definition, order, largest, wanted)
        chosen = [name for name in strategies if self.is_chosen(name, definition)]
        size = largest
        if paged:
            chosen = [name for name in chosen if name not in ("first", "last")]
            if product == 1 and self.chance(10):
                size = _USUAL_PAGE
            else:
                chosen.append("last" if self.chance(30) else "first")
            if order != "RECORDED" and "orderBy" in definition.args:
                chosen.append("orderBy")
        return (
            tuple(
                self.argument(name, definition.args[name].type, strategies[name])
                for name in dict.fromkeys(chosen)
            ),
            size,
        )

    def is_chosen(self, name: str, definition: GraphQLField) -> bool:
        if is_required_argument(definition.args[name]):
            return True
        return self.chance({"filter": 60, "after": 15, "before": 15}.get(name, 30))

    def argument(self, name: str, type_: GraphQLInputType, strategy: Strategy) -> ArgumentNode:
        value = self.draw(strategy)
        if self.chance(25):
            return ArgumentNode(name=_name(name), value=self.variable(type_, value, strategy))
        return ArgumentNode(name=_name(name), value=self.literal(type_, value, name, ""))

    def literal(self, type_: GraphQLInputType, value: Any, name: str, owner: str) -> ValueNode:
        """The value as it is written in a document, some of its parts as variables."""
        bare = get_nullable_type(type_)
        if isinstance(bare, GraphQLInputObjectType) and isinstance(value, dict):
            return ObjectValueNode(
                fields=tuple(
                    ObjectFieldNode(
                        name=_name(key), value=self.part(bare.fields[key].type, each, key, bare.name)
                    )
                    for key, each in value.items()
                )
            )
        if isinstance(bare, GraphQLList) and isinstance(value, list):
            return ListValueNode(values=tuple(self.part(bare.of_type, each, name, owner) for each in value))
        literal = value_to_literal(value, type_)
        assert literal is not None, (type_, value)
        return literal

    def part(self, type_: GraphQLInputType, value: Any, name: str, owner: str) -> ValueNode:
        if self.chance(8):
            return self.variable(type_, value, self.values.values(type_, name, owner, depth=2))
        return self.literal(type_, value, name, owner)

    def variable(self, type_: GraphQLInputType, value: Any, strategy: Strategy) -> VariableNode:
        """A new variable that has this value in the first set, and another one in the second."""
        name = f"v{len(self.definitions) + 1}"
        bare = get_nullable_type(type_)
        required = isinstance(type_, GraphQLNonNull) or (value is not None and self.chance(15))
        default = value_to_literal(self.draw(strategy), type_) if self.chance(20) else None
        self.definitions.append(
            VariableDefinitionNode(
                variable=VariableNode(name=_name(name)),
                type=parse_type(f"{bare}!" if required else str(bare)),
                default_value=default,
            )
        )
        for variables, given in zip(self.variables, (value, self.draw(strategy)), strict=True):
            left_out = (default is not None or not required) and self.chance(15)
            if not left_out:
                variables[name] = given
        return VariableNode(name=_name(name))

    def next_alias(self) -> NameNode:
        self.aliases += 1
        return _name(f"alias{self.aliases}")


def nodes_wanted(node: FieldNode, type_name: str) -> list[NodeType]:
    """The types of node that are asked for anything, where a field gives nodes by their ids."""
    if type_name in set(NodeType):
        return [NodeType(type_name)]
    selections = node.selection_set.selections if node.selection_set else ()
    conditions = {
        selection.type_condition.name.value
        for selection in selections
        if isinstance(selection, InlineFragmentNode) and selection.type_condition
    }
    return [each for each in NodeType if each in conditions] or list(NodeType)


def _name(value: str) -> NameNode:
    return NameNode(value=value)


def _as_it_is(document: DocumentNode) -> DocumentNode:
    return document


@st.composite
def cases(draw: st.DrawFn, schema: GraphQLSchema, values: Values) -> Case:
    """Documents that are valid but for values that the API refuses, each with two sets of variables."""
    root = schema.query_type
    assert root
    known = [*_OFTEN, *(name for name in root.fields if name not in _OFTEN)]
    fields = tuple(draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True)))
    drawn = draw(queries(schema, fields=fields, custom_scalars=_SCALARS, print_ast=_as_it_is))
    assert isinstance(drawn, DocumentNode)
    (operation,) = drawn.definitions
    assert isinstance(operation, OperationDefinitionNode)
    writing = _Writing(draw, schema, values)
    selections = writing.dress_set(operation.selection_set, root, 1, 0)
    document = DocumentNode(
        definitions=(
            OperationDefinitionNode(
                operation=OperationType.QUERY,
                name=_name("Generated"),
                variable_definitions=tuple(writing.definitions),
                selection_set=selections,
            ),
            *writing.fragments,
        )
    )
    return Case(print_ast(document), writing.variables if writing.definitions else [{}])
