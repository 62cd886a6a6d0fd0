"""Nothing is offered that would be refused: by the role of who asks."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from app.database import Database
from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from app.settings import Settings
from tests.factories import make_viewer
from tests.web.conftest import Known, Serve
from tests.workbench.asking import find_agent, find_claim, find_question, find_source, record
from tests.workbench.conftest import OpenPage, find_faults

# What is offered on each page, and who may: what they record, what anybody recorded, or "own" alone.
BUTTONS = {
    "claims": {
        "record": ["Record an assessment"],
        "amend": ["Amend", "Retract"],
        "own": ["Withdraw"],
        "read": ["Cite"],
    },
    "questions": {"record": ["Record a claim for it"], "amend": ["Amend", "Merge into another"]},
    "agents": {"amend": ["Amend", "Merge into another"]},
    "sources": {"record": ["Record a claim", "Record a later version"], "amend": ["Amend"]},
}
KEYS = {"claims": "aerw", "questions": "cem", "agents": "em", "sources": "ecv"}
MAYS = {
    None: {"read"},
    Role.RESEARCHER: {"read", "record"},
    Role.EDITOR: {"read", "record", "amend", "own"},
}


async def expect_offered(page: Page, names: list[str], *, offered: bool) -> None:
    for name in names:
        button = page.get_by_role("main").get_by_role("button", name=name, exact=True)
        await expect(button).to_have_count(1 if offered else 0)


@pytest.mark.parametrize("role", MAYS)
async def test_what_is_offered_is_what_one_may(
    serve: Serve,
    own_sample: Database,
    viewer: Viewer,
    settings: Settings,
    open_page: OpenPage,
    role: Role | None,
) -> None:
    asks = Viewer(NOBODY, Role.READER) if role is None else await make_viewer(own_sample, role)
    async with serve(own_sample, settings, provider=Known(asks)) as site:
        ids = {
            "claims": await find_claim(site, text='"at least 25" kataib'),
            "questions": await find_question(site, text="airstrikes kill"),
            "agents": await find_agent(site, text='"Mark Esper"'),
            "sources": await find_source(site, hasText=True),
        }
        for pages, id in ids.items():
            async with open_page(site, f"/{pages}/{id}") as page:
                await expect(page.get_by_role("heading", level=1)).to_be_visible()
                for needed, names in BUTTONS[pages].items():
                    await expect_offered(page, names, offered=needed in MAYS[role])
                if role is None:
                    for key in KEYS[pages]:
                        await page.keyboard.press(key)
                    await expect(page.get_by_role("dialog")).to_have_count(0)
                    await expect(page.get_by_role("form", name="Record a claim")).to_have_count(0)
                    await expect(page.get_by_role("link", name="Paste an article")).to_have_count(0)
                assert await find_faults(page) == []
        if role is None:
            async with open_page(site, "/paste") as page:
                await expect(page.get_by_text("You can read here, and not record")).to_be_visible()
                await expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
                assert await find_faults(page) == []
        if role is Role.RESEARCHER:
            source = await record(site, "recordSource", kind="POST", title="New", text="4000 came.")
            quote = {"exact": "4000 came"}
            given = {"source": source, "statement": "4000.", "quote": quote, "basis": "FIRSTHAND"}
            own = await record(site, "recordClaim", **given)
            async with open_page(site, f"/claims/{own}") as page:
                await expect_offered(page, ["Withdraw"], offered=True)
                await expect_offered(page, ["Amend"], offered=False)
                # Nor can it be restricted for a name, by whom it takes is said.
                protected = {"kind": "PERSON", "name": "Ann Lee", "protected": True, "pseudonym": "an aide"}
                await record(site, "recordAgent", **protected)
                await page.keyboard.press("w")
                dialog = page.get_by_role("dialog", name="Withdraw")
                await dialog.get_by_label("Reason").fill("Ann Lee denies it.")
                await page.keyboard.press("Control+Enter")
                await expect(dialog.get_by_text("or ask an editor to restrict the claim.")).to_be_visible()
                await expect(dialog.get_by_role("button", name="Restrict")).to_have_count(0)
