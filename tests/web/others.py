"""What an attack costs: the server its work, and others their time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter


@dataclass(slots=True)
class Others:
    """Somebody who asks small queries without a pause; how long each took, in seconds."""

    port: int
    waits: list[float]

    async def run(self) -> None:
        request = b"GET /graphql?query={viewer{name}} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            while True:
                begun = perf_counter()
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line[16:]) for line in head.split(b"\r\n") if line.startswith(b"content-length: ")
                )
                await reader.readexactly(length)
                self.waits.append(perf_counter() - begun)
                await asyncio.sleep(0.002)
        finally:
            writer.close()


def read_worked(pid: int | None) -> float:
    """Seconds that the main thread of a process worked, to the microsecond; 0 where nobody tells."""
    return _read_scheduled(pid, 0)


def read_held_up(pid: int | None) -> float:
    """Seconds that it could have worked, had a core been free; as above."""
    return _read_scheduled(pid, 1)


def _read_scheduled(pid: int | None, place: int) -> float:
    path = Path(f"/proc/{pid}/task/{pid}/schedstat")
    return int(path.read_text().split()[place]) / 1e9 if path.exists() else 0.0


def count_files(pid: int) -> int:
    """How many files and connections a process has open."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
