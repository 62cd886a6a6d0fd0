"""What follows a restriction in psql is worked out once for a statement, and not for each of its rows.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"

FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION public.hide_what_follows() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    changed uuid[];
BEGIN
    IF TG_LEVEL = 'ROW' THEN
        changed := ARRAY[NEW.id];
    ELSE
        changed := ARRAY(
            SELECT id FROM new_rows n JOIN old_rows o USING (id) WHERE o.hidden IS DISTINCT FROM n.hidden);
    END IF;
    IF cardinality(changed) > 0 THEN
        UPDATE public.source SET restricted = restricted
        WHERE reprints = ANY(changed) OR revises = ANY(changed);
        UPDATE public.claim SET restricted = restricted WHERE source = ANY(changed);
    END IF;
    RETURN NULL;
END $$""",
    """CREATE OR REPLACE FUNCTION public.forget_outside() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    changed uuid[] := ARRAY(
        SELECT id FROM new_rows n JOIN old_rows o USING (id) WHERE o.hidden IS DISTINCT FROM n.hidden);
    affected uuid[];
BEGIN
    IF cardinality(changed) = 0 THEN RETURN NULL; END IF;
    IF TG_TABLE_NAME = 'claim' THEN
        UPDATE public.corroboration k SET hidden = c.hidden
        FROM public.claim c WHERE c.id = k.claim AND k.claim = ANY(changed);
        affected := ARRAY(
            SELECT unnest(changed)
            UNION SELECT c.id FROM public.claim c WHERE c.question_root IN (
                SELECT d.question_root FROM public.claim d WHERE d.id = ANY(changed))
            UNION SELECT a.claim FROM public.assessment a WHERE a.evidence_claim = ANY(changed));
    ELSE
        affected := ARRAY(SELECT a.claim FROM public.assessment a WHERE a.evidence_source = ANY(changed));
    END IF;
    UPDATE public.corroboration k
    SET outside_explanation = initcap(k.status) || '.',
        outside_weakest_links = '[]',
        outside_lines = (
            SELECT jsonb_object_agg(side.key, (
                SELECT coalesce(jsonb_agg('[]'::jsonb), '[]') FROM jsonb_array_elements(side.value)))
            FROM jsonb_each(k.lines) side)
    WHERE k.claim = ANY(affected)
      AND k.outside_explanation IS DISTINCT FROM initcap(k.status) || '.';
    RETURN NULL;
END $$""",
)
BOTH_ROWS = "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT"
NO_ACTOR = "coalesce(current_setting('sayso.actor', true), '') = ''"

# As they were before.
FUNCTIONS_BEFORE = (
    """CREATE OR REPLACE FUNCTION public.hide_what_follows() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.source SET restricted = restricted WHERE reprints = NEW.id OR revises = NEW.id;
    UPDATE public.claim SET restricted = restricted WHERE source = NEW.id;
    RETURN NULL;
END $$""",
    """CREATE OR REPLACE FUNCTION public.forget_outside() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    affected uuid[];
BEGIN
    IF TG_TABLE_NAME = 'claim' THEN
        UPDATE public.corroboration SET hidden = NEW.hidden WHERE claim = NEW.id;
        affected := ARRAY(
            SELECT NEW.id
            UNION SELECT c.id FROM public.claim c WHERE c.question_root = NEW.question_root
            UNION SELECT a.claim FROM public.assessment a WHERE a.evidence_claim = NEW.id);
    ELSE
        affected := ARRAY(SELECT a.claim FROM public.assessment a WHERE a.evidence_source = NEW.id);
    END IF;
    UPDATE public.corroboration k
    SET outside_explanation = initcap(k.status) || '.',
        outside_weakest_links = '[]',
        outside_lines = (
            SELECT jsonb_object_agg(side.key, (
                SELECT coalesce(jsonb_agg('[]'::jsonb), '[]') FROM jsonb_array_elements(side.value)))
            FROM jsonb_each(k.lines) side)
    WHERE k.claim = ANY(affected)
      AND k.outside_explanation IS DISTINCT FROM initcap(k.status) || '.';
    RETURN NULL;
END $$""",
)


def upgrade() -> None:
    drop_triggers()
    for function in FUNCTIONS:
        op.execute(function)
    op.execute(
        f"CREATE TRIGGER source_hides AFTER UPDATE ON public.source {BOTH_ROWS}"
        " EXECUTE FUNCTION public.hide_what_follows()"
    )
    for table in ("source", "claim"):
        op.execute(
            f"CREATE TRIGGER {table}_forgets AFTER UPDATE ON public.{table} {BOTH_ROWS}"
            f" WHEN ({NO_ACTOR}) EXECUTE FUNCTION public.forget_outside()"
        )


def downgrade() -> None:
    drop_triggers()
    for function in FUNCTIONS_BEFORE:
        op.execute(function)
    op.execute(
        "CREATE TRIGGER source_hides AFTER UPDATE ON public.source FOR EACH ROW"
        " WHEN (OLD.hidden IS DISTINCT FROM NEW.hidden) EXECUTE FUNCTION public.hide_what_follows()"
    )
    for table in ("source", "claim"):
        op.execute(
            f"CREATE TRIGGER {table}_forgets AFTER UPDATE ON public.{table} FOR EACH ROW"
            f" WHEN (OLD.hidden IS DISTINCT FROM NEW.hidden AND {NO_ACTOR})"
            " EXECUTE FUNCTION public.forget_outside()"
        )


def drop_triggers() -> None:
    op.execute("DROP TRIGGER source_hides ON public.source")
    for table in ("source", "claim"):
        op.execute(f"DROP TRIGGER {table}_forgets ON public.{table}")
