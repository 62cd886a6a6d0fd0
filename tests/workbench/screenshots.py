"""Pictures of each page of the workbench, with the sample, for docs/workbench.md.

uv run python -m tests.workbench.screenshots          writes docs/workbench/*.png
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

import app
from tests.workbench.conftest import FLAGS, find_chromium

FOLDER = Path(app.__file__).parents[1] / "docs" / "workbench"
WIDE = {"width": 1280, "height": 800}
TALL = {"width": 1280, "height": 1680}
PHONE = {"width": 390, "height": 800}


@dataclass(frozen=True)
class Picture:
    """`find` is a GraphQL query whose first id goes into `path`; `keys` are pressed once it is there."""

    name: str
    path: str
    find: str | None = None
    keys: tuple[str, ...] = ()
    context: dict[str, Any] = field(default_factory=lambda: {"viewport": WIDE})


_ARTICLE = "{ sources(filter: { hasText: true }) { edges { node { id } } } }"
_KILLED = '{ questions(filter: { text: "airstrikes kill" }) { edges { node { id } } } }'
_CLAIM = '{ claims(filter: { text: "two dozen", status: [DISPUTED] }) { edges { node { id } } } }'
_EVENT = '{ events(filter: { text: "Kataib" }) { edges { node { id } } } }'
_AGENT = '{ agents(filter: { text: "\\"Popular Mobilization Forces\\"" }) { edges { node { id } } } }'
PICTURES = (
    Picture("source", "/sources/{}", _ARTICLE, ("j", "j")),
    Picture("record", "/sources/{}", _ARTICLE, (*["s"] * 8, "c")),
    Picture("question", "/questions/{}", _KILLED, context={"viewport": TALL}),
    Picture("claim", "/claims/{}", _CLAIM),
    Picture("amend", "/claims/{}", _CLAIM, ("e",)),
    Picture("queue", "/queue?kind=disputed"),
    Picture("event", "/events/{}?kind=disputed", _EVENT),
    Picture("agent", "/agents/{}", _AGENT),
    Picture("phone", "/sources/{}", _ARTICLE, context={"viewport": PHONE}),
)


async def main(names: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    async with served() as (url, link), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        state = await sign_in(browser, link)
        for picture in PICTURES:
            if not names or picture.name in names:
                await take(browser, url, state, picture)
                sys.stdout.write(f"docs/workbench/{picture.name}.png\n")
        await browser.close()


@asynccontextmanager
async def served(bundle: Path | None = None) -> AsyncIterator[tuple[str, str]]:
    """`sayso demo` on a free port, and this bundle too: its address, and a link that signs in."""
    with tempfile.TemporaryDirectory(prefix="sayso-pictures-") as folder:
        command = ("-m", "app", "demo", "--port", "0", "--quiet", "--data-dir", f"{folder}/data")
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            assert process.stdout is not None
            said = ""
            while not (found := re.search(r"Sign in\s+(\S+)", said)):
                line = await process.stdout.readline()
                assert line, "the server ended"
                said += line.decode()
            link = found[1]
            if bundle is not None:
                more = ("-m", "app", "import", "--data-dir", f"{folder}/data", str(bundle))
                importing = await asyncio.create_subprocess_exec(
                    sys.executable, *more, stdout=asyncio.subprocess.DEVNULL
                )
                assert await importing.wait() == 0
            yield link.partition("/sign-in")[0], link
        finally:
            process.terminate()
            await process.wait()


async def sign_in(browser: Browser, link: str) -> Any:
    """What the browser keeps once it has signed in."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(link)
    await page.wait_for_url(re.compile(r"^[^#]*/$"))
    return await context.storage_state()


async def take(browser: Browser, url: str, state: Any, picture: Picture) -> None:
    context = await browser.new_context(
        base_url=url, reduced_motion="reduce", storage_state=state, **picture.context
    )
    page = await context.new_page()
    path = picture.path
    if picture.find is not None:
        answer = await page.request.post(f"{url}/graphql", data={"query": picture.find})
        [nodes] = (await answer.json())["data"].values()
        path = path.format(nodes["edges"][0]["node"]["id"])
    await page.goto(path)
    await settle(page)
    for key in picture.keys:
        await page.keyboard.press(key)
    await settle(page)
    await page.screenshot(path=FOLDER / f"{picture.name}.png")
    await context.close()


async def settle(page: Page) -> None:
    """Nothing is asked for any more, and the fonts are there."""
    await page.wait_for_load_state("networkidle")
    await page.evaluate("document.fonts.ready")
    await page.wait_for_timeout(300)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
