"""`sayso serve` and `sayso demo` from start to end. Each test starts real servers: there are few."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import httpx

from app.web import read_queries
from tests.cli.conftest import Sayso, Server

RECORD = """
mutation Record($title: String!) {
  recordEvent(input: { title: $title }) { __typename ... on EventPayload { event { id } } }
}
"""
# Events that are recorded at least before a server is killed.
RECORDED = 10
COUNTS = "{ claims { totalCount } sources { totalCount } agents { totalCount } assessments { totalCount } }"


def test_the_demo_records_its_sample_once_and_ends_cleanly(sayso: Sayso) -> None:
    demo = sayso.start("demo")
    for query in read_queries():
        assert query.text in demo.output
    counts = demo.query(COUNTS)
    assert counts["claims"] == {"totalCount": 69}
    for query in read_queries():
        (answer,) = demo.query(query.text).values()
        assert answer["edges"], query.title

    beside = sayso.run("status", "--json")
    assert beside.returncode == 0, beside.stderr
    told = json.loads(beside.stdout)
    assert told["running"] is True
    assert told["rows"]["claim"] == 69
    revisions = told["rows"]["revision"]

    assert demo.end(signal.SIGINT) == 0
    assert demo.said.rstrip().endswith("Stopped.")
    assert sayso.is_down()

    begun = time.monotonic()
    again = sayso.start("demo")
    assert time.monotonic() - begun < 30
    assert again.query(COUNTS) == counts
    assert again.end(signal.SIGTERM) == 0
    assert sayso.is_down()
    after = json.loads(sayso.run("status", "--json").stdout)
    assert after["running"] is False
    # The code of the link, its use, and the token that it was exchanged for.
    assert after["rows"]["revision"] == revisions + 3


def test_an_interrupted_start_and_kill_9_leave_no_process_and_lose_nothing(sayso: Sayso) -> None:
    log = sayso.folder.with_name("interrupted.log")
    process = sayso.begin("serve", "--port", "0", log=log)
    await_words(lambda: log.read_text(), "Creating")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    assert process.wait(30) == 130
    assert "Traceback" not in log.read_text()
    assert sayso.is_down()

    server = sayso.start("serve")
    acknowledged = record_events(server)
    assert server.process.wait(10) == -signal.SIGKILL
    assert sayso.is_down()
    assert len(acknowledged) >= RECORDED

    server = sayso.start("serve")
    assert acknowledged <= read_events(server)
    mine = {"query": "query Mine { __typename }", "secret": "hidden"}
    assert httpx.get(server.url, params=mine, headers=server.headers).json() == {
        "data": {"__typename": "Query"}
    }
    httpx.get(server.url, params={"query": "{ __typename }"}, headers={"authorization": "Bearer hidden"})
    assert server.end(signal.SIGINT) == 0
    # The log has one object for each request, and holds nothing that was asked.
    lines = [json.loads(line) for line in server.said.splitlines() if line.startswith("{")]
    assert {line["operation"] for line in lines} == {"Page", "Mine", None}
    assert "hidden" not in server.said
    assert "sayso_" not in server.said


def await_words(read: Callable[[], str], words: str) -> None:
    end = time.monotonic() + 30
    while words not in read():
        assert time.monotonic() < end, read()
        time.sleep(0.02)


def record_events(server: Server) -> set[str]:
    """The ids of the events whose recording the server acknowledged before it was killed, at some moment of
    recording another."""
    acknowledged: set[str] = set()
    killer = threading.Timer(0.2, server.process.kill)
    with suppress(httpx.TransportError), httpx.Client(timeout=30, headers=server.headers) as client:
        while True:
            body = {"query": RECORD, "variables": {"title": "an event"}}
            answer = client.post(server.url, json=body).json()
            acknowledged.add(answer["data"]["recordEvent"]["event"]["id"])
            if len(acknowledged) == RECORDED:
                killer.start()
    killer.join()
    return acknowledged


def read_events(server: Server) -> set[str]:
    found: set[str] = set()
    after = None
    while True:
        page = server.query(
            "query Page($after: String) { events(first: 100, after: $after)"
            " { edges { node { id } } pageInfo { hasNextPage endCursor } } }",
            after=after,
        )["events"]
        found |= {edge["node"]["id"] for edge in page["edges"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


def test_two_servers_share_a_database_and_the_second_outlives_the_first(sayso: Sayso) -> None:
    first = sayso.start("serve")
    second = sayso.start("serve")
    assert first.url != second.url
    kept = first.query(RECORD, title="said to the first")["recordEvent"]["event"]["id"]
    ask = "query Ask($id: ID!) { event(id: $id) { title } }"
    assert second.query(ask, id=kept) == {"event": {"title": "said to the first"}}
    first.process.kill()
    await_words(lambda: second.said, "the database runs again")
    assert second.query(ask, id=kept) == {"event": {"title": "said to the first"}}
    assert httpx.get(second.url.replace("/graphql", "/readyz")).status_code == 200
    assert not sayso.is_down(seconds=0)
    assert second.end(signal.SIGTERM) == 0, second.said
    assert sayso.is_down()


def test_a_port_in_use_is_said_before_anything_is_made(sayso: Sayso) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = sayso.run("serve", "--port", str(port))
    assert done.returncode == 3
    assert f"Port {port} on 127.0.0.1 cannot be listened on: Address already in use." in done.stderr
    assert "--port 0" in done.stderr
    assert not sayso.folder.exists()
