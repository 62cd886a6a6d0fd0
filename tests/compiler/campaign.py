"""The differential test for as long as one likes: `python -m tests.compiler.campaign --queries 1000`.

Every query is generated, run through the compiler and through the plain side, with two sets of variables, by
researchers and by outsiders in turns, and the answers compared. What disagrees is collected by kind; of each
kind the shortest query is shown at the end. The database is a temporary one: full of made-up records, or with
`--changes` of what as many random changes left that services made (merges, protected agents, what is
restricted, redactions, and the past of all that). `--dsn` is one that is migrated and filled already: nothing
is written to it.

Ctrl-C ends it early. Exit status: 0 if the two always agreed, 1 if not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, seed, settings

from app.domain.vocabulary import Role
from app.permissions import NOBODY, Viewer
from app.postgres import start_cluster
from app.services.schema import migrate
from tests.compiler.comparison import Comparison, Contest, open_contest
from tests.compiler.generated import Case, Values, cases
from tests.compiler.records import record_world
from tests.conftest import record_statements
from tests.services.world import tell_story

SHOWN_DIFFERENCES = 5


@dataclass
class Disagreement:
    """One kind of disagreement: how often it was met, and the shortest case of it."""

    times: int
    case: Case
    variables: dict[str, Any]
    viewer: Viewer
    differences: list[str]

    def __str__(self) -> str:
        variables = json.dumps(self.variables, ensure_ascii=False)
        shown = [difference[:500] for difference in self.differences[:SHOWN_DIFFERENCES]]
        return "\n".join(
            [f"{self.times} times, as {self.viewer.role}:", *shown, "", self.case.query, variables]
        )


@dataclass
class Campaign:
    """What was run so far. `queries` is how many documents are wanted."""

    queries: int
    out: TextIO
    started: float = field(default_factory=time.monotonic)
    run: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    disagreements: dict[str, Disagreement] = field(default_factory=dict)

    def add(self, case: Case, variables: dict[str, Any], viewer: Viewer, comparison: Comparison) -> None:
        self.outcomes[comparison.outcome] += 1
        if not comparison.differences:
            return
        kind = kind_of(comparison.differences[0])
        known = self.disagreements.get(kind)
        if known is None or len(case.query) < len(known.case.query):
            known = Disagreement(known.times if known else 0, case, variables, viewer, comparison.differences)
            self.disagreements[kind] = known
        known.times += 1

    def progress(self) -> str:
        rate = self.run / max(time.monotonic() - self.started, 0.001)
        outcomes = "".join(f", {count} {outcome}" for outcome, count in sorted(self.outcomes.items()))
        disagreements = sum(each.times for each in self.disagreements.values())
        return f"{self.run}/{self.queries} queries{outcomes}, {disagreements} disagreements, {rate:.0f}/s"

    def show_progress(self) -> None:
        """One line that overwrites itself in a terminal; in a file, a line now and then."""
        if self.out.isatty():
            self.out.write(f"\r{self.progress()}\x1b[K")
        elif self.run % 100 == 0:
            self.out.write(self.progress() + "\n")
        self.out.flush()


def kind_of(difference: str) -> str:
    """What a difference is about, whatever the query: names and numbers taken out.

    >>> kind_of("data.alias7.edges.0.node.name: 'Iran' instead of 'Iraq'")
    "node.name: 'Iran' instead of 'Iraq'"
    """
    place, colon, rest = difference.partition(":")
    steps = [step for step in place.split(".") if not re.fullmatch(r"\d+|alias\d+|data", step)]
    return re.sub(r"\d+", "#", f"{'.'.join(steps[-2:])}{colon}{rest}")[:100]


def viewers_of(researcher: UUID, email: str | None) -> list[list[Viewer]]:
    """Who asks, in turns: one who sees all, and an outsider."""
    outsiders = [Viewer(researcher, Role.READER, None, email), Viewer(NOBODY, Role.READER)]
    insiders = [Viewer(researcher, role, None, email) for role in (Role.RESEARCHER, Role.ADMIN)]
    return [list(pair) for pair in zip(insiders, outsiders, strict=True)]


def run_campaign(contest: Contest, campaign: Campaign, runner: asyncio.Runner, seed_: int) -> None:
    strategy = cases(contest.oracle.schema, Values(contest.oracle.rows))
    somebody = next(iter(contest.oracle.rows.researchers.values()))
    viewers = viewers_of(somebody.id, somebody.email)

    @seed(seed_)
    @settings(
        max_examples=campaign.queries,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run_case(case: Case) -> None:
        asked: Sequence[Viewer] = viewers[campaign.run % len(viewers)]
        for variables, viewer in product(case.variables, asked):
            contest_ = replace(contest, viewer=viewer)
            comparison = runner.run(contest_.compare(case.query, variables, "Generated"))
            campaign.add(case, variables, viewer, comparison)
        campaign.run += 1
        campaign.show_progress()

    run_case()


@contextmanager
def temporary_database(runner: asyncio.Runner, changes: int, seed_: int) -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="sayso-campaign-") as folder,
        start_cluster(Path(folder), durable=False) as cluster,
    ):
        runner.run(migrate(cluster.dsn()))
        if changes:
            runner.run(tell_story(cluster.dsn(), changes, seed_))
        else:
            runner.run(record_world(cluster.dsn()))
        yield cluster.dsn()


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    assert __doc__
    parser = argparse.ArgumentParser(
        prog="python -m tests.compiler.campaign",
        description=__doc__.split("\n\n", 1)[1],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--queries", type=int, default=1000, help="how many documents (default: 1000)")
    parser.add_argument("--seed", type=int, default=0, help="the same gives the same queries (default: 0)")
    parser.add_argument(
        "--changes", type=int, default=0, help="so many random changes instead of made-up records"
    )
    parser.add_argument("--dsn", help="a database to read instead of a temporary one")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    asked = read_arguments(arguments)
    # What fails inside is reported as a disagreement, with its query.
    logging.getLogger("app").setLevel(logging.CRITICAL + 1)
    campaign = Campaign(asked.queries, sys.stdout)
    with asyncio.Runner() as runner:
        place = nullcontext(asked.dsn) if asked.dsn else temporary_database(runner, asked.changes, asked.seed)
        with place as dsn, suppress(KeyboardInterrupt):  # what was found until then is shown
            read_database(dsn, campaign, runner, asked.seed)
    sys.stdout.write(f"\n{campaign.progress()}\n")
    for kind, disagreement in sorted(campaign.disagreements.items(), key=lambda each: -each[1].times):
        sys.stdout.write(f"\n--- {kind}\n{disagreement}\n")
    return 1 if campaign.disagreements else 0


def read_database(dsn: str, campaign: Campaign, runner: asyncio.Runner, seed_: int) -> None:
    opened = open_contest(dsn, record_statements)
    contest = runner.run(opened.__aenter__())
    try:
        if missing := contest.oracle.rows.missing():
            raise SystemExit(
                f"The database has no {' and no '.join(missing)}: there is too little to ask for."
            )
        run_campaign(contest, campaign, runner, seed_)
    finally:
        runner.run(opened.__aexit__(None, None, None))


if __name__ == "__main__":
    sys.exit(main())
