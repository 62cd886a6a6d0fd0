"""Who may do what: every cell of the table, both ways."""

from __future__ import annotations

from itertools import product
from uuid import UUID

import pytest

from app.domain.vocabulary import Role
from app.errors import NotPermitted
from app.permissions import MINIMUM_ROLE, OWN_ONLY, Operation, Viewer, permit

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


@pytest.mark.parametrize("operation", sorted(OWN_ONLY))
def test_what_is_anothers_takes_an_editor(operation: Operation) -> None:
    with pytest.raises(NotPermitted, match="another researcher's"):
        permit(Viewer(ME, Role.RESEARCHER), operation, recorded_by=ANOTHER)
    permit(Viewer(ME, Role.EDITOR), operation, recorded_by=ANOTHER)
