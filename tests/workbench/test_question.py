"""The page of a question: its figures are those of the API, and who does not see the chart reads the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.web.conftest import Site
from tests.workbench.asking import KILLED, ask, find_question, record
from tests.workbench.budget import ASKED, make_bundle
from tests.workbench.conftest import Bring, OpenPage, find_faults

QUESTIONS = "{ questions(first: 50) { edges { node { id kind text } } } }"
COMPARED = """query($id: ID!) {
  compare(question: $id) {
    standing { lower upper }
    origins(first: 100) {
      edges {
        node {
          origin { ... on Agent { name } }
          positions(first: 100) { edges { node { live claim { id quantity { lower upper } polarity } } } }
        }
      }
    }
  }
}"""
FIGURES = """query($id: ID!) {
  claim(id: $id) {
    corroboration { reportsFor linesFor explanation weakestLinks { ... on Agent { name } } }
  }
}"""
CHART = "Every origin's answers: the numbers each allows, when it was said, and in how many claims"


async def compare(site: Site, question: str) -> list[dict[str, Any]]:
    """The origins of a short question, each with its positions."""
    origins = (await ask(site, COMPARED, id=question))["compare"]["origins"]["edges"]
    return [
        node | {"positions": [edge["node"] for edge in node["positions"]["edges"]]}
        for node in (edge["node"] for edge in origins)
    ]


def lines_of(page: Page) -> Any:
    return page.get_by_role("region", name="Who stands behind the answer")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_one_sees_how_many_lines_an_answer_has(shown: Site, open_page: OpenPage, scheme: str) -> None:
    question = await find_question(shown, text=KILLED)
    async with open_page(shown, f"/questions/{question}", color_scheme=scheme) as page:
        await expect(page.get_by_text("22 claims · 4 origins")).to_be_visible()
        await expect(page.get_by_text("24 or more people killed")).to_be_visible()
        lines = lines_of(page)
        await expect(lines.get_by_text("16 reports, 4 independent lines", exact=True)).to_be_visible()
        assert await lines.get_by_role("img").count() == 4  # a drawing a line, and one weakest link in each
        assert await lines.locator("svg [data-weak]").count() == 4
        assert await find_faults(page) == []


async def test_the_figures_of_every_question_are_those_of_the_api(shown: Site, open_page: OpenPage) -> None:
    found = (await ask(shown, QUESTIONS))["questions"]["edges"]
    async with open_page(shown) as page:
        for question in [edge["node"] for edge in found]:
            compared = await compare(shown, question["id"])
            await page.goto(f"/questions/{question['id']}")
            await expect(page.get_by_role("heading", name=question["text"], level=1)).to_be_visible()
            claims = {at["claim"]["id"] for origin in compared for at in origin["positions"]}
            await expect(
                page.get_by_text(re.compile(rf"^{len(claims)} claims? · \d+ origin"))
            ).to_be_visible()
            link = lines_of(page).get_by_role("link", name="Judge this answer")
            claim = (await link.get_attribute("href") or "").removeprefix("/claims/")
            figures = (await ask(shown, FIGURES, id=claim))["claim"]["corroboration"]
            reports, lines = figures["reportsFor"], figures["linesFor"]
            await expect(
                lines_of(page).get_by_text(re.compile(rf"^{reports} reports?, {lines} independent lines?$"))
            ).to_be_visible()
            await expect(lines_of(page).get_by_text(figures["explanation"])).to_be_visible()
            assert await lines_of(page).locator("[data-weak]").count() == len(figures["weakestLinks"])
            if question["kind"] == "QUANTITY":
                await find_in_table(page, compared)


async def find_in_table(page: Page, origins: list[dict[str, Any]]) -> None:
    """Each origin has a group of rows, whose claims add up; each answer a row, faded if outdated."""
    groups = page.get_by_role("table", name=CHART).locator("tbody")
    assert await groups.count() == len(origins)
    for origin in origins:
        name = origin["origin"]["name"] if origin["origin"] else "Nobody named"
        group = groups.filter(has=page.get_by_role("rowheader", name=re.compile(re.escape(name))))
        group = group if await group.count() else groups.filter(has_text=name)
        rows = group.locator("tr[class*=row]")
        answers = {
            (at["live"], at["claim"]["quantity"]["lower"], at["claim"]["quantity"]["upper"])
            for at in origin["positions"]
        }
        assert await rows.count() == len(answers)
        assert sum(int(text) for text in await rows.locator("td:last-child").all_inner_texts()) == len(
            origin["positions"]
        )
        live = sum(1 for answer in answers if answer[0])
        assert await group.locator("tr[data-live]").count() == live


async def test_nine_papers_quoting_one_minister_are_one_line(fresh: Site, open_page: OpenPage) -> None:
    minister = await record(fresh, "recordAgent", name="The minister", kind="PERSON")
    event = await record(fresh, "recordEvent", title="A count")
    question = await record(
        fresh, "recordQuestion", event=event, kind="QUANTITY", text="How many came?", counted="guests"
    )
    for number in range(9):
        paper = await record(fresh, "recordAgent", name=f"Paper {number}", kind="OUTLET")
        source = await record(
            fresh,
            "recordSource",
            kind="ARTICLE",
            title=f"They came, {number}",
            text="Forty came, the minister said.",
            publisher=paper,
        )
        await record(
            fresh,
            "recordClaim",
            source=source,
            question=question,
            statement="Forty came.",
            quote={"exact": "Forty came"},
            quantity={"text": "forty"},
            basis="ATTRIBUTED",
            hops=[{"agents": [minister]}],
        )
    async with open_page(fresh, f"/questions/{question}") as page:
        lines = lines_of(page)
        await expect(lines.get_by_text("9 reports, 1 independent line", exact=True)).to_be_visible()
        await expect(lines.get_by_text("Line 1 9 claims, all through The minister")).to_be_visible()
        drawn = lines.get_by_role("img")
        assert await drawn.count() == 1
        for number in range(9):
            await expect(drawn.get_by_text(f"Paper {number}", exact=True)).to_be_visible()
        [weak] = await drawn.locator("[data-weak] title").all_text_contents()
        assert weak == "The minister: 9 claims pass through here"
        row = page.get_by_role("row", name=re.compile("^40"))
        await expect(row.get_by_role("cell").last).to_have_text("9")


async def test_an_answer_is_opened_by_keyboard_and_kept_in_the_address(
    shown: Site, open_page: OpenPage
) -> None:
    question = await find_question(shown, text=KILLED)
    async with open_page(shown, f"/questions/{question}") as page:
        await expect(page.get_by_role("table", name=CHART)).to_be_visible()
        answer = page.get_by_role("button", name=re.compile(r"^19\s*, Outdated, no longer counts"))
        await answer.press("Enter")
        await expect(answer).to_have_attribute("aria-expanded", "true")
        await expect(lines_of(page).get_by_text("Outdated", exact=True)).to_be_visible()
        await expect(page.get_by_role("link", name="UrduPoint", exact=True)).to_be_visible()
        assert await find_faults(page) == []
        await page.wait_for_url(re.compile(r"\?claim=claim_"))
        await page.reload()
        await expect(answer).to_have_attribute("aria-expanded", "true")
        await page.keyboard.press("j")
        await expect(answer).to_have_attribute("aria-expanded", "false")
        await page.keyboard.press("k")
        await expect(answer).to_be_focused()
        await expect(answer).to_have_attribute("aria-expanded", "true")
        await answer.press("Enter")
        await page.wait_for_url(re.compile(rf"/questions/{question}$"))


async def test_each_of_many_quick_steps_is_one(shown: Site, open_page: OpenPage) -> None:
    question = await find_question(shown, text=KILLED)
    async with open_page(shown, f"/questions/{question}") as page:
        answers = page.locator("#answers [aria-expanded]")
        await expect(answers.first).to_be_visible()
        await page.evaluate(
            """() => { for (let at = 0; at < 5; at++)
              document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true })); }"""
        )
        await expect(answers.nth(4)).to_have_attribute("aria-expanded", "true")
        await expect(page.locator("#answers [aria-expanded=true]")).to_have_count(1)


async def test_a_yes_or_no_question_has_two_sides(shown: Site, open_page: OpenPage) -> None:
    question = await find_question(shown, text="Iran responsible")
    async with open_page(shown, f"/questions/{question}") as page:
        sides = page.get_by_role("region", name="The answers, and who gives them")
        await expect(sides.get_by_role("heading", level=2)).to_have_text(["Yes", "No"])
        await expect(sides.get_by_role("heading", level=3)).to_have_text(
            ["United States government", "Government of Iran"]
        )
        await sides.get_by_role("button", name=re.compile("Tehran is fully responsible")).press("Enter")
        await expect(lines_of(page).get_by_text("2 reports, 1 independent line", exact=True)).to_be_visible()
        assert await find_faults(page) == []
        await page.goto(f"/questions/{await find_question(shown, text='Muhandis orchestrate')}")
        await expect(sides.get_by_text("No claim recorded says so.")).to_be_visible()


async def test_an_open_question_has_a_column_an_answer_and_an_empty_one_teaches(
    fresh: Site, open_page: OpenPage
) -> None:
    event = await record(fresh, "recordEvent", title="A storm")
    question = await record(fresh, "recordQuestion", event=event, kind="OPEN", text="Who broke the door?")
    async with open_page(fresh, f"/questions/{question}") as page:
        await expect(page.get_by_text("No claim answers it yet")).to_be_visible()
        assert await find_faults(page) == []
        source = await record(fresh, "recordSource", kind="POST", title="Seen", text="The wind. Or a child.")
        for answer in ("The wind", "a child"):
            await record(
                fresh,
                "recordClaim",
                source=source,
                question=question,
                statement=f"{answer} broke it.",
                quote={"exact": answer},
                basis="UNATTRIBUTED",
            )
        await page.reload()
        sides = page.get_by_role("region", name="The answers, and who gives them")
        await expect(sides.get_by_role("heading", level=2)).to_have_text(
            ["The wind broke it.", "a child broke it."]
        )
        assert await find_faults(page) == []


async def test_it_fits_a_phone(shown: Site, open_page: OpenPage) -> None:
    question = await find_question(shown, text=KILLED)
    async with open_page(shown, f"/questions/{question}", viewport={"width": 360, "height": 740}) as page:
        await expect(page.get_by_text("16 reports, 4 independent lines").first).to_be_visible()
        await expect(page.get_by_role("button", name=re.compile("^24 to 99"))).to_be_attached()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        assert await find_faults(page) == []


async def test_of_many_claims_some_are_drawn_and_more_when_asked(
    fresh: Site, bring: Bring, open_page: OpenPage
) -> None:
    await bring(fresh, make_bundle(60, origins=20))
    question = await find_question(fresh, text="market")
    async with open_page(fresh, f"/questions/{question}") as page:
        await expect(page.get_by_role("heading", name=ASKED, level=1)).to_be_visible()
        await expect(page.get_by_text(re.compile("^60 claims"))).to_be_visible()
        groups = page.get_by_role("table", name=CHART).locator("tbody")
        await expect(groups).to_have_count(12)
        more = page.get_by_role("button", name=re.compile(r"Show \d+ more origins?$"))
        hidden = int(re.findall(r"\d+", await more.inner_text())[0])
        totals = [int(text.split()[0]) for text in await groups.locator("td[class*=total]").all_inner_texts()]
        assert totals == sorted(totals, reverse=True)
        await more.press("Enter")
        await expect(groups).to_have_count(12 + hidden)
        await expect(groups.nth(12).locator("a, button").first).to_be_focused()
        lines = lines_of(page).get_by_role("img")
        assert await lines.count() <= 6


async def test_every_page_of_a_comparison_is_shown(fresh: Site, bring: Bring, open_page: OpenPage) -> None:
    """More origins than a page has, and some with more claims than come with them."""
    await bring(fresh, make_bundle(540, origins=110))
    question = await find_question(fresh, text="market")
    async with open_page(fresh, f"/questions/{question}") as page:
        await expect(page.get_by_text("540 claims · 110 origins")).to_be_visible()
        await expect(page.get_by_text("they are on their way")).to_have_count(0)
        totals = page.get_by_role("table", name=CHART).locator("td[class*=total]")
        most = [int(text.split()[0]) for text in (await totals.all_inner_texts())[:7]]
        assert min(most) > 50, "origins with more claims than come with them"


async def test_what_is_not_drawn_at_first_is_drawn_when_asked(
    fresh: Site, bring: Bring, open_page: OpenPage
) -> None:
    """Evidence past the first hundred: in the drawing of the lines, and on the page of the claim."""
    await bring(fresh, make_bundle(130, 9, ("{}",), (30,)))
    question = await find_question(fresh, text="market")
    async with open_page(fresh, f"/questions/{question}") as page:
        lines = lines_of(page)
        await expect(lines.get_by_text("Drawn: the first 100 of 130 claims.")).to_be_visible()
        more = lines.get_by_role("button", name=re.compile("^Show . more lines?$"))
        if await more.count():
            await more.press("Enter")
        heads = lines.locator("li > p")
        assert await count_claims(heads) == 100
        drawing = lines.locator("li > div").first
        await drawing.evaluate(
            "it => { it.style.inlineSize = '200px'; it.scrollLeft = 40; window.drawn = it; }"
        )
        await lines.get_by_role("button", name="Draw all 130 claims").press("Enter")
        await expect(lines.get_by_role("status")).to_be_focused()
        await expect(lines.get_by_text(re.compile("^Drawn"))).to_have_count(0)
        # What was drawn stays as it is: nothing that was unfolded or scrolled is so no more.
        assert await count_claims(heads) == 130
        assert await page.evaluate("drawn.isConnected && drawn.scrollLeft") == 40

        await lines.get_by_role("link", name="Judge this answer").press("Enter")
        await expect(page.get_by_role("heading", name="For it 130")).to_be_visible()
        rows = page.locator("section", has=page.get_by_role("heading", name="For it 130")).locator(
            "ol[class*=evidence] > li"
        )
        await expect(rows).to_have_count(101)  # a hundred, and the way to the others
        await rows.last.get_by_role("button", name="Show 30 more").press("Enter")
        await expect(rows).to_have_count(130)
        assert len(set(await rows.all_inner_texts())) == 130


async def count_claims(heads: Locator) -> int:
    """Of all drawings together: "Line 1 12 claims, all through Office 3"."""
    texts = await heads.all_inner_texts()
    return sum(int(found) for text in texts for found in re.findall(r"(\d+) claims?", text))
