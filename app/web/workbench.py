"""The workbench: the files that hatch_build.py put into static/, or the reason why there are none.

All of it is kept in memory: a few megabytes. Files under assets/ have a hash of their content in the name and
never change; index.html is asked for again each time. Texts are compressed when they are built.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.web.persisted import read_manifest
from app.web.revalidation import accepts_any, has_tag

STATIC = Path(__file__).parent / "static"
NOT_BUILT = "not-built.txt"
INDEX = "index.html"
EXPLORER = "graphiql.html"
EXPLORER_PATH = "/graphiql"
DOCUMENTS = "persisted-documents.json"
# The first part of every address that the workbench shows a page for: workbench/src/pages.tsx has the same.
PAGES = ("sources", "claims", "questions", "agents", "events", "queue", "search", "paste", "rule")
_NEVER_BUILT = "It was not built when Sayso was installed. `python hatch_build.py` in the checkout builds it."

# The page loads nothing but files of this host, and nothing can frame it.
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self';"
    " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}
# GraphiQL makes its styles as it runs, and has its font and pictures in its style.
EXPLORER_HEADERS = {
    **SECURITY_HEADERS,
    "content-security-policy": SECURITY_HEADERS["content-security-policy"]
    .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    .replace("font-src 'self'; img-src 'self'", "font-src 'self' data:; img-src 'self' data:"),
}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent. `packed` is the same, by gzip; None where that gains nothing."""

    body: bytes
    packed: bytes | None
    headers: Mapping[str, str]

    def answer(self, request: Request) -> Response:
        known = ", ".join(request.headers.getlist("if-none-match")).encode("latin-1")
        if accepts_any(known) or has_tag(known, self.headers["etag"].encode()):
            return Response(status_code=304, headers=self.headers)
        if self.packed is not None and accepts_gzip(request.headers.get("accept-encoding", "")):
            return Response(self.packed, headers={**self.headers, "content-encoding": "gzip"})
        return Response(self.body, headers=self.headers)


class Workbench:
    """What stands in `folder`, read once."""

    def __init__(self, folder: Path = STATIC) -> None:
        index = folder / INDEX
        self._index = read_file(index, SECURITY_HEADERS, "no-cache") if index.is_file() else None
        explorer = folder / EXPLORER
        self._explorer = read_file(explorer, EXPLORER_HEADERS, "no-cache") if explorer.is_file() else None
        self._assets = {
            path.name: read_file(path, {"x-content-type-options": "nosniff"}, _FOREVER)
            for path in folder.glob("assets/*")
            if path.suffix != ".gz"
        }
        documents = folder / DOCUMENTS
        self.documents = read_manifest(documents) if documents.is_file() else {}
        """What the page asks for, by id."""
        reason = folder / NOT_BUILT
        self.trouble = (
            None
            if self._index is not None
            else (reason.read_text(encoding="utf-8").strip() if reason.is_file() else _NEVER_BUILT)
        )
        """Why there is no workbench; None if there is one."""

    async def show_page(self, request: Request) -> Response:
        """index.html: which page it is, the browser makes out of the address."""
        if self._index is None:
            return PlainTextResponse(f"The workbench is not there.\n{self.trouble}\n", status_code=404)
        return self._index.answer(request)

    def is_wanted_for(self, scope: Mapping[str, Any]) -> bool:
        """Whether a request for GraphQL is a person's: a browser that asks for a page, and sends no query."""
        if self._explorer is None or scope["method"] not in ("GET", "HEAD") or scope["query_string"]:
            return False
        return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])

    async def show_explorer(self, request: Request) -> Response:
        """GraphiQL."""
        return await self.show_page(request) if self._explorer is None else self._explorer.answer(request)

    async def show_asset(self, request: Request) -> Response:
        file = self._assets.get(request.path_params["name"])
        return PlainTextResponse("Not Found", status_code=404) if file is None else file.answer(request)


def read_file(path: Path, headers: Mapping[str, str], caching: str) -> File:
    body = path.read_bytes()
    packed = path.with_name(f"{path.name}.gz")
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = media_type.startswith("text/") or media_type == "application/json"
    return File(
        body,
        packed.read_bytes() if packed.is_file() else None,
        {
            **headers,
            "content-type": f"{media_type}; charset=utf-8" if text else media_type,
            "cache-control": caching,
            # Weak: packed, it has other bytes.
            "etag": f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
            "vary": "accept, accept-encoding",
        },
    )


def accepts_gzip(header: str) -> bool:
    """Whether a client takes gzip, by its Accept-Encoding.

    >>> accepts_gzip("gzip, deflate, br"), accepts_gzip("br;q=1, GZIP;q=0.5"), accepts_gzip("*")
    (True, True, True)
    >>> accepts_gzip(""), accepts_gzip("identity"), accepts_gzip("gzip;q=0"), accepts_gzip("x-gzip-not")
    (False, False, False, False)
    """
    for entry in header.split(","):
        coding, _, quality = entry.partition(";")
        if coding.strip().lower() in ("gzip", "x-gzip", "*"):
            return quality.strip().lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
