"""What is exported makes the same again: claims, chains, judgements and statuses, and the same file."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import Database
from app.domain.identifiers import NodeType
from app.domain.vocabulary import Role
from app.errors import InvalidInput, NotPermitted
from app.exchange.bundle import read_bundle
from app.exchange.drafts import draft_quote
from app.exchange.entries import QuoteEntry
from app.exchange.exporting import export_bundle, shorten_quote
from app.exchange.importing import import_bundle
from app.permissions import Viewer
from app.services.assessments import withdraw_assessment
from app.services.inputs import Hop, QuantityInput, QuoteInput
from app.services.merges import merge_agents
from app.services.quotes import place_quote
from app.services.recomputation import recompute_everything
from app.services.redaction import redact
from app.services.sources import SourceChanges, SourceRevision, amend_source, revise_source
from app.services.withdrawals import retract_claim, withdraw_claim
from app.settings import Settings
from tests.conftest import NewDatabase, RolledBackDatabase
from tests.exchange.bundles import (
    SAMPLE,
    SMALL,
    Entries,
    add,
    change,
    count_tables,
    read_statuses,
    summarize,
    write_bundle,
)
from tests.exchange.made_bundles import bundles
from tests.factories import (
    make_agent,
    make_assessment,
    make_claim,
    make_question,
    make_source,
    make_viewer,
    perform,
)
from tests.services.reading import read_rows

ROUNDS = max(settings().max_examples // 4, 10)


@asynccontextmanager
async def empty_database(connection: AsyncConnection) -> AsyncIterator[Database]:
    """The database as it was, and as it will be again."""
    savepoint = await connection.begin_nested()
    try:
        yield RolledBackDatabase(connection)
    finally:
        await savepoint.rollback()


async def export_text(database: Database, viewer: Viewer, bundle: str | None = None) -> str:
    stream = io.StringIO()
    await export_bundle(database, viewer, stream, bundle=bundle)
    return stream.getvalue()


def read_folder(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


async def read_figures(database: Database) -> list[str]:
    """What the rule makes of every claim, without what hangs on the keys of rows.

    Of several weakest links the first by their ids are named, so that explanations may differ.
    """
    rows = await read_rows(
        database,
        "SELECT c.statement, c.quote_exact, c.quote_prefix, c.quote_suffix, c.quote_start, c.quote_status,"
        " c.bounds, c.bounds_given, c.quantity_text, c.asserted_text, c.note, k.status, k.live, k.lines_for,"
        " k.lines_against, k.reports_for, k.reports_against, k.disagreed,"
        " jsonb_array_length(k.weakest_links) AS links, cardinality(k.chain) AS chain"
        " FROM claim c JOIN corroboration k ON k.claim = c.id",
    )
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.parametrize(
    ("quote", "written"),
    [
        # Its place follows from the words, and the context around it is what was filled in.
        (QuoteInput("At least 25"), QuoteEntry("At least 25")),
        # The context was given, and is not what would be filled in.
        (QuoteInput("At least 25", suffix=" died"), QuoteEntry("At least 25", "", " died", 0)),
        # The words stand there twice.
        (QuoteInput("25", start=18), QuoteEntry("25", "At least 25 died. ", " died.", 18)),
    ],
)
def test_a_quote_is_written_as_short_as_it_can_be(quote: QuoteInput, written: QuoteEntry) -> None:
    text = "At least 25 died. 25 died."
    placed = place_quote(text, quote)
    entry = QuoteEntry(placed.exact, placed.prefix, placed.suffix, placed.start, placed.end)
    assert shorten_quote(entry, text) == written
    assert place_quote(text, draft_quote(written)) == placed


async def test_the_sample_comes_out_as_it_went_in(
    connection: AsyncConnection, viewer: Viewer, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    async with empty_database(connection) as database:
        await import_bundle(database, viewer, SAMPLE)
        report = await export_bundle(database, viewer, one, bundle="baghdad-2019")
        statuses = await read_statuses(database, "baghdad-2019")
        assert sum(report.counts.values()) == 173
        assert report.text_files == 1
        # The file says the same of the same rows.
        assert summarize(await import_bundle(database, viewer, one)) == {"unchanged": 173}
    written, sample = read_bundle(one), read_bundle(SAMPLE)
    assert (written.agents, written.claims, written.sources) == (sample.agents, sample.claims, sample.sources)
    assert [source.text for source in written.sources.values() if source.text] == [
        sample.sources["article"].text
    ]
    async with empty_database(connection) as database:
        assert summarize(await import_bundle(database, viewer, one)) == {"recorded": 173}
        await export_bundle(database, viewer, two / "bundle.yaml", bundle="baghdad-2019")
        assert await read_statuses(database, "baghdad-2019") == statuses
    assert read_folder(one) == read_folder(two)


@given(sections=bundles())
@settings(max_examples=ROUNDS, suppress_health_check=list(HealthCheck), phases=(Phase.generate,))
async def test_whatever_can_be_recorded_goes_round(
    connection: AsyncConnection,
    viewer: Viewer,
    tmp_path_factory: pytest.TempPathFactory,
    sections: dict[str, Entries],
) -> None:
    folder = tmp_path_factory.mktemp("round")
    one, two = folder / "one", folder / "two"
    one.mkdir()
    two.mkdir()
    total = sum(map(len, sections.values()))
    async with empty_database(connection) as database:
        made = await import_bundle(database, viewer, write_bundle(folder, sections, bundle="made"))
        assert summarize(made) == {"recorded": total}
        assert await recompute_everything(database, check=True) == []
        await export_bundle(database, viewer, one, bundle="made")
        whole, figures = await export_text(database, viewer), await read_figures(database)
        again = await import_bundle(database, viewer, one)
        assert summarize(again) == {"unchanged": total}, again.changed
        counts = await count_tables(database)
        (folder / "whole.yaml").write_text(whole, encoding="utf-8", newline="")
        found = await import_bundle(database, viewer, folder / "whole.yaml")
        assert summarize(found) == {"found": total}, found.changed
        assert await count_tables(database) == counts | {"imported": 2 * total}
    async with empty_database(connection) as database:
        await import_bundle(database, viewer, one)
        await export_bundle(database, viewer, two, bundle="made")
        assert await read_figures(database) == figures
    assert read_folder(one) == read_folder(two)
    async with empty_database(connection) as database:
        await import_bundle(database, viewer, folder / "whole.yaml")
        assert await export_text(database, viewer) == whole
        assert await read_figures(database) == figures


async def record_by_hand(database: Database, viewer: Viewer) -> None:
    """One of everything that the API can record, in an order of which a bundle knows nothing."""
    state = await make_agent(database, viewer, kind="GOVERNMENT", name="State")
    office = await make_agent(database, viewer, name="Office", part_of=state, wikidata_id="Q7")
    bureau = await make_agent(database, viewer, name="Bureau", protected=True, pseudonym="An office")
    await perform(database, viewer, merge_agents, bureau, office, "They moved in together.")
    toll = await make_question(database, viewer, text="How many?")
    # A citation whose text came later, and does not have the words of one of its quotes.
    source = await make_source(
        database, viewer, title="Report", publisher=bureau, url="https://example.org/r"
    )
    wrong = await make_claim(database, viewer, source=source, question=toll, quantity="26", quote="26 died")
    await make_claim(database, viewer, source=source, statement="No more.", quote="No more")
    changes = SourceChanges(text="At least 25 died. No more.")
    await perform(database, viewer, amend_source, source, 1, changes)
    await make_source(database, viewer, title="Copy", url="https://example.org/r", reprints=source)
    placed = await make_claim(
        database,
        viewer,
        source=source,
        question=toll,
        statement="25 died.",
        quote="25 died",
        hops=(Hop((state, office), cue="said"), Hop((bureau,))),
        quantity=QuantityInput("25 oder mehr", lower=Decimal(25)),
        asserted="2020-01",
    )
    judgement = await make_assessment(
        database, viewer, claim=placed, evidence_claim=wrong, stance="CONTRADICTS"
    )
    await perform(database, viewer, withdraw_claim, placed, "The wrong question.")
    # The same words again, now that the first are withdrawn.
    anew = await make_claim(
        database, viewer, source=source, question=toll, statement="25 died.", quote="25 died", quantity="25"
    )
    await perform(database, viewer, withdraw_assessment, judgement, "It is another fire.")
    await make_assessment(database, viewer, claim=anew, evidence_claim=wrong, credibility=2)
    ada = await make_viewer(database, Role.RESEARCHER, "Ada")
    await make_assessment(database, ada, claim=anew, evidence_claim=wrong, stance="ABSENT")
    revision = SourceRevision(text="Nobody died.", title="Correction", url=None, published="2020-01-05")
    await perform(database, viewer, revise_source, source, revision)
    await perform(database, viewer, retract_claim, anew, when="2020-01-05", reason="Nobody died.")
    place = QuoteInput("nobody", suffix=" died")
    await make_claim(database, viewer, quote=place, note="in two\nlines", statement="Nobody died.")


async def test_what_was_recorded_by_hand_goes_round(
    connection: AsyncConnection, viewer: Viewer, tmp_path: Path
) -> None:
    file = tmp_path / "whole.yaml"
    async with empty_database(connection) as database:
        await record_by_hand(database, viewer)
        await export_bundle(database, viewer, file)
        first, figures = read_folder(tmp_path), await read_figures(database)
        counts = await count_tables(database)
        # Its own file brings nothing new: every key is the id of a row.
        report = await import_bundle(database, viewer, file)
        assert set(summarize(report)) == {"found"}
        assert await count_tables(database) == counts | {"imported": sum(counts.values())}
    async with empty_database(connection) as database:
        report = await import_bundle(database, viewer, file)
        assert set(summarize(report)) == {"recorded"}
        assert await read_figures(database) == figures
        assert await recompute_everything(database, check=True) == []
        await export_bundle(database, viewer, file)
    assert read_folder(tmp_path) == first


async def test_what_was_redacted_goes_round(
    committed_database: Database,
    owned_database: Database,
    clone: NewDatabase,
    settings: Settings,
    viewer: Viewer,
    tmp_path: Path,
) -> None:
    """The quotes of a text that is gone, the bounds of words that are gone, a name that nobody has."""
    file = tmp_path / "whole.yaml"
    await record_by_hand(committed_database, viewer)
    other = await make_source(committed_database, viewer, text="At least 25 died. Ali Hassan said 25.")
    question = await make_question(committed_database, viewer, unit="people")
    spoken = await make_claim(
        committed_database,
        viewer,
        source=other,
        question=question,
        quantity="25",
        quote=QuoteInput("25", start=34),
    )
    hidden = await make_agent(committed_database, viewer, name="Hassan", protected=True, pseudonym="A man")
    for node, key, field in (
        (NodeType.SOURCE, other, "text"),
        (NodeType.CLAIM, spoken, "quantity"),
        (NodeType.QUESTION, question, "unit"),
        (NodeType.AGENT, hidden, "name"),
    ):
        await perform(owned_database, viewer, redact, node, key, [field], "An order of a court")
    await export_bundle(committed_database, viewer, file)
    first = read_folder(tmp_path)
    assert set(summarize(await import_bundle(committed_database, viewer, file))) == {"found"}
    async with clone() as dsn:
        database = await Database.open(dsn, settings)
        try:
            assert set(summarize(await import_bundle(database, viewer, file))) == {"recorded"}
            assert await read_statuses_of_all(database) == await read_statuses_of_all(committed_database)
            await export_bundle(database, viewer, file)
        finally:
            await database.close()
    assert read_folder(tmp_path) == first


async def read_statuses_of_all(database: Database) -> list[str]:
    sql = "SELECT status, lines_for, lines_against, bounds FROM corroboration JOIN claim ON id = claim"
    return sorted(json.dumps(row, sort_keys=True) for row in await read_rows(database, sql))


async def test_databases_that_share_a_bundle_are_brought_together(
    connection: AsyncConnection, viewer: Viewer, tmp_path: Path
) -> None:
    file = write_bundle(tmp_path, SMALL)
    async with empty_database(connection) as database:
        await import_bundle(database, viewer, file)
        await make_agent(database, viewer, name="A further one")
        (tmp_path / "theirs.yaml").write_text(await export_text(database, viewer), encoding="utf-8")
    async with empty_database(connection) as database:
        await import_bundle(database, viewer, file)
        report = await import_bundle(database, viewer, tmp_path / "theirs.yaml")
        assert summarize(report) == {"found": 12, "recorded": 1}
    async with empty_database(connection) as database:
        # The other way round: the bundle comes after a file that has its entries.
        await import_bundle(database, viewer, tmp_path / "theirs.yaml")
        assert summarize(await import_bundle(database, viewer, file)) == {"found": 12}


async def test_a_bundle_is_exported_with_all_that_it_refers_to(
    database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    await import_bundle(database, viewer, write_bundle(tmp_path, SMALL))
    await import_bundle(
        database,
        viewer,
        write_bundle(
            tmp_path, {"agents": [{"key": "x", "kind": "OUTLET", "name": "Not of it"}]}, bundle="other"
        ),
    )
    union = await make_agent(database, viewer, name="Union")
    ministry = (await read_rows(database, "SELECT id FROM agent WHERE name = 'The Ministry'"))[0]["id"]
    await perform(database, viewer, merge_agents, UUID(ministry), union, "One of them.")
    text = await export_text(database, viewer, "small")
    assert f"- key: agent_{union}\n  name: Union\n" in text
    assert f"  merged_into:\n    key: agent_{union}\n    reason: One of them.\n" in text
    assert "- key: ministry\n" in text
    assert "Not of it" not in text
    assert "Not of it" in await export_text(database, viewer)


async def test_the_key_of_an_assessment_is_left_out_where_it_follows_from_the_rest(
    database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    judged = {"evidence_source": "note", "stance": "CONTEXT", "rationale": "Seen.", "recorded_by": "Ada"}
    sections = add(
        SMALL, "assessments", {"claim": "dead-25", **judged}, {"key": "own", "claim": "no-arson", **judged}
    )
    await import_bundle(database, viewer, write_bundle(tmp_path, sections))
    written = yaml.safe_load(await export_text(database, viewer, "small"))["assessments"]
    assert sorted(
        (one["claim"], one.get("evidence_claim") or one["evidence_source"], one.get("key")) for one in written
    ) == [("dead-25", "dead-28", None), ("dead-25", "note", None), ("no-arson", "note", "own")]


async def test_a_bundle_that_was_not_imported_is_not_exported(
    database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match="bundle: 'nothing' was not imported; none was"):
        await export_bundle(database, viewer, tmp_path / "out.yaml", bundle="nothing")
    await import_bundle(database, viewer, write_bundle(tmp_path, SMALL))
    with pytest.raises(InvalidInput, match="bundle: 'nothing' was not imported; these were: small"):
        await export_bundle(database, viewer, tmp_path / "out.yaml", bundle="nothing")
    assert not (tmp_path / "out.yaml").exists()


async def test_readers_do_not_export(database: Database, tmp_path: Path) -> None:
    reader = await make_viewer(database, Role.READER)
    with pytest.raises(NotPermitted):
        await export_bundle(database, reader, tmp_path / "out.yaml")


async def test_an_export_that_fails_leaves_the_file_that_was_there(
    database: Database, viewer: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await import_bundle(database, viewer, write_bundle(tmp_path, SMALL))
    file = tmp_path / "out.yaml"
    await export_bundle(database, viewer, file)
    before = read_folder(tmp_path)
    monkeypatch.setattr("app.exchange.exporting.TEXTS", "no/such/folder")
    with pytest.raises(FileNotFoundError):
        await export_bundle(database, viewer, file)
    assert read_folder(tmp_path) == before


async def test_an_export_lists_every_field_of_a_protected_agent(
    database: Database, viewer: Viewer, tmp_path: Path
) -> None:
    sections = change(SMALL, "agents", "ministry", protected=True, pseudonym="An office", wikidata_id="Q7")
    # Its name stands in the text.
    sections = change(sections, "sources", "report", restricted=True)
    sections = add(
        sections, "agents", {"key": "o", "kind": "ORGANIZATION", "name": "O", "description": "a\nb"}
    )
    await import_bundle(database, viewer, write_bundle(tmp_path, sections))
    await export_bundle(database, viewer, tmp_path / "out.yaml", bundle="small")
    (restricted,) = (tmp_path / "texts").iterdir()
    assert [file.stat().st_mode & 0o777 for file in (tmp_path / "out.yaml", restricted)] == [0o600] * 2
    text = (tmp_path / "out.yaml").read_text(encoding="utf-8")
    assert (
        "- key: ministry\n  name: The Ministry\n  kind: ORGANIZATION\n  part_of: state\n"
        "  wikidata_id: Q7\n  protected: true\n  pseudonym: An office\n"
    ) in text
    assert "  description: |-\n    a\n    b\n" in text
    assert json.dumps("a\nb") not in text
