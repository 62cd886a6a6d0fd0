"""What others record meanwhile shows by itself: over the socket, and where there is none, by asking again."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, WebSocketRoute, expect

from tests.web.conftest import Site
from tests.workbench.asking import AT_LEAST_25, KILLED, find_claim, find_question, record
from tests.workbench.conftest import OpenPage, OpenSignedIn, find_faults


async def record_claim(site: Site, **given: object) -> str:
    source = await record(
        site, "recordSource", kind="POST", title="New", text="Something new, of 4000 killed."
    )
    return await record(site, "recordClaim", source=source, basis="FIRSTHAND", **given)


async def live(page: Page) -> None:
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()


async def test_the_queue_shows_what_others_record_at_once(fresh: Site, open_page: OpenPage) -> None:
    async with open_page(fresh, "/queue?kind=unasked") as page:
        await live(page)
        await expect(page.get_by_role("listitem").first).to_be_visible()
        assert await find_faults(page) == []
        await record_claim(fresh, statement="Recorded elsewhere.", quote={"exact": "Something new"})
        await expect(page.get_by_role("link", name="Recorded elsewhere.")).to_be_visible()


async def test_without_a_socket_the_queue_asks_again_and_says_so(fresh: Site, open_page: OpenPage) -> None:
    async with open_page(fresh) as page:
        await page.route_web_socket("**/graphql", lambda socket: socket.close())
        await page.clock.install()
        await page.goto("/queue?kind=unasked")
        await expect(page.get_by_text("Asked again every 15 seconds")).to_be_visible()
        await expect(page.get_by_role("listitem").first).to_be_visible()
        await record_claim(fresh, statement="Recorded elsewhere.", quote={"exact": "Something new"})
        await page.clock.fast_forward(16_000)
        await expect(page.get_by_role("link", name="Recorded elsewhere.")).to_be_visible()


async def test_a_socket_that_is_lost_is_had_again_and_what_was_missed_is_asked_for(
    fresh: Site, open_page: OpenPage
) -> None:
    sockets = []
    async with open_page(fresh) as page:
        await page.route_web_socket(
            "**/graphql", lambda route: sockets.append((route, route.connect_to_server()))
        )
        await page.goto("/queue?kind=unasked")
        await live(page)
        await record_claim(fresh, statement="Recorded elsewhere.", quote={"exact": "Something new"})
        await expect(page.get_by_role("link", name="Recorded elsewhere.")).to_be_visible()
        page_side, server_side = sockets[0]
        await server_side.close()
        await page_side.close()
        await record_claim(fresh, statement="Recorded unheard.", quote={"exact": "new"})
        await live(page)
        await expect(page.get_by_role("link", name="Recorded unheard.")).to_be_visible()
        assert len(sockets) == 2


async def test_what_is_recorded_before_a_subscription_stands_is_asked_for(
    fresh: Site, open_page: OpenPage
) -> None:
    let_go = asyncio.Event()

    def hold(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        tasks: list[asyncio.Task[None]] = []

        async def pass_on(message: str | bytes) -> None:
            if "subscribe" in str(message):
                await let_go.wait()
            server.send(message)

        route.on_message(lambda message: tasks.append(asyncio.ensure_future(pass_on(message))))

    async with open_page(fresh) as page:
        await page.route_web_socket("**/graphql", hold)
        await page.goto("/queue?kind=unasked")
        await live(page)
        await expect(page.get_by_role("listitem").first).to_be_visible()
        await record_claim(fresh, statement="Recorded elsewhere.", quote={"exact": "Something new"})
        let_go.set()
        await expect(page.get_by_role("link", name="Recorded elsewhere.")).to_be_visible()


async def test_a_question_hears_of_a_new_answer(fresh: Site, open_page: OpenPage) -> None:
    question = await find_question(fresh, text=KILLED)
    async with open_page(fresh, f"/questions/{question}") as page:
        await live(page)
        await record_claim(
            fresh,
            statement="4000.",
            quote={"exact": "4000 killed"},
            question=question,
            quantity={"text": "4000"},
        )
        await expect(page.get_by_role("button", name="4,000")).to_be_visible()


async def test_a_claim_changes_around_what_is_being_typed(fresh: Site, open_page: OpenPage) -> None:
    claim = await find_claim(fresh, text=AT_LEAST_25)
    async with open_page(fresh, f"/claims/{claim}") as page:
        await live(page)
        await page.keyboard.press("a")
        why = page.get_by_role("dialog", name="Record an assessment").get_by_label("Why")
        await why.fill("Half a sentence")
        other = await find_claim(fresh, text="750", status=["UNCORROBORATED"])
        await record(
            fresh,
            "recordAssessment",
            claim=claim,
            evidenceClaim=other,
            stance="CONTRADICTS",
            rationale="They say otherwise.",
        )
        await expect(page.get_by_text("They say otherwise.")).to_be_attached()
        await expect(why).to_have_value("Half a sentence")
        await expect(why).to_be_focused()


async def test_who_signed_in_by_cookie_hears_as_well(open_signed_in: OpenSignedIn) -> None:
    async with open_signed_in() as page:
        await page.goto("/queue")
        await live(page)
