"""`sayso` as a process, with a folder of its own. Every server here is a real one."""

from __future__ import annotations

import fcntl
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import httpx
import pytest

from app.cli import run_command
from tests.conftest import find_memory

ROOT = Path(__file__).parents[2]


class Server:
    """A `sayso serve` or `sayso demo` that runs. `output` is what it printed until it was ready."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or "Ctrl-C" not in lines[-1]:
            line = process.stdout.readline()
            assert line, f"it ended with {process.wait()}: {self.said}"
            lines.append(line)
        self.output = "".join(lines)
        self.url = lines[0].split()[1]
        (self.link,) = re.findall(r"^Sign in   (\S+)", self.output, re.MULTILINE)
        site, code = self.link.split("#")
        signed_in = httpx.post(site, json={"code": code}, timeout=30)
        assert signed_in.status_code == 200, signed_in.text
        (self.token,) = signed_in.cookies.values()

    @property
    def said(self) -> str:
        """What it wrote on stderr so far."""
        return self.log.read_text()

    @property
    def headers(self) -> dict[str, str]:
        """Those of the local researcher, who signed in by the link."""
        return {"authorization": f"Bearer {self.token}"}

    def query(self, query: str, **variables: object) -> dict[str, Any]:
        body = {"query": query, "variables": variables}
        answer = httpx.post(self.url, json=body, headers=self.headers, timeout=30).json()
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    def end(self, number: signal.Signals) -> int:
        """The exit code, after this signal."""
        self.process.send_signal(number)
        return self.process.wait(30)


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


class Sayso:
    """Runs commands on the embedded database in `folder`, unless `settings` say otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = {"SAYSO_DATA_DIR": str(folder)}
        self._servers: list[subprocess.Popen[str]] = []

    def environment(self, variables: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAYSO_")}
        return {**kept, **self.settings, **variables}

    def run(self, *arguments: str, **variables: str) -> Done:
        """A command in this process: it need not load everything again. In a thread, which has its event loop
        to itself."""
        out, errors = io.StringIO(), io.StringIO()
        with (
            mock.patch.dict(os.environ, self.environment(variables), clear=True),
            redirect_stdout(out),
            redirect_stderr(errors),
            ThreadPoolExecutor(1) as thread,
        ):
            code = thread.submit(run_command, arguments).result(120)
        return Done(code, out.getvalue(), errors.getvalue())

    def begin(self, *arguments: str, log: Path, **variables: str) -> subprocess.Popen[str]:
        """A process of its own group, as a shell begins one."""
        with log.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "app", *arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=ROOT,
                env=self.environment(variables),
                start_new_session=True,
            )
        self._servers.append(process)
        return process

    def start(self, *arguments: str, **variables: str) -> Server:
        """`sayso serve` or `demo` on a free port, once it answers."""
        log = self.folder.with_name(f"{self.folder.name}-{len(self._servers)}.log")
        return Server(self.begin(*arguments, "--port", "0", log=log, **variables), log)

    def is_down(self, seconds: float = 15) -> bool:
        """Whether nothing of a server is left: each of its processes holds the lock of the folder."""
        end = time.monotonic() + seconds
        with (self.folder / "postgres" / "lock").open() as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return True
                except BlockingIOError:
                    if time.monotonic() > end:
                        return False
                time.sleep(0.05)

    def close(self) -> None:
        for process in self._servers:
            if process.poll() is None:
                process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


@pytest.fixture
def sayso() -> Iterator[Sayso]:
    """Commands with a new folder that whoever runs the server can reach."""
    parent = Path(tempfile.mkdtemp(prefix="sayso-cli-", dir=find_memory()))
    parent.chmod(0o755)
    one = Sayso(parent / "data")
    yield one
    one.close()
    if (one.folder / "postgres").exists():
        assert one.is_down()
    shutil.rmtree(parent)
