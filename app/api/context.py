"""What resolvers find in `info.context`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.database import Database
from app.domain.vocabulary import Role
from app.permissions import Viewer


def do_nothing() -> None:
    """Where nobody keeps accounts in mind."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`accounts_changed` is called once a change of accounts or tokens is committed."""

    viewer: Viewer
    database: Database
    accounts_changed: Callable[[], None] = do_nothing


def what_depends_on(viewer: Viewer) -> dict[str, object]:
    """What compiled statements take of the viewer, by the names that the catalog gives it."""
    return {"viewer": viewer.researcher, "admin": viewer.has(Role.ADMIN)}
