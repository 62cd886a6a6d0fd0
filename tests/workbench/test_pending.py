"""What is sent is shown at once, never with a status of the page's own making; what is refused comes back."""

from __future__ import annotations

from playwright.async_api import expect

from tests.web.conftest import Site
from tests.workbench.asking import ask, find_claim, find_source
from tests.workbench.conftest import OpenPage, find_faults
from tests.workbench.line import Line
from tests.workbench.test_source import expect_painted


async def test_what_is_judged_is_shown_before_it_is_answered(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text="750", status=["UNCORROBORATED"])
    line = Line()
    async with open_page(fresh, f"/claims/{claim}", offline=True, prepare=line.lay) as page:
        header = page.locator("main header")
        await expect(header.get_by_text("Uncorroborated", exact=True)).to_be_visible()
        keys = page.keyboard
        await keys.press("a")
        dialog = page.get_by_role("dialog", name="Record an assessment")
        await keys.type("embassy protests")
        await expect(dialog.get_by_role("option", name="Iran denies involvement")).to_be_visible()
        await keys.press("Enter")
        await dialog.get_by_label("Contradicts").check()
        async with line.held("RecordAssessment"):
            await keys.press("Control+Enter")
            # Out of sight while it is on its way; what was judged stands in the list, the status as it was.
            await expect(dialog).to_be_hidden()
            await expect(page.locator("li[aria-busy=true]")).to_contain_text("Iran denies involvement")
            await expect(page.get_by_text("Being recorded …")).to_be_visible()
            await expect(header.get_by_text("Being recomputed …")).to_be_visible()
            await expect(header.get_by_text("Uncorroborated", exact=True)).to_be_visible()
            await expect(page.get_by_role("heading", name="Against it 0")).to_be_visible()
            assert await find_faults(page) == []
        # No reason was given: it is rolled back, and the form is there again, at the field that is wrong.
        await expect(dialog.get_by_label("Why")).to_be_focused()
        await expect(dialog.get_by_label("Why")).to_have_attribute("aria-invalid", "true")
        await expect(page.get_by_text("Being recomputed …")).to_have_count(0)
        await expect(page.get_by_text("Being recorded …")).to_have_count(0)
        await keys.type("They say that nobody was sent.")
        async with line.cut():
            await keys.press("Control+Enter")
            await expect(dialog.get_by_role("alert")).to_contain_text("nothing was recorded")
            await expect(dialog.get_by_label("Why")).to_have_value("They say that nobody was sent.")
        await keys.press("Control+Enter")
        await expect(page.get_by_role("heading", name="Against it 1")).to_be_visible()
        await expect(page.get_by_text("Being recomputed …")).to_have_count(0)
        async with line.held("WithdrawAssessment"):
            await keys.press("u")
            await expect(page.get_by_text("Being taken back …")).to_be_visible()
            await expect(page.get_by_role("heading", name="Against it 1")).to_be_visible()
        await expect(page.get_by_role("heading", name="Against it 0")).to_be_visible()
        await expect(header).not_to_have_attribute("aria-busy", "true")


async def test_a_withdrawal_that_is_lost_comes_back_with_its_reason(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text="750", status=["UNCORROBORATED"])
    line = Line()
    async with open_page(fresh, f"/claims/{claim}", offline=True, prepare=line.lay) as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("w")
        dialog = page.get_by_role("dialog", name="Withdraw")
        await page.keyboard.type("By mistake.")
        async with line.cut():
            await page.keyboard.press("Enter")
            await expect(dialog.get_by_role("alert").last).to_contain_text("nothing was recorded")
            await expect(dialog.get_by_label("Reason")).to_have_value("By mistake.")
            await expect(page.get_by_text("Being withdrawn …")).to_have_count(0)
        async with line.held("WithdrawClaim"):
            await page.keyboard.press("Enter")
            await expect(page.get_by_text("Being withdrawn … By mistake.")).to_be_visible()
        await expect(page.get_by_text("Withdrawn by local")).to_be_visible()
        async with line.held("RestoreClaim"):
            await page.keyboard.press("u")
            await expect(page.get_by_text("Being restored …")).to_be_visible()
        await expect(page.get_by_text("Being restored …")).to_have_count(0)
        await expect(page.get_by_text("Withdrawn by local")).to_have_count(0)


async def test_an_amendment_is_shown_before_it_is_answered(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text="750", status=["UNCORROBORATED"])
    line = Line()
    async with open_page(fresh, f"/claims/{claim}", offline=True, prepare=line.lay) as page:
        heading = page.get_by_role("heading", level=1)
        await expect(heading).to_be_visible()
        before = await heading.inner_text()
        await page.keyboard.press("e")
        dialog = page.get_by_role("dialog", name="Amend", exact=True)
        statement = dialog.get_by_label("Statement")
        await statement.fill("Some 750 were sent.")
        async with line.cut():
            await statement.press("Control+Enter")
            await expect(dialog.get_by_role("alert")).to_contain_text("nothing was recorded")
            await expect(statement).to_have_value("Some 750 were sent.")
            await expect(heading).to_have_text(before)
        async with line.held("AmendClaim"):
            await statement.press("Control+Enter")
            await expect(dialog).to_be_hidden()
            await expect(heading).to_have_text("Some 750 were sent.")
            header = page.locator("main header")
            await expect(header.get_by_text("Being recomputed …")).to_be_visible()
            await expect(header.get_by_text("Uncorroborated", exact=True)).to_be_visible()
            assert await find_faults(page) == []
        await expect(page.get_by_text("Amended.")).to_be_visible()
        await expect(page.get_by_text("Being recomputed …")).to_have_count(0)
        await expect(heading).to_have_text("Some 750 were sent.")


async def test_a_claim_stands_among_the_others_while_it_is_recorded(fresh: Site, open_page: OpenPage) -> None:
    article = await find_source(fresh, hasText=True)
    words = "demanding the expulsion of US troops"
    line = Line()
    async with open_page(fresh, f"/sources/{article}", prepare=line.lay) as page:
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await page.keyboard.press("c")
        form = page.get_by_role("form", name="Record a claim")
        await form.get_by_label("Quote").fill(words)
        await form.get_by_role("radio", name="Unattributed").check()
        async with line.held("RecordClaim"):
            await page.keyboard.press("Control+Enter")
            await expect(form).to_be_hidden()
            sent = page.locator("aside li[aria-busy=true]")
            await expect(sent).to_have_text(f"{words} Being recorded …")
            await expect_painted(page, "claim-proposed", [words])
            items = await page.locator("aside > ol > li").all_inner_texts()
            assert 0 < [words in item for item in items].index(True) < 19  # in the order of the text
        await expect(page.get_by_role("heading", name="20 claims")).to_be_visible()
        await expect(sent).to_have_count(0)
        await expect(page.locator("[data-active]")).to_contain_text(words)
        async with line.held("WithdrawClaim"):
            await page.keyboard.press("u")
            await expect(page.get_by_text("Being taken back …")).to_be_visible()
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        query = "query($id: ID!) { source(id: $id) { claims { totalCount } } }"
        assert (await ask(fresh, query, id=article))["source"]["claims"]["totalCount"] == 19
