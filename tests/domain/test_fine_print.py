"""The fine print of docs/corroboration.md, by its numbers, where no other test stands for one alone."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from app.domain.records import Agent, Source
from app.domain.vocabulary import AgentKind, Basis, Stance
from tests.domain.made_records import (
    at_least,
    evaluate,
    exactly,
    figures,
    key,
    make_agent,
    make_assessment,
    make_claim,
    make_record,
    make_source,
)


def test_2_a_revision_says_nothing_of_its_own_publisher() -> None:
    record = make_record(
        make_source("first", "Daily"),
        make_source("second", "Weekly", revises="first", reprints="wire"),
        make_source("wire", "AP"),
        make_source("elsewhere", "Weekly"),
        make_claim("revised", "second", exactly(7)),
        make_claim("other", "elsewhere", exactly(7)),
    )
    assert figures(evaluate(record, "revised")) == ("CORROBORATED", 2, 0, 2, 0)


@pytest.mark.parametrize("kind", [AgentKind.UNNAMED, AgentKind.OUTLET])
def test_6_who_saw_it_is_not_anonymous(kind: AgentKind) -> None:
    """Not even a publisher without a name: their own word withdraws what they said before."""
    record = make_record(
        make_agent("witness", kind),
        make_source("a", "witness", published="2020-01-01"),
        make_source("b", "witness", published="2020-01-02"),
        make_claim("nine", "a", exactly(9)),
        make_claim("seven", "b", exactly(7)),
    )
    assert evaluate(record, "nine").status == "OUTDATED"
    named = make_record(
        make_agent("voice", AgentKind.UNNAMED, part_of="witness"),
        make_source("a", "witness", published="2020-01-01"),
        make_source("b", "Daily", published="2020-01-02"),
        make_agent("witness", AgentKind.OUTLET),
        make_claim("nine", "a", exactly(9)),
        make_claim("seven", "b", exactly(7), "voice"),
    )
    assert evaluate(named, "nine").status == "DISPUTED", "no voice without a name withdraws it"


def _live(*sources: Source) -> set[str]:
    """Which of these versions have a live claim, if each has one."""
    claims = [
        replace(make_claim(f"claim {n}", "", exactly(n), basis=Basis.UNATTRIBUTED), source=source.id)
        for n, source in enumerate(sources)
    ]
    record = make_record(*sources, *claims)
    return {f"claim {n}" for n in range(len(sources)) if evaluate(record, f"claim {n}").live}


def test_8_the_newest_version_is_the_one_most_revisions_away() -> None:
    """Whatever their ids and their dates are."""
    for first, second, third in itertools.permutations(("v1", "v2", "v3")):
        versions = (
            make_source(first, "Daily", published="2020-01-03"),
            make_source(second, "Daily", revises=first, published="2020-01-02"),
            make_source(third, "Daily", revises=second, published="2020-01-01"),
        )
        assert _live(*versions) == {"claim 2"}


@pytest.mark.parametrize("names", [("v1", "v2"), ("v2", "v1")])
def test_8_of_two_revisions_of_one_version_the_later_published_is_the_newer(names: tuple[str, str]) -> None:
    earlier, later = names
    first = make_source("v0", "Daily")
    dated = (
        make_source(earlier, "Daily", revises="v0", published="2020-01-01"),
        make_source(later, "Daily", revises="v0", published="2020-01-02"),
    )
    assert _live(first, *dated) == {"claim 2"}
    undated = [make_source(name, "Daily", revises="v0") for name in names]
    newer = max(undated, key=lambda source: source.id)
    assert _live(first, *undated) == {f"claim {1 + undated.index(newer)}"}


def test_9_what_an_older_version_said_still_outdates() -> None:
    """Of the weekly only the second version counts, which has no word of the minister; he did say seven."""
    record = make_record(
        make_source("first", "Weekly"),
        make_source("second", "Weekly", revises="first"),
        make_source("daily", "Daily"),
        make_claim("nine", "daily", exactly(9), "minister", asserted="2020-01-01"),
        make_claim("seven", "first", exactly(7), "minister", asserted="2020-01-02"),
        make_claim("more", "second", at_least(2), "militia", asserted="2020-01-03"),
    )
    assert not evaluate(record, "seven").live
    assert evaluate(record, "nine").status == "OUTDATED"


def test_10_a_withdrawn_claim_has_the_status_of_the_table() -> None:
    rows = (
        make_source("a", "Daily"),
        make_source("b", "Weekly"),
        make_claim("seven", "b", exactly(7), "minister", asserted="2020-01-02"),
    )
    for withdrawn, status in ((False, "OUTDATED"), (True, "DISPUTED")):
        claim = make_claim("nine", "a", exactly(9), "minister", asserted="2020-01-01", withdrawn=withdrawn)
        assert evaluate(make_record(*rows, claim), "nine").status == status


def test_11_a_withdrawn_piece_of_evidence_is_no_reason_to_differ() -> None:
    for withdrawn in (False, True):
        record = make_record(
            make_source("a", "Daily"),
            make_source("b", "Weekly"),
            make_claim("seven", "a", exactly(7)),
            make_claim("nine", "b", exactly(9), withdrawn=withdrawn),
            make_assessment("seven", Stance.SUPPORTS, by="one", evidence_claim="nine"),
            make_assessment("seven", Stance.CONTRADICTS, by="other", evidence_claim="nine"),
        )
        assert evaluate(record, "seven").disagreed is not withdrawn


def test_12_both_stances_put_a_source_on_both_sides() -> None:
    record = make_record(
        make_source("a", "Daily"),
        make_source("b", "Weekly"),
        make_claim("seven", "a", exactly(7)),
        make_assessment("seven", Stance.SUPPORTS, by="one", evidence_source="b"),
        make_assessment("seven", Stance.CONTRADICTS, by="other", evidence_source="b"),
    )
    assert figures(evaluate(record, "seven")) == ("DISPUTED", 2, 1, 2, 1)


def test_14_a_source_put_forward_has_no_say_in_who_is_shown() -> None:
    """Of several smallest sets one with the most origins: a source that was put forward has none."""
    for agency, daily in (("AP", "Daily"), ("Daily", "AP")):
        record = make_record(
            make_source("a", daily),
            make_source("b", agency, reprints="wire"),
            make_source("wire", daily),
            make_claim("seven", "a", exactly(7), agency),
            make_assessment("seven", Stance.SUPPORTS, evidence_source="b"),
        )
        assert evaluate(record, "seven").weakest_links == (key(agency),)


def test_15_what_revises_and_reprints_counts_with_what_it_revises() -> None:
    record = make_record(
        make_source("wire", "AP"),
        make_source("first", "Daily"),
        make_source("second", "Daily", revises="first", reprints="wire"),
        make_claim("wired", "wire", exactly(7)),
        make_claim("one", "first", exactly(7), question=key("elsewhere")),
        make_claim("two", "second", exactly(7)),
    )
    assert figures(evaluate(record, "two")) == ("CORROBORATED", 2, 0, 2, 0)
    judged = make_record(
        *record.sources.values(),
        *record.claims.values(),
        make_assessment("wired", Stance.SUPPORTS, evidence_source="first"),
        make_assessment("wired", Stance.SUPPORTS, evidence_source="second"),
    )
    assert figures(evaluate(judged, "wired")) == ("CORROBORATED", 2, 0, 2, 0), "one report of the daily's"


def test_a_merged_agent_stands_for_the_other_whatever_it_is_part_of_itself() -> None:
    agents: list[Agent] = [
        make_agent("desk", part_of="Daily", merged_into="bureau"),
        make_agent("bureau", part_of="AP"),
        make_agent("Daily"),
        make_agent("AP"),
    ]
    record = make_record(
        *agents,
        make_source("a", "desk"),
        make_source("b", "Daily"),
        make_source("c", "AP"),
        make_claim("one", "a", exactly(7)),
        make_claim("two", "b", exactly(7)),
        make_claim("three", "c", exactly(7)),
    )
    assert figures(evaluate(record, "one")) == ("CORROBORATED", 2, 0, 3, 0)
