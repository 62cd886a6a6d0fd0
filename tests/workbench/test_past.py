"""A claim as it stood: from its history to the words and the status of then, and to any other moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from playwright.async_api import expect

from app.database import Database
from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from app.settings import Settings
from tests.web.conftest import Known, Serve, Site
from tests.workbench.asking import AT_LEAST_25, ask, find_claim, record
from tests.workbench.conftest import OpenPage, find_faults

STOOD = "{ claim(id: $id) { statement corroboration { linesFor reportsFor } } }"


async def test_the_history_leads_to_the_claim_as_it_stood_before(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text=AT_LEAST_25)
    before = (await ask(fresh, f"query($id: ID!) {STOOD}", id=claim))["claim"]
    await record(fresh, "amendClaim", claim=claim, expectedVersion=1, statement="Fewer died.")
    await record(fresh, "withdrawClaim", claim=claim, reason="By mistake.")
    async with open_page(fresh, f"/claims/{claim}") as page:
        heading = page.get_by_role("heading", level=1)
        await expect(heading).to_have_text("Fewer died.")
        changed = page.locator("summary").filter(has_text="Changed claim").last
        await changed.press("Enter")
        assert await find_faults(page) == []
        await page.get_by_role("link", name="As it stood before").first.press("Enter")
        await expect(heading).to_have_text(before["statement"])
        figures = before["corroboration"]
        told = f"{figures['reportsFor']} reports, {figures['linesFor']} independent lines"
        await expect(page.get_by_text(told)).to_be_visible()
        await expect(
            page.get_by_text("how many lines stood for and against it, and not which")
        ).to_be_visible()
        await expect(page.get_by_text("Withdrawn by")).to_have_count(0)
        assert await find_faults(page) == []
        permalink = page.url
        await page.get_by_role("link", name="As it stands now").press("Enter")
        await expect(page.get_by_text("Withdrawn by local")).to_be_visible()
        await page.goto(permalink)
        await page.get_by_role("link", name="See the lines as they stand now").press("Enter")
        await expect(page.get_by_role("heading", name="For it", exact=False)).to_be_visible()
        await page.goto(permalink)
        await expect(heading).to_have_text(before["statement"])


async def test_who_only_reads_is_told_who_can_look_back(
    serve: Serve, sample: Database, settings: Settings, open_page: OpenPage
) -> None:
    async with serve(sample, settings, provider=Known(Viewer(NOBODY, Role.READER))) as site:
        claim = await find_claim(site, text=AT_LEAST_25)
        async with open_page(site, f"/claims/{claim}?asOf=2026-01-01T00:00:00Z") as page:
            await expect(page.get_by_text("Researchers can look back")).to_be_visible()
            assert await find_faults(page) == []
            await page.get_by_role("link", name="As it stands now").press("Enter")
            await expect(page.get_by_role("heading", level=1)).to_contain_text("25")
            await expect(page.get_by_role("link", name="As it stood")).to_have_count(0)


async def test_a_claim_is_looked_at_as_of_any_moment(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text=AT_LEAST_25)
    path = f"/claims/{claim}?asOf="
    async with open_page(fresh, f"{path}2019-12-31T00:00:00Z", color_scheme="dark") as page:
        await expect(page.get_by_text("It was not recorded yet.")).to_be_visible()
        assert await find_faults(page) == []
        moment = page.get_by_label("Another moment (UTC)")
        await expect(moment).to_have_value("2019-12-31T00:00")
        await moment.fill("2999-01-01T00:00")
        await moment.press("Enter")
        await expect(page).to_have_url(re.compile("asOf=2019-"))
        await moment.fill(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}")
        await moment.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_contain_text("25")
        await page.goto(f"{path}2019-12-31")
        await expect(page.get_by_text("As it stood on 2019-12-31 23:59 UTC")).to_be_visible()
        await expect(page.get_by_text("It was not recorded yet.")).to_be_visible()
        await page.goto(f"{path}yesterday")
        await expect(page.get_by_text("“yesterday” is no moment")).to_be_visible()
        assert await find_faults(page) == []
