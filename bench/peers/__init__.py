"""What Sayso is compared with: servers that answer the same queries over the same tables, and pgbench.

- `peer`           what an HTTP peer is
- `sayso`          Sayso itself, as `sayso serve` runs it
- `postgraphile`   PostGraphile 5, its schema generated from the tables (node)
- `mercurius`      mercurius, graphql-jit and loaders (node)
- `dataloaders`    Strawberry, DataLoaders and asyncpg
- `handwritten`    bare ASGI and asyncpg: a statement by hand for each query
- `pgbench`        `pgbench -M prepared` on Sayso's own statements: Postgres without a server before it
"""

from bench.peers.dataloaders import DATALOADERS
from bench.peers.handwritten import HANDWRITTEN
from bench.peers.mercurius import MERCURIUS
from bench.peers.peer import Peer
from bench.peers.postgraphile import POSTGRAPHILE
from bench.peers.sayso import SAYSO

# In the order in which they take turns.
PEERS = (SAYSO, HANDWRITTEN, POSTGRAPHILE, MERCURIUS, DATALOADERS)

__all__ = ["PEERS", "POSTGRAPHILE", "SAYSO", "Peer"]
