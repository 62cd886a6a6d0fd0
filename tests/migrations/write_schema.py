"""Writes migrations/schema.sql anew, from a database that the migrations built: `python -m` this module."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from app.postgres import start_cluster
from app.services.schema import migrate
from tests.migrations.dumps import SCHEMA_SQL, dump_schema


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="sayso-") as folder,
        start_cluster(Path(folder), durable=False) as cluster,
    ):
        asyncio.run(migrate(cluster.dsn()))
        SCHEMA_SQL.write_text(dump_schema(cluster.dsn()), encoding="utf-8")


if __name__ == "__main__":
    main()
