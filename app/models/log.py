"""The log in the database: what writes each change of a row down, and what keeps that from being changed.

docs/data-model.md, "revision", and docs/sealed-log.md say what stands in it.
"""

from __future__ import annotations

# table → (the column that holds the subject, the columns that are derived or not to be kept)
LOGGED_TABLES: dict[str, tuple[str, ...]] = {
    "agent": ("id", "party", "words"),
    "source": ("id", "newest_version", "publishers", "words", "hidden"),
    "event": ("id", "words"),
    "question": ("id", "root", "words"),
    "claim": ("id", "question_root", "quote_status", "words", "hidden"),
    "attribution": ("claim", "bounds"),
    "assessment": ("id",),
    "researcher": ("id",),
    "identity": ("researcher",),
    "token": ("researcher", "hash", "last_used_at"),
    "redaction": ("subject",),
}

# The last revision of this transaction. Anybody can give a setting any value: it counts where the revision it
# names is of this transaction. After a restore a transaction's number may come again, its time does not.
OWN_REVISION = """CREATE FUNCTION public.own_revision() RETURNS bigint
LANGUAGE sql STABLE
RETURN (SELECT r.id FROM public.revision r
        WHERE r.id = nullif(current_setting('sayso.revision', true), '')::bigint
          AND r.transaction = pg_current_xact_id()::text AND r.at = now())"""

# The first argument names the column that holds the subject; the others are derived columns, not logged.
RECORD_REVISION = """CREATE FUNCTION public.record_revision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    old_row jsonb;
    new_row jsonb;
    revision_id bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD) - TG_ARGV[1:]; END IF;
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW) - TG_ARGV[1:]; END IF;
    IF old_row IS NOT DISTINCT FROM new_row THEN RETURN NULL; END IF;
    IF public.own_revision() IS NULL THEN PERFORM set_config('sayso.revision', '', true); END IF;
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

REFUSE_CHANGE = """CREATE FUNCTION public.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of the table % is refused: nothing recorded is lost', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$"""

# A redaction opens the log for its own transaction, and then for nothing but tombstones.
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

# At the end of the transaction, once: of its first revision, for which no revision is set yet. Which
# transaction, and when, is Postgres's to say.
NOTE_ACT = """CREATE FUNCTION public.note_act() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO public.act (first_revision) VALUES (NEW.id);
    RETURN NULL;
END $$"""


def _revision_trigger(table: str, arguments: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{argument}'" for argument in arguments)
    return (
        f"CREATE TRIGGER {table}_revision AFTER INSERT OR UPDATE OR DELETE ON public.{table}"
        f" FOR EACH ROW EXECUTE FUNCTION public.record_revision({listed})"
    )


def _kept_trigger(table: str) -> str:
    # TRUNCATE fires no trigger for a row, so that the log would not hear of it.
    return (
        f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON public.{table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()"
    )


def _append_only_triggers(table: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR TRUNCATE ON public.{table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()",
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON public.{table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.keep_log()",
    )


LOG = (
    OWN_REVISION,
    RECORD_REVISION,
    REFUSE_CHANGE,
    NOTE_ACT,
    KEEP_LOG,
    ERASES_ONLY,
    KEEP_REVISION,
    KEEP_LINK,
    *(_revision_trigger(table, arguments) for table, arguments in LOGGED_TABLES.items()),
    *(_kept_trigger(table) for table in LOGGED_TABLES),
    *_append_only_triggers("revision"),
    *_append_only_triggers("sealed_revision"),
    "CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.seal"
    " FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()",
    "CREATE TRIGGER revision_erased BEFORE UPDATE ON public.revision"
    " FOR EACH ROW EXECUTE FUNCTION public.keep_revision()",
    "CREATE TRIGGER sealed_revision_erased BEFORE UPDATE ON public.sealed_revision"
    " FOR EACH ROW EXECUTE FUNCTION public.keep_link()",
    "CREATE CONSTRAINT TRIGGER revision_act AFTER INSERT ON public.revision"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    " WHEN (coalesce(current_setting('sayso.revision', true), '') = '')"
    " EXECUTE FUNCTION public.note_act()",
)

LOG_DROPPED = (
    "DROP FUNCTION IF EXISTS public.own_revision()",
    "DROP FUNCTION IF EXISTS public.record_revision()",
    "DROP FUNCTION IF EXISTS public.refuse_change()",
    "DROP FUNCTION IF EXISTS public.note_act()",
    "DROP FUNCTION IF EXISTS public.keep_log()",
    "DROP FUNCTION IF EXISTS public.keep_revision()",
    "DROP FUNCTION IF EXISTS public.keep_link()",
    "DROP FUNCTION IF EXISTS public.erases_only(jsonb, jsonb)",
)
