"""The nodes: what each field is that is not simply the column of the same name."""

from __future__ import annotations

from typing import Any

from app.domain.identifiers import NodeType, encode_id, encode_token_id
from app.domain.vocabulary import Role
from tests.compiler.plain.connections import Connection, connect
from tests.compiler.plain.filters import (
    accepts_assessment,
    accepts_claim,
    accepts_question,
    accepts_source,
)
from tests.compiler.plain.parts import (
    hops_of,
    moment_of,
    quantity_of,
    quote_of,
    retraction_of,
    withdrawal_of,
)
from tests.compiler.plain.reader import Fields, Reader
from tests.compiler.plain.rows import Assessment, Claim, Question, Revision, Source


def list_claims(reader: Reader, claims: list[Claim], arguments: dict[str, Any]) -> Connection:
    if not arguments["includeWithdrawn"]:
        claims = [claim for claim in claims if claim.withdrawn_at is None]
    accepted = [claim for claim in claims if accepts_claim(arguments.get("filter"), claim, reader)]
    return connect("ClaimConnection", accepted, arguments)


def list_assessments(reader: Reader, assessments: list[Assessment], arguments: dict[str, Any]) -> Connection:
    if not arguments["includeWithdrawn"]:
        assessments = [assessment for assessment in assessments if assessment.withdrawn_at is None]
    accepted = [row for row in assessments if accepts_assessment(arguments.get("filter"), row, reader)]
    return connect("AssessmentConnection", accepted, arguments)


def list_sources(reader: Reader, sources: list[Source], arguments: dict[str, Any]) -> Connection:
    accepted = [source for source in sources if accepts_source(arguments.get("filter"), source, reader)]
    return connect("SourceConnection", accepted, arguments)


def list_questions(reader: Reader, questions: list[Question], arguments: dict[str, Any]) -> Connection:
    accepted = [row for row in questions if accepts_question(arguments.get("filter"), row, reader)]
    return connect("QuestionConnection", accepted, arguments)


def list_history(node: Any, reader: Reader, **arguments: Any) -> Connection:
    revisions: list[Revision] = reader.rows.revisions_of.get(node.id, [])
    return connect("RevisionConnection", revisions, arguments)


def claims_of_agent(agent: Any, reader: Reader, **arguments: Any) -> Connection:
    claims = [
        claim
        for claim in reader.rows.claims.values()
        if any(row.agent == agent.id for row in reader.rows.attributions_of.get(claim.id, []))
    ]
    return list_claims(reader, claims, arguments)


def recorded_by(node: Any, reader: Reader) -> Any:
    return reader.rows.researchers[node.recorded_by]


def is_owner(reader: Reader, researcher: Any) -> bool:
    return researcher.id == reader.viewer.researcher or reader.viewer.role == Role.ADMIN


RESEARCHER: Fields = {
    "id": lambda researcher, _: encode_id(NodeType.RESEARCHER, researcher.id),
    "email": lambda researcher, reader: researcher.email if is_owner(reader, researcher) else None,
    "tokens": lambda researcher, reader, **arguments: connect(
        "TokenConnection",
        [
            token
            for token in reader.rows.tokens.values()
            if is_owner(reader, researcher) and (token.researcher, token.purpose) == (researcher.id, "ACCESS")
        ],
        arguments,
    ),
}

ACCESS: Fields = {
    "researcher": lambda viewer, reader: reader.rows.researchers.get(viewer.researcher),
    "token": lambda viewer, reader: reader.rows.tokens.get(viewer.token),
}

TOKEN: Fields = {
    "id": lambda token, _: encode_token_id(token.id),
}

AGENT: Fields = {
    "id": lambda agent, _: encode_id(NodeType.AGENT, agent.id),
    "partOf": lambda agent, reader: reader.rows.agents.get(agent.part_of),
    "party": lambda agent, reader: reader.rows.agents[agent.party],
    "mergedInto": lambda agent, reader: reader.rows.agents.get(agent.merged_into),
    "recordedBy": recorded_by,
    "parts": lambda agent, reader, **arguments: connect(
        "AgentConnection",
        [part for part in reader.rows.agents.values() if part.part_of == agent.id],
        arguments,
    ),
    "claims": claims_of_agent,
    "sources": lambda agent, reader, **arguments: list_sources(
        reader,
        [source for source in reader.rows.sources.values() if source.publisher == agent.id],
        arguments,
    ),
    "history": list_history,
}

SOURCE: Fields = {
    "id": lambda source, _: encode_id(NodeType.SOURCE, source.id),
    "publisher": lambda source, reader: reader.rows.agents.get(source.publisher),
    "published": lambda source, _: moment_of(source.published_text, source.published),
    "textSha256": lambda source, _: source.text_sha256,
    "reprints": lambda source, reader: reader.rows.sources.get(source.reprints),
    "revises": lambda source, reader: reader.rows.sources.get(source.revises),
    "revisedBy": lambda source, reader: next(
        (other for other in reader.rows.sources.values() if other.revises == source.id), None
    ),
    "newestVersion": lambda source, reader: reader.rows.sources[source.newest_version],
    "recordedBy": recorded_by,
    "claims": lambda source, reader, **arguments: list_claims(
        reader, [claim for claim in reader.rows.claims.values() if claim.source == source.id], arguments
    ),
    "reprintedBy": lambda source, reader, **arguments: connect(
        "SourceConnection",
        [other for other in reader.rows.sources.values() if other.reprints == source.id],
        arguments,
    ),
    "history": list_history,
}

EVENT: Fields = {
    "id": lambda event, _: encode_id(NodeType.EVENT, event.id),
    "recordedBy": recorded_by,
    "questions": lambda event, reader, **arguments: list_questions(
        reader,
        [question for question in reader.rows.questions.values() if question.event == event.id],
        arguments,
    ),
    "history": list_history,
}

QUESTION: Fields = {
    "id": lambda question, _: encode_id(NodeType.QUESTION, question.id),
    "event": lambda question, reader: reader.rows.events.get(question.event),
    "mergedInto": lambda question, reader: reader.rows.questions.get(question.merged_into),
    "recordedBy": recorded_by,
    "claims": lambda question, reader, **arguments: list_claims(
        reader,
        [claim for claim in reader.rows.claims.values() if claim.question_root == question.root],
        arguments,
    ),
    "history": list_history,
}

CLAIM: Fields = {
    "id": lambda claim, _: encode_id(NodeType.CLAIM, claim.id),
    "quote": lambda claim, _: quote_of(claim),
    "source": lambda claim, reader: reader.rows.sources[claim.source],
    "question": lambda claim, reader: reader.rows.questions.get(claim.question),
    "attribution": lambda claim, reader: hops_of(reader.rows.attributions_of.get(claim.id, [])),
    "quantity": lambda claim, _: quantity_of(claim),
    "asserted": lambda claim, _: moment_of(claim.asserted_text, claim.asserted),
    "corroboration": lambda claim, reader: reader.rows.corroborations[claim.id],
    "retraction": lambda claim, _: retraction_of(claim),
    "withdrawal": lambda claim, _: withdrawal_of(claim),
    "recordedBy": recorded_by,
    "assessments": lambda claim, reader, **arguments: list_assessments(
        reader, reader.rows.assessments_of.get(claim.id, []), arguments
    ),
    "history": list_history,
}

ASSESSMENT: Fields = {
    "id": lambda assessment, _: encode_id(NodeType.ASSESSMENT, assessment.id),
    "claim": lambda assessment, reader: reader.rows.claims[assessment.claim],
    "evidenceClaim": lambda assessment, reader: reader.rows.claims.get(assessment.evidence_claim),
    "evidenceSource": lambda assessment, reader: reader.rows.sources.get(assessment.evidence_source),
    "withdrawal": lambda assessment, _: withdrawal_of(assessment),
    "recordedBy": recorded_by,
    "history": list_history,
}
