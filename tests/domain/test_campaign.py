"""The campaign, small: pools that are settled by others come out as if each were searched by itself."""

from __future__ import annotations

from io import StringIO

import pytest

from app.domain import searches
from tests.domain.campaign import run


def test_what_is_carried_from_pool_to_pool_changes_no_figure() -> None:
    told = StringIO()
    assert run(range(40), told), told.getvalue()
    assert "40 records in " in told.getvalue()


def test_a_wrong_figure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches.Finding, "settles", lambda finding, pool: bool(finding.allowed))
    told = StringIO()
    assert not run(range(10), told)
    assert "seed " in told.getvalue()
