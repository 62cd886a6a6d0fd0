"""Recording, amending and revising sources."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import Role, SourceKind
from app.errors import Duplicate, InvalidInput, NotFound, NotPermitted, StaleVersion, UnknownMoment
from app.permissions import Viewer
from app.services.inputs import QuoteInput
from app.services.recomputation import recompute_everything
from app.services.sources import (
    NewSource,
    SourceChanges,
    SourceRevision,
    amend_source,
    record_source,
    record_sources,
    revise_source,
)
from tests.factories import make_agent, make_claim, make_question, make_source, make_viewer, perform
from tests.services.reading import count_rows, read_revisions, read_row, read_rows, read_status

URL = "https://rudaw.net/english/middleeast/29122019"


async def read_quote_status(database: Database, claim: uuid.UUID) -> str:
    status: str = (await read_row(database, "claim", claim))["quote_status"]
    return status


async def test_a_source_is_recorded_as_it_is_given(database: Database, viewer: Viewer) -> None:
    publisher = await make_agent(database, viewer)
    original = await make_source(database, viewer)
    new = NewSource(
        kind=SourceKind.BROADCAST,
        title="Irã rejeita acusação",
        publisher=publisher,
        url=URL,
        byline="by nobody",
        language="pt-BR",
        published="2019-12-31T21:00:00+03:00",
        retrieved_at=datetime(2020, 1, 1, tzinfo=UTC),
        media_type="text/html; charset=utf-8",
        text="fully responsible,quot;",
        archive_url="https://archive.org/x",
        reprints=original,
        note="n",
    )
    key = await perform(database, viewer, record_source, new)
    row = await read_row(database, "source", key)
    assert row.pop("recorded_at")
    assert row == {
        "id": str(key),
        "version": 1,
        "recorded_by": str(viewer.researcher),
        "kind": "BROADCAST",
        "publisher": str(publisher),
        "title": "Irã rejeita acusação",
        "url": URL,
        "byline": "by nobody",
        "language": "pt-BR",
        "published_text": "2019-12-31T21:00:00+03:00",
        "published": '["2019-12-31 18:00:00+00","2019-12-31 18:00:00+00"]',
        "retrieved_at": "2020-01-01T00:00:00+00:00",
        "media_type": "text/html; charset=utf-8",
        "text": "fully responsible,quot;",
        "text_sha256": hashlib.sha256(b"fully responsible,quot;").hexdigest(),
        "archive_url": "https://archive.org/x",
        "reprints": str(original),
        "revises": None,
        "newest_version": str(key),
        "note": "n",
        "publishers": [str(original), str(publisher)],
        "restricted": False,
        "hidden": False,
    }


@pytest.mark.parametrize(
    "words",
    [
        "x" * 1_000_000,
        "\u0001\ufffe\U0010ffff e\u0301 \r\n\t \u202e عراق 伊拉克 " * 1_000,
        "".join(map(chr, [*range(1, 0xD800), *range(0xE000, 0x3000 * 6)])),
    ],
    ids=["megabyte", "marks", "every character"],
)
async def test_any_text_is_stored_exactly(database: Database, viewer: Viewer, words: str) -> None:
    source = await make_source(database, viewer, text=words)
    row = await read_row(database, "source", source)
    assert row["text"] == words
    assert row["text_sha256"] == hashlib.sha256(words.encode()).hexdigest()
    claim = await make_claim(database, viewer, source=source, quote=QuoteInput(words[:9_000], start=0))
    assert (await read_row(database, "claim", claim))["quote_exact"] == words[:9_000]


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"title": "", "text": "a\0b"}, ["title", "text"]),
        ({"text": "\ud83d"}, ["text"]),
        ({"text": "\n"}, ["text"]),
        ({"text": "x" * 5_000_001}, ["text"]),
        ({"url": "ftp://example.org/x", "archive_url": "javascript:alert(1)"}, ["url", "archiveUrl"]),
        ({"url": "https://example.org/a b"}, ["url"]),
        ({"url": "https://"}, ["url"]),
        ({"url": "https://[::1"}, ["url"]),
        ({"url": "https://example.org/" + "é" * 1_020}, ["url"]),
        ({"language": "english language", "media_type": "html"}, ["language", "mediaType"]),
        ({"retrieved_at": datetime.fromisoformat("2020-01-01")}, ["retrievedAt"]),  # it has no offset
        (
            {"title": " ", "publisher": uuid.UUID(int=1), "reprints": uuid.UUID(int=1)},
            ["title", "publisher", "reprints"],
        ),
    ],
)
async def test_everything_that_is_wrong_is_said_at_once(
    database: Database, viewer: Viewer, fields: dict[str, Any], paths: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await make_source(database, viewer, **fields)
    assert [".".join(problem.path) for problem in caught.value.problems] == paths
    assert await count_rows(database, "source") == 0


async def test_a_moment_that_is_none_has_an_error_of_its_own(database: Database, viewer: Viewer) -> None:
    with pytest.raises(UnknownMoment):
        await make_source(database, viewer, published="Tuesday")


async def test_one_missing_reference_is_not_found(database: Database, viewer: Viewer) -> None:
    for name in ("publisher", "reprints"):
        with pytest.raises(NotFound) as caught:
            await make_source(database, viewer, **{name: uuid.uuid4()})
        assert caught.value.path == (name,)


async def test_a_url_is_recorded_once_with_each_text(database: Database, viewer: Viewer) -> None:
    citation = await make_source(database, viewer, url=URL)
    article = await make_source(database, viewer, url=URL, text="text")
    for words, standing in ((None, citation), ("text", article)):
        with pytest.raises(Duplicate) as caught:
            await make_source(database, viewer, url=URL, text=words)
        assert caught.value.id == encode_id(NodeType.SOURCE, standing)
    other = await make_source(database, viewer)
    with pytest.raises(Duplicate) as caught:
        await perform(database, viewer, amend_source, other, 1, SourceChanges(url=URL))
    assert caught.value.id == encode_id(NodeType.SOURCE, citation)
    # Without a URL nothing tells two citations apart.
    await make_source(database, viewer, title="same")
    await make_source(database, viewer, title="same")


async def test_an_amended_publisher_reaches_the_claims(database: Database, viewer: Viewer) -> None:
    one, two = [await make_agent(database, viewer) for _ in range(2)]
    question = await make_question(database, viewer)
    source = await make_source(database, viewer, publisher=one)
    claim = await make_claim(database, viewer, question=question, quantity="25", source=source)
    other = await make_source(database, viewer, publisher=two)
    await make_claim(database, viewer, question=question, quantity="25", source=other)
    assert await read_status(database, claim) == "CORROBORATED 2:0"
    await perform(database, viewer, amend_source, other, 1, SourceChanges(publisher=one))
    assert await read_status(database, claim) == "UNCORROBORATED 1:0"
    await perform(database, viewer, amend_source, other, 2, SourceChanges(publisher=None))
    assert await read_status(database, claim) == "CORROBORATED 2:0"
    await perform(database, viewer, amend_source, other, 3, SourceChanges(reprints=source))
    assert await read_status(database, claim) == "UNCORROBORATED 1:0"
    assert (await read_row(database, "source", other))["version"] == 4


async def test_an_amended_date_reaches_what_was_said_before_it(database: Database, viewer: Viewer) -> None:
    agent = await make_agent(database, viewer)
    question = await make_question(database, viewer)
    early = await make_source(database, viewer, published="2019-12-29")
    original = await make_source(database, viewer)
    reprint = await make_source(database, viewer, reprints=original)
    claim = await make_claim(
        database, viewer, question=question, quantity="19", source=early, said_by=[agent]
    )
    await make_claim(database, viewer, question=question, quantity="25", source=reprint, said_by=[agent])
    assert await read_status(database, claim) == "DISPUTED 1:1"
    await perform(database, viewer, amend_source, original, 1, SourceChanges(published="2019-12-30"))
    assert await read_status(database, claim) == "OUTDATED 1:1"
    await perform(database, viewer, amend_source, original, 2, SourceChanges(published=None))
    assert await read_status(database, claim) == "DISPUTED 1:1"


async def test_a_source_never_reprints_itself(database: Database, viewer: Viewer) -> None:
    first = await make_source(database, viewer)
    second = await make_source(database, viewer, reprints=first)
    third = await perform(database, viewer, revise_source, second, SourceRevision())
    for reprinted in (first, second, third):
        with pytest.raises(InvalidInput) as caught:
            await perform(database, viewer, amend_source, first, 1, SourceChanges(reprints=reprinted))
        assert [problem.path for problem in caught.value.problems] == [("reprints",)]


async def test_a_citation_is_given_its_text_once(database: Database, viewer: Viewer) -> None:
    source = await make_source(database, viewer)
    here = await make_claim(database, viewer, source=source, quote="two dead")
    gone = await make_claim(database, viewer, source=source, quote="three dead")
    await perform(database, viewer, amend_source, source, 1, SourceChanges(text="left two dead"))
    assert await read_quote_status(database, here) == "PRESENT"
    assert await read_quote_status(database, gone) == "ORPHANED"
    with pytest.raises(InvalidInput) as caught:
        await perform(database, viewer, amend_source, source, 2, SourceChanges(text="left three dead"))
    assert [problem.path for problem in caught.value.problems] == [("text",)]


async def test_an_amendment_of_words_alone(database: Database, viewer: Viewer) -> None:
    source = await make_source(database, viewer, title="before", url=URL)
    changes = SourceChanges(title="after", byline="b", language="de", kind=SourceKind.POST, url=None)
    await perform(database, viewer, amend_source, source, 1, changes)
    row = await read_row(database, "source", source)
    assert (row["title"], row["byline"], row["language"], row["kind"], row["url"], row["version"]) == (
        "after",
        "b",
        "de",
        "POST",
        None,
        2,
    )
    await perform(database, viewer, amend_source, source, 2, changes)
    assert len(await read_revisions(database, source)) == 2
    with pytest.raises(StaleVersion):
        await perform(database, viewer, amend_source, source, 1, SourceChanges(note="n"))
    with pytest.raises(InvalidInput):
        await perform(database, viewer, amend_source, source, 2, SourceChanges(language="?", url="x"))


async def test_a_revision_follows_its_item(database: Database, viewer: Viewer) -> None:
    publisher = await make_agent(database, viewer)
    first = await make_source(
        database, viewer, publisher=publisher, url=URL, published="2019-12-29", text="25 died", note="n"
    )
    revision = SourceRevision(
        text="28 died", published="2019-12-30", retrieved_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    second = await perform(database, viewer, revise_source, first, revision)
    third = await perform(database, viewer, revise_source, second, SourceRevision(title="later", url=None))
    rows = {key: await read_row(database, "source", key) for key in (first, second, third)}
    assert {row["newest_version"] for row in rows.values()} == {str(third)}
    assert [rows[key]["revises"] for key in rows] == [None, str(first), str(second)]
    assert {row["publisher"] for row in rows.values()} == {str(publisher)}
    assert (rows[second]["url"], rows[second]["published_text"], rows[second]["note"]) == (
        URL,
        "2019-12-30",
        None,
    )
    assert (rows[third]["title"], rows[third]["url"], rows[third]["text"]) == ("later", None, None)
    assert rows[third]["published_text"] == "2019-12-30"
    assert rows[first]["version"] == 1


async def test_quotes_are_looked_for_in_the_newest_version(database: Database, viewer: Viewer) -> None:
    first = await make_source(database, viewer, text="On Sunday 25 died and 51 were hurt.")
    stays = await make_claim(database, viewer, source=first, quote="On Sunday")
    moves = await make_claim(database, viewer, source=first, quote="51 were hurt")
    goes = await make_claim(database, viewer, source=first, quote="25 died")
    claims = (stays, moves, goes)
    assert [await read_quote_status(database, claim) for claim in claims] == ["PRESENT"] * 3
    corrected = SourceRevision(text="On Sunday twenty-eight died and 51 were hurt.")
    second = await perform(database, viewer, revise_source, first, corrected)
    assert [await read_quote_status(database, claim) for claim in claims] == ["PRESENT", "MOVED", "ORPHANED"]
    # A claim on the old version is looked for in the new one at once.
    late = await make_claim(database, viewer, source=first, quote="died and")
    assert await read_quote_status(database, late) == "MOVED"
    third = await perform(database, viewer, revise_source, second, SourceRevision())
    assert [await read_quote_status(database, claim) for claim in claims] == ["UNCHECKED"] * 3
    await perform(
        database, viewer, amend_source, third, 1, SourceChanges(text="25 died, 51 were hurt. On Sunday")
    )
    assert [await read_quote_status(database, claim) for claim in claims] == ["MOVED"] * 3
    assert (await read_row(database, "claim", stays))["version"] == 1


async def test_only_the_newest_version_is_revised(database: Database, viewer: Viewer) -> None:
    first = await make_source(database, viewer, text="one")
    second = await perform(database, viewer, revise_source, first, SourceRevision(text="two"))
    with pytest.raises(InvalidInput) as caught:
        await perform(database, viewer, revise_source, first, SourceRevision(text="three"))
    assert caught.value.problems[0].path == ("source",)
    assert encode_id(NodeType.SOURCE, second) in caught.value.message


async def test_a_revision_that_is_nothing_new_is_a_duplicate(database: Database, viewer: Viewer) -> None:
    first = await make_source(database, viewer, url=URL, text="one")
    with pytest.raises(Duplicate) as caught:
        await perform(database, viewer, revise_source, first, SourceRevision(text="one"))
    assert caught.value.id == encode_id(NodeType.SOURCE, first)
    with pytest.raises(InvalidInput):
        await perform(database, viewer, revise_source, first, SourceRevision(text="\0"))
    with pytest.raises(UnknownMoment):
        await perform(database, viewer, revise_source, first, SourceRevision(published="soon"))
    with pytest.raises(NotFound):
        await perform(database, viewer, revise_source, uuid.uuid4(), SourceRevision())
    assert (await read_row(database, "source", first))["newest_version"] == str(first)


async def test_all_versions_share_a_publisher(database: Database, viewer: Viewer) -> None:
    one = await make_agent(database, viewer)
    first = await make_source(database, viewer, text="one")
    second = await perform(database, viewer, revise_source, first, SourceRevision(text="two"))
    with pytest.raises(InvalidInput) as caught:
        await perform(database, viewer, amend_source, second, 1, SourceChanges(publisher=one))
    assert [problem.path for problem in caught.value.problems] == [("publisher",)]
    await perform(database, viewer, amend_source, first, 1, SourceChanges(publisher=one))
    sql = "SELECT publisher, publishers, version FROM source"
    assert (
        await read_rows(database, sql)
        == [{"publisher": str(one), "publishers": [str(one)], "version": 2}] * 2
    )
    claim = await make_claim(database, viewer, source=second, quote="two")
    await perform(database, viewer, amend_source, first, 2, SourceChanges(publisher=None))
    # What is not known is one unknown publisher, and the first version names it.
    assert [row["publishers"] for row in await read_rows(database, sql)] == [[str(first)]] * 2
    (row,) = await read_rows(database, "SELECT chain FROM corroboration WHERE claim = $1", claim)
    assert row["chain"] == [str(first)]


async def test_the_newest_version_with_a_claim_on_a_question_speaks_for_the_item(
    database: Database, viewer: Viewer
) -> None:
    question = await make_question(database, viewer)
    other = await make_claim(database, viewer, question=question, quantity="28")
    first = await make_source(database, viewer, text="25 died")
    claim = await make_claim(database, viewer, question=question, source=first, quote="25", quantity="25")
    second = await perform(database, viewer, revise_source, first, SourceRevision(text="28 died"))
    assert await read_status(database, other) == "DISPUTED 1:1"
    await make_claim(database, viewer, question=question, source=second, quote="28", quantity="28")
    assert await read_status(database, other) == "CORROBORATED 2:0"
    assert await read_status(database, claim) == "CONTRADICTED 1:2"


async def test_researchers_revise_and_editors_amend(database: Database, viewer: Viewer) -> None:
    researcher = await make_viewer(database, Role.RESEARCHER)
    source = await make_source(database, researcher)
    await perform(database, researcher, revise_source, source, SourceRevision(text="new"))
    with pytest.raises(NotPermitted):
        await perform(database, researcher, amend_source, source, 1, SourceChanges(note="n"))
    reader = await make_viewer(database, Role.READER)
    with pytest.raises(NotPermitted):
        await perform(database, reader, revise_source, source, SourceRevision())


async def test_of_several_sources_each_is_recorded_or_refused_by_itself(
    database: Database, viewer: Viewer
) -> None:
    paper, agency = [await make_agent(database, viewer) for _ in range(2)]
    original = await make_source(database, viewer, publisher=agency)
    hidden = await make_source(database, viewer, restricted=True, url="https://example.org/a")

    def source(title: str, **fields: Any) -> NewSource:
        return NewSource(kind=SourceKind.ARTICLE, title=title, **fields)

    news = [
        source("one", publisher=paper, url="https://example.org/1", text="words"),
        source("stands already", url="https://example.org/a"),
        source("a reprint", publisher=paper, reprints=original),
        source("the first again", url="https://example.org/1", text="words"),
        source("of nobody", publisher=original),
        source(" "),
        source("of what is hidden", reprints=hidden),
    ]

    outcomes: list[Any] = await perform(database, viewer, record_sources, news)

    kinds = [uuid.UUID if isinstance(one, uuid.UUID) else type(one) for one in outcomes]
    assert kinds == [uuid.UUID, Duplicate, uuid.UUID, Duplicate, NotFound, InvalidInput, uuid.UUID]
    assert outcomes[1].id == encode_id(NodeType.SOURCE, hidden)
    assert outcomes[3].id == encode_id(NodeType.SOURCE, outcomes[0])
    rows = [await read_row(database, "source", outcomes[place]) for place in (0, 2, 6)]
    assert [row["title"] for row in rows] == ["one", "a reprint", "of what is hidden"]
    assert [row["hidden"] for row in rows] == [False, False, True]
    assert rows[1]["publishers"] == [str(agency), str(paper)]
    assert all(row["newest_version"] == row["id"] for row in rows)
    assert await recompute_everything(database, check=True) == []
