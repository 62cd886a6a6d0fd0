"""A search of very many claims stays among the newest where enough of them hold the words."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.compiler.catalog.holding import (
    ENOUGH_NEWEST,
    FEWEST,
    MOST_RANKED,
    NEWEST,
    TRIED,
    staying_among,
    stretches_before,
)
from tests.compiler.test_spellings import compile_search
from tests.conftest import NewDatabase

CLAIMS, BELIEVED = 6_000, 4_000_000
EVERY = 50  # of so many claims one is about a sandstorm, but for the newest: else it would be common
STORMS = (CLAIMS - TRIED) // EVERY
SELDOM = 150  # of so many one is about a haboob: fewer than a page of them are among the newest
LATELY = 8  # so many of the newest, and as many of the oldest, are about a khamsin
STARTED = datetime(2020, 1, 1, tzinfo=UTC)
# An hour apart, all of them about dust, the oldest about a shamal as well. Each wind has a figure.
FILL = f"""INSERT INTO claim (id, recorded_by, source, statement, quote_exact, basis, recorded_at)
SELECT uuidv7(), uuidv7(), uuidv7(),
       'Dust' || CASE n WHEN 1 THEN ' shamal 1' ELSE '' END
              || CASE WHEN n % {EVERY} = 0 AND n <= {CLAIMS - TRIED} THEN ' sandstorm 802' ELSE '' END
              || CASE WHEN n % {SELDOM} = 0 THEN ' haboob 1,250' ELSE '' END
              || CASE WHEN n <= {LATELY} OR n > {CLAIMS - LATELY} THEN ' khamsin 3.5' ELSE '' END,
       'dust', 'FIRSTHAND', $1::timestamptz + n * interval '1 hour'
FROM generate_series(1, {CLAIMS}) n"""


@pytest.fixture
async def long(clone: NewDatabase) -> AsyncIterator[asyncpg.Connection]:
    """Claims of which Postgres believes that they are four million."""
    async with clone() as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(FILL, STARTED)
        await say_rows(connection, BELIEVED)
        yield connection
        await connection.close()


async def say_rows(connection: asyncpg.Connection, rows: int) -> None:
    await connection.execute("ALTER TABLE claim SET (autovacuum_enabled = off)")
    assert await connection.fetchval(
        "SELECT pg_restore_relation_stats("
        "'schemaname', 'public', 'relname', 'claim', 'reltuples', $1::real, 'relpages', 100000)",
        rows,
    )


async def count_found(connection: asyncpg.Connection, text: str) -> int:
    sql, parameters = compile_search(text=text, types=["CLAIM"], first=1)
    found: int = json.loads(await connection.fetchval(sql, *parameters))["data"]["search"]["totalCount"]
    return found


async def test_few_claims_are_searched_whole(long: asyncpg.Connection) -> None:
    await say_rows(long, CLAIMS)
    assert await long.fetchval("SELECT newest_stretches(1000000)") is None
    assert await count_found(long, "dust") == MOST_RANKED
    assert await count_found(long, "sandstorm") == STORMS


@pytest.mark.parametrize("words", ["sandstorm", "sandstorm 802", "802 or sandstorm", "sandstorm -803"])
async def test_the_newest_that_are_enough_are_ranked(long: asyncpg.Connection, words: str) -> None:
    newest = (CLAIMS * NEWEST // BELIEVED - TRIED) // EVERY

    # Those of the newest quarter, and of the stretch in which it begins.
    assert ENOUGH_NEWEST <= newest <= await count_found(long, words) < STORMS


@pytest.mark.parametrize("words", ["haboob", "haboob 250", "haboob 1,250", "haboob 1,250 or 3"])
async def test_those_before_the_newest_make_up_for_a_page(long: asyncpg.Connection, words: str) -> None:
    share = CLAIMS * NEWEST // BELIEVED

    assert share // SELDOM < ENOUGH_NEWEST <= await count_found(long, words) < CLAIMS // SELDOM


@pytest.mark.parametrize("words", ["khamsin", "khamsin 3.5"])
async def test_where_those_before_do_not_make_up_for_it_all_are_asked(
    long: asyncpg.Connection, words: str
) -> None:
    assert FEWEST <= LATELY < ENOUGH_NEWEST
    assert await count_found(long, words) == 2 * LATELY


@pytest.mark.parametrize("times", [0.26, 2.0, 23 / 7])
async def test_the_stretches_before_the_newest_follow_on_them(long: asyncpg.Connection, times: float) -> None:
    inside = "stretches_of(recorded_at) && (SELECT "
    rows = await long.fetch(
        f"SELECT {inside}newest), {inside}{stretches_before('newest', str(times))}) FROM"
        f" (SELECT recorded_at, newest_stretches({NEWEST}) AS newest FROM claim) c ORDER BY recorded_at DESC"
    )
    newest = sum(first for first, _ in rows)
    before = sum(second for _, second in rows)
    assert all(first and not second for first, second in rows[:newest])
    assert all(second and not first for first, second in rows[newest : newest + before])
    wanted = times * NEWEST * CLAIMS / BELIEVED
    assert wanted * 0.8 <= before <= wanted * 1.3 + 96  # the newest stretch has but begun


async def test_a_common_word_is_found_from_the_end_of_the_list(long: asyncpg.Connection) -> None:
    assert await count_found(long, "dust") == MOST_RANKED


async def test_what_few_hold_is_found_however_old(long: asyncpg.Connection) -> None:
    assert await count_found(long, "shamal") == 1
    assert await count_found(long, "dust shamal") == 1
    assert await count_found(long, "shamal 1") == 1
    assert await count_found(long, "simoom") == 0


@pytest.mark.parametrize("wanted", [20_000, 1_000_000, 1_999_999])
async def test_the_newest_stretches_hold_as_many_as_wanted(long: asyncpg.Connection, wanted: int) -> None:
    row = await long.fetchrow(
        "SELECT array_agg(n) FILTER (WHERE inside), array_agg(n) FILTER (WHERE NOT inside) FROM ("
        " SELECT row_number() OVER (ORDER BY id DESC) AS n,"
        " stretches_of(recorded_at) && (SELECT newest_stretches($1)) AS inside FROM claim) c",
        wanted,
    )
    assert row is not None
    inside, others = row
    assert len(inside) >= CLAIMS * wanted / BELIEVED
    assert max(inside) == len(inside) < min(others)
    assert len(await long.fetchval("SELECT newest_stretches($1)", wanted)) <= 19


async def test_a_claim_of_a_later_stretch_with_an_earlier_id_is_among_the_newest(
    long: asyncpg.Connection,
) -> None:
    later = await long.fetchval(
        "UPDATE claim SET recorded_at = recorded_at + interval '12 hours'"
        " WHERE id = (SELECT id FROM claim ORDER BY id DESC OFFSET 1 LIMIT 1) RETURNING id"
    )
    assert await long.fetchval(
        "SELECT stretches_of(recorded_at) && (SELECT newest_stretches(20000)) FROM claim WHERE id = $1", later
    )


async def test_the_index_skips_what_is_older(long: asyncpg.Connection) -> None:
    """The catalog spells the stretches as the index does."""
    await long.execute("SET enable_seqscan = off; SET enable_indexscan = off")
    among = staying_among(f"(SELECT newest_stretches({NEWEST}))")
    plan = await long.fetch(f"EXPLAIN SELECT r.id FROM claim r WHERE r.words @@ 'dust' AND {among}")
    used = next(line for (line,) in plan if "Index Cond" in line)
    assert "words @@ " in used
    assert "stretches_of(recorded_at, words) && " in used


# What figures, operators and quotation marks may be made of.
PIECES = (
    "1",
    "25",
    "2,050",
    "3.5",
    "1e3",
    "-7",
    "a",
    "b2",
    "c/9",
    "'",
    '"',
    "!",
    "|",
    " ",
    " or ",
    " -",
    "\\",
    "https://d.org/4",
)


async def test_what_holds_the_words_is_found_by_its_figures_in_its_stretches_alone(
    connection: AsyncConnection,
) -> None:
    draw = random.Random(7)
    spelled = ["".join(draw.choices(PIECES, k=draw.randrange(1, 6))) for _ in range(400)]
    pairs = await connection.execute(
        text(
            "WITH words AS (SELECT public.words_of(s) AS words, websearch_to_tsquery('simple', s) AS sought"
            "  FROM unnest(CAST(:spelled AS text[])) s), told AS ("
            " SELECT h.words, s.sought, public.stretches_asked(public.stretches_of(d), s.sought) AS asked"
            " FROM words h, words s, (VALUES (timestamptz '2026-01-01')) AS v(d) WHERE h.words @@ s.sought)"
            " SELECT public.stretches_of(timestamptz '2026-01-01', words) && asked,"
            " public.stretches_of(timestamptz '2027-01-01', words) && asked, asked[1] < 0 FROM told"
        ),
        {"spelled": spelled},
    )
    found = pairs.all()
    assert {(inside, outside) for inside, outside, _ in found} == {(True, False)}
    assert {by_figure for _, _, by_figure in found} == {True, False}
