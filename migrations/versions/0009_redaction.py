"""A value can be redacted: the log lets it be replaced by a tombstone, and keeps who did so and why.

Revision ID: 0009
Revises: 0008
"""

from alembic import op

revision = "0009"
down_revision = "0008"

KEEP_LOG = """CREATE FUNCTION public.keep_log() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('sayso.redaction', true), '') = '' THEN
        RAISE EXCEPTION '% of the table % is refused: nothing recorded is lost', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$"""

ERASES_ONLY = """CREATE FUNCTION public.erases_only(old_image jsonb, new_image jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (old_image IS NULL) = (new_image IS NULL) AND NOT EXISTS (
    SELECT 1 FROM jsonb_each(old_image) o(name, value) FULL JOIN jsonb_each(new_image) n(name, value)
    ON o.name = n.name
    WHERE o.value IS DISTINCT FROM n.value
      AND (o.name IS NULL OR n.value IS DISTINCT FROM '"[redacted]"'::jsonb))"""

KEEP_REVISION = """CREATE FUNCTION public.keep_revision() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - ARRAY['before', 'after', 'reason'])
           IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['before', 'after', 'reason'])
        OR NOT public.erases_only(OLD.before, NEW.before) OR NOT public.erases_only(OLD.after, NEW.after)
        OR (NEW.reason IS DISTINCT FROM OLD.reason AND NEW.reason IS DISTINCT FROM '[redacted]')
        OR NOT EXISTS (
            SELECT FROM public.redaction r
            WHERE r.id::text = current_setting('sayso.redaction', true) AND r.row_id = OLD.row_id)
    THEN
        RAISE EXCEPTION 'a revision is only ever redacted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$"""

KEEP_LINK = """CREATE FUNCTION public.keep_link() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.position, NEW.revision, NEW.hash) IS DISTINCT FROM (OLD.position, OLD.revision, OLD.hash)
        OR NEW.seed IS NOT NULL
    THEN
        RAISE EXCEPTION 'of a link only the seed is ever erased' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$"""

OPENED = ("revision", "sealed_revision")


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE public.redaction (
            id uuid DEFAULT uuidv7() PRIMARY KEY,
            version integer DEFAULT 1 NOT NULL,
            recorded_by uuid NOT NULL REFERENCES public.researcher (id),
            recorded_at timestamptz DEFAULT now() NOT NULL,
            table_name text NOT NULL,
            row_id uuid NOT NULL,
            subject uuid NOT NULL,
            fields text[] NOT NULL,
            reason text NOT NULL CONSTRAINT redaction_reason_not_blank_check CHECK (reason ~ '\\S')
        )
        """
    )
    op.execute("CREATE INDEX redaction_row_id_idx ON public.redaction (row_id)")
    op.execute(
        "CREATE TRIGGER redaction_revision AFTER INSERT OR UPDATE OR DELETE ON public.redaction"
        " FOR EACH ROW EXECUTE FUNCTION public.record_revision('subject')"
    )
    op.execute(
        "CREATE TRIGGER redaction_kept BEFORE TRUNCATE ON public.redaction"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER redaction_announced AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.redaction"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change()"
    )
    for function in (KEEP_LOG, ERASES_ONLY, KEEP_REVISION, KEEP_LINK):
        op.execute(function)
    for table in OPENED:
        op.execute(f"DROP TRIGGER {table}_append_only ON public.{table}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR TRUNCATE ON public.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON public.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION public.keep_log()"
        )
    op.execute(
        "CREATE TRIGGER revision_erased BEFORE UPDATE ON public.revision"
        " FOR EACH ROW EXECUTE FUNCTION public.keep_revision()"
    )
    op.execute(
        "CREATE TRIGGER sealed_revision_erased BEFORE UPDATE ON public.sealed_revision"
        " FOR EACH ROW EXECUTE FUNCTION public.keep_link()"
    )


def downgrade() -> None:
    for table in OPENED:
        for trigger in ("erased", "kept", "append_only"):
            op.execute(f"DROP TRIGGER {table}_{trigger} ON public.{table}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()"
        )
    op.execute("DROP FUNCTION public.keep_revision, public.keep_link, public.erases_only, public.keep_log")
    op.execute("DROP TABLE public.redaction")
