"""Rights that change while a page is open: its forms stay, with all that was typed, and say so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from playwright.async_api import Page, Route, expect
from sqlalchemy import text

from app.auth import Authenticator
from app.cli.tokens import make_link
from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.permissions import Viewer
from app.services.researchers import change_role, disable_researcher, enable_researcher
from app.settings import Settings
from tests.factories import make_claim, make_source, make_viewer, perform
from tests.web.conftest import Serve, Site
from tests.workbench.conftest import OpenPage, choose, find_faults
from tests.workbench.test_trouble import Forgetful

TEXT = "4000 came, says the mayor."
OUT = "You are not signed in any more"
LESS = "Your role is Reader now"


@dataclass(frozen=True)
class Office:
    """Who runs a server gives rights to a researcher, and takes them."""

    site: Site
    provider: Authenticator
    chief: Viewer
    researcher: Viewer

    async def set_role(self, role: Role) -> None:
        await perform(self.site.database, self.chief, change_role, self.researcher.researcher, role)
        self.provider.forget()

    async def disable(self) -> None:
        await perform(self.site.database, self.chief, disable_researcher, self.researcher.researcher)
        self.provider.forget()

    async def enable(self) -> None:
        await perform(self.site.database, self.chief, enable_researcher, self.researcher.researcher)
        self.provider.forget()

    async def revoke(self) -> None:
        await self._end("revoked_at = now()")

    async def expire(self) -> None:
        await self._end("created_at = now() - interval '2 days', expires_at = now() - interval '1 day'")

    async def _end(self, changes: str) -> None:
        tokens = text(f"UPDATE token SET {changes} WHERE researcher = :researcher")
        values = {"researcher": self.researcher.researcher}
        await self.site.database.write(self.chief.researcher, lambda session: session.execute(tokens, values))
        self.provider.forget()

    async def sign_in(self, page: Page) -> None:
        """In another window of the same browser."""
        other = await page.context.new_page()
        await other.goto(await make_link(self.site.database, self.researcher, self.site.url))
        await other.wait_for_url(f"{self.site.url}/")
        await other.close()


@pytest.fixture
async def office(
    serve: Serve, committed_database: Database, viewer: Viewer, settings: Settings
) -> AsyncIterator[Office]:
    researcher = await make_viewer(committed_database, Role.RESEARCHER, "Nadia")
    provider = Authenticator(committed_database, settings)
    async with serve(committed_database, settings, provider=provider) as site:
        yield Office(site, provider, viewer, researcher)


async def come_back(page: Page) -> None:
    """From another window."""
    await page.evaluate("window.dispatchEvent(new Event('focus'))")


Change = Callable[[Office, Page], Awaitable[None]]
WAYS: dict[str, tuple[str, Change, Change]] = {
    "role": (
        LESS,
        lambda office, _page: office.set_role(Role.READER),
        lambda office, _page: office.set_role(Role.RESEARCHER),
    ),
    "account": (OUT, lambda office, _page: office.disable(), lambda office, _page: office.enable()),
    "withdrawn": (OUT, lambda office, _page: office.revoke(), lambda office, page: office.sign_in(page)),
    "expired": (OUT, lambda office, _page: office.expire(), lambda office, page: office.sign_in(page)),
}


@asynccontextmanager
async def signed_in(office: Office, open_page: OpenPage, path: str) -> AsyncIterator[Page]:
    link = await make_link(office.site.database, office.researcher, office.site.url)
    async with open_page(office.site, link.removeprefix(office.site.url), unknown=True) as page:
        await page.wait_for_url(f"{office.site.url}/")
        await page.goto(path)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        # What it does not know yet it cannot lose.
        await expect(page.get_by_title("Signed in as Nadia")).to_be_visible()
        yield page


@pytest.mark.parametrize("way", WAYS)
async def test_a_claim_that_is_being_written_outlives_the_right_to_record_it(
    office: Office, open_page: OpenPage, way: str
) -> None:
    told, lose, regain = WAYS[way]
    source = encode_id(NodeType.SOURCE, await make_source(office.site.database, office.chief, text=TEXT))
    async with signed_in(office, open_page, f"/sources/{source}") as page:
        await expect(page.get_by_text("No claim is marked in it yet")).to_be_visible()
        await page.keyboard.press("s")
        await page.keyboard.press("c")
        form = page.get_by_role("form", name="Record a claim")
        statement = form.get_by_label("Statement")
        await statement.fill("4,000 came.")
        await choose(form.get_by_role("radio", name="First hand"))
        await lose(office, page)
        await statement.press("Control+Enter")
        refusal = form.get_by_role("alert")
        await expect(refusal).to_contain_text("Nothing was recorded, and your words are kept here.")
        await expect(refusal).to_contain_text(told)
        await expect(statement).to_have_value("4,000 came.")
        await expect(form.get_by_label("Quote")).to_have_value(TEXT)
        await expect(page.get_by_role("link", name="Paste an article")).to_have_count(0)
        assert await find_faults(page) == []
        await regain(office, page)
        await come_back(page)
        await expect(refusal).to_have_text("You have the right to it again: send it once more.")
        await expect(page.get_by_role("link", name="Paste an article")).to_be_visible()
        await statement.press("Control+Enter")
        await expect(form).to_be_hidden()
        await expect(page.get_by_role("listitem").get_by_text("4,000 came.")).to_be_visible()


async def test_a_dialog_that_is_open_tells_it_before_anything_is_sent(
    office: Office, open_page: OpenPage
) -> None:
    made = await make_claim(office.site.database, office.researcher)
    claim = encode_id(NodeType.CLAIM, made)
    async with signed_in(office, open_page, f"/claims/{claim}") as page:
        await page.keyboard.press("w")
        dialog = page.get_by_role("dialog", name="Withdraw")
        await dialog.get_by_label("Reason").fill("By mistake.")
        await office.set_role(Role.READER)
        await come_back(page)
        await expect(dialog.get_by_role("alert")).to_contain_text(LESS)
        await expect(dialog.get_by_label("Reason")).to_have_value("By mistake.")
        await expect(page.locator("main").get_by_text("Withdraw", exact=True)).to_have_count(0)
        assert await find_faults(page) == []
        await page.keyboard.press("Escape")
        lost = page.get_by_text(f"{LESS}, which may less than before. What you wrote is kept here.")
        await expect(lost).to_be_visible()
        assert await find_faults(page) == []
        await page.get_by_role("button", name="Dismiss").press("Enter")
        await expect(lost).to_have_count(0)
        await office.set_role(Role.RESEARCHER)
        await come_back(page)
        await expect(page.get_by_role("button", name="Withdraw")).to_be_visible()
        await page.keyboard.press("w")
        await expect(dialog.get_by_label("Reason")).to_have_value("By mistake.")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("Withdrawn by Nadia")).to_be_visible()


async def test_an_article_that_is_being_pasted_outlives_the_right_to_record_it(
    office: Office, open_page: OpenPage
) -> None:
    async with signed_in(office, open_page, "/paste") as page:
        await page.get_by_label("Text", exact=True).fill(TEXT)
        await page.get_by_label("Title").fill("4,000")
        await office.revoke()
        await come_back(page)
        banner = page.get_by_role("status").filter(has_text=OUT)
        await expect(page.get_by_role("form").get_by_role("alert")).to_contain_text(OUT)
        await expect(banner.first).to_be_visible()
        await expect(page.get_by_label("Text", exact=True)).to_have_value(TEXT)
        async with page.context.expect_page() as opened:
            await banner.first.get_by_role("link", name="Sign in in another window").click()
        beside = await opened.value
        await expect(beside.get_by_role("heading", name="Sign in")).to_be_visible()
        await office.sign_in(page)
        await beside.close()
        await come_back(page)
        await expect(banner).to_have_count(0)
        await page.get_by_label("Text", exact=True).press("Control+Enter")
        await expect(page.get_by_role("heading", name="4,000", level=1)).to_be_visible()


async def test_what_was_written_is_told_of_where_something_was(office: Office, open_page: OpenPage) -> None:
    kept = "What you wrote is kept here."
    async with signed_in(office, open_page, "/paste") as page:
        for written, told in ((False, "Sign in to go on."), (True, f"Sign in to go on. {kept}")):
            if written:
                await office.sign_in(page)
                await page.goto("/paste")
                await page.get_by_label("Title").fill("4,000")
            await expect(page.get_by_title("Signed in as Nadia")).to_be_visible()
            await office.revoke()
            await come_back(page)
            banner = page.get_by_role("status").filter(has_text=OUT).first
            await expect(banner).to_be_visible()
            assert (kept in await banner.inner_text()) is written
            await page.goto("/")
            await expect(page.get_by_text(told, exact=True).first).to_be_visible()


async def test_what_one_may_not_see_any_more_stays_while_one_writes_about_it(
    serve: Serve, committed_database: Database, viewer: Viewer, settings: Settings, open_page: OpenPage
) -> None:
    key = await make_source(
        committed_database, viewer, title="Told in confidence", text=TEXT, restricted=True
    )
    source = encode_id(NodeType.SOURCE, key)
    provider = Forgetful(viewer)
    async with (
        serve(committed_database, settings, provider=provider) as site,
        open_page(site, f"/sources/{source}") as page,
    ):
        await page.get_by_role("button", name="Record a claim").click()
        form = page.get_by_role("form", name="Record a claim")
        await form.get_by_label("Statement").fill("Half a sentence")
        provider.viewer = await make_viewer(committed_database, Role.READER)
        await come_back(page)
        await expect(page.get_by_text("You may not read this any more.")).to_be_visible()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Told in confidence")
        await expect(form.get_by_label("Statement")).to_have_value("Half a sentence")
        assert await find_faults(page) == []
        await form.get_by_role("button", name="Close").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
        provider.viewer = viewer
        await come_back(page)
        await expect(form.get_by_label("Statement")).to_have_value("Half a sentence")


async def test_reads_that_are_refused_have_the_rights_read_again(office: Office, open_page: OpenPage) -> None:
    made = await make_claim(office.site.database, office.researcher, statement="4,000 came.")
    claim = encode_id(NodeType.CLAIM, made)
    async with signed_in(office, open_page, f"/claims/{claim}") as page:
        await page.clock.install()
        await page.reload()
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await office.revoke()
        await page.keyboard.press("g")
        await page.keyboard.press("q")
        await expect(page.get_by_role("status").filter(has_text=OUT)).to_be_visible()
        await expect(page.get_by_role("link", name="Paste an article")).to_have_count(0)
        # A refused token is not sent again by itself: the server would have its sender wait to sign in.
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        await page.clock.run_for(600_000)
        assert sent == []
        await office.sign_in(page)
        await come_back(page)
        await expect(page.get_by_role("link", name="4,000 came.")).to_be_visible()


async def test_an_older_look_at_rights_does_not_undo_a_newer_one(office: Office, open_page: OpenPage) -> None:
    held, answered = asyncio.Event(), asyncio.Event()

    async def hold_the_first(route: Route) -> None:
        if held.is_set() or "query WhoAsks" not in (route.request.post_data or ""):
            await route.continue_()
            return
        old = await route.fetch()
        held.set()
        await answered.wait()
        await route.fulfill(response=old)

    async with signed_in(office, open_page, "/queue") as page:
        await page.route("**/graphql", hold_the_first)
        await come_back(page)
        await held.wait()
        await office.set_role(Role.READER)
        await come_back(page)
        lost = page.get_by_text(LESS)
        await expect(lost).to_be_visible()
        answered.set()
        await page.unroute_all(behavior="wait")
        await expect(lost).to_be_visible()
        await expect(page.get_by_role("link", name="Paste an article")).to_have_count(0)


async def test_without_a_name_one_reads_on_where_anybody_may(
    serve: Serve, committed_database: Database, viewer: Viewer, settings: Settings, open_page: OpenPage
) -> None:
    settings = settings.model_copy(update={"read_without_token": True})
    researcher = await make_viewer(committed_database, Role.RESEARCHER, "Nadia")
    provider = Authenticator(committed_database, settings)
    async with serve(committed_database, settings, provider=provider) as site:
        office = Office(site, provider, viewer, researcher)
        async with signed_in(office, open_page, "/queue") as page:
            await office.revoke()
            await page.keyboard.press("g")
            await page.keyboard.press("h")
            await expect(page.get_by_role("status").filter(has_text=OUT)).to_be_visible()
            nothing = page.get_by_text("Nothing is recorded yet")
            await expect(nothing).to_have_count(0)
            # The browser forgets the token in its own time.
            await page.context.clear_cookies()
            await come_back(page)
            await expect(nothing.first).to_be_visible()
