"""What is restricted is kept from outsiders, with all that stands in it, and counts as before."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import Database
from app.domain.vocabulary import Stance
from app.permissions import Viewer
from app.services.claims import ClaimChanges, amend_claim
from app.services.recomputation import recompute_everything
from app.services.sources import SourceChanges, SourceRevision, amend_source, revise_source
from tests.factories import (
    make_agent,
    make_assessment,
    make_claim,
    make_question,
    make_source,
    perform,
)
from tests.services.reading import read_row

KEYS = """SELECT json_build_object({})::varchar""".format(
    ", ".join(
        f"'{table}', (SELECT coalesce(json_agg({column}), '[]') FROM {table})"
        for table, column in {
            "source": "id",
            "claim": "id",
            "attribution": "claim",
            "assessment": "id",
            "corroboration": "claim",
            "status_change": "claim",
            "evidence": "coalesce(evidence_claim, evidence_source)",
            "revision": "subject",
        }.items()
    )
)


async def find_seen(database: Database, *, outside: bool = True) -> dict[str, set[UUID]]:
    """What each relation tells of, by key."""
    told = json.loads(await database.fetch_json(KEYS, [], outside=outside))
    return {table: set(map(UUID, keys)) for table, keys in told.items()}


async def restrict_source(database: Database, editor: Viewer, source: UUID, *, restricted: bool) -> None:
    version = (await read_row(database, "source", source))["version"]
    await perform(database, editor, amend_source, source, version, SourceChanges(restricted=restricted))


async def test_a_restricted_source_is_hidden_with_its_versions_its_reprints_and_all_in_them(
    database: Database, viewer: Viewer, editor: Viewer
) -> None:
    agent = await make_agent(database, viewer)
    first = await make_source(database, viewer, title="one")
    second = await perform(database, viewer, revise_source, first, SourceRevision(title="two"))
    reprint = await make_source(database, viewer, reprints=first)
    other = await make_source(database, viewer)
    question = await make_question(database, viewer)
    common: dict[str, Any] = {"question": question, "quantity": "25", "said_by": [agent]}
    inside = [await make_claim(database, viewer, source=source, **common) for source in (second, reprint)]
    outside = await make_claim(database, viewer, source=other, **common)
    judged = [
        await make_assessment(database, viewer, claim=inside[0], evidence_source=other),
        await make_assessment(database, viewer, claim=outside, evidence_claim=inside[1]),
        await make_assessment(database, viewer, claim=outside, evidence_source=first),
    ]
    before = await find_seen(database)
    hidden = {first, second, reprint, *inside, *judged}
    # Any version will do.
    await restrict_source(database, editor, second, restricted=True)
    seen = await find_seen(database)
    for table, keys in seen.items():
        assert keys.isdisjoint(hidden), table
    assert seen["claim"] == seen["attribution"] == seen["corroboration"] == {outside}
    assert seen["source"] == {other}
    assert seen["assessment"] == set()
    assert seen["evidence"] == {outside}
    told = await find_seen(database, outside=False)
    assert {table: keys - told[table] for table, keys in before.items()} == {table: set() for table in before}
    assert await recompute_everything(database, check=True) == []
    # Back again.
    await restrict_source(database, editor, first, restricted=False)
    assert await find_seen(database) == before
    assert await recompute_everything(database, check=True) == []


async def test_what_comes_to_a_restricted_source_is_hidden(
    database: Database, viewer: Viewer, editor: Viewer
) -> None:
    source = await make_source(database, viewer, restricted=True)
    await make_claim(database, viewer, source=source)
    await perform(database, viewer, revise_source, source, SourceRevision(title="again"))
    reprint = await make_source(database, viewer)
    version = (await read_row(database, "source", reprint))["version"]
    await perform(database, editor, amend_source, reprint, version, SourceChanges(reprints=source))
    seen = await find_seen(database)
    assert seen["source"] == seen["claim"] == seen["corroboration"] == set()


async def test_a_restricted_claim_counts_and_is_not_told_of(
    database: Database, viewer: Viewer, editor: Viewer
) -> None:
    ministry, clerk = [await make_agent(database, viewer, name=name) for name in ("Ministry", "Clerk")]
    question = await make_question(database, viewer)
    common: dict[str, Any] = {"question": question, "quantity": "25"}
    known = await make_claim(database, viewer, said_by=[ministry], **common)
    secret = await make_claim(database, viewer, said_by=[clerk], restricted=True, **common)
    assert (await read_row(database, "claim", secret))["hidden"]
    sql = "SELECT json_agg(to_json(k))::varchar FROM corroboration k"
    (told,) = json.loads(await database.fetch_json(sql, [], outside=True))
    assert (told["status"], told["lines_for"]) == ("CORROBORATED", 2)
    assert [str(clerk) in line for line in told["lines"]["FOR"]] == [False, False]
    assert [] in told["lines"]["FOR"]
    await perform(database, editor, amend_claim, secret, 1, ClaimChanges(restricted=False))
    seen = await find_seen(database)
    assert seen["claim"] == {known, secret}
    assert await recompute_everything(database, check=True) == []


async def test_nothing_shows_what_stands_in_something_restricted(
    database: Database, viewer: Viewer, editor: Viewer
) -> None:
    source = await make_source(database, viewer, restricted=True)
    claim = await make_claim(database, viewer, source=source)
    await perform(database, editor, amend_claim, claim, 1, ClaimChanges(restricted=True))
    await restrict_source(database, editor, source, restricted=False)
    assert (await find_seen(database))["claim"] == set()
    row = await read_row(database, "claim", claim)
    assert (row["restricted"], row["hidden"]) == (True, True)


OUTSIDE_RESULTS = "SELECT coalesce(json_agg(to_json(k) ORDER BY k.claim), '[]')::varchar FROM corroboration k"


@pytest.mark.parametrize("table", ["source", "claim"])
async def test_psql_restricts_and_shows_without_the_services(
    database: Database, connection: AsyncConnection, viewer: Viewer, table: str
) -> None:
    ministry, clerk = [await make_agent(database, viewer, name=name) for name in ("Ministry", "Clerk")]
    common: dict[str, Any] = {"question": await make_question(database, viewer), "quantity": "25"}
    known = await make_claim(database, viewer, said_by=[ministry], **common)
    source = await make_source(database, viewer)
    secret = await make_claim(database, viewer, said_by=[clerk], source=source, **common)
    judged = await make_claim(database, viewer)
    evidence = {"source": ("evidence_source", source), "claim": ("evidence_claim", secret)}
    given: dict[str, Any] = dict([evidence[table]])
    await make_assessment(database, viewer, claim=judged, stance=Stance.SUPPORTS, **given)
    apart = await make_claim(database, viewer)

    async def read(*, outside: bool = True) -> dict[UUID, dict[str, Any]]:
        told = json.loads(await database.fetch_json(OUTSIDE_RESULTS, [], outside=outside))
        return {UUID(one["claim"]): one for one in told}

    async def restrict(restricted: bool) -> None:
        await connection.execute(text("SELECT set_config('sayso.actor', '', true)"))
        key = {"source": source, "claim": secret}[table]
        changed = text(f"UPDATE {table} SET restricted = :restricted WHERE id = :key")
        await connection.execute(changed, {"restricted": restricted, "key": key})

    before = await read()
    await restrict(True)
    told = await read()
    assert told.keys() == {known, judged, apart}
    assert told[apart] == before[apart]
    for claim in (known, judged):
        assert told[claim]["explanation"] == f"{told[claim]['status'].capitalize()}."
        assert [line for side in told[claim]["lines"].values() for line in side if line] == []
        assert len(told[claim]["lines"]["FOR"]) == told[claim]["lines_for"]
        assert told[claim]["weakest_links"] == []
    await recompute_everything(database, check=False)
    assert str(ministry) in str((await read())[known]["lines"])
    assert str(clerk) not in str((await read())[known]["lines"])
    await restrict(False)
    # All rows are there again, and whole once it was worked out.
    assert (await read()).keys() == before.keys()
    await recompute_everything(database, check=False)
    assert await read() == before


async def test_psql_restricts_much_in_one_statement(
    database: Database, connection: AsyncConnection, viewer: Viewer
) -> None:
    """Reprints of reprints, and what answers the questions of claims that stand in them."""
    sources, beside = [], []
    for _ in range(2):
        first = await make_source(database, viewer)
        second = await make_source(database, viewer, reprints=first)
        sources += [first, second, await make_source(database, viewer, reprints=second)]
    questions = [await make_question(database, viewer) for _ in sources]
    for source, question in zip(sources, questions, strict=True):
        await make_claim(database, viewer, source=source, question=question, quantity="25")
        beside.append(await make_claim(database, viewer, question=question, quantity="25"))
    await connection.execute(text("SELECT set_config('sayso.actor', '', true)"))
    before = await find_seen(database)
    for restricted, shown in ((True, set(beside)), (False, before["claim"])):
        changed = text(
            "UPDATE source SET restricted = :restricted WHERE reprints IS NULL AND id = ANY(:keys)"
        )
        await connection.execute(changed, {"restricted": restricted, "keys": sources})
        seen = await find_seen(database)
        assert seen["claim"] == seen["corroboration"] == shown
        told = json.loads(await database.fetch_json(OUTSIDE_RESULTS, [], outside=True))
        assert {UUID(each["claim"]) for each in told if each["explanation"] == "Corroborated."} >= set(beside)
    await recompute_everything(database, check=False)
    assert await find_seen(database) == before
