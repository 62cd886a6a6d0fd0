"""What is said, and to whom: results on stdout, all that goes with them on stderr. And progress."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import typer

from app.errors import SaysoError

# Work that is over sooner shows no bar.
BAR_AFTER_SECONDS = 1.0

# Told how much is done, of how much: (0, 0) where nobody knows.
Progress = Callable[[int, int], None]
Result = TypeVar("Result")


def say(text: str = "") -> None:
    """A line of the result."""
    typer.echo(text)
    sys.stdout.flush()


def note(text: str) -> None:
    """A line about what is being done."""
    typer.echo(text, err=True)


def warn(text: str) -> None:
    """What is probably not as it was meant, and does not keep the work from being done."""
    note(f"Warning: {text}")


def complain(problem: SaysoError) -> None:
    typer.echo(f"Error: {problem.message}", err=True)
    if problem.hint:
        typer.echo(f"Hint:  {problem.hint}", err=True)


def say_interrupted() -> None:
    note("Interrupted. What was done stays; run it again to go on.")


def say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"sayso {version('sayso')}")
        raise typer.Exit


@contextmanager
def show_progress(title: str) -> Iterator[Progress]:
    """A callback for (done, total) that shows a bar: on a terminal, once the work has taken a second."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    begun = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(title, total=None)

    def show(done: int, total: int) -> None:
        if not bar.live.is_started and time.monotonic() - begun >= BAR_AFTER_SECONDS:
            bar.start()
        bar.update(task, completed=done, total=total or None)

    try:
        yield show
    finally:
        bar.stop()


async def show_time(work: Awaitable[Result], show: Progress) -> Result:
    """The result of work that tells nothing of its progress; the bar only shows that it goes on."""

    async def tick() -> None:
        while True:
            show(0, 0)
            await asyncio.sleep(0.2)

    ticking = asyncio.ensure_future(tick())
    try:
        return await work
    finally:
        ticking.cancel()
