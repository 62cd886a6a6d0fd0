"""What is said, and to whom: results on stdout, all that goes with them on stderr. And progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer

import typer

from app.errors import SaysoError

# Work that is over sooner shows no bar.
BAR_AFTER_SECONDS = 1.0

# Told how much is done, of how much: (0, 0) where nobody knows.
Progress = Callable[[int, int], None]


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
    """A callback for (done, total) that shows a bar: on a terminal, once the work has taken a second.

    Work that never calls it has a bar that only shows that it goes on.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[counted]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(title, total=None, counted="")

    def show(done: int, total: int) -> None:
        counted = f"{done:,}/{total:,}" if total else f"{done:,}" if done else ""
        bar.update(task, completed=done, total=total or None, counted=counted)

    # In a thread, as the bar itself: work may hold this one for long.
    starting = Timer(BAR_AFTER_SECONDS, bar.start)
    starting.start()
    try:
        yield show
    finally:
        starting.cancel()
        starting.join()
        bar.stop()
