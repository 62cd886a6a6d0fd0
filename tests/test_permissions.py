"""Who may do what: every cell of the table, both ways."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import pytest

from app.domain.vocabulary import Role
from app.errors import NotPermitted
from app.permissions import MINIMUM_ROLE, NOBODY, OTHERS_ROLE, Operation, Viewer, permit

ROLES = [Role.READER, Role.RESEARCHER, Role.EDITOR, Role.ADMIN]
ME, ANOTHER = UUID(int=1), UUID(int=2)


def test_every_operation_has_a_row() -> None:
    assert set(MINIMUM_ROLE) == set(Operation)


@pytest.mark.parametrize(("operation", "role"), list(product(Operation, ROLES)))
def test_a_role_may_what_the_table_says(operation: Operation, role: Role) -> None:
    may = ROLES.index(role) >= ROLES.index(MINIMUM_ROLE[operation])
    viewer = Viewer(ME, role)
    if may:
        permit(viewer, operation, recorded_by=ME)
    else:
        with pytest.raises(NotPermitted, match=f"needs the role {MINIMUM_ROLE[operation]}"):
            permit(viewer, operation, recorded_by=ME)


@pytest.mark.parametrize("operation", sorted(OTHERS_ROLE))
def test_what_is_anothers_takes_a_higher_role(operation: Operation) -> None:
    below = ROLES[ROLES.index(OTHERS_ROLE[operation]) - 1]
    with pytest.raises(NotPermitted, match=f"another researcher's needs the role {OTHERS_ROLE[operation]}"):
        permit(Viewer(ME, below), operation, recorded_by=ANOTHER)
    permit(Viewer(ME, OTHERS_ROLE[operation]), operation, recorded_by=ANOTHER)


@pytest.mark.parametrize("operation", Operation)
def test_who_is_not_signed_in_reads_and_no_more(operation: Operation) -> None:
    nobody = Viewer(NOBODY, Role.READER)
    if operation is Operation.READ:
        permit(nobody, operation)
    else:
        with pytest.raises(NotPermitted, match="needs you to sign in"):
            permit(nobody, operation, recorded_by=NOBODY)


def test_a_viewer_is_who_asks_and_what_they_may() -> None:
    """By what token, and until when, tells nobody apart: they are shown the same."""
    viewer = Viewer(ME, Role.READER)
    later = datetime(2100, 1, 1, tzinfo=UTC)
    assert viewer == Viewer(ME, Role.READER, token=ANOTHER, email="me@example.org", until=later)
    assert viewer not in (Viewer(ANOTHER, Role.READER), Viewer(ME, Role.EDITOR))


@pytest.mark.parametrize("role", ROLES)
def test_outsiders_are_those_who_record_nothing(role: Role) -> None:
    assert Viewer(ME, role).is_outsider is not Viewer(ME, role).has(Role.RESEARCHER)
