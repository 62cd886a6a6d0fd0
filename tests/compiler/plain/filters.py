"""What each condition of a filter means. One on a value that is missing is false, so its `not` is true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.identifiers import decode_id
from tests.compiler.plain.reader import Reader
from tests.compiler.plain.rows import Agent, Assessment, Claim, Event, Question, Source, Stretch

Filter = Mapping[str, Any]
Conditions = Mapping[str, Callable[[Any, Any, Reader], bool]]


def accepts(asked: Filter | None, row: Any, reader: Reader, conditions: Conditions) -> bool:
    """Whether a row meets every condition that is asked; one that is null is not."""
    if asked is None:
        return True
    return all(
        _meets(name, value, row, reader, conditions) for name, value in asked.items() if value is not None
    )


def _meets(name: str, value: Any, row: Any, reader: Reader, conditions: Conditions) -> bool:
    if name == "and":
        return all(accepts(each, row, reader, conditions) for each in value)
    if name == "or":
        return any(accepts(each, row, reader, conditions) for each in value)
    if name == "not":
        return not accepts(value, row, reader, conditions)
    return conditions[name](row, value, reader)


def keys(ids: Iterable[str]) -> set[UUID]:
    """The keys of ids that were checked before anything was read."""
    return {decoded[1] for id in ids if (decoded := decode_id(id))}


def within(moment: datetime, asked: Filter) -> bool:
    """From `from` up to, but not at, `to`."""
    start, end = asked.get("from"), asked.get("to")
    return (start is None or start <= moment) and (end is None or moment < end)


def meets_times(stretch: Stretch | None, asked: Filter) -> bool:
    """Whether some moment is in both the stretch and the range from `from` up to, but not at, `to`."""
    if stretch is None:
        return False
    start, end = asked.get("from"), asked.get("to")
    ends_late_enough = start is None or _reaches(stretch.upper, start, stretch.upper_inclusive)
    return ends_late_enough and (end is None or stretch.lower < end)


def meets_numbers(bounds: Stretch | None, asked: Filter) -> bool:
    """Whether some number is in both the bounds and the range from `lower` to `upper`, both included."""
    if bounds is None:
        return False
    lower, upper = asked.get("lower"), asked.get("upper")
    open_up = lower is None or bounds.upper is None
    if not open_up and not _reaches(bounds.upper, lower, bounds.upper_inclusive):
        return False
    return upper is None or bounds.lower is None or _reaches(upper, bounds.lower, bounds.lower_inclusive)


def _reaches(end: Any, start: Any, included: bool) -> bool:
    return bool(end > start or (included and end == start))


def _question(claim: Claim, reader: Reader) -> Question | None:
    """The question that is recorded, merged or not."""
    return reader.rows.questions.get(claim.question) if claim.question else None


def _is_about(claim: Claim, events: list[str], reader: Reader) -> bool:
    question = _question(claim, reader)
    return question is not None and question.event in keys(events)


def _is_compared_under(claim: Claim, questions: list[str], reader: Reader) -> bool:
    known = reader.rows.questions
    if claim.question_root is None:  # none, or none that the log tells
        return claim.question in keys(questions)
    return claim.question_root in {known[key].root for key in keys(questions) if key in known}


def _is_assessed_by(claim: Claim, researchers: list[str], reader: Reader) -> bool:
    return any(
        assessment.withdrawn_at is None and assessment.recorded_by in keys(researchers)
        for assessment in reader.rows.assessments_of.get(claim.id, [])
    )


def _has_hop(claim: Claim, reader: Reader, column: str, values: Iterable[Any]) -> bool:
    wanted = set(values)
    return any(getattr(row, column) in wanted for row in reader.rows.attributions_of.get(claim.id, []))


_CLAIM: Conditions = {
    "status": lambda claim, asked, reader: reader.rows.corroborations[claim.id].status in asked,
    "source": lambda claim, asked, _: claim.source in keys(asked),
    "publisher": lambda claim, asked, reader: reader.rows.sources[claim.source].publisher in keys(asked),
    "agent": lambda claim, asked, reader: _has_hop(claim, reader, "agent", keys(asked)),
    "party": lambda claim, asked, reader: (
        not keys(asked).isdisjoint(reader.rows.corroborations[claim.id].chain)
    ),
    "origin": lambda claim, asked, reader: (
        not keys(asked).isdisjoint(reader.rows.corroborations[claim.id].origins)
    ),
    "question": _is_compared_under,
    "event": _is_about,
    "basis": lambda claim, asked, _: claim.basis in asked,
    "mode": lambda claim, asked, reader: _has_hop(claim, reader, "mode", asked),
    "polarity": lambda claim, asked, _: claim.polarity in asked,
    "quantity": lambda claim, asked, _: meets_numbers(claim.bounds, asked),
    "asserted": lambda claim, asked, _: meets_times(claim.asserted, asked),
    "recorded": lambda claim, asked, _: within(claim.recorded_at, asked),
    "language": lambda claim, asked, reader: reader.rows.sources[claim.source].language in asked,
    "disagreed": lambda claim, asked, reader: reader.rows.corroborations[claim.id].disagreed == asked,
    "hasQuestion": lambda claim, asked, _: (claim.question is not None) == asked,
    "quoteStatus": lambda claim, asked, _: claim.quote_status in asked,
    "assessedBy": _is_assessed_by,
    "text": lambda claim, asked, reader: reader.holds("claim", claim.id, asked),
    "withdrawn": lambda claim, asked, _: (claim.withdrawn_at is not None) == asked,
    "restricted": lambda claim, asked, _: claim.restricted == asked,
    "hidden": lambda claim, asked, _: claim.hidden == asked,
}

_SOURCE: Conditions = {
    "kind": lambda source, asked, _: source.kind in asked,
    "publisher": lambda source, asked, _: source.publisher in keys(asked),
    "party": lambda source, asked, _: not keys(asked).isdisjoint(source.publishers),
    "url": lambda source, asked, _: source.url in asked,
    "language": lambda source, asked, _: source.language in asked,
    "published": lambda source, asked, _: meets_times(source.published, asked),
    "recorded": lambda source, asked, _: within(source.recorded_at, asked),
    "hasText": lambda source, asked, _: (source.text is not None) == asked,
    "newest": lambda source, asked, reader: (
        asked == all(other.revises != source.id for other in reader.rows.sources.values())
    ),
    "text": lambda source, asked, reader: reader.holds("source", source.id, asked),
    "restricted": lambda source, asked, _: source.restricted == asked,
    "hidden": lambda source, asked, _: source.hidden == asked,
}

_AGENT: Conditions = {
    "kind": lambda agent, asked, _: agent.kind in asked,
    "party": lambda agent, asked, _: agent.party in keys(asked),
    "partOf": lambda agent, asked, _: agent.part_of in keys(asked),
    "merged": lambda agent, asked, _: (agent.merged_into is not None) == asked,
    "recorded": lambda agent, asked, _: within(agent.recorded_at, asked),
    "text": lambda agent, asked, reader: reader.holds("agent", agent.id, asked),
}

_QUESTION: Conditions = {
    "kind": lambda question, asked, _: question.kind in asked,
    "event": lambda question, asked, _: question.event in keys(asked),
    "merged": lambda question, asked, _: (question.merged_into is not None) == asked,
    "recorded": lambda question, asked, _: within(question.recorded_at, asked),
    "text": lambda question, asked, reader: reader.holds("question", question.id, asked),
}

_EVENT: Conditions = {
    "startsFrom": lambda event, asked, _: event.starts_on is not None and asked <= event.starts_on,
    "startsTo": lambda event, asked, _: event.starts_on is not None and event.starts_on <= asked,
    "recorded": lambda event, asked, _: within(event.recorded_at, asked),
    "text": lambda event, asked, reader: reader.holds("event", event.id, asked),
}

_ASSESSMENT: Conditions = {
    "claim": lambda assessment, asked, _: assessment.claim in keys(asked),
    "evidenceClaim": lambda assessment, asked, _: assessment.evidence_claim in keys(asked),
    "evidenceSource": lambda assessment, asked, _: assessment.evidence_source in keys(asked),
    "stance": lambda assessment, asked, _: assessment.stance in asked,
    "recordedBy": lambda assessment, asked, _: assessment.recorded_by in keys(asked),
    "recorded": lambda assessment, asked, _: within(assessment.recorded_at, asked),
    "withdrawn": lambda assessment, asked, _: (assessment.withdrawn_at is not None) == asked,
}


def accepts_claim(asked: Filter | None, claim: Claim, reader: Reader) -> bool:
    return accepts(asked, claim, reader, _CLAIM)


def accepts_source(asked: Filter | None, source: Source, reader: Reader) -> bool:
    return accepts(asked, source, reader, _SOURCE)


def accepts_agent(asked: Filter | None, agent: Agent, reader: Reader) -> bool:
    return accepts(asked, agent, reader, _AGENT)


def accepts_question(asked: Filter | None, question: Question, reader: Reader) -> bool:
    return accepts(asked, question, reader, _QUESTION)


def accepts_event(asked: Filter | None, event: Event, reader: Reader) -> bool:
    return accepts(asked, event, reader, _EVENT)


def accepts_assessment(asked: Filter | None, assessment: Assessment, reader: Reader) -> bool:
    return accepts(asked, assessment, reader, _ASSESSMENT)
