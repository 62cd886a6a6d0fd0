"""The queries that somebody wrote: `queries/*.graphql`, each operation with the variables to run it with.

A variable named as a row (`$claim_two_dozen`) is that row's id. Other values stand above the operation, a
comment for each set: `# variables: {"first": 2}`. So does who asks, if it is not the usual one:
`# viewers: nobody, ada`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graphql import OperationDefinitionNode, parse

from app.permissions import Viewer
from tests.compiler.records import describe_world, id_of, viewer_of

FOLDER = Path(__file__).with_name("queries")
USUAL_VIEWER = "noor_phone"
_VIEWERS = re.compile(r"^# viewers: (.*)$", re.MULTILINE)
_VARIABLES = re.compile(r"^# variables: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Directed:
    """One operation of a document, and the sets of variables to run it with, one after the other."""

    subject: str
    name: str
    document: str
    variables: tuple[dict[str, Any], ...]
    viewers: tuple[Viewer, ...]

    def __str__(self) -> str:
        return f"{self.subject}-{self.name}"


def read_queries(subject: str | None = None) -> list[Directed]:
    """Every operation of every file, or of one: `claims` is queries/claims.graphql."""
    paths = sorted(FOLDER.glob(f"{subject or '*'}.graphql"))
    return [directed for path in paths for directed in _read_file(path)]


@cache
def _read_file(path: Path) -> list[Directed]:
    document = path.read_text()
    rows = {f"{table}_{name}" for table, named in describe_world().items() for name in named}
    found = []
    end = 0
    for definition in parse(document).definitions:
        assert definition.loc
        above, end = document[end : definition.loc.start], definition.loc.end
        if not isinstance(definition, OperationDefinitionNode):
            continue
        assert definition.name
        names = [variable.variable.name.value for variable in definition.variable_definitions or ()]
        ids = {name: id_of(name) for name in names if name in rows}
        asking = _VIEWERS.findall(above)
        given = [json.loads(text) for text in _VARIABLES.findall(above)]
        found.append(
            Directed(
                path.stem,
                definition.name.value,
                document,
                tuple(ids | each for each in given or [{}]),
                tuple(viewer_of(who) for names in asking or [USUAL_VIEWER] for who in names.split(", ")),
            )
        )
    return found
