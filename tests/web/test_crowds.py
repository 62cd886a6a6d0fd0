"""Where all places are taken, those make room on which nothing is asked; who is answered is left alone."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from typing import cast

import pytest

from app.database import Database
from app.settings import Settings
from app.web import crowds
from app.web.connections import BoundedProtocol
from app.web.crowds import SPARE_FILES, count_places, raise_file_limit
from tests.conftest import NewDatabase
from tests.waiting import until
from tests.web.conftest import Serve, Site
from tests.web.frames import handshake
from tests.web.raw import ME, Line, connected, spell

PLACES = 40
CLOSED = PLACES * crowds.CLOSED_PERCENT // 100
BUSY = spell(ME)[:-5]


@pytest.fixture
async def small(serve: Serve, clone: NewDatabase) -> AsyncIterator[Site]:
    settings = Settings(database_url=None, client_connections=PLACES)
    async with clone() as dsn:
        database = await Database.open(dsn, settings)
        async with serve(database, settings) as site:
            yield site
        await database.close()


async def open_lines(stack: AsyncExitStack, site: Site, number: int, sent: bytes = b"") -> list[Line]:
    """As many connections, one after the other, each known to the server before the next."""
    lines = []
    for _ in range(number):
        before = len(site.server.server_state.connections)
        lines.append(await stack.enter_async_context(connected(site.port)))
        lines[-1].writer.write(sent)
        await until(partial(has_changed, site, before))
    return lines


def has_changed(site: Site, before: int) -> bool:
    return len(site.server.server_state.connections) != before


def count_ended(lines: list[Line]) -> int:
    return sum(line.reader.at_eof() for line in lines)


@pytest.mark.parametrize("sent", [b"", b"GET /livez HTT"], ids=["nothing asked", "half a head"])
async def test_who_has_rested_longest_makes_room(small: Site, sent: bytes) -> None:
    async with AsyncExitStack() as stack:
        socket, body = (
            await open_lines(stack, small, 1, handshake()),
            await open_lines(stack, small, 1, BUSY),
        )
        await socket[0].reader.readuntil(b"\r\n\r\n")
        first, *others = await open_lines(stack, small, PLACES - 2, sent)
        [answered] = others[:1]
        if not sent:
            assert (await answered.ask(spell(ME)))[0] == b"HTTP/1.1 200 OK"
        for line in await open_lines(stack, small, 3):
            assert (await line.ask(spell(ME)))[0] == b"HTTP/1.1 200 OK"
        await until(lambda: count_ended([first, *others]) >= CLOSED)
        assert first.reader.at_eof()
        assert not answered.reader.at_eof() or sent
        assert len(small.server.server_state.connections) <= PLACES
        body[0].writer.write(spell(ME)[-5:])
        assert (await body[0].hear())[0] == b"HTTP/1.1 200 OK"
        assert not socket[0].reader.at_eof()


async def test_where_all_are_busy_a_new_one_is_closed(small: Site) -> None:
    async with AsyncExitStack() as stack:
        busy = await open_lines(stack, small, PLACES, BUSY)
        known = cast("set[BoundedProtocol]", small.server.server_state.connections)
        await until(lambda: all(each.rests_since is None for each in known))
        async with connected(small.port) as line, asyncio.timeout(20):
            assert await line.reader.read() == b""
        for each in busy:
            each.writer.write(spell(ME)[-5:])
            assert (await each.hear())[0] == b"HTTP/1.1 200 OK"


async def test_who_comes_last_stays_where_another_makes_room(small: Site) -> None:
    async with AsyncExitStack() as stack:
        await open_lines(stack, small, PLACES - 1, BUSY)
        [rested] = await open_lines(stack, small, 1)
        assert CLOSED > 1
        async with connected(small.port) as line:
            assert (await line.ask(spell(ME)))[0] == b"HTTP/1.1 200 OK"
        async with asyncio.timeout(20):
            assert await rested.reader.read() == b""


async def test_for_many_who_come_at_once_no_more_make_room_than_come(small: Site) -> None:
    async with AsyncExitStack() as stack:
        rested = await open_lines(stack, small, PLACES)
        coming = [stack.enter_async_context(connected(small.port)) for _ in range(5 * CLOSED)]
        for line in await asyncio.gather(*coming):
            assert (await line.ask(spell(ME)))[0] == b"HTTP/1.1 200 OK"
        await until(lambda: count_ended(rested) >= 5 * CLOSED)
        assert len(small.server.server_state.connections) == PLACES
        assert count_ended(rested) == 5 * CLOSED


@pytest.mark.parametrize(
    ("limit", "places"), [((1_024, 4_096), 824), ((100, 100), 50), ((resource.RLIM_INFINITY,) * 2, 10_000)]
)
def test_there_are_no_more_places_than_files(
    limit: tuple[int, int], places: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: limit)
    assert count_places(10_000) == places
    assert count_places(10) == 10


@pytest.mark.parametrize(
    ("limit", "raised"),
    [
        ((1_024, 4_096), (4_096, 4_096)),
        ((1_024, 1_048_576), (10_000 + SPARE_FILES, 1_048_576)),
        ((1_024, resource.RLIM_INFINITY), (10_000 + SPARE_FILES, resource.RLIM_INFINITY)),
        ((65_536, 65_536), None),
        ((resource.RLIM_INFINITY,) * 2, None),
    ],
)
def test_the_limit_of_files_is_raised_as_far_as_need_be(
    limit: tuple[int, int], raised: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: limit)
    monkeypatch.setattr(resource, "setrlimit", lambda _, wanted: asked.append(wanted))
    raise_file_limit(10_000)
    assert asked == ([] if raised is None else [raised])
