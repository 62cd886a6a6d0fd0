"""How many requests share a run of a statement, and when one begins: what a pace says."""

from __future__ import annotations

from app.database.sharing import (
    LEFT_ALONE,
    LONGEST_AWAITED_SECONDS,
    LONGEST_RUN_SECONDS,
    LONGEST_SHARED_SECONDS,
    MAX_SHARED,
    RUN_SECONDS,
    Pace,
)


def test_only_short_statements_are_shared() -> None:
    pace = Pace()
    assert pace.may_share()
    pace.note_alone(2 * LONGEST_SHARED_SECONDS)
    assert not pace.may_share()
    for _ in range(10):
        pace.note_alone(LONGEST_SHARED_SECONDS / 2)
    assert pace.may_share()


def test_a_machine_that_is_busy_does_not_make_a_statement_long() -> None:
    pace = Pace()
    for run in range(300):
        pace.note_alone(LONGEST_SHARED_SECONDS / 5 if run % 4 == 0 else 4 * LONGEST_SHARED_SECONDS)
    assert pace.may_share()


def test_a_statement_that_is_dearer_when_shared_is_left_alone_for_a_while() -> None:
    pace = Pace()
    pace.note_shared(10.0, 2)
    assert pace.may_share(), "nothing to compare it with"
    pace = Pace()
    pace.note_alone(0.001)
    for seconds in (0.016, 0.2, 0.016, 0.016):
        pace.note_shared(seconds, 16)
    assert pace.may_share(), "one pause of the machine"
    for _ in range(20):
        pace.note_shared(0.2, 16)
    assert not pace.may_share()
    for _ in range(LEFT_ALONE):
        pace.note_alone(0.001)
    assert pace.may_share()
    pace.note_shared(0.016, 16)
    assert pace.may_share(), "what it took before is forgotten"


def test_a_statement_that_many_ask_for_leaves_connections_to_others() -> None:
    pace = Pace()
    for _ in range(4):
        pace.ask()
    for _ in range(2):
        pace.begin()
    assert pace.is_ripe(1, 4), "there is a connection for each of them"
    for _ in range(20):
        pace.ask()
    assert not pace.is_ripe(20, 4)
    pace.end()
    assert pace.is_ripe(20, 4)


def test_who_asks_for_the_same_is_answered_in_equal_parts() -> None:
    pace = Pace(demand=13.4)
    assert pace.part(4) == 7
    assert pace.is_ripe(1, 4), "nobody waits while nothing runs"
    pace.begin()
    assert not pace.is_ripe(6, 4)
    assert pace.is_ripe(7, 4)
    pace.newest_run -= 2 * LONGEST_AWAITED_SECONDS
    assert pace.is_ripe(1, 4), "nobody waits for a run that takes long"
    pace.demand = 3.0
    assert pace.is_ripe(1, 4)
    assert pace.part(4) == MAX_SHARED


def test_no_more_share_a_run_than_it_answers_in_its_time() -> None:
    pace = Pace(demand=100.0)
    assert pace.part(4) == MAX_SHARED
    each = LONGEST_RUN_SECONDS / 4.5
    for run in range(300):
        pace.note_shared(16 * each if run % 4 == 0 else 16 * 4 * each, 16)
    pace.note_shared(16 * each, 16)
    assert pace.part(4) == 4, "a machine that is busy does not make them fewer"
    pace.note_alone(2 * LONGEST_SHARED_SECONDS)
    assert pace.part(4) == 1


def test_a_statement_that_took_long_when_it_was_new_is_shared_by_many_again() -> None:
    pace = Pace(demand=100.0)
    pace.note_shared(2 * 0.1, 2)  # it was planned
    for _ in range(20):
        together = pace.part(4)
        assert together > 1, "what only goes alone is never known to have become quick"
        pace.note_shared(together * LONGEST_RUN_SECONDS / 1000, together)
    assert pace.part(4) == MAX_SHARED


def test_a_run_takes_as_long_as_is_worth_it() -> None:
    pace = Pace(demand=16.0)
    pace.note_shared(RUN_SECONDS, 16)
    assert pace.part(4) == 8, "half of the connections, at least"
    pace.demand = 48.0
    assert pace.part(4) == 16
    pace.demand = 400.0
    assert pace.part(4) == MAX_SHARED


def test_a_machine_that_is_busy_does_not_spread_a_statement() -> None:
    pace = Pace(demand=16.0)
    for run in range(300):
        pace.note_shared(RUN_SECONDS if run % 4 == 0 else 10 * RUN_SECONDS, 16)
    assert pace.part(4) == 8


def test_what_takes_long_runs_on_all_connections() -> None:
    pace = Pace(demand=16.0)
    pace.begin()
    pace.begin()
    assert not pace.is_ripe(8, 4)
    pace.note_shared(4 * RUN_SECONDS, 16)
    assert pace.part(4) == 4
    assert not pace.is_ripe(3, 4)
    assert pace.is_ripe(4, 4)
    pace.begin()
    pace.begin()
    assert not pace.is_ripe(16, 4)


def test_who_begins_to_ask_at_once_is_reckoned_with_before_the_mean_is() -> None:
    pace = Pace(demand=5.0, asked=64, each=RUN_SECONDS / 16)
    assert pace.part(4) == 16


def test_nobody_is_made_to_wait_where_there_is_a_connection_for_each() -> None:
    pace = Pace(demand=4.0)
    assert not pace.is_in_demand(4)
    assert pace.is_in_demand(3)


def test_a_run_that_has_ended_is_not_awaited() -> None:
    pace = Pace(demand=20.0)
    for end in (pace.end_alone, lambda begun: pace.end_shared(begun, 4)):
        begun = pace.begin()
        assert not pace.is_ripe(1, 4)
        end(begun)
        assert pace.is_ripe(1, 4)


def test_a_statement_that_is_not_shared_again_was_dearer_in_both_ways() -> None:
    twice = Pace()
    twice.note_alone(0.001)
    twice.note_shared(0.0025, 1)
    assert twice.may_share(), "dearer by so little that nobody notices"
    long = Pace(alone=0.1)
    long.note_shared(0.15, 1)
    assert long.may_share(), "dearer by a part of what it takes"
