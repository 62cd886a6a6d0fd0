"""The nodes: what is recorded, each with an id of its own."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from app.api.connections import Connection
from app.api.declaring import described, read_field, read_interface, read_type
from app.api.filters import (
    AgentOrder,
    AssessmentFilter,
    ClaimFilter,
    ClaimOrder,
    QuestionFilter,
    RecordOrder,
    SourceFilter,
    SourceOrder,
)
from app.api.parts import Hop, Moment, Quantity, Quote, Retraction, Revision, Withdrawal
from app.domain.vocabulary import (
    AgentKind,
    Basis,
    Polarity,
    QuestionKind,
    QuoteStatus,
    Role,
    SourceKind,
    Stance,
)

if TYPE_CHECKING:
    from app.api.corroboration import Corroboration


@read_interface
class Node:
    """Anything with an id of its own."""

    id: strawberry.ID


@read_type
class Token:
    """What is known of an access token: all but the token itself."""

    id: strawberry.ID
    name: str = described("What it is for.")
    prefix: str = described("Its first letters.")
    role: Role = described("What it allows, as far as its researcher may.")
    created_at: datetime.datetime
    expires_at: datetime.datetime | None = described("Null: it does not expire.")
    last_used_at: datetime.datetime | None = described("A minute old at most.")
    revoked_at: datetime.datetime | None = described("Since then it is not taken.")


@read_type
class Researcher(Node):
    """Somebody who records."""

    name: str
    email: str | None = described("Theirs alone to see, and an ADMIN's; null for anybody else.")
    role: Role
    disabled_at: datetime.datetime | None = described("Since then none of their tokens is taken.")
    recorded_at: datetime.datetime
    version: int

    @read_field
    def tokens(
        self,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Token]:
        """Their access tokens, oldest first: theirs alone to see, and an ADMIN's; none for anybody else."""


@read_type
class Record:
    """What every node carries that somebody recorded."""

    recorded_by: Researcher
    recorded_at: datetime.datetime
    version: int = described("1 when recorded, one more at each amendment.")

    @read_field
    def history(
        self,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Revision]:
        """Every change to it, and to the attribution of a claim, oldest first."""


@read_type
class Agent(Record, Node):
    """Anyone who can say or publish something."""

    kind: AgentKind
    name: str
    aliases: list[str]
    description: str | None
    part_of: Agent | None
    party: Agent = described("Whom the rule counts it as: the root of its partOf chain.")
    merged_into: Agent | None
    wikidata_id: str | None
    protected: bool

    @read_field
    def parts(
        self,
        order_by: AgentOrder | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Agent]:
        """The agents that are directly part of it."""

    @read_field
    def claims(
        self,
        filter: ClaimFilter | None = UNSET,
        order_by: ClaimOrder | None = UNSET,
        include_withdrawn: bool = False,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Claim]:
        """The claims attributed to it, at any hop."""

    @read_field
    def sources(
        self,
        filter: SourceFilter | None = UNSET,
        order_by: SourceOrder | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Source]:
        """The sources it published."""


@read_type
class Source(Record, Node):
    """One version of one citable item: its text, or a citation alone."""

    kind: SourceKind
    publisher: Agent | None = described("Null where the publisher is not known.")
    title: str
    url: str | None
    byline: str | None
    language: str | None = described("A BCP 47 tag.")
    published: Moment | None
    retrieved_at: datetime.datetime | None
    media_type: str | None
    text: str | None = described("The text as it came; null for a citation.")
    text_sha256: str | None = strawberry.field(
        name="textSha256", description="SHA-256 of the text in UTF-8, hexadecimal."
    )
    archive_url: str | None
    reprints: Source | None
    revises: Source | None = described("The earlier version of the same item.")
    revised_by: Source | None = described("The next version of the same item.")
    newest_version: Source
    note: str | None
    restricted: bool = described("Outsiders see nothing of it, in any version: a researcher says so.")
    hidden: bool = described("Outsiders do not see it: it is restricted, or what it revises or reprints is.")

    @read_field
    def claims(
        self,
        filter: ClaimFilter | None = UNSET,
        order_by: ClaimOrder | None = UNSET,
        include_withdrawn: bool = False,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Claim]:
        """The claims found in it."""

    @read_field
    def reprinted_by(
        self,
        order_by: SourceOrder | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Source]:
        """The sources that reprint it."""


@read_type
class Event(Record, Node):
    """What happened, where and when."""

    title: str
    description: str | None
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    place: str | None
    latitude: float | None
    longitude: float | None

    @read_field
    def questions(
        self,
        filter: QuestionFilter | None = UNSET,
        order_by: RecordOrder | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Question]:
        """What is asked about it."""


@read_type
class Question(Record, Node):
    """What several claims answer, so that they can be compared."""

    kind: QuestionKind
    text: str
    event: Event | None
    unit: str | None
    counted: str | None
    merged_into: Question | None

    @read_field
    def claims(
        self,
        filter: ClaimFilter | None = UNSET,
        order_by: ClaimOrder | None = UNSET,
        include_withdrawn: bool = False,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Claim]:
        """The claims that are compared under it, those of questions merged into it included."""


@read_type
class Claim(Record, Node):
    """One statement found in one source."""

    statement: str = described("In the recorder's plain words.")
    quote: Quote
    quote_status: QuoteStatus = described("Where the quote stands in the newest version of the source.")
    source: Source
    question: Question | None
    basis: Basis
    attribution: list[Hop] = described("Whom it passed through, origin first.")
    polarity: Polarity | None
    quantity: Quantity | None
    asserted: Moment | None = described("When it was said, if the source tells.")
    note: str | None
    restricted: bool = described("Outsiders see nothing of it: a researcher says so.")
    hidden: bool = described("Outsiders do not see it: it is restricted, or its source is hidden.")
    corroboration: Annotated[Corroboration, strawberry.lazy("app.api.corroboration")]
    retraction: Retraction | None = described("Its source took it back.")
    withdrawal: Withdrawal | None = described("Its recorder withdrew it: recorded by mistake.")

    @read_field
    def assessments(
        self,
        filter: AssessmentFilter | None = UNSET,
        order_by: RecordOrder | None = UNSET,
        include_withdrawn: bool = False,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Assessment]:
        """What researchers judged of it."""


@read_type
class Assessment(Record, Node):
    """A researcher's recorded judgement on a claim, by one piece of evidence: a claim or a source."""

    claim: Claim
    evidence_claim: Claim | None
    evidence_source: Source | None
    stance: Stance
    rationale: str
    credibility: int | None = described("1 (confirmed) to 6 (cannot be judged), on the Admiralty scale.")
    withdrawal: Withdrawal | None
