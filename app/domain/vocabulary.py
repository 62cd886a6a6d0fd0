"""The closed lists of terms. The same words stand in the database's CHECKs and in the GraphQL enums."""

from __future__ import annotations

from enum import StrEnum


class AgentKind(StrEnum):
    """What an agent is."""

    PERSON = "PERSON"
    ORGANIZATION = "ORGANIZATION"
    GOVERNMENT = "GOVERNMENT"
    ARMED_GROUP = "ARMED_GROUP"
    OUTLET = "OUTLET"
    AGENCY = "AGENCY"
    ACCOUNT = "ACCOUNT"
    UNNAMED = "UNNAMED"


class SourceKind(StrEnum):
    """What a source is."""

    ARTICLE = "ARTICLE"
    STATEMENT = "STATEMENT"
    POST = "POST"
    BROADCAST = "BROADCAST"
    INTERVIEW = "INTERVIEW"
    REPORT = "REPORT"
    VIDEO = "VIDEO"
    IMAGE = "IMAGE"
    DATASET = "DATASET"


class QuestionKind(StrEnum):
    """What answers a question."""

    QUANTITY = "QUANTITY"
    YES_NO = "YES_NO"
    OPEN = "OPEN"


class Basis(StrEnum):
    """How a claim stands in its source: on somebody's word, on the publisher's own, or on nobody's."""

    ATTRIBUTED = "ATTRIBUTED"
    FIRSTHAND = "FIRSTHAND"
    UNATTRIBUTED = "UNATTRIBUTED"


class Polarity(StrEnum):
    """How a claim answers a YES_NO question."""

    ASSERTS = "ASSERTS"
    DENIES = "DENIES"


class Modality(StrEnum):
    """How the words of a quantity bound it."""

    EXACT = "EXACT"
    AT_LEAST = "AT_LEAST"
    AT_MOST = "AT_MOST"
    APPROXIMATE = "APPROXIMATE"
    BETWEEN = "BETWEEN"
    VAGUE = "VAGUE"


class Mode(StrEnum):
    """How a hop's words are given: quoted, paraphrased, or both."""

    DIRECT = "DIRECT"
    INDIRECT = "INDIRECT"
    MIXED = "MIXED"


class Channel(StrEnum):
    """Where a hop's words were said."""

    STATEMENT = "STATEMENT"
    POST = "POST"
    INTERVIEW = "INTERVIEW"
    PRESS_CONFERENCE = "PRESS_CONFERENCE"
    BROADCAST = "BROADCAST"
    DOCUMENT = "DOCUMENT"
    UNSTATED = "UNSTATED"


class Stance(StrEnum):
    """What a piece of evidence does to a claim, as a researcher judges."""

    SUPPORTS = "SUPPORTS"
    CONTRADICTS = "CONTRADICTS"
    CONTEXT = "CONTEXT"
    ABSENT = "ABSENT"


class Side(StrEnum):
    """For a claim, or against it."""

    FOR = "FOR"
    AGAINST = "AGAINST"


class EvidenceBasis(StrEnum):
    """How a piece of evidence came onto its side: by comparing answers, or by a researcher's assessment."""

    COMPARISON = "COMPARISON"
    ASSESSMENT = "ASSESSMENT"


class Status(StrEnum):
    """What the rule makes of a claim."""

    UNCORROBORATED = "UNCORROBORATED"
    CORROBORATED = "CORROBORATED"
    DISPUTED = "DISPUTED"
    CONTRADICTED = "CONTRADICTED"
    OUTDATED = "OUTDATED"
    RETRACTED = "RETRACTED"


class QuoteStatus(StrEnum):
    """Where a quote stands in the newest version of its source."""

    PRESENT = "PRESENT"
    MOVED = "MOVED"
    ORPHANED = "ORPHANED"
    UNCHECKED = "UNCHECKED"


class Role(StrEnum):
    """How much somebody may: each may do what those before it may."""

    READER = "READER"
    RESEARCHER = "RESEARCHER"
    EDITOR = "EDITOR"
    ADMIN = "ADMIN"


class TokenPurpose(StrEnum):
    """What a token is good for: requests, or one sign-in that is exchanged for a token of its own."""

    ACCESS = "ACCESS"
    SIGN_IN = "SIGN_IN"
