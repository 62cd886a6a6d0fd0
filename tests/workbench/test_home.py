from __future__ import annotations

import pytest
from playwright.async_api import expect

from app.settings import Settings
from tests.web.conftest import Serve, Site
from tests.workbench.conftest import OpenPage, find_faults


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
