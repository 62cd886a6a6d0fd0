"""Generated documents over HTTP: `python -m tests.web.campaign [--cases 2000] [--url URL] [--seed N]`.

Without --url it serves the sample from an embedded server in a folder of its own, which is removed
afterwards. Queries and, where the schema has any, mutations are generated from the schema that the server
itself tells. Each must be answered without a 5xx and without a masked error. Exits with 1 if one is not, and
shows the shortest such document of each kind.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import httpx
from graphql import GraphQLSchema, build_client_schema, get_introspection_query
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import mutations, nodes, queries

ROOT = Path(__file__).parents[2]
TOLD_EVERY = 5.0
GRAPHQL = "application/graphql-response+json"

SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "Date": (st.dates().map(str) | st.text()).map(nodes.String),
    "DateTime": (st.datetimes().map(lambda at: f"{at.isoformat()}Z") | st.text()).map(nodes.String),
    "Decimal": st.decimals(allow_nan=True).map(str).map(nodes.String) | st.integers().map(nodes.Int),
    "JSON": st.text().map(nodes.String) | st.booleans().map(nodes.Boolean),
}


@contextmanager
def serve_sample() -> Iterator[str]:
    """The URL of a `sayso demo` that ends with the block."""
    with tempfile.TemporaryDirectory(prefix="sayso-campaign-") as folder:
        command = [sys.executable, "-m", "app", "demo", "--quiet", "--port", "0", "--data-dir", folder]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ}
        ) as server:
            try:
                assert server.stdout is not None
                line = server.stdout.readline()
                assert line.startswith("GraphQL"), "the demo did not start; stderr says why"
                yield line.split()[1]
            finally:
                server.terminate()
                server.wait()


def read_schema(client: httpx.Client, url: str) -> GraphQLSchema:
    answer = client.post(url, json={"query": get_introspection_query()}).json()
    return build_client_schema(answer["data"])


def run(client: httpx.Client, url: str, cases: int, number: int) -> tuple[Counter[str], dict[str, str]]:
    """What became of the cases, and of each kind of failure the shortest document that led to it."""
    schema = read_schema(client, url)
    documents = queries(schema, custom_scalars=SCALARS)
    if schema.mutation_type is not None:
        documents |= mutations(schema, custom_scalars=SCALARS)
    outcomes: Counter[str] = Counter()
    failures: dict[str, str] = {}
    told = time.monotonic()

    @seed(number)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(documents)
    def send(document: str) -> None:
        nonlocal told
        if time.monotonic() - told > TOLD_EVERY:
            told = time.monotonic()
            sys.stdout.write(f"{outcomes.total():>6}  of {cases} cases, {len(failures)} kinds of failure\n")
            sys.stdout.flush()
        response = client.post(url, json={"query": document}, headers={"accept": GRAPHQL})
        errors = response.json().get("errors", [])
        kind = "mutation" if document.startswith("mutation") else "query"
        outcomes[f"{kind}, {'with errors' if errors else 'answered'}, {response.status_code}"] += 1
        failed = [f"{response.status_code}"] if response.status_code >= 500 else []
        failed += [
            f"INTERNAL at {error.get('path', ['?'])[0]}"
            for error in errors
            if error.get("extensions", {}).get("code") == "INTERNAL"
        ]
        for failure in failed:
            failures[failure] = min(failures.get(failure, document), document, key=len)

    send()
    return outcomes, failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--url", help="a GraphQL endpoint that is served already")
    arguments = parser.parse_args()
    served = nullcontext(arguments.url) if arguments.url else serve_sample()
    with served as url, httpx.Client(timeout=60) as client:
        outcomes, failures = run(client, url, arguments.cases, arguments.seed)
    tell = sys.stdout.write
    for outcome, count in outcomes.most_common():
        tell(f"{count:>6}  {outcome}\n")
    for failure, document in failures.items():
        tell(f"\nFAILED  {failure}\n{document}\n")
    tell(
        f"{outcomes.total():>6}  cases in all by the seed {arguments.seed},"
        f" {len(failures)} kinds of failure\n"
    )
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
