"""What starting costs, once: the server that is measured answers. How fast is not looked at."""

from __future__ import annotations

import pytest

from bench.startup import ask, memory_of, open_folder, serve


@pytest.mark.usefixtures("in_memory")
def test_a_server_that_is_started_answers_the_query() -> None:
    with open_folder() as folder, serve(folder / "data", folder / "log") as (seconds, process, client):
        ask(client)
        assert seconds > 0
        assert "Postgres" in memory_of(process)
