"""One database full of records, read by both sides. Nothing writes to it once it is there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis.strategies import SearchStrategy

from tests.compiler.comparison import Contest, open_contest
from tests.compiler.generated import Case, Values, cases
from tests.compiler.records import record_world, viewer_of
from tests.conftest import NewDatabase, Statements


@pytest.fixture(scope="session")
async def contest(clone: NewDatabase, statements: Statements) -> AsyncIterator[Contest]:
    async with clone() as dsn:
        await record_world(dsn)
        async with open_contest(dsn, statements, viewer_of("noor_phone")) as contest:
            yield contest


@pytest.fixture(scope="session")
def generated_cases(contest: Contest) -> SearchStrategy[Case]:
    return cases(contest.oracle.schema, Values(contest.oracle.rows))
