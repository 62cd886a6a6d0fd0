"""The built workbench in a real browser, in front of a real server.

- `browser`   Chromium, one a session
- `open_page` `async with open_page(site) as page`: a page of its own context, watched: it fails the test if
  the page logs an error, throws, or asks another host for anything. `offline`: it may log lost connections;
  `unknown`: and that it is not known to the server any more. `prepare` is called with the page before it asks
  for anything: to stand between it and the server
- `shown`     a site with the sample, for tests that change nothing
- `fresh`     a site with the sample of the test's own
- `bring`     `await bring(site, bundle)`: what a bundle holds is recorded there
- `open_signed_in`  `async with open_signed_in() as page`: the first page of who came by a link, with a cookie
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect

import app
from app.auth import Authenticator
from app.database import Database
from app.exchange.importing import import_bundle
from app.permissions import Viewer
from app.services.tokens import create_sign_in
from app.settings import Settings
from app.web.workbench import Workbench
from tests.factories import perform
from tests.web.conftest import Serve, Site, serve

__all__ = ["serve"]

# The first is Chromium without a window, which takes half the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AXE = Path(app.__file__).parents[1] / "workbench" / "node_modules" / "axe-core" / "axe.min.js"
# Debian's chromium refuses its sandbox to root, whom containers run as.
FLAGS = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []


def find_chromium() -> str:
    """The path of the browser. Without one the tests fail: a page that no browser saw is not tested."""
    for name in (os.environ.get("CHROMIUM"), *NAMES):
        found = shutil.which(name) if name else None
        if found is not None:
            return found
    pytest.fail(
        "The tests of the workbench need Chromium: `apt-get install chromium-headless-shell` on Debian, or"
        " the path of yours in CHROMIUM.",
        pytrace=False,
    )


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    trouble = Workbench().trouble
    if trouble is not None:
        pytest.fail(f"The workbench is not built; `make workbench` does. {trouble}", pytrace=False)
    path = find_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def shown(serve: Serve, sample: Database) -> AsyncIterator[Site]:
    async with serve(sample, Settings(database_url=None)) as site:
        yield site


@pytest.fixture
async def fresh(serve: Serve, own_sample: Database, settings: Settings) -> AsyncIterator[Site]:
    async with serve(own_sample, settings) as site:
        yield site


OpenPage = Callable[..., AbstractAsyncContextManager[Page]]

# A machine with other work is slow, not wrong.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture
def open_page(browser: Browser) -> OpenPage:
    @asynccontextmanager
    async def opening(
        site: Site,
        path: str = "/",
        *,
        offline: bool = False,
        unknown: bool = False,
        prepare: Callable[[Page], Awaitable[object]] | None = None,
        **context: Any,
    ) -> AsyncIterator[Page]:
        own = await browser.new_context(base_url=site.url, reduced_motion="reduce", **context)
        page = await own.new_page()
        page.set_default_timeout(PATIENCE_MS)
        trouble: list[str] = []
        tolerated = [words for words, fine in (("ERR_FAILED", offline), ("status of 401", unknown)) if fine]
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda said: trouble.extend(logged(said, tolerated)))
        page.on("request", lambda request: trouble.extend(foreign(request.url, site)))
        page.on("websocket", lambda socket: trouble.extend(foreign(socket.url, site)))
        try:
            if prepare is not None:
                await prepare(page)
            await page.goto(path)
            yield page
            assert trouble == []
        finally:
            await own.close()

    return opening


Bring = Callable[[Site, dict[str, Any]], Awaitable[None]]


@pytest.fixture
def bring(viewer: Viewer, tmp_path: Path) -> Bring:
    async def bringing(site: Site, bundle: dict[str, Any]) -> None:
        file = tmp_path / "bundle.json"
        file.write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
        await import_bundle(site.database, viewer, file)

    return bringing


OpenSignedIn = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture
def open_signed_in(
    serve: Serve, committed_database: Database, viewer: Viewer, settings: Settings, open_page: OpenPage
) -> OpenSignedIn:
    @asynccontextmanager
    async def opening(**context: Any) -> AsyncIterator[Page]:
        provider = Authenticator(committed_database, settings)
        code = await perform(committed_database, viewer, create_sign_in)
        async with (
            serve(committed_database, settings, provider=provider) as site,
            open_page(site, f"/sign-in#{code.letters}", **context) as page,
        ):
            await page.wait_for_url(f"{site.url}/")
            yield page

    return opening


def logged(said: ConsoleMessage, tolerated: list[str]) -> list[str]:
    fine = said.type != "error" or any(words in said.text for words in tolerated)
    return [] if fine else [said.text]


def foreign(url: str, site: Site) -> list[str]:
    socket = site.url.replace("http", "ws", 1)
    own = url.startswith((f"{site.url}/", f"{socket}/", "blob:", "data:"))
    return [] if own else [f"asked another host: {url}"]


async def choose(box: Locator) -> None:
    """Check a radio or a checkbox. The page may do so only once it has been somewhere else."""
    await box.click()
    await expect(box).to_be_checked()


async def find_faults(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it stands: nothing, it is hoped."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['help']}: {[node['html'] for node in violation['nodes'][:3]]}"
        for violation in found["violations"]
    ]
