from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import expect

from tests.web.conftest import Site
from tests.workbench.asking import AT_LEAST_25, find_claim
from tests.workbench.conftest import OpenPage, choose, find_faults


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_claim_says_what_it_rests_on(shown: Site, open_page: OpenPage, scheme: str) -> None:
    claim = await find_claim(shown, text=AT_LEAST_25)
    async with open_page(shown, f"/claims/{claim}", color_scheme=scheme) as page:
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            "At least 25 Kataib Hezbollah fighters died in the attack."
        )
        await expect(page.get_by_text("14 reports, 3 independent lines", exact=True)).to_be_visible()
        await expect(page.locator("figure mark")).to_contain_text("At least 25 Kataib Hezbollah")
        await expect(page.get_by_role("heading", name="For it 14")).to_be_visible()
        facts = page.get_by_role("region", name="About the claim")
        for party in ("Government of Iraq", "Popular Mobilization Forces", "Government of Iran"):
            await expect(facts.get_by_role("link", name=party)).to_be_visible()
        assert await find_faults(page) == []


async def test_it_shows_which_independent_lines_stand_for_and_against_it(
    shown: Site, open_page: OpenPage
) -> None:
    claim = await find_claim(shown, text="two dozen", status=["DISPUTED"])
    async with open_page(shown, f"/claims/{claim}") as page:
        lines = page.get_by_role("list", name="Independent lines for it").locator("> li")
        await expect(lines).to_have_text(
            ["Line 1Popular Mobilization ForcesNewsNumber", "Line 2Al Arabiya EnglishSputnikUrduPoint"]
        )
        against = page.get_by_role("list", name="Independent lines against it").locator("> li")
        await expect(against).to_have_text(["Line 1Government of IraqILKHAÇınarın Sesi"])
        # Who would all have to be wrong is framed: one in each line for it.
        await expect(lines.locator("[data-weak]")).to_have_text(
            ["Popular Mobilization Forces", "Al Arabiya English"]
        )
        rows = page.get_by_role("listitem")
        dozens = rows.filter(has=page.get_by_role("link", name="The victims number in the dozens."))
        await expect(dozens).to_contain_text("Part of line 2")
        await expect(rows.filter(has_text="Sputnik → Trend")).to_contain_text(
            "Shares parties with lines 1, 2"
        )
        await lines.first.get_by_role("link", name="Popular Mobilization Forces").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Popular Mobilization Forces")


async def test_on_a_phone_who_said_it_stands_before_what_speaks_for_it(
    shown: Site, open_page: OpenPage
) -> None:
    claim = await find_claim(shown, text="two dozen", status=["DISPUTED"])
    order = """() => ["main figure", "[aria-label='About the claim']", "main h2"]
      .map((one) => document.querySelector(one).getBoundingClientRect().top)"""
    for width, stacked in ((390, True), (768, True), (1440, False)):
        viewport = {"width": width, "height": 900}
        async with open_page(shown, f"/claims/{claim}", viewport=viewport) as page:
            await expect(page.get_by_role("heading", name="For it 8")).to_be_visible()
            words, speakers, evidence = await page.evaluate(order)
            assert words < evidence
            assert (words < speakers < evidence) is stacked
            assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_an_assessment_is_recorded_by_keyboard_counts_and_is_taken_back(
    fresh: Site, open_page: OpenPage
) -> None:
    claim = await find_claim(fresh, text="750", status=["UNCORROBORATED"])
    async with open_page(fresh, f"/claims/{claim}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("a")
        dialog = page.get_by_role("dialog", name="Record an assessment")
        await expect(dialog.get_by_label("By what evidence")).to_be_focused()
        await page.keyboard.insert_text("embassy protests")
        await expect(dialog.get_by_role("option", name="Iran denies involvement")).to_be_visible()
        await page.keyboard.press("Enter")
        await expect(dialog.get_by_text("Choose other evidence")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
        await page.keyboard.press("a")
        await expect(dialog.get_by_text("Iran denies involvement")).to_be_visible()  # the draft
        await choose(dialog.get_by_label("Contradicts"))
        assert await find_faults(page) == []
        await dialog.get_by_role("button", name="Record", exact=True).press("Enter")
        await expect(dialog.get_by_role("alert").first).to_be_visible()  # no reason is given yet
        await dialog.get_by_label("Why").fill("They say that nobody was sent.")
        await dialog.get_by_role("button", name="Record", exact=True).press("Enter")
        await expect(page.get_by_text("Assessment recorded.")).to_be_visible()
        await expect(page.get_by_role("heading", name="Against it 1")).to_be_visible()
        await expect(page.get_by_text("A researcher judged so")).to_be_visible()
        await page.get_by_role("button", name="Undo").press("Enter")
        await expect(page.get_by_role("heading", name="Against it 0")).to_be_visible()
        await expect(page.get_by_text("Taken back:")).to_be_visible()


@pytest.mark.parametrize("way", ["asked", "Escape"])
async def test_a_key_right_after_a_dialog_was_left_counts(shown: Site, open_page: OpenPage, way: str) -> None:
    claim = await find_claim(shown, text="750", status=["UNCORROBORATED"])
    async with open_page(shown, f"/claims/{claim}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("a")
        dialog = page.get_by_role("dialog", name="Record an assessment")
        await expect(dialog.get_by_label("By what evidence")).to_be_focused()
        if way == "asked":
            await page.keyboard.press("ArrowDown")  # a page can hold the browser up only after another key
            await page.evaluate(LEAVE_AND_OPEN)
        else:
            await page.evaluate(OPEN_AFTER_ESCAPE)
            await page.keyboard.press("Escape")
        await page.wait_for_timeout(100)  # what the browser tells late has been told
        await expect(dialog).to_be_visible()


PRESS_A = """document.body.dispatchEvent(
  new KeyboardEvent("keydown", { key: "a", bubbles: true, cancelable: true }))"""
# Before the browser tells of anything.
LEAVE_AND_OPEN = f"""async () => {{
  document.querySelector("dialog:modal").requestClose();
  await Promise.resolve();
  {PRESS_A};
}}"""
# After all that the page does with the key, and before what the browser does.
OPEN_AFTER_ESCAPE = (
    f"""() => document.body.addEventListener("keydown", () => {{ {PRESS_A}; }}, {{ once: true }})"""
)


async def test_it_is_cited_in_each_format(shown: Site, open_page: OpenPage) -> None:
    claim = await find_claim(shown, text=AT_LEAST_25)
    async with open_page(shown, f"/claims/{claim}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("q")
        citation = page.get_by_role("dialog", name="Cite").get_by_label("Citation")
        await expect(citation).to_have_value(re.compile(claim))
        await choose(page.get_by_role("radio", name="JSON-LD"))
        linked = json.loads(await citation.input_value())
        assert linked["@id"] == f"{shown.url}/claims/{claim}"
        assert await find_faults(page) == []


async def test_a_withdrawal_can_be_undone(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text=AT_LEAST_25)
    async with open_page(fresh, f"/claims/{claim}") as page:
        await page.get_by_role("button", name="Withdraw").press("Enter")
        dialog = page.get_by_role("dialog", name="Withdraw")
        await dialog.get_by_label("Reason").fill("By mistake.")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Withdrawn by local")).to_be_visible()
        await page.get_by_role("button", name="Undo").press("Enter")
        await expect(page.get_by_text("Withdrawn by local")).to_be_hidden()
