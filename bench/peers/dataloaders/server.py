"""Strawberry's ASGI application, with the loaders of each request as its context.

python -m bench.peers.dataloaders.server DSN     prints the port it listens on
"""

from __future__ import annotations

import sys

import asyncpg
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL

from bench.peers.dataloaders.loading import Loaders
from bench.peers.dataloaders.schema import build_schema
from bench.peers.serving import serve

CONNECTIONS = 10


class Application(GraphQL[Loaders, None]):
    pool: asyncpg.Pool

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Loaders:
        del request, response
        return Loaders(self.pool)


def main() -> None:
    application = Application(build_schema())

    async def begin() -> None:
        application.pool = await asyncpg.create_pool(
            sys.argv[1],
            min_size=CONNECTIONS,
            max_size=CONNECTIONS,
            server_settings={"TimeZone": "UTC", "application_name": "dataloaders"},
        )

    serve(application, begin)


if __name__ == "__main__":
    main()
