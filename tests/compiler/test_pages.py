"""Every list, walked from both ends by its own cursors: each page compared, and all together the list."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compiler.comparison import Contest
from tests.compiler.directed import Directed, read_queries

LISTS = [directed for directed in read_queries("pages") if "EmptyPage" not in directed.name]
MOST = 100


async def read_page(contest: Contest, directed: Directed, **paging: Any) -> dict[str, Any]:
    (variables,) = directed.variables
    comparison = await contest.compare(directed.document, variables | paging, directed.name)
    assert (comparison.differences, comparison.outcome) == ([], "answered"), paging
    node: Any = comparison.data
    while "list" not in node:
        (node,) = node.values()
    found: dict[str, Any] = node["list"]
    return found


async def walk(contest: Contest, directed: Directed, size: int, *, backward: bool) -> list[str]:
    """The cursors of every page in turn, in the order of the list, until a page says that it is the last."""
    cursors: list[str] = []
    paging: dict[str, Any] = {"last" if backward else "first": size}
    while True:
        page = await read_page(contest, directed, **paging)
        found = [edge["cursor"] for edge in page["edges"]]
        cursors = [*found, *cursors] if backward else [*cursors, *found]
        info = page["pageInfo"]
        if not info["hasPreviousPage" if backward else "hasNextPage"]:
            return cursors
        paging |= {"before": info["startCursor"]} if backward else {"after": info["endCursor"]}
        assert len(cursors) <= page["totalCount"], "the pages go round in circles"


@pytest.mark.parametrize("directed", LISTS, ids=str)
async def test_pages_join_up_to_the_list(contest: Contest, directed: Directed) -> None:
    total = (await read_page(contest, directed, first=0))["totalCount"]
    assert total > 1, "a list of one has no pages"
    size = max(1, -(-total // 7))
    forward = await walk(contest, directed, size, backward=False)
    assert len(forward) == total
    assert len(set(forward)) == total
    assert await walk(contest, directed, size, backward=True) == forward
    # Pages that the list ends with exactly.
    assert await walk(contest, directed, min(total, MOST), backward=False) == forward
    assert await walk(contest, directed, min(total, MOST), backward=True) == forward


@pytest.mark.parametrize("directed", LISTS, ids=str)
async def test_windows_between_two_cursors(contest: Contest, directed: Directed) -> None:
    cursors = [edge["cursor"] for edge in (await read_page(contest, directed, first=MOST))["edges"]]
    middle = len(cursors) // 2
    for after, before in (
        (0, -1),
        (0, middle),
        (middle, middle),
        (middle, 0),
        (None, middle),
        (middle, None),
    ):
        window: dict[str, Any] = {
            "after": None if after is None else cursors[after],
            "before": None if before is None else cursors[before],
        }
        for paging in ({"first": 1}, {"last": 2}, {"last": 0}, {}):
            await read_page(contest, directed, **window, **paging)


async def test_a_cursor_is_a_place_in_an_order_and_not_in_one_list(contest: Contest) -> None:
    async def ask(listed: str, outcome: str = "answered", after: str | None = None) -> Any:
        document = f"query Q($after: String) {{ list: {listed} {{ edges {{ cursor node {{ id }} }} }} }}"
        comparison = await contest.compare(document, {"after": after}, "Q")
        assert (comparison.differences, comparison.outcome) == ([], outcome)
        return comparison.data

    def read_keys(page: Any) -> list[str]:
        return [edge["node"]["id"].partition("_")[2] for edge in page["list"]["edges"]]

    claims = await ask("claims(first: 100, after: $after)")
    middle = len(claims["list"]["edges"]) // 2
    claim, cursor = read_keys(claims)[middle], claims["list"]["edges"][middle]["cursor"]
    sources = read_keys(await ask("sources(first: 100, after: $after)"))
    later = [source for source in sources if source > claim]
    assert 0 < len(later) < len(sources)
    assert read_keys(await ask("sources(first: 100, after: $after)", after=cursor)) == later
    await ask("sources(first: 100, after: $after, orderBy: {field: PUBLISHED})", "refused", cursor)
