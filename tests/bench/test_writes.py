"""The bench of writes, small: every claim is recorded, and figures come out. How fast is not looked at."""

from __future__ import annotations

import pytest

from bench import writes
from bench.shapes import SHAPES
from bench.writes import Scope, run

SCOPE = Scope(large=4, sizes=(), seconds=0.01, imported=16, spread=2)


@pytest.mark.usefixtures("in_memory")
def test_every_shape_has_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writes, "CLIENTS", (1, 4))
    told: list[str] = []
    page = "\n".join(run(SCOPE, told.append))

    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    rows = [row for row in cells if len(row) == 10 and row[2] in ("1", "4") and "." not in row[3]]
    assert len(rows) == 2 * (len(SHAPES) + 1)
    assert len(told) == len(SHAPES) + 2 + len(rows)
    for row in rows:
        assert int(row[3]) >= int(row[2])
        assert float(row[4]) > 0
        assert 0 < float(row[5]) <= float(row[6])
        assert all(float(cost) >= 0 for cost in row[7:])
        assert float(row[8]) > 0
    divided = [row for row in cells if len(row) == 10 and row[3].count(".") == 1 and row not in rows]
    assert len(divided) == len(SHAPES) + 1
    for row in divided:
        spent, *parts = map(float, row[3:8])
        assert all(part >= 0 for part in parts)
        assert abs(spent - sum(parts)) < 0.5
    assert all(shape.name in page for shape in SHAPES)
    assert "Command: `python -m bench.writes" in page
