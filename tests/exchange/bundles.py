"""Bundles for tests: the sample, small ones written on the spot, and what an import made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from app.database import Database
from app.errors import BundleInvalid
from app.exchange.bundle import read_bundle
from app.exchange.entries import Section
from app.exchange.report import ImportReport, Outcome

SAMPLE = Path(__file__).parents[2] / "app" / "samples" / "baghdad-2019" / "bundle.yaml"

Entries = list[dict[str, Any]]

# A bundle in which nothing is wrong, to change one thing of.
SMALL: Mapping[str, Entries] = {
    "agents": [
        {"key": "state", "kind": "GOVERNMENT", "name": "The State"},
        {"key": "ministry", "kind": "ORGANIZATION", "name": "The Ministry", "part_of": "state"},
        {"key": "paper", "kind": "OUTLET", "name": "The Paper"},
    ],
    "events": [{"key": "fire", "title": "The fire", "starts_on": "2020-01-01"}],
    "questions": [
        {"key": "dead", "kind": "QUANTITY", "text": "How many died?", "event": "fire"},
        {"key": "arson", "kind": "YES_NO", "text": "Was it arson?", "event": "fire"},
    ],
    "sources": [
        {
            "key": "report",
            "kind": "ARTICLE",
            "title": "Fire",
            "publisher": "paper",
            "published_at": "2020-01-02",
            "text": "At least 25 died, the ministry said. It was no arson. Over 25 were hurt.",
        },
        {"key": "note", "kind": "POST", "title": "A note", "url": "https://example.org/note"},
    ],
    "claims": [
        {
            "key": "dead-25",
            "source": "report",
            "question": "dead",
            "statement": "At least 25 died.",
            "quote": "At least 25 died",
            "quantity": "at least 25",
            "basis": "attributed",
            "attribution": [{"agent": "ministry", "cue": "said", "mode": "DIRECT"}],
        },
        {
            "key": "dead-28",
            "source": "note",
            "question": "dead",
            "statement": "28 died.",
            "quote": "28 dead",
            "quantity": "28",
            "basis": "firsthand",
        },
        {
            "key": "no-arson",
            "source": "report",
            "question": "arson",
            "statement": "It was no arson.",
            "quote": "It was no arson",
            "polarity": "DENIES",
            "basis": "unattributed",
        },
    ],
    "assessments": [
        {
            "claim": "dead-25",
            "evidence_claim": "dead-28",
            "stance": "CONTEXT",
            "rationale": "Three died later.",
            "recorded_by": "Ada",
        }
    ],
}


def spell_bundle(sections: Mapping[str, Any], **header: str) -> str:
    return yaml.safe_dump(
        {"format": "sayso-bundle/1", **header, **sections}, sort_keys=False, allow_unicode=True
    )


def write_bundle(folder: Path, sections: Mapping[str, Any], **header: str) -> Path:
    """A bundle file in the folder; its name is "small" unless the header says otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "small.yaml"
    file.write_text(spell_bundle(sections, **header), encoding="utf-8")
    return file


def change(
    sections: Mapping[str, Entries], section: str, key: str | None, /, **fields: Any
) -> dict[str, Entries]:
    """The sections with fields of an entry set, or taken out (None). Without a key: of the first entry."""
    changed = {name: [dict(entry) for entry in entries] for name, entries in sections.items()}
    entry = next(e for e in changed[section] if key is None or e.get("key") == key)
    entry.update(fields)
    for name in [name for name, value in fields.items() if value is None]:
        del entry[name]
    return changed


def add(sections: Mapping[str, Entries], section: str, *entries: dict[str, Any]) -> dict[str, Entries]:
    """The sections with further entries."""
    return {**sections, section: [*sections.get(section, []), *entries]}


def list_faults(folder: Path, text: str) -> list[str]:
    """What is wrong with a bundle; [] if nothing is."""
    file = folder / "small.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        read_bundle(file)
    except BundleInvalid as problem:
        return list(problem.problems)
    return []


def summarize(report: ImportReport) -> dict[str, int]:
    """How many entries each outcome had, of those that had any."""
    return {outcome.value: report.total(outcome) for outcome in Outcome if report.total(outcome)}


async def read_statuses(database: Database, bundle: str) -> dict[str, str]:
    """The status, the lines and the reports of each claim that a bundle brought, by its key."""
    sql = """
        SELECT coalesce(json_object_agg(i.key, concat(k.status, ' ', k.lines_for, ':', k.lines_against, ' ',
                                                     k.reports_for, ':', k.reports_against)), '{}')::varchar
        FROM imported i JOIN corroboration k ON k.claim = i.row_id
        WHERE i.bundle = $1 AND i.table_name = 'claim'
    """
    statuses: dict[str, str] = json.loads(await database.fetch_json(sql, [bundle]))
    return statuses


async def count_tables(database: Database) -> dict[str, int]:
    """The number of rows of everything that a bundle records."""
    counts = ", ".join(f"'{s.table}', (SELECT count(*) FROM {s.table})" for s in Section)
    sql = f"SELECT json_build_object({counts}, 'imported', (SELECT count(*) FROM imported))::varchar"
    found: dict[str, int] = json.loads(await database.fetch_json(sql, []))
    return found
