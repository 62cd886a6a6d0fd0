"""What who comes for the first time needs: the rule in plain words, on any screen, in any script."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.async_api import Page, expect

from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Basis, Mode, Status
from app.permissions import Viewer
from app.services.inputs import Hop
from tests.factories import make_agent, make_claim, make_source
from tests.web.conftest import Site
from tests.workbench.asking import AT_LEAST_25, find_agent, find_claim, find_question, find_source
from tests.workbench.conftest import OpenPage, find_faults

Scheme = Literal["light", "dark"]
# 400 % of a window of 1280 pixels (WCAG 2.2, 1.4.10).
NARROW = {"width": 320, "height": 640}


async def overflow(page: Page) -> int:
    pixels: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return pixels


async def test_the_rule_stands_beside_what_it_counted(shown: Site, open_page: OpenPage) -> None:
    claim = await find_claim(shown, text=AT_LEAST_25)
    question = await find_question(shown, text="airstrikes kill")
    async with open_page(shown) as page:
        for path in ("/", f"/claims/{claim}", f"/questions/{question}"):
            await page.goto(path)
            await page.get_by_role("link", name="How this is counted").first.press("Enter")
            await expect(page.get_by_role("heading", level=1)).to_have_text("How Sayso counts")
        for status in Status:
            await expect(page.get_by_role("term").filter(has_text=status.value.capitalize())).to_have_count(
                2 if status is Status.CORROBORATED else 1
            )


async def test_a_claim_leads_to_the_lines_behind_its_answer(shown: Site, open_page: OpenPage) -> None:
    claim = await find_claim(shown, text=AT_LEAST_25)
    async with open_page(shown, f"/claims/{claim}") as page:
        await page.get_by_role("link", name="How many people did the US airstrikes").press("Enter")
        await expect(page.locator("#answers [aria-expanded=true]")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_read_by_everybody_on_every_screen(
    shown: Site, open_page: OpenPage, scheme: Scheme
) -> None:
    """The pages of one thing are tested where the thing is; here are all of them, narrow."""
    pages = {  # and words of each that are there once all is
        "/": "16 reports, 4 independent lines",
        "/queue": "independent line",
        "/search?q=Pentagon": "results",
        "/paste": "Record the source",
        "/rule": "independent line",
        f"/sources/{await find_source(shown, hasText=True)}": "19 claims",
        f"/claims/{await find_claim(shown, text=AT_LEAST_25)}": "For it 14",
        f"/questions/{await find_question(shown, text='airstrikes kill')}": "16 reports, 4 independent lines",
        f"/agents/{await find_agent(shown, text='Pentagon')}": "Counted as",
    }
    async with open_page(shown, color_scheme=scheme, viewport=NARROW) as page:
        for path, words in pages.items():
            await page.goto(path)
            await expect(page.get_by_role("heading", level=1)).to_be_visible()
            await expect(page.get_by_role("main").get_by_text(words).first).to_be_visible()
            assert (path, await overflow(page), await find_faults(page)) == (path, 0, [])


async def test_it_is_no_wider_than_the_screen_before_its_fonts_are_there(
    shown: Site, open_page: OpenPage
) -> None:
    async with open_page(shown, "/rule", offline=True, viewport=NARROW) as page:
        await page.route("**/*.woff2", lambda route: route.abort())
        await page.goto("/")
        await expect(page.get_by_text("16 reports, 4 independent lines")).to_be_visible()
        assert await overflow(page) == 0


async def test_words_from_right_to_left_keep_their_quotation_marks(
    fresh: Site, viewer: Viewer, open_page: OpenPage
) -> None:
    agent = await make_agent(fresh.database, viewer, name="وزارة الصحة")
    source = await make_source(fresh.database, viewer, title="بيان", language="ar")
    hop = Hop(agents=(agent,), cue="قالت في بيان", mode=Mode.INDIRECT)
    made = await make_claim(fresh.database, viewer, source=source, hops=(hop,), basis=Basis.ATTRIBUTED)
    async with open_page(fresh, f"/claims/{encode_id(NodeType.CLAIM, made)}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        cue = page.get_by_text("“قالت في بيان”")
        left, right = await cue.evaluate(
            """it => {
              const walker = document.createTreeWalker(it, NodeFilter.SHOW_TEXT);
              const nodes = [];
              while (walker.nextNode()) nodes.push(walker.currentNode);
              const box = (node, at) => {
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + 1);
                return range.getBoundingClientRect().left;
              };
              const last = nodes.at(-1);
              return [box(last, last.length - 1), box(nodes[0], 0)];
            }"""
        )
        assert left < right
