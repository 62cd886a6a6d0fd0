"""The sample bundle through the services: every claim gets the status that the rule gives it by hand."""

from __future__ import annotations

from pathlib import Path

from app.database import Database
from app.exchange.bundle import read_bundle
from app.exchange.importing import import_bundle
from app.permissions import Viewer
from app.services.recomputation import recompute_everything
from tests.domain.test_sample import TABLE
from tests.exchange.bundles import SAMPLE, count_tables, read_statuses, summarize
from tests.services.reading import read_rows


async def test_every_claim_of_the_sample_gets_its_status_and_a_second_import_does_nothing(
    committed_database: Database, viewer: Viewer
) -> None:
    progress: list[tuple[int, int]] = []
    report = await import_bundle(
        committed_database, viewer, SAMPLE, on_progress=lambda done, total: progress.append((done, total))
    )
    assert report.bundle == "baghdad-2019"
    assert summarize(report) == {"recorded": 173}
    assert progress[0] == (0, 173)
    assert progress[-1] == (173, 173)
    assert await read_statuses(committed_database, "baghdad-2019") == TABLE
    assert await recompute_everything(committed_database, check=True) == []
    counts = await count_tables(committed_database)
    assert counts == {
        "agent": 56,
        "event": 3,
        "question": 12,
        "source": 31,
        "claim": 69,
        "assessment": 2,
        "imported": 173,
    }
    revisions = await read_rows(committed_database, "SELECT count(*) AS n FROM revision")

    again = await import_bundle(committed_database, viewer, SAMPLE)
    assert summarize(again) == {"unchanged": 173}
    assert again.changed == ()
    assert await count_tables(committed_database) == counts
    assert await read_rows(committed_database, "SELECT count(*) AS n FROM revision") == revisions


async def test_who_is_named_judged_and_whoever_imports_recorded(
    committed_database: Database, viewer: Viewer
) -> None:
    await import_bundle(committed_database, viewer, SAMPLE)
    judges = await read_rows(
        committed_database,
        "SELECT r.name, r.role, v.actor = r.id AS logged FROM assessment a"
        " JOIN researcher r ON r.id = a.recorded_by JOIN revision v ON v.row_id = a.id",
    )
    assert judges == [{"name": "sample", "role": "RESEARCHER", "logged": True}] * 2
    others = await read_rows(
        committed_database,
        "SELECT DISTINCT actor, reason FROM revision WHERE table_name IN ('claim', 'source', 'agent')",
    )
    assert others == [{"actor": str(viewer.researcher), "reason": "Import of the bundle baghdad-2019"}]


def test_the_bundle_reads_as_it_did_before_its_one_number_was_put_in_quotes(tmp_path: Path) -> None:
    # The comma of a number ends plain words between braces; a file that was written so keeps reading.
    text = SAMPLE.read_text(encoding="utf-8")
    quoted, plain = 'quote: "as many as 6,000 people"', "quote: as many as 6,000 people"
    assert quoted in text
    older = tmp_path / "baghdad-2019" / "bundle.yaml"
    older.parent.mkdir()
    older.write_text(text.replace(quoted, plain), encoding="utf-8")
    (article,) = SAMPLE.parent.glob("*.txt")
    (older.parent / article.name).write_bytes(article.read_bytes())
    assert read_bundle(older) == read_bundle(SAMPLE)
    assert read_bundle(older).claims["c-euronews-6000"].quote.exact == "as many as 6,000 people"
