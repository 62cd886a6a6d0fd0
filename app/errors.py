"""Every expected error: a code that stays, a message a person can act on, and a hint.

Anything raised that is not a `SaysoError` is a bug: it is masked, logged and answered as INTERNAL.
`docs/errors.md` documents each code; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

# Where what was asked for takes more than the role as which Sayso works.
OWNER_HINT = "That takes the owner of the tables: SAYSO_OWNER_URL says how to connect as them."


class SaysoError(Exception):
    """An expected failure. `code` never changes once published."""

    code: ClassVar[str]

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of an input. `path` as the client spelled it: ("quote", "exact")."""

    path: tuple[str, ...]
    message: str


class InvalidInput(SaysoError):
    """One or more fields of the input cannot be recorded; nothing was."""

    code = "INVALID_INPUT"

    def __init__(self, problems: Sequence[FieldProblem], *, hint: str | None = None) -> None:
        super().__init__(
            "; ".join(f"{'.'.join(p.path)}: {p.message}" if p.path else p.message for p in problems),
            hint=hint,
        )
        self.problems = tuple(problems)

    @classmethod
    def at(cls, *path: str, message: str, hint: str | None = None) -> InvalidInput:
        return cls([FieldProblem(path, message)], hint=hint)


class NotFound(SaysoError):
    """An id in the input names nothing that can be seen. `kind` is a GraphQL type name."""

    code = "NOT_FOUND"

    def __init__(self, kind: str, id: str, *, path: tuple[str, ...] = ()) -> None:
        super().__init__(f"There is no {kind} with the id {id}.")
        self.kind, self.id, self.path = kind, id, path


@dataclass(frozen=True, slots=True)
class QuoteCandidate:
    """A place in a text that a quote may have meant. Offsets in Unicode code points."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """Where a name of a protected agent stands: in a field of the input, or in the row that is named.

    `agent` and `row` are ids. Offsets in Unicode code points, the end not included.
    """

    agent: str
    path: tuple[str, ...]
    start: int
    end: int
    row: str | None = None


class ProtectedName(SaysoError):
    """A name of a protected agent would stand where outsiders read it. Nothing was recorded.

    Raised to who may see the names alone: it tells that there is one. `places` are the first of `total`.
    """

    code = "PROTECTED_NAME"

    def __init__(self, places: Sequence[NamedPlace], total: int, *, hint: str) -> None:
        listed = ", ".join(f"{'.'.join(place.path)} ({place.start}-{place.end})" for place in places[:5])
        more = f" and {total - 5:,} more" if total > 5 else ""
        super().__init__(f"Outsiders would read the name of a protected agent in {listed}{more}.", hint=hint)
        self.places, self.total = tuple(places), total


class UnreadableWords(SaysoError):
    """Words of the input cannot be taken for what they have to be. `path` is the field that has them, as the
    client spelled it; whoever reads the field names it."""

    path: tuple[str, ...] = ()


class QuoteNotFound(UnreadableWords):
    """The words do not stand in the source's text."""

    code = "QUOTE_NOT_FOUND"

    def __init__(
        self, exact: str, candidates: Sequence[QuoteCandidate] = (), message: str | None = None
    ) -> None:
        super().__init__(
            message or f"These words do not stand in the text of the source: {exact!r}.",
            hint="Copy the words from the text as they stand there, errors included."
            + (" The nearest passages are given as candidates." if candidates else ""),
        )
        self.exact, self.candidates = exact, tuple(candidates)


class AmbiguousQuote(UnreadableWords):
    """The words stand more than once and neither prefix, suffix nor position tells which."""

    code = "AMBIGUOUS_QUOTE"

    def __init__(self, exact: str, candidates: Sequence[QuoteCandidate], count: int | None = None) -> None:
        # `count` where there are more places than candidates are listed.
        super().__init__(
            f"These words stand {count or len(candidates)} times in the text of the source: {exact!r}.",
            hint="Give the words before (prefix) or after (suffix), or start and end.",
        )
        self.exact, self.candidates = exact, tuple(candidates)


class UnknownQuantity(UnreadableWords):
    """No number, or more than one that could be meant, in a phrase of quantity."""

    code = "UNKNOWN_QUANTITY"

    def __init__(self, text: str, message: str) -> None:
        super().__init__(message, hint="Give the bounds yourself: `lower`, `upper`, or both.")
        self.text = text


class UnknownMoment(UnreadableWords):
    """A moment that is neither a year, a month, a day nor a time with its offset."""

    code = "UNKNOWN_MOMENT"

    def __init__(self, text: str, message: str) -> None:
        super().__init__(
            message,
            hint="Write 2019, 2019-12, 2019-12-31, or 2019-12-31T21:00:00+03:00 (a time has an offset).",
        )
        self.text = text


class StaleVersion(SaysoError):
    """The row changed since the version the caller had read; nothing was written."""

    code = "STALE_VERSION"

    def __init__(self, kind: str, id: str, expected: int, current: int) -> None:
        super().__init__(
            f"This {kind} is at version {current}; you changed version {expected}.",
            hint="Read what stands now, and send the change again with its version.",
        )
        self.kind, self.id, self.expected, self.current = kind, id, expected, current


class Duplicate(SaysoError):
    """The same thing is recorded already; `id` names it."""

    code = "DUPLICATE"

    def __init__(self, kind: str, id: str, message: str) -> None:
        super().__init__(message)
        self.kind, self.id = kind, id


class NotPermitted(SaysoError):
    """The viewer's role does not allow the operation."""

    code = "NOT_PERMITTED"


class NotAuthenticated(SaysoError):
    """The request says nothing of who sent it, or what it says is not true."""

    code = "NOT_AUTHENTICATED"

    def __init__(self, message: str, *, hint: str | None = None, given: bool = True) -> None:
        # `given`: something was said, and is not true.
        super().__init__(message, hint=hint)
        self.given = given


class TooManyAttempts(SaysoError):
    """Too many wrong tokens came from one address, or with one prefix. `seconds`: when to try again."""

    code = "TOO_MANY_ATTEMPTS"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "Too many tokens were refused.", hint=f"Check the token, and try it again in {seconds} s."
        )
        self.seconds = seconds


class IssuerUnavailable(SaysoError):
    """The keys of the OpenID Connect provider cannot be fetched, so that no token of it can be checked."""

    code = "ISSUER_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__("Who signs tokens cannot be reached just now.", hint="Try it again.")


class IdempotencyConflict(SaysoError):
    """The idempotency key was used before, with another body."""

    code = "IDEMPOTENCY_CONFLICT"


class QueryRefused(SaysoError):
    """A document or its variables ask for what the API does not allow. Nothing was read."""

    code = "QUERY_REFUSED"

    def __init__(self, message: str, *, path: Sequence[str | int] = (), hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.path = tuple(path)


class DocumentUnknown(SaysoError):
    """A document id names no document, or the document is none of those that a server takes."""

    code = "DOCUMENT_UNKNOWN"


class PersistedQueryNotFound(SaysoError):
    """A hash names no document that is kept. Clients know it by its message, and send the text."""

    code = "PERSISTED_QUERY_NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound", hint="Send the document with its hash.")


class PersistedQueryNotSupported(SaysoError):
    """No documents are kept by their hash. Clients know it by its message, and stop asking so."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotSupported", hint="Send the document.")


class SubscriberTooSlow(SaysoError):
    """More happened than waits for one subscriber: it was let go, so that nobody else waits for it."""

    code = "SUBSCRIBER_TOO_SLOW"

    def __init__(self) -> None:
        super().__init__(
            "The subscription was ended: its events are not read as fast as they come.",
            hint="Subscribe again with `after`, the last cursor you have seen: nothing is lost.",
        )


class QueryTimeout(SaysoError):
    """A statement took longer than it may."""

    code = "QUERY_TIMEOUT"


class Busy(SaysoError):
    """A write waited too long for what another one holds, or took too long. Nothing was written."""

    code = "BUSY"


class BundleInvalid(SaysoError):
    """A bundle cannot be read. `problems` name the line or the entry of each fault in `file`, if any."""

    code = "BUNDLE_INVALID"

    def __init__(self, problems: Sequence[str], *, file: Path | None = None) -> None:
        named = "The bundle" if file is None else f"The bundle {file}"
        super().__init__(f"{named} cannot be imported:\n" + "\n".join(f"  {p}" for p in problems))
        self.problems = tuple(problems)


class DatabaseUnavailable(SaysoError):
    """Postgres cannot be reached or started, or can do nothing as it is."""

    code = "DATABASE_UNAVAILABLE"


class DatabaseOutdated(SaysoError):
    """The schema is not the one this version of Sayso needs."""

    code = "DATABASE_OUTDATED"


class DatabaseInUse(SaysoError):
    """Somebody works with the database, and it is to be replaced."""

    code = "DATABASE_IN_USE"


class DatabaseNotEmpty(SaysoError):
    """The database holds records, which a restore would replace."""

    code = "DATABASE_NOT_EMPTY"


class BackupInvalid(SaysoError):
    """A file is no backup of Sayso's, or is damaged."""

    code = "BACKUP_INVALID"


class SettingInvalid(SaysoError):
    """An environment variable or option has a value that cannot be used."""

    code = "SETTING_INVALID"
