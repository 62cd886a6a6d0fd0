"""Tokens are made once, kept as a hash, and never allow more than whoever made them may."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.database import Database, WriteSession
from app.domain.tokens import hash_token, is_token
from app.domain.vocabulary import Role
from app.errors import InvalidInput, NotAuthenticated, NotFound, NotPermitted
from app.permissions import NOBODY, Viewer
from app.services import tokens
from app.services.events import NewEvent, record_event
from app.services.researchers import change_role, disable_researcher
from app.services.tokens import (
    MadeToken,
    NewToken,
    create_sign_in,
    create_token,
    describe_tokens,
    exchange_sign_in,
    revoke_token,
)
from app.settings import Settings
from tests.factories import make_viewer, perform
from tests.services.reading import read_revisions, read_row, read_rows
from tests.waiting import until

WAITING = "SELECT pid FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"


async def make_token(database: Database, viewer: Viewer, **fields: Any) -> MadeToken:
    return await perform(database, viewer, create_token, NewToken(**{"name": "laptop", **fields}))


async def test_only_the_hash_of_a_token_is_kept(database: Database, viewer: Viewer) -> None:
    made = await make_token(database, viewer)
    assert is_token(made.letters)
    row = await read_row(database, "token", made.key)
    assert row["hash"] == "\\x" + hash_token(made.letters).hex()
    assert row["prefix"] == made.letters[:14]
    tables = await read_rows(
        database,
        "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
    )
    for table in tables:
        rows = await read_rows(database, f"SELECT t::text AS written FROM {table['name']} t")
        assert all(made.letters[14:] not in each["written"] for each in rows)


async def test_its_times_are_told_as_reads_spell_them(database: Database, viewer: Viewer) -> None:
    made = await make_token(database, viewer, expires_at=datetime(2100, 1, 1, 0, 0, 0, 250_000, UTC))
    [told] = await database.write(NOBODY, lambda session: describe_tokens(session, [made.key]))
    assert (told["id"], told["expires_at"]) == (made.key, "2100-01-01T00:00:00.25+00:00")
    assert told["revoked_at"] is None


async def test_a_token_is_logged_without_its_hash_and_its_use(database: Database, viewer: Viewer) -> None:
    made = await make_token(database, viewer)
    await perform(database, viewer, revoke_token, made.key)
    recorded, revoked = (
        each for each in await read_revisions(database, viewer.researcher) if each["table_name"] == "token"
    )
    assert (recorded["operation"], revoked["operation"]) == ("INSERT", "UPDATE")
    assert recorded["actor"] == revoked["actor"] == str(viewer.researcher)
    assert not {"hash", "last_used_at"} & recorded["after"].keys()
    assert revoked["before"]["revoked_at"] is None
    assert revoked["after"]["revoked_at"]


async def test_it_lasts_ninety_days_unless_said(database: Database, viewer: Viewer) -> None:
    made = await make_token(database, viewer)
    assert made.expires_at
    assert timedelta(days=89) < made.expires_at - datetime.now(UTC) <= timedelta(days=90)
    assert (await make_token(database, viewer, expires_at=None)).expires_at is None


async def test_it_ends_no_later_than_the_token_that_it_is_made_with(
    database: Database, viewer: Viewer
) -> None:
    end = datetime.now(UTC) + timedelta(days=3)
    brief = replace(viewer, until=end)
    assert (await make_token(database, brief)).expires_at == end
    assert (await make_token(database, brief, expires_at=end)).expires_at == end
    sooner = end - timedelta(days=1)
    assert (await make_token(database, brief, expires_at=sooner)).expires_at == sooner
    for later in (end + timedelta(microseconds=1), None):
        with pytest.raises(
            InvalidInput, match="later than the token ends that this one is made with"
        ) as caught:
            await make_token(database, brief, expires_at=later)
        assert [problem.path for problem in caught.value.problems] == [("expiresAt",)]
    # Nor if it is somebody else's.
    nadia = await make_viewer(database, Role.EDITOR)
    assert (await make_token(database, brief, researcher=nadia.researcher)).expires_at == end
    with pytest.raises(InvalidInput, match="later than the token ends"):
        await make_token(database, brief, researcher=nadia.researcher, expires_at=None)
    lasting = replace(viewer, until=datetime.now(UTC) + timedelta(days=400))
    usual = (await make_token(database, lasting)).expires_at
    assert usual is not None
    assert usual < datetime.now(UTC) + timedelta(days=91)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"name": " "}, ("name",)),
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, ("expiresAt",)),
        ({"expires_at": datetime.fromisoformat("2100-01-01")}, ("expiresAt",)),  # it has no offset
    ],
)
async def test_what_makes_no_token_is_refused(
    database: Database, viewer: Viewer, fields: dict[str, Any], path: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await make_token(database, viewer, **fields)
    assert [problem.path for problem in caught.value.problems] == [path]


async def test_no_token_allows_more_than_its_maker_may(database: Database, viewer: Viewer) -> None:
    nadia = await make_viewer(database, Role.EDITOR)
    own = await make_token(database, nadia)
    assert (await read_row(database, "token", own.key))["role"] == Role.EDITOR
    with pytest.raises(InvalidInput, match="higher than EDITOR"):
        await make_token(database, nadia, role=Role.ADMIN)
    # Signed in by a token that may less, she makes none that may more.
    with pytest.raises(InvalidInput, match="higher than READER"):
        await make_token(database, Viewer(nadia.researcher, Role.READER), role=Role.RESEARCHER)
    # What an ADMIN makes for her is hers: it may what she may.
    with pytest.raises(InvalidInput, match="higher than EDITOR"):
        await make_token(database, viewer, researcher=nadia.researcher, role=Role.ADMIN)
    given = await make_token(database, viewer, researcher=nadia.researcher)
    assert (await read_row(database, "token", given.key))["role"] == Role.EDITOR


async def test_anothers_tokens_are_an_admins_alone(database: Database, viewer: Viewer) -> None:
    nadia, omar = await make_viewer(database, Role.EDITOR), await make_viewer(database, Role.EDITOR)
    with pytest.raises(NotPermitted, match="another researcher's"):
        await make_token(database, omar, researcher=nadia.researcher)
    made = await make_token(database, nadia)
    with pytest.raises(NotFound):  # he does not even learn that it is there
        await perform(database, omar, revoke_token, made.key)
    with pytest.raises(NotPermitted, match="sign in"):
        await perform(database, Viewer(NOBODY, Role.READER), revoke_token, made.key)
    await perform(database, viewer, revoke_token, made.key)
    with pytest.raises(InvalidInput, match="revoked already"):
        await perform(database, nadia, revoke_token, made.key)


async def make_family(database: Database, viewer: Viewer) -> list[MadeToken]:
    """A token; one that was made with it, which is revoked; one that was made with that; and another's."""
    first = await make_token(database, viewer)
    second = await make_token(database, replace(viewer, token=first.key))
    third = await make_token(database, replace(viewer, token=second.key))
    await perform(database, viewer, revoke_token, second.key)
    nadia = await make_viewer(database, Role.EDITOR)
    fourth = await make_token(database, replace(viewer, token=first.key), researcher=nadia.researcher)
    over = await make_token(database, replace(viewer, token=first.key))
    await database.write(
        viewer.researcher,
        lambda session: session.execute(
            text("UPDATE token SET expires_at = now() - interval '1 s' WHERE id = :id"), {"id": over.key}
        ),
    )
    await make_token(database, viewer)  # nothing of theirs
    return [first, third, fourth]


async def find_live(database: Database, made: list[MadeToken]) -> list[MadeToken]:
    return [each for each in made if (await read_row(database, "token", each.key))["revoked_at"] is None]


async def test_who_revokes_a_token_is_told_what_was_made_with_it(database: Database, viewer: Viewer) -> None:
    first, third, fourth = family = await make_family(database, viewer)
    assert await perform(database, viewer, revoke_token, first.key) == [third.key, fourth.key]
    assert await find_live(database, family) == [third, fourth]
    with pytest.raises(InvalidInput, match="revoked already"):
        await perform(database, viewer, revoke_token, first.key)
    # Who is told so can revoke them as well.
    found = await perform(database, viewer, revoke_token, first.key, made_with_it=True)
    assert found == [third.key, fourth.key]
    assert await find_live(database, family) == []
    with pytest.raises(InvalidInput, match="revoked already"):
        await perform(database, viewer, revoke_token, first.key, made_with_it=True)


async def test_it_is_revoked_with_all_that_was_made_with_it(database: Database, viewer: Viewer) -> None:
    first, third, fourth = family = await make_family(database, viewer)
    found = await perform(database, viewer, revoke_token, first.key, made_with_it=True)
    assert found == [third.key, fourth.key]
    assert await find_live(database, family) == []


async def test_others_tokens_are_an_admins_to_know_of(database: Database, viewer: Viewer) -> None:
    first, third, fourth = family = await make_family(database, viewer)
    lower = Viewer(viewer.researcher, Role.EDITOR)
    assert await perform(database, lower, revoke_token, first.key, made_with_it=True) == [third.key]
    assert await find_live(database, family) == [fourth]


async def test_what_is_made_with_a_token_while_it_is_revoked_is_found_or_refused(
    committed_database: Database, viewer: Viewer
) -> None:
    database = committed_database
    first = await make_token(database, viewer)
    with_it = replace(viewer, token=first.key)
    made, go_on = asyncio.Event(), asyncio.Event()

    async def make_slowly(session: WriteSession) -> MadeToken:
        token = await create_token(session, with_it, NewToken("slow"))
        made.set()
        await go_on.wait()
        return token

    making = asyncio.ensure_future(database.write(viewer.researcher, make_slowly))
    await asyncio.wait_for(made.wait(), 20)
    revoking = asyncio.ensure_future(perform(database, viewer, revoke_token, first.key, made_with_it=True))
    await until(lambda: read_rows(database, WAITING))
    go_on.set()
    second = await making
    assert await revoking == [second.key]
    with pytest.raises(NotPermitted, match="revoked meanwhile"):
        await make_token(database, with_it)


async def test_nobody_makes_tokens_for_the_disabled(database: Database, viewer: Viewer) -> None:
    nadia = await make_viewer(database, Role.EDITOR)
    await perform(database, viewer, disable_researcher, nadia.researcher)
    with pytest.raises(InvalidInput, match="is disabled"):
        await make_token(database, viewer, researcher=nadia.researcher)
    with pytest.raises(InvalidInput, match="is disabled"):
        await perform(database, nadia, create_sign_in)


async def test_there_is_an_end_to_tokens(
    database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MAX_TOKENS", 2)
    first = await make_token(database, viewer)
    await make_token(database, viewer)
    with pytest.raises(InvalidInput, match="2 tokens already"):
        await make_token(database, viewer)
    await perform(database, viewer, revoke_token, first.key)
    await make_token(database, viewer)


async def exchange(database: Database, code: str) -> MadeToken:
    return await database.write(NOBODY, lambda session: exchange_sign_in(session, code))


async def test_a_sign_in_code_is_good_once(committed_database: Database, viewer: Viewer) -> None:
    database = committed_database
    reader = Viewer(viewer.researcher, Role.READER)
    code = await perform(database, reader, create_sign_in)
    answers = await asyncio.gather(
        *(exchange(database, code.letters) for _ in range(5)), return_exceptions=True
    )
    (made,) = (each for each in answers if isinstance(each, MadeToken))
    assert sum(isinstance(each, NotAuthenticated) for each in answers) == 4
    row = await read_row(database, "token", made.key)
    assert (row["researcher"], row["role"], row["purpose"]) == (str(viewer.researcher), "READER", "ACCESS")
    last = (await read_revisions(database, viewer.researcher))[-1]
    assert last["actor"] == str(viewer.researcher)


@pytest.mark.parametrize(
    "spoil", ["expires_at = now() - interval '1 s'", "revoked_at = now()", "purpose = 'ACCESS'"]
)
async def test_a_code_that_is_over_signs_nobody_in(
    committed_database: Database, viewer: Viewer, spoil: str
) -> None:
    code = await perform(committed_database, viewer, create_sign_in)
    await committed_database.write(
        viewer.researcher, lambda session: session.execute(text(f"UPDATE token SET {spoil}"))
    )
    with pytest.raises(NotAuthenticated):
        await exchange(committed_database, code.letters)


async def test_a_code_of_the_disabled_signs_nobody_in(database: Database, viewer: Viewer) -> None:
    nadia = await make_viewer(database, Role.EDITOR)
    code = await perform(database, nadia, create_sign_in)
    await perform(database, viewer, disable_researcher, nadia.researcher)
    with pytest.raises(NotAuthenticated):
        await exchange(database, code.letters)


async def test_who_records_meanwhile_keeps_nobody_from_signing_in(
    dsn: str, settings: Settings, viewer: Viewer
) -> None:
    """An import is seconds in one transaction; accounts and tokens do not wait for it."""
    database = await Database.open(dsn, settings.model_copy(update={"lock_timeout_ms": 200}))
    try:
        other = await make_viewer(database, Role.ADMIN)

        async def record(session: WriteSession) -> None:
            await record_event(session, viewer, NewEvent(title="a fire"))
            await perform(database, viewer, create_token, NewToken("laptop"))
            code = await perform(database, viewer, create_sign_in)
            await database.write(NOBODY, lambda session: exchange_sign_in(session, code.letters))
            await perform(database, viewer, change_role, other.researcher, Role.EDITOR)

        await database.write(viewer.researcher, record)
    finally:
        await database.close()
