"""What a researcher does besides reading and recording: retract, merge questions, follow events, sign out."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.web.conftest import Site
from tests.workbench.asking import AT_LEAST_25, KILLED, ask, find_claim, find_question, find_source, record
from tests.workbench.conftest import OpenPage, OpenSignedIn, choose, find_faults


async def test_a_retraction_is_recorded_by_keyboard(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text=AT_LEAST_25)
    async with open_page(fresh, f"/claims/{claim}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("r")
        dialog = page.get_by_role("dialog", name="Retract")
        await expect(dialog.get_by_label("When it took it back")).to_be_focused()
        await page.keyboard.insert_text("next week")
        await dialog.get_by_label("Reason").fill("Corrected by the paper.")
        await page.keyboard.press("Control+Enter")
        await expect(dialog.get_by_label("When it took it back")).to_have_attribute("aria-invalid", "true")
        await expect(dialog.get_by_label("When it took it back")).to_be_focused()
        # It stands at its field, and is not told twice.
        await expect(dialog.get_by_role("alert").last).to_contain_text("what is wrong stands at its field")
        assert await find_faults(page) == []
        await dialog.get_by_label("When it took it back").fill("2020-01-02")
        await dialog.get_by_label("Where it says so").fill("https://example.org/correction")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("Its source took it back, 2020-01-02:")).to_be_visible()
        await expect(page.get_by_role("link", name="Where it says so")).to_be_visible()
        await expect(page.get_by_role("button", name="Retract")).to_be_hidden()
        await page.keyboard.press("u")
        await expect(page.get_by_text("Reinstated.")).to_be_visible()
        await expect(page.get_by_text("Its source took it back, 2020-01-02:")).to_be_hidden()


async def test_a_claim_that_was_retracted_is_reinstated(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text=AT_LEAST_25)
    await record(fresh, "retractClaim", claim=claim, when="2020-01-02", reason="Corrected by the paper.")
    async with open_page(fresh, f"/claims/{claim}") as page:
        await expect(page.get_by_text("Its source took it back, 2020-01-02:")).to_be_visible()
        await page.keyboard.press("r")
        dialog = page.get_by_role("dialog", name="Reinstate")
        await dialog.get_by_label("Reason").fill("It was another paper.")
        assert await find_faults(page) == []
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("Reinstated.")).to_be_visible()
        await expect(page.get_by_role("button", name="Retract")).to_be_visible()


async def test_a_field_that_finds_things_is_focused_for_what_is_wrong_with_it(
    fresh: Site, open_page: OpenPage
) -> None:
    source = await record(fresh, "recordSource", kind="POST", title="New", text="4000 came, they say.")
    async with open_page(fresh, f"/sources/{source}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("c")
        form = page.get_by_role("form", name="Record a claim")
        await form.get_by_label("Quote").fill("4000 came")
        await form.get_by_label("Statement").fill("4000 came.")
        await page.keyboard.press("Control+Enter")
        speaker = form.get_by_label("Speaker")
        await expect(speaker).to_have_attribute("aria-invalid", "true")
        await expect(speaker).to_be_focused()
        await expect(form.get_by_role("alert")).to_have_text(
            [
                "Name who said so, or choose another basis.",
                "Nothing was recorded: what is wrong stands at its field.",
            ]
        )
        # The button stays in sight, and does not hide what is wrong.
        seen = """it => { const { x, y, width, height } = it.getBoundingClientRect();
          return document.elementFromPoint(x + width / 2, y + height / 2) === it }"""
        assert await speaker.evaluate(seen)
        assert await find_faults(page) == []


async def test_what_is_wrong_is_told_at_its_field_by_its_label_or_by_what_it_concerns(
    fresh: Site, open_page: OpenPage
) -> None:
    claim = await find_claim(fresh, text="750", status=["UNCORROBORATED"])
    async with open_page(fresh, f"/claims/{claim}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("w")
        dialog = page.get_by_role("dialog", name="Withdraw")
        alerts = dialog.get_by_role("alert")
        await page.keyboard.press("Control+Enter")
        await expect(alerts).to_have_text(
            ["Reason: is blank", "Nothing was recorded: what is wrong stands at its field."]
        )
        await expect(dialog.get_by_label("Reason")).to_be_focused()
        assert await find_faults(page) == []
        # Somebody is quicker: no field of the form is wrong.
        await record(fresh, "withdrawClaim", claim=claim, reason="By mistake.")
        await page.keyboard.type("By mistake.")
        await page.keyboard.press("Control+Enter")
        await expect(alerts).to_have_text(["Nothing was recorded. The claim is withdrawn already."])
        assert await find_faults(page) == []


async def test_questions_are_merged_after_a_preview_and_parted_again(
    fresh: Site, open_page: OpenPage
) -> None:
    first = await find_question(fresh, text=KILLED)
    other = await record(fresh, "recordQuestion", kind="QUANTITY", text="How many fighters died there?")
    source = await record(fresh, "recordSource", kind="POST", title="New", text="4000 killed.")
    await record(
        fresh,
        "recordClaim",
        source=source,
        statement="4000.",
        quote={"exact": "4000 killed"},
        basis="FIRSTHAND",
        question=other,
        quantity={"text": "4000"},
    )
    query = "query($id: ID!) { question(id: $id) { mergedInto { id } } }"
    async with open_page(fresh, f"/questions/{other}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("m")
        dialog = page.get_by_role("dialog", name="Merge into another")
        await expect(dialog.get_by_label("The other")).to_be_focused()
        text = (await ask(fresh, "query($id: ID!) { question(id: $id) { text } }", id=first))["question"][
            "text"
        ]
        await page.keyboard.insert_text(text)
        await expect(dialog.get_by_role("option")).to_have_count(1)
        await page.keyboard.press("Enter")
        await dialog.get_by_label("Reason").fill("The same question.")
        await page.keyboard.press("Control+Enter")
        await expect(dialog.get_by_role("heading", name=re.compile("would change"))).to_be_visible()
        assert await find_faults(page) == []
        assert (await ask(fresh, query, id=other))["question"]["mergedInto"] is None
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_text("Merged into")).to_be_visible()
        assert (await ask(fresh, query, id=other))["question"]["mergedInto"] == {"id": first}
        await page.get_by_role("button", name="Undo").press("Enter")
        await expect(page.get_by_text("They are two again.")).to_be_visible()
        assert (await ask(fresh, query, id=other))["question"]["mergedInto"] is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_an_event_shows_its_questions_and_what_wants_attention(
    shown: Site, open_page: OpenPage, scheme: str
) -> None:
    question = await find_question(shown, text=KILLED)
    async with open_page(
        shown,
        f"/questions/{question}",
        color_scheme=scheme,
        permissions=["clipboard-read", "clipboard-write"],
    ) as page:
        await page.get_by_role("link", name="US airstrikes on Kataib Hezbollah").click()
        await page.wait_for_url("**/events/event_*")
        await expect(
            page.get_by_role("heading", name="US airstrikes on Kataib Hezbollah", level=1)
        ).to_be_visible()
        asked = page.get_by_role("link", name="How many people did the US airstrikes")
        await expect(asked.first).to_be_visible()
        # Nothing waits in the first of them: the list opens on one in which something does.
        await expect(page.get_by_role("radio", name="Uncorroborated 0")).to_be_attached()
        disputed = page.get_by_role("radio", name=re.compile(r"Disputed [1-9]"))
        await expect(disputed).to_be_checked()
        claims = page.locator("main ol").first.locator(":scope > li")
        await expect(claims.first.get_by_text(re.compile("^(Disputed|Contradicted)$"))).to_be_visible()
        assert await find_faults(page) == []
        await page.keyboard.press("y")
        await expect(page.get_by_text("Link copied.")).to_be_visible()
        await choose(page.get_by_role("radio", name="Uncorroborated 0"))
        await page.wait_for_url("**?kind=uncorroborated")
        nothing = page.get_by_text("Every claim has a second line, or is disputed.")
        await expect(nothing).to_be_visible()
        await page.reload()  # An address that names one keeps it.
        await expect(nothing).to_be_visible()
        await choose(disputed)
        await page.wait_for_url("**?kind=disputed")
        await expect(claims.first.get_by_text(re.compile("^(Disputed|Contradicted)$"))).to_be_visible()
        await page.set_viewport_size({"width": 360, "height": 740})
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_an_event_that_nobody_asked_about_teaches(fresh: Site, open_page: OpenPage) -> None:
    event = await record(fresh, "recordEvent", title="A quiet day")
    async with open_page(fresh, f"/events/{event}") as page:
        await expect(page.get_by_text("Nothing is asked about it yet.")).to_be_visible()
        await expect(page.get_by_text("No claim speaks of it yet")).to_be_visible()
        assert await find_faults(page) == []


async def test_a_claim_recorded_from_a_question_has_it(fresh: Site, open_page: OpenPage) -> None:
    question = await find_question(fresh, text=KILLED)
    article = await find_source(fresh, hasText=True)
    async with open_page(fresh, f"/questions/{question}") as page:
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("c")
        dialog = page.get_by_role("dialog", name="Record a claim for it")
        await expect(dialog.get_by_label("In which source?")).to_be_focused()
        title = (await ask(fresh, "query($id: ID!) { source(id: $id) { title } }", id=article))["source"][
            "title"
        ]
        await page.keyboard.insert_text(title)
        await expect(dialog.get_by_role("option", name=title)).to_be_visible()
        assert await find_faults(page) == []
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/sources/{article}?question={question}")
        await expect(page.get_by_text("An answer to: How many people")).to_be_visible()
        await page.keyboard.press("c")
        form = page.get_by_role("form", name="Record a claim")
        await expect(form.get_by_text("How many people did the US airstrikes")).to_be_visible()
        await expect(form.get_by_label("Quantity")).to_be_visible()
        assert await find_faults(page) == []


async def test_a_question_is_asked_about_an_event_on_the_spot(fresh: Site, open_page: OpenPage) -> None:
    article = await find_source(fresh, hasText=True)
    async with open_page(fresh, f"/sources/{article}") as page:
        await expect(page.get_by_role("heading", name="19 claims")).to_be_visible()
        await page.keyboard.press("c")
        form = page.get_by_role("form", name="Record a claim")
        await form.get_by_label("Question").fill("How many tents stood there?")
        await form.get_by_role("option", name=re.compile("Ask")).click()
        dialog = page.get_by_role("dialog", name="Question")
        await dialog.get_by_label("Event").fill("The camp")
        await dialog.get_by_role("option", name=re.compile("Record")).click()
        nested = page.get_by_role("dialog", name="Record an event")
        await nested.get_by_label("First day").fill("2020-01-02")
        await nested.get_by_label("First day").press("Control+Enter")
        await expect(dialog.get_by_text("The camp")).to_be_visible()
        await dialog.get_by_label("Unit").fill("tents")
        await dialog.get_by_label("Unit").press("Control+Enter")
        await expect(form.get_by_text("How many tents stood there?")).to_be_visible()
        query = (
            '{ questions(filter: { text: "tents" }) { edges { node { unit event { title startsOn } } } } }'
        )
        [edge] = (await ask(fresh, query))["questions"]["edges"]
        assert edge["node"] == {"unit": "tents", "event": {"title": "The camp", "startsOn": "2020-01-02"}}


async def test_another_page_begins_at_its_top_and_has_the_focus(shown: Site, open_page: OpenPage) -> None:
    async with open_page(shown, "/queue?kind=disputed", viewport={"width": 1000, "height": 500}) as page:
        link = page.locator("main ol > li > p:first-child a").nth(15)
        for _ in range(2):  # at first it comes from the server, then it is known
            await link.press("Enter")
            await expect(page.get_by_role("heading", name=re.compile("^For it"))).to_be_visible()
            assert await page.evaluate("scrollY") == 0
            await expect(page.get_by_role("main")).to_be_focused()
            await page.go_back()
            await expect(link).to_be_in_viewport()
        # One that stays keeps the focus.
        search = page.get_by_role("searchbox")
        await search.focus()
        await page.evaluate("history.forward()")
        await expect(page.get_by_role("heading", name=re.compile("^For it"))).to_be_visible()
        await expect(search).to_be_focused()


async def test_nothing_stands_beneath_a_word_on_what_was_done(shown: Site, open_page: OpenPage) -> None:
    phone = {"width": 390, "height": 700}
    rights = ["clipboard-read", "clipboard-write"]
    claim = await find_claim(shown, text=AT_LEAST_25)
    opened = {"viewport": phone, "is_mobile": True, "has_touch": True, "permissions": rights}
    async with open_page(shown, f"/claims/{claim}", **opened) as page:
        await expect(page.get_by_role("heading", name=re.compile("^For it"))).to_be_visible()
        copying = page.get_by_role("button", name="Copy the link")
        await expect(copying.locator("kbd")).to_be_hidden()  # there are no keys on a phone
        await copying.tap()
        told = page.locator("[class*=place]", has=page.get_by_text("Link copied."))
        await expect(told).to_be_visible()
        link = page.locator("main section a").nth(5)
        await link.evaluate("it => scrollBy(0, it.getBoundingClientRect().bottom - innerHeight + 40)")
        covered = await link.bounding_box()
        assert covered is not None
        assert 640 < covered["y"] + covered["height"] < 680
        await link.focus()
        words, focused = await told.bounding_box(), await link.bounding_box()
        assert words is not None
        assert focused is not None
        assert focused["y"] + focused["height"] <= words["y"]


async def test_one_sees_who_one_is_and_signs_out(open_signed_in: OpenSignedIn) -> None:
    async with open_signed_in(viewport={"width": 360, "height": 740}) as page:
        await page.get_by_title("Signed in as local").click()
        await expect(page.get_by_text("local · ")).to_be_visible()
        assert await find_faults(page) == []
        await page.get_by_role("button", name="Sign out").press("Enter")
        await page.wait_for_url("**/sign-in")
        assert await page.context.cookies() == []
