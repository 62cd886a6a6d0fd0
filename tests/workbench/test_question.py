from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.web.conftest import Site
from tests.workbench.asking import find_question
from tests.workbench.conftest import OpenPage, find_faults


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_one_sees_how_many_lines_an_answer_has(shown: Site, open_page: OpenPage, scheme: str) -> None:
    question = await find_question(shown, text="airstrikes kill")
    async with open_page(shown, f"/questions/{question}", color_scheme=scheme) as page:
        await expect(
            page.get_by_text("22 claims · 5 origins · The range that stands: 24 or more")
        ).to_be_visible()
        lines = page.get_by_role("region", name="Who stands behind the answer")
        await expect(lines.get_by_text("16 reports, 4 independent lines").first).to_be_visible()
        assert await lines.locator("svg [data-weak]").count() == 4
        chart = page.get_by_role("region", name="Every origin's position over time")
        await expect(chart.get_by_role("heading", name="Nobody named")).to_be_attached()
        assert await chart.locator("li:not([data-live])").count() == 5
        assert await find_faults(page) == []


async def test_nine_papers_quoting_one_minister_are_one_line(shown: Site, open_page: OpenPage) -> None:
    question = await find_question(shown, text="additional troops")
    async with open_page(shown, f"/questions/{question}") as page:
        lines = page.get_by_role("region", name="Who stands behind the answer")
        await expect(lines.get_by_text("9 reports, 1 independent line", exact=True)).to_be_visible()
        weak = lines.locator("svg [data-weak]")
        assert await weak.count() == 1
        assert re.match(
            r"United States government: \d+ claims pass", await weak.locator("title").text_content() or ""
        )


async def test_an_answer_is_chosen_by_keyboard_and_kept_in_the_address(
    shown: Site, open_page: OpenPage
) -> None:
    question = await find_question(shown, text="airstrikes kill")
    async with open_page(shown, f"/questions/{question}") as page:
        lines = page.get_by_role("region", name="Who stands behind the answer")
        await expect(lines).to_be_visible()
        await page.get_by_role("button", name=re.compile(r"19\s*, Outdated, no longer counts")).press("Enter")
        await expect(lines.get_by_text("Outdated", exact=True)).to_be_visible()
        await page.wait_for_url(re.compile(r"\?claim=claim_"))
        await page.reload()
        await expect(page.locator("[data-chosen]").first).to_contain_text("19")


async def test_a_yes_or_no_question_has_two_sides(shown: Site, open_page: OpenPage) -> None:
    question = await find_question(shown, text="Iran responsible")
    async with open_page(shown, f"/questions/{question}") as page:
        chart = page.get_by_role("region", name="Every origin's position over time")
        await expect(chart.get_by_text("Denies").first).to_be_visible()
        assert await find_faults(page) == []


async def test_it_fits_a_phone(shown: Site, open_page: OpenPage) -> None:
    question = await find_question(shown, text="airstrikes kill")
    async with open_page(shown, f"/questions/{question}", viewport={"width": 360, "height": 740}) as page:
        await expect(page.get_by_text("16 reports, 4 independent lines").first).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
