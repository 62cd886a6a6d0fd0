"""The whole flow of the sample by keyboard alone, from the printed link to a merge."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import Locator, Page, expect

from app.auth import Authenticator
from app.cli.tokens import make_link
from app.database import Database
from app.permissions import Viewer
from app.settings import Settings
from tests.web.conftest import Serve, Site
from tests.workbench.conftest import OpenPage
from tests.workbench.test_pages import ARTICLE

SOLDIERS = "around 750 soldiers"
SECOND = "By an own reporter\n\nThe Pentagon said: 750 soldiers will deploy."
MOST_TABS = 60


@dataclass(frozen=True)
class Hands:
    """A researcher without a mouse."""

    page: Page
    site: Site

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def type(self, words: str) -> None:
        await self.page.keyboard.type(words)

    async def go_to(self, target: Locator, key: str = "Tab") -> None:
        """By Tab, as often as it takes."""
        await expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if await target.evaluate("it => it === document.activeElement"):
                return
            await self.press(key)
        raise AssertionError(f"{MOST_TABS} times {key} did not reach {target}")

    async def follow(self, target: Locator) -> None:
        await self.go_to(target)
        await self.press("Enter")

    async def fill(self, label: str, words: str, within: Locator | None = None) -> None:
        field = (within or self.page.locator("main")).get_by_label(label, exact=True)
        await self.go_to(field)
        await self.press("Control+a")
        await self.type(words)
        await expect(field).to_have_value(words)

    async def selected(self) -> str:
        words: str = await self.page.evaluate("getSelection().toString()")
        return words

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        answer = await self.page.request.post(
            "/graphql", data={"query": query, "variables": variables}, headers={"origin": self.site.url}
        )
        data: dict[str, Any] = (await answer.json())["data"]
        return data

    def id(self) -> str:
        """Of what the page is about."""
        return re.sub(r"[?#].*", "", self.page.url).rsplit("/", 1)[1]


@pytest.fixture
async def guarded(serve: Serve, committed_database: Database, settings: Settings) -> AsyncIterator[Site]:
    """A server that asks who one is, with nothing recorded."""
    provider = Authenticator(committed_database, settings)
    async with serve(committed_database, settings, provider=provider) as site:
        yield site


async def test_the_whole_flow_by_keyboard_alone(guarded: Site, viewer: Viewer, open_page: OpenPage) -> None:
    link = await make_link(guarded.database, viewer, guarded.url)
    async with open_page(guarded, link.removeprefix(guarded.url)) as page:
        hands = Hands(page, guarded)
        await page.wait_for_url(f"{guarded.url}/")
        await expect(page.get_by_text("Nothing is recorded yet")).to_be_visible()
        await paste_the_article(hands)
        first = await record_a_claim(hands)
        await paste_another(hands)
        second = await record_an_answer(hands)
        await see_the_lines(hands, first, second)
        await judge_and_undo(hands, first)
        await amend(hands, first)
        await search_and_queue(hands)
        await merge(hands)
        await come_back(hands, first)


async def paste_the_article(hands: Hands) -> None:
    page, text = hands.page, ARTICLE.read_text(encoding="utf-8").strip()
    published = await page.context.new_page()  # where the article stands
    await published.goto(f"data:text/plain;charset=utf-8,{quote(text)}")
    await published.keyboard.press("Control+a")
    await published.keyboard.press("Control+c")
    await published.close()
    await hands.press("g", "p")
    await expect(page.get_by_label("Text", exact=True)).to_be_focused()
    await hands.press("Control+v")
    await hands.fill("Title", "Hundreds more troops")
    await hands.fill("Published", "2019-12-31")
    await name_agent(hands, page.get_by_label("Publisher"), "Daily Gazette", "Outlet")
    await hands.press("Control+Enter")
    await expect(page.get_by_role("heading", name="Hundreds more troops", level=1)).to_be_visible()
    source = await hands.ask(
        "query($id: ID!) { source(id: $id) { text publisher { name kind } } }", id=hands.id()
    )
    assert source["source"] == {"text": text, "publisher": {"name": "Daily Gazette", "kind": "OUTLET"}}


async def name_agent(hands: Hands, field: Locator, name: str, kind: str) -> None:
    """Recorded on the spot, since nobody of that name is."""
    page = hands.page
    await hands.go_to(field)
    await hands.type(name)
    await expect(page.get_by_role("option", name=f"Record “{name}”")).to_be_visible()
    await hands.press("ArrowUp", "Enter")  # the last of what is offered
    dialog = page.get_by_role("dialog", name="Record an agent")
    await choose(hands, dialog.get_by_role("radio", name=kind, exact=True))
    await hands.press("Control+Enter")
    await expect(dialog).to_be_hidden()


async def choose(hands: Hands, radio: Locator) -> None:
    """Tab goes to the one that is chosen, the arrows to the others."""
    group = radio.locator("xpath=ancestor::fieldset[1]").locator("input:checked")
    await hands.go_to(group)
    await hands.go_to(radio, "ArrowDown")
    await expect(radio).to_be_checked()


async def record_a_claim(hands: Hands) -> str:
    page, keys = hands.page, hands.page.keyboard
    await expect(page.get_by_text("No claim is marked in it yet")).to_be_visible()
    await hands.press("?")
    shortcuts = page.get_by_role("dialog", name="Shortcuts")
    for words in ("Select the next sentence", "Next word", "Select a word more", "Record a claim"):
        await expect(shortcuts.get_by_text(re.compile(f"^{words}"))).to_be_visible()
    await hands.press("Escape")
    await expect(shortcuts).to_be_hidden()
    while "Mark Esper" not in await hands.selected():
        await hands.press("s")
    while await hands.selected() != "around":
        await hands.press("w")
    await hands.press("Control+Shift+ArrowRight", "Control+Shift+ArrowRight", "c")
    form = page.get_by_role("form", name="Record a claim")
    await expect(form.get_by_label("Quote")).to_have_value(SOLDIERS)
    await hands.fill("Statement", "Around 750 soldiers are about to deploy.")
    await hands.go_to(form.get_by_label("Question"))
    await hands.type("How many soldiers deploy?")
    await expect(page.get_by_role("option", name="Ask “How many soldiers deploy?”")).to_be_visible()
    await hands.press("Enter")
    asking = page.get_by_role("dialog", name="Question")
    await expect(asking).to_be_visible()
    await hands.press("Control+Enter")
    await expect(asking).to_be_hidden()
    await expect(form.get_by_label("Quantity")).to_have_value("around 750")
    await expect(form.get_by_role("status")).to_have_text("Understood as 675 to 825")
    await name_agent(hands, form.get_by_label("Speaker"), "Mark Esper", "Person")
    await expect(form.get_by_label("Cue")).to_have_value("said in a statement")
    await hands.follow(form.get_by_role("button", name="Passed on by another"))
    await expect(form.get_by_label("Speaker").nth(1)).to_be_focused()
    await name_agent(hands, form.get_by_label("Speaker").nth(1), "Pentagon", "Government")
    await expect(form.get_by_label("Speaker").nth(1)).to_be_focused()
    await hands.press("Control+/")
    await expect(shortcuts.get_by_text("Move towards the origin")).to_be_visible()
    await hands.press("Escape")
    await hands.press("Alt+ArrowUp", "Alt+ArrowDown", "Alt+ArrowUp")
    await expect(form.get_by_role("button", name="Remove Pentagon").first).to_be_visible()
    await expect(form.get_by_label("Speaker").first).to_be_focused()  # it went along
    await keys.press("Control+Enter")
    await expect(page.get_by_role("heading", name="1 claim", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name="Open the claim")).to_be_visible()
    await hands.press("Enter")
    await expect(page.get_by_role("heading", name="Around 750 soldiers are about to deploy.")).to_be_visible()
    query = """query($id: ID!) { claim(id: $id) {
      quote { exact } quantity { lower upper } question { text } attribution { agents { name } cue } } }"""
    claim = (await hands.ask(query, id=hands.id()))["claim"]
    assert claim == {
        "quote": {"exact": SOLDIERS},
        "quantity": {"lower": "675", "upper": "825"},
        "question": {"text": "How many soldiers deploy?"},
        "attribution": [
            {"agents": [{"name": "Pentagon"}], "cue": None},
            {"agents": [{"name": "Mark Esper"}], "cue": "said in a statement"},
        ],
    }
    return hands.id()


async def paste_another(hands: Hands) -> None:
    page = hands.page
    await hands.press("g", "p")
    await expect(page.get_by_label("Text", exact=True)).to_be_focused()
    await hands.type(SECOND)
    await hands.fill("Title", "Soldiers to leave")
    await hands.fill("Published", "2020-01-01")
    await name_agent(hands, page.get_by_label("Publisher"), "Evening Post", "Outlet")
    await hands.press("Control+Enter")
    await expect(page.get_by_role("heading", name="Soldiers to leave", level=1)).to_be_visible()


async def record_an_answer(hands: Hands) -> str:
    """To the same question, by the same origin: what is there already is found."""
    page = hands.page
    await hands.press("s", "s", "c")
    form = page.get_by_role("form", name="Record a claim")
    await expect(form.get_by_label("Quote")).to_have_value(SECOND.rsplit("\n", 1)[1])
    await hands.fill("Statement", "750 soldiers will deploy.", form)
    await hands.go_to(form.get_by_label("Question"))
    await hands.type("soldiers dep")
    await expect(page.get_by_role("option", name="How many soldiers deploy?").first).to_be_visible()
    await hands.press("Enter")
    await expect(form.get_by_label("Quantity")).to_have_value("750")
    await hands.go_to(form.get_by_label("Speaker"))
    await hands.type("Penta")
    await expect(page.get_by_role("option", name=re.compile("^Pentagon"))).to_be_visible()
    await hands.press("Enter")
    await expect(form.get_by_role("button", name="Remove Pentagon")).to_be_visible()
    await hands.press("Control+Enter")
    await expect(page.get_by_role("link", name="Open the claim")).to_be_visible()
    await hands.press("Enter")
    await expect(page.get_by_role("heading", name="750 soldiers will deploy.", level=1)).to_be_visible()
    return hands.id()


async def see_the_lines(hands: Hands, first: str, second: str) -> None:
    page = hands.page
    facts = page.get_by_role("region", name="About the claim")
    await hands.follow(facts.get_by_role("link", name="How many soldiers deploy?"))
    lines = page.get_by_role("region", name="Who stands behind the answer")
    await expect(lines.get_by_text("2 reports, 1 independent line", exact=True)).to_be_visible()
    await expect(lines.locator("[data-weak] title")).to_have_text("Pentagon: 2 claims pass through here")
    query = "query($id: ID!) { claim(id: $id) { corroboration { reportsFor linesFor weakestLinks"
    query += " { ... on Agent { name } } } } }"
    for claim in (first, second):
        assert (await hands.ask(query, id=claim))["claim"]["corroboration"] == {
            "reportsFor": 2,
            "linesFor": 1,
            "weakestLinks": [{"name": "Pentagon"}],
        }
    await hands.press("j")
    await expect(page.locator("[aria-expanded=true]")).to_be_focused()
    await hands.follow(
        page.get_by_role("link", name=SOLDIERS, exact=True)
        .or_(page.get_by_role("link", name=SECOND.rsplit("\n", 1)[1]))
        .first
    )
    await page.wait_for_url(re.compile("/claims/"))


async def judge_and_undo(hands: Hands, claim: str) -> None:
    page = hands.page
    if hands.id() != claim:
        await hands.follow(page.get_by_role("link", name="Around 750 soldiers are about to deploy.").first)
    await expect(page.get_by_role("heading", name="Around 750 soldiers are about to deploy.")).to_be_visible()
    await hands.press("a")
    dialog = page.get_by_role("dialog", name="Record an assessment")
    await expect(dialog.get_by_label("By what evidence")).to_be_focused()
    await hands.type("Soldiers to leave")
    await expect(dialog.get_by_role("option", name=re.compile("Source"))).to_be_visible()
    await hands.press("Enter")
    await choose(hands, dialog.get_by_role("radio", name="Contradicts"))
    await hands.fill("Why", "It speaks of other soldiers.", dialog)
    await hands.press("Control+Enter")
    await expect(page.get_by_role("heading", name="Against it 1")).to_be_visible()
    await expect(page.get_by_text("A researcher judged so")).to_be_visible()
    query = """query($id: ID!) { claim(id: $id) { corroboration { status linesAgainst }
      assessments(includeWithdrawn: true) { nodes: edges { node { rationale withdrawal { reason } } } } } }"""
    judged = (await hands.ask(query, id=claim))["claim"]
    assert judged["corroboration"]["linesAgainst"] == 1
    await expect(
        page.locator("main header")
        .get_by_text("Disputed")
        .or_(page.locator("main header").get_by_text("Contradicted"))
        .first
    ).to_be_visible()
    await hands.press("u")
    await expect(page.get_by_role("heading", name="Against it 0")).to_be_visible()
    undone = (await hands.ask(query, id=claim))["claim"]
    assert undone["corroboration"] == {"status": "UNCORROBORATED", "linesAgainst": 0}
    [row] = undone["assessments"]["nodes"]
    assert row["node"]["withdrawal"] is not None


async def amend(hands: Hands, claim: str) -> None:
    page = hands.page
    await hands.press("e")
    dialog = page.get_by_role("dialog", name="Amend")
    await expect(dialog).to_be_visible()
    await hands.fill("Statement", "Some 750 soldiers are prepared to deploy.", dialog)
    await hands.fill("Reason", "Nearer to the words.", dialog)
    await hands.press("Control+Enter")
    await expect(
        page.get_by_role("heading", name="Some 750 soldiers are prepared to deploy.")
    ).to_be_visible()
    await expect(page.get_by_text(re.compile("^Changed claim")).first).to_be_visible()
    found = (await hands.ask("query($id: ID!) { claim(id: $id) { statement version } }", id=claim))["claim"]
    assert found == {"statement": "Some 750 soldiers are prepared to deploy.", "version": 2}


async def search_and_queue(hands: Hands) -> None:
    page = hands.page
    await hands.press("/")
    await hands.type("soldiers leave")
    await hands.press("Enter")
    await page.wait_for_url("**/search?q=soldiers%20leave")
    await expect(page.get_by_role("link", name="Soldiers to leave").first).to_be_visible()
    await hands.press("j", "Enter")
    await expect(page.get_by_role("heading", name="Soldiers to leave", level=1)).to_be_visible()
    await hands.press("g", "q")
    await expect(page.get_by_role("radio", name="Uncorroborated 2")).to_be_checked()
    await choose(hands, page.get_by_role("radio", name=re.compile("^Without a question")))
    await expect(page.get_by_text("Every claim answers a question.")).to_be_visible()
    await choose(hands, page.get_by_role("radio", name=re.compile("^Uncorroborated")))
    await expect(page.get_by_role("link", name="750 soldiers will deploy.")).to_be_visible()
    await hands.press("j", "Enter")
    await page.wait_for_url(re.compile("/claims/"))


async def merge(hands: Hands) -> None:
    """Who speaks for the Pentagon is the Pentagon, to see what that changes; and not after all."""
    page = hands.page
    facts = page.get_by_role("region", name="About the claim")
    await hands.follow(facts.get_by_role("link", name="Pentagon").first)
    await expect(page.get_by_role("heading", name="Pentagon", level=1)).to_be_visible()
    agent = hands.id()
    await hands.press("m")
    dialog = page.get_by_role("dialog", name="Merge into another")
    await hands.type("Evening")
    await expect(dialog.get_by_role("option", name=re.compile("^Evening Post"))).to_be_visible()
    await hands.press("Enter")
    await hands.fill("Reason", "To see what hangs on it.", dialog)
    await hands.press("Control+Enter")
    await expect(dialog.get_by_role("heading", name=re.compile("would change"))).to_be_visible()
    query = "query($id: ID!) { agent(id: $id) { mergedInto { name } } }"
    assert (await hands.ask(query, id=agent))["agent"]["mergedInto"] is None
    await hands.press("Control+Enter")
    await expect(page.get_by_text("Merged into Evening Post")).to_be_visible()
    assert (await hands.ask(query, id=agent))["agent"]["mergedInto"] == {"name": "Evening Post"}
    await hands.press("u")
    await expect(page.get_by_text("Merged into Evening Post")).to_be_hidden()
    assert (await hands.ask(query, id=agent))["agent"]["mergedInto"] is None


async def come_back(hands: Hands, claim: str) -> None:
    """By the link that the page of the claim gives."""
    page = hands.page
    await hands.press("j", "Enter")
    await page.wait_for_url(re.compile("/claims/"))
    await expect(page.get_by_role("region", name="About the claim")).to_be_visible()
    given, statement = hands.id(), await page.get_by_role("heading", level=1).inner_text()
    await hands.press("y")
    await expect(page.get_by_text("Link copied.")).to_be_visible()
    await hands.press("/", "Control+v")
    link = f"{hands.site.url}/claims/{given}"
    await expect(page.get_by_role("searchbox")).to_have_value(link)
    again = await page.context.new_page()
    await again.goto(link)
    await expect(again.get_by_role("heading", name=statement, level=1)).to_be_visible()
    assert claim
