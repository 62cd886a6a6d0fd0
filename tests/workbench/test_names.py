"""Where a protected name stands is shown beside the field, and the row can be restricted there."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.web.conftest import Site
from tests.workbench.asking import ask, find_claim, find_source, record
from tests.workbench.conftest import OpenPage, find_faults


async def protect(site: Site) -> str:
    given = {"kind": "PERSON", "name": "Ann Lee", "protected": True, "pseudonym": "an aide"}
    return await record(site, "recordAgent", **given)


async def expect_marked(page: Page, label: str, words: str) -> None:
    """The field has the name marked among these words, and is read out with them."""
    box = page.get_by_label(label, exact=True)
    await expect(box).to_have_attribute("aria-invalid", "true")
    told = page.locator(f"[id='{(await box.get_attribute('aria-describedby') or '').split()[0]}']")
    await expect(told.locator("q")).to_have_text(words)
    await expect(told.locator("mark")).to_have_text("Ann Lee")


async def test_a_name_is_shown_where_it_stands_and_the_row_restricted_there(
    fresh: Site, open_page: OpenPage
) -> None:
    await protect(fresh)
    article = await find_source(fresh, hasText=True)
    async with open_page(fresh, "/paste") as page:
        await page.get_by_label("Text", exact=True).fill("👩‍👩‍👧 So said Ann Lee. 40 were there.")
        await page.get_by_label("Title").fill("A visit")
        await page.keyboard.press("Control+Enter")
        await expect_marked(page, "Text", "👩‍👩‍👧 So said Ann Lee. 40 were there.")
        await expect(page.get_by_text("in 1 place.")).to_be_visible()
        assert await find_faults(page) == []
        await page.get_by_role("button", name="Restrict it").press("Enter")
        await expect(page.get_by_role("checkbox", name="Restricted")).to_be_checked()
        await expect(page.get_by_text("Send it again.")).to_be_visible()
        await page.get_by_label("Title").press("Control+Enter")
        await page.wait_for_url("**/sources/source_*")
        await expect(page.get_by_text("Who only reads sees nothing of it")).to_be_visible()

        await page.goto(f"/sources/{article}")
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await page.keyboard.press("c")
        form = page.get_by_role("form", name="Record a claim")
        await form.get_by_label("Quote").fill("demanding the expulsion of US troops")
        await form.get_by_label("Statement").fill("Ann Lee demanded it.")
        await form.get_by_label("Speaker").fill("Mark Esper")
        await form.get_by_role("option", name=re.compile("^Mark Esper")).click()
        await form.get_by_label("Cue").fill("told Ann Lee")
        await form.get_by_label("Cue").press("Control+Enter")
        await expect_marked(page, "Statement", "Ann Lee demanded it.")
        await expect_marked(page, "Cue", "told Ann Lee")
        assert await find_faults(page) == []
        await form.get_by_role("button", name="Restrict it").press("Enter")
        await form.get_by_label("Statement").press("Control+Enter")
        await expect(page.get_by_role("heading", name="20 claims")).to_be_visible()
        query = "query($id: ID!) { source(id: $id) { claims { edges { node { statement restricted } } } } }"
        claims = (await ask(fresh, query, id=article))["source"]["claims"]["edges"]
        assert {"statement": "Ann Lee demanded it.", "restricted": True} in [one["node"] for one in claims]

        source = await record(fresh, "recordSource", kind="POST", title="New", text="4000 came.")
        claim = await record(
            fresh,
            "recordClaim",
            source=source,
            statement="4000 came.",
            quote={"exact": "4000 came"},
            basis="FIRSTHAND",
        )
        await page.goto(f"/claims/{claim}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("a")
        dialog = page.get_by_role("dialog", name="Record an assessment")
        await page.keyboard.type("embassy protests")
        await dialog.get_by_role("option", name="Iran denies involvement").click()
        await dialog.get_by_label("Why").fill("I asked Ann Lee.")
        await page.keyboard.press("Control+Enter")
        await expect_marked(page, "Why", "I asked Ann Lee.")
        await dialog.get_by_role("button", name="Restrict the claim").press("Enter")
        await expect(dialog.get_by_text("Send it again.")).to_be_visible()
        await dialog.get_by_label("Why").press("Control+Enter")
        await expect(page.get_by_text("Assessment recorded.")).to_be_visible()
        # What is restricted for a name stays so until the name is gone: it says where.
        await page.keyboard.press("e")
        amend = page.get_by_role("dialog", name="Amend", exact=True)
        await amend.get_by_role("checkbox", name="Restricted").uncheck()
        await amend.get_by_label("Note").fill("Ann Lee")
        await page.keyboard.press("Control+Enter")
        await expect_marked(page, "Note", "Ann Lee")
        await amend.get_by_label("Note").fill("An aide")
        await page.keyboard.press("Control+Enter")
        await expect(amend.get_by_text("An assessment in its rationale")).to_be_visible()
        assert await find_faults(page) == []


@pytest.mark.parametrize(
    ("key", "title", "taken_back"), [("r", "Retract", "retraction"), ("w", "Withdraw", "withdrawal")]
)
async def test_a_claim_is_restricted_in_the_dialogs_that_take_it_back(
    fresh: Site, open_page: OpenPage, key: str, title: str, taken_back: str
) -> None:
    await protect(fresh)
    claim = await find_claim(fresh, text='"at least 25" kataib')
    async with open_page(fresh, f"/claims/{claim}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press(key)
        dialog = page.get_by_role("dialog", name=title)
        if key == "r":
            await dialog.get_by_label("When it took it back").fill("2020-01-02")
        await dialog.get_by_label("Reason").fill("Ann Lee denies it.")
        await page.keyboard.press("Control+Enter")
        await expect_marked(page, "Reason", "Ann Lee denies it.")
        assert await find_faults(page) == []
        await dialog.get_by_role("button", name="Restrict the claim").press("Enter")
        await expect(dialog.get_by_text("Send it again.")).to_be_visible()
        await dialog.get_by_label("Reason").press("Control+Enter")
        await expect(page.get_by_text(re.compile(r"^(Retracted|Withdrawn)\.$"))).to_be_visible()
        query = f"query($id: ID!) {{ claim(id: $id) {{ restricted {taken_back} {{ reason }} }} }}"
        found = (await ask(fresh, query, id=claim))["claim"]
        assert found == {"restricted": True, taken_back: {"reason": "Ann Lee denies it."}}


async def test_protecting_shows_what_stands_and_restricts_it(fresh: Site, open_page: OpenPage) -> None:
    agent = await record(fresh, "recordAgent", kind="PERSON", name="Ann Lee")
    source = await record(fresh, "recordSource", kind="POST", title="Said ann lee.")
    await record(fresh, "recordEvent", title="The trial of Ann Lee")
    query = """query($agent: ID!, $source: ID!) {
      agent(id: $agent) { protected } source(id: $source) { restricted } }"""
    async with open_page(fresh, f"/agents/{agent}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("e")
        dialog = page.get_by_role("dialog", name="Amend", exact=True)
        await dialog.get_by_label("Protected").check()
        pseudonym = dialog.get_by_role("textbox", name="Pseudonym")
        await pseudonym.fill("An aide")
        await pseudonym.press("Control+Enter")
        await expect(dialog.get_by_role("heading", name="in 2 places")).to_be_visible()
        await expect(dialog.get_by_role("link", name="Said ann lee.")).to_be_visible()
        await dialog.get_by_label("Restrict those sources and claims").check()
        await pseudonym.press("Control+Enter")
        await expect(dialog.get_by_role("heading", name="1 would be restricted")).to_be_visible()
        await expect(dialog.get_by_role("heading", name="in 1 place")).to_be_visible()
        await expect(dialog.get_by_role("link", name="The trial of Ann Lee")).to_be_visible()
        assert await find_faults(page) == []
        before = await ask(fresh, query, agent=agent, source=source)
        assert before == {"agent": {"protected": False}, "source": {"restricted": False}}
        await pseudonym.press("Control+Enter")
        await expect(page.get_by_text("Amended.")).to_be_visible()
        after = await ask(fresh, query, agent=agent, source=source)
        assert after == {"agent": {"protected": True}, "source": {"restricted": True}}
        await page.keyboard.press("u")
        await expect(page.get_by_text("1 source or claim stays restricted.")).to_be_visible()
        await page.keyboard.press("u")
        lifting = page.get_by_role("dialog", name="Still restricted")
        await expect(lifting.get_by_role("link", name="Said ann lee.")).to_be_visible()
        assert await find_faults(page) == []
        await page.reload()
        await expect(lifting.get_by_role("link", name="Said ann lee.")).to_be_visible()
        await lifting.get_by_role("button", name="Lift these restrictions").press("Enter")
        await expect(page.get_by_text("1 is not restricted any more.")).to_be_visible()
        await expect(lifting).to_be_hidden()
        lifted = await ask(fresh, query, agent=agent, source=source)
        assert lifted == {"agent": {"protected": False}, "source": {"restricted": False}}


async def test_who_takes_a_protection_back_by_hand_is_told_what_stays(
    fresh: Site, open_page: OpenPage
) -> None:
    agent = await protect(fresh)
    async with open_page(fresh, f"/agents/{agent}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("e")
        dialog = page.get_by_role("dialog", name="Amend", exact=True)
        told = dialog.get_by_text("restricted for its names stay so")
        await expect(dialog.get_by_label("Protected")).to_be_checked()
        await expect(told).to_have_count(0)
        await dialog.get_by_label("Protected").uncheck()
        await expect(told).to_be_visible()


async def test_a_pseudonym_is_shown_to_be_amended_and_comes_back(fresh: Site, open_page: OpenPage) -> None:
    agent = await protect(fresh)
    query = "query($id: ID!) { agent(id: $id) { protected pseudonym } }"
    async with open_page(fresh, f"/agents/{agent}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("e")
        pseudonym = page.get_by_role("dialog", name="Amend", exact=True).get_by_role(
            "textbox", name="Pseudonym"
        )
        await expect(pseudonym).to_have_value("an aide")
        await pseudonym.fill("an official")
        await pseudonym.press("Control+Enter")
        await expect(page.get_by_text("Amended.")).to_be_visible()
        assert (await ask(fresh, query, id=agent))["agent"]["pseudonym"] == "an official"
        await page.keyboard.press("u")
        await expect(page.get_by_text("As it was before.")).to_be_visible()
        assert (await ask(fresh, query, id=agent))["agent"] == {"protected": True, "pseudonym": "an aide"}
