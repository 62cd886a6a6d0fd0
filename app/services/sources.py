"""One version of one citable item: recorded, amended, revised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, and_, select, update

from app.database import WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.parties import check_reprints
from app.domain.records import Source
from app.domain.texts import hash_text
from app.domain.vocabulary import SourceKind
from app.errors import Duplicate, InvalidInput, SaysoError
from app.permissions import Operation, Viewer, permit
from app.services.corroboration import recompute
from app.services.inputs import (
    MAX_LINE,
    MAX_NOTE,
    MAX_SOURCE_TEXT,
    MAX_TITLE,
    UNSET,
    Problems,
    Unset,
    given,
    spell_moment,
)
from app.services.locks import lock_structure_shared, structure_locked
from app.services.parties import Links, load_links, settle_publishers
from app.services.protection import RESTRICT, SOURCE_WORDS, read_words, refuse_names
from app.services.quotes import check_quotes
from app.services.reach import reach_of_versions
from app.services.records import load_sources
from app.services.rows import (
    apply_changes,
    check_references,
    check_version,
    find_refusing,
    insert_rows,
    lock_row,
    new_keys,
    table_of,
    update_row,
)
from app.services.shown import refuse_shown

# RFC 6838, section 4.2, with its parameters left to the reader.
_NAME = r"[A-Za-z0-9][\w!#$&^.+-]{0,126}"
_MEDIA_TYPE = re.compile(rf"{_NAME}/{_NAME}(\s*;[ -~]*)?", re.ASCII)
MAX_MEDIA_TYPE = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """`publisher` None is a publisher that is not known. `published` is a moment, as moments.py reads it.

    `text` None is a citation only. `retrieved_at` has an offset. Outsiders see nothing of a `restricted`
    source, nor of its later versions, what reprints it, and what stands in any of these.
    """

    kind: SourceKind
    title: str
    publisher: UUID | None = None
    url: str | None = None
    byline: str | None = None
    language: str | None = None
    published: str | None = None
    retrieved_at: datetime | None = None
    media_type: str | None = None
    text: str | None = None
    archive_url: str | None = None
    reprints: UUID | None = None
    note: str | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanges:
    """`text` can be given to a citation that has none; otherwise a new text is a later version.

    `publisher` and `reprints` are those of all versions, and are changed at the first; `restricted` is that
    of all versions too, and changed at any.
    """

    kind: SourceKind | Unset = UNSET
    title: str | Unset = UNSET
    publisher: UUID | Unset | None = UNSET
    url: str | Unset | None = UNSET
    byline: str | Unset | None = UNSET
    language: str | Unset | None = UNSET
    published: str | Unset | None = UNSET
    retrieved_at: datetime | Unset | None = UNSET
    media_type: str | Unset | None = UNSET
    text: str | Unset = UNSET
    archive_url: str | Unset | None = UNSET
    reprints: UUID | Unset | None = UNSET
    note: str | Unset | None = UNSET
    restricted: bool | Unset = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRevision:
    """A later version of an item. What is not given is as in the version before it.

    But for what belongs to one version alone: its text, when it was retrieved, its archived copy, its note.
    """

    text: str | None = None
    title: str | Unset = UNSET
    url: str | Unset | None = UNSET
    byline: str | Unset | None = UNSET
    language: str | Unset | None = UNSET
    published: str | Unset | None = UNSET
    media_type: str | Unset | None = UNSET
    retrieved_at: datetime | None = None
    archive_url: str | None = None
    note: str | None = None


async def record_source(session: WriteSession, viewer: Viewer, new: NewSource) -> UUID:
    """The key of the new source.

    Raises Duplicate (this URL is recorded with this very text, or without one), InvalidInput, NotFound
    (`publisher`, `reprints`), NotPermitted, ProtectedName, UnknownMoment.
    """
    (outcome,) = await record_sources(session, viewer, [new])
    if isinstance(outcome, SaysoError):
        raise outcome
    return outcome


async def record_sources(
    session: WriteSession, viewer: Viewer, news: Sequence[NewSource]
) -> list[UUID | SaysoError]:
    """What `record_source` makes of each: its key, or why it is refused and nothing of it recorded.

    None of them refers to another. Alone on the structure, it takes as many statements for all as for one.
    Raises NotPermitted.
    """
    permit(viewer, Operation.RECORD_SOURCE)
    await lock_structure_shared(session)
    links = await load_links(session, {new.reprints for new in news}, {new.publisher for new in news})
    outcomes: dict[int, UUID | SaysoError] = {}
    rows: dict[int, dict[str, Any]] = {}
    for place, new in enumerate(news):
        try:
            rows[place] = await _prepare(session, new, links)
        except SaysoError as problem:
            outcomes[place] = problem
    outcomes |= zip(rows, await _insert(session, viewer, list(rows.values()), links), strict=True)
    return [outcomes[place] for place in range(len(news))]


async def _prepare(session: WriteSession, new: NewSource, links: Links) -> dict[str, Any]:
    """The columns of a source. Raises whatever is wrong with it."""
    values = asdict(new)
    problems = check_source(values)
    if new.publisher is not None and new.publisher not in links.agents:
        problems.miss(NodeType.AGENT, new.publisher, "publisher")
    if new.reprints is not None and new.reprints not in links.sources:
        problems.miss(NodeType.SOURCE, new.reprints, "reprints")
    problems.raise_any()
    if not (new.restricted or (new.reprints is not None and links.sources[new.reprints].hidden)):
        await refuse_names(session, read_words(values, SOURCE_WORDS), hint=RESTRICT)
    return {**values, **spell_moment("published", new.published), "revises": None}


async def amend_source(
    session: WriteSession, viewer: Viewer, source: UUID, expected_version: int, changes: SourceChanges
) -> None:
    """Change one version of a source, and the status of every claim that this reaches.

    Raises Duplicate, InvalidInput, NotFound, NotPermitted, ProtectedName (also in what would be shown again),
    StaleVersion, UnknownMoment.
    """
    permit(viewer, Operation.AMEND_SOURCE)
    structural = (changes.publisher, changes.reprints, changes.published, changes.text, changes.restricted)
    if all(change is UNSET for change in structural):
        await lock_structure_shared(session)
        await _amend(session, source, expected_version, changes)
        return
    async with structure_locked(session), session.begin_nested():
        changed = await _amend(session, source, expected_version, changes)
        if changed.keys() & {"publisher", "reprints", "published", "restricted"}:
            reach = await reach_of_versions(session, source)
            await settle_publishers(session, reach.sources)
            if not changed.keys().isdisjoint(("restricted", "reprints")):
                await refuse_shown(session, sources=reach.sources)
            await recompute(session, reach)
        if "text" in changed:
            await check_quotes(session, source)


async def revise_source(session: WriteSession, viewer: Viewer, source: UUID, new: SourceRevision) -> UUID:
    """The key of the new version of a source; every quote from any version is looked for in its text.

    Raises Duplicate (the URL and text are those of a source already), InvalidInput (also if the source has a
    newer version), NotFound, NotPermitted, ProtectedName, UnknownMoment.
    """
    permit(viewer, Operation.REVISE_SOURCE)
    async with structure_locked(session):
        row = await lock_row(session, NodeType.SOURCE, source)
        if row["newest_version"] != source:
            newest = encode_id(NodeType.SOURCE, row["newest_version"])
            raise InvalidInput.at("source", message=f"has a newer version; revise that: {newest}")
        values: dict[str, Any] = {name: given(value, row.get(name)) for name, value in asdict(new).items()}
        if new.published is UNSET:
            values["published"] = row["published_text"]
        check_source(values | {"kind": row["kind"]}).raise_any()
        if not row["hidden"]:
            await refuse_names(session, read_words(values, SOURCE_WORDS), hint=RESTRICT)
        kept = {name: row[name] for name in ("kind", "publisher", "reprints", "restricted")}
        values |= spell_moment("published", values["published"])
        links = await load_links(session, {source, row["reprints"]}, {row["publisher"]})
        (key,) = await _insert(session, viewer, [{**values, **kept, "revises": source}], links)
        if isinstance(key, Duplicate):
            raise key
        await _move_newest_version(session, source, key)
        await check_quotes(session, key)
        return key


async def _insert(
    session: WriteSession, viewer: Viewer, rows: Sequence[Mapping[str, Any]], links: Links
) -> list[UUID | Duplicate]:
    """The keys of new sources, in their order, or what stands there already."""
    keyed = []
    for values, key in zip(rows, await new_keys(session, len(rows)) if rows else (), strict=True):
        source = Source(key, values["publisher"], None, values["reprints"], values["revises"])
        derived = {"newest_version": key, "publishers": list(links.find_publishers(source))}
        keyed.append({**values, **derived, "id": key, "recorded_by": viewer.researcher})
    inserted = await insert_rows(session, NodeType.SOURCE, keyed)
    return [
        await _find_duplicate(session, values) if key is None else key
        for values, key in zip(rows, inserted, strict=True)
    ]


async def _amend(
    session: WriteSession, source: UUID, expected_version: int, changes: SourceChanges
) -> dict[str, Any]:
    row = await lock_row(session, NodeType.SOURCE, source)
    check_version(NodeType.SOURCE, row, expected_version)
    values = asdict(changes)
    values["published_text"] = values.pop("published")
    changed = apply_changes(row, values)
    problems = check_source(
        {**row, **changed, "published": changed.get("published_text", row["published_text"])}
    )
    if "text" in changed and row["text"] is not None:
        problems.add("text", message="is stored already; record a new text as a later version of the source")
    of_all_versions: dict[str, Any] = {
        name: changed[name] for name in ("publisher", "reprints", "restricted") if name in changed
    }
    if row["revises"] is not None:
        for name in of_all_versions.keys() - {"restricted"}:
            problems.add(name, message="is that of the first version of this source; amend that one")
    await _check_references(session, problems, {"publisher": None, "reprints": None, **of_all_versions})
    problems.raise_any()
    if "published_text" in changed:
        changed |= spell_moment("published", changed["published_text"])
    if changed.get("reprints") is not None:
        reprinted = changed["reprints"]
        check_reprints(source, reprinted, await load_sources(session, [source, reprinted]))
    if not changed:
        return changed
    if not row["hidden"] and not changed.get("restricted"):
        await refuse_names(session, read_words(changed, SOURCE_WORDS), hint=RESTRICT)

    async def find_duplicate() -> Duplicate:
        return await _find_duplicate(session, {**row, **changed})

    await update_row(session, NodeType.SOURCE, row, changed, find_duplicate)
    if of_all_versions:
        await _share_with_versions(session, row, of_all_versions)
    return changed


async def _share_with_versions(session: WriteSession, row: RowMapping, values: Mapping[str, Any]) -> None:
    """All versions of a source have its publisher, reprint what it reprints, and are restricted if it is."""
    table = table_of(NodeType.SOURCE)
    await session.execute(
        update(table)
        .where(table.c.newest_version == row["newest_version"], table.c.id != row["id"])
        .values(**values, version=table.c.version + 1)
    )


async def _move_newest_version(session: WriteSession, revised: UUID, newest: UUID) -> None:
    table = table_of(NodeType.SOURCE)
    await session.execute(
        update(table).where(table.c.newest_version == revised).values(newest_version=newest)
    )


def check_source(source: Mapping[str, Any]) -> Problems:
    """What is wrong with its fields by themselves; what they refer to is looked up elsewhere."""
    problems = Problems()
    problems.check_text(source["title"], "title", max_length=MAX_TITLE, required=True)
    problems.check_text(source["byline"], "byline", max_length=MAX_LINE)
    problems.check_text(source["note"], "note", max_length=MAX_NOTE, blank=True)
    problems.check_text(source["text"], "text", max_length=MAX_SOURCE_TEXT)
    problems.check_url(source["url"], "url")
    problems.check_url(source["archive_url"], "archiveUrl")
    problems.check_language(source["language"], "language")
    problems.check_time(source["retrieved_at"], "retrievedAt")
    media_type = source["media_type"]
    if media_type is not None and (len(media_type) > MAX_MEDIA_TYPE or not _MEDIA_TYPE.fullmatch(media_type)):
        problems.add("mediaType", message="is not a media type, such as text/html")
    return problems


async def _check_references(session: WriteSession, problems: Problems, values: Mapping[str, Any]) -> None:
    for name, node in (("publisher", NodeType.AGENT), ("reprints", NodeType.SOURCE)):
        if values[name] is not None:
            await check_references(session, problems, node, [(values[name], (name,))])


async def _find_duplicate(session: WriteSession, source: Mapping[str, Any]) -> Duplicate:
    """The source with this URL and text; where it has no text, the first version with this URL and none.

    No later version without a text is a duplicate: which one revises the other tells them apart.
    """
    columns = table_of(NodeType.SOURCE).c
    words: str | None = source["text"]
    same = (
        and_(columns.text_sha256.is_(None), columns.revises.is_(None))
        if words is None
        else columns.text_sha256 == hash_text(words)
    )
    standing = select(columns.id).where(columns.url == source["url"], same)
    key = await find_refusing(session, standing)
    message = (
        f"This URL is recorded already, {'as a citation without' if words is None else 'with this'} text."
    )
    return Duplicate(NodeType.SOURCE.value, encode_id(NodeType.SOURCE, key), message)
