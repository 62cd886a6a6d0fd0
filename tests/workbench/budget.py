"""How long a question with many claims takes to open, in the built page, in front of a real server.

uv run python -m tests.workbench.budget [CLAIMS]      2,000 unless told

Says when, after the address was given, the figures and the lines of the strongest answer were there: the
median of the openings, in seconds of the clock and of the page's own work, and how much was loaded. The first
opening, which fills caches, is not counted.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, async_playwright

from tests.workbench.conftest import FLAGS, find_chromium
from tests.workbench.screenshots import served, sign_in

OPENINGS = 5
ASKED = "How many came to the market?"
_FIND = '{ questions(filter: { text: "market" }) { edges { node { id } } } }'


def make_bundle(claims: int, origins: int = 60) -> dict[str, Any]:
    """One question that `claims` articles of 300 papers answer, quoting origins of which seven say most."""
    numbers, words = (20, 25, 30, 40, 55, 90), ("at least {}", "{}", "about {}", "more than {}")
    agents = [{"key": f"o{at}", "name": f"Office {at}", "kind": "ORGANIZATION"} for at in range(origins)]
    papers = [{"key": f"p{at}", "name": f"Paper {at}", "kind": "OUTLET"} for at in range(min(300, claims))]
    sources, answers = [], []
    for at in range(claims):
        said = words[at % len(words)].format(numbers[at * 7 % 11 % len(numbers)])
        sources.append(
            {
                "key": f"s{at}",
                "kind": "ARTICLE",
                "title": f"The market, {at}",
                "publisher": f"p{at % len(papers)}",
                "published_at": f"2020-01-{1 + at % 28:02d}",
                "text": f"In report {at}, {said} people came.",
            }
        )
        answers.append(
            {
                "key": f"c{at}",
                "source": f"s{at}",
                "question": "q",
                "quote": f"{said} people came",
                "statement": f"{said} people came.",
                "quantity": said,
                "basis": "attributed",
                "attribution": [{"agent": f"o{at // 3 % origins if at % 3 == 0 else at % 7}"}],
            }
        )
    return {
        "format": "sayso-bundle/1",
        "title": "Many claims on one question",
        "agents": agents + papers,
        "events": [{"key": "e", "title": "The market"}],
        "questions": [{"key": "q", "event": "e", "kind": "QUANTITY", "unit": "people", "text": ASKED}],
        "sources": sources,
        "claims": answers,
    }


async def main(claims: int) -> None:
    with tempfile.TemporaryDirectory(prefix="sayso-budget-") as folder:
        bundle = Path(folder) / "many.json"
        bundle.write_text(json.dumps(make_bundle(claims)), encoding="utf-8")
        async with served(bundle) as (url, link), async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
            context = await browser.new_context(base_url=url, storage_state=await sign_in(browser, link))
            found = await context.request.post("/graphql", data={"query": _FIND})
            [edge] = (await found.json())["data"]["questions"]["edges"]
            runs = [await measure(context, edge["node"]["id"]) for _ in range(OPENINGS + 1)][1:]
            await browser.close()
    for name in runs[0]:
        sys.stdout.write(f"{name:28}{statistics.median(run[name] for run in runs):8.2f}\n")


async def measure(context: BrowserContext, question: str) -> dict[str, float]:
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Performance.enable")
    await page.goto(f"/questions/{question}", wait_until="commit")
    await page.locator("table tbody").first.wait_for()
    shown = await page.evaluate("performance.now() / 1000")
    await page.locator("[data-weak]").first.wait_for()
    drawn = await page.evaluate("performance.now() / 1000")
    metrics = {
        metric["name"]: metric["value"]
        for metric in (await session.send("Performance.getMetrics"))["metrics"]
    }
    size = await page.evaluate(
        "performance.getEntriesByType('resource').reduce((all, one) => all + one.decodedBodySize, 0) / 1e6"
    )
    await page.close()
    return {
        "seconds until figures": shown,
        "seconds until lines": drawn,
        "seconds of the page's work": metrics["TaskDuration"],
        "megabytes loaded, unpacked": size,
    }


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
