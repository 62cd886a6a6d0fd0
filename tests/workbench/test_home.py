from __future__ import annotations

import asyncio
from typing import Literal

import pytest
from playwright.async_api import expect

from app.settings import Settings
from tests.web.conftest import Serve, Site
from tests.workbench.asking import find_source
from tests.workbench.conftest import OpenPage, find_faults

# Bytes over the wire, by address: the page itself, and all it asked for but answers of GraphQL.
LOADED = """() => Object.fromEntries(
  [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter((one) => !one.name.endsWith("/graphql"))
    .map((one) => [one.name, one.encodedBodySize]))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_home_shows_what_is_recorded_and_axe_finds_nothing(
    shown: Site, open_page: OpenPage, scheme: str
) -> None:
    async with open_page(shown, color_scheme=scheme) as page:
        question = page.get_by_role("link", name="How many people did the US airstrikes").first
        await expect(question).to_be_visible()
        await expect(page.get_by_text("16 reports, 4 independent lines")).to_be_visible()
        assert await page.title() == "Home · Sayso"
        assert await find_faults(page) == []


async def test_the_shortcuts_are_listed_and_work(shown: Site, open_page: OpenPage) -> None:
    async with open_page(shown) as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Shortcuts")
        await expect(dialog.get_by_text("Go to the queue")).to_be_visible()
        assert await find_faults(page) == []
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
        await page.keyboard.press("/")
        await expect(page.get_by_role("searchbox")).to_be_focused()
        await page.keyboard.type("25 killed? Pentagon")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/search?q=25%20killed%3F%20Pentagon")


async def test_a_phone_shows_it_without_scrolling_sideways(shown: Site, open_page: OpenPage) -> None:
    async with open_page(shown, viewport={"width": 360, "height": 740}) as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await expect(page.get_by_text("16 reports, 4 independent lines")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_it_works_where_only_known_documents_are_taken(
    serve: Serve, shown: Site, open_page: OpenPage
) -> None:
    known = Settings(database_url=None, only_known_documents=True)
    async with serve(shown.database, known) as site, open_page(site) as page:
        await expect(page.get_by_text("16 reports, 4 independent lines")).to_be_visible()
        await page.goto("/queue")
        await expect(page.get_by_role("listitem").first).to_be_visible()
        await expect(page.get_by_text("Live", exact=True)).to_be_visible()


async def test_the_first_load_is_small(shown: Site, open_page: OpenPage) -> None:
    """Under 200 KB over the wire, fonts included; no page adds more than the fonts of what it quotes."""
    async with open_page(shown) as page:
        await expect(page.get_by_text("16 reports, 4 independent lines")).to_be_visible()
        await page.evaluate("document.fonts.ready")
        loaded = await page.evaluate(LOADED)
        assert sum(loaded.values()) < 200_000, loaded
        await page.goto(f"/sources/{await find_source(shown, hasText=True)}")
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        loaded = await page.evaluate(LOADED)
        assert sum(size for name, size in loaded.items() if "woff2" not in name) < 200_000, loaded


async def test_a_draft_outlives_a_crash_of_its_tab(fresh: Site, open_page: OpenPage) -> None:
    article = await find_source(fresh, hasText=True)
    async with open_page(fresh, f"/sources/{article}") as page:
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await page.keyboard.press("c")
        await page.get_by_label("Statement").fill("Typed a moment before.")
        session = await page.context.new_cdp_session(page)
        async with page.expect_event("crash"):
            crashing = asyncio.ensure_future(session.send("Page.crash"))  # which nobody is left to answer
        crashing.cancel()
        again = await page.context.new_page()
        await again.goto(f"{fresh.url}/sources/{article}")
        await expect(again.get_by_text("A draft of yours, kept in this browser.")).to_be_visible()
        await expect(again.get_by_label("Statement")).to_have_value("Typed a moment before.")


@pytest.mark.parametrize(("motion", "behavior"), [("reduce", "instant"), ("no-preference", "smooth")])
async def test_less_motion_is_none(
    shown: Site, open_page: OpenPage, motion: Literal["reduce", "no-preference"], behavior: str
) -> None:
    """Where a reader wants less of it the page jumps to a claim; else it goes there."""
    article = await find_source(shown, hasText=True)
    asked = """() => { const { scrollTo } = window; window.asked = [];
      window.scrollTo = (to) => { window.asked.push(to.behavior); scrollTo.call(window, to); }; }"""
    async with open_page(shown, f"/sources/{article}") as page:
        await page.emulate_media(reduced_motion=motion)
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await page.evaluate(asked)
        for _ in range(19):
            await page.keyboard.press("j")
        # Not by wait_for_function: where it waits it makes code out of text, which the page forbids.
        for _ in range(500):
            if await page.evaluate("asked.length > 0"):
                break
            await page.wait_for_timeout(20)
        assert set(await page.evaluate("asked")) == {behavior}
        moving = "getAnimations().filter((one) => one.effect.getTiming().duration > 0).length"
        assert behavior == "smooth" or await page.evaluate(f"document.{moving}") == 0
