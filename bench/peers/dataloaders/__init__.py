"""Strawberry's own way: resolvers, DataLoaders and asyncpg, parsed and validated documents kept."""

from bench.peers.peer import Peer, python

DATALOADERS = Peer(
    "dataloaders", "Strawberry + DataLoader + asyncpg", python("bench.peers.dataloaders.server")
)
