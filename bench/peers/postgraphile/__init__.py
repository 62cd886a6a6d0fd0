"""PostGraphile 5: it makes its schema from the tables, so it is asked in its own words.

The documents in this folder ask for the same rows and columns. What is left out of them costs it nothing:
lists are asked for as `nodes`, without edges, wherever no cursor is wanted.
"""

from __future__ import annotations

from bench.peers.peer import FOLDER, Peer, node
from bench.peers.postgraphile.words import answer, ask

POSTGRAPHILE = Peer(
    "postgraphile",
    "PostGraphile",
    node(FOLDER / "postgraphile"),
    ask=ask,
    answer=answer,
    package=FOLDER / "postgraphile",
    environment={"NODE_ENV": "production", "GRAPHILE_ENV": "production"},
)
