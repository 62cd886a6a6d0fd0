"""A `sayso serve` of the sample, and the clients' projects: built outside the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.database import Database
from app.domain.vocabulary import Role
from app.permissions import Viewer
from app.services.tokens import NewToken, create_token
from app.settings import Settings
from bench.node import NotInstalled
from bench.processes import ROOT, run_server
from hatch_build import find_node
from tests.clients.installation import NODE, PYTHON, node_modules, python_for
from tests.conftest import NewDatabase

SDL = ROOT / "app" / "api" / "schema.graphql"
# Run by other interpreters, which have other packages.
collect_ignore_glob = ["python/*"]


def installed(install: Callable[[], Path]) -> Path:
    """What `install` gives. Where no registry answers the test is left out, and says so."""
    try:
        return install()
    except NotInstalled as problem:
        if problem.unreachable:
            pytest.skip(f"NOT RUN: the clients are not installed, and no registry can be reached. {problem}")
        raise


def run(command: list[str | Path], folder: Path, **environment: str) -> str:
    """What a program says; it has to end well within two minutes."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
    except subprocess.TimeoutExpired as problem:
        raise AssertionError(f"it did not end: {problem.output!r}") from None
    assert done.returncode == 0, f"\n{done.stdout[-6_000:]}"
    return done.stdout


@dataclass(frozen=True, slots=True)
class NodeProject:
    """A copy of node/ with its packages beside it, and what its compilers made of the schema."""

    folder: Path

    def run(self, *arguments: str, **environment: str) -> str:
        return run([find_node()[0], *arguments], self.folder, **environment)

    def program(self, path: str, *arguments: str) -> str:
        """Run a program of a package by its path in it."""
        return self.run(f"node_modules/{path}", *arguments)


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> NodeProject:
    modules = installed(node_modules)
    folder = tmp_path_factory.mktemp("clients") / "node"
    shutil.copytree(NODE, folder, ignore=shutil.ignore_patterns("node_modules"))
    (folder / "node_modules").symlink_to(modules)
    shutil.copy(SDL, folder)
    project = NodeProject(folder)
    (folder / "relay" / "artifacts").mkdir()
    (folder / "relay" / "persisted.json").write_text("{}")
    project.program("relay-compiler/cli.js", "relay.config.json")
    project.program("@graphql-codegen/cli/esm/bin.js", "--config", "codegen/codegen.json")
    return project


@pytest.fixture(scope="session")
def known_documents(node: NodeProject) -> Path:
    """The documents that the compilers of two frontends wrote, in one file, as a build would put them."""
    files = ("relay/persisted.json", "codegen/generated/persisted-documents.json")
    known: dict[str, str] = {}
    for file in files:
        documents = json.loads((node.folder / file).read_text())
        assert documents
        known |= documents
    path = node.folder / "known-documents.json"
    path.write_text(json.dumps(known))
    return path


@dataclass(frozen=True, slots=True)
class Prepared:
    """The sample in a database of the clients' own, for they record in it, and a token to do so with."""

    dsn: str
    token: str


@pytest.fixture(scope="session")
async def prepared(clone_sample: NewDatabase, viewer: Viewer) -> AsyncIterator[Prepared]:
    async with clone_sample() as dsn:
        database = await Database.open(dsn, Settings())
        new = NewToken(name="clients", role=Role.EDITOR)
        made = await database.write(viewer.researcher, lambda session: create_token(session, viewer, new))
        await database.close()
        yield Prepared(dsn, made.letters)


@pytest.fixture(scope="session")
def served(
    prepared: Prepared, known_documents: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """Where a `sayso serve` answers, and whom: the environment of the clients."""
    log = tmp_path_factory.mktemp("server") / "log"
    command = [sys.executable, "-m", "app", "serve", "--port", "0", "--quiet"]
    environment = {"SAYSO_DATABASE_URL": prepared.dsn, "SAYSO_KNOWN_DOCUMENTS": str(known_documents)}
    with run_server(command, environment, log) as (_pid, port):
        yield {"SAYSO_URL": f"http://127.0.0.1:{port}/graphql", "SAYSO_TOKEN": prepared.token}


def python_project(name: str, target: Path) -> tuple[Path, Path]:
    """(the interpreter of an environment, a copy of what is run in it)."""
    interpreter = installed(lambda: python_for(name))
    folder = target / name
    shutil.copytree(PYTHON / name, folder)
    shutil.copy(SDL, folder)
    return interpreter, folder
