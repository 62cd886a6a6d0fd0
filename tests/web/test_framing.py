"""Messages of HTTP/1.1 that few clients send (RFC 9110, RFC 9112): what they mean, and what they may cost."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import pytest

from app.web.connections import MAX_HEAD_BYTES, MAX_TARGET_BYTES
from tests.web.conftest import Site
from tests.web.raw import ME, connected, exchange, read_all, read_status, spell, spell_get

CLOSE = "connection: close"
BODY = json.dumps({"query": ME}).encode()


def in_chunks(*chunks: bytes, said: bytes = b"", trailers: bytes = b"") -> bytes:
    """A POST of these chunks; `said` stands behind the length of each."""
    head = spell(ME, headers=[CLOSE], chunked=True).partition(b"\r\n\r\n")[0]
    parts = [b"%x%b\r\n%b\r\n" % (len(chunk), said, chunk) for chunk in chunks]
    return head + b"\r\n\r\n" + b"".join((*parts, b"0\r\n", trailers, b"\r\n"))


async def test_trailers_are_no_headers(site: Site) -> None:
    trailers = b"x-request-id: trailer\r\norigin: https://elsewhere.example\r\naccept: text/html\r\n"
    [(status, headers, body)] = read_all(await exchange(site.port, in_chunks(BODY, trailers=trailers)))
    assert (status, headers[b"x-request-id"]) == (b"HTTP/1.1 200 OK", b"a")
    assert b"local" in body


@pytest.mark.parametrize("said", [b"", b";a", b';a="b;c";d=e'])
async def test_what_is_said_with_a_chunk_is_left_aside(site: Site, said: bytes) -> None:
    """A byte a chunk, too."""
    chunks = [BODY[place : place + 1] for place in range(len(BODY))]
    [(status, _, body)] = read_all(await exchange(site.port, in_chunks(*chunks, said=said)))
    assert status == b"HTTP/1.1 200 OK"
    assert b"local" in body


ENDLESS = b"x" * (3 * MAX_HEAD_BYTES)


@pytest.mark.parametrize(
    "sent",
    [
        in_chunks(BODY, trailers=b"x: " + ENDLESS),
        in_chunks(BODY, trailers=b"x: y\r\n" * (MAX_HEAD_BYTES // 2)),
        in_chunks(BODY, said=b";x=" + ENDLESS),
        in_chunks(BODY).replace(b"\r\n0\r\n", b"\r\n" + b"0" * len(ENDLESS)),
    ],
)
async def test_what_is_no_body_has_an_end(site: Site, sent: bytes) -> None:
    """Else one connection could fill the memory: no limit of heads or bodies counts it."""
    async with connected(site.port) as line, asyncio.timeout(10):
        line.writer.write(sent)
        received = b""
        with suppress(ConnectionError):  # what was sent on may be refused before the answer is read
            received = await line.reader.read()
        assert read_status(received) in (400, None)
    assert read_status(await exchange(site.port, spell(ME, headers=[CLOSE]))) == 200


async def test_a_long_body_in_chunks_is_no_long_head(site: Site) -> None:
    chunks = [b" " * 300] * 100
    [(status, _, body)] = read_all(
        await exchange(site.port, in_chunks(*chunks, BODY, said=b";a=" + b"b" * 900))
    )
    assert status == b"HTTP/1.1 200 OK"
    assert b"local" in body


async def test_what_is_broken_behind_an_answer_ends_the_connection_without_another(site: Site) -> None:
    """Who sends requests in a row would take a second answer for that to the next one."""
    too_large = spell(ME, headers=["accept: text/html"], chunked=True).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    async with connected(site.port) as line:
        assert (await line.ask(too_large))[0].split()[1] == b"406"
        line.writer.write(b"no chunk\r\n")
        async with asyncio.timeout(10):
            assert await line.reader.read() == b""


@pytest.mark.parametrize("coding", ["gzip, chunked", "x-other, chunked"])
async def test_other_transfer_codings_are_not_known(site: Site, coding: str) -> None:
    sent = in_chunks(BODY).replace(b": chunked", b": " + coding.encode())
    assert read_status(await exchange(site.port, sent)) == 501


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("http://127.0.0.1/graphql", "127.0.0.1", 200),
        ("HTTPS://localhost:1/graphql", "evil.example", 200),
        ("http://evil.example/graphql", "127.0.0.1", 421),
        ("http://a:b@127.0.0.1/graphql", "127.0.0.1", 421),
        ("http:///graphql", "127.0.0.1", 400),
    ],
)
async def test_a_target_in_absolute_form_names_the_host(
    site: Site, target: str, host: str, status: int
) -> None:
    for sent in (spell(ME, headers=[CLOSE]), spell_get(ME, headers=[CLOSE])):
        named = sent.replace(b" /graphql", b" " + target.encode(), 1).replace(
            b"host: 127.0.0.1", b"host: " + host.encode()
        )
        assert read_status(await exchange(site.port, named)) == status


async def test_a_target_in_absolute_form_stands_for_no_host(site: Site) -> None:
    sent = spell(ME, headers=[CLOSE]).replace(b" /graphql", b" http://127.0.0.1/graphql", 1)
    for header in (b"", b"host: 127.0.0.1\r\nhost: 127.0.0.1\r\n"):
        assert read_status(await exchange(site.port, sent.replace(b"host: 127.0.0.1\r\n", header))) == 400


@pytest.mark.parametrize("version", ["2.0", "0.9"])
async def test_other_versions_are_refused(site: Site, version: str) -> None:
    assert read_status(await exchange(site.port, spell(ME, version=version))) == 505


async def test_a_client_of_1_0_is_told_of_no_continuing(site: Site) -> None:
    received = await exchange(site.port, spell(ME, headers=["expect: 100-continue"], version="1.0"))
    assert read_status(received) == 200


@pytest.mark.parametrize("more", [0, 1, 20_000])
async def test_a_target_that_is_too_long_is_one(site: Site, more: int) -> None:
    """Beyond 64 kB the parser cannot take it apart."""
    sent = spell_get(ME, headers=[CLOSE])
    length = len(sent.split()[1])
    long = sent.replace(b" HTTP", b"&x=" + b"x" * (MAX_TARGET_BYTES - length - 3 + more) + b" HTTP", 1)
    assert read_status(await exchange(site.port, long)) == 414


async def test_the_server_as_a_whole_says_what_it_takes(site: Site) -> None:
    sent = f"OPTIONS * HTTP/1.1\r\nhost: 127.0.0.1\r\n{CLOSE}\r\n\r\n".encode()
    [(status, headers, body)] = read_all(await exchange(site.port, sent))
    assert (status, body) == (b"HTTP/1.1 200 OK", b"")
    assert b"POST" in headers[b"allow"]
