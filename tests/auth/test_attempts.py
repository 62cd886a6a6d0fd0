"""Wrong tokens are slowed, on a clock of the test's own."""

from __future__ import annotations

import pytest

from app.auth import attempts
from app.auth.attempts import FORGOTTEN_AFTER_SECONDS, FREE_FAILURES, LONGEST_WAIT_SECONDS, Attempts
from app.errors import TooManyAttempts


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slowed(clock: Clock) -> Attempts:
    """One address has used up what is free, each time with another prefix."""
    made = Attempts(clock)
    for number in range(FREE_FAILURES):
        assert made.wait("192.0.2.1", f"p{number}") == 0
        made.fail("192.0.2.1", f"p{number}")
    return made


def test_an_address_is_looked_at_once_a_second_and_then_refused(slowed: Attempts, clock: Clock) -> None:
    waits = [slowed.wait("192.0.2.1", "another") for _ in range(4)]
    assert waits == [0, 1, 2, 3]
    with pytest.raises(TooManyAttempts) as caught:
        slowed.wait("192.0.2.1", "another")
    assert caught.value.seconds == 4
    clock.now += 4
    assert slowed.wait("192.0.2.1", "another") == 0
    assert slowed.wait("192.0.2.2", "another") == 0


def test_a_prefix_is_slowed_wherever_the_guesses_come_from(clock: Clock) -> None:
    made = Attempts(clock)
    for number in range(FREE_FAILURES):
        made.fail(f"192.0.2.{number}", "wanted")
    assert [made.wait("198.51.100.7", "wanted") for _ in range(2)] == [0, 1]
    assert made.wait("198.51.100.7", "another") == 0


def test_a_network_of_ipv6_is_one_address(clock: Clock) -> None:
    made = Attempts(clock)
    for number in range(FREE_FAILURES):
        made.fail(f"2001:db8::{number:x}", f"p{number}")
    assert [made.wait("2001:db8::ffff:1", "x") for _ in range(2)] == [0, 1]
    assert [made.wait("2001:db8:0:1::1", "x") for _ in range(2)] == [0, 0]


def test_it_is_forgotten(slowed: Attempts, clock: Clock) -> None:
    clock.now += FORGOTTEN_AFTER_SECONDS + 1
    assert [slowed.wait("192.0.2.1", "another") for _ in range(3)] == [0, 0, 0]


def test_the_table_has_an_end(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MAX_KEPT", 50)
    made = Attempts(clock)
    for number in range(500):
        made.fail(f"192.0.2.{number % 250}", f"p{number}")
    assert len(made) == 50


def test_nobody_waits_longer_than_said(slowed: Attempts) -> None:
    waits = [slowed.wait("192.0.2.1", "x") for _ in range(int(LONGEST_WAIT_SECONDS) + 1)]
    assert max(waits) == LONGEST_WAIT_SECONDS
    with pytest.raises(TooManyAttempts):
        slowed.wait("192.0.2.1", "x")
