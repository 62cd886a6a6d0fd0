"""The figures as tables of Markdown: for the terminal, and for RESULTS.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.measuring import Contender, Figures, Plan, Results

BASELINES = ("postgraphile", "sayso")  # ratios are to the first of these that took part
TITLES = {
    "Q1": "one claim with its source, chain and assessments",
    "Q2": "20 of a filtered list, with source and chain",
    "Q3": "100 with everything nested",
    "Q4": "a source with its claims and their chains",
    "Q5": "a question with 50 claims, their corroboration, evidence and weakest links",
    "Q6": "a search",
    "Q7": "by an agent anywhere in the chain, a quantity and a status",
}


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes at the peak (of a server), or at the end (of its connections' backends, for themselves alone)."""

    server: int
    backends: int


def lines(
    facts: Sequence[str],
    contenders: Sequence[Contender],
    plan: Plan,
    results: Results,
    memory: Mapping[str, Memory],
) -> Iterator[str]:
    """RESULTS.md. `facts` are sentences on how it was run."""
    yield "# Results"
    yield ""
    yield "Written by `python -m bench`; README.md says what is measured and how."
    yield ""
    yield from (f"- {fact}" for fact in facts)
    baseline = next(name for name in BASELINES if any(each.name == name for each in contenders))
    title = next(each.title for each in contenders if each.name == baseline)
    yield ""
    yield f"## Requests a second, as ratios to {title}"
    yield ""
    yield from _ratios(contenders, plan, results, baseline, lambda figures: figures.load.rate())
    yield ""
    yield f"## 99th percentiles, as ratios to {title}"
    yield ""
    yield (
        "N connections that ask again at once get their answers after N / (requests a second), in the mean: "
        "the percentile of who answers r times as many cannot be far below 1 / r of a baseline's that is "
        "seldom late."
    )
    yield ""
    tailed = [each for each in contenders if each.has_tail]
    yield from _ratios(tailed, plan, results, baseline, lambda figures: figures.load.percentile(0.99))
    for name in plan.queries:
        yield ""
        yield f"## {name}: {TITLES[name]}"
        for connections in plan.connections:
            yield ""
            yield from _figures(name, connections, contenders, results, baseline)
    yield ""
    yield "## Memory, MB"
    yield ""
    yield "| | server, at its peak | its backends in Postgres, without shared buffers |"
    yield "|---|---|---|"
    for each in contenders:
        if each.name in memory:
            found = memory[each.name]
            yield f"| {each.title} | {found.server / 1e6:.0f} | {found.backends / 1e6:.0f} |"


def _ratios(
    contenders: Sequence[Contender],
    plan: Plan,
    results: Results,
    baseline: str,
    measure: Callable[[Figures], float],
) -> Iterator[str]:
    places = [
        (name, connections)
        for connections in plan.connections
        for name in plan.queries
        if (name, connections, baseline) in results
    ]
    yield "| connections | " + " | ".join(str(connections) for _, connections in places) + " |"
    yield "|---" * (len(places) + 1) + "|"
    yield "| | " + " | ".join(name for name, _ in places) + " |"
    for each in contenders:
        cells = []
        for name, connections in places:
            figures = results.get((name, connections, each.name))
            base = results[name, connections, baseline]
            cells.append(f"{measure(figures) / measure(base):.2f}" if figures else "–")
        yield f"| {each.title} | " + " | ".join(cells) + " |"


def _figures(
    name: str, connections: int, contenders: Sequence[Contender], results: Results, baseline: str
) -> Iterator[str]:
    columns = "requests/s | ratio | p50 ms | p99 ms | server µs | Postgres µs"
    yield f"| {connections} connection{'s' * (connections > 1)} | {columns} |"
    yield "|---|---|---|---|---|---|---|"
    base = results.get((name, connections, baseline))
    for each in contenders:
        figures = results.get((name, connections, each.name))
        if figures is None:
            continue
        ratio = f"{figures.load.rate() / base.load.rate():.2f}" if base else "–"
        yield f"| {each.title} | {figures.load.rate():,.0f} | {ratio} | {_times(each, figures)} |"


def _times(contender: Contender, figures: Figures) -> str:
    p50 = f"{figures.load.percentile(0.5):.2f}"
    if not contender.has_tail:  # its warm-up is part of each turn
        return f"{p50} | – | – | –"
    costs = f"{figures.server_cost():,.0f} | {figures.postgres_cost():,.0f}"
    return f"{p50} | {figures.load.percentile(0.99):.2f} | {costs}"
