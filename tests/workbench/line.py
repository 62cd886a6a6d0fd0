"""What is between a page and its server, to be cut, or to hold an answer back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, Route, WebSocketRoute


class Line:
    """Between a page and the server, for `open_page(…, prepare=line.lay)`: as long as the page is there. A
    request that is sent while the browser is told of another route is lost now and then.
    """

    def __init__(self) -> None:
        self._is_cut = False
        self._held = ""
        self._on_its_way, self._let_go = asyncio.Event(), asyncio.Event()

    async def lay(self, page: Page) -> None:
        """Its socket stands, and tells of nothing: the page reads nothing by itself."""
        await page.route("**/graphql", self._pass_on)
        await page.route_web_socket("**/graphql", keep_silent)

    @asynccontextmanager
    async def cut(self) -> AsyncIterator[None]:
        """Nothing reaches the server as long as this lasts."""
        self._is_cut = True
        yield
        self._is_cut = False

    @asynccontextmanager
    async def held(self, operation: str) -> AsyncIterator[None]:
        """The answer to the mutation, or the query, is on its way as long as this lasts."""
        self._on_its_way, self._let_go, self._held = asyncio.Event(), asyncio.Event(), f" {operation}("
        try:
            yield
            await asyncio.wait_for(self._on_its_way.wait(), 30)
        finally:
            self._held = ""
            self._let_go.set()

    async def _pass_on(self, route: Route) -> None:
        if self._is_cut:
            await route.abort()
            return
        if self._held and self._held in (route.request.post_data or ""):
            self._on_its_way.set()
            await self._let_go.wait()
        await route.fallback()


def keep_silent(socket: WebSocketRoute) -> None:
    answers = {"connection_init": "connection_ack", "ping": "pong"}

    def answer(message: str | bytes) -> None:
        if (kind := answers.get(json.loads(message)["type"])) is not None:
            socket.send(json.dumps({"type": kind}))

    socket.on_message(answer)
