"""ariadne-codegen: the client that it generates, against the server of SAYSO_URL."""

import asyncio
import os
from datetime import UTC
from decimal import Decimal

from sayso_client import Client, enums
from sayso_client.exceptions import GraphQLClientGraphQLMultiError
from sayso_client.input_types import AmendSourceInput, ClaimFilter, QuantityRange, RecordSourceInput


async def read_pages(client: Client) -> None:
    wanted = ClaimFilter(
        status=[enums.CorroborationStatus.DISPUTED], quantity=QuantityRange(lower=Decimal("20.5"))
    )
    found, after, more = [], None, True
    while more:
        page = (await client.page(filter_=wanted, first=2, after=after)).claims
        found += [edge.node for edge in page.edges]
        after, more = page.page_info.end_cursor, page.page_info.has_next_page
    assert len({row.id for row in found}) == len(found) > 2
    for row in found:
        assert row.corroboration.status is enums.CorroborationStatus.DISPUTED
        assert row.recorded_at.tzinfo is not None
        assert row.recorded_at.astimezone(UTC) == row.recorded_at
        assert row.quantity is not None
        assert row.quantity.upper is None or row.quantity.upper > Decimal("20.5")
        assert {link.typename__ for link in row.corroboration.weakest_links} <= {"Agent", "UnknownPublisher"}


async def change(client: Client) -> None:
    new = RecordSourceInput(
        kind=enums.SourceKind.ARTICLE, title="Of ariadne-codegen", url="https://example.org/a"
    )
    recorded = (await client.record_source(new)).record_source
    assert recorded.typename__ == "SourcePayload", recorded
    again = (await client.record_source(new)).record_source
    assert again.typename__ == "Duplicate"
    assert again.code == "DUPLICATE"
    assert again.existing.id == recorded.source.id
    # What is left out of an input stays as it is: the generated client must not send it as null.
    amendment = AmendSourceInput(source=recorded.source.id, expectedVersion=1, title="Another title")
    amended = (await client.amend_source(amendment)).amend_source
    assert amended.typename__ == "SourcePayload", amended
    assert (amended.source.title, amended.source.version) == ("Another title", 2)
    stale = (await client.amend_source(amendment)).amend_source
    assert stale.typename__ == "StaleVersion"
    assert stale.current_version == 2


async def be_refused(client: Client) -> None:
    try:
        await client.page(first=101)
    except GraphQLClientGraphQLMultiError as problem:
        assert problem.errors[0].extensions["code"] == "QUERY_REFUSED", problem.errors
    else:
        raise AssertionError("a page of 101 was given")


async def main() -> None:
    async with Client(
        url=os.environ["SAYSO_URL"], headers={"authorization": f"Bearer {os.environ['SAYSO_TOKEN']}"}
    ) as client:
        await read_pages(client)
        await change(client)
        await be_refused(client)


asyncio.run(main())
