"""The log is written by triggers alone, and no setting of a session says whose revision something is.

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"

OWNERS = ("record_revision", "note_act", "record_status_change")
# What the server could add to the log past the triggers until now.
GRANTED = {
    "revision": "actor, reason, table_name, row_id, subject, operation, before, after",
    "act": "first_revision",
    "status_change": "claim, status, lines_for, lines_against, reports_for, reports_against, revision",
}
OWN_REVISION = """CREATE FUNCTION public.own_revision() RETURNS bigint
LANGUAGE sql STABLE
RETURN (SELECT r.id FROM public.revision r
        WHERE r.id = nullif(current_setting('sayso.revision', true), '')::bigint
          AND r.transaction = pg_current_xact_id()::text AND r.at = now())"""
# Of a first revision none is set, whatever the session set: so the trigger that notes the act knows it.
RECORD_REVISION = """CREATE OR REPLACE FUNCTION public.record_revision() RETURNS trigger
LANGUAGE plpgsql SET search_path TO pg_catalog, public, pg_temp AS $$
DECLARE
    old_row jsonb;
    new_row jsonb;
    revision_id bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD) - TG_ARGV[1:]; END IF;
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW) - TG_ARGV[1:]; END IF;
    IF old_row IS NOT DISTINCT FROM new_row THEN RETURN NULL; END IF;{check}
    INSERT INTO public.revision (actor, reason, table_name, row_id, subject, operation, before, after)
    VALUES (
        nullif(current_setting('sayso.actor', true), '')::uuid,
        nullif(current_setting('sayso.reason', true), ''),
        TG_TABLE_NAME,
        (coalesce(new_row, old_row) ->> 'id')::uuid,
        (coalesce(new_row, old_row) ->> TG_ARGV[0])::uuid,
        TG_OP, old_row, new_row)
    RETURNING id INTO revision_id;
    PERFORM set_config('sayso.revision', revision_id::text, true);
    RETURN NULL;
END $$"""
CHECK = """
    IF public.own_revision() IS NULL THEN PERFORM set_config('sayso.revision', '', true); END IF;"""
RECORD_STATUS_CHANGE = """CREATE OR REPLACE FUNCTION public.record_status_change() RETURNS trigger
LANGUAGE plpgsql SET search_path TO pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.status_change
        (claim, status, lines_for, lines_against, reports_for, reports_against, revision)
    VALUES (NEW.claim, NEW.status, NEW.lines_for, NEW.lines_against, NEW.reports_for, NEW.reports_against,
            {revision});
    RETURN NULL;
END $$"""


def upgrade() -> None:
    op.execute(OWN_REVISION)
    op.execute(RECORD_REVISION.format(check=CHECK))
    op.execute(RECORD_STATUS_CHANGE.format(revision="public.own_revision()"))
    for name in OWNERS:
        op.execute(f"ALTER FUNCTION public.{name}() SECURITY DEFINER")
        op.execute(f"REVOKE EXECUTE ON FUNCTION public.{name}() FROM PUBLIC")
    for table, columns in GRANTED.items():
        op.execute(f"REVOKE INSERT ({columns}) ON public.{table} FROM sayso_writer")


def downgrade() -> None:
    for table, columns in GRANTED.items():
        op.execute(f"GRANT INSERT ({columns}) ON public.{table} TO sayso_writer")
    for name in OWNERS:
        op.execute(f"GRANT EXECUTE ON FUNCTION public.{name}() TO PUBLIC")
        op.execute(f"ALTER FUNCTION public.{name}() SECURITY INVOKER")
    named = "nullif(current_setting('sayso.revision', true), '')::bigint"
    op.execute(RECORD_STATUS_CHANGE.format(revision=named))
    op.execute(RECORD_REVISION.format(check=""))
    op.execute("DROP FUNCTION public.own_revision()")
