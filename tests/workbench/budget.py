"""What the page's budget is spent on, in the built page, in front of a real server.

uv run python -m tests.workbench.budget [CLAIMS]            a question; 2,000 claims unless told
uv run python -m tests.workbench.budget scroll [CLAIMS]     an article; 500 highlighted claims unless told

Of the question: when, after the address was given, the figures and the lines of the strongest answer were
there, and how long after they were asked for more origins were: the median of the openings, in seconds of
the clock and of the page's own work, and how much was loaded. The first opening, which fills caches, is not
counted.

Of the article: it is scrolled from its top to its end as by a wheel. How long its frames took, how many
missed the beat of 60 a second, and what the page's own thread spent on each, in milliseconds of the
processor: that is what other work on the machine changes least. A frame has 16.
"""

from __future__ import annotations

import asyncio
import json
import re
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, async_playwright

from tests.workbench.conftest import FLAGS, find_chromium
from tests.workbench.screenshots import served, settle, sign_in

ASKED = "How many came to the market?"
LONG = "A long article"
SPEED = 2400  # pixels a second: three screens
_QUESTION = '{ questions(filter: { text: "market" }) { edges { node { id } } } }'
_ARTICLE = '{ sources(filter: { text: "long article" }) { edges { node { id } } } }'
# Counts what happens from now on: frames, changes of the document, highlights that were set again.
WATCH = """() => {
  const seen = { frames: [], changes: 0, painted: 0 };
  let last = performance.now();
  let running = true;
  const beat = (now) => {
    seen.frames.push(now - last);
    last = now;
    if (running) requestAnimationFrame(beat);
  };
  requestAnimationFrame(beat);
  new MutationObserver((list) => { seen.changes += list.length; })
    .observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  const { set } = HighlightRegistry.prototype;
  HighlightRegistry.prototype.set = function (...given) { seen.painted += 1; return set.apply(this, given); };
  window.watched = () => { running = false; return seen; };
}"""


WORDS = ("at least {}", "{}", "about {}", "more than {}")
NUMBERS = (20, 25, 30, 40, 55, 90)


def make_bundle(
    claims: int,
    origins: int = 60,
    words: tuple[str, ...] = WORDS,
    numbers: tuple[int, ...] = NUMBERS,
) -> dict[str, Any]:
    """One question that `claims` articles of 300 papers answer, quoting origins of which seven say most."""
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


def make_article(claims: int) -> dict[str, Any]:
    """One article of three claims a paragraph, on twenty questions: some agree, most are disputed."""
    sentences, quotes = [], []
    for at in range(claims):
        number = 10 + at * 7 % 40
        sentence = f"In street {at} “about {number}” 🚒 people were counted, officials said."
        inner = f"street {at} “about {number}” 🚒 people were counted"
        quotes.append(sentence if at % 5 == 1 else inner)
        sentences.append(sentence)
    paragraphs = [" ".join(sentences[at : at + 3]) for at in range(0, claims, 3)]
    return {
        "format": "sayso-bundle/1",
        "title": "Many claims in one article",
        "agents": [{"key": f"o{at}", "name": f"Office {at}", "kind": "ORGANIZATION"} for at in range(9)],
        "events": [{"key": "e", "title": "The count"}],
        "questions": [
            {
                "key": f"q{at}",
                "event": "e",
                "kind": "QUANTITY",
                "unit": "people",
                "text": f"How many in {at}?",
            }
            for at in range(20)
        ],
        "sources": [{"key": "s", "kind": "ARTICLE", "title": LONG, "text": "\n\n".join(paragraphs)}],
        "claims": [
            {
                "key": f"c{at}",
                "source": "s",
                "question": f"q{at % 20}",
                "quote": quote,
                "statement": f"About {10 + at * 7 % 40} people were counted in street {at}.",
                "quantity": f"about {10 + at * 7 % 40}",
                "basis": "attributed",
                "attribution": [{"agent": f"o{at % 9}", "cue": "said"}],
            }
            for at, quote in enumerate(quotes)
        ],
    }


async def main(what: str, claims: int) -> None:
    make, find, measure, times = KINDS[what]
    with tempfile.TemporaryDirectory(prefix="sayso-budget-") as folder:
        bundle = Path(folder) / "many.json"
        bundle.write_text(json.dumps(make(claims), ensure_ascii=False), encoding="utf-8")
        async with served(bundle) as (url, link), async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
            context = await browser.new_context(base_url=url, storage_state=await sign_in(browser, link))
            found = await context.request.post("/graphql", data={"query": find})
            [nodes] = (await found.json())["data"].values()
            id = nodes["edges"][0]["node"]["id"]
            runs = [await measure(context, id, claims) for _ in range(times + 1)][1:]
            await browser.close()
    for name in runs[0]:
        sys.stdout.write(f"{name:42}{statistics.median(run[name] for run in runs):10.2f}\n")


async def measure_opening(context: BrowserContext, question: str, _claims: int) -> dict[str, float]:
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Performance.enable")
    await page.goto(f"/questions/{question}", wait_until="commit")
    await page.locator("table tbody").first.wait_for()
    shown = await page.evaluate("performance.now() / 1000")
    await page.locator("[data-weak]").first.wait_for()
    drawn = await page.evaluate("performance.now() / 1000")
    origins = page.locator("table tbody")
    before = await origins.count()
    asked = await page.evaluate("performance.now() / 1000")
    await page.get_by_role("button", name=re.compile(r"^Show \d+ more origins?$")).press("Enter")
    await origins.nth(before).wait_for()
    more = await page.evaluate("performance.now() / 1000") - asked
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
        "seconds until more origins": more,
        "seconds of the page's work": metrics["TaskDuration"],
        "megabytes loaded, unpacked": size,
    }


async def measure_scrolling(context: BrowserContext, source: str, claims: int) -> dict[str, float]:
    browser = context.browser
    assert browser is not None
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await page.goto(f"/sources/{source}")
    await page.get_by_role("heading", name=f"{claims} claims").wait_for()
    await settle(page)
    await browser.start_tracing(page=page, categories=["devtools.timeline", "toplevel"])
    await page.evaluate(WATCH)
    height = await page.evaluate("document.documentElement.scrollHeight - innerHeight")
    await session.send(
        "Input.synthesizeScrollGesture",
        {"x": 400, "y": 500, "yDistance": -height, "speed": SPEED, "gestureSourceType": "mouse"},
    )
    seen = await page.evaluate("window.watched()")
    spent = read_work(await browser.stop_tracing())
    await page.close()
    frames = seen["frames"]
    return {
        "pixels scrolled": height,
        "frames": len(frames),
        "median frame, ms": statistics.median(frames),
        "longest frame, ms": max(frames),
        "frames that missed a beat (over 25 ms), %": 100 * sum(took > 25 for took in frames) / len(frames),
        "tasks over 50 ms": sum(took > 50 for took in spent["ThreadControllerImpl::RunTask"]),
        "longest task, ms": max(spent["ThreadControllerImpl::RunTask"]),
        "all work a frame, ms": sum(spent["ThreadControllerImpl::RunTask"]) / len(frames),
        "of it scripts, ms": sum(spent["FunctionCall"]) / len(frames),
        "of it painting, ms": sum(spent["Paint"]) / len(frames),
        "changes of the document": seen["changes"],
        "highlights painted anew": seen["painted"],
    }


def read_work(trace: bytes) -> dict[str, list[float]]:
    """By the name of an event, how long the page's thread worked at each: milliseconds of the processor."""
    events = json.loads(trace)["traceEvents"]
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    spent: dict[str, list[float]] = defaultdict(list)
    for event in events:
        if (event.get("pid"), event.get("tid")) in threads and "tdur" in event:
            spent[event["name"]].append(event["tdur"] / 1000)
    return spent


KINDS = {
    "open": (make_bundle, _QUESTION, measure_opening, 5),
    "scroll": (make_article, _ARTICLE, measure_scrolling, 3),
}

if __name__ == "__main__":
    what, *given = sys.argv[1:] if sys.argv[1:2] == ["scroll"] else ["open", *sys.argv[1:]]
    asyncio.run(main(what, int(given[0]) if given else {"open": 2000, "scroll": 500}[what]))
