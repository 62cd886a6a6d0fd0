"""Whatever is sent, there is no 5xx and no masked error; a campaign on the schema is in campaign.py."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.web.conftest import Site
from tests.web.raw import exchange, read_status
from tests.web.test_parameters import JSON_VALUES

EXAMPLES = max(300, settings.default.max_examples if settings.default else 0)

ACCEPTS = [b"application/json", b"application/graphql-response+json", b"*/*", b"text/html", b"*/*;q=0"]
TYPES = [
    b"application/json",
    b"application/json; charset=utf-8",
    b"application/json; charset=x",
    b"text/plain",
]
# No line breaks and no NUL: those would be other headers, or no HTTP.
HEADER_VALUES = st.binary(max_size=30).map(lambda value: bytes(byte for byte in value if byte >= 32))
QUERIES = st.sampled_from(
    [
        "{ __typename }",
        "query Q($id: ID!) { node(id: $id) { id } }",
        "query Q($t: String!, $n: Int) { search(text: $t, first: $n) { totalCount edges { cursor } } }",
        "query Q($f: ClaimFilter) { claims(filter: $f) { totalCount } }",
        "query Q($a: String) { claims(after: $a) { totalCount } sources(before: $a) { totalCount } }",
        "query Q($ids: [ID!]!) { nodes(ids: $ids) { __typename } }",
        '{ claims(filter: {text: "\\u0000"}) { totalCount } }',
        "{",
        "",
    ]
)
VALUES = st.one_of(
    st.text(),
    st.integers(),
    st.sampled_from(
        ["\0", "🏃", "a" * 3_000, "%", "' OR 1=1 --", "\\", '"', "Q2xhaW06MQ==", -1, 2**31, 1e400]
    ),
    st.lists(st.text(), max_size=3),
    st.dictionaries(st.sampled_from(["text", "and", "not", "party", "quantity", "asserted"]), JSON_VALUES),
    JSON_VALUES,
)
REQUESTS: st.SearchStrategy[Any] = st.fixed_dictionaries(
    {},
    optional={
        "query": QUERIES | VALUES,
        "variables": st.dictionaries(st.sampled_from(["id", "t", "n", "f", "a", "ids", "x"]), VALUES)
        | VALUES,
        "operationName": st.sampled_from(["Q", "", "x"]) | VALUES,
        "extensions": VALUES,
    },
)
BODIES = (REQUESTS | JSON_VALUES).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=80)


def assert_no_failure(response: bytes) -> None:
    status = read_status(response)
    assert status is not None
    assert 200 <= status < 500
    assert b'"INTERNAL"' not in response


@settings(max_examples=EXAMPLES)
@given(
    method=st.sampled_from([b"POST"] * 8 + [b"GET", b"HEAD", b"OPTIONS", b"PUT", b"DELETE", b"PROPFIND"]),
    path=st.sampled_from(
        [b"/graphql"] * 8 + [b"/", b"/livez", b"/graphql/", b"/%00", b"//", b"/graphql?query=%00"]
    ),
    headers=st.fixed_dictionaries(
        {},
        optional={
            b"accept": st.sampled_from(ACCEPTS) | HEADER_VALUES,
            b"content-type": st.sampled_from(TYPES) | HEADER_VALUES,
            b"x-request-id": HEADER_VALUES,
            b"content-encoding": st.sampled_from([b"identity", b"gzip"]) | HEADER_VALUES,
            b"x-other": HEADER_VALUES,
        },
    ),
    body=BODIES,
)
@example(b"POST", b"/graphql", {b"content-type": TYPES[0]}, b"1")
@example(b"POST", b"/graphql", {b"content-type": TYPES[0]}, b"[" * 20_000)
async def test_any_request_is_answered_without_a_failure(
    site: Site, method: bytes, path: bytes, headers: dict[bytes, bytes], body: bytes
) -> None:
    lines = [method + b" " + path + b" HTTP/1.1", b"host: localhost", b"connection: close"]
    lines += [b"content-length: %d" % len(body), *(b": ".join(pair) for pair in headers.items())]
    assert_no_failure(await exchange(site.port, b"\r\n".join(lines) + b"\r\n\r\n" + body))


@settings(max_examples=EXAMPLES)
@given(request=REQUESTS)
@example({"query": "query Q($t: String!) { search(text: $t) { totalCount } }", "variables": {"t": "\0"}})
@example({"query": '{ search(text: "\\u0000") { totalCount } }'})
async def test_any_request_of_graphql_is_answered_without_a_failure(site: Site, request: Any) -> None:
    body = json.dumps(request).encode()
    head = (
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
        b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    )
    assert_no_failure(await exchange(site.port, head + body))


@settings(max_examples=EXAMPLES)
@given(
    st.lists(st.tuples(st.sampled_from(["query", "variables", "operationName", "x"]), st.binary(max_size=40)))
)
async def test_any_url_is_answered_without_a_failure(site: Site, fields: list[tuple[str, bytes]]) -> None:
    shown = "&".join(f"{name}={''.join(f'%{byte:02x}' for byte in value)}" for name, value in fields)
    request = f"GET /graphql?{shown} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    assert_no_failure(await exchange(site.port, request.encode()))


@given(st.binary(max_size=300))
async def test_any_bytes_leave_the_server_standing(site: Site, sent: bytes) -> None:
    status = read_status(await exchange(site.port, sent, seconds=0.05))
    assert status is None or status < 500
    alive = b"GET /livez HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    assert read_status(await exchange(site.port, alive)) == 200
