"""Imports that are run again, interrupted, or run beside each other; what they find already there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from app.cli.bundles import describe_standing
from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role
from app.errors import BundleInvalid, NamedPlace, NotPermitted
from app.exchange import importing
from app.exchange.exporting import export_bundle
from app.exchange.importing import import_bundle
from app.permissions import Viewer
from app.services.exposure import Exposure
from app.services.merges import unmerge_agents
from app.services.recomputation import recompute_everything
from app.services.redaction import redact
from app.services.sources import SourceRevision, revise_source
from app.settings import Settings
from tests.api.test_write_costs import heard
from tests.conftest import NewDatabase
from tests.domain.test_sample import TABLE
from tests.exchange.bundles import (
    SAMPLE,
    SMALL,
    add,
    change,
    count_tables,
    read_statuses,
    summarize,
    write_bundle,
)
from tests.factories import make_agent, make_source, make_viewer, perform
from tests.services.reading import read_row, read_rows


class Interrupted(Exception):
    pass


def interrupt_after(batches: int) -> Callable[[int, int], None]:
    """A progress that raises once so many batches are committed."""
    calls = iter(range(batches + 1))

    def report(_done: int, _total: int) -> None:
        if next(calls) == batches:
            raise Interrupted

    return report


def keep_batches_at(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """So many steps in every transaction, however long its questions take to decide."""
    monkeypatch.setattr(importing, "BATCH", steps)
    monkeypatch.setattr(importing, "MAX_BATCH", steps)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_batches_at(monkeypatch, 20)


async def test_an_interrupted_import_goes_on_where_it_was(
    committed_database: Database, viewer: Viewer, small_batches: None
) -> None:
    for batches in (1, 2, 3):
        with pytest.raises(Interrupted):
            await import_bundle(committed_database, viewer, SAMPLE, on_progress=interrupt_after(batches))
        assert await recompute_everything(committed_database, check=True) == []
    assert (await count_tables(committed_database))["imported"] == 120
    report = await import_bundle(committed_database, viewer, SAMPLE)
    assert summarize(report) == {"recorded": 53, "unchanged": 120}
    assert await read_statuses(committed_database, "baghdad-2019") == TABLE
    assert (await count_tables(committed_database))["imported"] == 173


async def test_batches_grow_where_their_questions_take_longer_than_their_steps(
    database: Database, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, float, float]] = []

    def double(steps: int, recording: float, deciding: float) -> int:
        told.append((steps, recording, deciding))
        return 2 * steps

    monkeypatch.setattr(importing, "BATCH", 10)
    monkeypatch.setattr(importing, "size_batch", double)
    await import_bundle(database, viewer, SAMPLE)
    assert [steps for steps, _, _ in told] == [10, 20, 40, 80, 23]
    assert all(recording > 0 and deciding > 0 for _, recording, deciding in told)
    assert await read_statuses(database, "baghdad-2019") == TABLE


async def test_entries_of_a_section_are_recorded_together(
    database: Database, connection: AsyncConnection, viewer: Viewer, tmp_path: Path
) -> None:
    """As many statements for many entries as for few; a reprint comes after what it reprints."""

    async def count(name: str, sources: int) -> list[str]:
        made = [{**SMALL["sources"][0], "key": f"{name}-{n}"} for n in range(sources)]
        # The first stands last in the file.
        made = [{**one, "reprints": f"{name}-0"} if number else one for number, one in enumerate(made)][::-1]
        claims = [{**SMALL["claims"][0], "key": f"{one['key']}-dead", "source": one["key"]} for one in made]
        sections = {**SMALL, "sources": made, "claims": claims, "assessments": []}
        path = write_bundle(tmp_path / name, sections, bundle=name)
        with heard(connection) as sent:
            report = await import_bundle(database, viewer, path)
        assert summarize(report)["recorded"] == 2 * sources + 6
        return sent

    few, many = await count("few", 4), await count("many", 40)
    assert len(few) == len(many), "\n".join(many)
    assert await recompute_everything(database, check=True) == []


async def test_what_is_left_to_be_done_to_an_entry_is_done_by_the_next_run(
    committed_database: Database, viewer: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sections = add(
        SMALL,
        "agents",
        {
            "key": "office",
            "kind": "ORGANIZATION",
            "name": "Office",
            "merged_into": "ministry",
            "wikidata_id": "Q7",
        },
    )
    sections = change(sections, "agents", "ministry", wikidata_id="Q7")
    sections = change(sections, "claims", "dead-28", withdrawn={"reason": "Another fire."})
    file = write_bundle(tmp_path, sections)
    keep_batches_at(monkeypatch, 1)
    unfinished = "SELECT key FROM imported WHERE entry_sha256 = ''"
    left: list[str] = []
    for _ in range(30):
        try:
            # Two steps a run.
            await import_bundle(committed_database, viewer, file, on_progress=interrupt_after(2))
        except Interrupted:
            left += [row["key"] for row in await read_rows(committed_database, unfinished)]
        else:
            break
    else:
        pytest.fail("thirty runs were not enough")
    assert set(left) == {"office", "dead-28"}
    agents = await read_rows(
        committed_database,
        "SELECT name, wikidata_id, merged_into IS NOT NULL AS merged FROM agent ORDER BY name",
    )
    assert agents[0] == {"name": "Office", "wikidata_id": "Q7", "merged": True}
    claims = await read_rows(
        committed_database, "SELECT withdrawal_reason FROM claim WHERE statement = '28 died.'"
    )
    assert claims == [{"withdrawal_reason": "Another fire."}]
    assert await read_rows(committed_database, unfinished) == []
    assert summarize(await import_bundle(committed_database, viewer, file)) == {"unchanged": 13}


async def test_what_an_interrupted_run_left_is_done_and_not_told_as_amended(
    committed_database: Database, viewer: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_bundle(tmp_path, change(SMALL, "claims", "dead-28", withdrawn={"reason": "Another fire."}))
    keep_batches_at(monkeypatch, 1)
    unfinished = "SELECT key FROM imported WHERE entry_sha256 = ''"
    while not await read_rows(committed_database, unfinished):
        with pytest.raises(Interrupted):
            await import_bundle(committed_database, viewer, file, on_progress=interrupt_after(2))
    report = await import_bundle(committed_database, viewer, file, update=True)
    assert set(summarize(report)) == {"recorded", "unchanged"}
    (claim,) = await read_rows(
        committed_database, "SELECT withdrawal_reason FROM claim WHERE statement = '28 died.'"
    )
    assert claim == {"withdrawal_reason": "Another fire."}


async def test_two_imports_of_one_bundle_record_nothing_twice(
    committed_database: Database, viewer: Viewer, small_batches: None
) -> None:
    reports = await asyncio.gather(*(import_bundle(committed_database, viewer, SAMPLE) for _ in range(3)))
    assert sum(summarize(report).get("recorded", 0) for report in reports) == 173
    assert sum(summarize(report).get("unchanged", 0) for report in reports) == 2 * 173
    counts = await count_tables(committed_database)
    assert (counts["claim"], counts["agent"], counts["imported"]) == (69, 56, 173)
    assert await read_statuses(committed_database, "baghdad-2019") == TABLE


async def test_entries_may_refer_to_what_comes_after_them(
    database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    sections = {name: list(reversed(entries)) for name, entries in SMALL.items()}
    sections["sources"].insert(
        0, {"key": "copy", "kind": "ARTICLE", "title": "Copy", "publisher": "state", "reprints": "report"}
    )
    report = await import_bundle(database, viewer, write_bundle(tmp_path, sections))
    assert summarize(report) == {"recorded": 13}
    assert await recompute_everything(database, check=True) == []


async def test_a_chain_of_merges_is_made_from_its_far_end(
    database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    sections = add(
        SMALL,
        "agents",
        {"key": "b", "kind": "OUTLET", "name": "B", "merged_into": "a"},
        {"key": "c", "kind": "OUTLET", "name": "C", "merged_into": {"key": "b", "reason": "The same paper."}},
        {"key": "a", "kind": "OUTLET", "name": "A"},
    )
    sections = add(
        sections,
        "questions",
        {"key": "q1", "kind": "QUANTITY", "text": "1?", "merged_into": "dead"},
        {"key": "q2", "kind": "QUANTITY", "text": "2?", "merged_into": "q1"},
    )
    await import_bundle(database, viewer, write_bundle(tmp_path, sections))
    agents = await read_rows(
        database,
        "SELECT a.name, m.name AS into_name, p.name AS party"
        " FROM agent a JOIN agent m ON m.id = a.merged_into JOIN agent p ON p.id = a.party ORDER BY a.name",
    )
    assert agents == [
        {"name": "B", "into_name": "A", "party": "A"},
        {"name": "C", "into_name": "B", "party": "A"},
    ]
    roots = await read_rows(database, "SELECT DISTINCT root FROM question WHERE kind = 'QUANTITY'")
    assert len(roots) == 1
    reasons = await read_rows(
        database, "SELECT reason FROM revision WHERE after ->> 'name' = 'C' AND operation = 'UPDATE'"
    )
    assert reasons == [{"reason": "The same paper."}]


async def test_what_was_recorded_by_hand_is_found_and_not_recorded_again(
    database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    note = await make_source(database, viewer, kind="POST", title="A note", url="https://example.org/note")
    state = await make_agent(database, viewer, kind="GOVERNMENT", name="The State", wikidata_id="Q7")
    sections = change(SMALL, "agents", "state", wikidata_id="Q7")
    report = await import_bundle(database, viewer, write_bundle(tmp_path, sections))
    assert summarize(report) == {"recorded": 10, "found": 2}
    rows = await read_rows(
        database, "SELECT row_id FROM imported WHERE key IN ('note', 'state') ORDER BY key"
    )
    assert [row["row_id"] for row in rows] == [str(note), str(state)]


async def test_what_is_found_and_differs_is_told(database: Database, viewer: Viewer, tmp_path: Path) -> None:
    await make_source(database, viewer, kind="POST", title="Another title", url="https://example.org/note")
    file = write_bundle(tmp_path, SMALL)
    for again in (False, True):
        report = await import_bundle(database, viewer, file)
        assert summarize(report) == (
            {"unchanged": 11, "changed": 1} if again else {"recorded": 11, "changed": 1}
        )
        (changed,) = report.changed
        assert str(changed).endswith("sources note: title: Another title here, A note in the bundle")
    updated = await import_bundle(database, viewer, file, update=True)
    assert summarize(updated) == {"unchanged": 11, "amended": 1}
    assert summarize(await import_bundle(database, viewer, file)) == {"unchanged": 12}


async def test_what_refers_to_an_entry_that_differs_does_not_differ_for_it(
    database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    await make_agent(database, viewer, name="Their paper", wikidata_id="Q7")
    (paper,) = await read_rows(database, "SELECT id FROM agent WHERE wikidata_id = 'Q7'")
    await make_source(
        database,
        viewer,
        kind="POST",
        title="A note",
        url="https://example.org/note",
        publisher=UUID(paper["id"]),
    )
    sections = change(SMALL, "agents", "paper", wikidata_id="Q7", kind="ORGANIZATION")
    # Known by key, so that something was compared before the agent was.
    await import_bundle(database, viewer, write_bundle(tmp_path, {"agents": [sections["agents"][0]]}))
    sections = change(sections, "agents", "state", aliases=["State"])
    sections = change(sections, "sources", "note", publisher="paper")
    report = await import_bundle(database, viewer, write_bundle(tmp_path, sections))
    assert [str(changed).partition(": ")[2] for changed in report.changed] == [
        'agents state: aliases: nothing here, ["State"] in the bundle',
        "agents paper: name: Their paper here, The Paper in the bundle",
    ]
    assert summarize(report) == {"recorded": 9, "found": 1, "changed": 2}


async def test_a_citation_has_later_versions_under_its_url(
    database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    first = {**SMALL["sources"][0], "key": "cited", "url": "https://example.org/cited"}
    first.pop("text", None)
    later = [{"key": f"v{n}", "revises": before, "title": f"{n}"} for n, before in ((2, "cited"), (3, "v2"))]
    sections = {**SMALL, "sources": [*SMALL["sources"], first, *later]}
    file = write_bundle(tmp_path, sections)
    await import_bundle(database, viewer, file)
    rows = await read_rows(database, "SELECT title FROM source WHERE url = $1 ORDER BY id", first["url"])
    assert [row["title"] for row in rows] == [first["title"], "2", "3"]
    assert summarize(await import_bundle(database, viewer, file)).keys() == {"unchanged"}


async def test_what_the_database_refuses_names_the_entry(
    database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    file = write_bundle(tmp_path, SMALL)
    await import_bundle(database, viewer, file)
    # A version that came by hand: the bundle's own cannot be the next one.
    (row,) = await read_rows(database, "SELECT row_id FROM imported WHERE key = 'report'")
    await perform(database, viewer, revise_source, UUID(row["row_id"]), SourceRevision(text="By hand."))
    sections = add(SMALL, "sources", {"key": "later", "revises": "report", "text": "Later."})
    sections = add(sections, "events", {"key": "flood", "title": "A flood"})
    with pytest.raises(
        BundleInvalid, match=r"sources later: source: has a newer version.*batches recorded stays"
    ):
        await import_bundle(database, viewer, write_bundle(tmp_path, sections))
    assert await read_rows(database, "SELECT id FROM event WHERE title = 'A flood'") == []


@pytest.mark.parametrize(
    ("role", "sections", "told"),
    [
        (Role.READER, SMALL, "recordClaim needs the role RESEARCHER"),
        (Role.RESEARCHER, SMALL, r"the judgements of others \(Ada\) needs the role ADMIN"),
        (
            Role.RESEARCHER,
            change(
                {**SMALL, "assessments": []},
                "claims",
                "dead-28",
                retracted={"at": "2020-01-03", "reason": "It was 25."},
            ),
            "needs the role EDITOR",
        ),
    ],
)
async def test_who_may_not_is_refused_before_anything_is_written(
    database: Database, tmp_path: Path, role: Role, sections: dict[str, list[dict[str, object]]], told: str
) -> None:
    somebody = await make_viewer(database, role)
    before = await count_tables(database)
    with pytest.raises(NotPermitted, match=told):
        await import_bundle(database, somebody, write_bundle(tmp_path, sections))
    assert await count_tables(database) == before


async def test_a_researcher_imports_claims_and_their_own_judgements(
    database: Database, tmp_path: Path
) -> None:
    ada = await make_viewer(database, Role.RESEARCHER, "Ada")
    report = await import_bundle(database, ada, write_bundle(tmp_path, SMALL))
    assert summarize(report) == {"recorded": 12}


CLERK = {"key": "clerk", "kind": "PERSON", "name": "Ali Hassan", "protected": True, "pseudonym": "a clerk"}


async def test_an_import_that_protects_says_where_the_names_stand(
    committed_database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    older = await make_source(committed_database, viewer, title="Of Ali Hassan", text="By A. Nother.")
    plain = {name: value for name, value in CLERK.items() if name not in ("protected", "pseudonym")}
    first = await import_bundle(committed_database, viewer, write_bundle(tmp_path, {"agents": [plain]}))
    assert first.standing is None
    file = write_bundle(tmp_path, {"agents": [CLERK]})
    left = await import_bundle(committed_database, viewer, file)
    assert (left.standing, len(left.changed)) == (None, 1), "nothing was protected"

    protected = await import_bundle(committed_database, viewer, file, update=True)
    assert protected.standing is not None
    (place,) = protected.standing.places
    (clerk,) = await read_rows(committed_database, "SELECT id FROM agent WHERE protected")
    assert place == NamedPlace(
        encode_id(NodeType.AGENT, clerk["id"]), ("title",), 3, 13, encode_id(NodeType.SOURCE, older)
    )
    assert describe_standing(protected.standing) == [
        f"standing: {place.row}: title: 3 to 13: a name of {place.agent}"
    ]
    assert (await import_bundle(committed_database, viewer, file)).standing is None, "nothing was done"

    more = {**CLERK, "aliases": ["A. Nother"]}
    renamed = await import_bundle(
        committed_database, viewer, write_bundle(tmp_path, {"agents": [more]}), update=True
    )
    assert renamed.standing is not None
    assert [place.path for place in renamed.standing.places] == [("title",), ("text",)]

    other = {**CLERK, "key": "other", "name": "Nobody Knows"}
    added = await import_bundle(committed_database, viewer, write_bundle(tmp_path, {"agents": [more, other]}))
    assert added.standing == Exposure(0, (), ())


async def test_what_was_undone_stays_so_after_a_redaction(
    committed_database: Database, owned_database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    """An import that goes on does what is left to do; after a redaction nothing is."""
    double = {
        "key": "double",
        "kind": "PERSON",
        "name": "A. Double",
        "description": "d",
        "merged_into": "state",
    }
    file = write_bundle(tmp_path, add(SMALL, "agents", double))
    await import_bundle(committed_database, viewer, file)
    (row,) = await read_rows(committed_database, "SELECT id FROM agent WHERE name = 'A. Double'")
    agent = UUID(row["id"])
    await perform(committed_database, viewer, unmerge_agents, agent, "they are two")
    await perform(
        owned_database, viewer, redact, NodeType.AGENT, agent, ["description"], "An order of a court"
    )
    report = await import_bundle(committed_database, viewer, file)
    assert summarize(report) == {"unchanged": 12, "changed": 1}
    assert (await read_row(committed_database, "agent", agent))["merged_into"] is None


async def test_bundles_with_the_same_entries_record_them_once(
    committed_database: Database,
    clone: NewDatabase,
    settings: Settings,
    dsn: str,
    viewer: Viewer,
    tmp_path: Path,
) -> None:
    """One is imported while the other has looked around and has recorded nothing yet."""
    file, theirs = write_bundle(tmp_path, SMALL), tmp_path / "theirs.yaml"
    async with clone() as elsewhere:
        await import_into(elsewhere, settings, viewer, file)
        database = await Database.open(elsewhere, settings)
        await export_bundle(database, viewer, theirs)
        await database.close()

    def import_the_other(done: int, _total: int) -> None:
        if done == 0:
            other = threading.Thread(target=asyncio.run, args=(import_into(dsn, settings, viewer, file),))
            other.start()
            other.join()

    report = await import_bundle(committed_database, viewer, theirs, on_progress=import_the_other)
    assert summarize(report) == {"found": 12}


async def import_into(dsn: str, settings: Settings, viewer: Viewer, file: Path) -> None:
    database = await Database.open(dsn, settings)
    try:
        await import_bundle(database, viewer, file)
    finally:
        await database.close()
