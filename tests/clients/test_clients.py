"""The clients that frontends are built with, each doing what its users do, against a running server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.conftest import NodeProject, python_project, run
from tests.clients.installation import NODE

PROGRAMS = sorted(path.name for path in NODE.glob("*.test.ts"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_client_of_node_lives_on_the_api(program: str, node: NodeProject, served: dict[str, str]) -> None:
    # React keeps a channel open for its next turn, which would keep the program.
    options = ("--import", "./bundling.ts", "--test", "--test-timeout=60000", "--test-force-exit")
    node.run(*options, program, **served)


def test_what_the_client_preset_generates_is_typed(node: NodeProject) -> None:
    node.program("typescript/bin/tsc", "--project", "tsconfig.json")


def test_gql_lives_on_the_api(served: dict[str, str], tmp_path: Path) -> None:
    interpreter, folder = python_project("gql", tmp_path)
    run([interpreter, "client.py"], folder, **served)


def test_what_ariadne_codegen_generates_lives_on_the_api(served: dict[str, str], tmp_path: Path) -> None:
    interpreter, folder = python_project("ariadne-codegen", tmp_path)
    run([interpreter, "-m", "ariadne_codegen"], folder)
    run([interpreter, "client.py"], folder, **served)
