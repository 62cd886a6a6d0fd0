"""A network that is slow, or goes: one works on meanwhile, and is told what came of what was sent."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.web.conftest import Site
from tests.workbench.asking import ask, find_claim, find_source, record
from tests.workbench.conftest import OpenPage, choose, find_faults
from tests.workbench.line import Line

WORDS = "demanding the expulsion of US troops"


async def fill_claim(page: Page, quote: str) -> None:
    await page.keyboard.press("c")
    form = page.get_by_role("form", name="Record a claim")
    await form.get_by_label("Quote").fill(quote)
    await choose(form.get_by_role("radio", name="Unattributed"))


@pytest.mark.parametrize("stale", [False, True])
async def test_a_form_that_is_opened_while_another_is_sent_stays(
    fresh: Site, open_page: OpenPage, *, stale: bool
) -> None:
    claim = await find_claim(fresh, text="750", status=["UNCORROBORATED"])
    line = Line()
    async with open_page(fresh, f"/claims/{claim}", prepare=line.lay) as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("e")
        amending = page.get_by_role("dialog", name="Amend", exact=True)
        await amending.get_by_label("Statement").fill("Mine.")
        if stale:
            await record(fresh, "amendClaim", claim=claim, expectedVersion=1, statement="Theirs.")
        withdrawing = page.get_by_role("dialog", name="Withdraw")
        async with line.held("AmendClaim"):
            await page.keyboard.press("Control+Enter")
            await expect(amending).to_be_hidden()
            await page.keyboard.press("w")
            await page.keyboard.type("By mist")
        if stale:
            # What was refused comes back, above what is being written now.
            await expect(amending.get_by_role("alert")).to_contain_text("Theirs.")
            assert await find_faults(page) == []
            await page.keyboard.press("Escape")
            await expect(amending).to_be_hidden()
        else:
            await expect(page.locator("main h1")).to_have_text("Mine.")
            await expect(page.get_by_text("Amended.")).to_be_attached()
        reason = withdrawing.get_by_label("Reason")
        await expect(reason).to_be_focused()
        await page.keyboard.type("ake.")
        await expect(reason).to_have_value("By mistake.")


async def test_who_goes_elsewhere_while_a_claim_is_sent_stays_there(fresh: Site, open_page: OpenPage) -> None:
    article = await find_source(fresh, hasText=True)
    line = Line()
    async with open_page(fresh, f"/sources/{article}", prepare=line.lay) as page:
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await fill_claim(page, WORDS)
        async with line.held("RecordClaim"):
            await page.keyboard.press("Control+Enter")
            await expect(page.get_by_text("Being recorded …")).to_be_visible()
            await page.keyboard.press("g")
            await page.keyboard.press("q")
            await expect(page.get_by_role("heading", name="What wants attention")).to_be_visible()
            address = page.url
        await expect(page.get_by_text("Recorded.", exact=True)).to_be_visible()
        assert page.url == address
        await page.keyboard.press("u")
        await expect(page.get_by_text("Withdrawn again.")).to_be_visible()
        query = "query($id: ID!) { source(id: $id) { claims { totalCount } } }"
        assert (await ask(fresh, query, id=article))["source"]["claims"]["totalCount"] == 19


async def test_who_goes_elsewhere_is_told_what_was_refused(fresh: Site, open_page: OpenPage) -> None:
    article = await find_source(fresh, hasText=True)
    line = Line()
    async with open_page(fresh, f"/sources/{article}", prepare=line.lay) as page:
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await fill_claim(page, "Words that stand nowhere in it")
        async with line.held("RecordClaim"):
            await page.keyboard.press("Control+Enter")
            await expect(page.get_by_text("Being recorded …")).to_be_visible()
            await page.keyboard.press("g")
            await page.keyboard.press("q")
            await expect(page.get_by_role("heading", name="What wants attention")).to_be_visible()
        await expect(page.get_by_text("What you sent before you left its form: ")).to_be_visible()
        await page.go_back()
        quote = page.get_by_role("form", name="Record a claim").get_by_label("Quote")
        await expect(quote).to_have_value("Words that stand nowhere in it")


async def test_who_goes_elsewhere_while_an_article_is_sent_is_not_taken_from_there(
    fresh: Site, open_page: OpenPage
) -> None:
    line = Line()
    async with open_page(fresh, "/paste", prepare=line.lay) as page:
        await page.get_by_label("Title").fill("A second article")
        async with line.held("RecordSource"):
            await page.keyboard.press("Control+Enter")
            await page.get_by_role("link", name="Queue").click()
            await expect(page.get_by_role("heading", name="What wants attention")).to_be_visible()
            address = page.url
        await expect(page.get_by_text("The source is recorded.")).to_be_visible()
        assert page.url == address
        await page.get_by_role("button", name="Open it").press("Enter")
        await expect(page.get_by_role("heading", name="A second article", level=1)).to_be_visible()


async def test_words_that_are_selected_while_a_claim_is_sent_stay_selected(
    fresh: Site, open_page: OpenPage
) -> None:
    article = await find_source(fresh, hasText=True)
    line = Line()
    async with open_page(fresh, f"/sources/{article}", prepare=line.lay) as page:
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await fill_claim(page, WORDS)
        async with line.held("RecordClaim"):
            await page.keyboard.press("Control+Enter")
            await expect(page.get_by_text("Being recorded …")).to_be_visible()
            await page.keyboard.press("s")
            await page.keyboard.press("s")
            selected = await page.evaluate("getSelection().toString()")
        await expect(page.get_by_role("heading", name="20 claims")).to_be_visible()
        assert selected
        assert await page.evaluate("getSelection().toString()") == selected
        assert "claim=" not in page.url
        await page.keyboard.press("c")
        form = page.get_by_role("form", name="Record a claim")
        await expect(form.get_by_label("Quote")).to_have_value(selected)


async def test_a_draft_of_two_windows_is_recorded_from_both_if_it_is_sent_again(
    fresh: Site, open_page: OpenPage
) -> None:
    article = await find_source(fresh, hasText=True)
    async with open_page(fresh, f"/sources/{article}") as page:
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await fill_claim(page, WORDS)
        other = await page.context.new_page()
        await other.goto(page.url)
        statement = other.get_by_role("form", name="Record a claim").get_by_label("Statement")
        await statement.fill("Read otherwise.")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("heading", name="20 claims")).to_be_visible()
        await statement.press("Control+Enter")
        await expect(other.get_by_text("This draft was recorded before, in other words")).to_be_visible()
        await expect(statement).to_have_value("Read otherwise.")
        await statement.press("Control+Enter")
        await expect(other.get_by_role("heading", name="21 claims")).to_be_visible()


async def test_nothing_is_recorded_anew_before_it_was_looked_for(fresh: Site, open_page: OpenPage) -> None:
    article = await find_source(fresh, hasText=True)
    answered = asyncio.Event()

    async def hold(route: Route) -> None:
        if any(query in (route.request.post_data or "") for query in ("FindAgents", "RecentAgents")):
            await answered.wait()
        await route.continue_()

    async with open_page(fresh, f"/sources/{article}") as page:
        await page.route("**/graphql", hold)
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await page.keyboard.press("s")
        await page.keyboard.press("c")
        form = page.get_by_role("form", name="Record a claim")
        await form.get_by_label("Speaker").fill("Sputnik")
        await page.wait_for_timeout(300)  # longer than it waits for the next letter
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(form.get_by_role("alert")).to_have_count(0)
        answered.set()
        await expect(page.get_by_role("option", name="Sputnik").first).to_be_visible()
        await page.keyboard.press("Enter")
        await expect(form.get_by_role("button", name="Remove Sputnik")).to_be_visible()


async def test_what_could_not_be_undone_can_be_tried_again(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text="750", status=["UNCORROBORATED"])
    phone = {"width": 390, "height": 800}
    line = Line()
    async with open_page(fresh, f"/claims/{claim}", offline=True, viewport=phone, prepare=line.lay) as page:
        heading = page.get_by_role("heading", level=1)
        await expect(heading).to_be_visible()
        before = await heading.inner_text()
        await page.keyboard.press("e")
        await page.get_by_role("dialog", name="Amend", exact=True).get_by_label("Statement").fill("Mine.")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("Amended.")).to_be_visible()
        again = page.get_by_role("button", name="Try again")
        async with line.cut():
            await page.keyboard.press("u")
            await expect(again.last).to_be_visible()
            await expect(heading).to_have_text("Mine.")
        told = page.locator("[class*=place]", has=page.get_by_text("nothing was recorded"))
        box = await told.bounding_box()
        assert box is not None
        assert (box["x"] >= 0, box["x"] + box["width"] <= 390, box["height"] < 160) == (True, True, True)
        await page.keyboard.press("u")
        await expect(heading).to_have_text(before)


async def test_one_sees_that_something_is_on_its_way(shown: Site, open_page: OpenPage) -> None:
    let_go = asyncio.Event()

    async def hold(route: Route) -> None:
        if "/assets/" in route.request.url or "query ClaimPage" in (route.request.post_data or ""):
            await let_go.wait()
        await route.continue_()

    async with open_page(shown) as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.route("**/*", hold)
        coming = page.get_by_text("Asking …").first
        await page.keyboard.press("g")
        await page.keyboard.press("q")
        await expect(coming).to_be_visible()  # the page itself
        assert await find_faults(page) == []
        let_go.set()
        await expect(page.get_by_role("heading", name="What wants attention")).to_be_visible()
        await expect(coming).to_have_count(0)
        let_go.clear()
        await page.get_by_role("link", name="750 soldiers are deploying at once.").press("Enter")
        await expect(coming).to_be_visible()
        let_go.set()
        await expect(page.get_by_role("heading", level=1)).to_have_text("750 soldiers are deploying at once.")


async def test_what_is_typed_after_a_search_was_sent_is_kept(shown: Site, open_page: OpenPage) -> None:
    let_go = asyncio.Event()

    async def hold(route: Route) -> None:
        if "/assets/" in route.request.url or "query Search(" in (route.request.post_data or ""):
            await let_go.wait()
        await route.continue_()

    async with open_page(shown) as page:
        heading = page.get_by_role("heading", level=1)
        box = page.get_by_role("searchbox")
        await expect(heading).to_be_visible()
        await page.route("**/*", hold)
        await page.keyboard.press("/")
        await page.keyboard.type("Esper")
        await page.keyboard.press("Enter")
        await page.keyboard.type(" g")  # as the page itself is on its way
        let_go.set()
        await expect(heading).to_have_text("“Esper”")
        await expect(page.locator("main ol > li").first).to_be_visible()
        await expect(box).to_have_value("Esper g")
        await expect(box).to_be_focused()

        let_go.clear()
        await box.fill("soldiers")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/search?q=soldiers")
        await expect(box).to_be_focused()
        await page.keyboard.type(" q")  # as the results are
        let_go.set()
        await expect(page.locator("main ol > li").first).to_be_visible()
        await expect(box).to_have_value("soldiers q")
        await expect(page).to_have_url(re.compile(r"/search\?q=soldiers$"))

        await box.fill("soldiers deploy")
        await page.keyboard.press("Enter")
        await expect(page.locator("main ol > li").first).to_be_visible()
        await expect(box).not_to_be_focused()  # nothing was typed since: the keys are the page's
        await page.keyboard.press("j")
        await expect(page.locator("main ol > li a").first).to_be_focused()
        await page.keyboard.press("g")
        await page.keyboard.press("h")
        await expect(box).to_have_value("")


async def test_a_browser_that_keeps_nothing_shows_and_records(fresh: Site, open_page: OpenPage) -> None:
    denied = """Object.defineProperty(window, "localStorage", {
      get() { throw new DOMException("Access is denied for this document.", "SecurityError"); } })"""
    async with open_page(fresh) as page:
        await page.add_init_script(denied)
        await page.goto("/paste")
        await page.get_by_label("Colours").select_option("dark")
        await page.get_by_label("Title").fill("Kept nowhere")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("heading", name="Kept nowhere", level=1)).to_be_visible()
