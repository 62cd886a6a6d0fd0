"""A key or a choice counts as soon as one sees what it is for, however slow the machine is."""

from __future__ import annotations

import asyncio
import json
import re

from playwright.async_api import Page, Route, expect

from tests.web.conftest import Site
from tests.workbench.asking import AT_LEAST_25, find_claim, find_question, find_source, record
from tests.workbench.conftest import OpenPage, find_faults

# What is pressed in one task of the browser: nothing is drawn in between but what the page draws by itself.
PRESS = """(keys) => {
  for (const key of keys) {
    const pressed = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(pressed);
  }
}"""
# React draws, and does what it does after that, in tasks it sends itself: here they come late.
LATE = """{
  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (...given) {
    setTimeout(() => postMessage.apply(this, given), 150);
  };
}"""


async def press_as_soon_as(page: Page, selector: str, key: str) -> None:
    """The moment an element stands in the page: before it is painted, and in the task that put it there."""
    script = f"""new MutationObserver((_, observer) => {{
      if (document.querySelector({json.dumps(selector)}) === null) return;
      observer.disconnect();
      ({PRESS})([{json.dumps(key)}]);
    }}).observe(document, {{ childList: true, subtree: true }});"""
    await page.add_init_script(script)


async def test_a_sentence_is_selected_as_soon_as_the_text_is_there(fresh: Site, open_page: OpenPage) -> None:
    text = "It rained. 40 came."
    source = await record(fresh, "recordSource", kind="POST", title="New", text=text)
    async with open_page(fresh, "/rule") as page:
        await press_as_soon_as(page, "section[aria-label='Text of the source']", "s")
        await page.goto(f"/sources/{source}")
        await expect(page.get_by_role("button", name="Mark as a claim")).to_be_visible()
        assert await page.evaluate("getSelection().toString()") == "It rained."


async def test_the_keys_are_the_page_s_as_soon_as_there_are_results(shown: Site, open_page: OpenPage) -> None:
    async with open_page(shown, "/rule") as page:
        await press_as_soon_as(page, "main ol > li a", "j")
        await page.goto("/rule")
        await page.get_by_role("searchbox").fill("Esper")
        await page.keyboard.press("Enter")
        await expect(page.locator("main ol > li a").first).to_be_focused()


async def test_each_of_many_quick_steps_through_an_article_is_one(shown: Site, open_page: OpenPage) -> None:
    article = await find_source(shown, hasText=True)
    async with open_page(shown, f"/sources/{article}") as page:
        statements = page.locator("aside > ol > li button")
        await expect(statements).to_have_count(19)
        third = await statements.nth(2).locator("span").first.inner_text()
        await page.evaluate(PRESS, ["j", "j", "j", "Enter"])
        await expect(page.get_by_role("heading", level=1)).to_have_text(third)


async def test_each_of_two_quick_choices_of_the_queue_counts(shown: Site, open_page: OpenPage) -> None:
    choose_both = """() => {
      [...document.querySelectorAll("main input[type=radio]")].at(-1).click();
      const events = document.querySelector("main select");
      events.selectedIndex = 1;
      events.dispatchEvent(new Event("change", { bubbles: true }));
    }"""
    async with open_page(shown, "/queue") as page:
        await expect(page.get_by_label("Event").locator("option")).not_to_have_count(1)
        await expect(page.locator("main input[type=radio]:checked")).to_have_count(1)
        await page.evaluate(choose_both)
        await expect(page.get_by_label("Event")).not_to_have_value("")
        await expect(page.get_by_role("radio").last).to_be_checked()
        await expect(page).to_have_url(re.compile(r"kind=\w+&event=event_"))


async def test_the_option_one_moved_to_stays_though_others_come_in_above_it(
    fresh: Site, open_page: OpenPage
) -> None:
    article = await find_source(fresh, hasText=True)
    answered = asyncio.Event()

    async def hold(route: Route) -> None:
        if "RecentAgents" in (route.request.post_data or ""):
            await answered.wait()
        await route.continue_()

    async with open_page(fresh, f"/sources/{article}") as page:
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await page.route("**/graphql", hold)
        await page.keyboard.press("c")
        form = page.get_by_role("form", name="Record a claim")
        await form.get_by_label("Speaker").fill("gov")  # the server knows words, the page how they begin
        options = form.get_by_role("listbox").get_by_role("option")
        await expect(options).to_have_text(["Record “gov”"])
        await page.keyboard.press("ArrowUp")
        answered.set()
        await expect(options).to_have_count(4)
        await expect(options.last).to_have_attribute("aria-selected", "true")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog", name="Record an agent")).to_be_visible()


async def test_the_focus_goes_along_however_late_the_page_is_drawn(fresh: Site, open_page: OpenPage) -> None:
    async with open_page(fresh, "/rule") as page:
        await page.add_init_script(LATE)
        await page.goto("/paste")
        await page.get_by_label("Publisher").fill("Daily Gazette")
        await page.get_by_role("option", name="Record “Daily Gazette”").click()
        await (
            page.get_by_role("dialog", name="Record an agent")
            .get_by_label("Name", exact=True)
            .press("Control+Enter")
        )
        await expect(page.get_by_role("button", name="Remove Daily Gazette")).to_be_focused()


async def test_no_clock_takes_away_what_one_may_still_do(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text=AT_LEAST_25)
    hour = 3_600_000
    async with open_page(fresh) as page:
        await page.clock.install()
        await page.goto(f"/claims/{claim}")
        heading = page.get_by_role("heading", level=1)
        await expect(heading).to_be_visible()
        await page.keyboard.press("w")
        await page.get_by_role("dialog", name="Withdraw").get_by_label("Reason").fill("By mistake.")
        await page.keyboard.press("Control+Enter")
        undo = page.get_by_role("button", name="Undo")
        await expect(undo).to_be_visible()
        await page.clock.fast_forward(hour)
        link = page.get_by_role("link", name="Sayso")
        await link.focus()
        await undo.press("Enter")
        restored = page.get_by_text("Restored.", exact=True)
        await expect(restored).to_be_visible()
        await expect(link).to_be_focused()
        await page.clock.fast_forward(hour)
        await expect(restored).to_be_visible()

        # Half of a sequence waits for its other half, and says so.
        waits = page.get_by_role("status").get_by_text("Go to the queue")
        await page.keyboard.press("g")
        await expect(waits).to_be_visible()
        assert await find_faults(page) == []
        await page.keyboard.press("Escape")
        await expect(waits).to_have_count(0)
        await page.keyboard.press("q")
        await expect(page.get_by_role("dialog", name="Cite")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(restored).to_be_visible()
        await page.keyboard.press("g")
        await expect(waits).to_be_visible()
        await page.clock.fast_forward(hour)
        await page.keyboard.press("q")
        await expect(page.get_by_role("heading", name="What wants attention")).to_be_visible()
        await expect(waits).to_have_count(0)
        await expect(restored).to_have_count(0)  # a word that asks for nothing goes with its page
        await page.keyboard.press("g")
        await heading.click()
        await expect(waits).to_have_count(0)


async def test_a_question_s_answers_are_stepped_through_with_the_focus(
    shown: Site, open_page: OpenPage
) -> None:
    question = await find_question(shown, text="airstrikes kill")
    async with open_page(shown, f"/questions/{question}") as page:
        answers = page.locator("#answers [aria-expanded]")
        await expect(answers.first).to_be_visible()
        await page.evaluate(PRESS, ["j", "j", "k"])
        await expect(answers.first).to_be_focused()
        await expect(answers.first).to_have_attribute("aria-expanded", "true")
