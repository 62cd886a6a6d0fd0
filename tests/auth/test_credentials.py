"""Where a request may carry a token, and where it may not."""

from __future__ import annotations

from typing import Any

import pytest

from app.auth.credentials import LONGEST_CREDENTIAL, read_credential
from app.errors import NotAuthenticated

Headers = dict[str, str]
HOST = "127.0.0.1:8000"
COOKIE = {"host": HOST, "cookie": "other=1; sayso_session_8000=sayso_c; x=y"}


def scope(headers: Headers, method: str = "POST", kind: str = "http") -> dict[str, Any]:
    given = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": kind, "headers": given, **({"method": method} if kind == "http" else {})}


@pytest.mark.parametrize("value", ["Bearer sayso_a", "bearer sayso_a", "BEARER   sayso_a "])
def test_the_header(value: str) -> None:
    assert read_credential(scope({"authorization": value})) == "sayso_a"


@pytest.mark.parametrize(
    "value",
    ["", "Bearer", "Bearer ", "Basic c2F5c28=", "sayso_a", "Bearer " + "x" * (LONGEST_CREDENTIAL + 1)],
)
def test_what_is_no_bearer_is_refused_and_not_passed_over(value: str) -> None:
    with pytest.raises(NotAuthenticated):
        read_credential(scope({"authorization": value, **COOKIE}, "GET"))


def test_two_headers_are_refused() -> None:
    twice = scope({})
    twice["headers"] = [(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")]
    with pytest.raises(NotAuthenticated, match="twice"):
        read_credential(twice)


def test_the_parameters_of_a_websocket_come_first() -> None:
    socket = scope({"authorization": "Bearer header"}, kind="websocket")
    for params, found in (
        ({"Authorization": "Bearer sayso_a"}, "sayso_a"),
        ({"authorization": "Bearer sayso_a", "other": 1}, "sayso_a"),
        ({"other": 1}, "header"),
    ):
        assert read_credential(socket | {"connection_params": params}) == found
    for wrong in (["Bearer sayso_a"], "Bearer \ud800", "Bearer é"):
        with pytest.raises(NotAuthenticated):
            read_credential(socket | {"connection_params": {"authorization": wrong}})


OWN = {"origin": f"http://{HOST}"}


@pytest.mark.parametrize(
    ("headers", "method", "counts"),
    [
        (COOKIE | OWN, "POST", True),
        (COOKIE | {"origin": f"https://{HOST}"}, "POST", True),  # behind a proxy that ends TLS
        (COOKIE, "GET", True),
        (COOKIE | {"sec-fetch-site": "same-origin"}, "GET", True),
        (COOKIE | {"sec-fetch-site": "none"}, "GET", True),
        (COOKIE, "POST", False),
        (COOKIE | {"origin": "http://127.0.0.1:9000"}, "POST", False),
        (COOKIE | {"origin": "null"}, "POST", False),
        (COOKIE | {"origin": "https://evil.example"}, "GET", False),
        (COOKIE | OWN | {"sec-fetch-site": "same-site"}, "POST", False),
        (COOKIE | OWN | {"sec-fetch-site": "cross-site"}, "GET", False),
        (COOKIE | OWN | {"host": "127.0.0.1:9000"}, "POST", False),  # another server's cookie
        ({"host": HOST, "cookie": "sayso_session_8000="} | OWN, "POST", False),
        ({"host": HOST, "cookie": "sayso_session=sayso_c"} | OWN, "POST", False),
    ],
)
def test_a_cookie_counts_only_in_what_a_page_of_this_site_sends(
    headers: Headers, method: str, counts: bool
) -> None:
    assert read_credential(scope(headers, method)) == ("sayso_c" if counts else None)


def test_a_websocket_with_a_cookie_needs_its_own_origin() -> None:
    assert read_credential(scope(COOKIE | OWN, kind="websocket")) == "sayso_c"
    assert read_credential(scope(COOKIE, kind="websocket")) is None
    assert read_credential(scope(COOKIE | {"origin": "http://x.example"}, kind="websocket")) is None


def test_nothing_is_nobody() -> None:
    assert read_credential(scope({})) is None
    assert read_credential(scope({}) | {"query_string": b"access_token=sayso_a"}) is None
