"""Lists that are longer than a page: none is cut without a word, and what stands in one is an item of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from app.exchange.importing import import_bundle
from app.permissions import Viewer
from tests.web.conftest import Site
from tests.workbench.asking import find_claim, find_question
from tests.workbench.budget import make_bundle
from tests.workbench.conftest import OpenPage, find_faults
from tests.workbench.test_pending import Line

ASSESSMENTS = 103


@pytest.fixture
async def claim(fresh: Site, viewer: Viewer, tmp_path: Path) -> str:
    """Of 130 claims that answer a question alike the first: by 103 of the articles somebody judged it."""
    bundle = make_bundle(130, 9, ("{}",), (30,))
    bundle["assessments"] = [
        {"claim": "c0", "evidence_source": f"s{at}", "stance": "CONTEXT", "rationale": f"Reason {at}."}
        for at in range(1, ASSESSMENTS + 1)
    ]
    file = tmp_path / "agreed.json"
    file.write_text(json.dumps(bundle), encoding="utf-8")
    await import_bundle(fresh.database, viewer, file)
    return await find_claim(fresh, question=[await find_question(fresh, text="market")])


async def test_every_assessment_of_a_claim_can_be_seen(fresh: Site, open_page: OpenPage, claim: str) -> None:
    async with open_page(fresh, f"/claims/{claim}") as page:
        rows = items_of(page, "Assessments")
        await expect(rows).to_have_count(101)  # a hundred, and the way to the others
        await expect(rows.first).to_contain_text("Reason 103.")
        await rows.last.get_by_role("button", name="Show 3 more").press("Enter")
        await expect(rows).to_have_count(ASSESSMENTS)
        assert len(set(await rows.all_inner_texts())) == ASSESSMENTS
        assert await find_faults(page) == []
        oldest = rows.filter(has_text="Reason 1.")
        await oldest.get_by_role("button", name="Take back").press("Enter")
        await expect(oldest).to_contain_text("Taken back:")
        await expect(page.get_by_text("Being recomputed …")).to_have_count(0)


async def test_every_judgement_of_an_answer_can_be_seen(fresh: Site, open_page: OpenPage, claim: str) -> None:
    question = await find_question(fresh, text="market")
    async with open_page(fresh, f"/questions/{question}?claim={claim}") as page:
        rows = page.locator("div:has(> h2:text-is('Assessments')) > ul > li")
        await expect(rows).to_have_count(21)
        line = await Line.lay(page)
        async with line.held("MoreJudged"):
            await rows.last.get_by_role("button", name="Show 83 more").press("Enter")
            await expect(rows.last).to_have_text("Asking …")
            assert await find_faults(page) == []
        await expect(rows).to_have_count(ASSESSMENTS)
        assert len(set(await rows.all_inner_texts())) == ASSESSMENTS


async def test_what_is_told_of_a_list_that_is_on_its_way_is_an_item_of_it(
    fresh: Site, open_page: OpenPage, claim: str
) -> None:
    async with open_page(fresh, f"/claims/{claim}", offline=True) as page:
        rows = items_of(page, "For it 130")
        await expect(rows).to_have_count(101)
        line = await Line.lay(page)
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
    return section.locator("ol[class*=evidence] > li")
