"""What the bench of writes finds, and the page that it makes of that."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.processes import PostgresTime
from bench.recording import Costs, Parts, Question

QUESTION_CELLS = ("question", "claims on it")


@dataclass(frozen=True, slots=True)
class Import:
    title: str
    claims: int
    seconds: float
    own: float
    postgres: PostgresTime

    def row(self) -> str:
        both = 1000 * (self.own + self.postgres.connections) / self.claims
        seconds = (self.seconds, self.own, self.postgres.connections, self.postgres.background, both)
        return _spell_row(self.title, f"{self.claims:,}", *(f"{value:.1f}" for value in seconds))


@dataclass(frozen=True, slots=True)
class Recomputation:
    """CPU milliseconds of one process: rows read, the rule, what came out compared with the rows."""

    question: Question
    read: float
    rule: float
    compared: float

    def row(self) -> str:
        spent = (self.read, self.rule, self.compared)
        return _spell_row(*self.question.cells, *(f"{value:.1f}" for value in spent))


@dataclass(frozen=True, slots=True)
class Recording:
    """Claims recorded over HTTP."""

    question: Question
    clients: int
    costs: Costs

    def tell(self) -> str:
        return f"{self.question.tell()}, {self.clients} at once: {self.costs.rate:.1f} writes/s"

    def row(self) -> str:
        costs = self.costs
        cells = (
            str(self.clients),
            str(costs.writes),
            f"{costs.rate:.1f}",
            f"{costs.p50:.0f}",
            f"{costs.p99:.0f}",
            *(
                f"{value:.1f}"
                for value in (costs.server, costs.postgres.connections, costs.postgres.background)
            ),
        )
        return _spell_row(*self.question.cells, *cells)


@dataclass(frozen=True, slots=True)
class Division:
    """Claims recorded by the services alone: what each part of that takes."""

    question: Question
    parts: Parts

    def row(self) -> str:
        parts = self.parts
        spent = (parts.total, parts.read, parts.rule, parts.saved, parts.checks)
        postgres = (parts.postgres.connections, parts.postgres.background)
        cells = (f"{value:.1f}" for value in (*spent, *postgres))
        return _spell_row(*self.question.cells, str(parts.writes), *cells)


def _spell_row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _spell_head(*cells: str) -> str:
    return f"{_spell_row(*cells)}\n{'|---' * len(cells)}|"


@dataclass(slots=True)
class Findings:
    imports: list[Import] = field(default_factory=list)
    recomputations: list[Recomputation] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)
    divisions: list[Division] = field(default_factory=list)


def spell(found: Findings) -> Iterator[str]:
    """The lines of the page of results."""
    yield "# Results of writes"
    yield ""
    yield "Written by `python -m bench.writes`; README.md says what is measured and how."
    yield ""
    yield f"- Command: `{' '.join(['python -m bench.writes', *sys.argv[1:]])}`"
    yield f"- {os.cpu_count()} cores; load of the last minute at the end: {os.getloadavg()[0]:.1f}"
    yield "- CPU is that of processes. Times on the clock depend on who else works."
    yield ""
    yield "## Claims recorded over HTTP, one mutation each"
    yield ""
    yield "CPU in ms a write: of the server, of Postgres's connections, and of what works behind them."
    yield ""
    postgres = ("Postgres", "its background")
    yield _spell_head(
        *QUESTION_CELLS, "clients", "writes", "writes/s", "p50 ms", "p99 ms", "server", *postgres
    )
    yield from (recording.row() for recording in found.recordings)
    yield ""
    yield "## Claims recorded by the services alone"
    yield ""
    yield "CPU in ms a write, of other claims than above: of the process, in all and in parts; of Postgres."
    yield ""
    parts = ("rows read", "the rule", "told apart, saved", "checks, driver")
    yield _spell_head(*QUESTION_CELLS, "writes", "all", *parts, *postgres)
    yield from (division.row() for division in found.divisions)
    yield ""
    yield "## A question recomputed, of which nothing changed: CPU ms of the one process"
    yield ""
    yield _spell_head(*QUESTION_CELLS, "rows read", "the rule", "told apart")
    yield from (recomputation.row() for recomputation in found.recomputations)
    yield ""
    yield "## Imports"
    yield ""
    yield "CPU in seconds, and in ms a claim: of the import and of Postgres's connections."
    yield ""
    yield _spell_head("bundle", "claims", "seconds", "import", *postgres, "ms a claim")
    yield from (one.row() for one in found.imports)
