"""Which claims are live, and how assessments replace comparisons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.answers import Answer
from app.domain.corroboration import corroborate, list_evidence
from app.domain.records import Record
from app.domain.vocabulary import EvidenceBasis, Side, Stance
from tests.domain.made_records import (
    evaluate,
    exactly,
    figures,
    key,
    make_assessment,
    make_claim,
    make_record,
    make_source,
    with_claims,
)


def test_only_the_newest_version_that_speaks_to_a_question_is_live() -> None:
    record = make_record(
        make_source("first", "Daily"),
        make_source("second", "Daily", revises="first"),
        make_source("third", "Daily", revises="second"),
        make_claim("nine", "first", exactly(9), "minister"),
        make_claim("seven", "second", exactly(7), "minister"),
        make_claim("elsewhere", "first", exactly(9), "minister", question=key("another question")),
        make_claim("withdrawn", "third", exactly(5), "minister", withdrawn=True),
    )
    live = {name: evaluate(record, name).live for name in ("nine", "seven", "elsewhere", "withdrawn")}
    assert live == {"nine": False, "seven": True, "elsewhere": True, "withdrawn": False}
    assert figures(evaluate(record, "nine")) == ("DISPUTED", 1, 1, 1, 1)
    assert figures(evaluate(record, "seven")) == ("UNCORROBORATED", 1, 0, 1, 0)


def test_what_the_newest_version_took_back_does_not_bring_the_old_one_to_life() -> None:
    record = make_record(
        make_source("first", "Daily"),
        make_source("second", "Daily", revises="first"),
        make_claim("nine", "first", exactly(9), "minister"),
        make_claim("seven", "second", exactly(7), "minister", retracted=True),
    )
    assert not evaluate(record, "nine").live
    seven = evaluate(record, "seven")
    assert figures(seven) == ("RETRACTED", 1, 0, 1, 0)
    assert seven.explanation == (
        "Retracted: its source took it back; 1 independent line in 1 report for, none against."
    )


def _assessed(*assessments: tuple[Stance, str], **extra: Answer) -> Record:
    """`claim` says 7, `rival` 9, `ally` 7; `silent`, an article with nothing on the question."""
    return make_record(
        make_source("a", "Daily"),
        make_source("b", "Weekly"),
        make_source("c", "Monthly"),
        make_source("silent", "Yearly"),
        make_claim("claim", "a", exactly(7), "minister"),
        make_claim("rival", "b", extra.get("rival", exactly(9)), "militia"),
        make_claim("ally", "c", exactly(7), "witness"),
        *(make_assessment("claim", stance, by=by, evidence_claim="rival") for stance, by in assessments),
    )


def test_without_assessments_answers_are_compared() -> None:
    assert figures(evaluate(_assessed(), "claim")) == ("DISPUTED", 2, 1, 2, 1)


def test_an_assessment_replaces_the_comparison_in_the_evidence_of_its_claim_alone() -> None:
    record = _assessed((Stance.SUPPORTS, "r"))
    assert figures(evaluate(record, "claim")) == ("CORROBORATED", 3, 0, 3, 0)
    assert figures(evaluate(record, "ally")) == ("DISPUTED", 2, 1, 2, 1)
    assert figures(evaluate(record, "rival")) == ("CONTRADICTED", 1, 2, 1, 2)
    items = {(e.claim, e.side, e.basis) for e in list_evidence(record, key("claim"))}
    assert items == {
        (key("claim"), Side.FOR, EvidenceBasis.COMPARISON),
        (key("ally"), Side.FOR, EvidenceBasis.COMPARISON),
        (key("rival"), Side.FOR, EvidenceBasis.ASSESSMENT),
    }


@pytest.mark.parametrize("stance", [Stance.CONTEXT, Stance.ABSENT])
def test_context_and_absent_change_nothing(stance: Stance) -> None:
    assert corroborate(_assessed((stance, "r"))) == corroborate(_assessed())


def test_where_researchers_differ_each_stance_counts() -> None:
    result = evaluate(_assessed((Stance.SUPPORTS, "r"), (Stance.CONTRADICTS, "s")), "claim")
    assert figures(result) == ("DISPUTED", 3, 1, 3, 1)
    assert result.disagreed
    assert result.explanation == (
        "Disputed: 3 independent lines in 3 reports for, 1 independent line in 1 report against; "
        "researchers differ on the evidence."
    )


@pytest.mark.parametrize(
    ("assessments", "disagreed"),
    [
        ([(Stance.SUPPORTS, "r"), (Stance.SUPPORTS, "s")], False),
        ([(Stance.SUPPORTS, "r"), (Stance.CONTRADICTS, "r")], False),
        ([(Stance.SUPPORTS, "r"), (Stance.ABSENT, "s")], True),
        ([(Stance.SUPPORTS, "r")], False),
    ],
)
def test_to_differ_takes_two_researchers_and_two_stances(
    assessments: list[tuple[Stance, str]], disagreed: bool
) -> None:
    assert evaluate(_assessed(*assessments), "claim").disagreed is disagreed


def test_a_source_put_forward_brings_its_publishers_as_a_chain() -> None:
    record = make_record(
        make_source("a", "Daily"),
        make_source("wire", "AP"),
        make_source("reprint", "Weekly", reprints="wire"),
        make_claim("claim", "a", exactly(7), "minister"),
        make_assessment("claim", Stance.CONTRADICTS, evidence_source="reprint"),
    )
    result = evaluate(record, "claim")
    assert figures(result) == ("DISPUTED", 1, 1, 1, 1)
    assert result.lines[Side.AGAINST] == ((key("AP"), key("Weekly")),)


def test_a_claim_is_not_assessed_by_itself_nor_by_its_own_source() -> None:
    record = make_record(
        make_source("a", "Daily"),
        make_claim("claim", "a", exactly(7), "minister"),
        make_assessment("claim", Stance.CONTRADICTS, evidence_source="a"),
        make_assessment("claim", Stance.CONTRADICTS, evidence_claim="claim"),
    )
    assert figures(evaluate(record, "claim")) == ("UNCORROBORATED", 1, 0, 1, 0)


def test_evidence_that_is_not_live_counts_nowhere() -> None:
    record = _assessed((Stance.SUPPORTS, "r"))
    rival = record.claims[key("rival")]
    others = [claim for claim in record.claims.values() if claim is not rival]
    for gone in (replace(rival, retracted=True), replace(rival, withdrawn=True)):
        result = evaluate(with_claims(record, [*others, gone]), "claim")
        assert figures(result) == ("CORROBORATED", 2, 0, 2, 0)


def test_a_claim_on_no_question_has_the_evidence_that_researchers_give_it() -> None:
    record = make_record(
        make_source("a", "Daily"),
        make_source("b", "Weekly"),
        make_claim("claim", "a", None, "minister", question=None),
        make_claim("other", "b", None, "militia", question=None),
        make_assessment("claim", Stance.SUPPORTS, evidence_claim="other"),
    )
    assert figures(evaluate(record, "claim")) == ("CORROBORATED", 2, 0, 2, 0)
    assert figures(evaluate(record, "other")) == ("UNCORROBORATED", 1, 0, 1, 0)
