"""Requests that wait share a statement, each gets its own answer, and none pays for another's failure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database.connections import ReadConnection
from app.database.reads import ReadPool
from app.database.sharing import (
    MAX_SHARED,
    Pace,
    Queue,
    Request,
)
from tests.conftest import NewDatabase
from tests.database.test_reads import SLEEP, started
from tests.waiting import until


@dataclass(frozen=True)
class Together:
    """A statement for many, of one that takes an integer."""

    sql: str

    def gather(self, requests: Sequence[Sequence[object]]) -> list[list[object]]:
        return [list(column) for column in zip(*requests, strict=True)]


ROWS = "FROM unnest($1::integer[]) WITH ORDINALITY AS g(n, place) ORDER BY place"
QUOTIENT = "SELECT (12 / $1::integer)::varchar"
QUOTIENTS = Together(f"SELECT (12 / n)::varchar {ROWS}")
NAP = "SELECT concat($1::integer, pg_sleep(0.1))::varchar"
NAPS = Together(f"SELECT concat(n, pg_sleep(0.1))::varchar {ROWS}")
HOLD = "SELECT concat($1::integer, pg_sleep(30))::varchar"
HOLDS = Together(f"SELECT concat(n, pg_sleep(30))::varchar {ROWS}")
LIMIT = "SELECT set_config('statement_timeout', '500', false)::varchar"
NOW = "SELECT 'now'::varchar"
EITHER = Together(NOW)


@dataclass
class Pooled:
    """A pool of one connection, and what is sent on it."""

    pool: ReadPool
    sent: list[str]

    async def fetch(self, sql: str, parameters: Sequence[object], shared: Together | None) -> bytes:
        return await self.pool.fetch_value(sql, parameters, shared)

    async def has_sent(self, sql: str) -> None:
        await until(lambda: sql in self.sent)

    @asynccontextmanager
    async def busy(self) -> AsyncIterator[None]:
        """Within the block the connection does not come back: who asks waits."""
        held = asyncio.create_task(self.pool.fetch_value(SLEEP, []))
        await begun()
        assert self.sent == [SLEEP]
        self.sent.clear()
        yield
        held.cancel()


@pytest.fixture
async def pooled(dsn: str) -> AsyncIterator[Pooled]:
    sent: list[str] = []

    class Heard(ReadConnection):
        async def fetch(self, sql: str, parameters: Sequence[object]) -> list[asyncpg.Record]:
            sent.append(sql)
            return await super().fetch(sql, parameters)

    pool = ReadPool(lambda: Heard.open(dsn, {}), 1)
    await pool.warm()
    yield Pooled(pool, sent)
    await pool.close()


@pytest.fixture(scope="session")
async def clone_for_reads(clone: NewDatabase) -> AsyncIterator[str]:
    async with clone() as dsn:
        yield dsn


def start(
    pooled: Pooled, sql: str, shared: Together | None, numbers: Sequence[int]
) -> list[asyncio.Task[bytes]]:
    return [asyncio.ensure_future(asyncio.wait_for(pooled.fetch(sql, [n], shared), 60)) for n in numbers]


async def begun() -> None:
    """Let tasks that were created reach the queue."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_nobody_waits_in_order_to_share(pooled: Pooled) -> None:
    for number in (1, 2, 3):
        assert await pooled.fetch(QUOTIENT, [number], QUOTIENTS) == str(12 // number).encode()
    assert pooled.sent == [QUOTIENT] * 3


async def test_who_waits_for_the_same_statement_shares_it(pooled: Pooled) -> None:
    # Two share whatever the first run took: on a busy machine more would not.
    numbers = [1 + n % 12 for n in range(MAX_SHARED + 2)]
    async with pooled.busy():
        tasks = start(pooled, QUOTIENT, QUOTIENTS, numbers)
        await begun()
    assert await asyncio.gather(*tasks) == [str(12 // n).encode() for n in numbers]
    assert pooled.sent == [QUOTIENTS.sql] * 2


async def test_a_request_that_is_to_blame_fails_alone(pooled: Pooled) -> None:
    async with pooled.busy():
        tasks = start(pooled, QUOTIENT, QUOTIENTS, [3, 0, 4])
        await begun()
    three, none, four = await asyncio.gather(*tasks, return_exceptions=True)
    assert (three, four) == (b"4", b"3")
    assert isinstance(none, asyncpg.DivisionByZeroError)
    assert pooled.sent == [QUOTIENTS.sql, QUOTIENT, QUOTIENT, QUOTIENT]


async def test_a_value_that_cannot_be_sent_fails_alone(pooled: Pooled) -> None:
    async with pooled.busy():
        tasks = start(pooled, QUOTIENT, QUOTIENTS, [3, 2**40])
        await begun()
    three, none = await asyncio.gather(*tasks, return_exceptions=True)
    assert three == b"4"
    assert isinstance(none, asyncpg.DataError)


async def test_what_takes_too_long_together_is_tried_alone(pooled: Pooled) -> None:
    await pooled.fetch(LIMIT, [], None)
    pooled.sent.clear()
    async with pooled.busy():
        tasks = start(pooled, QUOTIENT, HOLDS, [1, 2, 3])
        await begun()
    assert await asyncio.gather(*tasks) == [b"12", b"6", b"4"]
    assert pooled.sent == [HOLDS.sql] + [QUOTIENT] * 3


async def test_requests_that_are_the_same_are_answered_once(pooled: Pooled) -> None:
    async with pooled.busy():
        tasks = [asyncio.create_task(pooled.fetch(NOW, [], EITHER)) for _ in range(7)]
        await begun()
    assert await asyncio.gather(*tasks) == [b"now"] * 7
    assert pooled.sent == [NOW]


async def test_what_cannot_be_shared_goes_one_by_one(pooled: Pooled) -> None:
    async with pooled.busy():
        tasks = start(pooled, QUOTIENT, None, [1, 2])
        await begun()
    assert await asyncio.gather(*tasks) == [b"12", b"6"]
    assert pooled.sent == [QUOTIENT] * 2


async def test_statements_take_turns(pooled: Pooled) -> None:
    async with pooled.busy():
        many = start(pooled, QUOTIENT, QUOTIENTS, [1] * (2 * MAX_SHARED))
        await begun()
        one = asyncio.create_task(pooled.fetch(NOW, [], EITHER))
        await begun()
    await asyncio.gather(*many, one)
    assert pooled.sent[:2] == [QUOTIENTS.sql, NOW]
    assert QUOTIENTS.sql in pooled.sent[2:]
    assert NOW not in pooled.sent[2:]


async def test_who_goes_away_costs_the_others_nothing(pooled: Pooled) -> None:
    async with pooled.busy():
        tasks = start(pooled, NAP, NAPS, [1, 2, 3])
        await begun()
        tasks[0].cancel()
    await pooled.has_sent(NAPS.sql)
    tasks[1].cancel()
    assert await tasks[2] == b"3"
    assert pooled.sent == [NAPS.sql]


async def test_a_statement_that_nobody_waits_for_is_ended(dsn: str, onlooker: asyncpg.Connection) -> None:
    pool = ReadPool(lambda: ReadConnection.open(dsn, {}), 1)
    held = asyncio.create_task(pool.fetch_value(SLEEP, []))
    await started(onlooker, SLEEP)
    tasks = [asyncio.create_task(pool.fetch_value(HOLD, [n], HOLDS)) for n in (1, 2)]
    await begun()
    held.cancel()
    await started(onlooker, HOLDS.sql)
    after = asyncio.create_task(pool.fetch_value(NOW, [], EITHER))
    await begun()
    for task in tasks:
        task.cancel()
    assert await asyncio.wait_for(after, 20) == b"now"
    assert await asyncio.gather(*tasks, return_exceptions=True) != []
    await asyncio.wait_for(pool.close(), 20)


async def test_a_connection_lost_under_a_shared_statement_is_replaced(
    pooled: Pooled, onlooker: asyncpg.Connection
) -> None:
    pid = int(await pooled.fetch("SELECT pg_backend_pid()::varchar", [], None))
    pooled.sent.clear()
    async with pooled.busy():
        tasks = start(pooled, NAP, NAPS, [1, 2])
        await begun()
    await pooled.has_sent(NAPS.sql)
    await onlooker.execute("SELECT pg_terminate_backend($1)", pid)
    assert await asyncio.gather(*tasks) == [b"1", b"2"]


async def test_many_who_ask_again_and_again_share_runs_evenly(dsn: str) -> None:
    sizes: list[int] = []

    class Counted(ReadConnection):
        async def fetch(self, sql: str, parameters: Sequence[object]) -> list[asyncpg.Record]:
            sizes.append(len(parameters[0]) if isinstance(parameters[0], list) else 1)
            return await super().fetch(sql, parameters)

    pool = ReadPool(lambda: Counted.open(dsn, {}), 4)

    async def ask_often(number: int) -> None:
        for _ in range(20):
            assert await pool.fetch_value(QUOTIENT, [number], QUOTIENTS) == str(12 // number).encode()

    await asyncio.gather(*(ask_often(1 + n % 12) for n in range(16)))
    await pool.close()
    assert sum(sizes) == 16 * 20
    assert max(sizes[len(sizes) // 2 :]) <= 8


async def test_nobody_waits_for_one_whose_values_take_long(dsn: str) -> None:
    waits = "SELECT concat($1::integer, pg_sleep($1::integer))::varchar"
    shared = Together(f"SELECT concat(n, pg_sleep(n))::varchar {ROWS}")
    pool = ReadPool(lambda: ReadConnection.open(dsn, {}), 4)

    def ask(seconds: int) -> asyncio.Task[bytes]:
        return asyncio.ensure_future(pool.fetch_value(waits, [seconds], shared))

    await asyncio.gather(*(ask(0) for _ in range(40)))
    long = ask(60)
    await begun()
    assert set(await asyncio.wait_for(asyncio.gather(ask(0), ask(0)), 20)) == {b"0"}
    assert not long.done()
    long.cancel()
    await asyncio.wait_for(pool.close(), 20)


async def test_the_queue_passes_over_what_is_not_ripe_and_who_waits_no_more() -> None:
    queue, crowded, other = Queue(), Pace(), Pace()
    for _ in range(20):
        crowded.ask()
    crowded.begin()
    first = Request([0], print, print, crowded)
    queue.add("crowded", EITHER, first)
    assert queue.next_group(1) is None
    requests = [Request([n], print, print, other) for n in range(3)]
    for request in requests:
        queue.add("other", EITHER, request)
    requests[1].give_up()
    group = queue.next_group(1)
    assert group is not None
    assert (group.sql, queue.take(group, 16)) == ("other", [requests[0], requests[2]])
    crowded.end()
    assert queue.next_group(1) is not None


# Which statement, with which number, and after how many turns of the loop its reader goes away, if it does.
ASKED = st.tuples(
    st.sampled_from(["quotient", "nap", "now"]), st.integers(0, 4), st.none() | st.integers(0, 60)
)


@settings(max_examples=25)
@given(asked=st.lists(ASKED, min_size=1, max_size=25), size=st.integers(1, 3))
async def test_everybody_is_answered_rightly_or_went_away(
    clone_for_reads: str, asked: list[tuple[str, int, int | None]], size: int
) -> None:
    pool = ReadPool(lambda: ReadConnection.open(clone_for_reads, {}), size)
    kinds: dict[str, tuple[str, Together]] = {
        "quotient": (QUOTIENT, QUOTIENTS),
        "nap": (NAP.replace("0.1", "0.001"), Together(NAPS.sql.replace("0.1", "0.001"))),
        "now": (NOW, EITHER),
    }

    async def ask(kind: str, number: int) -> bytes:
        sql, shared = kinds[kind]
        return await pool.fetch_value(sql, [] if kind == "now" else [number], shared)

    async def leave(task: asyncio.Task[bytes], turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()

    tasks = [asyncio.create_task(ask(kind, number)) for kind, number, _ in asked]
    leaving = [leave(task, each[2]) for task, each in zip(tasks, asked, strict=True) if each[2] is not None]
    answers = (await asyncio.wait_for(asyncio.gather(*tasks, *leaving, return_exceptions=True), 60))[
        : len(tasks)
    ]
    for (kind, number, left), answer in zip(asked, answers, strict=True):
        if isinstance(answer, asyncio.CancelledError):
            assert left is not None
        elif kind == "quotient" and number == 0:
            assert isinstance(answer, asyncpg.DivisionByZeroError)
        else:
            expected = {"quotient": str(12 // (number or 1)), "nap": str(number), "now": "now"}[kind]
            assert answer == expected.encode()
    assert await pool.fetch_value(NOW, []) == b"now"
    await asyncio.wait_for(pool.close(), 20)
