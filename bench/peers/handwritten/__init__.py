"""Bare ASGI and asyncpg: what a statement written by hand for each query gives, without any GraphQL."""

from bench.peers.peer import Peer, python

HANDWRITTEN = Peer(
    "handwritten", "bare ASGI + asyncpg, SQL by hand", python("bench.peers.handwritten.server")
)
