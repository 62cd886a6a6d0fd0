"""How the suite is spread over the cores of a machine: a plugin of pytest, loaded by `-p` (pyproject.toml).

The whole suite runs in two processes more than there are cores, up to MOST: half of its time a test waits,
for a browser, a start, an end. A run that was narrowed to paths is one process, as is `-n0`. Each has its own
cluster and databases, for fixtures are a session's. What is handed out is a file, or files that share what is
dear to set up (TOGETHER, HALVED); the long ones come first, so that the short ones fill the ends.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator
from pathlib import Path

import platformdirs
import pytest
from _pytest.doctest import DoctestModule
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it has no types

MOST = 4
TOGETHER = ("tests/compiler/",)
# In one piece it would last longer than all else.
HALVED = ("tests/workbench/test_", "m")
# In the order of what they cost, most first.
FIRST = (
    "tests/workbench/",
    "tests/cli/",
    "tests/bench/",
    "tests/faults/",
    "tests/services/",
    "tests/postgres/",
    "tests/clients/",
    "tests/compiler/",
    "tests/exchange/",
    "tests/api/",
)


def keep_byte_code() -> None:
    """Where Python was told to keep no byte code, keep it aside from the sources.

    The suite starts dozens of processes of Sayso, and each would compile it and all its packages again.
    """
    if sys.dont_write_bytecode:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        sys.dont_write_bytecode = False
        sys.pycache_prefix = sys.pycache_prefix or str(platformdirs.user_cache_path("sayso") / "bytecode")
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix


keep_byte_code()
# While hundreds of modules are imported and thousands of tests found, hardly anything is garbage.
gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path,
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Examples are looked for where there are any: to look for them takes every word of a file, in every
    process."""
    found = yield
    if any(isinstance(each, DoctestModule) for each in found) and b">>>" not in file_path.read_bytes():
        return [each for each in found if not isinstance(each, DoctestModule)]
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What has been found stays: it is never looked through for garbage."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return 0
    return min((os.cpu_count() or 1) + 2, MOST)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _rank(item.nodeid))


def _rank(node: str) -> int:
    return next((rank for rank, folder in enumerate(FIRST) if node.startswith(folder)), len(FIRST))


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Distribution:
    config.option.loadscopereorder = False
    return Distribution(config, log)


class Distribution(LoadScopeScheduling):  # type: ignore[misc]  # as above
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder, second = HALVED
        if file.startswith(folder):
            return f"{folder} {file.removeprefix(folder) < second}"
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)
