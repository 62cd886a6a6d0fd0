from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import parameters
from app.web.asgi import Receive
from app.web.parameters import Parameters, read_body, read_json, read_posted, read_url
from app.web.refusals import ClientGone, Refusal

JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON_VALUES)
def test_json_is_read_as_it_was_written(value: Any) -> None:
    assert read_json(json.dumps(value).encode(), "body") == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode(), "body") == value


@given(st.binary(max_size=200))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    with suppress(Refusal):
        assert isinstance(read_posted(body, 3), Parameters | list)


@given(st.binary(max_size=200) | st.text("&=%query0aC\xff+", max_size=80).map(str.encode))
def test_any_url_is_read_or_refused(query_string: bytes) -> None:
    with suppress(Refusal):
        assert isinstance(read_url(query_string), Parameters)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not JSON"),
        (b"1", "one JSON object"),
        (b"[]", "one JSON object"),
        (b"null", "one JSON object"),
        (b'"query"', "one JSON object"),
        (b'[{"query": "{__typename}"}]', "requests in a list are turned off"),
        (b'{"query"', "not JSON: Expecting ':' delimiter (line 1, column 9)"),
        (b'{"query": "{a}"} x', "not JSON: Extra data"),
        (b'{"query": "\xff"}', "not UTF-8 at byte 11"),
        ('{"query": "{a}"}'.encode("utf-16"), "not UTF-8"),
        (b'{"query": "{a}", "variables": {"x": NaN}}', "NaN is not JSON"),
        (b'{"query": "{a}", "variables": {"x": -Infinity}}', "-Infinity is not JSON"),
        (b'{"query": "{a}", "variables": {"x": ' + b"9" * 5_000 + b"}}", "not JSON that can be read"),
        (b'{"query": "{a}", "variables": {"x": "\\ud800"}}', "surrogate"),
        (b'{"query": "{a}", "variables": {"\\uDFFF": 1}}', "surrogate"),
        (b'{"query": "a\x00"}', "not JSON: Invalid control character"),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "nested too deeply"),
        (b"[" * 20_000, "nested too deeply"),
        (b"{}", "`query` is missing"),
        (b'{"query": null}', "`query` is missing"),
        (b'{"query": 1}', "`query` must be a string"),
        (b'{"query": "{a}", "operationName": 1}', "`operationName` must be a string"),
        (b'{"query": "{a}", "variables": []}', "`variables` must be an object"),
        (b'{"query": "{a}", "extensions": ""}', "`extensions` must be an object"),
    ],
    ids=range(24),
)
def test_what_is_wrong_with_a_body_is_said(body: bytes, message: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_posted(body)
    assert refused.value.status == 400
    assert message in refused.value.message


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"query": "{a}"}', Parameters("{a}", None, {})),
        (b'\xef\xbb\xbf{"query": "{a}"}', Parameters("{a}", None, {})),
        (b'{"query": "{a}", "query": "{b}"}', Parameters("{b}", None, {})),
        (b'{"query": "{a}", "other": 1}', Parameters("{a}", None, {})),
        (b'{"query": "", "operationName": ""}', Parameters("", None, {})),
        (b'{"query": "{a}", "variables": {"x": "\\u0000"}}', Parameters("{a}", None, {"x": "\0"})),
        (b'{"query": "{a}", "variables": {"x": "\\ud83c\\udfc3"}}', Parameters("{a}", None, {"x": "🏃"})),
        (b'{"query": "{a}", "variables": null, "operationName": null}', Parameters("{a}", None, {})),
    ],
)
def test_a_body_that_is_well_formed_is_read(body: bytes, expected: Parameters) -> None:
    assert read_posted(body) == expected


@pytest.mark.parametrize(
    ("query_string", "expected"),
    [
        (b"query=%7Ba%7D", Parameters("{a}", None, {})),
        (b"query=%7Ba%7D&operationName=&variables=&extensions=", Parameters("{a}", None, {})),
        (b"query=&documentId=some-id", Parameters(None, None, {}, "some-id")),
        (b"query=%7Ba%7D&documentId=", Parameters("{a}", None, {})),
        (b"query=%7Ba%7D&operationName=null", Parameters("{a}", "null", {})),
        (b"query=%7Ba%7D&variables=%7B%22x%22:1%7D", Parameters("{a}", None, {"x": 1})),
        (b"query=%7Ba%7D&variables=null", Parameters("{a}", None, {})),
        (b"query=%F0%9F%8F%83+b", Parameters("🏃 b", None, {})),
    ],
)
def test_a_url_that_is_well_formed_is_read(query_string: bytes, expected: Parameters) -> None:
    assert read_url(query_string) == expected


@pytest.mark.parametrize(
    ("query_string", "status", "message"),
    [
        (b"", 400, "`query` is missing"),
        (b"query=", 400, "`query` is missing"),
        (b"query=%7Ba%7D&query=%7Bb%7D", 400, "given twice"),
        (b"query=%FF", 400, "not UTF-8"),
        (b"query=\xff", 400, "not UTF-8"),
        (b"query=a&variables=%5B%5D", 400, "`variables` must be an object"),
        (b"query=a&variables=%7B", 400, "parameter `variables` is not JSON"),
        (b"query=a&extensions=1", 400, "`extensions` must be an object"),
        (b"&".join(b"p%d=1" % number for number in range(60)), 400, "too many"),
        (b"query=" + b"a" * 64_000, 414, "use POST"),
    ],
)
def test_what_is_wrong_with_a_url_is_said(query_string: bytes, status: int, message: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_url(query_string)
    assert refused.value.status == status
    assert message in refused.value.message


def arriving(*parts: bytes | None) -> Receive:
    """A body in parts; None is the end of the connection."""
    left = list(parts)

    async def receive() -> MutableMapping[str, Any]:
        part = left.pop(0)
        if part is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    return receive


async def test_a_body_is_put_together_from_its_parts() -> None:
    assert await read_body(arriving(b"ab", b"", b"c"), None, 3) == b"abc"
    assert await read_body(arriving(b"abc"), b"3", 3) == b"abc"


@pytest.mark.parametrize(
    ("parts", "declared"),
    [((b"abcd",), None), ((b"ab", b"cd"), None), ((), b"4"), ((), b"9" * 100)],
)
async def test_a_body_over_the_limit_is_refused_at_once(
    parts: tuple[bytes, ...], declared: bytes | None
) -> None:
    with pytest.raises(Refusal) as refused:
        await read_body(arriving(*parts), declared, 3)
    assert refused.value.status == 413


@pytest.mark.parametrize("parts", [(None,), (b"ab", None), (b"", b"ab", None)])
async def test_a_client_that_goes_away_is_noticed(parts: tuple[bytes | None, ...]) -> None:
    with pytest.raises(ClientGone):
        await read_body(arriving(*parts), None, 100)


async def test_a_body_that_does_not_come_is_not_waited_for_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never() -> MutableMapping[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(parameters, "BODY_SECONDS", 0.01)
    with pytest.raises(Refusal) as refused:
        await read_body(never, None, 100)
    assert refused.value.status == 408
    assert (b"connection", b"close") in refused.value.headers
