"""Near spellings of names and titles: what is found, in which order, and by which index."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from app.compiler.catalog.holding import MOST_RANKED
from app.compiler.catalog.spellings import COMPARED, ENOUGH, LONG, TRIED
from app.database import Database
from app.permissions import Viewer
from app.settings import Settings
from tests.compiler.compiling import compile_text
from tests.conftest import NewDatabase, Statements
from tests.factories import make_agent, make_source

SEARCH = """query Search($text: String!, $types: [SearchType!], $first: Int, $after: String) {
  search(text: $text, types: $types, first: $first, after: $after) {
    totalCount
    edges { cursor node { __typename ... on Agent { name } ... on Source { title } ... on Event { title } } }
  }
}"""


def compile_search(**variables: Any) -> tuple[str, list[Any]]:
    statement, given = compile_text(SEARCH, variables)
    return statement.sql, list(statement.bind(given, {"viewer": None}))


async def search(database: Database, text: str, **variables: Any) -> dict[str, Any]:
    sql, parameters = compile_search(text=text, **variables)
    found: dict[str, Any] = json.loads(await database.fetch_json(sql, parameters))["data"]["search"]
    return found


async def find(database: Database, text: str, **variables: Any) -> list[str]:
    found = await search(database, text, **variables)
    return [edge["node"].get("name") or edge["node"]["title"] for edge in found["edges"]]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Muhandes", "Abu Mahdi al-Muhandis"),
        ("Hezbolah", "Kataib Hezbollah"),
        ("kataib hizbollah", "Kataib Hezbollah"),
        ("Pentagno", "US Department of Defense"),
        ("Reutrs", "Reuters"),
    ],
)
async def test_a_misspelled_agent_is_found(sample: Database, words: str, name: str) -> None:
    assert name in await find(sample, words, types=["AGENT"])


async def test_a_misspelled_title_is_found(sample: Database) -> None:
    for words in ("Bagdad", "embasy"):
        titles = await find(sample, words, types=["SOURCE", "EVENT"], first=50)
        assert titles
        assert all(words[:3].lower() in title.lower() for title in titles)


@pytest.mark.parametrize(
    "words",
    ['"Bagdad"', "Bagdad -strike", "Bagdad or", "Bagdad 25", "Bagdad/", "Ba", "Bagdad " * 9, "", "?!"],
)
async def test_what_is_meant_to_the_letter_has_no_near_spellings(sample: Database, words: str) -> None:
    assert await find(sample, words, types=["SOURCE", "EVENT", "AGENT"]) == []


@pytest.fixture
async def database(clone: NewDatabase) -> AsyncIterator[Database]:
    async with clone() as dsn:
        opened = await Database.open(dsn, Settings(read_connections=1))
        yield opened
        await opened.close()


async def test_exact_words_come_first_and_pages_go_on(database: Database, viewer: Viewer) -> None:
    for name in ("Bagdad Times", "Baghdad Times", "Bagdad", "Baghdad", "Baghdadi", "Basra"):
        await make_agent(database, viewer, name=name)

    whole = await search(database, "Bagdad", types=["AGENT"])
    names = [edge["node"]["name"] for edge in whole["edges"]]
    assert set(names[:2]) == {"Bagdad Times", "Bagdad"}
    assert set(names[2:]) == {"Baghdad Times", "Baghdad"}
    assert whole["totalCount"] == 4

    paged: list[str] = []
    after = None
    while True:
        page = (await search(database, "Bagdad", types=["AGENT"], first=1, after=after))["edges"]
        if not page:
            break
        paged.append(page[0]["node"]["name"])
        after = page[0]["cursor"]
    assert paged == names


async def test_enough_exact_rows_leave_the_near_ones_out(database: Database, viewer: Viewer) -> None:
    await make_source(database, viewer, title="Baghdad")
    for number in range(ENOUGH - 1):
        await make_source(database, viewer, title=f"Bagdad {number}")
    assert (await search(database, "Bagdad", types=["SOURCE"]))["totalCount"] == ENOUGH
    await make_source(database, viewer, title="Bagdad again")
    assert (await search(database, "Bagdad", types=["SOURCE"]))["totalCount"] == ENOUGH


async def test_two_searches_of_one_request_are_apart(sample: Database) -> None:
    words = {"a": "Bagdad", "b": "Hezbolah", "c": "embassy"}
    document = " ".join(
        f'{key}: search(text: "{text}", first: 50) {{ totalCount edges {{ cursor }} }}'
        for key, text in words.items()
    )
    statement, given = compile_text(f"{{ {document} }}", {})
    answer = await sample.fetch_json(statement.sql, statement.bind(given, {"viewer": None}))
    found = json.loads(answer)["data"]
    for key, text in words.items():
        alone = await search(sample, text, first=50)
        assert alone["totalCount"] == found[key]["totalCount"] > 0
        assert [edge["cursor"] for edge in found[key]["edges"]] == [edge["cursor"] for edge in alone["edges"]]


async def test_a_search_is_one_statement(sample: Database, statements: Statements) -> None:
    async with statements(sample) as sent:
        await search(sample, "Bagdad")
    assert len(sent) == 1


async def test_near_spellings_are_found_by_index(clone: NewDatabase) -> None:
    """The catalog spells each name as its index does."""
    sql, parameters = compile_search(text="Bagdad", first=5)
    async with clone() as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute("SET enable_seqscan = off")
        plan = "\n".join(row[0] for row in await connection.fetch("EXPLAIN " + sql, *parameters))
        await connection.close()
    for table in ("agent", "source", "question", "event"):
        assert f"{table}_spelling_idx" in plan


async def test_the_newest_rows_that_hold_a_word_are_ranked(clone: NewDatabase) -> None:
    sql, parameters = compile_search(text="sandstorm", types=["EVENT"], first=1)
    async with clone() as dsn:
        connection = await asyncpg.connect(dsn)
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(
            "INSERT INTO event (id, recorded_by, title) SELECT uuidv7(), uuidv7(), CASE WHEN n = 1 THEN"
            " 'Sandstorm sandstorm sandstorm' ELSE 'Sandstorm' END FROM generate_series(1, $1) n",
            MOST_RANKED + 1,
        )
        found = json.loads(await connection.fetchval(sql, *parameters))["data"]["search"]
        await connection.close()
    assert found["totalCount"] == MOST_RANKED
    assert found["edges"][0]["node"]["title"] == "Sandstorm", "the oldest would be the best"


async def count_among_many(dsn: str, type_: str, near: int, others: int) -> list[int]:
    """How many rows are near where two old ones are, and some new ones with others after them.

    As the table is, and as it is when Postgres takes it for a long one.
    """
    table = type_.lower()
    columns, values = {
        "AGENT": ("id, recorded_by, kind, party, name", "uuidv7(), uuidv7(), 'PERSON', uuidv7()"),
        "EVENT": ("id, recorded_by, title", "uuidv7(), uuidv7()"),
    }[type_]
    sql, parameters = compile_search(text="sandstrm", types=[type_], first=1)
    connection = await asyncpg.connect(dsn)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(
        f"INSERT INTO {table} ({columns}) SELECT {values}, CASE WHEN n <= 2 OR n > $1 AND n <= $2"
        " THEN 'Sandstorm ' ELSE 'Shamal ' END || n FROM generate_series(1, $3) n",
        COMPARED + 2 - near - others,
        COMPARED + 2 - others,
        COMPARED + 2,
    )
    counts = []
    for rows in (COMPARED, LONG + 1):
        await connection.execute(
            f"SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', '{table}',"
            f" 'reltuples', {rows}::real, 'relpages', 1000)"
        )
        answer = json.loads(await connection.fetchval(sql, *parameters))
        counts.append(answer["data"]["search"]["totalCount"])
    await connection.close()
    return counts


@pytest.mark.parametrize("type_", ["AGENT", "EVENT"])
@pytest.mark.parametrize(("near", "found"), [(ENOUGH, ENOUGH), (ENOUGH - 1, ENOUGH + 1)])
async def test_of_many_names_the_newest_are_compared_first(
    clone: NewDatabase, type_: str, near: int, found: int
) -> None:
    """Two old names are near, and `near` of the newest: if these are enough, they are all."""
    async with clone() as dsn:
        assert await count_among_many(dsn, type_, near, TRIED - 1) == [near + 2, found]


async def test_where_none_of_the_very_newest_is_near_all_are_asked(clone: NewDatabase) -> None:
    async with clone() as dsn:
        assert await count_among_many(dsn, "AGENT", ENOUGH, TRIED) == [ENOUGH + 2, ENOUGH + 2]


def test_a_search_is_planned_for_its_words_alone() -> None:
    assert compile_text(SEARCH, {"text": "Bagdad"})[0].shared is None
