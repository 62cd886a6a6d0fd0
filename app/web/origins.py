"""Who may ask: by which names this server is called, and from which other origins a page may ask.

Any page can make a browser send requests to 127.0.0.1. Two headers that a page cannot write tell it apart:
`Host`, the name the browser was sent to (a name of the page's own that was made to resolve here is refused),
and `Origin`, where the page comes from. One policy for every path and for WebSockets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address

from app.auth import is_same_origin
from app.settings import Settings
from app.web.asgi import Scope, Send
from app.web.refusals import Headers, Refusal

LONGEST_HOST = 300
# What a browser may keep of the answer to a preflight, seconds.
PREFLIGHT_SECONDS = b"600"
ANY = "*"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADER_NAMES = re.compile(rb"[A-Za-z0-9, _-]{1,500}")
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^\[\]:/@\s]+)(?::\d{1,5})?")


class OriginPolicy:
    """What is accepted by `Host` and by `Origin`, as the settings say."""

    def __init__(self, settings: Settings) -> None:
        self._hosts = frozenset(name.lower() for name in (*settings.allowed_hosts, settings.host))
        self._origins = frozenset(origin.lower().rstrip("/") for origin in settings.allowed_origins)
        # A server is called by a few names: each is looked at once.
        self._is_known = lru_cache(maxsize=256)(self._accepts_host)

    def check(self, scope: Scope) -> bytes | None:
        """The other origin that asks, and may; None where nobody else does.

        Raises Refusal: 400 without one Host, 421 for a name that is not ours, 403 for an origin that may not.
        """
        host, origin = _read(scope)
        if host is None:
            if scope.get("http_version") != "1.0":
                raise Refusal(400, "The request needs one header Host.")
        elif not self._is_known(host):
            raise Refusal(
                421,
                "This server does not go by that name. If it should, name it in SAYSO_ALLOWED_HOSTS.",
            )
        if origin is None or is_same_origin(origin, host):
            return None
        if self._accepts_origin(origin):
            return origin
        if scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS:
            raise Refusal(
                403,
                "Pages of other origins may not ask here. If this one may, name it in SAYSO_ALLOWED_ORIGINS.",
            )
        return None

    def share(self, origin: bytes | None, send: Send) -> Send:
        """`send`, with the headers of CORS if any origin is allowed."""
        added = self.share_with(origin)
        if not added:
            return send

        async def send_shared(message: Scope) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        return send_shared

    def share_with(self, origin: bytes | None) -> Headers:
        """The headers of CORS for an answer to who asks from this other origin, or from none."""
        if not self._origins:
            return ()
        if origin is None:
            return [(b"vary", b"Origin")]
        shown = b"*" if ANY in self._origins else origin
        return [
            (b"access-control-allow-origin", shown),
            (b"access-control-expose-headers", b"X-Request-ID, ETag"),
            (b"vary", b"Origin"),
        ]

    def _accepts_host(self, host: bytes) -> bool:
        match = _HOST.fullmatch(host.decode("latin-1").lower()) if len(host) <= LONGEST_HOST else None
        if match is None:
            return False
        name = match["name"].removesuffix(".")
        if ANY in self._hosts or name in self._hosts or name == "localhost" or name.endswith(".localhost"):
            return True
        # A number is nobody's name: a page can only have it as its own if it is served from here.
        return _is_address(name) or any(f"*.{rest}" in self._hosts for rest in _parents(name))

    def _accepts_origin(self, origin: bytes) -> bool:
        return ANY in self._origins or origin.decode("latin-1").lower() in self._origins


def answer_preflight(scope: Scope, methods: str) -> Headers | None:
    """The headers that answer a browser's question before a request; None if this is not such a question."""
    if scope["method"] != "OPTIONS":
        return None
    headers = dict(scope["headers"])
    if b"access-control-request-method" not in headers:
        return None
    answer = [
        (b"access-control-allow-methods", methods.encode()),
        (b"access-control-max-age", PREFLIGHT_SECONDS),
    ]
    wanted = headers.get(b"access-control-request-headers", b"")
    if _HEADER_NAMES.fullmatch(wanted):
        answer.append((b"access-control-allow-headers", wanted))
    return answer


def _read(scope: Scope) -> tuple[bytes | None, bytes | None]:
    """Host and Origin. None for a Host that is given twice, which two readers might take differently."""
    hosts: list[bytes] = []
    origin: bytes | None = None
    for name, value in scope["headers"]:
        if name == b"host":
            hosts.append(value)
        elif name == b"origin":
            origin = value
    return (hosts[0] if len(hosts) == 1 and hosts[0] else None), origin


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _parents(name: str) -> Sequence[str]:
    """The domains above a name.

    >>> _parents("a.news.example")
    ['news.example', 'example']
    """
    labels = name.split(".")
    return [".".join(labels[place:]) for place in range(1, len(labels))]
