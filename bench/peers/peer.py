"""An HTTP peer: how it is started, what it is asked, and its answer in the form of Sayso's."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.questions import COMPARED, document

FOLDER = Path(__file__).parent

Variables = Mapping[str, Any]


def ask_alike(name: str, variables: Variables) -> dict[str, Any]:
    """What a peer is sent that has Sayso's own schema, or the part of it that is asked for."""
    return {"query": document(name), "variables": variables}


def answer_alike(name: str, data: Any) -> Any:
    """Its answer is compared as it comes."""
    del name
    return data


@dataclass(frozen=True, slots=True)
class Peer:
    """A server that prints where it listens: its first line ends in the port, or in the endpoint's URL.

    `command` gets the database's URL. `ask` makes the request of a query and its variables, `answer` makes
    Sayso's `data` of its own. `package`: the folder of a node package that `npm ci` installs first.
    """

    name: str
    title: str
    command: Callable[[str], list[str]]
    queries: tuple[str, ...] = COMPARED
    ask: Callable[[str, Variables], dict[str, Any]] = ask_alike
    answer: Callable[[str, Any], Any] = answer_alike
    package: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def body(self, name: str, variables: Variables) -> bytes:
        """The body of a POST, on one line."""
        return json.dumps(self.ask(name, variables)).encode()


def python(module: str) -> Callable[[str], list[str]]:
    return lambda dsn: [sys.executable, "-m", module, dsn]


def node(folder: Path) -> Callable[[str], list[str]]:
    """On Linux the package has its own node: on node 20 PostGraphile answers every query with an error."""

    def command(dsn: str) -> list[str]:
        own = folder / "node_modules" / ".bin" / "node"
        return [str(own) if own.exists() else "node", str(folder / "server.mjs"), dsn]

    return command


def prepare(peer: Peer) -> str | None:
    """Install what the peer needs from its lock file; why it has to be left out, or None if it is ready."""
    if peer.package is None:
        return None
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "node and npm are not on PATH"
    installed, locked = peer.package / "node_modules" / ".installed", peer.package / "package-lock.json"
    if installed.exists() and installed.read_bytes() == locked.read_bytes():
        return None
    done = subprocess.run(["npm", "ci"], cwd=peer.package, capture_output=True, text=True)
    if done.returncode:
        return f"npm ci failed: {' '.join(done.stderr.split())[:500]}"
    installed.write_bytes(locked.read_bytes())
    return None
