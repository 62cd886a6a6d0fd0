"""An HTTP peer: how it is started, what it is asked, and its answer in the form of Sayso's."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.node import NotInstalled, install_packages
from bench.questions import COMPARED, document
from hatch_build import find_node

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
    `make_token`: from the database's URL, what it is asked with; `title_without`, its title where it is asked
    without, which is measured as well.
    """

    name: str
    title: str
    command: Callable[[str], list[str]]
    queries: tuple[str, ...] = COMPARED
    ask: Callable[[str, Variables], dict[str, Any]] = ask_alike
    answer: Callable[[str, Any], Any] = answer_alike
    package: Path | None = None
    make_token: Callable[[str], str] | None = None
    title_without: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    def body(self, name: str, variables: Variables) -> bytes:
        """The body of a POST, on one line."""
        return json.dumps(self.ask(name, variables)).encode()


def python(module: str) -> Callable[[str], list[str]]:
    return lambda dsn: [sys.executable, "-m", module, dsn]


def node(folder: Path) -> Callable[[str], list[str]]:
    return lambda dsn: [str(find_node()[0]), str(folder / "server.mjs"), dsn]


def prepare(peer: Peer) -> str | None:
    """Install what the peer needs from its lock file; why it has to be left out, or None if it is ready."""
    if peer.package is not None:
        try:
            install_packages(peer.package, peer.package)
        except NotInstalled as problem:
            return str(problem)
    return None
