"""Expected errors as types: what a mutation answers when it did nothing, and why.

Each is a member of the result of the mutations it can happen in. A code is the same here, in `errors.py`
and in docs/errors.md.
"""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry import ExceptionHandler, Info

from app import errors
from app.api.context import RequestContext
from app.api.reading import read_node
from app.api.records import Node


async def _read_named(root: strawberry.Parent[Any], info: Info[RequestContext, None]) -> Node | None:
    """The node that an error names, as the document asks for it."""
    node: Node | None = await read_node(info, root.id)
    return node


@strawberry.interface(description="Why a mutation did nothing.")
class Error:
    code: str = strawberry.field(description="docs/errors.md lists them.")
    message: str
    hint: str | None = strawberry.field(description="What can be done about it.")


@strawberry.type(description="What is wrong with one field of the input.")
class FieldProblem:
    path: list[str] = strawberry.field(description="The field of the input, and what is in it.")
    message: str


@strawberry.type(description="Fields of the input cannot be recorded.")
class InvalidInput(Error):
    problems: list[FieldProblem]


@strawberry.type(description="An id names nothing.")
class NotFound(Error):
    id: strawberry.ID
    path: list[str] = strawberry.field(description="The field of the input that has it.")


@strawberry.type(description="Where a name of a protected agent stands, in code points of the field.")
class NamedPlace:
    agent: strawberry.ID
    path: list[str] = strawberry.field(description="The field: of the input, or of `row`.")
    start: int
    end: int
    row: strawberry.ID | None = strawberry.field(description="What it stands in, where that is recorded.")


@strawberry.type(description="Outsiders would read the name of a protected agent.")
class ProtectedName(Error):
    places: list[NamedPlace] = strawberry.field(description="The first 100.")
    total: int = strawberry.field(description="How many there are.")


@strawberry.type(description="A place in the text that a quote may have meant.")
class QuoteCandidate:
    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@strawberry.type(description="The words do not stand in the source's text.")
class QuoteNotFound(Error):
    candidates: list[QuoteCandidate] = strawberry.field(description="The nearest passages.")
    path: list[str] = strawberry.field(description="The field of the input that has the words.")


@strawberry.type(description="The words stand more than once in the source's text.")
class AmbiguousQuote(Error):
    candidates: list[QuoteCandidate]
    path: list[str] = strawberry.field(description="The field of the input that has the words.")


@strawberry.type(description="No number, or several, can be read in the words; bounds can be given.")
class UnknownQuantity(Error):
    text: str
    path: list[str] = strawberry.field(description="The field of the input that has the words.")


@strawberry.type(description="The words are no moment.")
class UnknownMoment(Error):
    text: str
    path: list[str] = strawberry.field(description="The field of the input that has the words.")


@strawberry.type(description="Somebody changed the node since the version that was read.")
class StaleVersion(Error):
    id: strawberry.ID
    expected_version: int
    current_version: int

    current: Node | None = strawberry.field(resolver=_read_named, description="What stands now.")


@strawberry.type(description="The same is recorded already.")
class Duplicate(Error):
    id: strawberry.ID

    existing: Node | None = strawberry.field(resolver=_read_named, description="What is recorded already.")


@strawberry.type(description="The viewer's role does not allow it.")
class NotPermitted(Error):
    pass


@strawberry.type(description="The idempotency key was used for another request.")
class IdempotencyConflict(Error):
    pass


def _said(problem: errors.SaysoError) -> dict[str, Any]:
    return {"code": problem.code, "message": problem.message, "hint": problem.hint}


def spell_place(place: errors.NamedPlace) -> NamedPlace:
    return NamedPlace(
        agent=strawberry.ID(place.agent),
        path=list(place.path),
        start=place.start,
        end=place.end,
        row=None if place.row is None else strawberry.ID(place.row),
    )


def _candidates(problem: errors.QuoteNotFound | errors.AmbiguousQuote) -> list[QuoteCandidate]:
    return [
        QuoteCandidate(exact=c.exact, prefix=c.prefix, suffix=c.suffix, start=c.start, end=c.end)
        for c in problem.candidates
    ]


class OnInvalidInput(ExceptionHandler[errors.InvalidInput, InvalidInput]):
    def handle(self, exception: errors.InvalidInput, **_: Any) -> InvalidInput:
        problems = [FieldProblem(path=list(p.path), message=p.message) for p in exception.problems]
        return InvalidInput(**_said(exception), problems=problems)


class OnNotFound(ExceptionHandler[errors.NotFound, NotFound]):
    def handle(self, exception: errors.NotFound, **_: Any) -> NotFound:
        return NotFound(**_said(exception), id=strawberry.ID(exception.id), path=list(exception.path))


class OnProtectedName(ExceptionHandler[errors.ProtectedName, ProtectedName]):
    def handle(self, exception: errors.ProtectedName, **_: Any) -> ProtectedName:
        places = [spell_place(place) for place in exception.places]
        return ProtectedName(**_said(exception), places=places, total=exception.total)


class OnQuoteNotFound(ExceptionHandler[errors.QuoteNotFound, QuoteNotFound]):
    def handle(self, exception: errors.QuoteNotFound, **_: Any) -> QuoteNotFound:
        return QuoteNotFound(**_said(exception), path=list(exception.path), candidates=_candidates(exception))


class OnAmbiguousQuote(ExceptionHandler[errors.AmbiguousQuote, AmbiguousQuote]):
    def handle(self, exception: errors.AmbiguousQuote, **_: Any) -> AmbiguousQuote:
        return AmbiguousQuote(
            **_said(exception), path=list(exception.path), candidates=_candidates(exception)
        )


class OnUnknownQuantity(ExceptionHandler[errors.UnknownQuantity, UnknownQuantity]):
    def handle(self, exception: errors.UnknownQuantity, **_: Any) -> UnknownQuantity:
        return UnknownQuantity(**_said(exception), path=list(exception.path), text=exception.text)


class OnUnknownMoment(ExceptionHandler[errors.UnknownMoment, UnknownMoment]):
    def handle(self, exception: errors.UnknownMoment, **_: Any) -> UnknownMoment:
        return UnknownMoment(**_said(exception), path=list(exception.path), text=exception.text)


class OnStaleVersion(ExceptionHandler[errors.StaleVersion, StaleVersion]):
    def handle(self, exception: errors.StaleVersion, **_: Any) -> StaleVersion:
        return StaleVersion(
            **_said(exception),
            id=strawberry.ID(exception.id),
            expected_version=exception.expected,
            current_version=exception.current,
        )


class OnDuplicate(ExceptionHandler[errors.Duplicate, Duplicate]):
    def handle(self, exception: errors.Duplicate, **_: Any) -> Duplicate:
        return Duplicate(**_said(exception), id=strawberry.ID(exception.id))


class OnNotPermitted(ExceptionHandler[errors.NotPermitted, NotPermitted]):
    def handle(self, exception: errors.NotPermitted, **_: Any) -> NotPermitted:
        return NotPermitted(**_said(exception))


class OnIdempotencyConflict(ExceptionHandler[errors.IdempotencyConflict, IdempotencyConflict]):
    def handle(self, exception: errors.IdempotencyConflict, **_: Any) -> IdempotencyConflict:
        return IdempotencyConflict(**_said(exception))


EXCEPTION_HANDLERS: tuple[ExceptionHandler[Any, Any], ...] = (
    OnInvalidInput(),
    OnNotFound(),
    OnProtectedName(),
    OnQuoteNotFound(),
    OnAmbiguousQuote(),
    OnUnknownQuantity(),
    OnUnknownMoment(),
    OnStaleVersion(),
    OnDuplicate(),
    OnNotPermitted(),
    OnIdempotencyConflict(),
)
