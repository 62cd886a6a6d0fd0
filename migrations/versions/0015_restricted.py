"""Sources and claims can be restricted: outsiders see nothing of them, nor of what stands in them.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"

FUNCTIONS = (
    """CREATE FUNCTION public.hide_source() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.hidden := NEW.restricted OR EXISTS (
        SELECT FROM public.source s WHERE s.id IN (NEW.reprints, NEW.revises) AND s.hidden);
    RETURN NEW;
END $$""",
    """CREATE FUNCTION public.hide_claim() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.hidden := NEW.restricted OR EXISTS (
        SELECT FROM public.source s WHERE s.id = NEW.source AND s.hidden);
    RETURN NEW;
END $$""",
    """CREATE FUNCTION public.hide_what_follows() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.source SET restricted = restricted WHERE reprints = NEW.id OR revises = NEW.id;
    UPDATE public.claim SET restricted = restricted WHERE source = NEW.id;
    RETURN NULL;
END $$""",
)
TRIGGERS = (
    """CREATE TRIGGER source_hidden BEFORE INSERT OR UPDATE OF restricted, hidden, reprints, revises
    ON public.source
    FOR EACH ROW
    EXECUTE FUNCTION public.hide_source()""",
    """CREATE TRIGGER source_hides AFTER UPDATE
    ON public.source
    FOR EACH ROW
    WHEN (OLD.hidden IS DISTINCT FROM NEW.hidden)
    EXECUTE FUNCTION public.hide_what_follows()""",
    """CREATE TRIGGER source_hides_first AFTER INSERT
    ON public.source
    FOR EACH ROW
    WHEN (NEW.hidden)
    EXECUTE FUNCTION public.hide_what_follows()""",
    """CREATE TRIGGER claim_hidden BEFORE INSERT OR UPDATE OF restricted, hidden, source
    ON public.claim
    FOR EACH ROW
    EXECUTE FUNCTION public.hide_claim()""",
)

# What a revision of these tables leaves out; `hidden` is derived.
LOGGED = {
    "source": "'id', 'newest_version', 'publishers', 'words'",
    "claim": "'id', 'question_root', 'quote_status', 'words'",
}

VIEWS = (
    """CREATE VIEW outside.source AS SELECT * FROM public.source WHERE NOT hidden""",
    """CREATE VIEW outside.claim AS SELECT * FROM public.claim WHERE NOT hidden""",
    """CREATE VIEW outside.attribution AS
SELECT * FROM public.attribution t WHERE NOT (SELECT c.hidden FROM public.claim c WHERE c.id = t.claim)""",
    """CREATE VIEW outside.assessment AS
SELECT * FROM public.assessment t
WHERE NOT (SELECT c.hidden FROM public.claim c WHERE c.id = t.claim)
  AND (SELECT c.hidden FROM public.claim c WHERE c.id = t.evidence_claim) IS NOT TRUE
  AND (SELECT s.hidden FROM public.source s WHERE s.id = t.evidence_source) IS NOT TRUE""",
    """CREATE VIEW outside.corroboration AS
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
    """CREATE VIEW outside.status_change AS
SELECT * FROM public.status_change t WHERE NOT (SELECT c.hidden FROM public.claim c WHERE c.id = t.claim)""",
    """CREATE VIEW outside.evidence AS
SELECT c.id AS claim, 'FOR' AS side, 'COMPARISON' AS basis,
       c.id AS evidence_claim, NULL::uuid AS evidence_source
FROM outside.claim c
UNION ALL
SELECT c.id,
       CASE WHEN public.answer_conflicts(d.bounds, d.polarity, c.bounds, c.polarity)
            THEN 'AGAINST' ELSE 'FOR' END,
       'COMPARISON', d.id, NULL::uuid
FROM outside.claim c
JOIN outside.claim d ON d.question_root = c.question_root AND d.id <> c.id
JOIN outside.corroboration k ON k.claim = d.id AND k.live
WHERE (public.answer_backs(d.bounds, d.modality, d.polarity, c.bounds, c.modality, c.polarity)
       OR public.answer_conflicts(d.bounds, d.polarity, c.bounds, c.polarity))
  AND NOT EXISTS (
      SELECT 1 FROM outside.assessment a
      WHERE a.claim = c.id AND a.evidence_claim = d.id AND a.withdrawn_at IS NULL
        AND a.stance IN ('SUPPORTS', 'CONTRADICTS'))
UNION ALL
SELECT DISTINCT a.claim, CASE a.stance WHEN 'SUPPORTS' THEN 'FOR' ELSE 'AGAINST' END,
       'ASSESSMENT', a.evidence_claim, a.evidence_source
FROM outside.assessment a
LEFT JOIN outside.corroboration k ON k.claim = a.evidence_claim
WHERE a.withdrawn_at IS NULL AND a.stance IN ('SUPPORTS', 'CONTRADICTS')
  AND (a.evidence_source IS NOT NULL OR k.live)""",
    """CREATE VIEW outside.revision AS
SELECT id, transaction, at, actor, NULL::text AS reason, table_name, row_id, subject, operation,
       NULL::jsonb AS before, NULL::jsonb AS after
FROM public.revision t
WHERE (SELECT c.hidden FROM public.claim c WHERE c.id = t.subject) IS NOT TRUE
  AND (SELECT s.hidden FROM public.source s WHERE s.id = t.subject) IS NOT TRUE
  AND NOT EXISTS (
      SELECT FROM public.assessment a WHERE a.id = t.subject
      AND NOT EXISTS (SELECT FROM outside.assessment o WHERE o.id = a.id))""",
)

# As they were before.
OPEN = ("source", "claim", "attribution", "assessment", "status_change", "evidence")
VIEWS_BEFORE = (
    """CREATE VIEW outside.corroboration AS
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
FROM public.corroboration k""",
    """CREATE VIEW outside.revision AS
SELECT id, transaction, at, actor, NULL::text AS reason, table_name, row_id, subject, operation,
       NULL::jsonb AS before, NULL::jsonb AS after
FROM public.revision""",
    *(f"CREATE VIEW outside.{table} AS SELECT * FROM public.{table}" for table in OPEN),  # noqa: S608 - names of ours
)


def upgrade() -> None:
    drop_views()
    for table in LOGGED:
        op.execute(
            f"ALTER TABLE public.{table} ADD COLUMN restricted boolean DEFAULT false NOT NULL,"
            " ADD COLUMN hidden boolean DEFAULT false NOT NULL"
        )
    op.execute(
        "ALTER TABLE public.corroboration ADD COLUMN outside_lines jsonb,"
        " ADD COLUMN outside_weakest_links jsonb, ADD COLUMN hidden boolean DEFAULT false NOT NULL"
    )
    log_without(", 'hidden'")
    for statement in (*FUNCTIONS, *TRIGGERS, *VIEWS):
        op.execute(statement)
    op.execute("GRANT SELECT ON ALL TABLES IN SCHEMA outside TO sayso_outsider")


def downgrade() -> None:
    drop_views()
    for trigger in ("source_hidden", "source_hides", "source_hides_first"):
        op.execute(f"DROP TRIGGER {trigger} ON public.source")
    op.execute("DROP TRIGGER claim_hidden ON public.claim")
    for function in ("hide_source", "hide_claim", "hide_what_follows"):
        op.execute(f"DROP FUNCTION public.{function}()")
    for table in LOGGED:
        op.execute(f"ALTER TABLE public.{table} DROP COLUMN restricted, DROP COLUMN hidden")
    op.execute(
        "ALTER TABLE public.corroboration DROP COLUMN outside_lines, DROP COLUMN outside_weakest_links,"
        " DROP COLUMN hidden"
    )
    log_without("")
    for statement in VIEWS_BEFORE:
        op.execute(statement)
    op.execute("GRANT SELECT ON ALL TABLES IN SCHEMA outside TO sayso_outsider")


def drop_views() -> None:
    # Those first that are made of others.
    for view in ("evidence", "revision", "corroboration", *(view for view in OPEN if view != "evidence")):
        op.execute(f"DROP VIEW outside.{view}")


def log_without(derived: str) -> None:
    for table, columns in LOGGED.items():
        op.execute(
            f"CREATE OR REPLACE TRIGGER {table}_revision AFTER INSERT OR UPDATE OR DELETE ON public.{table}"
            f" FOR EACH ROW EXECUTE FUNCTION public.record_revision({columns}{derived})"
        )
