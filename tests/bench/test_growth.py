"""Growth, small: both databases answer every query, figures and plans come out. No speed is asserted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from bench import growth as growth_module
from bench import shared
from bench.database import Ground, open_grounds
from bench.growth import COUNTS, PAGES, PERCENTILES, SEARCHES, lines, measure, percentile
from bench.plans import explain, find_faults
from bench.questions import ALL, COMPARED
from bench.shared import compare
from tests.folders import open_folder

SIZES = (500, 1_000)


pytestmark = pytest.mark.usefixtures("in_memory")


@pytest.fixture(scope="module")
def grounds() -> Iterator[list[Ground]]:
    with open_folder() as folder, open_grounds(folder, [(size, None) for size in SIZES]) as found:
        yield found


def test_every_query_has_figures_and_plans_at_both_sizes(
    grounds: list[Ground], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth_module, "AT_ONCE", 4)
    growth = asyncio.run(measure(grounds[0], grounds[1], ALL, rounds=1))
    text = "\n".join(lines(grounds[0], grounds[1], growth, "pytest"))

    searches = (f"Q6, {title}" for title in SEARCHES)
    pages = (f"{of}, {title}" for of in ("Q3", "an agent's claims") for title in PAGES)
    assert set(growth.times) == {*ALL, *COUNTS, *searches, *pages}
    for each in (times for pair in growth.times.values() for times in pair):
        for measured in (each.waited, each.computed, each.again, each.pages):
            assert 0 < percentile(measured, 0.5) <= percentile(measured, 0.99)
        assert all(read <= pages for read, pages in zip(each.read, each.pages, strict=True))
    assert all(text.count(f"| {title} |") == len(PERCENTILES) for title in growth.times)
    assert text.count("A deep page of") == 2
    for plans in growth.plans:
        assert [each.name for each in plans] == list(ALL)
        assert all("Execution Time" in each.text for each in plans)


def test_what_a_shared_request_takes_is_told_of_each_database_and_viewer(
    grounds: list[Ground], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "DIFFERENT", 4)
    names = COMPARED[:2]

    async def measure_shared() -> list[str]:
        dsns = [ground.dsn for ground in grounds]
        return [line async for line in compare(dsns, names, grounds[0].world, rounds=1, outside=True)]

    _, _, *told = asyncio.run(measure_shared())

    assert [line.split(" | ")[:2] for line in told] == [
        [f"| {name}", f"{place} {who}"]
        for name in names
        for place in (1, 2)
        for who in ("researcher", "outsider")
    ]


@pytest.mark.parametrize("name", ALL)
def test_no_query_needs_a_sequential_scan(grounds: list[Ground], name: str) -> None:
    async def plan() -> str:
        connection = await asyncpg.connect(grounds[1].dsn, server_settings={"enable_seqscan": "off"})
        try:
            return (await explain(connection, name, grounds[1].world)).text
        finally:
            await connection.close()

    assert "Seq Scan" not in asyncio.run(plan())


def test_what_grows_with_the_table_is_found_in_a_plan() -> None:
    scan = {
        "Node Type": "Seq Scan",
        "Relation Name": "claim",
        "Actual Rows": 1,
        "Rows Removed by Filter": 5_000,
    }
    small = {"Node Type": "Seq Scan", "Relation Name": "researcher", "Actual Rows": 3}
    sort = {"Node Type": "Sort", "Plans": [{**small, "Actual Rows": 900}]}
    deep = {
        "Node Type": "Result",
        "Plans": [sort, {"Node Type": "Sort", "Plans": [scan | {"Actual Rows": 5_000}]}],
    }

    assert list(find_faults(sort)) == []
    assert list(find_faults(deep)) == ["sorts 5,000 rows", "reads all of claim"]
