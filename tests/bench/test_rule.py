"""The bench of the rule, small: every shape has figures. How fast is not looked at."""

from __future__ import annotations

import pytest

from bench.rule import run
from bench.shapes import RULE_SHAPES


def test_every_shape_is_measured_at_every_size(capsys: pytest.CaptureFixture[str]) -> None:
    run(RULE_SHAPES, (10, 20))
    printed = capsys.readouterr().out
    assert all(f"{shape.name}: {shape.title}" in printed for shape in RULE_SHAPES)
    assert printed.count(" s  10 of them exact") == printed.count(" s  20 of them exact") == len(RULE_SHAPES)
