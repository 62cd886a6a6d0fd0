"""Mutations as a client writes them: what was done, or every detail of why not."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Ask

TEXT = "On Sunday at least 25 fighters died. About 750 soldiers deploy. About 750 soldiers wait."
REFUSALS = """
__typename
... on Error { code message hint }
... on InvalidInput { problems { path message } }
... on NotFound { id path }
... on QuoteNotFound { path candidates { exact start end } }
... on AmbiguousQuote { path candidates { exact prefix suffix start end } }
... on UnknownQuantity { path text }
... on UnknownMoment { path text }
... on ProtectedName { total places { agent path start end row } }
... on StaleVersion { expectedVersion currentVersion current { id __typename ... on Agent { name version } } }
... on Duplicate { id existing { id __typename } }
"""


def mutation(name: str, fields: str, *, input_type: str | None = None) -> str:
    """The document of a mutation with the one variable `input`.

    `fields` is selected of the payload. Fragments for refusals that the result cannot be are left out.
    """
    input_type = input_type or name[0].upper() + name[1:] + "Input"
    payload = PAYLOADS[name]
    refusals = REFUSALS
    for refusal, happens in HAPPENS.items():
        if name not in happens:
            refusals = "\n".join(line for line in refusals.splitlines() if f"on {refusal} " not in line)
    return f"""mutation($input: {input_type}!) {{
        {name}(input: $input) {{ ... on {payload} {{ {fields} }} {refusals} }} }}"""


PAYLOADS = {
    "recordAgent": "AgentPayload",
    "amendAgent": "AgentPayload",
    "recordSource": "SourcePayload",
    "amendSource": "SourcePayload",
    "reviseSource": "SourcePayload",
    "recordEvent": "EventPayload",
    "amendEvent": "EventPayload",
    "recordQuestion": "QuestionPayload",
    "amendQuestion": "QuestionPayload",
    "recordClaim": "ClaimPayload",
    "amendClaim": "ClaimPayload",
    "retractClaim": "ClaimPayload",
    "reinstateClaim": "ClaimPayload",
    "withdrawClaim": "ClaimPayload",
    "restoreClaim": "ClaimPayload",
    "recordAssessment": "AssessmentPayload",
    "withdrawAssessment": "AssessmentPayload",
    "mergeAgents": "MergeAgentsPayload",
    "unmergeAgents": "MergeAgentsPayload",
    "mergeQuestions": "MergeQuestionsPayload",
    "unmergeQuestions": "MergeQuestionsPayload",
    "createToken": "CreateTokenPayload",
    "revokeToken": "RevokeTokenPayload",
    "addResearcher": "ResearcherPayload",
    "changeRole": "ResearcherPayload",
    "disableResearcher": "ResearcherPayload",
    "linkIdentity": "ResearcherPayload",
    "unlinkIdentity": "ResearcherPayload",
    "enableResearcher": "ResearcherPayload",
}
_WORDING = {
    f"{verb}{noun}"
    for verb in ("record", "amend")
    for noun in ("Agent", "Source", "Event", "Question", "Claim")
} | {
    *("reviseSource", "retractClaim", "withdrawClaim"),
    *("recordAssessment", "withdrawAssessment"),
}
_AMENDING = {name for name in PAYLOADS if name.startswith("amend")}
_CLAIMING = {"recordClaim", "amendClaim"}
_SOURCING = {"recordSource", "amendSource", "reviseSource"}
HAPPENS = {
    "QuoteNotFound": _CLAIMING,
    "AmbiguousQuote": _CLAIMING,
    "UnknownQuantity": _CLAIMING,
    "UnknownMoment": _CLAIMING | _SOURCING | {"retractClaim"},
    "ProtectedName": _WORDING,
    "StaleVersion": _AMENDING | {"reinstateClaim"},
    "Duplicate": _CLAIMING
    | _SOURCING
    | {"recordAgent", "amendAgent", "restoreClaim", "recordAssessment", "mergeAgents", "unmergeAgents"}
    | {"addResearcher"},
}


async def do(ask: Ask, name: str, fields: str, /, **given: Any) -> dict[str, Any]:
    """The one result of a mutation."""
    answer = await ask(mutation(name, fields), input=given)
    assert "errors" not in answer, answer
    result: dict[str, Any] = answer["data"][name]
    return result


async def record_source(ask: Ask, **given: Any) -> str:
    given = {"kind": "ARTICLE", "title": "An article", "text": TEXT, **given}
    done = await do(ask, "recordSource", "source { id }", **given)
    id: str = done["source"]["id"]
    return id
