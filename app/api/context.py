"""What resolvers find in `info.context`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from graphql import DocumentNode

from app.compiler import Statement
from app.database import Asked, Database
from app.domain.vocabulary import Role
from app.errors import NotPermitted
from app.permissions import Viewer


def do_nothing() -> None:
    """Where nobody wants to know."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`accounts_changed` is called once a change of accounts or tokens is committed. `document` is what is
    executed, where it was parsed and validated already."""

    viewer: Viewer
    database: Database
    accounts_changed: Callable[[], None] = do_nothing
    document: DocumentNode | None = None


async def fetch_for(
    viewer: Viewer,
    database: Database,
    statement: Statement,
    variables: Mapping[str, Any],
    context: Mapping[str, object] = MappingProxyType({}),
) -> bytes:
    """What a compiled statement gives as this viewer may see it. All reads of requests and subscriptions
    outside of a transaction that writes come through here, or through `ask_for`.

    Raises what `bind_for` and `fetch_json` do.
    """
    parameters = bind_for(viewer, statement, variables, context)
    return await database.fetch_json(statement.sql, parameters, statement.shared, outside=viewer.is_outsider)


def ask_for(
    viewer: Viewer,
    database: Database,
    statement: Statement,
    variables: Mapping[str, Any],
    answer: Callable[[bytes], None],
    fail: Callable[[Exception], None],
) -> Asked | None:
    """As `fetch_for`, without a task; `Database.ask_json` says how."""
    parameters = bind_for(viewer, statement, variables)
    return database.ask_json(
        statement.sql, parameters, statement.shared, answer, fail, outside=viewer.is_outsider
    )


def bind_for(
    viewer: Viewer,
    statement: Statement,
    variables: Mapping[str, Any],
    context: Mapping[str, object] = MappingProxyType({}),
) -> Sequence[object]:
    """The parameters of a statement for a request of this viewer.

    Raises NotPermitted to outsiders who ask for the past, which the log holds, and to all but ADMINs who ask
    for a list of accounts; and what `bind` does.
    """
    if statement.accounts and not viewer.has(Role.ADMIN):
        raise NotPermitted(f"researchers needs the role {Role.ADMIN}; you have {viewer.role}.")
    if statement.past and viewer.is_outsider:
        raise NotPermitted(f"asOf needs the role {Role.RESEARCHER}; you have {viewer.role}.")
    if not statement.depends:
        return statement.bind(variables, context)
    return statement.bind(variables, {**what_depends_on(viewer), **context})


def what_depends_on(viewer: Viewer) -> dict[str, object]:
    """What compiled statements take of the viewer, by the names that the catalog gives it."""
    return {
        "viewer": viewer.researcher,
        "admin": viewer.has(Role.ADMIN),
        "role": viewer.role,
        "token": viewer.token,
        # Others find it in the table, which outsiders' role reads without.
        "own_email": viewer.email if viewer.is_outsider else None,
    }
