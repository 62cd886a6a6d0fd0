"""The campaign, small: some writers at once; and that what is wrong is told."""

from __future__ import annotations

import asyncpg

from tests.conftest import NewDatabase
from tests.services.campaign import find_faults, try_story


async def test_what_writers_leave_is_what_the_text_of_the_rule_says(clone: NewDatabase) -> None:
    async with clone() as dsn:
        assert await try_story(dsn, changes=30, seed=1, writers=4) == []
        connection = await asyncpg.connect(dsn)
        try:
            claim = await connection.fetchval(
                "UPDATE corroboration SET lines_for = lines_for + 1"
                " WHERE claim = (SELECT min(claim::text)::uuid FROM corroboration) RETURNING claim"
            )
        finally:
            await connection.close()
        told = await find_faults(dsn)
        assert any(each.startswith("recomputed: ") for each in told)
        assert any(each.startswith(f"claim {claim}: lines is ") for each in told)
