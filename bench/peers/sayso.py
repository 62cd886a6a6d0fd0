"""Sayso, as `sayso serve` runs it: one process."""

from __future__ import annotations

import sys

from bench.peers.peer import Peer
from bench.questions import ALL


def _command(dsn: str) -> list[str]:
    # The other peers ask nobody who they are.
    return [
        "env",
        "SAYSO_READ_WITHOUT_TOKEN=true",
        sys.executable,
        "-m",
        "app",
        "--database-url",
        dsn,
        "serve",
        "--port",
        "0",
        "--quiet",
    ]


SAYSO = Peer("sayso", "Sayso", _command, queries=ALL, environment={"SAYSO_READ_WITHOUT_TOKEN": "true"})
