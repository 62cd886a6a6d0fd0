"""Later versions of sources, and what it makes of claims that they are."""

from __future__ import annotations

from typing import Any

import pytest

from app.database import Database
from app.domain.identifiers import NodeType, encode_id
from app.errors import Duplicate
from app.permissions import Viewer
from app.services.recomputation import recompute_everything
from app.services.sources import SourceChanges, SourceRevision, amend_source, revise_source
from tests.factories import make_agent, make_claim, make_question, make_source, perform
from tests.services.reading import read_row, read_status

URL = "https://example.org/a"


async def test_a_revised_reprint_says_what_it_says_when_it_comes_out(
    database: Database, viewer: Viewer
) -> None:
    """Not when the wire came out: whose figure it is has said otherwise before."""
    agent, question = await make_agent(database, viewer), await make_question(database, viewer)
    wire = await make_source(database, viewer, published="2019-12-29")
    first = await make_source(database, viewer, published="2019-12-30", reprints=wire)
    wired = await make_claim(database, viewer, question=question, quantity="19", source=wire, said_by=[agent])
    revision = SourceRevision(published="2020-01-05")
    revised = await perform(database, viewer, revise_source, first, revision)
    claim = await make_claim(
        database, viewer, question=question, quantity="25", source=revised, said_by=[agent]
    )

    async def read_both() -> tuple[str, str]:
        return await read_status(database, wired), await read_status(database, claim)

    assert await read_both() == ("OUTDATED 1:1", "UNCORROBORATED 1:0")
    undated = ("DISPUTED 1:1", "DISPUTED 1:1")
    await perform(database, viewer, amend_source, revised, 1, SourceChanges(published=None))
    assert await read_both() == undated
    # What it goes back to dates it neither way.
    await perform(database, viewer, amend_source, first, 1, SourceChanges(published="2020-01-04"))
    assert await read_both() == undated
    await perform(database, viewer, amend_source, revised, 2, SourceChanges(published="2020-01-05"))
    assert await read_both() == ("OUTDATED 1:1", "UNCORROBORATED 1:0")
    await perform(database, viewer, amend_source, wire, 1, SourceChanges(published="2020-01-06"))
    assert await read_both() == ("UNCORROBORATED 1:0", "OUTDATED 1:1")
    await perform(database, viewer, amend_source, first, 2, SourceChanges(reprints=None))
    assert await read_both() == ("UNCORROBORATED 1:0", "OUTDATED 1:1")
    assert await recompute_everything(database, check=True) == []


async def test_a_revision_without_a_date_has_that_of_the_version_before(
    database: Database, viewer: Viewer
) -> None:
    agent, question = await make_agent(database, viewer), await make_question(database, viewer)
    wire = await make_source(database, viewer, published="2019-12-29")
    first = await make_source(database, viewer, published="2019-12-31", reprints=wire)
    revised = await perform(database, viewer, revise_source, first, SourceRevision(title="later"))
    said: dict[str, Any] = {"question": question, "said_by": [agent]}
    claim = await make_claim(database, viewer, source=revised, quantity="19", **said)
    between = await make_claim(database, viewer, asserted="2019-12-30", quantity="20", **said)
    assert await read_status(database, claim) == "UNCORROBORATED 1:0"
    assert await read_status(database, between) == "OUTDATED 1:1"


async def test_a_citation_without_a_text_is_revised_under_its_own_url(
    database: Database, viewer: Viewer
) -> None:
    first = await make_source(database, viewer, url=URL)
    second = await perform(database, viewer, revise_source, first, SourceRevision(title="A new title"))
    third = await perform(database, viewer, revise_source, second, SourceRevision(published="2020"))
    rows = [await read_row(database, "source", key) for key in (first, second, third)]
    assert [row["url"] for row in rows] == [URL] * 3
    assert [row["newest_version"] for row in rows] == [str(third)] * 3
    # To record it anew is to record the first version twice.
    with pytest.raises(Duplicate, match="as a citation without text") as caught:
        await make_source(database, viewer, url=URL)
    assert caught.value.id == encode_id(NodeType.SOURCE, first)


async def test_a_text_stands_under_its_url_once_in_whichever_version(
    database: Database, viewer: Viewer
) -> None:
    first = await make_source(database, viewer, url=URL, text="one")
    second = await perform(database, viewer, revise_source, first, SourceRevision())
    third = await perform(database, viewer, revise_source, second, SourceRevision(title="again without"))
    with pytest.raises(Duplicate, match="with this text") as caught:
        await perform(database, viewer, revise_source, third, SourceRevision(text="one"))
    assert caught.value.id == encode_id(NodeType.SOURCE, first)
    with pytest.raises(Duplicate, match="with this text") as caught:
        await perform(database, viewer, amend_source, second, 1, SourceChanges(text="one"))
    assert caught.value.id == encode_id(NodeType.SOURCE, first)
    await perform(database, viewer, amend_source, second, 1, SourceChanges(text="two"))
    # The first version has a text: it is not the citation that is recorded here, and no version of it is.
    citation = await make_source(database, viewer, url=URL)
    other = await make_source(database, viewer, title="elsewhere")
    with pytest.raises(Duplicate, match="as a citation without text") as caught:
        await perform(database, viewer, amend_source, other, 1, SourceChanges(url=URL))
    assert caught.value.id == encode_id(NodeType.SOURCE, citation)
