"""Accounts and tokens: the mutations, what they take and what they answer.

A token's secret is answered once and kept nowhere: not with the idempotency key either.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry import UNSET

from app.api.changing import Context, change, do_keyed
from app.api.connections import Edge
from app.api.declaring import described, input_type, mutation, read_type
from app.api.inputs import build, optional_key, read_key
from app.api.payloads import Refused
from app.api.records import Researcher, Token
from app.api.refusals import Duplicate
from app.database import WriteSession
from app.domain.identifiers import NodeType, decode_token_id, encode_token_id
from app.domain.vocabulary import Role
from app.errors import InvalidInput
from app.permissions import Viewer
from app.services import researchers, tokens

RESEARCHER = {"researcher": NodeType.RESEARCHER}
# So many tokens that were made with one are told.
MADE_WITH_IT = 100


@input_type
class CreateTokenInput:
    """A token of one's own, or for an ADMIN anybody's."""

    name: str = described("What it is for.")
    researcher: strawberry.ID | None = UNSET
    role: Role | None = strawberry.field(default=UNSET, description="As much as may be given, if left out.")
    expires_at: datetime.datetime | None = strawberry.field(
        default=UNSET,
        description="In 90 days if left out; null for never. None lasts longer than the token that makes it:"
        " left out, it ends with that one; what is later is refused, null too.",
    )
    idempotency_key: str | None = None

    def read(self) -> tokens.NewToken:
        owner = optional_key(NodeType.RESEARCHER, self.researcher, "researcher")
        return build(tokens.NewToken, self, researcher=owner)


@input_type
class RevokeTokenInput:
    """A token that is to be taken no more."""

    token: strawberry.ID
    made_with_it: bool = strawberry.field(
        default=False, description="Those that were made with it, or with one of these, are revoked too."
    )
    idempotency_key: str | None = None

    def read(self) -> UUID:
        key = decode_token_id(self.token)
        if key is None:
            raise InvalidInput.at("token", message=f"{self.token[:80]!r} is not the id of a token")
        return key


@input_type
class AddResearcherInput:
    """A new account. It needs a token to sign in."""

    name: str
    email: str | None = None
    role: Role = Role.RESEARCHER
    idempotency_key: str | None = None


@input_type
class ChangeRoleInput:
    """What a researcher may do from now on, and what their tokens may at most."""

    researcher: strawberry.ID
    role: Role
    idempotency_key: str | None = None


@input_type
class DisableResearcherInput:
    """An account whose tokens are to be taken no more."""

    researcher: strawberry.ID
    idempotency_key: str | None = None


@input_type
class EnableResearcherInput:
    """An account whose tokens are to be taken again."""

    researcher: strawberry.ID
    idempotency_key: str | None = None


@input_type
class LinkIdentityInput:
    """Who the subject of a provider's access tokens is from now on."""

    researcher: strawberry.ID
    issuer: str = described("As the provider's tokens name it: SAYSO_OIDC_ISSUER.")
    subject: str = described("Their `sub`.")
    idempotency_key: str | None = None


@input_type
class UnlinkIdentityInput:
    """A subject whose access tokens are to be taken no more."""

    issuer: str
    subject: str
    idempotency_key: str | None = None


@read_type
class CreateTokenPayload:
    """The token that was made."""

    token: Token
    secret: str | None = described(
        "The token itself, this once; null where an idempotency key is sent again."
    )


@read_type
class RevokeTokenPayload:
    """The token is revoked."""

    id: strawberry.ID
    made_with_it: list[Token] = described(
        "Those that were made with it, or with one of these, and could be used until now: the first 100. What"
        " was not revoked with it can be used still. Of others' tokens ADMINs are told."
    )
    made_with_it_count: int = described("How many there are.")


@read_type
class ResearcherPayload:
    """The account as it stands now."""

    researcher: Researcher
    researcher_edge: Edge[Researcher]


CreateTokenResult = Annotated[CreateTokenPayload | Refused, strawberry.union("CreateTokenResult")]
RevokeTokenResult = Annotated[RevokeTokenPayload | Refused, strawberry.union("RevokeTokenResult")]
AddResearcherResult = Annotated[
    ResearcherPayload | Duplicate | Refused, strawberry.union("AddResearcherResult")
]
ChangeRoleResult = Annotated[ResearcherPayload | Refused, strawberry.union("ChangeRoleResult")]
DisableResearcherResult = Annotated[ResearcherPayload | Refused, strawberry.union("DisableResearcherResult")]
EnableResearcherResult = Annotated[ResearcherPayload | Refused, strawberry.union("EnableResearcherResult")]
LinkIdentityResult = Annotated[ResearcherPayload | Refused, strawberry.union("LinkIdentityResult")]
UnlinkIdentityResult = Annotated[ResearcherPayload | Refused, strawberry.union("UnlinkIdentityResult")]


@strawberry.type
class AccountMutations:
    """Who may sign in, and with what."""

    @mutation
    async def create_token(self, info: Context, input: CreateTokenInput) -> CreateTokenResult:
        """Make an access token. Its secret is shown once."""
        made: tokens.MadeToken | None = None

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            nonlocal made
            made = await tokens.create_token(session, viewer, input.read())
            return {"id": encode_token_id(made.key)}

        async def read(session: WriteSession, done: dict[str, Any]) -> dict[str, Any]:
            key = decode_token_id(done["id"])
            assert key is not None, "an id of our own"
            [told] = await tokens.describe_tokens(session, [key])
            return told

        told = await do_keyed(info, input, work, read)
        # What was made by an attempt that Postgres undid is no token.
        secret = made.letters if made and made.key == told["id"] else None
        return CreateTokenPayload(token=make_node(told), secret=secret)

    @mutation
    async def revoke_token(self, info: Context, input: RevokeTokenInput) -> RevokeTokenResult:
        """Take a token no more: at once on this server, within 5 seconds on others."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            made = await tokens.revoke_token(session, viewer, input.read(), made_with_it=input.made_with_it)
            told = [str(key) for key in made[:MADE_WITH_IT]]
            return {"id": input.token, "made": told, "count": len(made)}

        async def read(session: WriteSession, done: dict[str, Any]) -> dict[str, Any]:
            return {**done, "made": await tokens.describe_tokens(session, list(map(UUID, done["made"])))}

        done = await do_keyed(info, input, work, read)
        info.context.accounts_changed()
        return RevokeTokenPayload(
            id=strawberry.ID(done["id"]),
            made_with_it=[make_node(each) for each in done["made"]],
            made_with_it_count=done["count"],
        )

    @mutation
    async def add_researcher(self, info: Context, input: AddResearcherInput) -> AddResearcherResult:
        """Add an account."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            new = build(researchers.NewResearcher, input)
            return {"researcher": str(await researchers.add_researcher(session, viewer, new))}

        return await change(info, ResearcherPayload, RESEARCHER, input, work)

    @mutation
    async def change_role(self, info: Context, input: ChangeRoleInput) -> ChangeRoleResult:
        """Change what a researcher may do. The last ADMIN stays one."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.RESEARCHER, input.researcher, "researcher")
            await researchers.change_role(session, viewer, key, input.role)
            return {"researcher": str(key)}

        return await change_account(info, input, work)

    @mutation
    async def disable_researcher(
        self, info: Context, input: DisableResearcherInput
    ) -> DisableResearcherResult:
        """Take none of their tokens any more. What they recorded stays."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.RESEARCHER, input.researcher, "researcher")
            await researchers.disable_researcher(session, viewer, key)
            return {"researcher": str(key)}

        return await change_account(info, input, work)

    @mutation
    async def enable_researcher(self, info: Context, input: EnableResearcherInput) -> EnableResearcherResult:
        """Take the tokens of a disabled researcher again."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.RESEARCHER, input.researcher, "researcher")
            await researchers.enable_researcher(session, viewer, key)
            return {"researcher": str(key)}

        return await change_account(info, input, work)

    @mutation
    async def link_identity(self, info: Context, input: LinkIdentityInput) -> LinkIdentityResult:
        """Take the access tokens that a provider signs for a subject as this researcher's, whoever it was."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = read_key(NodeType.RESEARCHER, input.researcher, "researcher")
            await researchers.link_identity(session, viewer, key, input.issuer, input.subject)
            return {"researcher": str(key)}

        return await change_account(info, input, work)

    @mutation
    async def unlink_identity(self, info: Context, input: UnlinkIdentityInput) -> UnlinkIdentityResult:
        """Take the access tokens of a subject no more. The payload says whose it was."""

        async def work(session: WriteSession, viewer: Viewer) -> dict[str, Any]:
            key = await researchers.unlink_identity(session, viewer, input.issuer, input.subject)
            return {"researcher": str(key)}

        return await change_account(info, input, work)


def make_node(told: dict[str, Any]) -> Token:
    """A token, of what `describe_tokens` tells of it."""
    return Token(**{**told, "id": strawberry.ID(encode_token_id(told["id"]))})


async def change_account(info: Context, given: Any, work: Any) -> ResearcherPayload:
    payload = await change(info, ResearcherPayload, RESEARCHER, given, work)
    info.context.accounts_changed()
    return payload
