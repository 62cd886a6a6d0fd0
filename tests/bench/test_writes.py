"""The bench of writes, small: every claim is recorded, and figures come out. How fast is not looked at."""

from __future__ import annotations

from bench.shapes import SHAPES
from bench.writes import Scope, run

SCOPE = Scope(large=4, sizes=(), seconds=0.01, imported=16, spread=2)


def test_every_shape_has_figures() -> None:
    told: list[str] = []
    page = "\n".join(run(SCOPE, told.append))

    cells = [line.split("|") for line in page.splitlines() if line.count("|") == 15]
    rows = [row for row in cells if row[3].strip() in ("1", "16")]
    assert len(rows) == 2 * (len(SHAPES) + 1)
    assert len(told) == len(SHAPES) + 2 + len(rows)
    for row in rows:
        assert int(row[4]) >= int(row[3])
        assert float(row[5]) > 0
        assert 0 < float(row[6]) <= float(row[7])
    assert all(shape.name in page for shape in SHAPES)
    assert "Command: `python -m bench.writes" in page
