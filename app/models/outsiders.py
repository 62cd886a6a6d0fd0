"""The role of outsiders, and the schema `outside`: all that they can read.

Outsiders are READERs and whoever sends no token. A view stands for each table that queries read, under its
name, so that the same statement means the views where `search_path` is `outside`. The views are plain ones:
Postgres merges them into the statement, and finds rows by the indexes of the tables. What a view makes of a
column that is searched or ordered by has an index of its own (app/models/agents.py). docs/decisions/0016.
"""

from __future__ import annotations

SCHEMA = "outside"

# What of an agent outsiders see in place of its columns. The indexes of agents.py are of the same words.
OUTSIDE_NAME = "CASE WHEN protected THEN pseudonym ELSE name END"
OUTSIDE_ALIASES = "CASE WHEN protected THEN '{}'::text[] ELSE aliases END"
OUTSIDE_PART_OF = "CASE WHEN protected THEN NULL::uuid ELSE part_of END"
OUTSIDE_PARTY = "CASE WHEN protected THEN id ELSE party END"
OUTSIDE_WORDS = "CASE WHEN protected THEN public.words_of(pseudonym) ELSE words END"

AGENT_VIEW = f"""CREATE VIEW outside.agent AS
SELECT id, version, recorded_by, recorded_at, kind,
       {OUTSIDE_NAME} AS name,
       {OUTSIDE_ALIASES} AS aliases,
       CASE WHEN protected THEN NULL::text ELSE description END AS description,
       {OUTSIDE_PART_OF} AS part_of,
       {OUTSIDE_PARTY} AS party,
       CASE WHEN protected THEN NULL::uuid ELSE merged_into END AS merged_into,
       CASE WHEN protected THEN NULL::text ELSE wikidata_id END AS wikidata_id,
       protected,
       CASE WHEN protected THEN pseudonym END AS pseudonym,
       {OUTSIDE_WORDS} AS words
FROM public.agent"""  # noqa: S608 - of the constants above

# Where a protected agent is named and the rule has not yet come by with its pseudonym, the status must do.
CORROBORATION_VIEW = """CREATE VIEW outside.corroboration AS
SELECT claim, status, live, lines_for, lines_against, lines_exact, reports_for, reports_against, lines,
       weakest_links,
       CASE
           WHEN outside_explanation IS NOT NULL THEN outside_explanation
           WHEN EXISTS (
               SELECT FROM jsonb_array_elements_text(k.named) n(id)
               JOIN public.agent a ON a.id = n.id::uuid WHERE a.protected)
           THEN initcap(k.status) || '.'
           ELSE explanation
       END AS explanation,
       named, disagreed, rule_version, chain, origins, said
FROM public.corroboration k"""

# An image may be of a time at which the agent was not protected; a reason may name it.
REVISION_VIEW = """CREATE VIEW outside.revision AS
SELECT id, transaction, at, actor, NULL::text AS reason, table_name, row_id, subject, operation,
       NULL::jsonb AS before, NULL::jsonb AS after
FROM public.revision"""

# What can be noted elsewhere, and nothing of how the log came about.
SEAL_VIEW = "CREATE VIEW outside.seal AS SELECT id, sealed_at, last_position, hash FROM public.seal"

# Tables, and the view `evidence`, that outsiders see as they are.
OPEN_TABLES = (
    "source",
    "event",
    "question",
    "claim",
    "attribution",
    "assessment",
    "researcher",
    "status_change",
    "evidence",
)

OUTSIDE = (
    "CREATE SCHEMA outside",
    AGENT_VIEW,
    CORROBORATION_VIEW,
    REVISION_VIEW,
    SEAL_VIEW,
    *(f"CREATE VIEW outside.{table} AS SELECT * FROM public.{table}" for table in OPEN_TABLES),  # noqa: S608
    "GRANT USAGE ON SCHEMA public, outside TO sayso_outsider",
    "GRANT SELECT ON ALL TABLES IN SCHEMA outside TO sayso_outsider",
)
