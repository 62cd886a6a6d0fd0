"""The rule, against itself written down naively, and paragraph by paragraph of docs/corroboration.md."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.chains import Tracer
from app.domain.corroboration import RULE_VERSION, corroborate, list_evidence
from app.domain.records import Agent, Assessment, BrokenRecord, Claim, Record, Source
from app.domain.vocabulary import AgentKind, Basis, Side, Stance, Status
from tests.domain.campaign import searched_by_itself
from tests.domain.made_records import (
    between,
    evaluate,
    exactly,
    figures,
    key,
    make_assessment,
    make_claim,
    make_record,
    make_source,
    records,
    reprinted_and_revised,
    with_claims,
)
from tests.domain.naive_rule import NaiveRule

Row = TypeVar("Row")


# --- against the naive rule, and what holds of any record ---


# The one test that stands for all of the rule looks at more records than others do.
@settings(max_examples=max(300, settings().max_examples))
@given(records())
def test_the_rule_is_what_its_text_says(record: Record) -> None:
    rule = NaiveRule(record)
    results = corroborate(record)
    assert results.keys() == record.claims.keys()
    # Pools as small as these are searched by themselves, unless they are made to be settled by each other.
    with searched_by_itself(0):
        carried = corroborate(record)
    for id, result in [*results.items(), *carried.items()]:
        expected = rule.evaluate(id)
        assert result.lines_exact
        assert result.live == expected.live
        assert figures(result) == (
            expected.status,
            expected.lines_for,
            expected.lines_against,
            expected.reports_for,
            expected.reports_against,
        )
        assert result.weakest_links == expected.weakest_links
        assert result.disagreed == expected.disagreed
        evidence = list_evidence(record, id)
        assert len(evidence) == len(set(evidence))
        assert {(e.side.value, e.basis.value, e.claim or e.source) for e in evidence} == expected.evidence


@given(reprinted_and_revised())
def test_moments_are_those_that_the_text_of_the_rule_says(sources: dict[UUID, Source]) -> None:
    """By themselves: statuses seldom tell one moment from another."""
    record = replace(make_record(), sources=sources)
    rule, tracer = NaiveRule(record), Tracer(record)
    for source in sources.values():
        claim = replace(make_claim("claim", ""), source=source.id)
        moment = tracer.moment_of(claim)
        assert moment == rule.moment(claim)
        if source.revises is not None:
            assert moment == source.published


@given(records())
def test_witness_lines_are_as_many_as_the_figures_and_share_no_party(record: Record) -> None:
    rule = NaiveRule(record)
    for id, result in corroborate(record).items():
        assert len(result.lines[Side.FOR]) == result.lines_for
        assert len(result.lines[Side.AGAINST]) == result.lines_against
        for side in Side:
            paths = result.lines[side]
            parties = [party for path in paths for party in path]
            assert len(parties) == len(set(parties))
            assert list(paths) == sorted(paths)
            chains = {rule.chain_of(e) for s, _, e in rule.evidence(record.claims[id]) if s == side.value}
            assert {frozenset(path) for path in paths} <= chains
            assert len(paths) <= len(frozenset().union(*filter(None, chains)))
        assert result.lines_for <= len(result.weakest_links)
        assert set(result.named) <= record.agents.keys()


@given(records())
def test_outsiders_are_told_of_the_lines_that_something_they_see_carries(record: Record) -> None:
    rule = NaiveRule(record)
    for id, result in corroborate(record).items():
        seen: dict[Side, set[frozenset[UUID]]] = {}
        for side in Side:
            evidence = [e for s, _, e in rule.evidence(record.claims[id]) if s == side.value]
            chains = {one: rule.chain_of(one) for one in evidence}
            seen[side] = {chain for one, chain in chains.items() if chain and not is_hidden(record, one)}
            veiled = {chain for one, chain in chains.items() if chain and is_hidden(record, one)}
            told = (result.outside_lines or result.lines)[side]
            assert list(told) == sorted(told)
            assert len(told) == len(result.lines[side])
            assert {path for path in told if path} <= set(result.lines[side])
            assert {frozenset(path) for path in told if path} <= seen[side]
            untold = {frozenset(path) for path in result.lines[side]} - {frozenset(path) for path in told}
            assert untold <= veiled
        parties = frozenset[UUID]().union(*seen[Side.FOR])
        expected = tuple(party for party in result.weakest_links if party in parties)
        assert expected == (
            result.weakest_links if result.outside_weakest_links is None else result.outside_weakest_links
        )


def is_hidden(record: Record, evidence: UUID) -> bool:
    return (record.claims.get(evidence) or record.sources[evidence]).hidden


def test_a_hidden_claim_is_counted_and_not_told_of() -> None:
    record = make_record(
        make_source("Post", "post"),
        make_source("Leak", "leaker"),
        make_claim("open", "Post", exactly(25), "ministry"),
        make_claim("secret", "Leak", exactly(25), "clerk", hidden=True),
    )
    result = corroborate(record)[key("open")]
    assert (result.status, result.lines_for) == (Status.CORROBORATED, 2)
    assert result.outside_lines is not None
    assert result.outside_lines[Side.FOR] == ((), (key("ministry"), key("post")))
    assert len(result.weakest_links) == 2
    assert set(result.outside_weakest_links or ()) < {key("ministry"), key("post")}


def test_a_party_that_only_a_hidden_claim_came_through_is_not_named() -> None:
    record = make_record(
        make_source("Post", "post"),
        make_source("Leak", "leaker"),
        make_claim("open", "Post", exactly(25), basis=Basis.UNATTRIBUTED),
        make_claim("secret", "Leak", exactly(25), "clerk", hidden=True),
    )
    result = corroborate(record)[key("open")]
    assert set(result.named) < {key("clerk"), key("leaker")}
    assert result.outside_weakest_links == ()
    assert result.outside_explanation == (
        "Uncorroborated: 2 reports, but every one that says how it knows goes back to a restricted source;"
        " none against."
    )


@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_nothing(record: Record, rng: random.Random) -> None:
    def shuffled(rows: dict[UUID, Row]) -> dict[UUID, Row]:
        return dict(rng.sample(list(rows.items()), len(rows)))

    mixed = Record(
        agents=shuffled(dict(record.agents)),
        sources=shuffled(dict(record.sources)),
        claims=shuffled(
            {
                id: replace(claim, hops=tuple(tuple(reversed(hop)) for hop in claim.hops))
                for id, claim in record.claims.items()
            }
        ),
        assessments=rng.sample(record.assessments, len(record.assessments)),
    )
    assert corroborate(mixed) == corroborate(record)
    for id in record.claims:
        assert list_evidence(mixed, id) == list_evidence(record, id)


@given(records())
def test_a_claim_alone_is_evaluated_as_among_all(record: Record) -> None:
    results = corroborate(record)
    for id in record.claims:
        assert corroborate(record, [id]) == {id: results[id]}


@given(records())
def test_repeating_a_claim_changes_nothing(record: Record) -> None:
    results = corroborate(record)
    for id, claim in record.claims.items():
        # The same words by the same road, judged by researchers in the same way.
        again = replace(claim, id=UUID(int=100))
        judged = [
            replace(assessment, id=UUID(int=101 + i), evidence_claim=again.id)
            for i, assessment in enumerate(record.assessments)
            if assessment.evidence_claim == id and assessment.claim != id
        ]
        repeated = replace(
            record,
            claims={**record.claims, again.id: again},
            assessments=[*record.assessments, *judged],
        )
        assert corroborate(repeated, results) == results


@given(records(), st.lists(st.integers(200, 203), min_size=1, max_size=3, unique=True), st.data())
def test_another_report_for_never_lowers_the_lines_for(
    record: Record, hop: list[int], data: st.DataObject
) -> None:
    results = corroborate(record)
    publisher = data.draw(st.sampled_from([None, *record.agents]))
    agents = {UUID(int=i): Agent(UUID(int=i), AgentKind.PERSON, None, None, str(i)) for i in hop}
    source = Source(UUID(int=210), publisher, None, None, None)
    for id, claim in record.claims.items():
        # By new voices, who replace nothing that was said, and in no version of what there is.
        report = Claim(
            id=UUID(int=211),
            source=source.id,
            question=claim.question,
            basis=Basis.ATTRIBUTED,
            hops=(tuple(agents),),
            answer=claim.answer,
            asserted=None,
            retracted=False,
            withdrawn=False,
        )
        more = replace(
            record,
            agents={**record.agents, **agents},
            sources={**record.sources, source.id: source},
            claims={**record.claims, report.id: report},
        )
        after = corroborate(more, [id])[id]
        assert after.lines_for >= results[id].lines_for
        if claim.answer is not None:
            assert after.reports_for == results[id].reports_for + 1


@given(records())
def test_withdrawing_leaves_no_trace_and_restoring_is_the_way_back(record: Record) -> None:
    results = corroborate(record)
    for id, claim in record.claims.items():
        others = [other for other in record.claims.values() if other.id != id]
        without = corroborate(with_claims(record, [*others, replace(claim, withdrawn=True)]))
        assert not without[id].live
        gone = [a for a in record.assessments if id not in (a.claim, a.evidence_claim)]
        never = corroborate(replace(with_claims(record, others), assessments=gone))
        assert {other: without[other] for other in never} == never
        assert corroborate(with_claims(record, [*others, claim])) == results


@given(records())
def test_no_status_depends_on_the_budget(record: Record) -> None:
    hurried = corroborate(record, budget=0)
    for id, result in corroborate(record).items():
        assert hurried[id].status == result.status
        assert hurried[id].lines_for <= result.lines_for
        assert hurried[id].lines_against <= result.lines_against
        if hurried[id].lines_exact:
            assert figures(hurried[id]) == figures(result)
            assert hurried[id].weakest_links == result.weakest_links


def test_weakest_links_that_were_cut_off_say_so_where_the_lines_are_exact() -> None:
    one, other, publisher, third = sorted("abcd", key=key)
    record = make_record(
        *(make_source(f"s{n}", publisher) for n in range(3)),
        *(
            make_claim(f"c{n}", f"s{n}", exactly(7), *hops)
            for n, hops in enumerate(combinations((one, other, third), 2))
        ),
    )
    result = corroborate(record, [key("c0")], budget=0)[key("c0")]
    assert (result.lines_for, result.weakest_links) == (1, (key(publisher),))
    assert not result.lines_exact


# --- lines for ---


@pytest.mark.parametrize("party", ["A", "B", "C"])
def test_a_claim_that_is_not_live_can_add_a_line_of_its_own(party: str) -> None:
    record = make_record(
        *(make_source(f"s{publisher}", publisher) for publisher in "ABCD"),
        # Each two of these share a party: one line, and two of A, B and C are the weakest links.
        make_claim("ab", "sB", exactly(7), "A"),
        make_claim("bc", "sC", exactly(7), "B"),
        make_claim("ca", "sA", exactly(7), "C"),
        # It shares none with the one that its party is not in.
        make_claim("taken back", "sD", exactly(7), party, retracted=True),
    )
    assert figures(evaluate(record, "ab")) == ("UNCORROBORATED", 1, 0, 3, 0)
    assert figures(evaluate(record, "taken back")) == ("RETRACTED", 2, 0, 4, 0)


# --- lines against ---


def test_rivals_must_agree_to_count_together() -> None:
    sources = [make_source(f"s{i}", f"paper {i}") for i in range(4)]
    claims = [make_claim(f"says {n}", f"s{i}", exactly(n), f"voice {i}") for i, n in enumerate((7, 9, 11))]
    record = make_record(*sources, *claims)
    assert figures(evaluate(record, "says 7")) == ("DISPUTED", 1, 1, 1, 2)
    # "Between 9 and 11" agrees with both, even if it tells nobody how it knows.
    vague = make_claim("vague", "s3", between(9, 11), basis=Basis.UNATTRIBUTED)
    both = make_record(*sources, *claims, vague)
    assert figures(evaluate(both, "says 7")) == ("CONTRADICTED", 1, 2, 1, 3)


def test_what_researchers_say_contradicts_counts_with_every_group() -> None:
    record = make_record(
        *(make_source(f"s{i}", f"paper {i}") for i in range(4)),
        make_claim("says 7", "s0", exactly(7), "voice 0"),
        make_claim("says 9", "s1", exactly(9), "voice 1"),
        make_claim("elsewhere", "s2", None, "voice 2", question=None),
        make_assessment("says 7", Stance.CONTRADICTS, evidence_claim="elsewhere"),
        make_assessment("says 7", Stance.CONTRADICTS, evidence_source="s3"),
    )
    assert figures(evaluate(record, "says 7")) == ("CONTRADICTED", 1, 3, 1, 3)


def evaluate_among_rivals(*assessments: Assessment) -> tuple[str, int, int, int, int]:
    """The figures of "says 7", beside 9, 11 and "9 to 11", each by a voice of its own."""
    sources = [make_source(f"s{i}", f"paper {i}") for i in range(4)]
    claims = [make_claim(f"says {n}", f"s{i}", exactly(n), f"voice {i}") for i, n in enumerate((7, 9, 11))]
    vague = make_claim("vague", "s3", between(9, 11), "voice 3")
    return figures(evaluate(make_record(*sources, *claims, vague, *assessments), "says 7"))


def test_a_rival_that_supports_by_assessment_gathers_no_rivals() -> None:
    supports = make_assessment("says 7", Stance.SUPPORTS, evidence_claim="vague")
    assert evaluate_among_rivals(supports) == ("DISPUTED", 2, 1, 2, 2)


def test_a_rival_on_both_sides_gathers_rivals() -> None:
    supports = make_assessment("says 7", Stance.SUPPORTS, by="r", evidence_claim="vague")
    contradicts = make_assessment("says 7", Stance.CONTRADICTS, by="s", evidence_claim="vague")
    assert evaluate_among_rivals(supports, contradicts) == ("DISPUTED", 2, 3, 2, 3)


def test_to_confirm_a_contradiction_never_weakens_it() -> None:
    contradicts = make_assessment("says 7", Stance.CONTRADICTS, evidence_claim="vague")
    assert evaluate_among_rivals(contradicts) == ("CONTRADICTED", 1, 3, 1, 3)


# --- the record itself ---


def test_a_record_that_lacks_what_it_names_is_refused() -> None:
    record = make_record(make_source("a"), make_claim("claim", "a", exactly(7), "minister"))
    with pytest.raises(BrokenRecord):
        corroborate(record, [key("nothing")])
    with pytest.raises(BrokenRecord):
        corroborate(replace(record, agents={}))
    with pytest.raises(BrokenRecord):
        corroborate(replace(record, sources={}))
    with pytest.raises(BrokenRecord):
        corroborate(
            replace(record, assessments=[make_assessment("claim", Stance.CONTEXT, evidence_claim="x")])
        )


def test_hops_and_basis_go_together() -> None:
    with pytest.raises(BrokenRecord):
        make_claim("claim", "a", basis=Basis.ATTRIBUTED)
    with pytest.raises(BrokenRecord):
        make_claim("claim", "a", None, "minister", basis=Basis.FIRSTHAND)
    with pytest.raises(BrokenRecord):
        make_claim("claim", "a", None, [])
    with pytest.raises(BrokenRecord):
        make_assessment("claim", Stance.SUPPORTS, evidence_claim="other", evidence_source="a")


def test_the_published_rule_has_the_version_of_the_code() -> None:
    page = Path(__file__).parents[2] / "docs" / "corroboration.md"
    assert f"\nRule version {RULE_VERSION}.\n" in page.read_text(encoding="utf-8")
