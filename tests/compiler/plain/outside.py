"""What outsiders see of a database: rows made of rows, as decisions 0016 and 0021 say in words.

Nothing is asked of the schema `outside`: whether its views show this is what is to be found out. The lines,
weakest links and explanations that the rule writes for outsiders are taken as they stand; they are held
against the naive rule (tests/domain/test_corroboration.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from tests.compiler.plain.rows import (
    Agent,
    Assessment,
    Corroboration,
    Revision,
    Rows,
    Source,
    by_id,
    grouped,
)


def look_from_outside(rows: Rows) -> Rows:
    """All that outsiders can be told. Whose email and tokens a viewer is told is the same for everybody."""
    sources = hidden_sources(rows.sources)
    claims = {row.id for row in rows.claims.values() if row.restricted or row.source in sources}
    hidden = sources | claims
    assessments = {row.id: row for row in rows.assessments.values() if not hidden & about(row)}
    hidden |= rows.assessments.keys() - assessments.keys()
    revisions = [blank(row) for row in rows.revisions.values() if row.subject not in hidden]
    evidence = [
        row
        for row in _flat(rows.evidence_of, hidden)
        if row.evidence_claim not in hidden and row.evidence_source not in hidden
    ]
    return replace(
        rows,
        agents={row.id: mask(row) for row in rows.agents.values()},
        sources=_without(rows.sources, hidden),
        claims=_without(rows.claims, hidden),
        assessments=assessments,
        revisions=by_id(revisions),
        corroborations={
            key: tell(row, rows.agents) for key, row in _without(rows.corroborations, hidden).items()
        },
        attributions_of=grouped(_flat(rows.attributions_of, hidden), lambda row: row.claim),
        assessments_of=grouped(assessments.values(), lambda row: row.claim),
        evidence_of=grouped(evidence, lambda row: row.claim),
        changes_of=grouped(_flat(rows.changes_of, hidden), lambda row: row.claim),
        revisions_of=grouped(revisions, lambda row: row.subject),
    )


def hidden_sources(sources: Mapping[UUID, Source]) -> set[UUID]:
    """What is restricted, and what revises or reprints it."""
    hidden = {row.id for row in sources.values() if row.restricted}
    while following := {
        row.id for row in sources.values() if row.id not in hidden and hidden & {row.revises, row.reprints}
    }:
        hidden |= following
    return hidden


def about(assessment: Assessment) -> set[UUID | None]:
    return {assessment.claim, assessment.evidence_claim, assessment.evidence_source}


def mask(agent: Agent) -> Agent:
    """A protected agent stands alone, under its pseudonym; others have none to be known by."""
    if not agent.protected:
        return replace(agent, pseudonym=None)
    assert agent.pseudonym is not None
    assert agent.lower_pseudonym is not None
    return replace(
        agent,
        name=agent.pseudonym,
        lower_name=agent.lower_pseudonym,
        aliases=[],
        description=None,
        part_of=None,
        party=agent.id,
        merged_into=None,
        wikidata_id=None,
    )


def tell(row: Corroboration, agents: Mapping[UUID, Agent]) -> Corroboration:
    """As the rule says it to outsiders, where it says something else to them."""
    explanation = row.outside_explanation
    if explanation is None:
        named = any(agents[UUID(key)].protected for key in row.named)
        explanation = f"{row.status.capitalize()}." if named else row.explanation
    return replace(
        row,
        lines=row.lines if row.outside_lines is None else row.outside_lines,
        weakest_links=(row.weakest_links if row.outside_weakest_links is None else row.outside_weakest_links),
        explanation=explanation,
    )


def blank(revision: Revision) -> Revision:
    """That something was done, when and by whom; not what it was."""
    return replace(revision, reason=None, before=None, after=None)


def _without(table: Mapping[UUID, Any], hidden: Collection[UUID]) -> dict[UUID, Any]:
    return {key: row for key, row in table.items() if key not in hidden}


def _flat(groups: Mapping[UUID, list[Any]], hidden: Collection[UUID]) -> Iterable[Any]:
    """Rows of claims that are not hidden."""
    return (row for claim, rows in groups.items() if claim not in hidden for row in rows)
