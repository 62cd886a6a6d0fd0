"""No byte that an outsider can get over the wire is of a protected agent."""

from __future__ import annotations

import re

from tests.api.canary import INSIDER, open_aviary, sings
from tests.conftest import NewDatabase
from tests.web.canary import TAGGED, WAYS, ask_everything, hear, look, serve


async def test_no_byte_of_the_wire_is_of_a_protected_agent(clone: NewDatabase) -> None:
    async with clone() as dsn, open_aviary(dsn, 50) as aviary:
        async with serve(aviary, INSIDER) as port:
            # Who may know it is told, in every way: what is searched for is there.
            told = await ask_everything(port, aviary.asked[:10])
            for name in WAYS:
                if name not in (TAGGED, "an id"):
                    assert any(sings(told[key]) for key in told if key.startswith(f"{name}: ")), name
            assert any(re.match(rb"HTTP/1.1 304", answer) for answer in told.values())
            heard = await hear(port, aviary, b"anarybird")
            assert all(sings(answer) for answer in heard.values())
        # What is written for the compiler is asked by tests/api, and by the command in every way.
        aviary.asked = [*aviary.asked[:10], *aviary.asked[-50:]]
        found, searched = await look(aviary, ways=2)
        assert found == []
        assert searched > 3 * 2 * len(aviary.asked)
