"""All that can be wrong with a bundle file: each fault is told with its line, and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.database import Database
from app.errors import BundleInvalid
from app.exchange.importing import import_bundle
from app.permissions import Viewer
from tests.exchange.bundles import (
    SAMPLE,
    SMALL,
    add,
    change,
    count_tables,
    list_faults,
    spell_bundle,
    write_bundle,
)

Sections = dict[str, Any]


def agent(**fields: Any) -> Sections:
    return change(SMALL, "agents", "ministry", **fields)


def event(**fields: Any) -> Sections:
    return change(SMALL, "events", "fire", **fields)


def question(**fields: Any) -> Sections:
    return change(SMALL, "questions", "dead", **fields)


def source(**fields: Any) -> Sections:
    return change(SMALL, "sources", "report", **fields)


def claim(**fields: Any) -> Sections:
    return change(SMALL, "claims", "dead-25", **fields)


def assessment(**fields: Any) -> Sections:
    return change(SMALL, "assessments", None, **fields)


def revision(**fields: Any) -> dict[str, Any]:
    return {"key": "later", "revises": "report", "text": "Nobody died.", **fields}


MERGED = {"key": "office", "kind": "ORGANIZATION", "name": "The Office", "merged_into": "ministry"}

FAULTS: list[tuple[str, Sections, str]] = [
    # --- fields, terms, keys ---
    ("unknown field", agent(nam="x"), "agents ministry: nam: is not a field here; did you mean name?"),
    ("missing field", agent(name=None), "agents ministry: name: is required"),
    ("missing kind", source(kind=None), "sources report: kind: is required"),
    ("empty field", agent(name=""), "agents ministry: name: is blank"),
    (
        "wrong term",
        agent(kind="MINISTRI"),
        "agents ministry: kind: is not a term: MINISTRI; it is one of PERSON",
    ),
    ("near term", agent(kind="Goverment"), "kind: is not a term: Goverment; did you mean GOVERNMENT?"),
    (
        "list for words",
        agent(name=["a", "b"]),
        "agents ministry: name: is a list or a mapping where words belong",
    ),
    ("words for mapping", claim(attribution=["esper"]), "claims dead-25: attribution 1: is not a mapping"),
    ("no key", agent(key=None), "agents 2: key: is required"),
    ("not a key", agent(key="two words"), "agents 2: key: is not a key: 'two words'"),
    (
        "key twice",
        add(SMALL, "agents", dict(SMALL["agents"][0])),
        "agents state: is in the bundle twice; first on",
    ),
    ("not an entry", {**SMALL, "events": ["fire"]}, "events 1: is not a mapping"),
    ("not a section", {**SMALL, "agents": {"key": "x"}}, "agents: is not a list of entries"),
    ("unknown section", {**SMALL, "claim": []}, "claim: is not a field here; did you mean claims?"),
    # --- references ---
    ("unknown agent", agent(part_of="stat"), "part_of: stat is not a key of agents; did you mean state?"),
    (
        "unknown publisher",
        source(publisher="times"),
        "sources report: publisher: times is not a key of agents",
    ),
    ("unknown source", claim(source="repor"), "source: repor is not a key of sources; did you mean report?"),
    ("unknown question", claim(question="x"), "claims dead-25: question: x is not a key of questions"),
    ("unknown event", question(event="x"), "questions dead: event: x is not a key of events"),
    (
        "unknown speaker",
        claim(attribution=[{"agent": "paper"}, {"agent": ["paper", "x"]}]),
        "claims dead-25: attribution 2: agent: x is not a key of agents",
    ),
    ("unknown claim", assessment(claim="dead"), "claim: dead is not a key of claims"),
    (
        "unknown claim, judged by a source",
        assessment(claim="dead", evidence_claim=None, evidence_source="note"),
        "claim: dead is not a key of claims",
    ),
    ("part of itself", change(SMALL, "agents", "state", part_of="ministry"), "goes back to itself: "),
    ("merged into a part", change(SMALL, "agents", "state", merged_into="ministry"), "goes back to itself: "),
    ("reprints itself", source(reprints="report"), "sources report: goes back to itself: report → report"),
    # --- agents, events, questions ---
    ("wikidata", agent(wikidata_id="9682"), "agents ministry: wikidata_id: is not an id of Wikidata"),
    (
        "wikidata twice",
        change(agent(wikidata_id="Q7"), "agents", "state", wikidata_id="Q7"),
        "agents ministry: wikidata_id: is that of state on line",
    ),
    ("alias twice", agent(aliases=["a", "a"]), "agents ministry: aliases.2: is given twice"),
    ("protected", agent(protected=True), "agents ministry: pseudonym: is required"),
    ("flag", agent(protected="perhaps"), "agents ministry: protected: is neither true nor false: perhaps"),
    (
        "day",
        event(starts_on="2020-01-32"),
        "events fire: starts_on: is not a day, such as 2019-12-31: 2020-01-32",
    ),
    ("order of days", event(ends_on="2019-12-31"), "events fire: ends_on: is before startsOn"),
    ("latitude", event(latitude=91, longitude=0), "events fire: latitude: is not from -90 to 90"),
    ("no number", event(latitude="north", longitude=0), "events fire: latitude: is not a number: north"),
    ("half a place", event(latitude=0), "events fire: longitude: is required"),
    (
        "merged kinds",
        change(SMALL, "questions", "arson", merged_into="dead"),
        "questions arson: merged_into: dead asks for QUANTITY; this question asks for YES_NO",
    ),
    (
        "empty reason",
        add(SMALL, "agents", {**MERGED, "merged_into": {"key": "state", "reason": " "}}),
        "is blank",
    ),
    # --- sources ---
    ("moment", source(published_at="31.12.2019"), "sources report: published_at: '31.12.2019' is not a year"),
    (
        "no offset",
        source(retrieved_at="2020-01-01T10:00:00"),
        "retrieved_at: The time '2020-01-01T10:00:00' has no",
    ),
    ("not a time", source(retrieved_at="2020-01-01"), "sources report: retrieved_at: is not a time"),
    ("url", source(url="javascript:alert(1)"), "sources report: url: is not a URL that begins with"),
    ("language", source(language="english language"), "sources report: language: is not a language tag"),
    ("media type", source(media_type="html"), "sources report: media_type: is not a media type"),
    (
        "url twice",
        change(source(text=None, url="https://example.org/note"), "claims", "dead-25", quote="x"),
        "sources note: url: is that of report on line",
    ),
    ("text twice", source(text_file="a.txt"), "sources report: text_file: is given beside text"),
    ("no file", source(text=None, text_file="a.txt"), "sources report: text_file: a.txt is not there"),
    (
        "up and out",
        source(text=None, text_file="../out.txt"),
        "text_file: leads out of the folder of the bundle",
    ),
    (
        "absolute",
        source(text=None, text_file="/etc/passwd"),
        "text_file: leads out of the folder of the bundle",
    ),
    ("a folder", source(text=None, text_file="."), "sources report: text_file: . is not a file"),
    (
        "revised twice",
        add(SMALL, "sources", revision(), revision(key="latest", text="None.")),
        "sources latest: revises: report is revised by later already; revise that",
    ),
    (
        "another publisher",
        add(SMALL, "sources", revision(publisher="state")),
        "sources later: publisher: is that of the first version; leave it out",
    ),
    # --- claims ---
    ("no quote", claim(quote=None), "claims dead-25: quote: is required"),
    (
        "quote not there",
        claim(quote="At least 25 dead"),
        "claims dead-25: quote: These words do not stand in the text of the source: 'At least 25 dead'."
        " The nearest passage: 'At least 25 died",
    ),
    (
        "quote twice",
        claim(quote="25"),
        "quote: These words stand 2 times in the text of the source: '25'. They start",
    ),
    (
        "wrong place",
        claim(quote={"exact": "25", "start": 3}),
        "claims dead-25: quote: These words stand in the text of the source, but not at 3",
    ),
    (
        "place without a text",
        change(SMALL, "claims", "dead-28", quote={"exact": "28 dead", "start": 0}),
        "claims dead-28: quote.start: the text of this source is not stored",
    ),
    (
        "quote part",
        claim(quote={"exact": "x", "begin": 1}),
        "claims dead-25: quote: begin: is not a field here",
    ),
    ("no number", claim(quantity="some people"), "claims dead-25: quantity: There is no number in"),
    ("two numbers", claim(quantity="25 or 51"), "claims dead-25: quantity: 2 numbers could be meant"),
    (
        "bounds",
        claim(quantity={"text": "x", "lower": 5, "upper": 3}),
        "claims dead-25: quantity.upper: leaves no number: it is below the lower bound",
    ),
    ("no bound", claim(quantity={"text": "x", "lower": "many"}), "quantity: lower: is not a number: many"),
    ("no answer", claim(quantity=None), "claims dead-25: quantity: is required"),
    ("wrong answer", claim(polarity="ASSERTS"), "claims dead-25: polarity: must be empty"),
    ("answer without question", claim(question=None), "claims dead-25: quantity: must be empty"),
    ("hops missing", claim(attribution=None), "claims dead-25: attribution: is required"),
    ("hops in vain", claim(basis="firsthand"), "claims dead-25: attribution: must be empty"),
    ("speaker twice", claim(attribution=[{"agent": ["paper", "paper"]}]), "stands in this hop twice"),
    ("nobody", claim(attribution=[{"cue": "said"}]), "claims dead-25: attribution 1: agent: is required"),
    ("retraction", claim(retracted={"reason": "wrong"}), "claims dead-25: retracted: at: is required"),
    ("no retraction", claim(retracted="yes"), "claims dead-25: retracted: is not a mapping"),
    (
        "claim twice",
        add(SMALL, "claims", {**SMALL["claims"][0], "key": "again"}),
        "claims again: is dead-25 of line",
    ),
    # --- protected agents ---
    (
        "a name in a text",
        change(SMALL, "agents", "ministry", protected=True, pseudonym="An office"),
        "sources report: text: has a name of ministry, who is protected",
    ),
    (
        "a name in a pseudonym",
        change(SMALL, "agents", "ministry", protected=True, pseudonym="Not the ministry"),
        "agents ministry: pseudonym: has a name of ministry, who is protected",
    ),
    # --- assessments ---
    ("no evidence", assessment(evidence_claim=None), "give a claim or a source as evidence, and not both"),
    ("by itself", assessment(evidence_claim="dead-25"), "evidence_claim: is the claim itself"),
    (
        "by its source",
        assessment(evidence_claim=None, evidence_source="report"),
        "evidence_source: is the claim's own source, or a version of it",
    ),
    ("credibility", assessment(credibility=7), "credibility: is not from 1 (confirmed) to 6"),
    ("no rationale", assessment(rationale=None), "assessments 1: rationale: is required"),
    (
        "judged twice",
        add(SMALL, "assessments", {**SMALL["assessments"][0], "rationale": "again"}),
        "is in the bundle twice; first on line",
    ),
    (
        "judged twice under two keys",
        add(SMALL, "assessments", {**SMALL["assessments"][0], "key": "second"}),
        "assessments second: judges the same pair as assessment-",
    ),
]


@pytest.mark.parametrize(
    ("sections", "told"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, sections: Sections, told: str) -> None:
    text = spell_bundle(sections)
    faults = list_faults(tmp_path, text)
    found = [fault for fault in faults if told in fault]
    assert found, faults
    line = re.match(r"line ([0-9]+): ", found[0])
    assert line is not None
    assert 1 < int(line[1]) <= text.count("\n")


def test_the_small_bundle_has_none(tmp_path: Path) -> None:
    assert list_faults(tmp_path, spell_bundle(SMALL)) == []
    assert list_faults(tmp_path, spell_bundle(add(SMALL, "agents", MERGED))) == []
    assert list_faults(tmp_path, spell_bundle(add(SMALL, "sources", revision()))) == []
    clerk = {"kind": "PERSON", "protected": True, "pseudonym": "a clerk"}
    clerks = (
        {"key": "ali", "name": "Ali Hassan", "merged_into": "abu", **clerk},
        {"key": "abu", "name": "Abu Jafar", **clerk},
    )
    assert list_faults(tmp_path, spell_bundle(add(SMALL, "agents", *clerks))) == []


def test_all_faults_come_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "format: sayso-bundle/1",
            "agents:",
            "  - {key: a, kind: OUTLET, name: A, nmae: B}",
            "  - {key: a, kind: OUTLET, name: A}",
            "  - {key: b, kind: OUTLETS, name: B, part_of: c}",
            "  - {key: d, kind: OUTLET, name: D, part_of: e}",
            "claims:",
            "  - {key: x, source: y, quote: z, statement: s, quantity: many, basis: firsthand}",
            "  - {key: w, source: y, quote: v, statement: t, basis: frsthand, attribution: [{agent: n}]}",
        ]
    )
    assert list_faults(tmp_path, text) == [
        "line 3: agents a: nmae: is not a field here; did you mean name?",
        "line 4: agents a: is in the bundle twice; first on line 3",
        "line 5: agents b: kind: is not a term: OUTLETS; did you mean OUTLET?",
        "line 5: agents b: part_of: c is not a key of agents",
        "line 6: agents d: part_of: e is not a key of agents",
        "line 8: claims x: quantity: There is no number in “many”.",
        "line 8: claims x: source: y is not a key of sources",
        "line 9: claims w: basis: is not a term: frsthand; did you mean FIRSTHAND?",
        "line 9: claims w: source: y is not a key of sources",
        "line 9: claims w: attribution 1: agent: n is not a key of agents",
    ]


def test_an_entry_that_lacks_something_is_told_of_all_else_that_is_wrong_with_it(tmp_path: Path) -> None:
    """What stands for what is missing is itself no fault."""
    text = "\n".join(
        [
            "format: sayso-bundle/1",
            "agents:",
            "  - {key: a, part_of: b, merged_into: {key: c}, wikidata_id: x}",
            "  - {kind: OUTLET, part_of: d, name: E}",
            "  - {key: a, kind: OUTLET, part_of: e}",
            "questions:",
            "  - {key: q, event: f}",
            "sources:",
            "  - {key: s, publisher: g, url: nowhere, text: Five fell.}",
            "claims:",
            "  - {key: h, question: i, quantity: 5, quote: Six fell, source: s, attribution: [{agent: j}]}",
            "  - {key: k, question: q, quantity: five, asserted_at: then}",
            "assessments:",
            "  - {evidence_claim: l, credibility: 7}",
            "  - {evidence_claim: l, credibility: 7}",
            "  - {claim: m, evidence_source: n}",
        ]
    )
    assert list_faults(tmp_path, text) == [
        "line 3: agents a: kind: is required",
        "line 3: agents a: name: is required",
        "line 3: agents a: wikidata_id: is not an id of Wikidata, such as Q9682",
        "line 3: agents a: part_of: b is not a key of agents",
        "line 3: agents a: merged_into: key: c is not a key of agents",
        "line 4: agents 2: key: is required",
        "line 4: agents 2: part_of: d is not a key of agents",
        "line 5: agents a: is in the bundle twice; first on line 3",
        "line 5: agents a: name: is required",
        "line 5: agents a: part_of: e is not a key of agents",
        "line 7: questions q: kind: is required",
        "line 7: questions q: text: is required",
        "line 7: questions q: event: f is not a key of events",
        "line 9: sources s: kind: is required",
        "line 9: sources s: title: is required",
        "line 9: sources s: url: is not a URL that begins with https:// or http://",
        "line 9: sources s: publisher: g is not a key of agents",
        "line 11: claims h: statement: is required",
        "line 11: claims h: basis: is required",
        "line 11: claims h: question: i is not a key of questions",
        "line 11: claims h: attribution 1: agent: j is not a key of agents",
        "line 11: claims h: quote: These words do not stand in the text of the source: 'Six fell'.",
        "line 12: claims k: source: is required",
        "line 12: claims k: statement: is required",
        "line 12: claims k: quote: is required",
        "line 12: claims k: basis: is required",
        "line 12: claims k: asserted_at: 'then' is not a year, a month, a day or a time.",
        "line 14: assessments 1: claim: is required",
        "line 14: assessments 1: stance: is required",
        "line 14: assessments 1: rationale: is required",
        "line 14: assessments 1: credibility: is not from 1 (confirmed) to 6 (cannot be judged)",
        "line 14: assessments 1: evidence_claim: l is not a key of claims",
        "line 15: assessments 2: claim: is required",
        "line 15: assessments 2: stance: is required",
        "line 15: assessments 2: rationale: is required",
        "line 15: assessments 2: credibility: is not from 1 (confirmed) to 6 (cannot be judged)",
        "line 15: assessments 2: evidence_claim: l is not a key of claims",
        "line 16: assessments 3: stance: is required",
        "line 16: assessments 3: rationale: is required",
        "line 16: assessments 3: claim: m is not a key of claims",
        "line 16: assessments 3: evidence_source: n is not a key of sources",
    ]


async def test_nothing_is_written_of_a_file_with_a_fault(
    tmp_path: Path, database: Database, viewer: Viewer
) -> None:
    before = await count_tables(database)
    file = write_bundle(tmp_path, assessment(credibility=9))
    with pytest.raises(BundleInvalid):
        await import_bundle(database, viewer, file)
    assert await count_tables(database) == before


def mutate(lines: list[str], data: Callable[[st.SearchStrategy[Any]], Any]) -> list[str]:
    """The lines with one of them cut, doubled, moved or with a character changed."""
    place = data(st.integers(0, len(lines) - 1))
    line = lines[place]
    at = data(st.integers(0, len(line)))
    word = data(
        st.sampled_from(["", ": ", "[", "}", "- ", "*a", "&a ", "!x ", "\t", "null", "'", "2020", "|"])
    )
    changed = data(st.sampled_from([[], [line, line], [line[:at] + word + line[at + 1 :]], [line[:at]]]))
    return [*lines[:place], *changed, *lines[place + 1 :]]


@given(st.data())
def test_a_sample_with_any_slip_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("slip")
    (article,) = SAMPLE.parent.glob("*.txt")
    (folder / article.name).write_bytes(article.read_bytes())
    text = "\n".join(mutate(SAMPLE.read_text(encoding="utf-8").split("\n"), data.draw))
    for fault in list_faults(folder, text):
        assert re.match(r"line [0-9]+: ", fault)
