"""A bundle file, YAML or JSON, read and checked whole: sayso-bundle/1, as docs/bundles.md describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from app.errors import BundleInvalid
from app.exchange.consistency import Drafts, check_consistency
from app.exchange.entries import Bundle, Section
from app.exchange.fields import Faults, Fields
from app.exchange.json_nodes import looks_like_json, read_json
from app.exchange.nodes import Block, Listing, Mistake, Node, Unreadable, read_nodes
from app.exchange.rules import check_words
from app.exchange.sections import Reader
from app.services.inputs import MAX_SOURCE_TEXT, MAX_TITLE

FORMAT = "sayso-bundle/1"
FILE_NAME = "bundle.yaml"
MAX_FILE_BYTES = 64 * 2**20
MAX_NAME = 100

_NAME = re.compile(r"\w[\w.+-]*")
_UNFIT = re.compile(r"[^\w.+-]+")


def read_bundle(path: Path) -> Bundle:
    """The bundle in a file, or in the bundle.yaml of a folder. It can be recorded as it stands.

    Raises BundleInvalid with every fault at once: the line, the section and the key of the entry, the field.
    """
    file = find_file(path)
    faults = Faults()
    header = _read_header(_read_text(file, MAX_FILE_BYTES, "the bundle"), file, faults)
    drafts = Drafts(faults)
    reader = Reader(_Texts(file.parent).read)
    for section in Section:
        _read_section(header, section, reader, drafts)
    name, title = _read_name(header, file), header.words("title")
    check_words(header, "title", title, MAX_TITLE)
    return check_consistency(drafts, name, title)


def find_file(path: Path) -> Path:
    """The file of a bundle: of a folder, the one that an export into it writes."""
    return path / FILE_NAME if path.is_dir() else path


def derive_name(file: Path) -> str | None:
    """The name of a bundle that gives none: that of its file, or of the folder of a bundle.yaml.

    >>> derive_name(Path("samples/baghdad-2019/bundle.yaml")), derive_name(Path("My claims.yaml"))
    ('baghdad-2019', 'My-claims')
    """
    file = file.absolute()
    words = file.parent.name if file.name == FILE_NAME else file.stem
    return _UNFIT.sub("-", words).lstrip(".+-").rstrip("-")[:MAX_NAME] or None


def is_name(words: str) -> bool:
    return len(words) <= MAX_NAME and _NAME.fullmatch(words) is not None


def _read_nodes(text: str, file: Path) -> tuple[Node, list[Mistake]]:
    """The tree of a file: of JSON by its name or by how it begins, else of YAML. Raises Unreadable."""
    if file.suffix.lower() == ".json":
        return read_json(text)
    if not looks_like_json(text):
        return read_nodes(text)
    try:
        return read_json(text)
    except Unreadable as not_json:
        try:
            return read_nodes(text)
        except Unreadable:
            raise not_json from None


def _read_header(text: str, file: Path, faults: Faults) -> Fields:
    """The fields of the file itself."""
    try:
        node, mistakes = _read_nodes(text, file)
    except Unreadable as problem:
        raise BundleInvalid([f"line {problem.mistake.line}: {problem.mistake.message}"]) from problem
    if not isinstance(node, Block):
        raise BundleInvalid([f"line {node.line}: is not a mapping that begins with format: {FORMAT}"])
    header = Fields(node, "", faults)
    words = header.words("format", required=True)
    if words != FORMAT:
        # Whatever else it holds is not ours to judge.
        given = "none" if words is None else repr(words)
        raise BundleInvalid([f"line {node.lines.get('format', 1)}: format is {given}; this reads {FORMAT}"])
    for mistake in mistakes:
        faults.add(mistake.line, "", mistake.message)
    header.refuse_unknown(["format", "bundle", "title", *Section])
    return header


def _read_name(header: Fields, file: Path) -> str:
    given = header.words("bundle")
    name = given if given is not None else derive_name(file)
    if name is not None and is_name(name):
        return name
    told = "is not a name" if given is not None else "is required: none can be had from the name of the file"
    header.refuse("bundle", f"{told}; letters, digits, and . + _ - after the first, at most {MAX_NAME}")
    return ""


def _read_section(header: Fields, section: Section, reader: Reader, drafts: Drafts) -> None:
    node = header.node(section)
    if node is None:
        return
    if not isinstance(node, Listing):
        header.refuse(section, "is not a list of entries")
        return
    for number, item in enumerate(node.items, start=1):
        if isinstance(item, Block):
            _read_entry(item, section, number, reader, drafts)
        else:
            drafts.faults.add(item.line, f"{section} {number}", "is not a mapping")


def _read_entry(item: Block, section: Section, number: int, reader: Reader, drafts: Drafts) -> None:
    unnamed = Fields(item, f"{section} {number}", drafts.faults)
    optional = section is Section.ASSESSMENTS
    key = unnamed.key("key", required=not optional)
    fields = unnamed if key is None else Fields(item, f"{section} {key}", drafts.faults)
    declared = key is not None and drafts.declare(section, key, fields)
    # One without a key, or with one of another's, is read all the same, for whatever else is wrong with it.
    entry = reader.read(section, fields, key if key or optional else f"unnamed-{number}")
    if entry is not None and key is None and optional:
        declared = drafts.declare(section, entry.key, fields)
    if entry is not None and declared:
        drafts.put(entry)


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts of sources, in the file or in others of its folder, never outside."""

    folder: Path

    def read(self, fields: Fields) -> str | None:
        name = fields.words("text_file")
        if name is None:
            return fields.words("text")
        if fields.names("text"):
            fields.refuse("text_file", "is given beside text; give one of them")
            return None
        try:
            file = (self.folder / name).resolve()
            inside = file.is_relative_to(self.folder.resolve())
        except (OSError, ValueError, RuntimeError):
            inside = False
        if not inside:
            fields.refuse("text_file", f"leads out of the folder of the bundle: {name}")
            return None
        try:
            # A character has up to four bytes.
            return _read_text(file, 4 * MAX_SOURCE_TEXT, name)
        except BundleInvalid as problem:
            fields.refuse("text_file", problem.problems[0])
            return None


def _read_text(file: Path, max_bytes: int, name: str) -> str:
    """The text of a file, byte by byte as it stands: no line end is changed. Raises BundleInvalid."""
    try:
        if not file.is_file():
            there = "is not a file" if file.exists() else "is not there"
            raise BundleInvalid([f"{file if name == 'the bundle' else name} {there}"])
        with file.open("rb") as stream:
            content = stream.read(max_bytes + 1)
    except (OSError, ValueError) as problem:
        raise BundleInvalid([f"{name} cannot be read: {problem}"]) from problem
    if len(content) > max_bytes:
        raise BundleInvalid([f"{name} is larger than {max_bytes:,} bytes"])
    try:
        return content.decode()
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise BundleInvalid([f"{name} is not UTF-8 on line {line}"]) from problem
