"""Whom a proxy asks for: believed of the proxies that are named, and of nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from app.auth import address_of
from app.database import Database
from app.permissions import Viewer
from app.settings import Settings
from tests.web.conftest import Serve, Site
from tests.web.frames import handshake, read_close, text

ME = {"query": "{ viewer { name } }"}
Seen = list[str]
Open = Callable[..., AbstractAsyncContextManager[tuple[Site, Seen]]]


@pytest.fixture
def open_site(serve: Serve, database: Database, viewer: Viewer, settings: Settings) -> Open:
    """A server, and the addresses that its requests came from."""

    @asynccontextmanager
    async def open_(**changes: Any) -> AsyncIterator[tuple[Site, Seen]]:
        seen: Seen = []

        async def provide(scope: Any) -> Viewer:
            seen.append(address_of(scope))
            return viewer

        async with serve(database, settings.model_copy(update=changes), provider=provide) as site:
            yield site, seen

    return open_


OURS = ("127.0.0.0/8", "10.0.0.0/8", "2001:db8:1::/48")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        ((), ["192.0.2.1"], "127.0.0.1"),
        (("10.0.0.0/8",), ["192.0.2.1"], "127.0.0.1"),
        (OURS, [], "127.0.0.1"),
        (OURS, ["192.0.2.1"], "192.0.2.1"),
        (OURS, ["2001:db8::7"], "2001:db8::7"),
        # What a client wrote itself stands before what the proxies added.
        (OURS, ["6.6.6.6, 192.0.2.1"], "192.0.2.1"),
        (OURS, ["10.0.0.9, 192.0.2.1, 10.0.0.3"], "192.0.2.1"),
        (OURS, ["127.0.0.1, 192.0.2.1, 2001:db8:1::5"], "192.0.2.1"),
        (OURS, ["6.6.6.6", "192.0.2.1"], "192.0.2.1"),
        (OURS, ["', nonsense, 192.0.2.1"], "192.0.2.1"),
        (OURS, ["192.0.2.1:4711"], "192.0.2.1"),
        (OURS, [", " * 20_000 + "192.0.2.1"], "192.0.2.1"),
    ],
)
async def test_an_address_is_believed_of_named_proxies_alone(
    open_site: Open, proxies: tuple[str, ...], forwarded: list[str], address: str
) -> None:
    headers = [("x-forwarded-for", value) for value in forwarded]
    async with open_site(trusted_proxies=proxies) as (site, seen), httpx.AsyncClient(timeout=20) as client:
        answer = await client.post(f"{site.url}/graphql", json=ME, headers=headers)
        assert answer.json() == {"data": {"viewer": {"name": "local"}}}
        assert seen == [address]


async def open_socket(port: int, address: str) -> tuple[bytes, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(handshake(b"x-forwarded-for: " + address.encode()))
    received = await reader.readuntil(b"\r\n\r\n")
    writer.write(text('{"type": "connection_init"}'))
    return received + await reader.read(1_000), writer


async def test_sockets_are_counted_by_the_address_that_a_proxy_names(open_site: Open) -> None:
    changes = {"trusted_proxies": ("127.0.0.1/32",), "sockets_per_address": 1}
    async with open_site(**changes) as (site, seen):
        first, first_writer = await open_socket(site.port, "192.0.2.1")
        again, again_writer = await open_socket(site.port, "6.6.6.6, 192.0.2.1")
        other, other_writer = await open_socket(site.port, "192.0.2.2")
        assert read_close(first) is None
        assert read_close(again) == (1013, "Your address has 1 socket or stream open already.")
        assert read_close(other) is None
        assert seen == ["192.0.2.1", "192.0.2.2"]
        for writer in (first_writer, again_writer, other_writer):
            writer.transport.abort()


async def test_streams_are_counted_too(open_site: Open) -> None:
    subscription = {"query": "subscription { claimRecorded { id } }"}
    headers = {"accept": "text/event-stream"}
    async with (
        open_site(sockets_per_address=1) as (site, _),
        httpx.AsyncClient(base_url=site.url, timeout=20) as client,
        client.stream("POST", "/graphql", json=subscription, headers=headers) as stream,
    ):
        assert stream.status_code == 200
        # Who is no proxy cannot make an address up.
        forged = headers | {"x-forwarded-for": "192.0.2.1"}
        refused = await client.post("/graphql", json=subscription, headers=forged)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "10"
        assert (await client.post("/graphql", json=ME, headers=headers)).status_code == 200
    async with (
        open_site(sockets=0) as (site, _),
        httpx.AsyncClient(base_url=site.url, timeout=20) as client,
    ):
        refused = await client.post("/graphql", json=subscription, headers=headers)
        assert refused.status_code == 503
        assert "SAYSO_SOCKETS" in refused.json()["errors"][0]["message"]


@pytest.mark.parametrize("given", ["*", "proxy.example", "10.0.0.1/8", "10.0.0.0/33"])
def test_what_is_no_network_is_no_proxy(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_TRUSTED_PROXIES", f"127.0.0.1, {given}")
    with pytest.raises(ValidationError):
        Settings()
