"""Lists that are longer than a page: none is cut without a word, and what stands in one is an item of it."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.async_api import Locator, Page, expect

from tests.web.conftest import Site
from tests.workbench.asking import AT_LEAST_25, ask, find_claim, find_question
from tests.workbench.budget import make_bundle
from tests.workbench.conftest import Bring, OpenPage, find_faults
from tests.workbench.line import Line

ASSESSMENTS = 107
TURNS = 27
HISTORY = """query($id: ID!) {
  claim(id: $id) { history { totalCount } corroboration { changes { totalCount } } }
}"""


def waver(turns: int) -> str:
    """Its source takes a claim back and stands by it again, so many times: two changes of its status each."""
    retract = 'r%d: retractClaim(input: {claim: $id, when: "2020-01-02", reason: "Wrong."}) { __typename }'
    reinstate = 's%d: reinstateClaim(input: {claim: $id, expectedVersion: %d, reason: "No."}) { __typename }'
    acts = [act for at in range(turns) for act in (retract % at, reinstate % (at, 2 * at + 2))]
    return f"mutation($id: ID!) {{ {' '.join(acts)} }}"


@pytest.fixture
async def claim(fresh: Site, bring: Bring) -> str:
    """The first of 130 claims that agree: 107 of their articles, somebody judged, contradict it."""
    bundle = make_bundle(130, 9, ("{}",), (30,))
    bundle["assessments"] = [
        {"claim": "c0", "evidence_source": f"s{at}", "stance": "CONTRADICTS", "rationale": f"Reason {at}."}
        for at in range(1, ASSESSMENTS + 1)
    ]
    await bring(fresh, bundle)
    return await find_claim(fresh, question=[await find_question(fresh, text="market")])


async def test_every_assessment_of_a_claim_can_be_seen(fresh: Site, open_page: OpenPage, claim: str) -> None:
    async with open_page(fresh, f"/claims/{claim}") as page:
        rows = items_of(page, "Assessments")
        await expect(rows).to_have_count(101)  # a hundred, and the way to the others
        await expect(rows.first).to_contain_text("Reason 107.")
        await rows.last.get_by_role("button", name="Show 7 more").press("Enter")
        await expect(rows).to_have_count(ASSESSMENTS)
        await expect(rows.nth(100).get_by_role("link")).to_be_focused()
        assert len(set(await rows.all_inner_texts())) == ASSESSMENTS
        assert await find_faults(page) == []
        oldest = rows.filter(has_text="Reason 1.")
        await oldest.get_by_role("button", name="Take back").press("Enter")
        await expect(oldest).to_contain_text("Taken back:")
        await expect(page.get_by_text("Being recomputed …")).to_have_count(0)


async def test_every_judgement_of_an_answer_can_be_seen(fresh: Site, open_page: OpenPage, claim: str) -> None:
    question = await find_question(fresh, text="market")
    line = Line()
    async with open_page(fresh, f"/questions/{question}?claim={claim}", prepare=line.lay) as page:
        rows = page.locator("div:has(> h2:text-is('Assessments')) > ul > li")
        await expect(rows).to_have_count(21)
        async with line.held("MoreJudged"):
            await rows.last.get_by_role("button", name="Show 87 more").press("Enter")
            await expect(rows.last).to_have_text("Asking …")
            await expect(rows.last).to_be_focused()
            assert await find_faults(page) == []
        await expect(rows).to_have_count(ASSESSMENTS)
        await expect(rows.nth(20)).to_be_focused()
        assert len(set(await rows.all_inner_texts())) == ASSESSMENTS
        assert await find_faults(page) == []


async def test_all_that_stands_against_an_answer_can_be_seen(
    fresh: Site, open_page: OpenPage, claim: str
) -> None:
    question = await find_question(fresh, text="market")
    async with open_page(fresh, f"/questions/{question}?claim={claim}") as page:
        rows = page.locator("div:has(> h2:text-is('Against it')) > ul > li")
        await expect(rows).to_have_count(6)
        await rows.last.get_by_role("button", name="Show 102 more").press("Enter")
        await expect(rows).to_have_count(106)
        await expect(rows.nth(5).get_by_role("link")).to_be_focused()
        await rows.last.get_by_role("button", name="Show 2 more").press("Enter")
        await expect(rows).to_have_count(ASSESSMENTS)
        await expect(rows.nth(105).get_by_role("link")).to_be_focused()
        assert len(set(await rows.all_inner_texts())) == ASSESSMENTS


async def test_who_went_on_meanwhile_keeps_the_focus(fresh: Site, open_page: OpenPage, claim: str) -> None:
    line = Line()
    async with open_page(fresh, f"/claims/{claim}", prepare=line.lay) as page:
        rows = items_of(page, "Assessments")
        await expect(rows).to_have_count(101)
        async with line.held("MoreAssessments"):
            await rows.last.get_by_role("button", name="Show 7 more").press("Enter")
            await expect(rows.last).to_have_text("Asking …")
            await rows.first.get_by_role("link").focus()
        await expect(rows).to_have_count(ASSESSMENTS)
        await expect(rows.first.get_by_role("link")).to_be_focused()


async def test_the_focus_goes_on_with_the_pages_of_a_list(
    fresh: Site, bring: Bring, open_page: OpenPage
) -> None:
    await bring(fresh, make_bundle(80))
    for path in ("/search?q=people came&type=CLAIM", "/queue?kind=disputed"):
        async with open_page(fresh, path) as page:
            first = page.locator("main ol > li a").first
            more = page.get_by_role("button", name="Show the next")
            await expect(more).to_be_visible()
            while await more.count() > 0:
                before = await first.get_attribute("href") or ""
                await more.press("Enter")
                await expect(first).not_to_have_attribute("href", before)
                await expect(first).to_be_focused()
                await expect(first).to_be_in_viewport()
            await page.keyboard.press("b")
            await expect(more).to_be_visible()
            await expect(first).to_be_focused()
            await page.reload()
            await expect(first).to_be_visible()
            await expect(first).not_to_be_focused()


async def test_the_whole_history_of_a_claim_can_be_seen(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text=AT_LEAST_25)
    await ask(fresh, waver(TURNS), id=claim)
    found = (await ask(fresh, HISTORY, id=claim))["claim"]
    changes, revisions = found["corroboration"]["changes"]["totalCount"], found["history"]["totalCount"]
    async with open_page(fresh, f"/claims/{claim}") as page:
        for heading, most, count in (("Status", 20, changes), ("History", 50, revisions)):
            rows = items_of(page, heading)
            await expect(rows).to_have_count(most + 1)
            await rows.last.get_by_role("button", name=f"Show {count - most} more").press("Enter")
            await expect(rows).to_have_count(count)
            await expect(rows.nth(most).locator("a, summary").first).to_be_focused()
        # Each status leads to the end of its time: to where the one above it begins.
        statuses = items_of(page, "Status")
        times = await statuses.locator("time").evaluate_all("all => all.map((one) => one.dateTime)")
        assert len(times) == changes
        assert times == sorted(times, reverse=True)
        links = await statuses.locator("a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        assert [unquote(link) for link in links] == [f"/claims/{claim}?asOf={since}" for since in times[:-1]]
        assert await statuses.first.get_by_role("link").count() == 0
        # Before it was recorded it did not stand.
        rows = items_of(page, "History")
        assert await rows.first.get_by_text("Changed claim").count() == 1
        assert await rows.last.get_by_text("Recorded claim").count() == 1
        assert await rows.get_by_text("As it stood before").count() == revisions - 1
        assert await rows.last.get_by_text("As it stood before").count() == 0


async def test_what_is_told_of_a_list_that_is_on_its_way_is_an_item_of_it(
    fresh: Site, open_page: OpenPage, claim: str
) -> None:
    line = Line()
    async with open_page(fresh, f"/claims/{claim}", offline=True, prepare=line.lay) as page:
        rows = items_of(page, "For it 130")
        await expect(rows).to_have_count(101)
        async with line.held("MoreEvidence"):
            await rows.last.get_by_role("button", name="Show 30 more").press("Enter")
            await expect(rows.last).to_have_text("Asking …")
            assert await find_faults(page) == []
        await expect(rows).to_have_count(130)
        await page.reload()
        await expect(rows).to_have_count(101)
        async with line.cut():
            await rows.last.get_by_role("button", name="Show 30 more").press("Enter")
            await expect(rows.last).to_contain_text("The server cannot be reached.")
            assert await find_faults(page) == []
        await rows.last.get_by_role("button", name="Try again").press("Enter")
        await expect(rows).to_have_count(130)


def items_of(page: Page, heading: str) -> Locator:
    section = page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))
    return section.locator(":scope > ol:last-child > li")
