"""The closed lists of the domain as GraphQL enums, and those that only the surface has."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import strawberry
from strawberry.types.enum import has_enum_definition

from app.domain import vocabulary

# The domain's lists, and what their terms mean where the name does not say it.
_MEANINGS: Mapping[type[StrEnum], Mapping[str, str]] = {
    vocabulary.AgentKind: {
        "OUTLET": "A newspaper, a broadcaster, a site.",
        "AGENCY": "A news agency.",
        "ACCOUNT": "An account on a platform.",
        "UNNAMED": "Somebody whom the source does not name: 'a security source'.",
    },
    vocabulary.SourceKind: {},
    vocabulary.QuestionKind: {
        "QUANTITY": "An interval of numbers.",
        "YES_NO": "A polarity.",
        "OPEN": "Words, which are not compared.",
    },
    vocabulary.Basis: {
        "ATTRIBUTED": "The source says who said so: there are hops.",
        "FIRSTHAND": "The publisher saw it, or is the speaker.",
        "UNATTRIBUTED": "The source does not say how it knows: a report, never a line.",
    },
    vocabulary.Polarity: {},
    vocabulary.Modality: {
        "EXACT": "'25'.",
        "AT_LEAST": "'at least 25', 'more than 25'.",
        "AT_MOST": "'up to 25', 'fewer than 25'.",
        "APPROXIMATE": "'around 25', 'nearly 25'.",
        "BETWEEN": "'20 to 30'.",
        "VAGUE": "'dozens', 'several'.",
    },
    vocabulary.Mode: {
        "DIRECT": "Quoted.",
        "INDIRECT": "Paraphrased.",
        "MIXED": "Both.",
    },
    vocabulary.Channel: {
        "UNSTATED": "The source does not say.",
    },
    vocabulary.Stance: {
        "SUPPORTS": "It stands for the claim.",
        "CONTRADICTS": "It stands against the claim.",
        "CONTEXT": "It belongs to the claim, and decides nothing.",
        "ABSENT": "It is cited for what the claim says, and says nothing of it; it decides nothing.",
    },
    vocabulary.Side: {},
    vocabulary.EvidenceBasis: {
        "COMPARISON": "Two answers to one question were compared.",
        "ASSESSMENT": "A researcher judged so.",
    },
    vocabulary.Status: {
        "UNCORROBORATED": "One independent line for it at most, and none against it.",
        "CORROBORATED": "Two lines for it, or more, and none against it.",
        "DISPUTED": "One line against it, or more where two or more are for it.",
        "CONTRADICTED": "Two lines against it, or more, and one for it at most.",
        "OUTDATED": "Those whom it comes from said otherwise later.",
        "RETRACTED": "Its source took it back.",
    },
    vocabulary.QuoteStatus: {
        "PRESENT": "Where it was found.",
        "MOVED": "At another place.",
        "ORPHANED": "Nowhere any more.",
        "UNCHECKED": "The text is not stored.",
    },
    vocabulary.Role: {
        "READER": "Reads, as an outsider.",
        "RESEARCHER": "Records, judges, and withdraws what is theirs.",
        "EDITOR": "Amends, retracts and merges.",
        "ADMIN": "Keeps accounts.",
    },
}
_NAMES: Mapping[type[StrEnum], str] = {vocabulary.Status: "CorroborationStatus"}


def declare_vocabulary() -> None:
    """Make the domain's lists GraphQL enums, before any type that has one is declared.

    Strawberry declares an enum where it first meets it, without what is said of its terms. The docstring of a
    list is its description.
    """
    for terms, meanings in _MEANINGS.items():
        strawberry.enum(terms, name=_NAMES.get(terms), description=terms.__doc__)
        assert has_enum_definition(terms)
        for term in terms.__strawberry_definition__.values:
            term.description = meanings.get(term.name)


@strawberry.enum(description="Which way a list runs.")
class Direction(StrEnum):
    ASC = "ASC"
    DESC = "DESC"


@strawberry.enum(description="What a revision did to a row.")
class RevisionOperation(StrEnum):
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@strawberry.enum(description="RECORDED: when it was recorded. ASSERTED: when it was said; unknown last.")
class ClaimOrderField(StrEnum):
    RECORDED = "RECORDED"
    ASSERTED = "ASSERTED"
    LINES_FOR = "LINES_FOR"
    LINES_AGAINST = "LINES_AGAINST"


@strawberry.enum(
    description="RECORDED: when it was recorded. PUBLISHED: when it was published; unknown last."
)
class SourceOrderField(StrEnum):
    RECORDED = "RECORDED"
    PUBLISHED = "PUBLISHED"


@strawberry.enum(description="RECORDED: when it was recorded. NAME: by name, without regard to case.")
class AgentOrderField(StrEnum):
    RECORDED = "RECORDED"
    NAME = "NAME"


@strawberry.enum(description="RECORDED: when it was recorded.")
class RecordOrderField(StrEnum):
    RECORDED = "RECORDED"


@strawberry.enum(description="RECORDED: when it was recorded. STARTS: when it began; unknown last.")
class EventOrderField(StrEnum):
    RECORDED = "RECORDED"
    STARTS = "STARTS"


@strawberry.enum(description="What a search looks through.")
class SearchType(StrEnum):
    CLAIM = "CLAIM"
    SOURCE = "SOURCE"
    AGENT = "AGENT"
    QUESTION = "QUESTION"
    EVENT = "EVENT"
