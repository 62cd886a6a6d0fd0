"""Through whom a claim reached us, and what that makes of lines and reports."""

from __future__ import annotations

from app.domain.corroboration import corroborate
from app.domain.vocabulary import AgentKind, Basis, Side
from tests.domain.made_records import (
    evaluate,
    exactly,
    figures,
    key,
    make_agent,
    make_claim,
    make_record,
    make_source,
    with_claims,
)


def test_eleven_papers_quoting_one_minister_are_one_line() -> None:
    papers = [make_source(f"article {i}", f"paper {i}") for i in range(11)]
    claims = [make_claim(f"claim {i}", f"article {i}", exactly(7), "minister") for i in range(11)]
    agents = [make_agent("minister", AgentKind.PERSON, part_of="Arcadia"), make_agent("Arcadia")]
    result = evaluate(make_record(*agents, *papers, *claims), "claim 3")
    assert figures(result) == ("UNCORROBORATED", 1, 0, 11, 0)
    assert result.weakest_links == (key("Arcadia"),)
    assert result.explanation == (
        "Uncorroborated: 11 reports, but every one goes back to Arcadia; none against."
    )
    assert result.named == (key("Arcadia"),)


def test_two_ministries_quoted_by_one_agency_are_one_line() -> None:
    record = make_record(
        make_agent("Agency", AgentKind.AGENCY),
        make_source("a", "Daily"),
        make_source("b", "Weekly"),
        make_claim("one", "a", exactly(7), "health", "Agency"),
        make_claim("two", "b", exactly(7), "defence", "Agency"),
    )
    result = evaluate(record, "one")
    assert figures(result) == ("UNCORROBORATED", 1, 0, 2, 0)
    assert result.explanation == (
        "Uncorroborated: 2 reports, but every one passed through Agency; none against."
    )


def test_joint_speakers_all_belong_to_the_chain() -> None:
    record = make_record(
        make_source("a", "Daily"),
        make_source("b", "Weekly"),
        make_source("c", "Monthly"),
        make_claim("joint", "a", exactly(7), ["health", "defence"]),
        make_claim("health alone", "b", exactly(7), "health"),
        make_claim("defence alone", "c", exactly(7), "defence"),
    )
    result = evaluate(record, "joint")
    assert result.lines_for == 2
    assert set(result.lines[Side.FOR]) == {
        (key("health"), key("Weekly")),
        (key("defence"), key("Monthly")),
    }
    alone = corroborate(with_claims(record, [record.claims[key("joint")]]))[key("joint")]
    assert alone.lines[Side.FOR] == ((*sorted([key("health"), key("defence")]), key("Daily")),)


def test_a_path_runs_from_the_origin_to_the_last_publisher_and_names_nobody_twice() -> None:
    record = make_record(
        make_agent("Pompeo", AgentKind.PERSON, part_of="State Department"),
        make_agent("State Department", part_of="United States"),
        make_agent("United States"),
        make_source("wire", "AP"),
        make_source("reprint", "Daily", reprints="wire"),
        make_claim("said", "reprint", exactly(7), "Pompeo", "State Department", "AP"),
    )
    result = evaluate(record, "said")
    assert result.lines[Side.FOR] == ((key("United States"), key("AP"), key("Daily")),)


def test_firsthand_is_a_line_of_its_publisher_and_unattributed_is_none() -> None:
    record = make_record(
        make_source("a"),
        make_source("b", "Weekly"),
        make_source("c", "Monthly"),
        make_claim("seen", "a", exactly(7)),
        make_claim("seen too", "b", exactly(7)),
        make_claim("hearsay", "c", exactly(7), basis=Basis.UNATTRIBUTED),
    )
    result = evaluate(record, "hearsay")
    assert figures(result) == ("CORROBORATED", 2, 0, 3, 0)
    assert result.explanation == "Corroborated: 2 independent lines in 3 reports, none against."
    # An unknown publisher is a party under the id of its source.
    assert set(result.lines[Side.FOR]) == {(key("a"),), (key("Weekly"),)}


def test_an_unknown_publisher_is_not_named() -> None:
    record = make_record(make_source("a"), make_claim("seen", "a", exactly(7)))
    result = evaluate(record, "seen")
    assert result.explanation == (
        "Uncorroborated: 1 report, which goes back to an unnamed publisher; none against."
    )
    assert result.named == ()


def test_a_reprint_and_a_revision_count_with_their_original() -> None:
    record = make_record(
        make_source("wire", "AP"),
        make_source("reprint", "Daily", reprints="wire"),
        make_source("revised reprint", "Daily", revises="reprint"),
        make_source("other", "Weekly"),
        make_claim("a", "wire", exactly(7), "minister"),
        make_claim("b", "reprint", exactly(7), "minister"),
        make_claim("c", "revised reprint", exactly(7), "minister"),
        make_claim("d", "other", exactly(7), "minister"),
    )
    assert {figures(result) for result in corroborate(record).values()} == {("UNCORROBORATED", 1, 0, 2, 0)}
