"""What goes wrong at Postgres, by its five characters or the driver's class, and what that means."""

from __future__ import annotations

import asyncpg
from sqlalchemy.exc import DBAPIError

from app.errors import DatabaseUnavailable, QueryRefused, QueryTimeout, SaysoError

# Serialization failure and deadlock: nothing is wrong with the work, only with its timing.
RETRIED_STATES = frozenset({"40001", "40P01"})
# Lock not available, and statement timeout.
TIMEOUT_STATES = frozenset({"55P03", "57014"})
# Shutting down, starting up, no connection left.
LOST_STATES = frozenset({"57P01", "57P02", "57P03", "53300"})
LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,
)
# What a connection of the driver's ends with, be it Postgres, the way to it or the driver itself that fails.
# TimeoutError is an OSError.
FAILED = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
# What is wrong with the server rather than with what was asked, and what whoever runs it can do.
REFUSALS = {
    "53100": ("its disk is full", "Make room, and try it again."),
    "53200": ("it is out of memory", "Give it more, or try it again with less at once."),
    "25006": ("it is read-only", "SAYSO_DATABASE_URL has to name a server that takes changes, no standby."),
}
# How a fault begins that the driver calls its own: the server's last word came to a connection that was idle,
# and that it was closed has not been read yet.
LAST_WORD = "cannot switch to state"


class Overtaken(Exception):
    """What one statement of a transaction met is gone at the next: others were quicker. It is tried again."""


def sqlstate(problem: DBAPIError) -> str | None:
    """The five characters by which Postgres names an error: 23505 is a unique violation."""
    return getattr(problem.orig, "sqlstate", None)


def constraint_name(problem: DBAPIError) -> str | None:
    """The constraint or unique index that refused the row, where Postgres says so."""
    cause = getattr(problem.orig, "__cause__", None)
    return getattr(cause, "constraint_name", None)


def is_too_late(problem: BaseException | None) -> bool:
    """Whether Postgres ended the transaction for its time. To the driver that is a lost connection."""
    while problem is not None and not isinstance(problem, asyncpg.TransactionTimeoutError):
        problem = problem.__cause__
    return problem is not None


def is_lost(problem: Exception) -> bool:
    """Whether the connection is lost, or there is none to be had."""
    if isinstance(problem, DBAPIError):
        # SQLAlchemy does not see that one is lost while it is made: the error of the driver itself says so.
        cause = getattr(problem.orig, "__cause__", None)
        gone = isinstance(cause, (OSError, asyncpg.PostgresConnectionError)) or _is_last_word(cause)
        return gone or problem.connection_invalidated or sqlstate(problem) in LOST_STATES
    if isinstance(problem, asyncpg.InternalClientError):
        return _is_last_word(problem)
    return isinstance(problem, LOST)


def _is_last_word(problem: BaseException | None) -> bool:
    return isinstance(problem, asyncpg.InternalClientError) and str(problem).startswith(LAST_WORD)


def explain_refusal(problem: Exception) -> DatabaseUnavailable | None:
    """The expected error where the server as it is can do nothing of the kind; else None."""
    state = sqlstate(problem) if isinstance(problem, DBAPIError) else getattr(problem, "sqlstate", None)
    if state not in REFUSALS:
        return None
    words, hint = REFUSALS[state]
    return DatabaseUnavailable(f"The database refused: {words}.", hint=hint)


def explain_read(problem: Exception) -> SaysoError | None:
    """The expected error that a read ended with; None for a bug of ours."""
    if isinstance(problem, asyncpg.QueryCanceledError):
        return QueryTimeout(
            "The query took longer than it may.", hint="Ask for less at once: smaller pages, fewer lists."
        )
    if isinstance(problem, asyncpg.ProgramLimitExceededError):
        return QueryRefused("The answer would be too large.", hint="Ask for less at once.")
    if is_lost(problem):
        return DatabaseUnavailable("The database cannot be reached; try again.")
    if isinstance(problem, asyncpg.ReadOnlySQLTransactionError):
        return None  # connections that read are read-only wherever they lead
    return explain_refusal(problem)
