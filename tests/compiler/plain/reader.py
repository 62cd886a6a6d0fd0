"""What every resolver may look at, and the shape of a table of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.compiler.plain.rows import Agent, Rows, Source
from tests.compiler.plain.words import Words

Fields = dict[str, Callable[..., Any]]
"""GraphQL field → what it is: of a row, a reader and the field's arguments under their GraphQL names.

A field that is left out is the column of the same name.
"""


@dataclass(frozen=True)
class UnknownPublisher:
    source: Source


@dataclass(frozen=True)
class Reader:
    rows: Rows
    words: Words
    viewer: UUID | None

    def party(self, key: UUID | str) -> Agent | UnknownPublisher:
        """A party is an agent, or a source whose publisher is not known."""
        key = UUID(str(key))
        return self.rows.agents.get(key) or UnknownPublisher(self.rows.sources[key])

    def holds(self, table: str, key: UUID, text: str) -> bool:
        return key in self.words.ranks(table, text)
