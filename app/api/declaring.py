"""How the types of the surface are declared.

The read types say what can be asked; the compiler answers. Their methods have no bodies: the signature
declares the arguments, the docstring the description. Where a document does run through the normal executor
(a mutation's payload, introspection beside data), the value of each field has been read already, as a dict
under the response keys of the document.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

import strawberry
from strawberry.types import get_object_definition

from app.api.enums import declare_vocabulary

declare_vocabulary()

Declared = TypeVar("Declared", bound=type)


def _description(thing: object) -> str | None:
    text = getattr(thing, "__doc__", None)
    return " ".join(inspect.cleandoc(text).split()) if text else None


def described(description: str) -> Any:
    """A plain field with a description."""
    return strawberry.field(description=description)


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, described))
def read_type(cls: Declared) -> Declared:
    """An object type that the compiler answers. The docstring is its description."""
    return strawberry.type(cls, description=_description(cls))


def read_interface(cls: Declared) -> Declared:
    """An interface that the compiler answers. The docstring is its description."""
    return strawberry.interface(cls, description=_description(cls))


# What fields of several inputs mean, where none says otherwise.
_MOMENT = "2019, 2019-12, 2019-12-31, or a time with its offset."
_MEANINGS = {
    "asserted": f"When it was said: {_MOMENT}",
    "published": _MOMENT,
    "recorded": "When it was recorded.",
    "retrieved_at": "When the text was fetched.",
    "language": "A BCP 47 tag.",
    "reprints": "The source that it repeats.",
    "hops": "Whom it passed through, origin first. ATTRIBUTED claims have some.",
    "restricted": "Outsiders see nothing of it, nor of what belongs to it.",
    "part_of": "The agent on whose behalf it speaks.",
    "wikidata_id": "Of one agent only: Q9682.",
    "protected": "Outsiders are told the pseudonym in place of the name.",
    "pseudonym": "A protected agent has one.",
    "unit": "Of a QUANTITY, what is counted: people.",
    "counted": "And which of them: killed.",
    "expected_version": "The `version` that was read: if somebody changed it since, nothing is written.",
    "idempotency_key": "Of your own making: the same request again with it gives the first answer again.",
    "reason": "Why. It stands in the history.",
}


def input_type(cls: Declared) -> Declared:
    """An input type. The docstring is its description."""
    declared = strawberry.input(cls, description=_description(cls))
    for field in get_object_definition(declared, strict=True).fields:
        field.description = field.description or _MEANINGS.get(field.python_name)
    return declared


def read_field(declaration: Callable[..., Any]) -> Any:
    """A field with arguments that the compiler answers."""
    return strawberry.field(resolver=declaration, description=_description(declaration))


def mutation(resolver: Callable[..., Any]) -> Any:
    """A write. The docstring is its description."""
    return strawberry.mutation(resolver=resolver, description=_description(resolver))
