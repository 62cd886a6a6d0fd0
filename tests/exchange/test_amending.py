"""A bundle that changed: what differs is told, and amended only with `update`; what cannot be says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.database import Database
from app.exchange.bundle import read_bundle
from app.exchange.importing import import_bundle
from app.exchange.report import ImportReport
from app.exchange.spelling import digest
from app.permissions import Viewer
from app.services.agents import AgentChanges, amend_agent
from app.services.merges import unmerge_agents
from app.services.recomputation import recompute_everything
from tests.exchange.bundles import SAMPLE, SMALL, Entries, add, change, read_statuses, summarize, write_bundle
from tests.factories import perform
from tests.services.reading import read_row, read_rows

Sections = dict[str, Entries]

# All sections, and of agents and questions some that can be merged.
WHOLE = add(
    add(SMALL, "agents", {"key": "bureau", "kind": "ORGANIZATION", "name": "Bureau"}),
    "questions",
    {"key": "toll", "kind": "QUANTITY", "text": "What is the toll?"},
)


@pytest.fixture
def run(database: Database, viewer: Viewer, tmp_path: Path) -> Any:
    """Import sections under one name."""

    async def run(sections: Sections, *, update: bool = False) -> ImportReport:
        file = write_bundle(tmp_path, sections)
        return await import_bundle(database, viewer, file, update=update)

    return run


async def read_entry_row(database: Database, section: str, key: str) -> dict[str, Any]:
    (found,) = await read_rows(
        database, "SELECT row_id FROM imported WHERE table_name = $1 AND key = $2", section, key
    )
    return await read_row(database, section, UUID(found["row_id"]))


AMENDABLE: list[tuple[Sections, str, str, dict[str, Any]]] = [
    # what changes; what is told; the table; the columns that stand afterwards
    (
        change(WHOLE, "agents", "ministry", name="Ministry of Fire", aliases=["MoF"], part_of=None),
        "agents ministry: name: The Ministry here, Ministry of Fire in the bundle; part_of: state here,"
        ' nothing in the bundle; aliases: nothing here, ["MoF"] in the bundle',
        "agent ministry",
        {"name": "Ministry of Fire", "aliases": ["MoF"], "part_of": None},
    ),
    (
        change(WHOLE, "agents", "paper", protected=True, pseudonym="A daily"),
        "agents paper: protected: nothing here, true in the bundle; pseudonym: nothing here, A daily",
        "agent paper",
        {"protected": True, "pseudonym": "A daily"},
    ),
    (
        change(WHOLE, "events", "fire", latitude=0, longitude=6.5, ends_on="2020-01-03"),
        "events fire: ends_on: nothing here, 2020-01-03 in the bundle; latitude: nothing here, 0.0 in",
        "event fire",
        {"latitude": 0, "longitude": 6.5, "ends_on": "2020-01-03"},
    ),
    (
        change(WHOLE, "questions", "toll", kind="OPEN", unit="people"),
        "questions toll: kind: QUANTITY here, OPEN in the bundle; unit: nothing here, people in the bundle",
        "question toll",
        {"kind": "OPEN", "unit": "people"},
    ),
    (
        change(WHOLE, "sources", "report", publisher=None, published_at="2020", note="Read on a mirror."),
        "sources report: publisher: paper here, nothing in the bundle; published_at: 2020-01-02 here,",
        "source report",
        {"publisher": None, "published_text": "2020", "note": "Read on a mirror."},
    ),
    (
        change(WHOLE, "sources", "note", text="28 dead, they said.", retrieved_at="2020-01-04T10:00+01:00"),
        "sources note: retrieved_at: nothing here, 2020-01-04T09:00:00Z in the bundle; text: nothing here,",
        "source note",
        {"text": "28 dead, they said.", "retrieved_at": "2020-01-04T09:00:00+00:00"},
    ),
    (
        change(
            WHOLE,
            "claims",
            "dead-25",
            quote="25 died",
            quantity={"text": "25", "lower": 25},
            statement="25 died.",
            attribution=[{"agent": ["paper", "ministry"]}, {"agent": "state", "cue": "told us"}],
        ),
        "claims dead-25: statement: At least 25 died. here, 25 died. in the bundle; quote: ",
        "claim dead-25",
        {
            "quote_exact": "25 died",
            "quote_start": 9,
            "quantity_text": "25",
            "bounds": "[25,)",
            "bounds_given": True,
        },
    ),
    (
        change(WHOLE, "claims", "dead-28", question=None, quantity=None, asserted_at="2020-01-02T08:00Z"),
        "claims dead-28: question: dead here, nothing in the bundle; quantity: 28 here, nothing in",
        "claim dead-28",
        {"question": None, "bounds": None, "asserted_text": "2020-01-02T08:00Z"},
    ),
    (
        change(WHOLE, "claims", "dead-28", retracted={"at": "2020-01-05", "reason": "It was 25."}),
        'claims dead-28: retracted: nothing here, {"at": "2020-01-05", "reason": "It was 25."} in the bundle',
        "claim dead-28",
        {"retracted_text": "2020-01-05", "retraction_reason": "It was 25."},
    ),
    (
        change(WHOLE, "claims", "dead-28", withdrawn="Another fire.", statement="28 were killed."),
        "claims dead-28: statement: 28 died. here, 28 were killed. in the bundle; withdrawn: nothing here,",
        "claim dead-28",
        {"withdrawal_reason": "Another fire.", "statement": "28 were killed."},
    ),
    (
        change(WHOLE, "assessments", None, stance="SUPPORTS", key="first"),
        "",
        "assessment first",
        {"stance": "SUPPORTS"},
    ),
]


@pytest.mark.parametrize(("sections", "told", "place", "columns"), AMENDABLE)
async def test_a_change_is_told_and_then_amended(
    database: Database,
    run: Any,
    sections: Sections,
    told: str,
    place: str,
    columns: dict[str, Any],
) -> None:
    table, key = place.split()
    await run(change(WHOLE, "assessments", None, key="first") if table == "assessment" else WHOLE)
    before = await read_entry_row(database, table, key)
    report = await run(sections)
    assert summarize(report)["changed"] == 1
    assert "recorded" not in summarize(report)
    assert told in str(report.changed[0])
    assert report.amended == ()
    assert await read_entry_row(database, table, key) == before

    report = await run(sections, update=True)
    assert summarize(report)["amended"] == 1
    assert report.changed == ()
    assert told in str(report.amended[0])
    after = await read_entry_row(database, table, key)
    assert {name: after[name] for name in columns} == columns
    assert summarize(await run(sections, update=True)) == {"unchanged": 14}
    assert await recompute_everything(database, check=True) == []


@pytest.mark.parametrize(
    ("section", "key"), [("agents", "bureau"), ("questions", "toll")], ids=["agents", "questions"]
)
async def test_merges_are_made_moved_and_undone(database: Database, run: Any, section: str, key: str) -> None:
    first, other = ("ministry", "paper") if section == "agents" else ("dead", None)
    await run(WHOLE)
    table = section.removesuffix("s")

    async def read_target() -> str | None:
        into = (await read_entry_row(database, table, key))["merged_into"]
        if into is None:
            return None
        (found,) = await read_rows(database, "SELECT key FROM imported WHERE row_id = $1", UUID(into))
        target: str = found["key"]
        return target

    for wanted in (first, other, first, None):
        sections = WHOLE if wanted is None else change(WHOLE, section, key, merged_into=wanted)
        if wanted != await read_target():
            told = await run(sections)
            assert [d.field for d in told.changed[0].differences] == ["merged_into"]
        await run(sections, update=True)
        assert await read_target() == wanted
        assert await recompute_everything(database, check=True) == []


async def test_a_merge_says_the_same_whatever_its_reason(run: Any) -> None:
    await run(change(WHOLE, "agents", "bureau", merged_into={"key": "ministry", "reason": "They moved."}))
    reworded = change(WHOLE, "agents", "bureau", merged_into="ministry")
    assert summarize(await run(reworded)) == {"unchanged": 14}
    told = await run(change(reworded, "agents", "bureau", name="The Bureau"))
    assert [d.field for d in told.changed[0].differences] == ["name"]


async def test_a_withdrawn_claim_comes_back_amended(database: Database, run: Any) -> None:
    withdrawn = change(WHOLE, "claims", "dead-28", withdrawn="Another fire.")
    await run(withdrawn)
    back = change(WHOLE, "claims", "dead-28", statement="28 were killed.")
    assert summarize(await run(back)) == {"unchanged": 13, "changed": 1}
    assert summarize(await run(back, update=True)) == {"unchanged": 13, "amended": 1}
    row = await read_entry_row(database, "claim", "dead-28")
    assert (row["withdrawn_at"], row["statement"]) == (None, "28 were killed.")


async def test_a_judgement_that_changed_is_withdrawn_and_recorded_anew(database: Database, run: Any) -> None:
    await run(WHOLE)
    await run(change(WHOLE, "assessments", None, rationale="Five died later."), update=True)
    rows = await read_rows(
        database,
        "SELECT a.rationale, a.withdrawal_reason, r.name FROM assessment a"
        " JOIN researcher r ON r.id = a.recorded_by ORDER BY a.id",
    )
    assert rows == [
        {
            "rationale": "Three died later.",
            "withdrawal_reason": "Amended by the bundle small.",
            "name": "Ada",
        },
        {"rationale": "Five died later.", "withdrawal_reason": None, "name": "Ada"},
    ]


async def test_a_judgement_of_nobody_named_is_that_of_whoever_imported_it(run: Any) -> None:
    mine = change(WHOLE, "assessments", None, recorded_by=None, key="mine")
    await run(mine)
    report = await run(change(mine, "assessments", "mine", rationale="Five died later."))
    assert [difference.field for difference in report.changed[0].differences] == ["rationale"]


OBSTACLES: list[tuple[Sections, Sections, str]] = [
    (
        change(SMALL, "claims", "no-arson", quote="It was no arson"),
        change(SMALL, "claims", "no-arson", source="note"),
        "a claim stays with its source",
    ),
    (
        change(SMALL, "claims", "dead-28", retracted={"at": "2020-01-05", "reason": "It was 25."}),
        dict(SMALL),
        "a retraction is not taken back",
    ),
    (
        change(SMALL, "claims", "dead-28", withdrawn="Another fire."),
        change(SMALL, "claims", "dead-28", withdrawn="Another town."),
        "it is withdrawn",
    ),
    (
        dict(SMALL),
        change(SMALL, "sources", "report", text="At least 25 died. It was no arson."),
        "a text stays; give the new one in an entry that revises this one",
    ),
    (
        add(SMALL, "sources", {"key": "later", "revises": "report", "text": "Later."}),
        add(SMALL, "sources", {"key": "later", "kind": "ARTICLE", "title": "Fire", "text": "Later."}),
        "a source stays the version that it is",
    ),
]


@pytest.mark.parametrize(("before", "after", "told"), OBSTACLES)
async def test_what_cannot_be_amended_says_why_every_time(
    run: Any, before: Sections, after: Sections, told: str
) -> None:
    await run(before)
    for update in (False, True, True):
        report = await run(after, update=update)
        assert summarize(report)["changed"] == 1
        assert "amended" not in summarize(report)
        assert any(told in (d.obstacle or "") for d in report.changed[0].differences)
        assert told in str(report.changed[0])


async def test_what_can_be_amended_is_though_another_field_cannot(database: Database, run: Any) -> None:
    await run(SMALL)
    both = change(SMALL, "sources", "report", text="Another.", title="Fire in town")
    both = {**both, "claims": [], "assessments": []}
    report = await run(both, update=True)
    assert [d.field for d in report.changed[0].differences] == ["text"]
    assert [d.field for d in report.amended[0].differences] == ["title"]
    assert summarize(report) == {"unchanged": 7, "changed": 1}
    assert (await read_entry_row(database, "source", "report"))["title"] == "Fire in town"


async def test_what_a_service_refuses_is_an_obstacle_and_the_import_goes_on(
    database: Database, run: Any
) -> None:
    await run(SMALL)
    # Claims that are not in the bundle any more still hang on the question.
    after = change({**SMALL, "claims": [], "assessments": []}, "questions", "dead", kind="OPEN")
    after = change(after, "events", "fire", title="The great fire")
    report = await run(after, update=True)
    assert summarize(report) == {"unchanged": 6, "amended": 1, "changed": 1}
    assert "cannot be amended: kind: cannot be changed: claims" in str(report.changed[0])
    assert (await read_entry_row(database, "event", "fire"))["title"] == "The great fire"


async def test_an_entry_that_did_not_change_leaves_what_was_done_here_alone(
    database: Database, viewer: Viewer, run: Any
) -> None:
    merged = change(WHOLE, "agents", "bureau", merged_into="ministry")
    await run(merged)
    bureau = UUID((await read_entry_row(database, "agent", "bureau"))["id"])
    ministry = await read_entry_row(database, "agent", "ministry")
    await perform(database, viewer, unmerge_agents, bureau, "They are two.")
    amended = AgentChanges(name="Amended by hand")
    await perform(database, viewer, amend_agent, UUID(ministry["id"]), ministry["version"], amended)
    assert summarize(await run(merged, update=True)) == {"unchanged": 14}
    assert (await read_entry_row(database, "agent", "bureau"))["merged_into"] is None
    assert (await read_entry_row(database, "agent", "ministry"))["name"] == "Amended by hand"


def test_only_what_an_entry_says_is_a_change(tmp_path: Path) -> None:
    before = read_bundle(write_bundle(tmp_path / "a", SMALL))
    rewritten = change(SMALL, "claims", "dead-25", basis="ATTRIBUTED", quote={"exact": "At least 25 died"})
    rewritten = change(rewritten, "agents", "ministry", aliases=[])
    rewritten = {name: list(reversed(entries)) for name, entries in rewritten.items()}
    after = read_bundle(write_bundle(tmp_path / "b", rewritten))
    for section in ("agents", "events", "questions", "sources", "claims", "assessments"):
        entries = getattr(after, section)
        assert {key: digest(entry) for key, entry in entries.items()} == {
            key: digest(entry) for key, entry in getattr(before, section).items()
        }


async def test_an_amended_figure_changes_the_statuses_of_the_sample(
    own_sample: Database, viewer: Viewer, tmp_path: Path
) -> None:
    folder = tmp_path / "baghdad-2019"
    folder.mkdir()
    (article,) = SAMPLE.parent.glob("*.txt")
    (folder / article.name).write_bytes(article.read_bytes())
    before, after = '28 people were killed, statement: 28 people were killed., quantity: "28"', ""
    text = SAMPLE.read_text(encoding="utf-8")
    line = text[: text.index(before)].count("\n") + 1
    after = before.replace('quantity: "28"', "quantity: at least 25")
    (folder / "bundle.yaml").write_text(text.replace(before, after), encoding="utf-8")
    report = await import_bundle(own_sample, viewer, folder, update=True)
    assert [str(one) for one in report.amended] == [
        f"line {line}: claims k-health-28: quantity: 28 here, at least 25 in the bundle"
    ]
    statuses = await read_statuses(own_sample, "baghdad-2019")
    # Nobody conflicts with the militia's 25 any more but its own "nearly 30".
    assert statuses["k-health-28"] == statuses["a-25"] == "CORROBORATED 3:0 14:0"
    assert statuses["k-pmf-25-rudaw"].startswith("DISPUTED 2:1")
    assert await recompute_everything(own_sample, check=True) == []
