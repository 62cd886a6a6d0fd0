"""The schema, built once a process: it keeps nothing of what a test does."""

from __future__ import annotations

from app.api.schema import build_schema, core_schema

SCHEMA = build_schema()
CORE = core_schema(SCHEMA)
