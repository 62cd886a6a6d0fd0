"""What every record has: an id, who recorded it and when, what was changed in it, and what was taken back."""

from __future__ import annotations

import datetime

import strawberry
from strawberry import UNSET
from strawberry.scalars import JSON

from app.api.connections import Connection
from app.api.declaring import described, read_field, read_interface, read_type
from app.api.enums import RevisionOperation
from app.api.parts import Moment
from app.domain.vocabulary import Role


@read_interface
class Node:
    """Anything that can be asked for by its id."""

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
class Revision:
    """One change to one recorded row."""

    id: strawberry.ID
    at: datetime.datetime
    actor: Researcher | None = described("Null where the change was made past the API.")
    reason: str | None = described("As it was given; null for outsiders.")
    table: str = described("What kind of row: agent, source, attribution …")
    operation: RevisionOperation
    before: JSON | None = described("The row as it stood; null where it is new, and for outsiders.")
    after: JSON | None = described("The row as it stands then; null where it is gone, and for outsiders.")


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
class Retraction:
    """A source took its claim back."""

    retracted: Moment = described("When the source did.")
    reason: str
    url: str | None = described("Where it says so.")
    recorded_by: Researcher
    recorded_at: datetime.datetime


@read_type
class Withdrawal:
    """A record was withdrawn: it counts nowhere, and can be restored."""

    at: datetime.datetime
    by: Researcher
    reason: str
