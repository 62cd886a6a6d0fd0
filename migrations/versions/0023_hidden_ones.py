"""Whether a row stands in what is hidden is looked up among the hidden ones alone.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"

VIEWS = (
    """CREATE OR REPLACE VIEW outside.attribution AS
SELECT * FROM public.attribution t
WHERE (SELECT true FROM public.claim c WHERE c.id = t.claim AND c.hidden) IS NOT TRUE""",
    """CREATE OR REPLACE VIEW outside.status_change AS
SELECT * FROM public.status_change t
WHERE (SELECT true FROM public.claim c WHERE c.id = t.claim AND c.hidden) IS NOT TRUE""",
    """CREATE OR REPLACE VIEW outside.assessment AS
SELECT * FROM public.assessment t
WHERE (SELECT true FROM public.claim c WHERE c.id = t.claim AND c.hidden) IS NOT TRUE
  AND (SELECT true FROM public.claim c WHERE c.id = t.evidence_claim AND c.hidden) IS NOT TRUE
  AND (SELECT true FROM public.source s WHERE s.id = t.evidence_source AND s.hidden) IS NOT TRUE""",
    """CREATE OR REPLACE VIEW outside.corroboration AS
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
FROM public.corroboration k WHERE NOT hidden""",
    """CREATE OR REPLACE VIEW outside.revision AS
SELECT id, transaction, at, actor, NULL::text AS reason, table_name, row_id, subject, operation,
       NULL::jsonb AS before, NULL::jsonb AS after
FROM public.revision t
WHERE (SELECT true FROM public.claim c WHERE c.id = t.subject AND c.hidden) IS NOT TRUE
  AND (SELECT true FROM public.source s WHERE s.id = t.subject AND s.hidden) IS NOT TRUE
  AND NOT EXISTS (
      SELECT FROM public.assessment a WHERE a.id = t.subject
      AND NOT EXISTS (SELECT FROM outside.assessment o WHERE o.id = a.id))""",
)

# As they were before.
VIEWS_BEFORE = (
    """CREATE OR REPLACE VIEW outside.attribution AS
SELECT * FROM public.attribution t WHERE NOT (SELECT c.hidden FROM public.claim c WHERE c.id = t.claim)""",
    """CREATE OR REPLACE VIEW outside.status_change AS
SELECT * FROM public.status_change t WHERE NOT (SELECT c.hidden FROM public.claim c WHERE c.id = t.claim)""",
    """CREATE OR REPLACE VIEW outside.assessment AS
SELECT * FROM public.assessment t
WHERE NOT (SELECT c.hidden FROM public.claim c WHERE c.id = t.claim)
  AND (SELECT c.hidden FROM public.claim c WHERE c.id = t.evidence_claim) IS NOT TRUE
  AND (SELECT s.hidden FROM public.source s WHERE s.id = t.evidence_source) IS NOT TRUE""",
    """CREATE OR REPLACE VIEW outside.corroboration AS
SELECT claim, status, live, lines_for, lines_against, lines_exact, reports_for, reports_against,
       coalesce(outside_lines, lines) AS lines,
       coalesce(outside_weakest_links, weakest_links) AS weakest_links,
       CASE
           WHEN outside_explanation IS NOT NULL THEN outside_explanation
           WHEN EXISTS (
               SELECT FROM jsonb_array_elements_text(k.named) n(id)
               JOIN public.agent a ON a.id = n.id::uuid WHERE a.protected)
           THEN initcap(k.status) || '.'
           ELSE explanation
       END AS explanation,
       named, disagreed, rule_version, chain, origins, said, hidden
FROM public.corroboration k WHERE NOT hidden""",
    """CREATE OR REPLACE VIEW outside.revision AS
SELECT id, transaction, at, actor, NULL::text AS reason, table_name, row_id, subject, operation,
       NULL::jsonb AS before, NULL::jsonb AS after
FROM public.revision t
WHERE (SELECT c.hidden FROM public.claim c WHERE c.id = t.subject) IS NOT TRUE
  AND (SELECT s.hidden FROM public.source s WHERE s.id = t.subject) IS NOT TRUE
  AND NOT EXISTS (
      SELECT FROM public.assessment a WHERE a.id = t.subject
      AND NOT EXISTS (SELECT FROM outside.assessment o WHERE o.id = a.id))""",
)


def upgrade() -> None:
    for table in ("claim", "source"):
        op.execute(f"CREATE INDEX {table}_hidden_idx ON public.{table} (id) WHERE hidden")
    for view in VIEWS:
        op.execute(view)


def downgrade() -> None:
    for view in VIEWS_BEFORE:
        op.execute(view)
    for table in ("claim", "source"):
        op.execute(f"DROP INDEX public.{table}_hidden_idx")
