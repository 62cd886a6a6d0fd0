"""What the services would refuse, asked beforehand, so that nothing is written of a file that has a fault.

One rule, one place: the checks are the services' own, and only their fields are named as a bundle names them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Final

from app.domain.vocabulary import QuestionKind
from app.errors import InvalidInput
from app.exchange.drafts import (
    draft_agent,
    draft_assessment,
    draft_claim,
    draft_event,
    draft_quantity,
    draft_question,
    draft_source,
    stand_in,
)
from app.exchange.entries import (
    AgentEntry,
    AssessmentEntry,
    ClaimEntry,
    EventEntry,
    QuestionEntry,
    SourceEntry,
)
from app.exchange.fields import Fields
from app.services import agents, answers, assessments, events, questions, sources
from app.services.chains import check_hops
from app.services.inputs import MAX_CONTEXT, MAX_LINE, MAX_NOTE, MAX_QUOTE, MAX_STATEMENT, Problems

# The services name fields as the API does.
_NAMES: Final[Mapping[str, str]] = {
    "wikidataId": "wikidata_id",
    "endsOn": "ends_on",
    "archiveUrl": "archive_url",
    "retrievedAt": "retrieved_at",
    "mediaType": "media_type",
    "evidenceClaim": "evidence_claim",
    "hops": "attribution",
    "agents": "agent",
}


def check_agent(fields: Fields, entry: AgentEntry) -> None:
    _hear(fields, lambda: agents.check_agent(asdict(draft_agent(entry, stand_in))))


def check_event(fields: Fields, entry: EventEntry) -> None:
    _hear(fields, lambda: events.check_event(asdict(draft_event(entry))))


def check_question(fields: Fields, entry: QuestionEntry) -> None:
    _hear(fields, lambda: questions.check_question(asdict(draft_question(entry, stand_in))))


def check_source(fields: Fields, entry: SourceEntry) -> None:
    _hear(fields, lambda: sources.check_source(asdict(draft_source(entry, stand_in))))


def check_claim(fields: Fields, entry: ClaimEntry) -> None:
    """All but its answer, which hangs on the question, and whether its quote stands in the text."""
    problems = Problems()
    problems.check_text(entry.statement, "statement", max_length=MAX_STATEMENT)
    problems.check_text(entry.note, "note", max_length=MAX_NOTE, blank=True)
    problems.check_text(entry.quote.exact, "quote", "exact", max_length=MAX_QUOTE)
    problems.check_text(entry.quote.prefix, "quote", "prefix", max_length=MAX_CONTEXT, blank=True)
    problems.check_text(entry.quote.suffix, "quote", "suffix", max_length=MAX_CONTEXT, blank=True)
    check_hops(problems, entry.basis, draft_claim(entry, stand_in).hops)
    _hear(fields, lambda: problems)


def check_answer(fields: Fields, entry: ClaimEntry, kind: QuestionKind | None) -> None:
    """Whether a claim answers as its question asks; `kind` None is that of a claim without a question."""
    problems = Problems()
    answers.check_answer(problems, draft_quantity(entry.quantity), entry.polarity, kind)
    _hear(fields, lambda: problems)


def check_assessment(fields: Fields, entry: AssessmentEntry) -> None:
    _hear(fields, lambda: assessments.check_assessment(draft_assessment(entry, stand_in)))
    if entry.recorded_by is not None:
        problems = Problems()
        problems.check_name(entry.recorded_by, "recorded_by")
        _hear(fields, lambda: problems)


def check_reason(fields: Fields, reason: str | None, name: str = "reason") -> None:
    check_words(fields, name, reason, MAX_NOTE)


def check_url(fields: Fields, name: str, url: str | None) -> None:
    problems = Problems()
    problems.check_url(url, name)
    _hear(fields, lambda: problems)


def check_line(fields: Fields, name: str, words: str) -> bool:
    """Whether the words can be kept as one line."""
    return check_words(fields, name, words, MAX_LINE)


def check_words(fields: Fields, name: str, words: str | None, max_length: int) -> bool:
    """Whether the words can be kept; None can."""
    problems = Problems()
    problems.check_text(words, name, max_length=max_length)
    return _hear(fields, lambda: problems)


def _hear(fields: Fields, check: Callable[[], Problems | None]) -> bool:
    """Whether a check of the services found nothing; what it found is a fault."""
    try:
        found = check()
        if found is not None:
            found.raise_any()
    except InvalidInput as refused:
        for problem in refused.problems:
            # The services count the items of a list from 0, people from 1.
            path = [
                str(int(part) + 1) if part.isdecimal() else _NAMES.get(part, part) for part in problem.path
            ]
            fields.refuse(".".join(path), problem.message)
        return False
    return True
