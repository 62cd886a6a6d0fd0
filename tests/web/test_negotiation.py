from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.web.negotiation import EVENTS, GRAPHQL, JSON, accepts_events, check_content_type, choose_media_type
from app.web.refusals import Refusal


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        (b"", JSON),
        (b"*/*", JSON),
        (b"application/*", JSON),
        (b"application/json", JSON),
        (b"APPLICATION/JSON", JSON),
        (b"application/json; charset=utf-8", JSON),
        (b'application/json; charset="UTF-8"', JSON),
        (b"application/json; charset=utf-16", None),
        (b"application/graphql-response+json", GRAPHQL),
        (b"application/graphql-response+json; charset=utf-8", GRAPHQL),
        (b"application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        (b"application/json, application/graphql-response+json;q=0.9", JSON),
        (b"application/graphql-response+json, application/json", GRAPHQL),
        (b"application/json, application/graphql-response+json", JSON),
        (b"*/*, application/graphql-response+json", GRAPHQL),
        (b"*/*;q=0.1, application/graphql-response+json;q=0.2", GRAPHQL),
        (b"*/*, application/json;q=0", GRAPHQL),
        (b"application/json;q=0", None),
        (b"application/json;q=nonsense", None),
        (b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        (b"text/html", None),
        (b"image/*", None),
        (b'text/x; a="application/json, */*"', None),
        (b'text/x; a="\\", */*"', None),
        (b"multipart/mixed, application/graphql-response+json, text/event-stream", GRAPHQL),
        (b"text/event-stream, application/json;q=0", EVENTS),
        (b"text/event-stream;q=0, */*", JSON),
        (b"text/event-stream;q=0", None),
    ],
)
def test_the_media_type_is_the_one_the_client_likes_best(accept: bytes | None, chosen: bytes | None) -> None:
    assert choose_media_type(accept) == chosen


@pytest.mark.parametrize(
    ("accept", "accepted"),
    [
        (None, False),
        (b"application/json, Text/Event-Stream;q=0.1", True),
        (b"application/json, text/event-stream;q=0", False),
        (b"text/*", False),
    ],
)
def test_a_stream_is_for_those_who_name_it(accept: bytes | None, accepted: bool) -> None:
    assert accepts_events(accept) is accepted


@given(st.binary(max_size=60) | st.text(' ,;"\\*/q=.01acehijlnoprst+-', max_size=60).map(str.encode))
@example(EVENTS)
def test_any_accept_header_gives_an_answer(accept: bytes) -> None:
    assert choose_media_type(accept) in (None, JSON, GRAPHQL, EVENTS)


@pytest.mark.parametrize(
    "value",
    [
        b"application/json",
        b"Application/JSON",
        b"application/json; charset=utf-8",
        b'application/json;charset="UTF-8"',
        b"application/json; profile=x",
    ],
)
def test_json_in_utf8_is_taken(value: bytes) -> None:
    check_content_type([value])


@pytest.mark.parametrize(
    "values",
    [
        [],
        [b""],
        [b"text/plain"],
        [b"application/x-www-form-urlencoded"],
        [b"multipart/form-data; boundary=x"],
        [b"application/graphql"],
        [b"application/json; charset=latin-1"],
        [b"application/json, text/plain"],
        [b"application/json", b"text/plain"],
        [b"application/json;" + b" " * 500],
        [b"text/plain; application/json"],
    ],
)
def test_any_other_body_is_refused(values: list[bytes]) -> None:
    with pytest.raises(Refusal) as refused:
        check_content_type(values)
    assert refused.value.status == 415


@given(st.lists(st.binary(max_size=60), max_size=3))
def test_any_content_type_is_taken_or_refused(values: list[bytes]) -> None:
    with suppress(Refusal):
        check_content_type(values)
