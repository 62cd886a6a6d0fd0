"""The latest word of an origin replaces its earlier ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.answers import Answer
from app.domain.records import Agent, Claim, Source
from app.domain.vocabulary import AgentKind, Basis, Polarity, Status
from tests.domain.made_records import (
    at_least,
    at_most,
    between,
    evaluate,
    exactly,
    key,
    make_agent,
    make_claim,
    make_record,
    make_source,
)

VOICES = (
    make_agent("ministry"),
    make_agent("minister", AgentKind.PERSON, part_of="ministry"),
    make_agent("officials", AgentKind.UNNAMED, part_of="ministry"),
    make_agent("known official", AgentKind.UNNAMED, merged_into="minister"),
    make_agent("militia"),
)


def is_outdated(name: str, *rows: Agent | Source | Claim) -> bool:
    record = make_record(*VOICES, make_source("s", "Daily"), *rows)
    return evaluate(record, name).status is Status.OUTDATED


@pytest.mark.parametrize(
    ("earlier", "later", "outdated"),
    [
        (exactly(19), exactly(25), True),
        (exactly(19), exactly(19), False),
        # They may both hold.
        (exactly(25), at_least(20), False),
        (at_least(25), at_least(15), False),
        # Both may hold, and the later says more.
        (at_least(15), at_least(25), True),
        (at_least(15), exactly(28), True),
        (at_most(30), at_most(28), True),
        (between(20, 30), exactly(25), False),
        (Polarity.ASSERTS, Polarity.DENIES, True),
    ],
)
def test_a_later_word_replaces_what_it_conflicts_with_or_tightens(
    earlier: Answer, later: Answer, outdated: bool
) -> None:
    rows = (
        make_claim("earlier", "s", earlier, "minister", asserted="2019-12-29"),
        make_claim("later", "s", later, "ministry", asserted="2019-12-30"),
    )
    assert is_outdated("earlier", *rows) is outdated
    assert not is_outdated("later", *rows)


@pytest.mark.parametrize(
    ("earlier", "later", "outdated"),
    [
        ("2019-12-29", "2019-12-30T00:00:00Z", True),
        ("2019-12-29", "2019-12-29T23:59:59Z", False),
        ("2019-12-29", "2019-12", False),
        ("2019-12", "2020", True),
        ("2019-12-30T00:00:00Z", "2019-12-30T00:00:00Z", False),
        ("2019-12-30T00:00:00Z", "2019-12-30T03:00:00+03:00", False),
        (None, "2019-12-30", False),
        ("2019-12-29", None, False),
        # The day starts at the very instant, and is said after it; but the instant is not over before it.
        ("2019-12-30T00:00:00Z", "2019-12-30", False),
    ],
)
def test_later_is_a_matter_of_stretches(earlier: str | None, later: str | None, outdated: bool) -> None:
    rows = (
        make_claim("earlier", "s", exactly(19), "minister", asserted=earlier),
        make_claim("later", "s", exactly(25), "minister", asserted=later),
    )
    assert is_outdated("earlier", *rows) is outdated


def test_a_claim_without_a_moment_was_said_when_its_original_came_out() -> None:
    rows = (
        make_source("original", "Weekly", published="2019-12-29"),
        # It was reprinted after the later word, and that does not say it again.
        make_source("reprint", "Daily", published="2019-12-31", reprints="original"),
        make_source("revision", "Daily", published="2019-12-31", revises="original"),
        make_claim("in the reprint", "reprint", exactly(19), "minister"),
        make_claim("later", "s", exactly(25), "minister", asserted="2019-12-30"),
    )
    assert is_outdated("in the reprint", *rows)
    again = make_claim("in the revision", "revision", exactly(19), "minister")
    assert not is_outdated("in the reprint", *rows, again)


@pytest.mark.parametrize(
    ("published", "asserted", "outdated"),
    [
        ("2020-01-05", None, True),
        ("2020-01-05", "2019-12-28", False),
        # The version before came out on the 31st, and the revision is given no other date.
        ("2019-12-31", None, True),
        # A version is dated by no other source: neither by the version before nor by the wire.
        (None, None, False),
        (None, "2020-01-05", True),
    ],
)
@pytest.mark.parametrize("reprinted", [False, True])
def test_a_revised_reprint_says_what_it_says_when_it_comes_out(
    published: str | None, asserted: str | None, outdated: bool, reprinted: bool
) -> None:
    rows = (
        make_source("wire", "AP", published="2019-12-29"),
        make_source("first", "Daily", published="2019-12-31", reprints="wire"),
        make_source("revised", "Daily", published=published, reprints="wire", revises="first"),
        # It was reprinted in its turn, which dates nothing anew.
        make_source("passed on", "Weekly", reprints="revised"),
        make_claim("wired", "wire", exactly(19), "minister"),
        make_claim(
            "new figure", "passed on" if reprinted else "revised", exactly(25), "minister", asserted=asserted
        ),
    )
    assert is_outdated("wired", *rows) is outdated


@pytest.mark.parametrize(
    ("published", "outdated"), [("2020-01-05", False), ("2019-12-30", True), (None, False)]
)
def test_what_a_revised_reprint_says_is_outdated_by_what_is_said_since(
    published: str | None, outdated: bool
) -> None:
    """And not by what was said between the wire and the revision."""
    rows = (
        make_source("wire", "AP", published="2019-12-29"),
        make_source("first", "Daily", reprints="wire"),
        make_source("revised", "Daily", published=published, reprints="wire", revises="first"),
        make_claim("new figure", "revised", exactly(25), "minister"),
        make_claim("between", "s", exactly(20), "minister", asserted="2020-01-02"),
    )
    assert is_outdated("new figure", *rows) is outdated


def test_an_undated_revision_that_was_reprinted_was_said_by_the_reprint() -> None:
    """It came out before the reprint did, and the wire is no part of the chain."""
    rows = (
        make_source("wire", "AP", published="2019-12-29"),
        make_source("first", "Daily", reprints="wire"),
        make_source("revised", "Daily", reprints="wire", revises="first"),
        make_source("passed on", "Weekly", published="2020-01-06", reprints="revised"),
        make_claim("wired", "wire", exactly(19), "minister"),
        make_claim("new figure", "passed on", exactly(25), "minister"),
    )
    assert is_outdated("wired", *rows)


@pytest.mark.parametrize(
    ("again", "outdated"),
    [
        ("2019-12-30", False),
        ("2019-12-31", False),
        ("2019-12-30T09:00:00Z", False),
        # The month is not over when the later word is said.
        ("2019-12", False),
        ("2019-12-29", True),
        (None, True),
    ],
)
def test_a_claim_said_again_since_stands(again: str | None, outdated: bool) -> None:
    rows = (
        make_claim("earlier", "s", exactly(19), "minister", asserted="2019-12-28"),
        make_claim("later", "s", exactly(25), "minister", asserted="2019-12-30T09:00:00Z"),
        # In other words, the same numbers; by an unnamed voice of the same party.
        make_claim("again", "s", between(19, 19), "officials", asserted=again),
    )
    assert is_outdated("earlier", *rows) is outdated


def test_what_was_said_again_at_the_very_instant_stands() -> None:
    """Of two words that end then the instant is the later, in whichever order they come."""
    day = make_claim("day", "s", exactly(19), "minister", asserted="2019-12-29")
    midnight = make_claim("midnight", "s", exactly(19), "minister", asserted="2019-12-30T00:00:00Z")
    later = make_claim("later", "s", exactly(25), "minister", asserted="2019-12-30")
    for rows in ((day, midnight, later), (midnight, day, later)):
        assert not is_outdated("day", *rows)


def test_what_was_said_again_can_be_replaced_again() -> None:
    rows = (
        make_claim("19", "s", exactly(19), "minister", asserted="2019-12-28"),
        make_claim("25", "s", exactly(25), "minister", asserted="2019-12-29"),
        make_claim("19 again", "s", exactly(19), "minister", asserted="2019-12-30"),
        make_claim("28", "s", exactly(28), "minister", asserted="2019-12-31"),
    )
    assert [is_outdated(name, *rows) for name in ("19", "25", "19 again", "28")] == [True, True, True, False]


@pytest.mark.parametrize(
    ("before", "after", "outdated"),
    [
        (["officials"], ["officials"], True),
        (["officials"], ["minister"], True),
        (["minister"], ["officials"], False),
        (["minister", "officials"], ["officials"], False),
        (["minister"], ["officials", "minister"], True),
        # Unnamed once, and known since by name.
        (["minister"], ["known official"], True),
    ],
)
def test_anonymous_voices_do_not_withdraw_a_statement(
    before: list[str], after: list[str], outdated: bool
) -> None:
    rows = (
        make_claim("earlier", "s", exactly(19), before, asserted="2019-12-29"),
        make_claim("later", "s", exactly(25), after, asserted="2019-12-30"),
    )
    assert is_outdated("earlier", *rows) is outdated


def test_each_of_joint_origins_must_have_said_otherwise() -> None:
    joint = make_claim("joint", "s", exactly(19), ["minister", "militia"], asserted="2019-12-28")
    minister = make_claim("minister's", "s", exactly(25), "minister", asserted="2019-12-29")
    militia = make_claim("militia's", "s", exactly(28), "militia", asserted="2019-12-30")
    assert not is_outdated("joint", joint, minister)
    assert is_outdated("joint", joint, minister, militia)
    again = make_claim("again", "s", exactly(19), "militia", asserted="2019-12-31")
    assert not is_outdated("joint", joint, minister, militia, again)


def test_only_the_first_hop_and_the_same_question_count() -> None:
    earlier = make_claim("earlier", "s", exactly(19), "minister", asserted="2019-12-28")
    passed_on = make_claim("passed on", "s", exactly(25), "militia", "minister", asserted="2019-12-29")
    elsewhere = make_claim(
        "elsewhere", "s", exactly(25), "minister", question=key("another"), asserted="2019-12-29"
    )
    assert not is_outdated("earlier", earlier, passed_on, elsewhere)


def test_the_publisher_is_the_origin_of_what_it_saw_itself() -> None:
    rows = (
        make_source("before", "Weekly", published="2019-12-28"),
        make_source("reprinted", "Daily", published="2019-12-29", reprints="before"),
        make_source("after", "Weekly", published="2019-12-30"),
        make_claim("seen", "reprinted", exactly(19)),
        make_claim("corrected", "after", exactly(25)),
    )
    assert is_outdated("seen", *rows)


def test_nobody_outdates_what_nobody_said() -> None:
    rows = (
        make_claim("hearsay", "s", exactly(19), basis=Basis.UNATTRIBUTED, asserted="2019-12-28"),
        make_claim("later", "s", exactly(25), basis=Basis.UNATTRIBUTED, asserted="2019-12-29"),
    )
    assert not is_outdated("hearsay", *rows)


def test_retracted_and_withdrawn_claims_take_no_part() -> None:
    earlier = make_claim("earlier", "s", exactly(19), "minister", asserted="2019-12-28")
    later = make_claim("later", "s", exactly(25), "minister", asserted="2019-12-29")
    assert is_outdated("earlier", earlier, later)
    assert not is_outdated("earlier", earlier, replace(later, retracted=True))
    assert not is_outdated("earlier", earlier, replace(later, withdrawn=True))
    assert not is_outdated("earlier", replace(earlier, withdrawn=True), later)


def test_outdated_claims_take_part() -> None:
    rows = (
        make_claim("twenties", "s", between(20, 29), "minister", asserted="2019-12-28"),
        make_claim("35", "s", exactly(35), "minister", asserted="2019-12-29"),
        # It agrees with the first, and is not the same answer again.
        make_claim("25", "s", exactly(25), "minister", asserted="2019-12-30"),
    )
    assert [is_outdated(name, *rows) for name in ("twenties", "35", "25")] == [True, True, False]
