"""What is restricted in psql takes back at once what outsiders were told of it elsewhere.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"

FORGET_OUTSIDE = """CREATE FUNCTION public.forget_outside() RETURNS trigger
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
END $$"""


def upgrade() -> None:
    op.execute(FORGET_OUTSIDE)
    for table in ("source", "claim"):
        op.execute(
            f"CREATE TRIGGER {table}_forgets AFTER UPDATE ON public.{table} FOR EACH ROW"
            " WHEN (OLD.hidden IS DISTINCT FROM NEW.hidden"
            " AND coalesce(current_setting('sayso.actor', true), '') = '')"
            " EXECUTE FUNCTION public.forget_outside()"
        )


def downgrade() -> None:
    for table in ("source", "claim"):
        op.execute(f"DROP TRIGGER {table}_forgets ON public.{table}")
    op.execute("DROP FUNCTION public.forget_outside()")
