"""What a failure of the driver's means to who asked: a refusal that says what to do, or a bug of ours."""

from __future__ import annotations

import asyncpg
import pytest

from app.database.failures import explain_read
from app.errors import DatabaseUnavailable, QueryRefused, QueryTimeout, SaysoError


@pytest.mark.parametrize(
    ("problem", "expected", "told"),
    [
        (ConnectionRefusedError(), DatabaseUnavailable, "try again"),
        (TimeoutError(), DatabaseUnavailable, "try again"),
        (asyncpg.InterfaceError("the pool is closed"), DatabaseUnavailable, "try again"),
        (asyncpg.ConnectionDoesNotExistError(), DatabaseUnavailable, "try again"),
        (asyncpg.AdminShutdownError(), DatabaseUnavailable, "try again"),
        (asyncpg.CrashShutdownError(), DatabaseUnavailable, "try again"),
        (asyncpg.CannotConnectNowError(), DatabaseUnavailable, "try again"),
        (asyncpg.TooManyConnectionsError(), DatabaseUnavailable, "try again"),
        (asyncpg.InternalClientError("cannot switch to state 12"), DatabaseUnavailable, "try again"),
        (asyncpg.DiskFullError(), DatabaseUnavailable, "its disk is full"),
        (asyncpg.OutOfMemoryError(), DatabaseUnavailable, "out of memory"),
        (asyncpg.QueryCanceledError(), QueryTimeout, "longer than it may"),
        (asyncpg.ProgramLimitExceededError(), QueryRefused, "too large"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_nobody_here_is_to_blame_for_is_refused(
    problem: Exception, expected: type[SaysoError], told: str
) -> None:
    explained = explain_read(problem)
    assert type(explained) is expected
    assert told in explained.message


@pytest.mark.parametrize(
    "problem",
    [
        asyncpg.InternalClientError("unexpected number of attributes"),
        asyncpg.DataError("invalid input for query argument $1"),
        asyncpg.DivisionByZeroError(),
        asyncpg.UndefinedColumnError(),
        asyncpg.ReadOnlySQLTransactionError(),  # a connection that reads is read-only wherever it leads
        ZeroDivisionError(),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_a_bug_of_ours_is_not_explained_away(problem: Exception) -> None:
    assert explain_read(problem) is None
