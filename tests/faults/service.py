"""A `sayso serve` that is killed and started again, on one folder and one port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.ports import reserve_port

ROOT = Path(__file__).parents[2]
# On a machine that is busy with other things, the first start takes over a minute. What ends is told at once.
PATIENCE_SECONDS = 300


class Service:
    """The server's process and its Postgres. `folder` has the database; `settings` are SAYSO_ variables."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._settings = {"SAYSO_SEAL_SECONDS": "0.5", **settings}
        self._reserved = reserve_port()  # while it does not run, it is nobody else's
        self.port = self._reserved.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder.with_name(f"{folder.name}.log")
        self._process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAYSO_")}
        return {**kept, "SAYSO_DATA_DIR": str(self.folder), **self._settings}

    def start(self, *, seconds: float = PATIENCE_SECONDS) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve", "--quiet", "--port", str(self.port)],
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env=self.environment(),
            )
        self.await_ready(seconds)

    def await_ready(self, seconds: float = PATIENCE_SECONDS) -> None:
        end = time.monotonic() + seconds
        while not self.is_ready():
            assert self._process is not None
            assert self._process.poll() is None, f"it ended: {self.said()}"
            assert time.monotonic() < end, f"it does not answer: {self.said()}"
            time.sleep(0.05)

    def is_ready(self) -> bool:
        try:
            status = httpx.get(f"{self.url}/readyz", timeout=5).status_code
        except httpx.TransportError:
            return False
        assert status in (200, 503), f"/readyz says {status}: {self.said()}"
        return status == 200

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-2_000:]

    def kill_server(self) -> None:
        """kill -9; its Postgres dies with it. Started again."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self.start()

    def kill_postgres(self) -> None:
        """kill -9 of the postmaster; the server starts it again."""
        pid = int((self.folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        self.await_ready()

    def stop(self) -> None:
        self._reserved.close()
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
