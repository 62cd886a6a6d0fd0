"""Server-Sent Events: responses as a stream, by the protocol graphql-sse, in its distinct connections mode
(`reservations` has the other one).

    event: next               one response
    id: claimRecorded.1042.7  where to go on, of a subscription's
    data: {"data": …}

    event: complete           nothing follows
    data:

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. A comment goes out when nothing else does,
so that no proxy takes the connection for dead.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from app.api.execution import explain_end
from app.api.feeds import Event
from app.web.asgi import Receive, Send
from app.web.outlets import Outlet
from app.web.refusals import Refusal

KEEP_ALIVE_SECONDS = 12.0
# Proxies are asked to pass each event on at once.
STREAM_HEADERS = [(b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
COMPLETE = b"event: complete\ndata:\n\n"
_COMMENT = b":\n\n"


def spell_event(body: bytes, cursor: str | None = None) -> bytes:
    """One response as an event.

    >>> spell_event(b'{"data":{}}', "claimRecorded.1042.7")
    b'event: next\\nid: claimRecorded.1042.7\\ndata: {"data":{}}\\n\\n'
    """
    id = b"id: " + cursor.encode() + b"\n" if cursor else b""
    # JSON has line breaks only where they mean nothing; here they would end the data.
    return b"event: next\n" + id + b"data: " + body.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n\n"


async def send_stream(
    parts: AsyncGenerator[bytes, None], receive: Receive, send: Send, outlet: Outlet, ended: asyncio.Event
) -> None:
    """Send the parts as they come, until there are no more, the client goes away, or `ended` is set.

    A stream that is cut off has no `complete`: clients come again, and go on after the last id. `send` waits
    for a client that reads slowly; `stalls` ends the connection of one that reads nothing.
    """
    async with aclosing(parts):
        coming = asyncio.ensure_future(anext(parts, None))
        gone = asyncio.ensure_future(_until_gone(receive))
        ending = asyncio.ensure_future(ended.wait())
        try:
            while True:
                done, _ = await asyncio.wait(
                    {coming, gone, ending}, timeout=KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                if not done and not outlet.is_free.is_set():
                    continue  # something is on its way to the client already
                part = coming.result() if coming in done else _COMMENT
                if part is None or gone in done or ending in done:
                    break
                await send({"type": "http.response.body", "body": part, "more_body": True})
                if coming in done:
                    coming = asyncio.ensure_future(anext(parts, None))
            await send({"type": "http.response.body", "body": b""})
        finally:
            for waiting in (coming, gone, ending):
                waiting.cancel()
            await asyncio.gather(coming, gone, ending, return_exceptions=True)


async def spell_stream(events: AsyncGenerator[Event, None]) -> AsyncGenerator[bytes, None]:
    """The events as they are sent, what ended them, and their end."""
    try:
        async with aclosing(events):
            async for event in events:
                yield spell_event(event.body, event.cursor)
    except Refusal as refusal:
        yield spell_event(refusal.body())
    except Exception as problem:
        yield spell_event(explain_end(problem).body)
    yield COMPLETE


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
