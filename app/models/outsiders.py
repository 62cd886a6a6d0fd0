"""The role of outsiders, and the schema `outside`: all that they can read.

Outsiders are READERs and whoever sends no token. A view stands for each table that queries read, under its
name, so that the same statement means the views where `search_path` is `outside`. The views are plain ones:
Postgres merges them into the statement, and finds rows by the indexes of the tables. What a view makes of a
column that is searched or ordered by has an index of its own (app/models/agents.py). docs/decisions/0016.

Of what is restricted no view has a row: not the source or the claim, nor what stands in it or is about it.
"""

from __future__ import annotations

import re

from app.models.evidence import EVIDENCE

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

# Among the hidden ones, which have an index of their own: few, if any. NULL where it is none of them.
# A subquery in place of a join: the row at hand is looked up by its key, whatever else is asked for.
CLAIM_IS_HIDDEN = "(SELECT true FROM public.claim c WHERE c.id = {claim} AND c.hidden)"
SOURCE_IS_HIDDEN = "(SELECT true FROM public.source s WHERE s.id = {source} AND s.hidden)"

SOURCE_VIEW = "CREATE VIEW outside.source AS SELECT * FROM public.source WHERE NOT hidden"
CLAIM_VIEW = "CREATE VIEW outside.claim AS SELECT * FROM public.claim WHERE NOT hidden"

ATTRIBUTION_VIEW = f"""CREATE VIEW outside.attribution AS
SELECT * FROM public.attribution t
WHERE {CLAIM_IS_HIDDEN.format(claim="t.claim")} IS NOT TRUE"""  # noqa: S608 - of the constants above

STATUS_CHANGE_VIEW = f"""CREATE VIEW outside.status_change AS
SELECT * FROM public.status_change t
WHERE {CLAIM_IS_HIDDEN.format(claim="t.claim")} IS NOT TRUE"""  # noqa: S608 - as above

ASSESSMENT_VIEW = f"""CREATE VIEW outside.assessment AS
SELECT * FROM public.assessment t
WHERE {CLAIM_IS_HIDDEN.format(claim="t.claim")} IS NOT TRUE
  AND {CLAIM_IS_HIDDEN.format(claim="t.evidence_claim")} IS NOT TRUE
  AND {SOURCE_IS_HIDDEN.format(source="t.evidence_source")} IS NOT TRUE"""  # noqa: S608 - of the constants above

# What outsiders see of the evidence follows from what they see of the tables.
EVIDENCE_VIEW = "CREATE VIEW outside.evidence AS" + re.sub(
    r"public\.(claim|corroboration|assessment) ", r"outside.\1 ", EVIDENCE
)

# Where a protected agent is named and the rule has not yet come by with its pseudonym, the status must do.
CORROBORATION_VIEW = """CREATE VIEW outside.corroboration AS
SELECT claim, status, live, lines_for, lines_against, lines_exact, reports_for, reports_against,
       coalesce(outside_lines, lines) AS lines,
       coalesce(outside_weakest_links, weakest_links) AS weakest_links,
       CASE
           WHEN outside_explanation IS NOT NULL THEN outside_explanation
           WHEN named <> '[]' AND EXISTS (
               SELECT FROM jsonb_array_elements_text(k.named) n(id)
               JOIN public.agent a ON a.id = n.id::uuid WHERE a.protected)
           THEN initcap(k.status) || '.'
           ELSE explanation
       END AS explanation,
       named, disagreed, rule_version, chain, origins, said, hidden
FROM public.corroboration k WHERE NOT hidden"""

# An image may be of a time at which the agent was not protected; a reason may name it. What was done to a
# restricted row may have changed the status of another: that change is told without it.
REVISION_VIEW = f"""CREATE VIEW outside.revision AS
SELECT id, transaction, at, actor, NULL::text AS reason, table_name, row_id, subject, operation,
       NULL::jsonb AS before, NULL::jsonb AS after
FROM public.revision t
WHERE {CLAIM_IS_HIDDEN.format(claim="t.subject")} IS NOT TRUE
  AND {SOURCE_IS_HIDDEN.format(source="t.subject")} IS NOT TRUE
  AND NOT EXISTS (
      SELECT FROM public.assessment a WHERE a.id = t.subject
      AND NOT EXISTS (SELECT FROM outside.assessment o WHERE o.id = a.id))"""  # noqa: S608 - of the constants above

# What can be noted elsewhere, and nothing of how the log came about.
SEAL_VIEW = "CREATE VIEW outside.seal AS SELECT id, sealed_at, last_position, hash FROM public.seal"

# No email is read here. Their own, outsiders are told as it was found when they signed in.
RESEARCHER_VIEW = """CREATE VIEW outside.researcher AS
SELECT id, name, NULL::text AS email, role, version, recorded_at, disabled_at FROM public.researcher"""

# Nothing that lets anybody in. Whose tokens a viewer is shown is for the compiler to say.
TOKEN_VIEW = """CREATE VIEW outside.token AS
SELECT id, researcher, prefix, created_at, expires_at, last_used_at, revoked_at, name, role, purpose
FROM public.token WHERE purpose = 'ACCESS'"""  # noqa: S105 - no secret

# Tables that outsiders see as they are.
OPEN_TABLES = ("event", "question")

OUTSIDE = (
    "CREATE SCHEMA outside",
    AGENT_VIEW,
    SOURCE_VIEW,
    CLAIM_VIEW,
    ATTRIBUTION_VIEW,
    ASSESSMENT_VIEW,
    CORROBORATION_VIEW,
    STATUS_CHANGE_VIEW,
    EVIDENCE_VIEW,
    REVISION_VIEW,
    SEAL_VIEW,
    TOKEN_VIEW,
    RESEARCHER_VIEW,
    *(f"CREATE VIEW outside.{table} AS SELECT * FROM public.{table}" for table in OPEN_TABLES),  # noqa: S608 - as above
    "GRANT USAGE ON SCHEMA public, outside TO sayso_outsider",
    "GRANT SELECT ON ALL TABLES IN SCHEMA outside TO sayso_outsider",
)
