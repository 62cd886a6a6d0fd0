"""The comparison sees every way in which two answers can part."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.compiler.campaign import read_arguments
from tests.compiler.comparison import Pairs, find_differences
from tests.compiler.plain.schema import Json

EXPECTED = {"id": "claim_7", "lines": [1, 2.5], "given": True, "note": None, "quote": {}}


def read(text: str) -> Any:
    return json.loads(text, object_pairs_hook=Pairs)


def test_the_same_answer_is_no_difference() -> None:
    text = '{"id": "claim_7", "lines": [1.0, 2.5], "given": true, "note": null, "quote": {}}'
    assert find_differences(EXPECTED, read(text)) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("null", "data"),
        ('[["id", "claim_7"]]', "data"),
        ('{"lines": [1, 2.5], "id": "claim_7", "given": true, "note": null, "quote": {}}', "data"),
        ('{"id": "claim_7", "lines": [1, 2.5], "given": true, "note": null}', "data"),
        ('{"id": "", "id": "claim_7", "lines": [1, 2.5], "given": true, "note": null, "quote": {}}', "data"),
        ('{"id": "claim_8", "lines": [1, 2.5], "given": true, "note": null, "quote": {}}', "data.id"),
        ('{"id": "claim_7", "lines": [2, 2.5], "given": true, "note": null, "quote": {}}', "data.lines.0"),
        ('{"id": "claim_7", "lines": [1], "given": true, "note": null, "quote": {}}', "data.lines"),
        ('{"id": "claim_7", "lines": [true, 2.5], "given": true, "note": null, "quote": {}}', "data.lines.0"),
        ('{"id": "claim_7", "lines": [1, "2.5"], "given": true, "note": null, "quote": {}}', "data.lines.1"),
        ('{"id": "claim_7", "lines": {}, "given": true, "note": null, "quote": {}}', "data.lines"),
        ('{"id": "claim_7", "lines": [1, 2.5], "given": 1, "note": null, "quote": {}}', "data.given"),
        ('{"id": "claim_7", "lines": [1, 2.5], "given": true, "note": "null", "quote": {}}', "data.note"),
        ('{"id": "claim_7", "lines": [1, 2.5], "given": true, "note": null, "quote": []}', "data.quote"),
    ],
)
def test_any_other_answer_is_one(text: str, where: str) -> None:
    assert [difference.split(":")[0] for difference in find_differences(EXPECTED, read(text))] == [where]


def test_json_values_have_no_order() -> None:
    expected = {"after": Json({"a": 1, "b": [{"c": None, "d": 2}]})}
    assert find_differences(expected, read('{"after": {"b": [{"d": 2, "c": null}], "a": 1}}')) == []
    assert find_differences(expected, read('{"after": {"b": [{"d": 2}], "a": 1}}')) != []


def test_the_campaign_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        read_arguments(["--help"])
    assert "--queries" in capsys.readouterr().out
