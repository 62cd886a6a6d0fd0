from __future__ import annotations

import asyncio
import re
import time
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.web.conftest import Site
from tests.workbench.asking import ask, find_source, record
from tests.workbench.conftest import PATIENCE_MS, OpenPage, choose, find_faults

CLAIMS = """query($id: ID!) { source(id: $id) { claims(first: 100) { edges { node {
  id statement quote { exact start } corroboration { status } quantity { lower upper }
  attribution { agents { name } cue } question { text } withdrawal { reason }
} } } } }"""
PAINTED = """() => Object.fromEntries([...CSS.highlights].map(([name, ranges]) =>
  [name, [...ranges].map((range) => range.toString())]))"""


async def painted(page: Page) -> dict[str, list[str]]:
    """The words under each highlight of the page."""
    found: dict[str, list[str]] = await page.evaluate(PAINTED)
    return found


async def expect_painted(page: Page, highlight: str, words: list[str]) -> None:
    """That these words stand under a highlight, soon: the page paints them once it has shown the rest."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while (found := sorted((await painted(page)).get(highlight, []))) != sorted(words):
        if time.monotonic() > end:
            assert found == sorted(words)
        await asyncio.sleep(0.02)


async def claims_of(site: Site, source: str) -> list[dict[str, Any]]:
    data = await ask(site, CLAIMS, id=source)
    return [edge["node"] for edge in data["source"]["claims"]["edges"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_each_claim_of_the_article_is_highlighted_where_it_stands(
    shown: Site, open_page: OpenPage, scheme: str
) -> None:
    article = await find_source(shown, hasText=True)
    claims = await claims_of(shown, article)
    assert len(claims) == 19
    async with open_page(shown, f"/sources/{article}", color_scheme=scheme) as page:
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        for status in {claim["corroboration"]["status"] for claim in claims}:
            exact = [c["quote"]["exact"] for c in claims if c["corroboration"]["status"] == status]
            await expect_painted(page, f"claim-{status.lower()}", exact)
        assert await find_faults(page) == []


async def test_positions_are_code_points_not_units(fresh: Site, open_page: OpenPage) -> None:
    text = "🚁🚁 “Boom” 👩‍🚒 — they’d said “at least 25” 🇮🇶 died.\n\nThen “at least 25” 🚁 again, and 𝟛 more."
    source = await record(fresh, "recordSource", kind="POST", title="Emoji", text=text)
    quotes = ["“at least 25” 🇮🇶 died", "🚁 again", "👩‍🚒", "𝟛 more"]
    for quote in quotes:
        await record(
            fresh,
            "recordClaim",
            source=source,
            statement=f"It says {quote}",
            quote={"exact": quote},
            basis="UNATTRIBUTED",
        )
    async with open_page(fresh, f"/sources/{source}") as page:
        await expect(page.get_by_role("heading", name="4 claims")).to_be_visible()
        await expect_painted(page, "claim-uncorroborated", quotes)


async def test_overlapping_claims_can_each_be_chosen_by_a_click(fresh: Site, open_page: OpenPage) -> None:
    source = await record(
        fresh, "recordSource", kind="POST", title="Overlap", text="At least 25 people died."
    )
    for quote in ("At least 25 people died", "25 people"):
        await record(
            fresh, "recordClaim", source=source, statement=quote, quote={"exact": quote}, basis="FIRSTHAND"
        )
    async with open_page(fresh, f"/sources/{source}") as page:
        await expect(page.get_by_role("heading", name="2 claims")).to_be_visible()
        await expect_painted(page, "claim-overlap", ["25 people"])
        box = await page.get_by_text("At least 25 people died.").bounding_box()
        assert box is not None
        for expected in ("25 people", "At least 25 people died", "25 people"):
            await page.mouse.click(box["x"] + 85, box["y"] + box["height"] / 2)
            await expect(page.locator("[data-active] button").first).to_contain_text(expected)
            await expect_painted(page, "claim-active", [expected])


async def test_a_claim_is_recorded_by_keyboard_alone(fresh: Site, open_page: OpenPage) -> None:
    sentence = "The health ministry’s Jane Doe said in a statement that 🚑 nearly 30 people were killed."
    text = f"It rained.\n\n{sentence}"
    source = await record(fresh, "recordSource", kind="ARTICLE", title="By keyboard", text=text)
    async with open_page(fresh, f"/sources/{source}") as page:
        await expect(page.get_by_text("No claim is marked in it yet")).to_be_visible()
        assert await find_faults(page) == []
        keys = page.keyboard
        await keys.press("s")
        await keys.press("s")
        await keys.press("c")
        form = page.get_by_role("form", name="Record a claim")
        quote = form.get_by_label("Quote")
        await expect(quote).to_be_focused()
        await expect(quote).to_have_value(sentence)
        await keys.press("Control+a")
        await keys.insert_text("nearly 30 people were killed")
        await expect_painted(page, "claim-proposed", ["nearly 30 people were killed"])
        await keys.press("Tab")
        await keys.insert_text("Nearly 30 were killed.")
        await keys.press("Tab")
        await keys.insert_text("airs kill")
        await expect(form.get_by_role("option").first).to_contain_text("kill")
        await keys.press("Enter")
        quantity = form.get_by_label("Quantity")
        await expect(quantity).to_have_value("nearly 30")
        await expect(form.get_by_role("status")).to_have_text("Understood as 27 to 29")
        assert await find_faults(page) == []
        speaker = form.get_by_label("Speaker")
        await speaker.focus()
        await keys.insert_text("Jane Doe")
        await expect(form.get_by_role("option", name="Record “Jane Doe”")).to_be_visible()
        await keys.press("Enter")
        await expect(page.get_by_role("dialog", name="Record an agent")).to_be_visible()
        assert await find_faults(page) == []
        await keys.press("Enter")
        await expect(form.get_by_role("button", name="Remove Jane Doe")).to_be_visible()
        await expect(form.get_by_label("Cue")).to_have_value("said in a statement")
        await keys.press("Control+Enter")
        await expect(page.get_by_text("Recorded.")).to_be_visible()
        await expect(page.get_by_role("heading", name="1 claim")).to_be_visible()
        [claim] = await claims_of(fresh, source)
        assert claim["statement"] == "Nearly 30 were killed."
        assert claim["quote"] == {"exact": "nearly 30 people were killed", "start": text.index("nearly")}
        assert claim["quantity"] == {"lower": "27", "upper": "29"}
        assert claim["attribution"] == [{"agents": [{"name": "Jane Doe"}], "cue": "said in a statement"}]
        await page.get_by_role("button", name="Undo").press("Enter")
        await expect(page.get_by_text("Withdrawn again.")).to_be_visible()
        assert await claims_of(fresh, source) == []


async def test_what_is_typed_survives_a_reload_and_a_dropped_connection(
    fresh: Site, open_page: OpenPage
) -> None:
    article = await find_source(fresh, hasText=True)
    async with open_page(fresh, f"/sources/{article}", offline=True) as page:
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await page.keyboard.press("c")
        form = page.get_by_role("form", name="Record a claim")
        await form.get_by_label("Quote").fill("demanding the expulsion of US troops")
        await choose(form.get_by_role("radio", name="Unattributed"))
        await page.reload()
        await expect(page.get_by_text("A draft of yours, kept in this browser.")).to_be_visible()
        await expect(form.get_by_label("Quote")).to_have_value("demanding the expulsion of US troops")
        await expect(page.get_by_role("radio", name="Unattributed")).to_be_checked()
        await page.route("**/graphql", lambda route: route.abort())
        await form.get_by_role("button", name="Record", exact=False).last.click()
        await expect(form.get_by_role("alert").last).to_contain_text("nothing was recorded")
        await page.unroute("**/graphql")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("heading", name="20 claims")).to_be_visible()


async def test_a_refused_quote_shows_the_nearest_passages_beside_its_field(
    fresh: Site, open_page: OpenPage
) -> None:
    article = await find_source(fresh, hasText=True)
    async with open_page(fresh, f"/sources/{article}") as page:
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await page.keyboard.press("c")
        form = page.get_by_role("form", name="Record a claim")
        quote = form.get_by_label("Quote")
        await quote.fill('he considers Tehran "fully responsible," for the incident')
        await expect(form.get_by_text("These words do not stand in the text.")).to_be_visible()
        await choose(form.get_by_role("radio", name="First hand"))
        await page.keyboard.press("Control+Enter")
        await form.get_by_role("button", name=re.compile("fully responsible,quot;")).first.click()
        await expect(quote).to_have_value(re.compile("fully responsible,quot;"))
        await page.keyboard.press("Escape")
        await expect(form).to_be_hidden()


async def test_a_citation_shows_the_words_that_were_recorded(shown: Site, open_page: OpenPage) -> None:
    source = await find_source(shown, hasText=False)
    [claim, *_] = await claims_of(shown, source)
    async with open_page(shown, f"/sources/{source}") as page:
        await expect(page.get_by_text("Its text is not stored")).to_be_visible()
        await expect(page.locator("mark").first).to_have_text(claim["quote"]["exact"])
        assert await find_faults(page) == []


async def test_a_quote_that_a_revision_left_out_is_shown_as_orphaned(
    fresh: Site, open_page: OpenPage
) -> None:
    source = await record(
        fresh, "recordSource", kind="ARTICLE", title="Before", text="19 died. 40 were hurt."
    )
    await record(
        fresh, "recordClaim", source=source, statement="19.", quote={"exact": "19 died"}, basis="FIRSTHAND"
    )
    revise = """mutation($id: ID!) { reviseSource(input: {source: $id, text: "25 died. 40 were hurt."}) {
      ... on SourcePayload { source { id } } } }"""
    newer = (await ask(fresh, revise, id=source))["reviseSource"]["source"]["id"]
    async with open_page(fresh, f"/sources/{source}") as page:
        await expect(page.get_by_text("Orphaned: the words no longer stand")).to_be_visible()
        await page.get_by_text("A later version of this text stands:").get_by_role("link").click()
        await page.wait_for_url(f"**/sources/{newer}")
        await expect(page.get_by_role("heading", name="From the version before")).to_be_visible()
        await expect(page.get_by_text("Orphaned: the words no longer stand")).to_be_visible()
        await expect_painted(page, "claim-uncorroborated", [])


async def test_right_to_left_text_runs_right_to_left(fresh: Site, open_page: OpenPage) -> None:
    text = "قالت وزارة الصحة إن 25 شخصا قتلوا.\n\nThe ministry said 25."
    source = await record(
        fresh, "recordSource", kind="ARTICLE", title="وزارة الصحة", text=text, language="ar"
    )
    await record(
        fresh,
        "recordClaim",
        source=source,
        statement="25",
        quote={"exact": "25 شخصا قتلوا"},
        basis="FIRSTHAND",
    )
    async with open_page(fresh, f"/sources/{source}") as page:
        await expect(page.get_by_role("heading", name="1 claim", exact=True)).to_be_visible()
        await expect_painted(page, "claim-uncorroborated", ["25 شخصا قتلوا"])
        article = page.get_by_text("The ministry said 25.")
        assert await article.evaluate("(e) => [getComputedStyle(e).direction, e.lang]") == ["rtl", "ar"]
        assert await find_faults(page) == []


async def test_a_source_that_is_not_recorded_says_so(shown: Site, open_page: OpenPage) -> None:
    async with open_page(shown, "/sources/source_00000000-0000-0000-0000-000000000000") as page:
        await expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
