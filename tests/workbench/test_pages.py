"""Search, the queue, agents, pasting: the pages around sources, claims and questions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

import app
from tests.web.conftest import Site
from tests.workbench.asking import ask, find_agent, record
from tests.workbench.conftest import OpenPage, choose, find_faults

ARTICLE = Path(app.__file__).parent / "samples" / "baghdad-2019" / "000_1cd67d346b5eefb6.txt"


async def test_search_finds_everything_by_keyboard(shown: Site, open_page: OpenPage) -> None:
    async with open_page(shown) as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("/")
        await page.keyboard.insert_text("Hashd al-Shaabi")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("link", name="Popular Mobilization Forces").first).to_be_visible()
        assert await find_faults(page) == []
        await choose(page.get_by_role("radio", name="Agents"))
        await page.wait_for_url("**/search?q=Hashd+al-Shaabi&type=AGENT")
        await expect(page.get_by_text("1 result", exact=True)).to_be_visible()
        await page.get_by_role("heading", level=1).click()
        await page.keyboard.press("j")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name="Popular Mobilization Forces", level=1)).to_be_visible()


async def test_search_that_finds_nothing_says_so(shown: Site, open_page: OpenPage) -> None:
    async with open_page(shown, "/search?q=zzzz") as page:
        await expect(page.get_by_text("Nothing recorded has these words")).to_be_visible()
        assert await find_faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_queue_keeps_its_filters_in_the_address(
    shown: Site, open_page: OpenPage, scheme: str
) -> None:
    async with open_page(shown, "/queue", color_scheme=scheme) as page:
        await expect(page.get_by_role("listitem").first).to_be_visible()
        assert await find_faults(page) == []
        await choose(page.get_by_role("radio", name=re.compile("Disputed")))
        await page.get_by_label("Event").select_option(label="US airstrikes on Kataib Hezbollah")
        await page.wait_for_url(re.compile(r"kind=disputed&event=event_"))
        await page.reload()
        await expect(page.get_by_role("radio", name=re.compile("Disputed"))).to_be_checked()
        await expect(page.get_by_label("Event")).not_to_have_value("")
        items = page.locator("main ol").first.locator(":scope > li")
        await expect(items.first).to_be_visible()
        for item in await items.all():
            await expect(item.get_by_text(re.compile("^(Disputed|Contradicted)$"))).to_be_visible()
        await choose(page.get_by_role("radio", name=re.compile("Orphaned")))
        await expect(page.get_by_text("Every quote stands where it was found.")).to_be_visible()
        await page.goto(re.sub("kind=[a-z]+&?", "", page.url))  # of this event nothing waits in the first
        await expect(page.get_by_role("radio", name="Uncorroborated 0")).to_be_attached()
        await expect(page.get_by_role("radio", name=re.compile("Disputed [1-9]"))).to_be_checked()
        await expect(items.first).to_be_visible()


async def test_an_agent_shows_what_it_said_and_where_it_belongs(shown: Site, open_page: OpenPage) -> None:
    esper = await find_agent(shown, text='"Mark Esper"')
    async with open_page(shown, f"/agents/{esper}") as page:
        await expect(page.get_by_role("heading", name="Mark Esper", level=1)).to_be_visible()
        await expect(page.get_by_text("Counted as United States government")).to_be_visible()
        await expect(page.get_by_role("link", name="US Department of Defense").first).to_be_visible()
        await expect(page.get_by_role("link", name=re.compile("750")).first).to_be_visible()
        assert await find_faults(page) == []


async def test_a_merge_shows_what_it_changes_and_can_be_undone(fresh: Site, open_page: OpenPage) -> None:
    ministry = await find_agent(fresh, text='"Ministry of Health of Iraq"')
    iran = await find_agent(fresh, text='"Government of Iran"')
    async with open_page(fresh, f"/agents/{iran}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("m")
        dialog = page.get_by_role("dialog", name="Merge into another")
        await expect(dialog.get_by_label("The other")).to_be_focused()
        await page.keyboard.insert_text("Government of Ira")
        await dialog.get_by_role("option", name=re.compile("Government of Iraq")).click()
        await dialog.get_by_label("Reason").fill("To see what hangs on it.")
        await page.keyboard.press("Enter")
        await expect(dialog.get_by_role("heading", name=re.compile("claims would change"))).to_be_visible()
        assert await find_faults(page) == []
        query = "query($id: ID!) { agent(id: $id) { mergedInto { name } } }"
        assert (await ask(fresh, query, id=iran))["agent"]["mergedInto"] is None
        await dialog.get_by_role("button", name="Merge", exact=True).press("Enter")
        reason = re.compile("Merged into Government of Iraq by local, .*: To see what hangs on it.")
        await expect(page.get_by_text(reason)).to_be_visible()
        await page.get_by_role("button", name="Undo").press("Enter")
        await expect(page.get_by_text("They are two again.")).to_be_visible()
        assert (await ask(fresh, query, id=iran))["agent"]["mergedInto"] is None
    assert ministry != iran


async def test_a_merge_that_is_being_written_and_the_reason_of_one_that_stands_outlive_a_reload(
    fresh: Site, open_page: OpenPage
) -> None:
    iran = await find_agent(fresh, text='"Government of Iran"')
    async with open_page(fresh, f"/agents/{iran}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("m")
        dialog = page.get_by_role("dialog", name="Merge into another")
        await dialog.get_by_label("The other").fill("Government of Ira")
        await dialog.get_by_role("option", name=re.compile("Government of Iraq")).click()
        await dialog.get_by_label("Reason").fill("One ministry answers for both.")
        await page.reload()
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("m")
        await expect(dialog.get_by_text("Government of Iraq", exact=True)).to_be_visible()
        await expect(dialog.get_by_label("Reason")).to_have_value("One ministry answers for both.")
        await page.keyboard.press("Control+Enter")
        await expect(dialog.get_by_role("heading", name=re.compile("claims would change"))).to_be_visible()
        await page.keyboard.press("Control+Enter")
        await expect(dialog).to_be_hidden()
        await page.reload()
        await expect(page.get_by_text(": One ministry answers for both.")).to_be_visible()
        assert await find_faults(page) == []


async def test_an_article_is_pasted_and_opened_to_be_marked(fresh: Site, open_page: OpenPage) -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    async with open_page(fresh, "/paste", permissions=["clipboard-read", "clipboard-write"]) as page:
        area = page.get_by_label("Text")
        await expect(area).to_be_focused()
        assert await find_faults(page) == []
        headed = f"A heading\n\n{text.strip()}"
        await page.evaluate("text => navigator.clipboard.writeText(text)", headed)
        await page.keyboard.press("Control+v")
        await expect(page.get_by_label("Title")).to_have_value("A heading")
        await page.get_by_label("Published").fill("last week")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("alert").first).to_be_visible()
        await page.get_by_label("Published").fill("2019-12-31")
        await page.reload()
        await expect(area).to_have_value(headed)  # the draft
        await area.focus()
        await page.keyboard.press("Control+Enter")
        await page.wait_for_url("**/sources/source_*")
        await expect(page.get_by_role("heading", name="A heading", level=1)).to_be_visible()
        await expect(page.get_by_text("No claim is marked in it yet")).to_be_visible()
        source = page.url.rsplit("/", 1)[1]
        stored = await ask(fresh, "query($id: ID!) { source(id: $id) { text } }", id=source)
        assert stored["source"]["text"] == headed


async def test_an_address_that_is_recorded_already_is_recognised(fresh: Site, open_page: OpenPage) -> None:
    url = "https://example.org/article"
    await record(fresh, "recordSource", kind="ARTICLE", title="Here already", url=url)
    async with open_page(fresh, "/paste") as page:
        await page.get_by_label("Address").fill(url)
        await expect(page.get_by_role("link", name="Here already")).to_be_visible()


async def test_graphiql_runs_the_sample_queries_without_another_host(
    shown: Site, open_page: OpenPage
) -> None:
    async with open_page(shown, "/graphql") as page:
        tab = page.get_by_role("tab", name="Contested")
        await expect(tab).to_be_visible()
        # The button is there before the editor has the query.
        await expect(page.locator(".graphiql-query-editor")).to_contain_text("totalCount")
        await page.get_by_role("button", name=re.compile("Execute query")).click()
        await expect(page.locator(".result-window")).to_contain_text("DISPUTED")
