"""A head that is known again without being parsed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.direct import Admitted
from app.web.protocol import KnownHead

ADMITTED = Admitted("POST", b"application/json", None, (), lambda: None)


LINES = st.lists(
    st.sampled_from([b"accept: */*", b"x-length: 7", b"x: content-length: 5", b"y: a\tb", b"z:"]), max_size=4
)


LENGTH = st.sampled_from([b"content-length: %d", b"Content-Length:%d", b"CONTENT-LENGTH: \t%d"])


@given(before=LINES, after=LINES, length=LENGTH, bodies=st.lists(st.binary(max_size=120), min_size=2))
def test_a_head_is_known_by_all_but_its_length(
    before: list[bytes], after: list[bytes], length: bytes, bodies: list[bytes]
) -> None:
    def make(body: bytes, *more: bytes) -> bytes:
        lines = (b"POST /graphql HTTP/1.1", *before, length % len(body), *after, *more)
        return b"\r\n".join((*lines, b"", b"")) + body

    known = KnownHead.learn(make(bodies[0]), bodies[0], ADMITTED)
    assert known is not None
    for body in bodies:
        assert known.find_body(make(body)) == body
        assert known.find_body(make(body, b"accept: text/html")) is None
        assert known.find_body(make(body) + b"P") is None
        assert known.find_body(b"\r\n" + make(body)) is None
        if body:
            assert known.find_body(make(body)[:-1]) is None


@pytest.mark.parametrize("length", [b"+4", b"4 4", b"", b"0x4", b"-4", b"\xb24", b"000000004"])
def test_a_length_that_is_no_plain_number_is_left_to_the_parser(length: bytes) -> None:
    head = b"POST /graphql HTTP/1.1\r\ncontent-length: %b\r\n\r\n"
    known = KnownHead.learn(head % b"4" + b"body", b"body", ADMITTED)
    assert known is not None
    assert known.find_body(head % b"4" + b"body") == b"body"
    assert known.find_body(head % length + b"body") is None


def test_a_head_that_is_not_spelled_plainly_is_not_known() -> None:
    assert KnownHead.learn(b"POST / HTTP/1.1\ncontent-length: 2\n\n\r\n", b"\r\n", ADMITTED) is None
    twice = b"POST / HTTP/1.1\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nok"
    assert KnownHead.learn(twice, b"ok", ADMITTED) is None
    assert KnownHead.learn(b"POST / HTTP/1.1\r\n\r\n", b"", ADMITTED) is None
