"""Records are amended, and what was not touched stays; a later version shows what becomes of quotes."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Page, expect

from tests.web.conftest import Site
from tests.workbench.asking import ask, find_agent, find_claim, find_question, find_source, record
from tests.workbench.conftest import OpenPage, find_faults

AT_LEAST_25 = '"at least 25" kataib'


async def begin(page: Page) -> Any:
    """The dialog, opened by its key."""
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.keyboard.press("e")
    dialog = page.get_by_role("dialog", name="Amend", exact=True)
    await expect(dialog).to_be_visible()
    return dialog


async def save(page: Page) -> None:
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.get_by_text("Amended.")).to_be_visible()


async def test_a_claim_is_amended_in_every_field_and_that_undone(fresh: Site, open_page: OpenPage) -> None:
    question = await find_question(fresh, text="airstrikes kill")
    claim = await find_claim(fresh, basis=["ATTRIBUTED"], question=[question])
    query = """query($id: ID!) { claim(id: $id) {
      statement basis polarity note restricted question { id } asserted { text }
      quantity { text modality lower upper lowerInclusive boundsGiven }
      attribution { agents { name } cue mode channel } quote { exact } } }"""
    before = (await ask(fresh, query, id=claim))["claim"]
    async with open_page(fresh, f"/claims/{claim}") as page:
        dialog = await begin(page)
        assert await find_faults(page) == []
        await dialog.get_by_label("Quantity", exact=True).fill("over two dozen")
        await dialog.get_by_text("Give bounds by hand").click()
        await dialog.get_by_label("Lowest", exact=True).fill("24")
        await dialog.get_by_label("The lowest is meant too").uncheck()
        await dialog.get_by_label("Said as").select_option("AT_LEAST")
        await dialog.get_by_label("Cue").first.fill("says")
        await dialog.get_by_label("Channel").first.select_option("POST")
        await dialog.get_by_text("When, a note").click()
        await dialog.get_by_label("When it was said").fill("2019-12-30")
        await dialog.get_by_role("checkbox", name="Restricted").check()
        await dialog.get_by_label("Reason").fill("Read again.")
        await save(page)
        after = (await ask(fresh, query, id=claim))["claim"]
        assert after["quantity"] == {
            "text": "over two dozen",
            "modality": "AT_LEAST",
            "lower": "24",
            "upper": None,
            "lowerInclusive": False,
            "boundsGiven": True,
        }
        assert after["asserted"] == {"text": "2019-12-30"}
        assert after["restricted"] is True
        await expect(page.get_by_text("Who only reads sees nothing of it.")).to_be_visible()
        first, *others = after["attribution"]
        assert (first["cue"], first["channel"]) == ("says", "POST")
        assert others == before["attribution"][1:]
        for same in ("statement", "basis", "note", "question", "quote"):
            assert after[same] == before[same]
        await page.get_by_role("button", name="Undo").press("Enter")
        await expect(page.get_by_text("As it was before.")).to_be_visible()
        assert (await ask(fresh, query, id=claim))["claim"] == before


async def test_a_quantity_without_bounds_is_refused_beside_its_field(
    fresh: Site, open_page: OpenPage
) -> None:
    claim = await find_claim(fresh, text=AT_LEAST_25)
    async with open_page(fresh, f"/claims/{claim}") as page:
        dialog = await begin(page)
        await dialog.get_by_label("Quantity", exact=True).fill("plenty")
        await page.keyboard.press("Control+Enter")
        await expect(dialog.get_by_label("Quantity", exact=True)).to_have_attribute("aria-invalid", "true")
        await expect(dialog.get_by_role("alert").first).to_contain_text("plenty")


async def test_a_claim_is_linked_to_its_question(fresh: Site, open_page: OpenPage) -> None:
    source = await record(fresh, "recordSource", kind="POST", title="New", text="Something: 4000 came.")
    claim = await record(
        fresh,
        "recordClaim",
        source=source,
        statement="4000.",
        quote={"exact": "4000 came"},
        basis="FIRSTHAND",
    )
    question = await record(fresh, "recordQuestion", kind="QUANTITY", text="How many came along?")
    async with open_page(fresh, f"/claims/{claim}") as page:
        dialog = await begin(page)
        await dialog.get_by_label("Question").fill("came along")
        await dialog.get_by_role("option", name="How many came along?").click()
        await expect(dialog.get_by_label("Quantity", exact=True)).to_have_value("4000")
        await save(page)
        query = "query($id: ID!) { claim(id: $id) { question { id } quantity { lower } } }"
        found = (await ask(fresh, query, id=claim))["claim"]
        assert found == {"question": {"id": question}, "quantity": {"lower": "4000"}}


async def test_an_edit_kept_over_a_reload_meets_what_others_changed(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text=AT_LEAST_25)
    amend = """mutation($id: ID!) { amendClaim(input: {claim: $id, expectedVersion: 1, note: "Their note."})
      { ... on Error { message } } }"""
    async with open_page(fresh, f"/claims/{claim}") as page:
        dialog = await begin(page)
        await dialog.get_by_label("Statement").fill("My statement.")
        await ask(fresh, amend, id=claim)
        await page.reload()
        dialog = await begin(page)
        both = dialog.get_by_role("alert")
        await expect(both).to_contain_text("Their note.")
        await expect(both).to_contain_text("My statement.")
        await dialog.get_by_role("button", name="Go on with mine").press("Enter")
        await expect(dialog.get_by_label("Statement")).to_have_value("My statement.")
        await dialog.get_by_label("Reason").press("Control+Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("My statement.")
        query = "query($id: ID!) { claim(id: $id) { note } }"
        assert (await ask(fresh, query, id=claim))["claim"] == {"note": "Their note."}


async def test_a_source_is_amended(fresh: Site, open_page: OpenPage) -> None:
    source = await find_source(fresh, hasText=True)
    async with open_page(fresh, f"/sources/{source}") as page:
        dialog = await begin(page)
        await dialog.get_by_label("Title").fill("Another title")
        await dialog.get_by_label("Published").fill("soon")
        await page.keyboard.press("Control+Enter")
        await expect(dialog.get_by_label("Published")).to_have_attribute("aria-invalid", "true")
        assert await find_faults(page) == []
        await dialog.get_by_label("Published").fill("2020-01-02")
        await expect(dialog.get_by_text("Reprint, archive, note")).to_be_visible()  # open: there is a note
        await dialog.get_by_label("It reprints").fill("Iran")
        await dialog.get_by_role("option", name=re.compile("Iran denies")).click()
        await dialog.get_by_label("Note").fill("By hand.")
        await dialog.get_by_role("checkbox", name="Restricted").check()
        await save(page)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Another title")
        query = """query($id: ID!) { source(id: $id) {
          published { text } restricted note reprints { title } textSha256 publisher { name } } }"""
        found = (await ask(fresh, query, id=source))["source"]
        assert (found["published"], found["note"]) == ({"text": "2020-01-02"}, "By hand.")
        assert found["reprints"] is not None
        assert found["restricted"] is True
        assert found["textSha256"] is not None


async def test_an_agent_is_amended(fresh: Site, open_page: OpenPage) -> None:
    agent = await find_agent(fresh, text='"Mark Esper"')
    async with open_page(fresh, f"/agents/{agent}") as page:
        dialog = await begin(page)
        await dialog.get_by_label("Other names").fill("The secretary\nEsper, Mark")
        await dialog.get_by_label("Protected").check()
        await page.keyboard.press("Control+Enter")
        await expect(dialog.get_by_role("textbox", name="Pseudonym")).to_have_attribute(
            "aria-invalid", "true"
        )
        assert await find_faults(page) == []
        await dialog.get_by_role("textbox", name="Pseudonym").fill("An official")
        await page.keyboard.press("Control+Enter")  # where his name stands is shown first
        await expect(dialog.get_by_role("heading", name="would still find its names")).to_be_visible()
        await save(page)
        query = "query($id: ID!) { agent(id: $id) { name aliases protected partOf { name } } }"
        assert (await ask(fresh, query, id=agent))["agent"] == {
            "name": "Mark Esper",
            "aliases": ["The secretary", "Esper, Mark"],
            "protected": True,
            "partOf": {"name": "US Department of Defense"},
        }


async def test_a_question_and_its_event_are_amended(fresh: Site, open_page: OpenPage) -> None:
    question = await find_question(fresh, text="airstrikes kill")
    async with open_page(fresh, f"/questions/{question}") as page:
        dialog = await begin(page)
        await dialog.get_by_label("What is counted").fill("fighters killed")
        assert await find_faults(page) == []
        await save(page)
        await page.get_by_role("link", name=re.compile("^US airstrikes")).click()
        # The address is the event's before the page is, and until then the keys are the question's.
        await expect(page.get_by_role("heading", level=1)).to_have_text("US airstrikes on Kataib Hezbollah")
        dialog = await begin(page)
        await dialog.get_by_label("Last day").fill("2019-12-30")
        await dialog.get_by_label("Latitude").fill("34.4")
        await dialog.get_by_label("Longitude").fill("40.9")
        await save(page)
        query = """query($id: ID!) { question(id: $id) {
          counted event { title endsOn latitude longitude } } }"""
        assert (await ask(fresh, query, id=question))["question"] == {
            "counted": "fighters killed",
            "event": {
                "title": "US airstrikes on Kataib Hezbollah",
                "endsOn": "2019-12-30",
                "latitude": 34.4,
                "longitude": 40.9,
            },
        }


async def test_a_later_version_shows_what_becomes_of_each_quote(fresh: Site, open_page: OpenPage) -> None:
    text = "On Sunday 19 died. 40 were hurt. 7 are missing."
    source = await record(fresh, "recordSource", kind="ARTICLE", title="The toll", text=text)
    for words in ("19 died", "40 were hurt", "7 are missing"):
        await record(
            fresh,
            "recordClaim",
            source=source,
            statement=words,
            quote={"exact": words},
            basis="FIRSTHAND",
        )
    async with open_page(fresh, f"/sources/{source}") as page:
        await expect(page.get_by_role("heading", name="3 claims")).to_be_visible()
        await page.keyboard.press("v")
        area = page.get_by_label("Text", exact=True)
        await expect(area).to_have_value(text)
        fits = page.get_by_role("region", name="What would become of its quotes")
        await expect(fits).to_contain_text("3 quotes stand, 0 elsewhere, 0 would be orphaned.")
        await area.fill("On Sunday 25 died, and 40 were hurt. 7 are missing.")
        await expect(fits).to_contain_text("0 quotes stand, 2 elsewhere, 1 would be orphaned.")
        await expect(fits.get_by_text("19 died").first).to_be_visible()
        assert await find_faults(page) == []
        await page.reload()  # the draft
        await expect(fits).to_contain_text("1 would be orphaned.")
        await area.press("Control+Enter")
        await page.wait_for_url("**/sources/source_*")
        await expect(page.get_by_text("It revises an earlier version:")).to_be_visible()
        await expect(page.get_by_text("Orphaned: the words no longer stand")).to_have_count(1)
        query = """query($id: ID!) { source(id: $id) { revisedBy { publisher { id } title }
          claims(first: 10) { edges { node { statement quoteStatus } } } } }"""
        found = (await ask(fresh, query, id=source))["source"]
        assert found["revisedBy"]["title"] == "The toll"
        assert {
            edge["node"]["statement"]: edge["node"]["quoteStatus"] for edge in found["claims"]["edges"]
        } == {
            "19 died": "ORPHANED",
            "40 were hurt": "MOVED",
            "7 are missing": "MOVED",
        }
        await page.goto(f"/paste?revises={source}")
        await expect(page.get_by_text("A later version is recorded already")).to_be_visible()
