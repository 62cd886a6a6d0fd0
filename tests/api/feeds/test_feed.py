"""Each subscriber is told of its own, once, in one order; nobody waits for anybody."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import asyncpg
import pytest

from app.api.documents import Operation
from app.api.execution import Engine, Response
from app.api.feeds import Event, feed, logs, subscribers
from app.database import Database, WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Basis, Role
from app.errors import NotPermitted, QueryTimeout, SubscriberTooSlow
from app.permissions import Viewer
from app.services.claims import NewClaim, record_claim
from app.services.inputs import QuoteInput
from tests.api.schemas import SCHEMA
from tests.conftest import Statements
from tests.factories import make_assessment, make_claim, make_question, make_source
from tests.waiting import until

CLAIMS = """subscription($filter: ClaimFilter, $after: String) {
  claimRecorded(filter: $filter, after: $after) { id }
}"""
CHANGES = """subscription Changes($filter: ClaimFilter) {
  corroborationChanged(filter: $filter) { status reportsFor claim { id corroboration { status } } }
}"""


@pytest.fixture
async def engine(committed_database: Database) -> AsyncIterator[Engine]:
    async with committed_database.listening():
        await until(lambda: committed_database.changes.version is not None)
        yield Engine(SCHEMA, committed_database, subscribers=60)


async def subscribe(
    engine: Engine, viewer: Viewer, query: str, after: str | None = None, **variables: Any
) -> AsyncGenerator[Event, None]:
    operation = engine.operation(query, None)
    assert isinstance(operation, Operation), operation
    events = await engine.subscribe(operation, variables, viewer, after=after)
    assert not isinstance(events, Response), events
    return events


async def take(events: AsyncGenerator[Event, None], count: int) -> list[Event]:
    async with asyncio.timeout(20):
        return [await anext(events) for _ in range(count)]


def claims_of(events: list[Event]) -> list[str]:
    return [json.loads(event.body)["data"]["claimRecorded"]["id"] for event in events]


def node(key: Any) -> str:
    return encode_id(NodeType.CLAIM, key)


async def test_a_subscriber_is_told_of_what_its_filter_accepts(
    engine: Engine, committed_database: Database, viewer: Viewer
) -> None:
    database = committed_database
    before = await make_claim(database, viewer)
    source = await make_source(database, viewer)
    own = {"source": [encode_id(NodeType.SOURCE, source)]}
    async with (
        aclosing(await subscribe(engine, viewer, CLAIMS)) as everything,
        aclosing(await subscribe(engine, viewer, CLAIMS, filter=own)) as mine,
    ):
        coming = [asyncio.ensure_future(take(everything, 4)), asyncio.ensure_future(take(mine, 2))]
        made = [
            await make_claim(database, viewer),
            await make_claim(database, viewer, source=source),
            await make_claim(database, viewer),
            await make_claim(database, viewer, source=source),
        ]
        assert before not in made
        assert claims_of(await coming[0]) == [node(key) for key in made]
        assert claims_of(await coming[1]) == [node(made[1]), node(made[3])]


async def test_a_change_of_corroboration_has_its_figures_and_its_claim(
    engine: Engine, committed_database: Database, viewer: Viewer
) -> None:
    claim = await make_claim(committed_database, viewer)
    question = await make_question(committed_database, viewer)
    async with aclosing(
        await subscribe(
            engine, viewer, CHANGES, filter={"question": [encode_id(NodeType.QUESTION, question)]}
        )
    ) as events:
        coming = asyncio.ensure_future(take(events, 3))
        await make_assessment(committed_database, viewer, claim=claim)
        first = await make_claim(committed_database, viewer, question=question, quantity="12")
        await make_claim(committed_database, viewer, question=question, quantity="12")
        heard = [json.loads(event.body)["data"]["corroborationChanged"] for event in await coming]
    assert (heard[0]["reportsFor"], heard[0]["claim"]["id"]) == (1, node(first))
    assert sorted(each["reportsFor"] for each in heard[1:]) == [2, 2]


async def test_who_began_earlier_is_told_first_though_committed_later(
    engine: Engine, committed_database: Database, viewer: Viewer
) -> None:
    source = await make_source(committed_database, viewer)
    begun, released = asyncio.Event(), asyncio.Event()

    async def record_slowly(session: WriteSession) -> Any:
        new = NewClaim(source=source, statement="slow", quote=QuoteInput("x"), basis=Basis.FIRSTHAND)
        key = await record_claim(session, viewer, new)
        await session.flush()
        begun.set()
        await released.wait()
        return key

    async with aclosing(await subscribe(engine, viewer, CLAIMS)) as events:
        coming = asyncio.ensure_future(take(events, 2))
        writing = asyncio.ensure_future(committed_database.write(viewer.researcher, record_slowly))
        await asyncio.wait_for(begun.wait(), 20)
        quick = await make_claim(committed_database, viewer)
        await asyncio.sleep(0.2)
        assert not coming.done()
        released.set()
        slow = await writing
        assert claims_of(await coming) == [node(slow), node(quick)]


async def test_what_another_transaction_holds_up_comes_though_that_one_says_nothing(
    engine: Engine, committed_database: Database, viewer: Viewer, dsn: str
) -> None:
    other = await asyncpg.connect(dsn)
    held = other.transaction()
    await held.start()
    await other.execute("SELECT pg_current_xact_id()")
    async with aclosing(await subscribe(engine, viewer, CLAIMS)) as events:
        coming = asyncio.ensure_future(take(events, 1))
        made = await make_claim(committed_database, viewer)
        await asyncio.sleep(0.2)
        assert not coming.done()
        await held.rollback()
        await other.close()
        assert claims_of(await coming) == [node(made)]


async def test_a_slow_reader_is_let_go_and_goes_on_where_it_was(
    engine: Engine, committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribers, "MAX_QUEUED", 3)
    async with (
        aclosing(await subscribe(engine, viewer, CLAIMS)) as slow,
        aclosing(await subscribe(engine, viewer, CLAIMS)) as quick,
    ):
        coming = asyncio.ensure_future(take(slow, 1))
        made = []
        heard = []
        for _ in range(6):
            made.append(node(await make_claim(committed_database, viewer)))
            heard += claims_of(await take(quick, 1))
        [seen] = await coming
        with pytest.raises(SubscriberTooSlow):
            await take(slow, 6)
    assert heard == made
    assert engine.use().events == len(heard) + 1
    assert engine.use().dropped == {"SUBSCRIBER_TOO_SLOW": 1}
    async with aclosing(await subscribe(engine, viewer, CLAIMS, after=seen.cursor)) as again:
        assert claims_of([seen]) == made[:1]
        coming = asyncio.ensure_future(take(again, 6))
        made.append(node(await make_claim(committed_database, viewer)))
        assert claims_of(await coming) == made[1:]


async def test_bytes_that_wait_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscribers, "MAX_QUEUED_BYTES", 100)
    place = logs.Place(0, 0)
    waiting = subscribers.Subscriber(place)
    for _ in range(10):
        waiting.put(place, Event(b"x" * 10))
    await waiting.wait()
    assert (taken := waiting.take()) is not None
    assert taken.body == b"x" * 10
    waiting.put(place, Event(b"x" * 11))
    with pytest.raises(SubscriberTooSlow):
        await waiting.wait()


async def test_going_on_reads_page_by_page_and_misses_nothing_meanwhile(
    engine: Engine, committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "PAGE", 3)
    begin = await logs.LOGS["claimRecorded"].begin(committed_database)
    cursor = logs.LOGS["claimRecorded"].spell(begin)
    made = [node(await make_claim(committed_database, viewer)) for _ in range(10)]
    async with (
        aclosing(await subscribe(engine, viewer, CLAIMS)) as present,
        aclosing(await subscribe(engine, viewer, CLAIMS, cursor)) as past,
    ):
        listening = asyncio.ensure_future(take(present, 5))
        heard = await take(past, 4)
        made += [node(await make_claim(committed_database, viewer)) for _ in range(5)]
        heard += await take(past, 11)
        assert claims_of(heard) == made
        assert claims_of(await listening) == made[10:]
    operation = engine.operation(CLAIMS, None)
    assert isinstance(operation, Operation)
    by_argument = await engine.subscribe(operation, {"after": heard[12].cursor}, viewer)
    assert not isinstance(by_argument, Response)
    async with aclosing(by_argument):
        assert claims_of(await take(by_argument, 2)) == made[13:]


async def test_those_who_ask_for_the_same_share_a_statement(
    engine: Engine, committed_database: Database, viewer: Viewer, statements: Statements
) -> None:
    all_events = [await subscribe(engine, viewer, CLAIMS) for _ in range(40)]
    all_events += [await subscribe(engine, viewer, CLAIMS, filter={"text": "statement"}) for _ in range(20)]
    coming = [asyncio.ensure_future(take(events, 2)) for events in all_events]
    await asyncio.sleep(0.1)
    async with statements(committed_database) as sent:
        made = [node(await make_claim(committed_database, viewer)) for _ in range(2)]
        for each in coming:
            assert claims_of(await each) == made
    payloads = [sql for sql in sent if "string_agg" in sql]
    assert 2 <= len(payloads) <= 4  # two groups, and one or two looks
    for events in all_events:
        await events.aclose()


async def test_those_who_ask_by_other_values_are_told_of_others(
    engine: Engine, committed_database: Database, viewer: Viewer
) -> None:
    """The statement is the same: what is in the variables tells them apart."""
    sources = [await make_source(committed_database, viewer) for _ in range(3)]
    filters = [{"source": [encode_id(NodeType.SOURCE, source)]} for source in sources]
    all_events = [await subscribe(engine, viewer, CLAIMS, filter=each) for each in filters]
    coming = [asyncio.ensure_future(take(events, 1)) for events in all_events]
    await asyncio.sleep(0)
    made = [node(await make_claim(committed_database, viewer, source=source)) for source in sources]
    assert [claims_of(await each) for each in coming] == [[each] for each in made]
    for events in all_events:
        await events.aclose()


async def test_the_viewer_is_looked_at_again_for_each_event(
    engine: Engine, committed_database: Database, viewer: Viewer
) -> None:
    operation = engine.operation(CLAIMS, None)
    assert isinstance(operation, Operation)
    seen = [viewer, Viewer(viewer.researcher, Role.READER)]

    async def review() -> Viewer:
        return seen.pop(0)

    events = await engine.subscribe(operation, {}, viewer, review=review)
    assert not isinstance(events, Response)
    async with aclosing(events):
        coming = asyncio.ensure_future(take(events, 1))
        made = await make_claim(committed_database, viewer)
        assert claims_of(await coming) == [node(made)]
        coming = asyncio.ensure_future(take(events, 1))
        await make_claim(committed_database, viewer)
        with pytest.raises(NotPermitted):
            await coming


async def test_a_database_that_is_lost_for_a_while_loses_no_event(
    engine: Engine, committed_database: Database, viewer: Viewer, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "BLIND_SECONDS", 0.1)
    other = await asyncpg.connect(dsn)
    async with aclosing(await subscribe(engine, viewer, CLAIMS)) as events:
        coming = asyncio.ensure_future(take(events, 3))
        made = [node(await make_claim(committed_database, viewer))]
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        for _ in range(200):
            if len(made) == 3:
                break
            try:
                made.append(node(await make_claim(committed_database, viewer)))
            except Exception:
                await asyncio.sleep(0.05)
        assert claims_of(await coming) == made
    await other.close()


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"after": "nonsense"}, "no cursor of this subscription"),
        ({"after": "corroborationChanged.1.1"}, "no cursor of this subscription"),
        ({"after": "claimRecorded.1.1.1"}, "no cursor of this subscription"),
        ({"after": "claimRecorded.999999999999.1"}, "ahead of this database"),
        ({"filter": {"source": ["claim_1"]}}, "id"),
        ({"filter": {"nothing": 1}}, "nothing"),
    ],
)
async def test_what_cannot_be_subscribed_to_is_refused(
    engine: Engine, viewer: Viewer, variables: dict[str, Any], message: str
) -> None:
    operation = engine.operation(CLAIMS, None)
    assert isinstance(operation, Operation)
    response = await engine.subscribe(operation, variables, viewer)
    assert isinstance(response, Response)
    assert not response.executed
    assert message in json.loads(response.body)["errors"][0]["message"]


async def test_subscribers_are_bounded(engine: Engine, viewer: Viewer) -> None:
    operation = engine.operation(CHANGES, None)
    assert isinstance(operation, Operation)
    all_events = [await subscribe(engine, viewer, CHANGES) for _ in range(60)]
    waiting = [asyncio.ensure_future(anext(events)) for events in all_events]
    await asyncio.sleep(0.1)
    response = await engine.subscribe(operation, {}, viewer)
    assert isinstance(response, Response)
    assert b"60 subscribers already" in response.body
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    for events in all_events:
        await events.aclose()
    await (await subscribe(engine, viewer, CHANGES)).aclose()


async def test_a_subscription_is_no_single_answer(engine: Engine, viewer: Viewer) -> None:
    response = await engine.execute(CLAIMS, {}, None, viewer)
    assert b"stream of events" in response.body
    skipped = engine.operation("subscription { claimRecorded @skip(if: true) { id } }", None)
    if isinstance(skipped, Operation):
        refused = await engine.subscribe(skipped, {}, viewer)
        assert isinstance(refused, Response)
        assert b"exactly one field" in refused.body


async def test_a_group_that_takes_too_long_is_ended_and_holds_up_nobody(
    engine: Engine, committed_database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy = """subscription { claimRecorded { statement quote { exact } } }"""
    read = subscribers.Group.read

    async def read_slowly(group: subscribers.Group, *given: Any) -> Any:
        if "quote_exact" in str(group.key):
            await asyncio.sleep(60)
        return await read(group, *given)

    monkeypatch.setattr(subscribers.Group, "read", read_slowly)
    monkeypatch.setattr(feed, "STATEMENT_SECONDS", 0.5)
    async with (
        aclosing(await subscribe(engine, viewer, heavy)) as slow,
        aclosing(await subscribe(engine, viewer, CLAIMS)) as quick,
    ):
        coming = asyncio.ensure_future(take(quick, 2))
        ending = asyncio.ensure_future(take(slow, 1))
        made = [node(await make_claim(committed_database, viewer)) for _ in range(2)]
        with pytest.raises(QueryTimeout):
            await ending
        assert claims_of(await coming) == made


async def test_who_goes_away_costs_nothing_any_more(
    engine: Engine, committed_database: Database, viewer: Viewer, statements: Statements
) -> None:
    all_events = [await subscribe(engine, viewer, query) for query in (CLAIMS, CLAIMS, CHANGES)]
    waiting = [asyncio.ensure_future(anext(events)) for events in all_events]
    await asyncio.sleep(0.1)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    for events in all_events:
        await events.aclose()
    async with statements(committed_database) as sent:
        await make_claim(committed_database, viewer)
        await asyncio.sleep(0.2)
    assert sent == []
