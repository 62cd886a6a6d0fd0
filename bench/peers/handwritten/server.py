"""A body in, the statement of its query on a pooled connection, its bytes out.

python -m bench.peers.handwritten.server DSN     prints the port it listens on
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import asyncpg

from bench.peers.serving import serve
from bench.questions import COMPARED, document, row_of_cursor

CONNECTIONS = 4


def _key(id: str) -> str:
    return id.partition("_")[2]


STATEMENTS = {
    document(name): (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8") for name in COMPARED
}
PARAMETERS: Mapping[str, Callable[[dict[str, Any]], object]] = {
    document("Q1"): lambda given: _key(given["id"]),
    document("Q2"): lambda given: [_key(id) for id in given["question"]],
    document("Q3"): lambda given: row_of_cursor(given["after"]),
    document("Q4"): lambda given: _key(given["id"]),
}


class Application:
    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(
            self._dsn,
            min_size=CONNECTIONS,
            max_size=CONNECTIONS,
            max_cacheable_statement_size=0,
            init=_answer_in_bytes,
            reset=_keep_state,
            server_settings={"TimeZone": "UTC", "application_name": "handwritten"},
        )

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        assert scope["type"] == "http", "lifespan is off"
        message = await receive()
        body = message["body"]
        while message["more_body"]:
            message = await receive()
            body += message["body"]
        request = json.loads(body)
        query = request["query"]
        assert self._pool is not None, "opened before it serves"
        async with self._pool.acquire() as connection:
            answer: bytes = await connection.fetchval(
                STATEMENTS[query], PARAMETERS[query](request["variables"])
            )
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})


async def _answer_in_bytes(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "varchar", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
    )


async def _keep_state(connection: asyncpg.Connection) -> None:
    del connection


def main() -> None:
    application = Application(sys.argv[1])
    serve(application, application.open)


if __name__ == "__main__":
    main()
