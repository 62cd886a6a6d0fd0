"""What goes wrong leaves a way on: no server, a token that is old, somebody quicker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.async_api import expect

from app.database import Database
from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from app.settings import Settings
from tests.web.conftest import Serve, Site
from tests.workbench.asking import AT_LEAST_25, find_claim, record
from tests.workbench.conftest import OpenPage, find_faults


@dataclass
class Forgetful:
    """A provider whose viewer is another by and by."""

    viewer: Viewer

    async def __call__(self, _scope: object) -> Viewer:
        return self.viewer

    def recollect(self, _scope: object) -> Callable[[], Viewer]:
        return lambda: self.viewer


async def test_a_page_that_cannot_be_fetched_says_so_and_comes_later(
    shown: Site, open_page: OpenPage
) -> None:
    async with open_page(shown, "/", offline=True) as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.route("**/*", lambda route: route.abort())
        await page.keyboard.press("g")
        await page.keyboard.press("q")
        await expect(page.get_by_text("The page could not be loaded")).to_be_visible()
        await expect(page.get_by_role("link", name="Sayso")).to_be_visible()
        assert await find_faults(page) == []
        again = page.get_by_role("button", name="Try again")
        await again.press("Enter")
        await expect(page.get_by_text("The server cannot be reached yet.")).to_be_visible()
        await page.unroute_all()
        await again.press("Enter")
        await expect(page.get_by_role("heading", name="What wants attention")).to_be_visible()


async def test_who_is_not_signed_in_any_more_is_told_and_can_go_on(
    serve: Serve, own_sample: Database, viewer: Viewer, settings: Settings, open_page: OpenPage
) -> None:
    provider = Forgetful(viewer)
    async with serve(own_sample, settings, provider=provider) as site:
        claim = await find_claim(site, text=AT_LEAST_25)
        async with open_page(site, f"/claims/{claim}") as page:
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            await page.keyboard.press("w")
            dialog = page.get_by_role("dialog", name="Withdraw")
            await dialog.get_by_label("Reason").fill("By mistake.")
            provider.viewer = Viewer(NOBODY, Role.READER)
            await page.keyboard.press("Control+Enter")
            await expect(dialog.get_by_text("you are not signed in any more")).to_be_visible()
            await expect(dialog.get_by_role("link", name="Sign in in another window")).to_be_visible()
            await expect(dialog.get_by_role("button", name="Withdraw")).to_be_focused()
            assert await find_faults(page) == []
            provider.viewer = viewer
            await page.keyboard.press("Enter")
            await expect(page.get_by_text("Withdrawn by local")).to_be_visible()


async def test_who_was_slower_sees_both_versions_and_saves_by_keyboard_alone(
    fresh: Site, open_page: OpenPage
) -> None:
    claim = await find_claim(fresh, text=AT_LEAST_25)
    async with open_page(fresh, f"/claims/{claim}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("e")
        dialog = page.get_by_role("dialog", name="Amend")
        await dialog.get_by_label("Statement").fill("Mine.")
        await record(fresh, "amendClaim", claim=claim, expectedVersion=1, statement="Theirs.")
        await page.keyboard.press("Control+Enter")
        await expect(dialog.get_by_role("button", name="Go on with mine")).to_be_focused()
        await expect(dialog.get_by_role("alert")).to_contain_text("Theirs.")
        await expect(dialog.get_by_role("alert")).to_contain_text("Mine.")
        assert await find_faults(page) == []
        await page.keyboard.press("Enter")
        await expect(dialog.get_by_label("Quote")).to_be_focused()
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Mine.")
        await expect(page.get_by_text("Changed claim")).to_have_count(2)
        await page.get_by_text("Changed claim").first.click()
        await expect(page.locator("ins", has_text="Mine.")).to_be_visible()
        await expect(page.locator("del", has_text="Theirs.")).to_be_visible()
