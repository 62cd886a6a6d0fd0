"""The order in which a bundle is recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from app.errors import BundleInvalid
from app.exchange.bundle import read_bundle
from app.exchange.entries import Section, list_references
from app.exchange.steps import Act, plan_steps
from tests.exchange.bundles import SAMPLE, SMALL, Entries, add, change, write_bundle
from tests.exchange.made_bundles import bundles


def list_steps(folder: Path, sections: dict[str, Entries]) -> list[str]:
    """The steps of a bundle in words: "record claims dead-25"."""
    plan = plan_steps(read_bundle(write_bundle(folder, sections)))
    return [f"{step.act.name.lower()} {step.entry.section} {step.entry.key}" for step in plan.steps]


def twin(key: str, **fields: Any) -> dict[str, Any]:
    """A claim that is the same as dead-28."""
    return {**SMALL["claims"][1], "key": key, **fields}


def judge(key: str, claim: str, evidence: str, **fields: Any) -> dict[str, Any]:
    judgement = {"stance": "CONTEXT", "rationale": "It says so.", "recorded_by": "Ada"}
    return {"key": key, "claim": claim, "evidence_claim": evidence, **judgement, **fields}


def test_claims_on_one_question_are_recorded_beside_each_other() -> None:
    bundle = read_bundle(SAMPLE)
    questions = [
        bundle.claims[step.entry.key].question
        for step in plan_steps(bundle).steps
        if step.entry.section is Section.CLAIMS
    ]
    seen = [
        question for place, question in enumerate(questions) if questions[place - 1 : place] != [question]
    ]
    assert len(seen) == len(set(questions))


def test_a_claim_is_withdrawn_once_it_was_judged_and_before_its_words_are_recorded_again(
    tmp_path: Path,
) -> None:
    sections = add(change(SMALL, "claims", "dead-28", withdrawn="Another fire."), "claims", twin("again"))
    sections["assessments"] = [judge("first", "dead-28", "dead-25"), judge("second", "again", "dead-25")]
    steps = list_steps(tmp_path, sections)
    wanted = [
        "record claims dead-28",
        "record assessments first",
        "withdraw claims dead-28",
        "record claims again",
        "record assessments second",
    ]
    assert [step for step in steps if step in wanted] == wanted


def test_a_judgement_is_withdrawn_before_the_next_on_the_same_pair(tmp_path: Path) -> None:
    sections = {
        **SMALL,
        "assessments": [
            judge("standing", "dead-25", "dead-28"),
            judge("first", "dead-25", "dead-28", withdrawn="A slip."),
        ],
    }
    steps = list_steps(tmp_path, sections)
    assert steps[-3:] == [
        "record assessments first",
        "withdraw assessments first",
        "record assessments standing",
    ]


def test_a_text_comes_after_the_quotes_that_were_recorded_without_it(tmp_path: Path) -> None:
    quote = {"exact": "26 died", "placed": False}
    steps = list_steps(tmp_path, change(SMALL, "claims", "no-arson", quote=quote))
    places = [
        steps.index(step)
        for step in (
            "record sources report",
            "record claims no-arson",
            "add_text sources report",
            "record claims dead-25",
        )
    ]
    assert places == sorted(places)


def test_what_could_only_be_recorded_in_a_circle_is_a_fault(tmp_path: Path) -> None:
    # Each of the first is withdrawn before its twin comes, and was judged by that twin of the other.
    other = {**SMALL["claims"][0], "key": "other"}
    sections = add(
        change(
            change(SMALL, "claims", "dead-28", withdrawn="Another fire."),
            "claims",
            "dead-25",
            withdrawn="A slip.",
        ),
        "claims",
        twin("again"),
        other,
    )
    sections["assessments"] = [judge("one", "dead-28", "other"), judge("two", "dead-25", "again")]
    with pytest.raises(BundleInvalid) as refused:
        read_bundle(write_bundle(tmp_path, sections))
    told = "cannot be: it hangs on what is withdrawn too early for it, or recorded too late"
    assert any(told in problem for problem in refused.value.problems)


@given(sections=bundles())
def test_a_plan_does_everything_once_and_in_an_order_that_can_be(
    tmp_path_factory: pytest.TempPathFactory, sections: dict[str, Entries]
) -> None:
    bundle = read_bundle(write_bundle(tmp_path_factory.mktemp("plan"), sections))
    plan = plan_steps(bundle)
    assert plan.impossible == ()
    assert plan == plan_steps(bundle)
    done: set[tuple[Act, Section, str]] = set()
    for step in plan.steps:
        name = (step.act, step.entry.section, step.entry.key)
        assert name not in done
        if step.act is Act.RECORD:
            for field, section, key in list_references(step.entry):
                assert field == "merged_into" or (Act.RECORD, section, key) in done
        else:
            assert (Act.RECORD, *name[1:]) in done
        if step.act is Act.MERGE:
            merge = getattr(step.entry, "merged_into", None)
            assert merge is not None
            assert (Act.RECORD, step.entry.section, merge.into) in done
            assert (Act.MERGE, step.entry.section, merge.into) not in done
        done.add(name)
    recorded = [name for name in done if name[0] is Act.RECORD]
    assert len(recorded) == sum(map(len, sections.values()))
    assert sum(step.last for step in plan.steps) == len(recorded)
