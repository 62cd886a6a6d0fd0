"""What every resolver may look at, and the shape of a table of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.permissions import Viewer
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
    viewer: Viewer
    # Of a moment: the rows as they stood then. Of a field at the root: as of which moment it is asked.
    past: dict[datetime, Rows] = field(default_factory=dict)
    asked: dict[str | int, datetime] = field(default_factory=dict)

    def of(self, root: str | int) -> Reader:
        """The reader of what stands below a field at the root."""
        return replace(self, rows=self.past[self.asked[root]]) if root in self.asked else self

    def party(self, key: UUID | str) -> Agent | UnknownPublisher:
        """A party is an agent, or a source whose publisher is not known."""
        key = UUID(str(key))
        return self.rows.agents.get(key) or UnknownPublisher(self.rows.sources[key])

    def holds(self, table: str, key: UUID, text: str) -> bool:
        return self.words.holds(table, key, text)
