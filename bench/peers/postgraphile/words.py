"""Sayso's variables in PostGraphile's words, and PostGraphile's answers in Sayso's."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from app.domain.identifiers import decode_id
from bench.questions import cursor_of, row_of_cursor

Row = dict[str, Any]

DOCUMENTS = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.graphql")}


# How the locked version marks its cursors of claims in order of their key; with another it refuses them.
_ORDER = "5f3c38071a"


def ask(name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    return {"query": DOCUMENTS[name], "variables": _VARIABLES[name](variables)}


def answer(name: str, data: Any) -> Any:
    return _ANSWERS[name](data)


def _key(id: str) -> str:
    decoded = decode_id(id)
    assert decoded is not None
    return str(decoded[1])


def _cursor(row: str) -> str:
    """PostGraphile's cursor of a row in a list that is ordered by the primary key."""
    return base64.b64encode(json.dumps([_ORDER, row], separators=(",", ":")).encode()).decode()


def _row_of(cursor: str) -> str:
    row: str = json.loads(base64.b64decode(cursor))[-1]
    return row


_VARIABLES: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "Q1": lambda given: {"id": _key(given["id"])},
    "Q2": lambda given: {"question": _key(given["question"][0])},
    "Q3": lambda given: {"after": _cursor(row_of_cursor(given["after"]))},
    "Q4": lambda given: {"id": _key(given["id"])},
}


# --- answers --------------------------------------------------------------------------------------


def _agent(row: Row) -> Row:
    return {"id": f"agent_{row['rowId']}", "name": row["name"]}


def _hops(claim: Row, *fields: str, agent: Callable[[Row], Row] = _agent) -> list[Row]:
    """Joint speakers share a hop, and what is said of it."""
    rows: Iterable[Row] = claim["attributionsByClaim"]["nodes"]
    hops = []
    for position, speakers in groupby(rows, lambda row: row["hop"]):
        group = list(speakers)
        said = {field: group[0][field] for field in fields}
        hops.append({"position": position, **said, "agents": [agent(row["agentByAgent"]) for row in group]})
    return hops


def _end(bounds: Row, side: str, name: str) -> Any:
    return bounds[side] and bounds[side][name]


def _edges(nodes: Iterable[Row]) -> Row:
    return {"edges": [{"node": node} for node in nodes]}


def _moment(value: Row | None) -> Row | None:
    def time(side: str) -> str:
        return datetime.fromisoformat(_end(value or {}, side, "value")).isoformat()

    return value and {"from": time("start"), "to": time("end")}


def _answer_q1(data: Row) -> Row:
    claim = data["claimByRowId"]
    source, publisher = claim["sourceBySource"], claim["sourceBySource"]["agentByPublisher"]
    bounds = claim["bounds"]
    return {
        "claim": {
            "id": f"claim_{claim['rowId']}",
            "statement": claim["statement"],
            "quote": {"exact": claim["quoteExact"]},
            "quantity": {
                "text": claim["quantityText"],
                "lower": _end(bounds, "start", "value"),
                "upper": _end(bounds, "end", "value"),
            },
            "source": {
                "id": f"source_{source['rowId']}",
                "title": source["title"],
                "url": source["url"],
                "publisher": publisher and _agent(publisher),
            },
            "attribution": _hops(claim, "cue", "mode", "channel"),
            "corroboration": claim["corroborationByRowId"],
            "assessments": _edges(
                {
                    "id": f"assessment_{row['rowId']}",
                    "stance": row["stance"],
                    "rationale": row["rationale"],
                    "recordedBy": row["researcherByRecordedBy"],
                }
                for row in claim["assessmentsByClaim"]["nodes"]
            ),
        }
    }


def _answer_q2(data: Row) -> Row:
    found = data["allClaims"]
    edges = [
        {
            "cursor": cursor_of(_row_of(edge["cursor"])),
            "node": {
                "id": f"claim_{edge['node']['rowId']}",
                "statement": edge["node"]["statement"],
                "source": {
                    "id": f"source_{edge['node']['sourceBySource']['rowId']}",
                    "title": edge["node"]["sourceBySource"]["title"],
                    "publisher": edge["node"]["sourceBySource"]["agentByPublisher"],
                },
                "attribution": _hops(edge["node"]),
            },
        }
        for edge in found["edges"]
    ]
    page = found["pageInfo"]
    end = page["endCursor"] and cursor_of(_row_of(page["endCursor"]))
    return {"claims": {"edges": edges, "pageInfo": {"hasNextPage": page["hasNextPage"], "endCursor": end}}}


def _agent_with_party(row: Row) -> Row:
    return {**_agent(row), "party": _agent(row["agentByParty"])}


def _claim_of_q3(claim: Row) -> Row:
    source, publisher = claim["sourceBySource"], claim["sourceBySource"]["agentByPublisher"]
    question, bounds = claim["questionByQuestionAndQuestionKind"], claim["bounds"]
    return {
        "id": f"claim_{claim['rowId']}",
        "statement": claim["statement"],
        "quote": {
            field: claim[f"quote{field.capitalize()}"]
            for field in ("exact", "prefix", "suffix", "start", "end")
        },
        "quantity": {
            "text": claim["quantityText"],
            "modality": claim["modality"],
            "lower": _end(bounds, "start", "value"),
            "upper": _end(bounds, "end", "value"),
            # A side without an end has no bound to be included.
            "lowerInclusive": bool(_end(bounds, "start", "inclusive")),
            "upperInclusive": bool(_end(bounds, "end", "inclusive")),
        },
        "source": {
            "id": f"source_{source['rowId']}",
            "title": source["title"],
            "url": source["url"],
            "language": source["language"],
            "published": _moment(source["published"]),
            "publisher": publisher and {**_agent(publisher), "party": publisher["agentByParty"]},
        },
        "question": {
            "id": f"question_{question['rowId']}",
            "text": question["text"],
            "event": question["eventByEvent"],
        },
        "attribution": _hops(claim, "cue", "mode", "channel", agent=_agent_with_party),
        "corroboration": claim["corroborationByRowId"],
        "assessments": _edges(
            {
                "id": f"assessment_{row['rowId']}",
                "stance": row["stance"],
                "rationale": row["rationale"],
                "evidenceClaim": {
                    "id": f"claim_{row['claimByEvidenceClaim']['rowId']}",
                    "statement": row["claimByEvidenceClaim"]["statement"],
                },
            }
            for row in claim["assessmentsByClaim"]["nodes"]
        ),
    }


def _answer_q3(data: Row) -> Row:
    return {"claims": _edges(_claim_of_q3(claim) for claim in data["allClaims"]["nodes"])}


def _answer_q4(data: Row) -> Row:
    source = data["sourceByRowId"]
    publisher = source["agentByPublisher"]
    return {
        "source": {
            "id": f"source_{source['rowId']}",
            "title": source["title"],
            "url": source["url"],
            "publisher": publisher and _agent(publisher),
            "claims": _edges(
                {
                    "id": f"claim_{claim['rowId']}",
                    "statement": claim["statement"],
                    "quote": {"exact": claim["quoteExact"]},
                    "attribution": _hops(claim),
                }
                for claim in source["claimsBySource"]["nodes"]
            ),
        }
    }


_ANSWERS: dict[str, Callable[[Row], Row]] = {
    "Q1": _answer_q1,
    "Q2": _answer_q2,
    "Q3": _answer_q3,
    "Q4": _answer_q4,
}
