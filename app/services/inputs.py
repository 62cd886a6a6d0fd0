"""What the inputs of services are made of, and how their faults are gathered.

A service looks at every field before it raises, so that a form shows all that is wrong at once. Paths are
spelled as the API spells them: ("quote", "exact"), ("hops", "0", "agents", "1").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from app.domain.identifiers import NodeType, encode_id
from app.domain.moments import FIRST_YEAR, LAST_YEAR, parse_moment
from app.domain.texts import check_text
from app.domain.vocabulary import Channel, Modality, Mode
from app.errors import FieldProblem, InvalidInput, NotFound, UnreadableWords

# Lengths in Unicode code points. They bound what one request can make everybody else load.
MAX_NAME = 1_000
MAX_TITLE = 1_000
MAX_LINE = 1_000  # a byline, a cue, a place, a unit: one line of words
MAX_STATEMENT = 10_000
MAX_QUOTE = 10_000
MAX_CONTEXT = 1_000  # the words before or after a quote
MAX_NOTE = 10_000  # a description, a note, a rationale, a reason
MAX_SOURCE_TEXT = 5_000_000
MAX_URL_BYTES = 2_048
MAX_NAME_BYTES = 2_048  # what an index of names holds
MAX_ALIASES = 200
MAX_HOPS = 20
MAX_SPEAKERS = 50  # agents of one hop


class Unset(Enum):
    """The type of `UNSET`: a field of an amendment that is left as it stands. None sets it to null."""

    UNSET = "UNSET"


UNSET: Final = Unset.UNSET

Value = TypeVar("Value")


def given(change: Value | Unset, standing: Value) -> Value:
    """The value a field has after an amendment."""
    return standing if isinstance(change, Unset) else change


@dataclass(frozen=True, slots=True)
class QuoteInput:
    """The words as they stand in the source. `start` and `end` count Unicode code points of its text."""

    exact: str
    prefix: str | None = None
    suffix: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class QuantityInput:
    """The words of a quantity; with any of the others, bounds that the recorder gives.

    Without them the bounds follow from the words. A bound of None is open; `modality` None is then the one
    that the bounds show.
    """

    text: str
    lower: Decimal | None = None
    upper: Decimal | None = None
    lower_inclusive: bool = True
    upper_inclusive: bool = True
    modality: Modality | None = None

    @property
    def bounds_given(self) -> bool:
        return self.lower is not None or self.upper is not None or self.modality is not None


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop of a chain: an agent, or several who spoke together."""

    agents: tuple[UUID, ...]
    cue: str | None = None
    mode: Mode | None = None
    channel: Channel = Channel.UNSTATED


class Problems:
    """What is wrong with an input, gathered field by field; `raise_any` ends the looking."""

    def __init__(self) -> None:
        self._found: list[FieldProblem] = []
        self._missing: list[NotFound] = []
        self._hints: list[str] = []

    def add(self, *path: str, message: str) -> None:
        self._found.append(FieldProblem(path, message))

    def take(self, problem: InvalidInput) -> None:
        """Add what a rule of the domain found."""
        self._found.extend(problem.problems)
        if problem.hint:
            self._hints.append(problem.hint)

    def miss(self, node: NodeType, key: UUID, *path: str) -> None:
        """A reference to what is not there."""
        self._missing.append(NotFound(node.value, encode_id(node, key), path=path))

    def raise_any(self) -> None:
        """Raise NotFound if a missing reference is all that is wrong, InvalidInput if there is more."""
        if len(self._missing) == 1 and not self._found:
            raise self._missing[0]
        found = self._found + [FieldProblem(missing.path, missing.message) for missing in self._missing]
        if found:
            raise InvalidInput(found, hint=" ".join(dict.fromkeys(self._hints)) or None)

    def check_text(
        self, value: str | None, *path: str, max_length: int, blank: bool = False, required: bool = False
    ) -> None:
        """None is fine unless `required`; blank words are not, unless `blank`."""
        if value is None:
            if required:
                self.add(*path, message="is required")
            return
        try:
            check_text(value, *path, max_length=max_length, blank=blank)
        except InvalidInput as problem:
            self.take(problem)

    def check_name(self, value: str | None, *path: str) -> None:
        """A name that is looked up by index, in either case: bounded in bytes of UTF-8 too."""
        known = len(self._found)
        self.check_text(value, *path, max_length=MAX_NAME, required=True)
        if value is not None and len(self._found) == known:
            size = max(len(value.encode()), len(value.lower().encode()))
            if size > MAX_NAME_BYTES:
                self.add(*path, message=f"is longer than {MAX_NAME_BYTES:,} bytes in UTF-8")

    def check_url(self, value: str | None, *path: str) -> None:
        """An absolute http or https URL. Nothing is fetched."""
        if value is None:
            return
        known = len(self._found)
        self.check_text(value, *path, max_length=MAX_URL_BYTES)
        if len(self._found) == known and (problem := find_url_problem(value)):
            self.add(*path, message=problem)

    def check_language(self, value: str | None, *path: str) -> None:
        if value is not None and not is_language_tag(value):
            self.add(*path, message="is not a language tag of BCP 47, such as en, pt-BR or zh-Hans")

    def check_time(self, value: datetime | None, *path: str) -> None:
        """A naive time would be read as UTC without anybody having said so."""
        if value is not None and value.utcoffset() is None:
            self.add(*path, message="has no offset; write 2019-12-31T21:00:00+03:00")
        elif value is not None:
            self.check_year(value, *path)

    def check_year(self, value: date | None, *path: str) -> None:
        """The first and the last day there are would be kept as infinity."""
        if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
            self.add(*path, message=f"is not in a year from {FIRST_YEAR:04} to {LAST_YEAR}")


def check_reason(value: str) -> None:
    """Raise InvalidInput unless a reason says something."""
    problems = Problems()
    problems.check_text(value, "reason", max_length=MAX_NOTE, required=True)
    problems.raise_any()


def find_url_problem(value: str) -> str | None:
    """
    >>> find_url_problem("https://rudaw.net/english/middleeast/29122019") is None
    True
    >>> find_url_problem("javascript:alert(1)")
    'is not a URL that begins with https:// or http://'
    """
    if len(value.encode()) > MAX_URL_BYTES:
        return f"is longer than {MAX_URL_BYTES:,} bytes"
    if any(character.isspace() or ord(character) < 0x20 or ord(character) == 0x7F for character in value):
        return "has a space or a control character; write it percent-encoded"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"is not a URL: {error}"
    if parts.scheme not in ("http", "https"):
        return "is not a URL that begins with https:// or http://"
    return None if host else "names no host"


# RFC 5646, section 2.1, without the irregular tags that were registered before it.
_LANGUAGE_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})"  # language
    r"(?:-[a-z]{4})?"  # script
    r"(?:-(?:[a-z]{2}|[0-9]{3}))?"  # region
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    r"(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*"  # extensions
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"  # private use
    r"|x(?:-[a-z0-9]{1,8})+",
    re.ASCII | re.IGNORECASE,
)


def is_language_tag(value: str) -> bool:
    """Whether a tag is well formed; whether its parts are registered is not asked.

    >>> [tag for tag in ("en", "zh-Hans-CN", "es-419", "english language", "e") if is_language_tag(tag)]
    ['en', 'zh-Hans-CN', 'es-419']
    """
    return len(value) <= 100 and _LANGUAGE_TAG.fullmatch(value) is not None


@contextmanager
def reading(*path: str) -> Iterator[None]:
    """A refusal of words that are read within the block says that they stand in this field of the input."""
    try:
        yield
    except UnreadableWords as problem:
        problem.path = path
        raise


def spell_moment(column: str, words: str | None, *path: str) -> dict[str, Any]:
    """The two columns of a moment: its words, and its stretch of time. Raises UnknownMoment.

    `path` names the field of the input, which is else that of the column's name.
    """
    if words is None:
        return {f"{column}_text": None, column: None}
    with reading(*(path or (column,))):
        moment = parse_moment(words)
    stretch = Range(moment.start, moment.end, bounds="[]" if moment.is_instant else "[)")
    return {f"{column}_text": moment.text, column: stretch}


def find_repeated(values: Iterable[Value]) -> set[int]:
    """The places of values that stood before: {2} of a, b, a."""
    seen: set[Value] = set()
    repeated = set()
    for place, value in enumerate(values):
        if value in seen:
            repeated.add(place)
        seen.add(value)
    return repeated
