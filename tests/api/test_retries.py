"""A mutation that is sent again, and the key it is known by."""

from __future__ import annotations

import asyncio

import pytest

from app.api.execution import Engine
from app.database import Database
from app.permissions import Viewer
from tests.api.conftest import Ask, asking
from tests.api.documents import do, record_source
from tests.api.schemas import SCHEMA


async def test_a_key_gives_the_first_answer_again(ask: Ask) -> None:
    given = {"kind": "PERSON", "name": "Ann", "idempotencyKey": "retry-1"}
    first = await do(ask, "recordAgent", "agent { id }", **given)
    again = await do(ask, "recordAgent", "agent { id name }", **given)
    assert again["agent"]["id"] == first["agent"]["id"]
    other = await do(ask, "recordAgent", "agent { id }", **{**given, "name": "Bob"})
    assert other["__typename"] == "IdempotencyConflict"
    counted = await ask("{ agents { totalCount } }")
    assert counted["data"]["agents"]["totalCount"] == 1


async def test_a_refusal_leaves_its_key_unused(ask: Ask) -> None:
    given = {"kind": "PERSON", "name": " ", "idempotencyKey": "retry-1"}
    assert (await do(ask, "recordAgent", "agent { id }", **given))["__typename"] == "InvalidInput"
    done = await do(ask, "recordAgent", "agent { name }", **{**given, "name": "Ann"})
    assert done["agent"]["name"] == "Ann"


@pytest.mark.parametrize("key", ["", " ", "a\x00b", "\ud800", "x" * 201])
async def test_an_idempotency_key_that_cannot_be_kept_is_refused(ask: Ask, key: str) -> None:
    done = await do(ask, "recordAgent", "agent { id }", kind="PERSON", name="A", idempotencyKey=key)
    assert done["problems"][0]["path"] == ["idempotencyKey"]


async def test_a_field_left_out_is_another_request_than_an_empty_one(ask: Ask) -> None:
    source = await record_source(ask)
    given = {"source": source, "expectedVersion": 1, "idempotencyKey": "k"}
    assert (await do(ask, "amendSource", "source { version }", **given, note="n"))["source"]["version"] == 2
    for other in ({}, {"note": ""}, {"note": None}):
        done = await do(ask, "amendSource", "source { version }", **given, **other)
        assert done["code"] == "IDEMPOTENCY_CONFLICT"


async def test_retries_at_once_are_done_once(committed_database: Database, viewer: Viewer) -> None:
    ask = asking(Engine(SCHEMA, committed_database), viewer)
    given = {"kind": "PERSON", "name": "Sent often", "idempotencyKey": "k"}
    sent = [do(ask, "recordAgent", "agent { id version }", **given) for _ in range(20)]
    ids = {done["agent"]["id"] for done in await asyncio.gather(*sent)}
    assert len(ids) == 1
    assert (await ask("{ agents { totalCount } }"))["data"] == {"agents": {"totalCount": 1}}
