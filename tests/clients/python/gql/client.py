"""gql, the client for Python: documents checked against the schema that the server tells, at SAYSO_URL."""

import asyncio
import os

from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport
from graphql import GraphQLError

ROW = "fragment Row on Claim { id statement corroboration { status linesFor } }"
PAGE = gql(
    """query Page($filter: ClaimFilter, $first: Int!, $after: String) {
        claims(filter: $filter, first: $first, after: $after) {
            edges { cursor node { ...Row } } pageInfo { hasNextPage endCursor }
        }
    } """
    + ROW
)
RECORD = gql(
    """mutation Record($input: RecordAgentInput!) {
        recordAgent(input: $input) {
            __typename
            ... on AgentPayload { agent { id kind } }
            ... on Duplicate { existing { id } }
            ... on Error { code message hint }
        }
    }"""
)


async def read_pages(session: Client) -> None:
    found, after, more = [], None, True
    while more:
        PAGE.variable_values = {"filter": {"status": ["CORROBORATED"]}, "first": 4, "after": after}
        page = (await session.execute(PAGE))["claims"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(set(found)) == len(found) > 4


async def change(session: Client) -> None:
    RECORD.variable_values = {"input": {"kind": "PERSON", "name": "Of gql", "idempotencyKey": "gql 1"}}
    first = (await session.execute(RECORD))["recordAgent"]
    again = (await session.execute(RECORD))["recordAgent"]
    assert first["__typename"] == "AgentPayload", first
    assert again == first, "one idempotencyKey, one answer"
    RECORD.variable_values = {"input": {"kind": "PERSON", "name": "", "idempotencyKey": "gql 2"}}
    refused = (await session.execute(RECORD))["recordAgent"]
    assert refused["code"] == "INVALID_INPUT", refused


async def be_refused(session: Client) -> None:
    try:
        PAGE.variable_values = {"first": 101}
        await session.execute(PAGE)
    except TransportQueryError as problem:
        assert problem.errors[0]["extensions"]["code"] == "QUERY_REFUSED", problem.errors
    else:
        raise AssertionError("a page of 101 was given")
    try:
        await session.execute(gql("{ nothingOfTheKind }"))
    except GraphQLError as problem:
        assert "nothingOfTheKind" in problem.message
    else:
        raise AssertionError("gql knows the schema")


RECORDED = gql("subscription { claimRecorded { statement } }")
SOURCE = gql(
    """mutation ($input: RecordSourceInput!) {
        recordSource(input: $input) { ... on SourcePayload { source { id } } ... on Error { message } }
    }"""
)
CLAIM = gql(
    """mutation ($input: RecordClaimInput!) {
        recordClaim(input: $input) { __typename ... on Error { message } }
    }"""
)


async def be_told(session: Client) -> None:
    """Over a socket, of what is recorded over HTTP."""
    words = "Two ministers have resigned today"
    SOURCE.variable_values = {"input": {"kind": "ARTICLE", "title": "Told over a socket", "text": words}}
    source = (await session.execute(SOURCE))["recordSource"]["source"]["id"]
    transport = WebsocketsTransport(
        url=os.environ["SAYSO_URL"].replace("http", "ws", 1),
        init_payload={"authorization": f"Bearer {os.environ['SAYSO_TOKEN']}"},
        subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
    )
    async with Client(transport=transport) as socket:
        events = socket.subscribe(RECORDED)
        first = asyncio.ensure_future(anext(events))
        # Nobody says when a subscription has begun: claims are recorded until it does.
        for number in range(60):
            word = words.split()[number % 5]
            claim = {"source": source, "statement": f"{word} {number}", "quote": {"exact": word}}
            claim["basis"] = "UNATTRIBUTED"
            CLAIM.variable_values = {"input": claim}
            done = (await session.execute(CLAIM))["recordClaim"]
            assert done["__typename"] == "ClaimPayload", done
            if (await asyncio.wait([first], timeout=1))[0]:
                break
        assert (await first)["claimRecorded"]["statement"].split()[0] in words.split()
        await events.aclose()


async def main() -> None:
    transport = HTTPXAsyncTransport(
        url=os.environ["SAYSO_URL"], headers={"authorization": f"Bearer {os.environ['SAYSO_TOKEN']}"}
    )
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        await read_pages(session)
        await change(session)
        await be_refused(session)
        await be_told(session)


asyncio.run(main())
