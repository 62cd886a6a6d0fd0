"""What is refused before GraphQL comes into it: the method, the media types, the size, the shape."""

from __future__ import annotations

import json
from collections.abc import Sequence

Headers = Sequence[tuple[bytes, bytes]]

BAD_REQUEST = "BAD_REQUEST"


class Refusal(Exception):
    """A request that is answered with a 4xx. The message tells the client what to do otherwise."""

    def __init__(self, status: int, message: str, headers: Headers = ()) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, headers

    def body(self) -> bytes:
        """A well-formed GraphQL response: an error, and no data."""
        error = {"message": self.message, "extensions": {"code": BAD_REQUEST}}
        return json.dumps({"errors": [error]}).encode()


class ClientGone(Exception):
    """The client went away before its request was complete. Nobody waits for an answer."""


def refuse_method(message: str, allowed: str) -> Refusal:
    return Refusal(405, message, [(b"allow", allowed.encode())])
