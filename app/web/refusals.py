"""What is refused before GraphQL comes into it: the method, the media types, the size, the shape."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypeAlias

from app.errors import DatabaseUnavailable, IssuerUnavailable, NotAuthenticated, QueryTimeout, TooManyAttempts

Headers = Sequence[tuple[bytes, bytes]]

BAD_REQUEST = "BAD_REQUEST"


class Refusal(Exception):
    """A request that is answered with a 4xx, 501 or 503. The message says what to do otherwise."""

    def __init__(
        self,
        status: int,
        message: str,
        headers: Headers = (),
        *,
        code: str = BAD_REQUEST,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers
        self.code, self.hint = code, hint

    def body(self) -> bytes:
        """A well-formed GraphQL response: an error, and no data."""
        extensions = {"code": self.code} | ({"hint": self.hint} if self.hint else {})
        error = {"message": self.message, "extensions": extensions}
        return json.dumps({"errors": [error]}).encode()


class ClientGone(Exception):
    """The client went away before its request was complete. Nobody waits for an answer."""


def refuse_method(message: str, allowed: str) -> Refusal:
    return Refusal(405, message, [(b"allow", allowed.encode())])


# What a ViewerProvider raises: the token is not right, or nobody can say whether it is.
CannotTell: TypeAlias = IssuerUnavailable | DatabaseUnavailable | QueryTimeout
NOT_SIGNED_IN = (NotAuthenticated, TooManyAttempts, IssuerUnavailable, DatabaseUnavailable, QueryTimeout)


def refuse_credential(problem: NotAuthenticated | TooManyAttempts | CannotTell) -> Refusal:
    """401 with a challenge of RFC 6750, which names no error where no token was sent; or 429, or 503."""
    if isinstance(problem, CannotTell):
        seconds = b"10" if isinstance(problem, IssuerUnavailable) else b"1"
        return Refusal(
            503, problem.message, [(b"retry-after", seconds)], code=problem.code, hint=problem.hint
        )
    if isinstance(problem, TooManyAttempts):
        headers = [(b"retry-after", str(problem.seconds).encode())]
        return Refusal(429, problem.message, headers, code=problem.code, hint=problem.hint)
    challenge = 'Bearer realm="sayso"'
    if problem.given:
        challenge += f', error="invalid_token", error_description="{problem.message}"'
    headers = [(b"www-authenticate", challenge.encode())]
    return Refusal(401, problem.message, headers, code=problem.code, hint=problem.hint)
