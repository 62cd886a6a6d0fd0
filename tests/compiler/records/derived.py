"""The derived columns, kept simple: parties, roots, publishers and chains by name; figures are made up."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.compiler.records.claims import RecordedClaim
from tests.compiler.records.keys import Row, key_of

Rows = Mapping[str, Row]


def end_of(rows: Rows, column: str, name: str) -> str:
    """The last row that the references in `column` lead to from this one."""
    while (following := rows[name].get(column)) is not None:
        name = str(following)
    return name


def party_of(agents: Rows, name: str) -> str:
    while True:
        name = end_of(agents, "merged_into", name)
        if (whole := agents[name].get("part_of")) is None:
            return name
        name = str(whole)


def publishers_of(agents: Rows, sources: Rows, name: str) -> list[str]:
    """Keys of parties, as text: of what it reprints first; its own key where its publisher is not known."""
    original = sources[name].get("reprints")
    parties = publishers_of(agents, sources, str(original)) if original else []
    publisher = sources[name].get("publisher")
    own = key_of("agent", party_of(agents, str(publisher))) if publisher else key_of("source", name)
    return list(dict.fromkeys([*parties, str(own)]))


def is_hidden(sources: Rows, name: str) -> bool:
    row = sources[name]
    above = [str(row[link]) for link in ("reprints", "revises") if row.get(link)]
    return bool(row.get("restricted")) or any(is_hidden(sources, each) for each in above)


def corroboration_of(name: str, claim: RecordedClaim, agents: Rows, sources: Rows) -> Row:
    random = Random(name)
    publishers = publishers_of(agents, sources, str(claim.row["source"]))
    hops = [[str(key_of("agent", party_of(agents, speaker.agent))) for speaker in hop] for hop in claim.hops]
    origins, chain = publishers[:1], [*(party for hop in hops for party in hop), *publishers]
    if claim.row["basis"] == "UNATTRIBUTED":
        origins, chain = [], []
    elif hops:
        origins = hops[0]
    chain = list(dict.fromkeys(chain))
    everyone = [str(key_of("agent", agent)) for agent in agents] + [
        str(key_of("source", source)) for source, row in sources.items() if row.get("publisher") is None
    ]

    def draw_lines(most: int) -> list[list[str]]:
        return [random.sample(everyone, random.randint(1, 3)) for _ in range(random.randint(0, most))]

    lines = {"FOR": ([chain] if chain else []) + draw_lines(3), "AGAINST": draw_lines(2)}
    return {
        "claim": name,
        "hidden": bool(claim.row.get("restricted")) or is_hidden(sources, str(claim.row["source"])),
        "status": claim.status,
        "live": claim.live,
        "lines_for": len(lines["FOR"]),
        "lines_against": len(lines["AGAINST"]),
        "lines_exact": random.random() < 0.8,
        "reports_for": len(lines["FOR"]) + random.randint(0, 4),
        "reports_against": len(lines["AGAINST"]) + random.randint(0, 4),
        "lines": lines,
        "weakest_links": random.sample(everyone, random.randint(0, 3)),
        "named": [],
        "explanation": f"{len(lines['FOR'])} independent lines, “{name}”",
        "disagreed": random.random() < 0.3,
        "rule_version": 1,
        "chain": chain,
        "origins": list(dict.fromkeys(origins)),
        "said": claim.row.get("asserted") or sources[str(claim.row["source"])].get("published"),
    }
