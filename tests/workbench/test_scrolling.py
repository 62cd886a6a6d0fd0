"""Scrolling a long article costs the same however many claims are in it: work is counted, not time."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import expect

from tests.waiting import until
from tests.web.conftest import Site
from tests.workbench.asking import find_source
from tests.workbench.budget import LONG, WATCH, make_article
from tests.workbench.conftest import Bring, OpenPage

CLAIMS = 150
STEPS = 12
# Whether so many claims stand under a highlight.
PAINTED = """(claims) => claims === [...CSS.highlights]
  .filter(([name]) => name !== "claim-overlap").reduce((sum, [, ranges]) => sum + ranges.size, 0)"""

FOLLOWED = (
    "list => scrollY > document.documentElement.scrollHeight / 2 && list.scrollTop > list.scrollHeight / 2"
)


async def test_an_article_is_scrolled_without_drawing_its_claims_anew(
    fresh: Site, bring: Bring, open_page: OpenPage
) -> None:
    await bring(fresh, make_article(CLAIMS))
    source = await find_source(fresh, text=f'"{LONG}"')
    async with open_page(fresh, f"/sources/{source}") as page:
        await expect(page.get_by_role("heading", name=f"{CLAIMS} claims")).to_be_visible()
        # Not by wait_for_function: where it waits it makes code out of text, which the page forbids.
        await until(lambda: page.evaluate(PAINTED, CLAIMS))
        await expect(page.get_by_title("Signed in as local")).to_be_visible()  # all that changes it is there
        # What is there to be read out alone makes the page no longer than its text.
        text = await page.get_by_role("region", name="Text of the source").bounding_box()
        assert text is not None
        height = await page.evaluate("document.documentElement.scrollHeight")
        assert height < text["y"] + text["height"] + 200

        session = await page.context.new_cdp_session(page)
        await session.send("Profiler.enable")
        await session.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": False})
        await page.evaluate(WATCH)
        await session.send("Profiler.takePreciseCoverage")  # from here on
        for _ in range(STEPS):
            await page.mouse.wheel(0, height / STEPS)
            await page.wait_for_timeout(150)
        # The list followed: what is read stands in it.
        await until(lambda: page.locator("aside > ol").evaluate(FOLLOWED))
        called = count_calls(await session.send("Profiler.takePreciseCoverage"))
        seen = await page.evaluate("watched()")
        assert seen["changes"] == 0
        assert seen["painted"] == 0
        # Each look at what is read calls some ten functions; drawing the list anew would call thousands.
        assert 0 < called < 20 * STEPS * 10
        await page.keyboard.press("j")
        chosen = page.locator("[data-active]")
        await expect(chosen).to_be_in_viewport()
        [street] = re.findall(r"in street (\d+)", await chosen.inner_text())
        assert CLAIMS / 2 < int(street) < CLAIMS


def count_calls(coverage: dict[str, Any]) -> int:
    """Of the functions of the page itself; what the test put there has no address."""
    return sum(
        function["ranges"][0]["count"]
        for script in coverage["result"]
        if "/assets/" in script["url"]
        for function in script["functions"]
    )
