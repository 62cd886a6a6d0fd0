"""mercurius with graphql-jit and loaders, in front of node-postgres."""

from bench.peers.peer import FOLDER, Peer, node

MERCURIUS = Peer(
    "mercurius",
    "mercurius + graphql-jit + loaders",
    node(FOLDER / "mercurius"),
    package=FOLDER / "mercurius",
    environment={"NODE_ENV": "production"},
)
