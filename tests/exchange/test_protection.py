"""Names of a bundle's protected agents in its own words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.errors import BundleInvalid
from app.exchange.bundle import read_bundle
from app.exchange.entries import Bundle, SourceEntry
from app.exchange.protection import find_named
from tests.exchange.bundles import SMALL, Entries, add, change, write_bundle

PROTECTED = {
    "key": "clerk",
    "kind": "PERSON",
    "name": "Ali Hassan",
    "protected": True,
    "pseudonym": "a clerk",
}
VERSIONS = 1200
ITEMS = 60


class Counted(dict[str, SourceEntry]):
    """Sources that count how often one is asked for."""

    asked = 0

    def __getitem__(self, key: str) -> SourceEntry:
        self.asked += 1
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.asked += 1
        return super().get(key, default)


def read(folder: Path, sources: Entries) -> Bundle:
    return read_bundle(write_bundle(folder, {"agents": [PROTECTED], "sources": sources}))


def test_the_last_of_many_versions_is_hidden_with_the_first(tmp_path: Path) -> None:
    first = {"key": "v0", "kind": "POST", "title": "A title", "text": "By Ali Hassan.", "restricted": True}
    later = [{"key": f"v{n}", "revises": f"v{n - 1}", "text": f"Ali Hassan {n}"} for n in range(1, VERSIONS)]
    bundle = read(tmp_path, [first, *later])
    assert list(find_named(bundle)) == []
    opened = {key: replace(source, restricted=False) for key, source in bundle.sources.items()}
    assert len(list(find_named(replace(bundle, sources=opened)))) == VERSIONS


def test_items_that_reprint_each_other_are_each_looked_at_once(tmp_path: Path) -> None:
    sources: Entries = []
    for item in range(ITEMS):
        before = {} if item == 0 else {"reprints": f"i{item - 1}v3"}
        sources.append({"key": f"i{item}v0", "kind": "POST", "title": f"Item {item}", **before})
        sources += [
            {"key": f"i{item}v{n}", "revises": f"i{item}v{n - 1}", "text": f"Version {n}", **before}
            for n in range(1, 4)
        ]
    bundle = read(tmp_path, sources)
    counted = Counted(bundle.sources)
    assert list(find_named(replace(bundle, sources=counted))) == []
    assert 0 < counted.asked <= 10 * len(sources)


@pytest.mark.parametrize("field", ["url", "archive_url"])
def test_a_name_in_an_encoded_url_is_found(tmp_path: Path, field: str) -> None:
    source = {"key": "s", "kind": "POST", "title": "A title", "url": "https://n.example/x"}
    bundle = read(tmp_path, [source])
    encoded: dict[str, Any] = {field: "https://n.example/ali%20hassan"}
    named = replace(bundle.sources["s"], **encoded)
    found = list(find_named(replace(bundle, sources={"s": named})))
    assert found == [(named, field, "clerk")]


def test_a_name_across_the_parts_of_a_quote_is_found(tmp_path: Path) -> None:
    claim = {
        "key": "c",
        "source": "s",
        "statement": "He came.",
        "basis": "FIRSTHAND",
        "quote": {"exact": "Hassan came", "prefix": "Then Ali "},
    }
    sources = [{"key": "s", "kind": "POST", "title": "A title", "media_type": "text/html; a=ali-hassan"}]
    sections: dict[str, Entries] = {"agents": [PROTECTED], "sources": sources, "claims": [claim]}
    with pytest.raises(BundleInvalid) as refused:
        read_bundle(write_bundle(tmp_path, sections))
    assert [fault.split(": ")[1:3] for fault in refused.value.problems] == [
        ["sources s", "media_type"],
        ["claims c", "quote"],
    ]


NAMED = {
    "key": "c",
    "source": "note",
    "statement": "He came.",
    "question": "dead",
    "quantity": {"text": "the 3 of Ali Hassan", "lower": 3, "upper": 3},
    "basis": "ATTRIBUTED",
    "attribution": [{"agent": "ministry"}, {"agent": "paper", "cue": "told Ali Hassan"}],
    "quote": {"exact": "so Ali Hassan came", "prefix": "Ali Hassan: ", "suffix": " - Ali Hassan"},
    "retracted": {"at": "2020", "reason": "says Ali Hassan", "url": "https://n.example/ali-hassan"},
}
JUDGED = {"claim": "c", "evidence_source": "report", "stance": "CONTEXT", "rationale": "Ask Ali Hassan."}


def test_a_name_in_any_words_of_a_claim_is_found_unless_it_is_restricted(tmp_path: Path) -> None:
    sections = add(add(add(SMALL, "agents", PROTECTED), "claims", NAMED), "assessments", JUDGED)
    with pytest.raises(BundleInvalid) as refused:
        read_bundle(write_bundle(tmp_path, sections))
    assert {tuple(fault.split(": ")[1:3]) for fault in refused.value.problems} == {
        *(("claims c", field) for field in ("quote", "quote.prefix", "quote.suffix", "quantity")),
        *(("claims c", field) for field in ("attribution.2", "retracted.reason", "retracted.url")),
        ("assessments 2", "rationale"),
    }
    restricted = change(sections, "claims", "c", restricted=True)
    assert list(find_named(read_bundle(write_bundle(tmp_path, restricted)))) == []
