"""Each operation with each role, over real HTTP with real tokens: who may does it, who may not does nothing.

Generated from MINIMUM_ROLE. Each pair is asked twice: by a researcher of that role, and by an ADMIN whose
token has it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from graphql import GraphQLNonNull, is_leaf_type

from app.auth import Authenticator
from app.database import Database
from app.domain.identifiers import NodeType, encode_id, encode_token_id
from app.domain.vocabulary import Role
from app.permissions import BY_COMMAND, MINIMUM_ROLE, Operation, Viewer
from app.services.merges import merge_agents, merge_questions
from app.services.researchers import disable_researcher, link_identity
from app.services.tokens import NewToken, create_token
from app.services.withdrawals import retract_claim, withdraw_claim
from app.settings import Settings
from tests.api.documents import PAYLOADS, mutation
from tests.api.schemas import CORE
from tests.conftest import NewDatabase
from tests.factories import (
    make_agent,
    make_assessment,
    make_claim,
    make_event,
    make_question,
    make_source,
    make_viewer,
    perform,
)
from tests.services.reading import count_rows
from tests.web.conftest import Serve

ROLES = list(Role)
ISSUER = "https://id.example"
WRITES = [each for each in Operation if each is not Operation.READ and each not in BY_COMMAND]
MAKERS: dict[NodeType, Callable[..., Awaitable[UUID]]] = {
    NodeType.AGENT: make_agent,
    NodeType.SOURCE: make_source,
    NodeType.EVENT: make_event,
    NodeType.QUESTION: make_question,
    NodeType.CLAIM: make_claim,
}


@dataclass(frozen=True)
class Guarded:
    """A site with accounts, and for each role the two who have it, each with a token."""

    client: httpx.AsyncClient
    database: Database
    admin: Viewer
    # role → (whose records are theirs, the token)
    signed_in: dict[Role, list[tuple[Viewer, str]]]

    async def post(self, token: str | None, document: str, **variables: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": document, "variables": variables}
        return await self.client.post("/graphql", json=body, headers=headers)


async def sign_in(database: Database, viewer: Viewer, role: Role) -> str:
    return (await perform(database, viewer, create_token, NewToken("a test", role=role))).letters


@pytest.fixture(scope="module")
async def guarded(serve: Serve, clone: NewDatabase, viewer: Viewer) -> AsyncIterator[Guarded]:
    settings = Settings(database_url=None)
    async with clone() as dsn:
        database = await Database.open(dsn, settings)
        signed_in = {}
        for role in ROLES:
            own = await make_viewer(database, role)
            signed_in[role] = [
                (replace(own, role=Role.ADMIN), await sign_in(database, own, role)),
                (viewer, await sign_in(database, viewer, role)),
            ]
        async with (
            serve(database, settings, provider=Authenticator(database, settings)) as site,
            httpx.AsyncClient(base_url=site.url, timeout=30) as client,
        ):
            yield Guarded(client, database, viewer, signed_in)
        await database.close()


async def make_input(guarded: Guarded, operation: Operation, owner: Viewer) -> dict[str, Any]:
    """What the operation can be done with; what it changes is the owner's."""
    database = guarded.database

    async def node(type_: NodeType, **fields: Any) -> str:
        return encode_id(type_, await MAKERS[type_](database, owner, **fields))

    async def somebody() -> UUID:
        return (await make_viewer(database)).researcher

    name = operation.value
    match operation:
        case Operation.RECORD_AGENT:
            return {"kind": "PERSON", "name": "Somebody"}
        case Operation.RECORD_SOURCE:
            return {"kind": "ARTICLE", "title": "An article"}
        case Operation.RECORD_EVENT:
            return {"title": "A visit"}
        case Operation.RECORD_QUESTION:
            return {"kind": "OPEN", "text": "Why?"}
        case Operation.RECORD_CLAIM:
            quote = {"exact": "It is so."}
            return {
                "source": await node(NodeType.SOURCE),
                "statement": "So",
                "quote": quote,
                "basis": "FIRSTHAND",
            }
        case Operation.RECORD_ASSESSMENT:
            return {
                "claim": await node(NodeType.CLAIM),
                "evidenceSource": await node(NodeType.SOURCE),
                "stance": "SUPPORTS",
                "rationale": "It says so.",
            }
        case Operation.REVISE_SOURCE:
            return {"source": await node(NodeType.SOURCE), "text": "Another text."}
        case Operation.WITHDRAW_ASSESSMENT:
            claim = await make_claim(database, owner)
            key = await make_assessment(database, owner, claim=claim)
            return {"assessment": encode_id(NodeType.ASSESSMENT, key), "reason": "A slip"}
        case Operation.WITHDRAW_CLAIM:
            return {"claim": await node(NodeType.CLAIM), "reason": "A slip"}
        case Operation.RESTORE_CLAIM:
            key = await make_claim(database, owner)
            await perform(database, owner, withdraw_claim, key, "A slip")
            return {"claim": encode_id(NodeType.CLAIM, key)}
        case Operation.REINSTATE_CLAIM:
            key = await make_claim(database, owner)
            await perform(database, owner, retract_claim, key, when="2020", reason="A correction")
            return {"claim": encode_id(NodeType.CLAIM, key), "expectedVersion": 2, "reason": "A slip"}
        case Operation.RETRACT_CLAIM:
            return {"claim": await node(NodeType.CLAIM), "when": "2020-01-05", "reason": "A correction"}
        case Operation.MERGE_AGENTS:
            return {
                "agent": await node(NodeType.AGENT),
                "into": await node(NodeType.AGENT),
                "reason": "One and the same",
            }
        case Operation.UNMERGE_AGENTS:
            key, into = await make_agent(database, owner), await make_agent(database, owner)
            await perform(database, owner, merge_agents, key, into, "The same", dry_run=False)
            return {"agent": encode_id(NodeType.AGENT, key), "reason": "They are two"}
        case Operation.MERGE_QUESTIONS:
            return {
                "question": await node(NodeType.QUESTION),
                "into": await node(NodeType.QUESTION),
                "reason": "One and the same",
            }
        case Operation.UNMERGE_QUESTIONS:
            key, into = await make_question(database, owner), await make_question(database, owner)
            await perform(database, owner, merge_questions, key, into, "The same", dry_run=False)
            return {"question": encode_id(NodeType.QUESTION, key), "reason": "They are two"}
        case Operation.CREATE_TOKEN:
            return {"name": "laptop"}
        case Operation.REVOKE_TOKEN:
            made = await perform(database, owner, create_token, NewToken("old"))
            return {"token": encode_token_id(made.key)}
        case Operation.ADD_RESEARCHER:
            return {"name": f"researcher of {operation} {await count_rows(database, 'researcher')}"}
        case Operation.CHANGE_ROLE:
            return {"researcher": encode_id(NodeType.RESEARCHER, await somebody()), "role": "EDITOR"}
        case Operation.DISABLE_RESEARCHER:
            return {"researcher": encode_id(NodeType.RESEARCHER, await somebody())}
        case Operation.ENABLE_RESEARCHER:
            key = await somebody()
            await perform(database, guarded.admin, disable_researcher, key)
            return {"researcher": encode_id(NodeType.RESEARCHER, key)}
        case Operation.LINK_IDENTITY:
            return {
                "researcher": encode_id(NodeType.RESEARCHER, await somebody()),
                "issuer": ISSUER,
                "subject": str(uuid4()),
            }
        case Operation.UNLINK_IDENTITY:
            subject = str(uuid4())
            await perform(database, guarded.admin, link_identity, await somebody(), ISSUER, subject)
            return {"issuer": ISSUER, "subject": subject}
        case _:
            assert name.startswith("amend"), f"what is {name} done with?"
            type_ = NodeType(name.removeprefix("amend"))
            changed = {"CLAIM": "note", "QUESTION": "unit"}.get(type_.name, "description")
            if type_ is NodeType.SOURCE:
                changed = "note"
            kind = {"kind": "QUANTITY"} if type_ is NodeType.QUESTION else {}
            return {type_.table: await node(type_, **kind), "expectedVersion": 1, changed: "killed"}


def document_of(operation: Operation) -> str:
    return mutation(operation.value, "__typename")


@pytest.mark.parametrize(("operation", "role"), list(product(WRITES, ROLES)))
async def test_a_role_does_what_it_may_and_nothing_else(
    guarded: Guarded, operation: Operation, role: Role
) -> None:
    may = ROLES.index(role) >= ROLES.index(MINIMUM_ROLE[operation])
    for owner, token in guarded.signed_in[role]:
        given = await make_input(guarded, operation, owner)
        before = await count_rows(guarded.database, "revision")
        response = await guarded.post(token, document_of(operation), input=given)
        assert response.status_code == 200, response.text
        result = response.json()["data"][operation]
        done = await count_rows(guarded.database, "revision") - before
        if may:
            assert result["__typename"] == PAYLOADS[operation], result
            assert done > 0
        else:
            assert (result["__typename"], result["code"]) == ("NotPermitted", "NOT_PERMITTED")
            assert MINIMUM_ROLE[operation] in result["message"]
            assert done == 0


@pytest.mark.parametrize("operation", WRITES)
async def test_nobody_does_anything(guarded: Guarded, operation: Operation) -> None:
    given = await make_input(guarded, operation, guarded.admin)
    response = await guarded.post(None, document_of(operation), input=given)
    assert response.status_code == 401
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "NOT_AUTHENTICATED"


def spell_reads() -> dict[str, str]:
    """A document for each field of Query."""
    query = CORE.query_type
    assert query is not None
    values = {"[ID!]!": "[]", "[String!]!": "[]", "ID!": '"claim_x"', "String!": '"killed"'}
    documents = {}
    for name, field in query.fields.items():
        given = ", ".join(
            f"{argument}: {values[str(taken.type)]}"
            for argument, taken in field.args.items()
            if isinstance(taken.type, GraphQLNonNull) and str(taken.type) in values
        )
        type_ = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
        inner = "" if is_leaf_type(type_) else " { __typename }"
        documents[name] = f"{{ {name}{f'({given})' if given else ''}{inner} }}"
    return documents


READS = spell_reads()


@pytest.mark.parametrize(("field", "role"), list(product(READS, ROLES)))
async def test_every_role_reads(guarded: Guarded, field: str, role: Role) -> None:
    for _, token in guarded.signed_in[role]:
        answer = (await guarded.post(token, READS[field])).json()
        if field == "researchers" and role is not Role.ADMIN:
            (error,) = answer["errors"]
            assert (error["extensions"]["code"], error["message"]) == (
                "NOT_PERMITTED",
                f"researchers needs the role ADMIN; you have {role}.",
            )
        else:
            assert answer.keys() == {"data"}, answer


@pytest.mark.parametrize("field", READS)
async def test_nobody_reads(guarded: Guarded, field: str) -> None:
    assert (await guarded.post(None, READS[field])).status_code == 401


EMAILS = """query($ids: [ID!]!) {
  viewer { email } nodes(ids: $ids) { ... on Researcher { email } }
  claims { edges { node { recordedBy { email } } } }
}"""


async def test_an_email_is_an_admins_to_see_and_ones_own(guarded: Guarded) -> None:
    document = """mutation($input: AddResearcherInput!) { addResearcher(input: $input) {
        ... on ResearcherPayload { researcher { id email } researcherEdge { node { id } } } } }"""
    (_, admin), (_, limited) = guarded.signed_in[Role.ADMIN][1], guarded.signed_in[Role.EDITOR][1]
    added = {"name": "Nadia", "email": "nadia@example.org", "role": "ADMIN"}
    payload = (await guarded.post(admin, document, input=added)).json()["data"]["addResearcher"]
    made = payload["researcher"]
    assert made["email"] == "nadia@example.org"
    assert payload["researcherEdge"] == {"node": {"id": made["id"]}}
    nadia = Viewer(UUID(made["id"].removeprefix("researcher_")), Role.ADMIN)
    await make_claim(guarded.database, nadia)
    own = await sign_in(guarded.database, nadia, Role.READER)
    for token, seen in ((admin, True), (own, True), (limited, False)):
        answer = (await guarded.post(token, EMAILS, ids=[made["id"]])).text
        assert ("nadia@example.org" in answer) == seen


WHO = "{ access { role researcher { id name role } token { name expiresAt } } viewer { id } }"


@pytest.mark.parametrize("role", ROLES)
async def test_who_asks_is_told_what_they_may(guarded: Guarded, role: Role) -> None:
    """A token may allow less than its researcher may."""
    for owner, token in guarded.signed_in[role]:
        data = (await guarded.post(token, WHO)).json()["data"]
        access, id = data["access"], encode_id(NodeType.RESEARCHER, owner.researcher)
        assert (access["role"], access["researcher"]["id"], data["viewer"]["id"]) == (role, id, id)
        assert access["token"]["name"] == "a test"
        assert access["token"]["expiresAt"] is not None
    assert (access["researcher"]["role"], guarded.admin.role) == (Role.ADMIN, Role.ADMIN)


async def test_who_sends_no_token_is_told_so(serve: Serve, guarded: Guarded) -> None:
    settings = Settings(database_url=None, read_without_token=True)
    async with (
        serve(guarded.database, settings, provider=Authenticator(guarded.database, settings)) as site,
        httpx.AsyncClient(base_url=site.url) as client,
    ):
        nobody = await client.get("/graphql", params={"query": WHO})
        assert nobody.json()["data"] == {
            "access": {"role": "READER", "researcher": None, "token": None},
            "viewer": None,
        }


async def test_a_secret_is_answered_once(guarded: Guarded) -> None:
    document = """mutation($input: CreateTokenInput!) { createToken(input: $input) {
        ... on CreateTokenPayload { secret t: token { ...T } again: secret } } }
        fragment T on Token { id prefix name role createdAt expiresAt lastUsedAt revokedAt }"""
    _, token = guarded.signed_in[Role.READER][0]
    given = {"name": "laptop", "idempotencyKey": "a key"}
    first = (await guarded.post(token, document, input=given)).json()["data"]["createToken"]
    second = (await guarded.post(token, document, input=given)).json()["data"]["createToken"]
    assert first["secret"].startswith(first["t"]["prefix"])
    assert first["again"] == first["secret"]
    assert second == {**first, "secret": None, "again": None}
    fragment = document[document.index("fragment") :]
    listed = "{ viewer { tokens(last: 1) { edges { node { ...T } } } } }"
    answer = await guarded.post(token, listed + fragment)
    assert answer.json()["data"]["viewer"]["tokens"]["edges"] == [{"node": first["t"]}]
    assert first["secret"] not in answer.text
    assert (await guarded.post(first["secret"], "{ viewer { role } }")).status_code == 200
    # Revoked here, it is out here at once.
    revoke = "mutation($id: ID!) { revokeToken(input: { token: $id }) { __typename } }"
    revoked = await guarded.post(token, revoke, id=first["t"]["id"])
    assert revoked.json()["data"]["revokeToken"] == {"__typename": "RevokeTokenPayload"}
    assert (await guarded.post(first["secret"], "{ viewer { role } }")).status_code == 401


async def test_who_revokes_a_token_is_told_what_was_made_with_it(guarded: Guarded) -> None:
    """With the key of the first time the same is told, as it stands now."""
    create = """mutation { createToken(input: { name: "laptop" }) {
        ... on CreateTokenPayload { secret token { id } } } }"""
    revoke = """mutation($input: RevokeTokenInput!) { revokeToken(input: $input) {
        __typename ... on RevokeTokenPayload { madeWithItCount madeWithIt { id name revokedAt } } } }"""
    _, token = guarded.signed_in[Role.EDITOR][0]

    async def make(with_it: str) -> tuple[str, str]:
        made = (await guarded.post(with_it, create)).json()["data"]["createToken"]
        return made["secret"], made["token"]["id"]

    async def end(**given: Any) -> Any:
        return (await guarded.post(token, revoke, input=given)).json()["data"]["revokeToken"]

    secret, first = await make(token)
    other, second = await make(secret)
    told = {
        "__typename": "RevokeTokenPayload",
        "madeWithItCount": 1,
        "madeWithIt": [{"id": second, "name": "laptop", "revokedAt": None}],
    }
    assert await end(token=first, idempotencyKey="once") == told
    assert (await guarded.post(other, "{ viewer { role } }")).status_code == 200
    again = await end(token=first, madeWithIt=True)
    assert again["madeWithItCount"] == 1
    assert again["madeWithIt"][0]["revokedAt"] is not None
    assert (await guarded.post(other, "{ viewer { role } }")).status_code == 401
    replayed = await end(token=first, idempotencyKey="once")
    assert replayed == again


async def test_a_token_makes_none_that_outlives_it(guarded: Guarded) -> None:
    document = """mutation($input: CreateTokenInput!) { createToken(input: $input) {
        __typename ... on CreateTokenPayload { secret token { expiresAt } }
        ... on InvalidInput { problems { path message } } } }"""
    _, token = guarded.signed_in[Role.READER][0]
    own = (await guarded.post(token, WHO)).json()["data"]["access"]["token"]["expiresAt"]

    async def make(**given: Any) -> dict[str, Any]:
        answer = await guarded.post(token, document, input={"name": "laptop", **given})
        made: dict[str, Any] = answer.json()["data"]["createToken"]
        return made

    made = await make()
    assert made["token"]["expiresAt"] == own
    assert (await make(expiresAt=own))["token"]["expiresAt"] == own
    for later in (None, "2100-01-01T00:00:00Z"):
        refused = await make(expiresAt=later)
        assert refused["__typename"] == "InvalidInput"
        assert [problem["path"] for problem in refused["problems"]] == [["expiresAt"]]
    # Nor does the next one: no road of tokens leads past the end of the first.
    token = made["secret"]
    assert (await make(expiresAt=None))["__typename"] == "InvalidInput"
    assert (await make())["token"]["expiresAt"] == own
