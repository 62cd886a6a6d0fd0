"""The load generator: `wrk` where it is installed (Debian's package wrk), else one in Python.

Both keep N connections busy for some seconds, each with one request at a time, the bodies taken in turn from
a file. Why wrk: generator, server and Postgres share the cores, and of all that a package brings it takes the
least of them. The one in Python (uvloop and httptools, which Sayso has anyway) is for where nothing may be
installed; it costs several times as much, so that its ratios are flatter than the true ones.

wrk corrects its latencies for coordinated omission: after an answer that took more than twice the mean it
counts the requests that would have been sent meanwhile. Its p99 is no better than the one measured plainly.

    python -m bench.generator PORT CONNECTIONS SECONDS FILE OFFSET [TOKEN]
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

import httptools
import uvloop

_LUA = Path(__file__).parent / "wrk.lua"


@dataclass(slots=True)
class Load:
    """What was answered. `times`: latencies in microseconds, and how often each occurred."""

    requests: int = 0
    microseconds: float = 0
    bytes: int = 0
    errors: int = 0
    times: Counter[int] = field(default_factory=Counter)

    def add(self, other: Load) -> None:
        self.requests += other.requests
        self.microseconds += other.microseconds
        self.bytes += other.bytes
        self.errors += other.errors
        self.times.update(other.times)

    def rate(self) -> float:
        """Requests a second."""
        return self.requests * 1e6 / self.microseconds

    def percentile(self, share: float) -> float:
        """The latency in ms that this share of the answers did not exceed."""
        wanted = share * sum(self.times.values())
        seen = 0
        for microseconds, count in sorted(self.times.items()):
            seen += count
            if seen >= wanted:
                return microseconds / 1000
        return float("nan")


def find_generator() -> str:
    """The name of the one that is used here: "wrk" or "python"."""
    return "wrk" if shutil.which("wrk") else "python"


def generate(
    generator: str,
    port: int,
    connections: int,
    seconds: float,
    bodies: Path,
    offset: int,
    token: str | None = None,
) -> Load:
    """Blocks for so many seconds. Raises CalledProcessError if the generator fails."""
    given = () if token is None else (token,)
    if generator == "wrk":
        # wrk counts whole seconds.
        command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "30s"]
        command += [
            "-s",
            str(_LUA),
            f"http://127.0.0.1:{port}/graphql",
            "--",
            str(bodies),
            str(offset),
            *given,
        ]
    else:
        command = [sys.executable, "-m", "bench.generator"]
        command += [str(value) for value in (port, connections, seconds, bodies, offset, *given)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=_LUA.parents[1], timeout=seconds + 60
    )
    [line] = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    found = json.loads(line.removeprefix("RESULT "))
    times = Counter({int(time): int(count) for time, count in found.pop("times")})
    return Load(**found, times=times)


class _Client(asyncio.Protocol):
    """One connection: the next request goes out when an answer is complete."""

    def __init__(self, requests: list[bytes], place: int, end: float, load: Load) -> None:
        self._requests, self._place, self._end, self._load = requests, place, end, load
        self._done = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._begun = 0.0

    async def finished(self) -> None:
        await self._done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._send()

    def _send(self) -> None:
        self._begun = time.perf_counter()
        self._transport.write(self._requests[self._place % len(self._requests)])
        self._place += 1

    def data_received(self, data: bytes) -> None:
        self._load.bytes += len(data)
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        now = time.perf_counter()
        self._load.requests += 1
        self._load.errors += self._parser.get_status_code() != 200
        self._load.times[round((now - self._begun) * 1e6)] += 1
        self._parser = httptools.HttpResponseParser(self)
        if now < self._end:
            self._send()
        else:
            self._done.set_result(None)
            self._transport.close()

    def connection_lost(self, problem: Exception | None) -> None:
        del problem
        if not self._done.done():
            self._load.errors += 1
            self._done.set_result(None)


def _read_requests(port: int, bodies: Path, token: str | None) -> list[bytes]:
    head = f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    if token is not None:
        head += f"Authorization: Bearer {token}\r\n"
    return [
        f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        for body in bodies.read_bytes().splitlines()
    ]


async def _run(port: int, connections: int, seconds: float, requests: list[bytes], offset: int) -> Load:
    load, loop, begun = Load(), asyncio.get_running_loop(), time.perf_counter()
    stride = len(requests) // connections + 1
    clients = [
        _Client(requests, offset + number * stride, begun + seconds, load) for number in range(connections)
    ]
    for client in clients:
        await loop.create_connection(partial(_same, client), "127.0.0.1", port)
    await asyncio.gather(*(client.finished() for client in clients))
    load.microseconds = (time.perf_counter() - begun) * 1e6
    return load


def _same(client: _Client) -> _Client:
    return client


def main() -> None:
    port, connections, seconds, bodies, offset, *token = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        requests = _read_requests(int(port), Path(bodies), token[0] if token else None)
        load = runner.run(_run(int(port), int(connections), float(seconds), requests, int(offset)))
    found = {"requests": load.requests, "microseconds": load.microseconds, "bytes": load.bytes}
    print("RESULT", json.dumps({**found, "errors": load.errors, "times": list(load.times.items())}))


if __name__ == "__main__":
    main()
