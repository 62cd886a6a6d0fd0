"""Values of arguments, as a client would send them in JSON: of what is recorded, sometimes of what is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    get_named_type,
)
from hypothesis import strategies as st

from app.domain.identifiers import NodeType, encode_id
from tests.compiler.plain.comparison import OriginPositions, first_of, parties_of
from tests.compiler.plain.connections import ORDERS, Found, read_rank
from tests.compiler.plain.cursors import encode_cursor
from tests.compiler.plain.refusals import ID_TYPES
from tests.compiler.plain.rows import Rows, Stretch

Strategy = st.SearchStrategy[Any]

DEEPEST_FILTER = 2
_BAD_IDS = (
    "",
    "claim_7",
    "claim_00000000-0000-0000-0000-000000000000",
    "CLAIM_00000000-0000-0000-0000-000000000000",
    "revision_1",
    "nobody",
)
_BAD_CURSORS = (
    "",
    "=",
    "RECORDED",
    "RECORDED.",
    "RECORDED|00000000-0000-0000-0000-000000000000",
    encode_cursor("RECORDED", "0"),
    encode_cursor("NAME", "x", "y"),
)
# Of a list in which nothing is recorded.
_NO_ROW = encode_cursor("RECORDED", str(UUID(int=0)))
_PHRASES = (
    "killed",
    "killed dozens",
    "dozens OR embassy",
    "-killed fighters",
    '"hundreds more troops"',
    "baghdad",
    "bagdat",
    "KATA'IB",
    "munchen",
    "كتائب",
    "750人",
    "iran",
    "",
    "%",
    "'; --",
)
_LANGUAGES = ("en", "de", "pt-BR", "EN", "tr", "xx")


def rarely(usual: Strategy, other: Strategy, share: int = 6) -> Strategy:
    """`other` in so many of a hundred."""
    return st.integers(0, 99).flatmap(lambda number: other if number >= 100 - share else usual)


def subsets(items: Sequence[str], most: int) -> Strategy:
    """Some of the items; none at all only rarely."""
    some = st.lists(st.sampled_from(items), min_size=1, max_size=most, unique=True)
    return rarely(some, st.just([]))


class Values:
    """Strategies for every input of the schema, with what a database holds to draw from."""

    def __init__(self, rows: Rows) -> None:
        self._ids = {
            node: [encode_id(node, key) for key in table]
            for node, table in (
                (NodeType.AGENT, rows.agents),
                (NodeType.SOURCE, rows.sources),
                (NodeType.EVENT, rows.events),
                (NodeType.QUESTION, rows.questions),
                (NodeType.CLAIM, rows.claims),
                (NodeType.ASSESSMENT, rows.assessments),
                (NodeType.RESEARCHER, rows.researchers),
            )
        }
        self._cursors = {
            (connection, order.name): sorted(order.cursor(row) for row in _listed(rows, connection))
            or [_NO_ROW]
            for connection, orders in ORDERS.items()
            for order in orders.values()
        }
        self._times = sorted(set(_times_of(rows)))
        self._numbers = sorted(
            {str(end) for claim in rows.claims.values() if claim.bounds for end in _ends_of(claim.bounds)}
        )
        self._dates = sorted({str(event.starts_on) for event in rows.events.values() if event.starts_on})
        self._urls = sorted(source.url for source in rows.sources.values() if source.url)

    def ids(self, nodes: Iterable[NodeType]) -> Strategy:
        right = st.one_of(*(st.sampled_from(self._ids[node]) for node in nodes))
        anything = st.sampled_from([*_BAD_IDS, *(ids[0] for ids in self._ids.values())])
        return rarely(right, st.one_of(anything, st.text(max_size=8).filter(is_text)), share=2)

    def cursors(self, connection: str, order: str) -> Strategy:
        others = [ids[0] for (name, _), ids in self._cursors.items() if name == connection]
        wrong = st.sampled_from([*_BAD_CURSORS, *others])
        return rarely(st.sampled_from(self._cursors[connection, order]), wrong, share=2)

    def orders(self, connection: str) -> Strategy:
        """Names of the orders that a list may be asked for in."""
        return st.sampled_from(sorted(ORDERS[connection], key=lambda name: name != "RECORDED"))

    def arguments(
        self, field: GraphQLField, order: str | None, largest: int, nodes: Sequence[NodeType]
    ) -> dict[str, Strategy]:
        """A strategy for each argument of a field.

        Cursors are of the `order`, which `orderBy` keeps; ids of one node or of several are of these `nodes`.
        """
        connection = get_named_type(field.type).name
        strategies = {}
        for name, argument in field.args.items():
            if name in ("first", "last"):
                strategies[name] = rarely(st.integers(0, largest), st.sampled_from([-1, 101]), share=1)
            elif name == "id":
                strategies[name] = self.ids(nodes)
            elif name == "question":
                strategies[name] = self.ids([NodeType.QUESTION])
            elif name == "ids":
                strategies[name] = st.lists(self.ids(nodes), max_size=5)
            elif name in ("after", "before") and order:
                strategies[name] = self.cursors(connection, order)
            elif name == "orderBy" and order:
                strategies[name] = self._order_by(order)
            else:
                strategies[name] = self.values(argument.type, name)
        return strategies

    def _order_by(self, order: str) -> Strategy:
        directed = st.fixed_dictionaries(
            {"field": st.just(order)}, optional={"direction": st.sampled_from(["DESC", "ASC"])}
        )
        # The usual order may as well be left unsaid.
        return st.one_of(directed, st.just({"direction": "DESC"})) if order == "RECORDED" else directed

    def values(self, type_: GraphQLInputType, name: str, owner: str = "", depth: int = 0) -> Strategy:
        """Values of a type, for the argument or the field `name` of the input object `owner`."""
        if isinstance(type_, GraphQLNonNull):
            return self._values(type_.of_type, name, owner, depth)
        return rarely(self._values(type_, name, owner, depth), st.none(), share=3)

    def _values(self, type_: GraphQLInputType, name: str, owner: str, depth: int) -> Strategy:
        if isinstance(type_, GraphQLList):
            return st.lists(self.values(type_.of_type, name, owner, depth), max_size=3)
        if isinstance(type_, GraphQLEnumType):
            return st.sampled_from(list(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            return self._objects(type_, depth)
        assert isinstance(type_, GraphQLScalarType)
        match type_.name:
            case "ID":
                return self.ids(ID_TYPES.get(owner, {}).get(name, tuple(NodeType)))
            case "Boolean":
                return st.booleans()
            case "DateTime":
                return st.sampled_from(self._times)
            case "Date":
                return st.sampled_from([*self._dates, "2019-12-30", "2024-02-29"])
            case "Decimal":
                return st.one_of(
                    st.sampled_from(self._numbers), st.integers(-3, 60), st.sampled_from(["25.5", 0.5, "1E1"])
                )
            case _:
                return self._strings(name)

    def _strings(self, name: str) -> Strategy:
        known = {"language": _LANGUAGES, "url": (*self._urls, "https://example.org/none")}
        odd = st.text(max_size=12).filter(is_text)
        return rarely(st.sampled_from(known.get(name, _PHRASES)), odd)

    def _objects(self, type_: GraphQLInputObjectType, depth: int) -> Strategy:
        if type_.name == "TimeRange":
            return _ranges("from", "to", self._times, _instant)
        if type_.name == "QuantityRange":
            return _ranges("lower", "upper", [*self._numbers, *map(str, range(0, 60, 3))], float)
        names = [name for name in type_.fields if depth < DEEPEST_FILTER or name not in ("and", "or", "not")]
        return subsets(names, 3).flatmap(
            lambda chosen: st.fixed_dictionaries(
                {name: self.values(type_.fields[name].type, name, type_.name, depth + 1) for name in chosen}
            )
        )


def is_text(text: str) -> bool:
    return "\0" not in text


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _ranges(lower: str, upper: str, ends: Sequence[str], key: Any) -> Strategy:
    """Ranges the right way round, with either end open at times; some the wrong way round."""

    def order(pair: list[str]) -> dict[str, str]:
        return dict(zip((lower, upper), sorted(pair, key=key), strict=True))

    pairs = st.lists(st.sampled_from(ends), min_size=2, max_size=2, unique_by=key).map(order)
    one_sided = st.tuples(st.sampled_from([lower, upper]), st.sampled_from(ends)).map(
        lambda pair: dict([pair])
    )
    usual = st.one_of(pairs, one_sided, st.sampled_from([{}, {lower: None}]))
    return rarely(usual, pairs.map(lambda pair: {lower: pair[upper], upper: pair[lower]}), share=1)


def _listed(rows: Rows, connection: str) -> Iterable[Any]:
    tables: dict[str, Iterable[Any]] = {
        "ClaimConnection": rows.claims.values(),
        "SourceConnection": rows.sources.values(),
        "AgentConnection": rows.agents.values(),
        "EventConnection": rows.events.values(),
        "QuestionConnection": rows.questions.values(),
        "AssessmentConnection": rows.assessments.values(),
        "ResearcherConnection": rows.researchers.values(),
        "TokenConnection": rows.tokens.values(),
        "RevisionConnection": rows.revisions.values(),
        "StatusChangeConnection": (row for changes in rows.changes_of.values() for row in changes),
        "EvidenceConnection": (row for evidence in rows.evidence_of.values() for row in evidence),
        "OriginPositionsConnection": (
            OriginPositions(party, first_of(party, [said]), [said])
            for said in rows.corroborations.values()
            for party in parties_of(said)
        ),
        "PositionConnection": rows.corroborations.values(),
        "SearchResultConnection": [
            Found(row, rank) for row in rows.claims.values() for rank in map(read_rank, ("0.06079271", "0.1"))
        ],
    }
    return tables[connection]


def _ends_of(stretch: Stretch) -> list[Any]:
    return [end for end in (stretch.lower, stretch.upper) if end is not None]


def _times_of(rows: Rows) -> Iterable[str]:
    """Ends of moments and times of recording, in several spellings."""
    times = [
        *(end for claim in rows.claims.values() if claim.asserted for end in _ends_of(claim.asserted)),
        *(end for row in rows.sources.values() if row.published for end in _ends_of(row.published)),
        *(row.recorded_at for row in rows.claims.values()),
        *(row.recorded_at for row in rows.agents.values()),
        *rows.ended[::3],
        *rows.ended[-1:],
    ]
    spoken = timezone(timedelta(hours=3, minutes=30))
    for number, time in enumerate(sorted(set(times))):
        if number % 3 == 1 and 1 < time.year < 9000:
            yield time.astimezone(spoken).isoformat()
        else:
            yield time.isoformat().replace("+00:00", "Z" if number % 3 else "+00:00")
