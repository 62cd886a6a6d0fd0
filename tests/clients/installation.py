"""The clients' packages, from their lock files: `python -m tests.clients.installation` installs them all.

They lie in the user's cache (on Linux ~/.cache/sayso), a folder for each content of a lock file, so that
only the first run takes a minute. None of them comes near Sayso's own environment.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs

from bench.node import LOCK, NotInstalled, install_packages

FOLDER = Path(__file__).parent
NODE = FOLDER / "node"
PYTHON = FOLDER / "python"
CACHE = platformdirs.user_cache_path("sayso") / "clients"
# What uv says where no index answers.
_UNREACHABLE = ("Failed to fetch", "error sending request", "dns error", "offline")


def node_modules() -> Path:
    """The packages of node/package-lock.json. Raises NotInstalled."""
    found = keep("node", NODE / LOCK, lambda folder: install_packages(NODE, folder))
    return found / "node_modules"


def python_for(name: str) -> Path:
    """The interpreter of the environment of python/NAME.txt. Raises NotInstalled."""
    requirements = PYTHON / f"{name}.txt"

    def install(folder: Path) -> None:
        run_uv("venv", "--python", sys.executable, str(folder))
        run_uv("pip", "install", "--python", str(interpreter(folder)), "--requirement", str(requirements))

    return interpreter(keep(name, requirements, install))


def interpreter(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def keep(name: str, lock: Path, install: Callable[[Path], None]) -> Path:
    """The folder of the cache for what `lock` names; `install` fills it, if it is not there."""
    digest = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:16]
    kept = CACHE / f"{name}-{digest}"
    if not kept.exists():
        # Another run may install the same at the same time: who is first, stays.
        partial = kept.with_name(f"{kept.name}.{os.getpid()}")
        try:
            install(partial)
            partial.rename(kept)
        except OSError:
            if not kept.exists():
                raise
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return kept


def run_uv(*arguments: str) -> None:
    """Run uv. Raises NotInstalled with what it said."""
    # `uv run` names itself; else it is on PATH, as the README has it installed.
    program = os.environ.get("UV") or shutil.which("uv")
    if program is None:
        raise NotInstalled("uv is not on PATH: pip install uv")
    # In the checkout it would take our own pins for its constraints.
    CACHE.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([program, *arguments, "--quiet"], capture_output=True, text=True, cwd=CACHE)
    if done.returncode:
        said = " ".join(done.stderr.split())[-800:]
        unreachable = any(sign in done.stderr for sign in _UNREACHABLE)
        raise NotInstalled(f"uv {arguments[0]} failed: {said}", unreachable=unreachable)


def main() -> None:
    try:
        node_modules()
        for requirements in sorted(PYTHON.glob("*.txt")):
            python_for(requirements.stem)
    except NotInstalled as problem:
        sys.exit(f"The clients' packages could not be installed. {problem}")
    sys.stdout.write(f"The clients' packages are in {CACHE}.\n")


if __name__ == "__main__":
    main()
