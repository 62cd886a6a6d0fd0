"""Tokens → viewers, on real Postgres; the clock alone is the test's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.auth import Authenticator, attempts
from app.auth import authenticator as authentication
from app.auth.attempts import FREE_FAILURES, LONGEST_WAIT_SECONDS
from app.auth.authenticator import KEPT_SECONDS
from app.database import Database
from app.domain.tokens import ALPHABET, prefix_of, spell_token
from app.domain.vocabulary import Role
from app.errors import NotAuthenticated, TooManyAttempts
from app.permissions import NOBODY, Viewer
from app.services.researchers import change_role, disable_researcher
from app.services.tokens import NewToken, create_sign_in, create_token, revoke_token
from app.settings import Settings
from tests.auth.test_attempts import Clock
from tests.conftest import Statements
from tests.factories import make_viewer, perform
from tests.services.reading import read_row


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def authenticator(committed_database: Database, settings: Settings, clock: Clock) -> Authenticator:
    return Authenticator(committed_database, settings, clock=clock)


def bearing(letters: str, address: str = "192.0.2.1") -> dict[str, Any]:
    header = (b"authorization", b"Bearer " + letters.encode())
    return {"type": "http", "method": "POST", "headers": [header], "client": (address, 1)}


async def change(database: Database, viewer: Viewer, sql: str) -> None:
    await database.write(viewer.researcher, lambda session: session.execute(text(sql)))


async def test_a_token_may_no_more_than_it_and_its_researcher(
    authenticator: Authenticator, committed_database: Database, viewer: Viewer
) -> None:
    nadia = await make_viewer(committed_database, Role.EDITOR)
    low = await perform(committed_database, nadia, create_token, NewToken("low", role=Role.RESEARCHER))
    high = await perform(committed_database, nadia, create_token, NewToken("high"))
    known = await authenticator(bearing(low.letters))
    assert (known, known.token) == (Viewer(nadia.researcher, Role.RESEARCHER), low.key)
    assert await authenticator(bearing(high.letters)) == nadia
    await perform(committed_database, viewer, change_role, nadia.researcher, Role.READER)
    authenticator.forget()
    assert await authenticator(bearing(high.letters)) == Viewer(nadia.researcher, Role.READER)


async def test_it_is_known_until_when_a_token_lasts(
    authenticator: Authenticator, committed_database: Database, viewer: Viewer
) -> None:
    """No token that it makes may last longer."""
    until = datetime.now(UTC) + timedelta(hours=1)
    brief = await perform(committed_database, viewer, create_token, NewToken("brief", expires_at=until))
    lasting = await perform(committed_database, viewer, create_token, NewToken("lasting", expires_at=None))
    assert (await authenticator(bearing(brief.letters))).until == until
    assert (await authenticator(bearing(lasting.letters))).until is None


async def test_reads_are_cheap_and_what_was_revoked_elsewhere_ends_in_seconds(
    authenticator: Authenticator,
    committed_database: Database,
    viewer: Viewer,
    clock: Clock,
    statements: Statements,
) -> None:
    made = await perform(committed_database, viewer, create_token, NewToken("laptop"))
    async with statements(committed_database) as sent:
        await asyncio.gather(*(authenticator(bearing(made.letters)) for _ in range(50)))
        await authenticator(bearing(made.letters))
    assert len(sent) == 1
    await perform(committed_database, viewer, revoke_token, made.key)
    clock.now += KEPT_SECONDS - 0.1
    assert await authenticator(bearing(made.letters)) == viewer
    clock.now += 0.2
    with pytest.raises(NotAuthenticated):
        await authenticator(bearing(made.letters))
    # It stays so.
    with pytest.raises(NotAuthenticated):
        await authenticator(bearing(made.letters))


async def test_what_was_revoked_here_ends_at_once(
    authenticator: Authenticator, committed_database: Database, viewer: Viewer
) -> None:
    made = await perform(committed_database, viewer, create_token, NewToken("laptop"))
    assert await authenticator(bearing(made.letters)) == viewer
    await perform(committed_database, viewer, revoke_token, made.key)
    authenticator.forget()
    with pytest.raises(NotAuthenticated):
        await authenticator(bearing(made.letters))


async def test_a_token_that_ends_is_not_kept_past_its_end(
    authenticator: Authenticator,
    committed_database: Database,
    viewer: Viewer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(authentication, "KEPT_SECONDS", 100_000.0)
    until = datetime.now(UTC) + timedelta(hours=1)
    made = await perform(committed_database, viewer, create_token, NewToken("brief", expires_at=until))
    assert await authenticator(bearing(made.letters)) == viewer
    await change(committed_database, viewer, "UPDATE token SET expires_at = now() - interval '1 s'")
    clock.now += 3_000
    assert await authenticator(bearing(made.letters)) == viewer
    clock.now += 601
    with pytest.raises(NotAuthenticated):
        await authenticator(bearing(made.letters))


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE token SET expires_at = now() - interval '1 s'",
        "UPDATE token SET revoked_at = now()",
        "UPDATE token SET purpose = 'SIGN_IN'",
        "UPDATE token SET hash = sha256(hash)",
        "UPDATE researcher SET disabled_at = now()",
    ],
)
async def test_what_is_over_is_refused(
    authenticator: Authenticator, committed_database: Database, viewer: Viewer, spoil: str
) -> None:
    made = await perform(committed_database, viewer, create_token, NewToken("laptop"))
    await change(committed_database, viewer, spoil)
    with pytest.raises(NotAuthenticated):
        await authenticator(bearing(made.letters))


async def test_a_disabled_researcher_is_out(
    authenticator: Authenticator, committed_database: Database, viewer: Viewer
) -> None:
    nadia = await make_viewer(committed_database, Role.EDITOR)
    made = await perform(committed_database, nadia, create_token, NewToken("laptop"))
    await perform(committed_database, viewer, disable_researcher, nadia.researcher)
    with pytest.raises(NotAuthenticated):
        await authenticator(bearing(made.letters))


async def test_the_last_use_is_written_beside_and_seldom(
    authenticator: Authenticator, committed_database: Database, viewer: Viewer, clock: Clock
) -> None:
    made = await perform(committed_database, viewer, create_token, NewToken("laptop"))
    await authenticator(bearing(made.letters))
    await authenticator.close()
    first = (await read_row(committed_database, "token", made.key))["last_used_at"]
    assert first
    clock.now += KEPT_SECONDS + 1  # looked up again, but it is no minute yet
    await authenticator(bearing(made.letters))
    await authenticator.close()
    assert (await read_row(committed_database, "token", made.key))["last_used_at"] == first
    await change(committed_database, viewer, "UPDATE token SET last_used_at = now() - interval '61 s'")
    clock.now += KEPT_SECONDS + 1
    await authenticator(bearing(made.letters))
    await authenticator.close()
    assert (await read_row(committed_database, "token", made.key))["last_used_at"] > first


async def test_reading_without_a_token_is_a_setting(committed_database: Database, settings: Settings) -> None:
    nobody: dict[str, Any] = {"type": "http", "method": "GET", "headers": [], "client": None}
    with pytest.raises(NotAuthenticated) as caught:
        await Authenticator(committed_database, settings)(nobody)
    assert not caught.value.given
    open_to_all = Authenticator(committed_database, settings.model_copy(update={"read_without_token": True}))
    assert await open_to_all(nobody) == Viewer(NOBODY, Role.READER)
    # A wrong token is wrong there too.
    with pytest.raises(NotAuthenticated):
        await open_to_all(bearing("sayso_nonsense"))


async def test_guessing_costs_the_database_little(
    authenticator: Authenticator,
    committed_database: Database,
    viewer: Viewer,
    statements: Statements,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attempts, "SPACING_SECONDS", 0.125)
    monkeypatch.setattr(attempts, "LONGEST_WAIT_SECONDS", 0.375)
    made = await perform(committed_database, viewer, create_token, NewToken("laptop"))
    assert await authenticator(bearing(made.letters)) == viewer
    async with statements(committed_database) as sent:
        for number in range(FREE_FAILURES):
            with pytest.raises(NotAuthenticated):
                await authenticator(bearing(f"sayso_{number}"))  # no checksum: not even looked up
        assert sent == []
        guesses = [spell_token(ALPHABET[number] * 32) for number in range(20)]
        answers = await asyncio.gather(
            *(authenticator(bearing(guess)) for guess in guesses), return_exceptions=True
        )
    refused = [type(answer) for answer in answers]
    assert refused.count(NotAuthenticated) == len(sent) == 4
    assert refused.count(TooManyAttempts) == 16
    # Whoever was right before is not kept waiting.
    assert await authenticator(bearing(made.letters)) == viewer


async def test_a_token_that_is_right_no_more_waits_as_any_other(
    authenticator: Authenticator,
    committed_database: Database,
    viewer: Viewer,
    clock: Clock,
    statements: Statements,
) -> None:
    """A client that was not told goes on sending it, as fast as it can."""
    made = await perform(committed_database, viewer, create_token, NewToken("laptop"))
    token = bearing(made.letters)
    assert await authenticator(token) == viewer
    await perform(committed_database, viewer, revoke_token, made.key)
    clock.now += KEPT_SECONDS + 0.1
    for _ in range(FREE_FAILURES):
        with pytest.raises(NotAuthenticated):
            await authenticator(token)
    # Others have taken the next turns.
    for _ in range(int(LONGEST_WAIT_SECONDS) + 1):
        authenticator._attempts.wait("192.0.2.1", prefix_of(made.letters))
    async with statements(committed_database) as sent:
        for _ in range(3):
            with pytest.raises(TooManyAttempts):
                await authenticator(token)
    assert sent == []


async def test_a_link_or_a_token_signs_a_browser_in(
    authenticator: Authenticator, committed_database: Database, viewer: Viewer
) -> None:
    code = await perform(committed_database, viewer, create_sign_in)
    with pytest.raises(NotAuthenticated):  # it is good for nothing else
        await authenticator(bearing(code.letters))
    signed_in = await authenticator.sign_in(bearing(""), code.letters)
    assert signed_in.letters != code.letters
    assert await authenticator(bearing(signed_in.letters)) == viewer
    with pytest.raises(NotAuthenticated):
        await authenticator.sign_in(bearing(""), code.letters)
    made = await perform(committed_database, viewer, create_token, NewToken("laptop"))
    assert (await authenticator.sign_in(bearing(""), made.letters)).letters == made.letters
    for wrong in ("", "sayso_x", spell_token("0" * 32)):
        with pytest.raises(NotAuthenticated):
            await authenticator.sign_in(bearing(""), wrong)

    await authenticator.sign_out(bearing(signed_in.letters))
    with pytest.raises(NotAuthenticated):
        await authenticator(bearing(signed_in.letters))
    # A token that was made for more than this browser is not ended by it.
    await authenticator.sign_out(bearing(made.letters))
    assert await authenticator(bearing(made.letters)) == viewer
