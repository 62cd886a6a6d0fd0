"""Changes of statuses are recorded once for a statement, and not for each of its rows.

Revision ID: 0029
Revises: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"

FUNCTION = """CREATE OR REPLACE FUNCTION public.record_status_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, public, pg_temp AS $$
DECLARE
    cause bigint := public.own_revision();
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.status_change
            (claim, status, lines_for, lines_against, reports_for, reports_against, revision)
        SELECT claim, status, lines_for, lines_against, reports_for, reports_against, cause
        FROM new_rows ORDER BY claim;
    ELSE
        INSERT INTO public.status_change
            (claim, status, lines_for, lines_against, reports_for, reports_against, revision)
        SELECT changed.*, cause FROM (
            SELECT claim, status, lines_for, lines_against, reports_for, reports_against FROM new_rows
            EXCEPT
            SELECT claim, status, lines_for, lines_against, reports_for, reports_against FROM old_rows
        ) AS changed ORDER BY claim;
    END IF;
    RETURN NULL;
END $$"""
# In the place of those that stand: reads go on meanwhile.
TRIGGERS = (
    "CREATE OR REPLACE TRIGGER corroboration_first AFTER INSERT ON public.corroboration"
    " REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.record_status_change()",
    "CREATE OR REPLACE TRIGGER corroboration_change AFTER UPDATE ON public.corroboration"
    " REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT"
    " EXECUTE FUNCTION public.record_status_change()",
)

# As they were before.
FUNCTION_BEFORE = """CREATE OR REPLACE FUNCTION public.record_status_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.status_change
        (claim, status, lines_for, lines_against, reports_for, reports_against, revision)
    VALUES (NEW.claim, NEW.status, NEW.lines_for, NEW.lines_against, NEW.reports_for, NEW.reports_against,
            public.own_revision());
    RETURN NULL;
END $$"""
TRIGGERS_BEFORE = (
    "CREATE OR REPLACE TRIGGER corroboration_first AFTER INSERT ON public.corroboration"
    " FOR EACH ROW EXECUTE FUNCTION public.record_status_change()",
    "CREATE OR REPLACE TRIGGER corroboration_change AFTER UPDATE ON public.corroboration FOR EACH ROW"
    " WHEN ((OLD.status, OLD.lines_for, OLD.lines_against, OLD.reports_for, OLD.reports_against)"
    " IS DISTINCT FROM"
    " (NEW.status, NEW.lines_for, NEW.lines_against, NEW.reports_for, NEW.reports_against))"
    " EXECUTE FUNCTION public.record_status_change()",
)


def upgrade() -> None:
    for statement in (*TRIGGERS, FUNCTION):
        op.execute(statement)


def downgrade() -> None:
    for statement in (*TRIGGERS_BEFORE, FUNCTION_BEFORE):
        op.execute(statement)
