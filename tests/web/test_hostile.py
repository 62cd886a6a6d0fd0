"""Every request of the campaign is answered as it may be, and nothing of it stands in the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from app.cli.logs import JsonLines
from app.database import Database
from app.settings import Settings
from app.web import connections
from tests.conftest import NewDatabase
from tests.waiting import until
from tests.web import hostile
from tests.web.conftest import Serve, Site
from tests.web.hostile_sockets import SOCKET_ATTACKS, SocketAttack, carry_out, sit_idle
from tests.web.raw import exchange, read_status

ALIVE = b"GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
HEAD = b"GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: "


@pytest.fixture(scope="module")
async def open_site(serve: Serve, clone: NewDatabase) -> AsyncIterator[Site]:
    """A server with the settings it has unless told otherwise."""
    settings = Settings(database_url=None)
    async with clone() as dsn:
        database = await Database.open(dsn, settings)
        async with serve(database, settings) as site:
            yield site
        await database.close()


def logged(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(
        JsonLines().format(record) for record in caplog.records if record.name.startswith(("app", "uvicorn"))
    )


@pytest.mark.parametrize("attack", hostile.ATTACKS, ids=lambda attack: attack.name)
async def test_a_hostile_request_is_answered_and_leaves_nothing_in_the_log(
    open_site: Site, attack: hostile.Attack, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        response = await exchange(open_site.port, attack.make())
        assert read_status(await exchange(open_site.port, ALIVE)) == 200
    assert read_status(response) in attack.answered
    assert b'"INTERNAL"' not in response
    assert hostile.SPARED not in response
    assert hostile.find_secrets(logged(caplog)) == []


@pytest.mark.parametrize("attack", SOCKET_ATTACKS, ids=lambda attack: attack.name)
async def test_a_hostile_socket_is_ended_with_a_reason_or_borne(
    open_site: Site, attack: SocketAttack, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        code, reason, received = await carry_out(open_site.port, attack, seconds=30)
        assert read_status(await exchange(open_site.port, ALIVE)) == 200
    assert code in attack.closed
    assert reason or code is None
    assert b"permessage-deflate" not in received
    assert b'"INTERNAL"' not in received
    assert hostile.SPARED not in received
    assert hostile.find_secrets(logged(caplog)) == []
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_sockets_that_say_nothing_have_bounds(serve: Serve, clone: NewDatabase) -> None:
    settings = Settings(database_url=None, sockets_per_address=5)
    async with clone() as dsn:
        database = await Database.open(dsn, settings)
        async with serve(database, settings) as site:
            assert await sit_idle(site.port, 8) == (5, 3)

            # Their seats are free again.
            async def is_let_in() -> bool:
                return await sit_idle(site.port, 1) == (1, 0)

            await until(is_let_in)
        await database.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [(HEAD, 408), (b"GET /livez HT", 408), (HEAD + b"x" * 200_000, 431)],
)
async def test_a_head_has_bounds(
    open_site: Site, sent: bytes, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if status == 408:  # one that is too long may be long in coming, on a busy machine
        monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    async with asyncio.timeout(15):
        response = await exchange(open_site.port, sent, seconds=20)
    assert read_status(response) == status


@pytest.mark.parametrize("sent", [b"", b"\r\n\r\n"])
async def test_a_connection_that_was_opened_ahead_is_closed_without_a_word(
    open_site: Site, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    async with asyncio.timeout(15):
        assert await exchange(open_site.port, sent, seconds=20) == b""


async def test_a_second_request_on_a_connection_has_the_same_bounds(
    open_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    whole = ALIVE.replace(b"connection: close\r\n", b"")
    response = await exchange(open_site.port, whole + whole + HEAD, seconds=20)
    assert response.count(b"HTTP/1.1 200 OK") == 2
    assert response.count(b"HTTP/1.1 408") == 1


async def test_a_connection_that_waits_for_its_next_request_is_kept(
    open_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", open_site.port)
    whole = ALIVE.replace(b"connection: close\r\n", b"")
    for _ in range(3):
        writer.write(whole)
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(len('{"status":"live"}'))
        await asyncio.sleep(0.3)
    writer.close()
