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


def input_type(cls: Declared) -> Declared:
    """An input type. The docstring is its description."""
    return strawberry.input(cls, description=_description(cls))


def read_field(declaration: Callable[..., Any]) -> Any:
    """A field with arguments that the compiler answers."""
    return strawberry.field(resolver=declaration, description=_description(declaration))


def mutation(resolver: Callable[..., Any]) -> Any:
    """A write. The docstring is its description."""
    return strawberry.mutation(resolver=resolver, description=_description(resolver))
