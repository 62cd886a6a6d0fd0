"""Sayso, as `sayso serve` runs it: one process.

It is asked with a researcher's token, who may see everything, as the others show it; and without one, by
outsiders, who read through views that keep things from them.
"""

from __future__ import annotations

import subprocess
import sys

from bench.peers.peer import Peer
from bench.questions import ALL


def _command(dsn: str) -> list[str]:
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


def _make_token(dsn: str) -> str:
    command = [sys.executable, "-m", "app", "--database-url", dsn, "token", "create"]
    options = ["--role", "researcher", "--days", "1", "--name", "bench"]
    return subprocess.run([*command, *options], capture_output=True, text=True, check=True).stdout.split()[-1]


SAYSO = Peer(
    "sayso",
    "Sayso",
    _command,
    queries=ALL,
    environment={"SAYSO_READ_WITHOUT_TOKEN": "true"},
    make_token=_make_token,
    title_without="Sayso, without a token",
)
