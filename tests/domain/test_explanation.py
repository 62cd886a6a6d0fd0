"""The sentence that says why."""

from __future__ import annotations

import random

import pytest

from app.domain.corroboration import corroborate
from app.domain.vocabulary import Basis, Stance, Status
from tests.domain.made_records import (
    evaluate,
    exactly,
    key,
    make_agent,
    make_assessment,
    make_claim,
    make_record,
    make_source,
)


def test_reports_that_do_not_say_how_they_know_are_told_apart() -> None:
    sources = [make_source(f"s{i}", f"paper {i}") for i in range(4)]
    mute = [make_claim(f"mute {i}", f"s{i}", exactly(7), basis=Basis.UNATTRIBUTED) for i in range(2)]
    rival = make_claim("rival", "s2", exactly(9), basis=Basis.UNATTRIBUTED)
    speaking = make_claim("speaking", "s3", exactly(7), "minister")
    minister = make_agent("minister")
    explained = {
        "mute": evaluate(make_record(*sources, *mute), "mute 1").explanation,
        "rival": evaluate(make_record(*sources, mute[0], rival), "mute 0").explanation,
        "speaking": evaluate(make_record(minister, *sources, *mute, speaking, rival), "mute 0").explanation,
        "against": evaluate(make_record(minister, *sources, speaking, rival), "rival").explanation,
    }
    assert explained == {
        "mute": "Uncorroborated: 2 reports, none of which says how it knows; none against.",
        "rival": "Uncorroborated: 1 report, which does not say how it knows; "
        "1 report against that does not say how it knows.",
        "speaking": "Uncorroborated: 3 reports, but every one that says how it knows goes back to minister; "
        "1 report against that does not say how it knows.",
        "against": "Disputed: no independent line in 1 report for, 1 independent line in 1 report against.",
    }


def test_three_roads_that_meet_two_by_two_are_told_apart_from_one_origin() -> None:
    record = make_record(
        *(make_source(f"s{i}", publisher) for i, publisher in enumerate(["A", "B", "A"])),
        make_claim("ab", "s0", exactly(7), "B"),
        make_claim("bc", "s1", exactly(7), "C"),
        make_claim("ca", "s2", exactly(7), "C"),
    )
    result = evaluate(record, "ab")
    assert (result.lines_for, len(result.weakest_links)) == (1, 2)
    assert result.explanation == (
        "Uncorroborated: 3 reports, but no two independent of each other; none against."
    )


def test_an_outdated_claim_says_whose_later_word_it_was() -> None:
    record = make_record(
        make_agent("militia"),
        make_agent("ministry"),
        make_source("s0", "Daily", published="2019-12-29"),
        make_source("s1", "Daily", published="2019-12-30"),
        make_claim("old", "s0", exactly(19), ["militia", "ministry"]),
        make_claim("new", "s1", exactly(25), ["ministry", "militia"]),
    )
    result = evaluate(record, "old")
    assert result.status is Status.OUTDATED
    names = {key(name): name for name in ("militia", "ministry")}
    first, second = sorted(names)
    assert result.explanation == (
        f"Outdated: {names[first]} and {names[second]} later said otherwise; "
        "1 independent line in 1 report for, 1 independent line in 1 report against."
    )
    assert result.named == (first, second)


def test_who_published_and_passed_on_is_told_apart_from_whom_it_goes_back_to() -> None:
    record = make_record(
        make_agent("Daily"),
        make_source("own", "Daily"),
        make_source("passed on", "Daily", reprints="wire"),
        make_source("wire", "AP"),
        make_claim("seven", "own", exactly(7)),
        make_assessment("seven", Stance.SUPPORTS, evidence_source="passed on"),
    )
    assert evaluate(record, "seven").explanation == (
        "Uncorroborated: 2 reports, but every one passed through Daily; none against."
    )


def test_a_withdrawn_claim_says_how_it_knew() -> None:
    record = make_record(
        make_agent("minister"),
        make_source("a", "Daily"),
        make_source("b", "Weekly"),
        make_claim("seven", "a", exactly(7), "minister"),
        make_claim("withdrawn", "b", exactly(7), "minister", withdrawn=True),
    )
    assert evaluate(record, "withdrawn").explanation == (
        "Uncorroborated: 2 reports, but every one goes back to minister; none against."
    )


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("c0", "Disputed: at least {0} independent lines in 80 reports for, 1 independent line in 1 report"),
        ("rival", "Contradicted: 1 independent line in 1 report for, at least {1} independent lines in 80"),
        ("judged", "Contradicted: 1 independent line in 1 report for, at least {1} independent lines in 80"),
    ],
)
def test_a_count_that_was_cut_off_says_so(claim: str, told: str) -> None:
    rng = random.Random(1)
    parties = [f"voice {i}" for i in range(40)]
    record = make_record(
        *(make_source(f"s{i}") for i in range(82)),
        *(make_claim(f"c{i}", f"s{i}", exactly(7), *rng.sample(parties, 4)) for i in range(80)),
        make_claim("rival", "s80", exactly(9)),
        make_claim("judged", "s81", question=None),
        *(make_assessment("judged", Stance.CONTRADICTS, evidence_claim=f"c{i}") for i in range(80)),
    )
    result = corroborate(record, [key(claim)], budget=100)[key(claim)]
    assert not result.lines_exact
    assert result.explanation.startswith(told.format(result.lines_for, result.lines_against))
