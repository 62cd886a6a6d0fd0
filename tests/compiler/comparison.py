"""One query through the compiler and through the plain side, and where their answers part."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from app.api.execution import Engine
from app.database import Database
from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from app.settings import Settings
from tests.api.schemas import SCHEMA
from tests.compiler.plain import Oracle
from tests.compiler.plain.schema import Json

Recorder = Callable[[Database], AbstractAsyncContextManager[list[str]]]

# The compiler's own limits on how much one query may ask for; the plain side has none.
_TOO_MUCH = re.compile(r"\bmore than [0-9,]+ (fields|levels|nodes|conditions)\b")


class Pairs(list[tuple[str, Any]]):
    """A JSON object as it was written: order and repetition of keys are kept."""


@dataclass(frozen=True)
class Comparison:
    """`outcome` is "answered", "refused" (by both) or "too large" (refused for its size, not compared)."""

    outcome: str
    differences: list[str]
    data: dict[str, Any] | None = None


@dataclass(frozen=True)
class Contest:
    """The two sides, on one database."""

    engine: Engine
    oracle: Oracle
    database: Database
    viewer: Viewer
    record: Recorder

    async def compare(
        self, query: str, variables: Mapping[str, Any] | None = None, operation_name: str | None = None
    ) -> Comparison:
        async with self.record(self.database) as sent:
            response = await self.engine.execute(query, variables, operation_name, self.viewer)
        try:
            fields = dict(json.loads(response.body, object_pairs_hook=Pairs))
        except ValueError as problem:
            return Comparison("answered", [f"not JSON: {problem}: {response.body.decode()}"])
        answer = await self.oracle.answer(query, variables, operation_name, self.viewer)
        if "data" not in fields:
            problems = json.loads(response.body)["errors"]
            if answer.refusal is not None:
                statements = [f"{len(sent)} statements for a request that is refused"] if sent else []
                return Comparison("refused", statements)
            if any(_TOO_MUCH.search(problem["message"]) for problem in problems):
                return Comparison("too large", [])
            return Comparison("refused", [f"refused by the compiler alone: {problems[0]['message']}"])
        if list(fields) != ["data"]:
            return Comparison("answered", [f"errors beside data: {fields.get('errors')}"])
        if answer.refusal is not None:
            return Comparison("answered", [f"refused by the plain side alone: {answer.refusal}"])
        differences = find_differences(answer.data, fields["data"])
        if len(sent) != 1:
            differences.append(f"{len(sent)} statements were sent")
        return Comparison("answered", differences, answer.data)


@asynccontextmanager
async def open_contest(dsn: str, record: Recorder, viewer: Viewer | None = None) -> AsyncIterator[Contest]:
    """Both sides on a database that nothing writes to meanwhile, for this viewer or any who is in it."""
    # One connection: every statement is heard on it.
    database = await Database.open(dsn, Settings(read_connections=1))
    oracle = await Oracle.open(dsn)
    try:
        anybody = next(iter(oracle.rows.researchers), NOBODY)
        viewer = viewer or Viewer(anybody, Role.RESEARCHER)
        yield Contest(Engine(SCHEMA, database), oracle, database, viewer, record)
    finally:
        await oracle.close()
        await database.close()


def find_differences(expected: Any, found: Any, path: str = "data") -> list[str]:
    """Every place where what was found is not what was expected, the order of keys included.

    >>> find_differences({"a": 1, "b": [None]}, Pairs([("b", [0]), ("a", 1)]))
    ["data: the keys ['b', 'a'] instead of ['a', 'b']", 'data.b.0: 0 instead of None']
    """
    if isinstance(expected, Json):
        found = unordered(found)
        return [] if _same(expected.value, found) else [f"{path}: {found!r} instead of {expected.value!r}"]
    if isinstance(expected, dict):
        if not isinstance(found, Pairs):
            return [f"{path}: {found!r} instead of an object"]
        keys = [key for key, _ in found]
        differences = []
        if keys != list(expected):
            differences.append(f"{path}: the keys {keys} instead of {list(expected)}")
        values = dict(found)
        for key, value in expected.items():
            if key in values:
                differences += find_differences(value, values[key], f"{path}.{key}")
        return differences
    if isinstance(expected, list):
        if not isinstance(found, list) or isinstance(found, Pairs):
            return [f"{path}: {found!r} instead of a list"]
        if len(found) != len(expected):
            return [f"{path}: {len(found)} items instead of {len(expected)}: {found!r}"[:2_000]]
        return [
            difference
            for number, (one, other) in enumerate(zip(expected, found, strict=True))
            for difference in find_differences(one, other, f"{path}.{number}")
        ]
    return [] if _same(expected, found) else [f"{path}: {found!r} instead of {expected!r}"]


def _same(expected: Any, found: Any) -> bool:
    """True is not 1 in JSON, though it is in Python; 33 and 33.0 are one number."""
    return isinstance(expected, bool) == isinstance(found, bool) and bool(expected == found)


def unordered(value: Any) -> Any:
    """A JSON value whose keys mean no order, as plain dicts and lists."""
    if isinstance(value, Pairs):
        return {key: unordered(each) for key, each in value}
    if isinstance(value, list):
        return [unordered(each) for each in value]
    return value
