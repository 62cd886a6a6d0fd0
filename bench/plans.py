"""How Postgres answers each measured query: EXPLAIN (ANALYZE, BUFFERS), kept in bench/plans to be read.

python -m bench.plans --dsn postgresql://… --claims 1000000
"""

from __future__ import annotations

import argparse
import asyncio
import random
from pathlib import Path

import asyncpg

from app.api.documents import Documents
from app.api.schema import build_schema, core_schema
from app.compiler import compile_read
from bench.load import World
from bench.questions import DRAWS, document

FOLDER = Path(__file__).parent / "plans"
WARM_UPS = 8  # past the fifth run Postgres weighs its generic plan, as it does in service


async def explain(dsn: str, claims: int, names: list[str]) -> None:
    world = World(claims, 1)
    schema = core_schema(build_schema())
    documents = Documents(schema, introspection=True)
    connection = await asyncpg.connect(dsn, server_settings={"TimeZone": "UTC"})
    FOLDER.mkdir(exist_ok=True)
    try:
        for name in names:
            operation = documents.read(document(name)).operation(None)
            draw = random.Random(7)
            times = []
            for _ in range(WARM_UPS):
                variables = operation.coerce(DRAWS[name](world, draw))
                assert isinstance(variables, dict), variables
                statement, _ = compile_read(schema, operation.document, operation.node, variables)
                values = statement.bind(variables, {"viewer": world.researcher})
                rows = await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {statement.sql}", *values)
                lines = [row[0] for row in rows]
                times.append(next(line for line in lines if line.startswith("Execution Time")))
            text = f"{statement.sql}\n\n" + "\n".join(lines) + "\n"
            (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8")
            print(name, times[-1], "SEQUENTIAL SCAN" if "Seq Scan on" in text else "")
    finally:
        await connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.plans", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--dsn", required=True, help="a database filled by bench.load")
    parser.add_argument("--claims", type=int, default=1_000_000, help="the size it was filled with")
    parser.add_argument("names", nargs="*", default=list(DRAWS), help="Q1 … Q7")
    arguments = parser.parse_args()
    asyncio.run(explain(arguments.dsn, arguments.claims, arguments.names))


if __name__ == "__main__":
    main()
