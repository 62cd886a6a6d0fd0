from __future__ import annotations

import asyncio
import json
import signal
import socket
from collections.abc import Iterator

import httpx
import pytest

from app.api.execution import Engine
from app.database import Database
from app.errors import SettingInvalid
from app.permissions import Viewer
from app.settings import Settings
from app.web import create_app
from app.web.server import bind, find_url, is_listened_on, make_server
from tests.api.schemas import SCHEMA
from tests.ports import reserve_port


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_a_port_in_use_is_refused(taken: int) -> None:
    with pytest.raises(SettingInvalid, match=f"Port {taken} on 127.0.0.1 .*Address already in use"):
        bind("127.0.0.1", taken)


def test_whether_anything_listens_is_found_out() -> None:
    with reserve_port() as reserved:
        port = reserved.getsockname()[1]
        with socket.create_server(("127.0.0.1", port)):
            assert is_listened_on("127.0.0.1", port)
            assert is_listened_on("0.0.0.0", port)
        assert not is_listened_on("127.0.0.1", port)
    assert not is_listened_on("host.invalid", port)


@pytest.mark.parametrize("host", ["no such host", "host.invalid", "192.0.2.1", "x" * 70 + ".invalid"])
def test_an_address_that_is_not_here_is_refused(host: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        bind(host, 0)
    assert host in refused.value.message


@pytest.mark.parametrize(
    ("host", "begins"),
    [("127.0.0.1", "http://127.0.0.1:"), ("localhost", "http://"), ("0.0.0.0", "http://127.0.0.1:")],
)
def test_port_0_is_a_free_one_that_can_be_browsed(host: str, begins: str) -> None:
    with bind(host, 0) as listener:
        port = listener.getsockname()[1]
        assert port > 0
        assert find_url(listener).startswith(begins)
        assert find_url(listener).endswith(f":{port}")
        socket.create_connection((listener.getsockname()[0], port)).close()


def test_an_address_of_ipv6_is_written_in_brackets() -> None:
    try:
        listener = bind("::1", 0)
    except SettingInvalid as problem:
        assert "::1" in problem.message  # noqa: PT017 - a machine without IPv6 says so
        return
    with listener:
        assert find_url(listener).startswith("http://[::1]:")


async def test_a_request_under_way_is_answered_before_the_server_ends(
    committed_database: Database, viewer: Viewer, settings: Settings
) -> None:
    begun, released = asyncio.Event(), asyncio.Event()

    async def provide(_scope: object) -> Viewer:
        begun.set()
        await released.wait()
        return viewer

    engine = Engine(SCHEMA, committed_database)
    ready = asyncio.Event()
    server = make_server(create_app(engine, committed_database, provide, settings), ready.set)
    with bind("127.0.0.1", 0) as listener:
        url = find_url(listener)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await ready.wait()
        async with httpx.AsyncClient() as client:
            asking = asyncio.create_task(client.post(f"{url}/graphql", json={"query": "{ viewer { name } }"}))
            await begun.wait()
            server.should_exit = True
            await asyncio.sleep(0.3)
            assert not serving.done()
            with pytest.raises(httpx.ConnectError):
                await client.get(f"{url}/livez")
            released.set()
            assert json.loads((await asking).content) == {"data": {"viewer": {"name": "local"}}}
        await asyncio.wait_for(serving, 10)


async def test_a_server_that_is_to_end_says_so_first(
    committed_database: Database, viewer: Viewer, settings: Settings
) -> None:
    async def provide(_scope: object) -> Viewer:
        return viewer

    draining = settings.model_copy(update={"drain_seconds": 600})
    ready = asyncio.Event()
    application = create_app(Engine(SCHEMA, committed_database), committed_database, provide, draining)
    server = make_server(application, ready.set, draining)
    with bind("127.0.0.1", 0) as listener:
        url = find_url(listener)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await ready.wait()
        async with httpx.AsyncClient(base_url=url) as client:
            assert (await client.get("/readyz")).status_code == 200
            server.handle_exit(signal.SIGTERM, None)
            refused = await client.get("/readyz")
            assert refused.status_code == 503
            assert "about to end" in refused.json()["message"]
            answer = await client.post("/graphql", json={"query": "{ viewer { name } }"})
            assert answer.json() == {"data": {"viewer": {"name": "local"}}}
        assert not serving.done()
        server.handle_exit(signal.SIGTERM, None)  # somebody does not want to wait
        await asyncio.wait_for(serving, 20)
