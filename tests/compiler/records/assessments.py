"""Researchers' judgements on claims: by claims and by sources, in accord and not, standing and withdrawn."""

from __future__ import annotations

from tests.compiler.records.keys import Row

_WITHDRAWN: Row = {
    "withdrawn_at": "2020-04-05T06:07:08+00:00",
    "withdrawn_by": "edit",
    "withdrawal_reason": "Mistook one report for another.",
}


def judged(claim: str, stance: str, by: str, **evidence: object) -> Row:
    return {
        "claim": claim,
        "stance": stance,
        "recorded_by": by,
        "rationale": f"{stance}, says {by}.",
    } | evidence


ASSESSMENTS: dict[str, Row] = {
    # Two researchers differ on one pair.
    "supports": judged("at_least_25", "SUPPORTS", "ada", evidence_claim="exactly_28", credibility=1),
    "contradicts": judged("at_least_25", "CONTRADICTS", "noor", evidence_claim="exactly_28", credibility=6),
    "source_supports": judged("at_least_25", "SUPPORTS", "edit", evidence_source="video"),
    "source_contradicts": judged("at_least_25", "CONTRADICTS", "noor", evidence_source="wire", credibility=3),
    "source_context": judged("at_least_25", "CONTEXT", "ada", evidence_source="dataset"),
    # The figure is not in the source that is cited for it.
    "absent": judged(
        "two_dozen", "ABSENT", "noor", evidence_source="statement", rationale="No figure at all.\n“None”."
    ),
    "withdrawn": judged("two_dozen", "SUPPORTS", "noor", evidence_claim="fewer_than_20") | _WITHDRAWN,
    # The same pair again by the same researcher, now that the first is withdrawn.
    "again": judged("two_dozen", "CONTRADICTS", "noor", evidence_claim="fewer_than_20", credibility=2),
    "on_withdrawn_claim": judged("withdrawn", "SUPPORTS", "ada", evidence_claim="exactly_28"),
    "by_withdrawn_claim": judged("exactly_28", "SUPPORTS", "ada", evidence_claim="withdrawn"),
    "by_retracted_claim": judged("no_lower_bound", "CONTRADICTS", "edit", evidence_claim="retracted"),
    "across_questions": judged("unasked", "SUPPORTS", "edit", evidence_claim="iran_did", credibility=4),
    "only_withdrawn": judged("iran_did_not", "CONTEXT", "reader", evidence_claim="iran_did") | _WITHDRAWN,
    # Of what is hidden, by what is hidden, by a source that is.
    "on_hidden": judged("off_record", "SUPPORTS", "noor", evidence_claim="exactly_28"),
    "by_hidden": judged("at_least_25", "SUPPORTS", "noor", evidence_claim="off_record"),
    "by_hidden_source": judged("two_dozen", "SUPPORTS", "edit", evidence_source="leak_reprint"),
    "agree": judged("iran_did_not", "CONTRADICTS", "ada", evidence_claim="iran_did", credibility=2),
    "agree_too": judged(
        "iran_did_not", "CONTRADICTS", "edit", evidence_claim="iran_did", credibility=5, version=2
    ),
}
