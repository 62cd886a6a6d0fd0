"""What stands for and against a claim, and what that was before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.compiler.plain.connections import Connection, connect
from tests.compiler.plain.reader import Fields, Reader
from tests.compiler.plain.rows import Corroboration, Evidence

SIDES = ("FOR", "AGAINST")


@dataclass(frozen=True)
class Line:
    side: str
    parties: list[str]


def lines_of(corroboration: Corroboration, _: Reader, side: str | None = None) -> list[Line]:
    return [
        Line(each, parties)
        for each in SIDES
        if side in (None, each)
        for parties in corroboration.lines.get(each, [])
    ]


def evidence_of(corroboration: Corroboration, reader: Reader, **arguments: Any) -> Connection:
    side = arguments.get("side")
    evidence = [row for row in reader.rows.evidence_of[corroboration.claim] if side in (None, row.side)]
    return connect("EvidenceConnection", evidence, arguments)


def chain_of(evidence: Evidence, reader: Reader) -> list[Any]:
    if evidence.evidence_claim is not None:
        chain = reader.rows.corroborations[evidence.evidence_claim].chain
    else:
        assert evidence.evidence_source is not None
        chain = reader.rows.sources[evidence.evidence_source].publishers
    return [reader.party(party) for party in chain]


CORROBORATION: Fields = {
    "weakestLinks": lambda corroboration, reader: [
        reader.party(party) for party in corroboration.weakest_links
    ],
    "lines": lines_of,
    "evidence": evidence_of,
    "changes": lambda corroboration, reader, **arguments: connect(
        "StatusChangeConnection", reader.rows.changes_of.get(corroboration.claim, []), arguments
    ),
}

LINE: Fields = {
    "parties": lambda line, reader: [reader.party(party) for party in line.parties],
}

EVIDENCE: Fields = {
    "claim": lambda evidence, reader: reader.rows.claims.get(evidence.evidence_claim),
    "source": lambda evidence, reader: reader.rows.sources.get(evidence.evidence_source),
    "chain": chain_of,
}

STATUS_CHANGE: Fields = {
    "id": lambda change, _: f"change_{change.id}",
    "claim": lambda change, reader: reader.rows.claims[change.claim],
    "revision": lambda change, reader: reader.rows.revisions.get(change.revision),
}
