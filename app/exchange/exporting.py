"""The database, or what one bundle brought, as a bundle.

Imported into an empty database it makes the same claims, chains, judgements and statuses; exported from there
it is the same file. Entries stand in the order of their keys; identities.py says which those are.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from app.database import Database
from app.domain.quotes import Quote
from app.domain.vocabulary import Role
from app.errors import NotPermitted, SaysoError
from app.exchange.bundle import FORMAT, find_file
from app.exchange.drafts import draft_quote
from app.exchange.entries import (
    AssessmentEntry,
    ClaimEntry,
    Entry,
    QuoteEntry,
    Section,
    SourceEntry,
    derive_key,
)
from app.exchange.snapshot import Snapshot, read_snapshot
from app.exchange.writing import write_entry, write_header, write_section
from app.permissions import Viewer
from app.services.quotes import place_quote

TEXTS = "texts"
# A text never changes once it is stored, so it can be fetched after the snapshot.
TEXT = "SELECT to_json(text)::varchar FROM source WHERE id = $1"


@dataclass(frozen=True, slots=True)
class ExportReport:
    """How many entries of each section were written, and how many texts into files of their own."""

    counts: Mapping[Section, int]
    text_files: int


async def export_bundle(
    database: Database, viewer: Viewer, destination: Path | TextIO, *, bundle: str | None = None
) -> ExportReport:
    """Write the whole database, or what the named bundle brought with all that it refers to.

    To a path (of a file, or of a folder for its bundle.yaml): the texts of sources go into files beside it,
    in texts/. To a stream: they stand in the bundle itself. A file is replaced once the new one is whole.

    Raises InvalidInput if no such bundle was imported, NotPermitted for readers (who may not see who a
    protected agent is), OSError if the file cannot be written.
    """
    if not viewer.has(Role.RESEARCHER):
        raise NotPermitted(f"To export needs the role {Role.RESEARCHER}; you have {viewer.role}.")

    # Through the pool of the writes: the time limits of the other are those of requests.
    read = partial(read_snapshot, bundle=bundle)
    snapshot = await database.write(viewer.researcher, read, patient=True)
    if not isinstance(destination, Path):
        return await _Writer(database, snapshot, destination).write(bundle)
    with _Folder(destination) as folder:
        return await _Writer(database, snapshot, folder.stream, folder).write(bundle)


@dataclass
class _Writer:
    """Writes the sections one after another. On the way into a folder one text is held at a time."""

    database: Database
    snapshot: Snapshot
    stream: TextIO
    folder: _Folder | None = None
    text_files: int = 0

    def __post_init__(self) -> None:
        sources, claims = (self.snapshot[section].values() for section in (Section.SOURCES, Section.CLAIMS))
        self._sources = {source.key: source for source in sources if isinstance(source, SourceEntry)}
        self._quoting: dict[str, list[ClaimEntry]] = defaultdict(list)
        for claim in claims:
            assert isinstance(claim, ClaimEntry)
            self._quoting[claim.source].append(claim)
        self._quotes: dict[str, QuoteEntry] = {}

    async def write(self, bundle: str | None) -> ExportReport:
        self.stream.write(write_header(FORMAT, bundle))
        for section in Section:
            fields = [await self._spell(row, entry) for row, entry in self.snapshot[section].items()]
            self.stream.write(write_section(section, fields))
        counts = {section: len(entries) for section, entries in self.snapshot.items()}
        return ExportReport(counts, self.text_files)

    async def _spell(self, row: UUID, entry: Entry) -> dict[str, Any]:
        if isinstance(entry, SourceEntry):
            fields = write_entry(entry, None if entry.revises is None else self._sources[entry.revises])
            return fields if entry.text_sha256 is None else await self._add_text(row, entry, fields)
        if isinstance(entry, ClaimEntry):
            # Sources are written before claims.
            return write_entry(replace(entry, quote=self._quotes.get(entry.key, entry.quote)))
        fields = write_entry(entry)
        if isinstance(entry, AssessmentEntry):
            evidence = entry.evidence_claim or entry.evidence_source or ""
            if entry.key == derive_key(entry.claim, evidence, entry.recorded_by):
                del fields["key"]
        return fields

    async def _add_text(self, row: UUID, entry: SourceEntry, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields with the text, or with its file, in the place of its hash."""
        words: str = json.loads(await self.database.fetch_json(TEXT, [row]))
        for claim in self._quoting[entry.key]:
            self._quotes[claim.key] = shorten_quote(claim.quote, words)
        if self.folder is None:
            given = ("text", words)
        else:
            given = ("text_file", self.folder.keep(words, fields["text_sha256"]))
            self.text_files += 1
        return dict(given if name == "text_sha256" else (name, value) for name, value in fields.items())


def shorten_quote(quote: QuoteEntry, text: str) -> QuoteEntry:
    """The least that names the place of a quote in a text: the words alone, where they stand there once."""
    if not quote.placed:
        return quote
    place = Quote(quote.exact, quote.prefix, quote.suffix, quote.start, quote.end)
    alone = QuoteEntry(quote.exact)
    try:
        return alone if place_quote(text, draft_quote(alone)) == place else replace(quote, end=None)
    except SaysoError:
        return replace(quote, end=None)


class _Folder:
    """A bundle file under way, and the folder of its texts. The file is put in its place at the end.

    All are readable by their owner alone: they say who the protected agents are, and hold what is restricted.
    """

    def __init__(self, destination: Path) -> None:
        self._file = find_file(destination)
        self.stream: TextIO

    def __enter__(self) -> _Folder:
        handle, name = tempfile.mkstemp(prefix=f".{self._file.name}.", dir=self._file.parent)
        self._draft = Path(name)
        self.stream = os.fdopen(handle, "w", encoding="utf-8", newline="")
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            self.stream.close()
            if kind is None:
                self._draft.replace(self._file)
        finally:
            self._draft.unlink(missing_ok=True)  # what could not be written to its end

    def keep(self, words: str, sha256: str) -> str:
        """Write a text into a file named by its hash; the path of that, from the folder of the bundle."""
        name = f"{TEXTS}/{sha256[:32]}.txt"
        file = self._file.parent / name
        file.parent.mkdir(exist_ok=True)
        handle, drafted = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        draft = Path(drafted)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(words.encode())
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        return name
