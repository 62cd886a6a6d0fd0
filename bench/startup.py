"""What starting costs: time until the first answer, time of an import and of one query, and memory.

    uv run python -m bench.startup

Everything runs as a user runs it: `sayso` as a process of its own, on an embedded database in a new folder.
The query is asked without a token.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.cli.serving import SAMPLE
from bench.processes import ROOT, children_of, peak_memory, run_server

QUERIES = 200
STARTS = 3
QUERY = """query Claims($after: String) {
  claims(first: 20, after: $after) {
    edges { node { id statement source { title } corroboration { status linesFor } } }
  }
}"""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "app", *arguments]


@contextmanager
def open_folder() -> Iterator[Path]:
    """A new folder that whoever runs Postgres can reach."""
    with tempfile.TemporaryDirectory(prefix="sayso-startup-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def serve(folder: Path, log: Path) -> Iterator[tuple[float, int, httpx.Client]]:
    """(seconds from the start of the process to the first answer, its id, a client)"""
    begun = time.perf_counter()
    arguments = command("serve", "--data-dir", str(folder), "--port", "0", "--quiet")
    with (
        run_server(arguments, {"SAYSO_READ_WITHOUT_TOKEN": "true"}, log) as (process, port),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        ask(client)
        yield time.perf_counter() - begun, process, client


def ask(client: httpx.Client) -> None:
    response = client.post("/graphql", json={"query": QUERY})
    assert response.status_code == 200, response.text
    assert "errors" not in response.json(), response.text


def time_query(client: httpx.Client) -> list[float]:
    times = []
    for _ in range(QUERIES):
        begun = time.perf_counter()
        ask(client)
        times.append((time.perf_counter() - begun) * 1000)
    return times


def run(*arguments: str) -> tuple[float, int]:
    """Seconds that a command takes, and the most bytes that its own process held."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command(*arguments), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    assert process.returncode == 0, said.decode()
    return time.perf_counter() - begun, usage.ru_maxrss * 1024


def memory_of(process: int) -> str:
    """The server's own peak, and that of Postgres as a sum of what each of its processes has for itself."""
    own = peak_memory(process, children=False)
    backends = [each for child in children_of(process) for each in (child, *children_of(child))]
    shared = sum(proportional_memory(each) for each in backends)
    return f"{own / 1e6:.0f} MB, Postgres {shared / 1e6:.0f} MB"


def proportional_memory(process: int) -> int:
    """Bytes in memory now (Pss): what is shared is counted in parts."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def main() -> None:
    argparse.ArgumentParser(
        prog="python -m bench.startup",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    with open_folder() as parent:
        folder, log = parent / "data", parent / "log"
        print(f"sayso --help: {run('--help')[0]:.2f} s")
        with serve(folder, log) as (seconds, _, _):
            print(f"sayso serve, cold (initdb, migrations), to the first answer: {seconds:.2f} s")
        starts = []
        for _ in range(STARTS):
            with serve(folder, log) as (seconds, process, _):
                starts.append(seconds)
                memory = memory_of(process)
        print(f"sayso serve, warm, to the first answer: {statistics.median(starts):.2f} s; {memory}")
        seconds, held = run("import", str(SAMPLE), "--data-dir", str(folder))
        print(f"sayso import of the sample, Postgres's start included: {seconds:.2f} s; {held / 1e6:.0f} MB")
        with serve(folder, log) as (_, process, client):
            times = time_query(client)
            print(
                f"one query over HTTP, one at a time: {statistics.median(times):.2f} ms (median of"
                f" {QUERIES}), {max(times):.1f} ms (slowest); {memory_of(process)}"
            )


if __name__ == "__main__":
    main()
