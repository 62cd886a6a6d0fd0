"""How a browser signs in: a code out of a link, or a token, becomes a cookie that no script can read.

The code stands behind the # of the link, which browsers do not send: no log and no proxy sees it. The page
sends it in a body, once, and forgets it. The cookie is HttpOnly and SameSite=Strict, and counts only in
requests of this site's own pages (`app.auth.credentials`).
"""

from __future__ import annotations

import base64
import hashlib
from http.cookies import SimpleCookie
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from app.auth import Authenticator, name_cookie
from app.errors import NotAuthenticated
from app.web.asgi import Scope
from app.web.negotiation import check_content_type
from app.web.parameters import read_body, read_json
from app.web.refusals import NOT_SIGNED_IN, Refusal, refuse_credential

PATH = "/sign-in"
MAX_BODY_BYTES = 10_000
_FOLDER = Path(__file__).parent
_SCRIPT = (_FOLDER / "sign_in.js").read_text(encoding="utf-8")
_PAGE = Template((_FOLDER / "sign_in.html").read_text(encoding="utf-8")).substitute(script=_SCRIPT)
_SCRIPT_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
_HEADERS = {
    "content-security-policy": f"default-src 'none'; script-src 'sha256-{_SCRIPT_HASH}'; connect-src 'self';"
    " style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def sign_in_routes(authenticator: Authenticator) -> list[Route]:
    """GET and POST /sign-in, and POST /sign-out."""

    async def sign_in(request: Request) -> Response:
        try:
            signed_in = await authenticator.sign_in(request.scope, await _read_letters(request))
        except NOT_SIGNED_IN as problem:
            return _refuse(refuse_credential(problem))
        except Refusal as refusal:
            return _refuse(refusal)
        return _set_cookie(request.scope, signed_in.letters, signed_in.seconds)

    async def sign_out(request: Request) -> Response:
        try:
            await authenticator.sign_out(request.scope)
        except NotAuthenticated:
            # It has ended. Kept by the browser, it would be refused what anybody may read.
            pass
        except NOT_SIGNED_IN as problem:
            return _refuse(refuse_credential(problem))
        return _set_cookie(request.scope, "", 0)

    async def show_page(_request: Request) -> Response:
        return HTMLResponse(_PAGE, headers=_HEADERS)

    return [
        Route(PATH, show_page, methods=["GET"]),
        Route(PATH, sign_in, methods=["POST"]),
        Route("/sign-out", sign_out, methods=["POST"]),
    ]


async def _read_letters(request: Request) -> str:
    headers = request.headers
    # A form of another site cannot send this type.
    check_content_type([value.encode("latin-1") for value in headers.getlist("content-type")])
    length = headers.get("content-length", "").encode("latin-1") or None
    value = read_json(await read_body(request.receive, length, MAX_BODY_BYTES), "body")
    code = value.get("code") if isinstance(value, dict) else None
    if not isinstance(code, str):
        raise Refusal(400, "`code` is missing: a sign-in code, or a token.")
    return code.strip()


def _set_cookie(scope: Scope, letters: str, seconds: int) -> Response:
    headers = dict(scope["headers"])
    name = name_cookie(headers.get(b"host"))
    cookie: SimpleCookie = SimpleCookie()
    cookie[name] = letters
    cookie[name]["path"] = "/"
    cookie[name]["max-age"] = str(seconds)
    cookie[name]["httponly"] = True
    cookie[name]["samesite"] = "Strict"
    # The browser knows whether it came by TLS; what stands in front of us may not say so.
    cookie[name]["secure"] = headers.get(b"origin", b"").startswith(b"https://")
    told = {"set-cookie": cookie[name].OutputString(), "cache-control": "no-store"}
    return JSONResponse({"signedIn": bool(letters)}, headers=told)


def _refuse(refusal: Refusal) -> Response:
    headers = {name.decode(): value.decode("latin-1") for name, value in refusal.headers}
    return Response(
        refusal.body(),
        refusal.status,
        {**headers, "cache-control": "no-store"},
        media_type="application/json",
    )
