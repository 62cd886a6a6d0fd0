"""Where a request carries its token. Pure.

A header `Authorization: Bearer …` (RFC 6750), the same among the parameters of a WebSocket's connection_init,
or the cookie of a browser that has signed in. Never the URL: URLs are logged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.errors import NotAuthenticated

LONGEST_CREDENTIAL = 8_000
SAFE_METHODS = frozenset({"GET", "HEAD"})
# Where a browser says that the request comes from a page of this very site, or from its own address bar.
OWN_SITES = frozenset({b"same-origin", b"none"})


def read_credential(scope: Mapping[str, Any]) -> str | None:
    """The token of an HTTP request or a WebSocket, None if it has none. Raises NotAuthenticated."""
    given = _read_params(scope.get("connection_params") or {})
    if given is not None:
        return read_bearer(given)
    headers: Mapping[bytes, list[bytes]] = gather_headers(scope["headers"])
    authorizations = headers.get(b"authorization", [])
    if len(authorizations) > 1:
        raise NotAuthenticated("The header Authorization is given twice.")
    if authorizations:
        return read_bearer(authorizations[0].decode("latin-1"))
    return _read_cookie(scope, headers)


def read_bearer(value: str) -> str:
    """The token of `Bearer …`. Raises NotAuthenticated.

    >>> read_bearer("bearer  sayso_abc ")
    'sayso_abc'
    """
    scheme, _, letters = value.partition(" ")
    letters = letters.strip()
    # The parameters of a WebSocket are JSON: they may hold what UTF-8 cannot spell.
    fits = 0 < len(letters) <= LONGEST_CREDENTIAL and letters.isascii()
    if scheme.lower() != "bearer" or not fits:
        raise NotAuthenticated("The header Authorization has to be `Bearer`, and a token.")
    return letters


def gather_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, list[bytes]]:
    """The values of each of the headers that matter here."""
    gathered: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        if name in (b"authorization", b"cookie", b"host", b"origin", b"sec-fetch-site"):
            gathered.setdefault(name, []).append(value)
    return gathered


def name_cookie(host: bytes | None) -> str:
    """The cookie of a site. Cookies do not know ports, and a machine may have several servers.

    >>> name_cookie(b"127.0.0.1:8000"), name_cookie(b"sayso.example"), name_cookie(b"[::1]:8001")
    ('sayso_session_8000', 'sayso_session', 'sayso_session_8001')
    """
    port = (host or b"").rpartition(b":")[2]
    return f"sayso_session_{port.decode()}" if port.isdigit() and b":" in (host or b"") else "sayso_session"


def is_same_origin(origin: bytes, host: bytes | None) -> bool:
    """Whether a page comes from the site that it asks.

    >>> is_same_origin(b"http://127.0.0.1:8000", b"127.0.0.1:8000"), is_same_origin(b"null", b"null")
    (True, False)
    """
    _, found, authority = origin.partition(b"://")
    return bool(found) and host is not None and authority.lower() == host.lower()


def _read_params(params: Mapping[str, Any]) -> str | None:
    for name, value in params.items():
        if name.lower() == "authorization":
            if not isinstance(value, str):
                raise NotAuthenticated("The parameter Authorization has to be `Bearer`, and a token.")
            return value
    return None


def _read_cookie(scope: Mapping[str, Any], headers: Mapping[bytes, list[bytes]]) -> str | None:
    """A browser sends it by itself, so it counts only in a request that a page of this site made."""
    host = headers.get(b"host", [None])[0]
    wanted = name_cookie(host).encode()
    cookies = (part.partition(b"=") for line in headers.get(b"cookie", []) for part in line.split(b";"))
    found = [value.strip() for name, _, value in cookies if name.strip() == wanted]
    if (
        not found
        or not found[0]
        or len(found[0]) > LONGEST_CREDENTIAL
        or not _is_own_page(scope, headers, host)
    ):
        return None
    return found[0].decode("latin-1")


def _is_own_page(scope: Mapping[str, Any], headers: Mapping[bytes, list[bytes]], host: bytes | None) -> bool:
    if not OWN_SITES.issuperset(headers.get(b"sec-fetch-site", [])):
        return False
    origins = headers.get(b"origin", [])
    if origins:
        return all(is_same_origin(origin, host) for origin in origins)
    # Browsers name the origin of every POST and of every WebSocket.
    return scope["type"] == "http" and scope["method"] in SAFE_METHODS
