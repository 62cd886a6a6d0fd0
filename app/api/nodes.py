"""The nodes, and what the rule makes of claims: types that name each other, and so stand in one file."""

from __future__ import annotations

import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from app.api.connections import Connection
from app.api.declaring import described, read_field, read_type
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
from app.api.parts import Moment, Quantity, Quote
from app.api.records import Node, Record, Retraction, Revision, Withdrawal
from app.domain.vocabulary import (
    AgentKind,
    Basis,
    Channel,
    EvidenceBasis,
    Mode,
    Polarity,
    QuestionKind,
    QuoteStatus,
    Side,
    SourceKind,
    Stance,
    Status,
)


@read_type
class Agent(Record, Node):
    """Anyone who can say or publish something."""

    kind: AgentKind
    name: str
    aliases: list[str] = described("Other names it goes by.")
    description: str | None
    part_of: Agent | None = described("On whose behalf it speaks.")
    party: Agent = described("Whom the rule counts it as: the root of its partOf chain.")
    merged_into: Agent | None = described("The agent that it turned out to be, and stands for.")
    wikidata_id: str | None = described("Of one agent only: Q9682.")
    protected: bool = described("Outsiders are told its pseudonym in place of its name.")
    pseudonym: str | None = described("What outsiders know it by while it is protected.")

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
    retrieved_at: datetime.datetime | None = described("When the text was fetched.")
    media_type: str | None
    text: str | None = described("The text as it came; null for a citation.")
    text_sha256: str | None = strawberry.field(
        name="textSha256", description="SHA-256 of the text in UTF-8, hexadecimal."
    )
    archive_url: str | None = described("Where a copy is kept.")
    reprints: Source | None = described("What it repeats, as a newspaper an agency's story.")
    revises: Source | None = described("The earlier version of the same item.")
    revised_by: Source | None = described("The next version of the same item.")
    newest_version: Source = described("Of the same item: itself, if none revises it.")
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
    latitude: float | None = described("In degrees, as the longitude.")
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
    unit: str | None = described("Of a QUANTITY, what is counted: people.")
    counted: str | None = described("And which of them: killed.")
    merged_into: Question | None = described("The question that it turned out to be.")

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
class Hop:
    """One step a claim passed through. Joint speakers share a hop."""

    position: int = described("1 is the origin.")
    agents: list[Agent]
    cue: str | None = described("The words of the source: 'said in a statement'.")
    mode: Mode | None
    channel: Channel


@read_type
class Claim(Record, Node):
    """One statement found in one source."""

    statement: str = described("In the recorder's plain words.")
    quote: Quote
    quote_status: QuoteStatus = described("Where the quote stands in the newest version of the source.")
    source: Source
    question: Question | None = described("What it answers: under it claims are compared.")
    basis: Basis
    attribution: list[Hop] = described("Whom it passed through, origin first.")
    polarity: Polarity | None = described("Its answer to a YES_NO question.")
    quantity: Quantity | None = described("Its answer to a QUANTITY question.")
    asserted: Moment | None = described("When it was said, if the source tells.")
    note: str | None
    restricted: bool = described("Outsiders see nothing of it: a researcher says so.")
    hidden: bool = described("Outsiders do not see it: it is restricted, or its source is hidden.")
    corroboration: Corroboration
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
    evidence_claim: Claim | None = described("The evidence, if it is a claim.")
    evidence_source: Source | None = described("The evidence, if it is a source.")
    stance: Stance
    rationale: str = described("Why.")
    credibility: int | None = described("1 (confirmed) to 6 (cannot be judged), on the Admiralty scale.")
    withdrawal: Withdrawal | None


@read_type
class UnknownPublisher:
    """The party of a source whose publisher is not known."""

    source: Source


Party = Annotated[
    Agent | UnknownPublisher,
    strawberry.union("Party", description="Whom a chain passes through, as the rule counts it."),
]


@read_type
class Line:
    """One independent line: a path of parties, origin first. No two lines of a side share a party."""

    side: Side
    parties: list[Party]


@read_type
class Evidence:
    """What stands for or against a claim: another claim, or a source."""

    side: Side
    basis: EvidenceBasis = described("COMPARISON of two answers, or a researcher's ASSESSMENT.")
    claim: Claim | None = described("Set where a claim is the evidence.")
    source: Source | None = described("Set where a source itself is the evidence.")
    chain: list[Party] = described("The parties it passed through, origin first. Empty: nobody is named.")


@read_type
class StatusChange:
    """What the corroboration of a claim became."""

    id: strawberry.ID
    claim: Claim
    status: Status
    lines_for: int
    lines_against: int
    reports_for: int
    reports_against: int
    since: datetime.datetime
    revision: Revision | None = described(
        "The change that caused it; null where none is in the log, and for outsiders if it is of a restricted"
        " row."
    )


@read_type
class Corroboration:
    """The status of a claim by the published rule, with its figures. Never typed in."""

    status: Status
    lines_for: int = described("Independent lines for the claim.")
    lines_against: int = described("Independent lines against it.")
    lines_exact: bool = described("False: the lines are at least this many.")
    reports_for: int = described(
        "Distinct sources for it: a reprint or a later version counts with its original."
    )
    reports_against: int = described("The same against it.")
    weakest_links: list[Party] = described("The fewest parties who would all have to be wrong.")
    disagreed: bool = described("Researchers differ on a piece of evidence.")
    explanation: str = described("The status in one sentence.")
    rule_version: int = described("By which version of the rule.")

    @read_field
    def lines(self, side: Side | None = None) -> list[Line]:
        """The independent lines of a side, or of both."""

    @read_field
    def evidence(
        self,
        side: Side | None = UNSET,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[Evidence]:
        """What stands for it (itself included), then what stands against it."""

    @read_field
    def changes(
        self,
        first: int | None = UNSET,
        after: str | None = UNSET,
        last: int | None = UNSET,
        before: str | None = UNSET,
    ) -> Connection[StatusChange]:
        """What it was and became, oldest first; the last is as it stands."""
