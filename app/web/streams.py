"""Server-Sent Events: a response as a stream, by the protocol graphql-sse, in its distinct connections mode.

    event: next          one response
    data: {"data": …}

    event: complete      nothing follows
    data:

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

from __future__ import annotations

# Proxies are asked to pass each event on at once.
STREAM_HEADERS = [(b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
COMPLETE = b"event: complete\ndata:\n\n"


def spell_event(body: bytes) -> bytes:
    """One response as an event.

    >>> spell_event(b'{"data":{}}')
    b'event: next\\ndata: {"data":{}}\\n\\n'
    """
    # JSON has line breaks only where they mean nothing; here they would end the data.
    return b"event: next\ndata: " + body.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n\n"
