"""The schema of a database as text: what two databases must have in common."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from app.postgres import find_binary

SCHEMA_SQL = Path(__file__).parents[2] / "migrations" / "schema.sql"

HEADER = """\
-- The schema that migrations/ build and app/models describe, as pg_dump writes it. Not written by hand:
--     python -m tests.migrations.write_schema

"""


def dump_schema(dsn: str) -> str:
    """What pg_dump says of the database, without Alembic's own table and the versions of the programs."""
    said = subprocess.run(
        [
            find_binary("pg_dump"),
            "--schema-only",
            "--no-owner",
            "--exclude-table=public.alembic_version",
            "--restrict-key=sayso",  # a random one otherwise
            f"--dbname={dsn}",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return HEADER + re.sub(r"^-- Dumped (from|by) .*\n", "", said, flags=re.MULTILINE)
