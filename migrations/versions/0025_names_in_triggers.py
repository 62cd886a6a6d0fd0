"""What the role of the server sends changes neither what triggers mean nor when an act ended.

And where an agent is protected in psql, no explanation shows its name until it is worked out again.

Revision ID: 0025
Revises: 0024
"""

from alembic import op

revision = "0025"
down_revision = "0024"

PATH = "pg_catalog, public, pg_temp"
TRIGGERED = (
    *("record_revision", "refuse_change", "note_act", "keep_log", "keep_revision", "keep_link"),
    *(
        "record_status_change",
        "announce_change",
        "hash_text",
        "hide_source",
        "hide_claim",
        "hide_what_follows",
    ),
    *("forget_outside", "forget_digests", "check_chain"),
)
FORGET_EXPLANATIONS = """CREATE FUNCTION public.forget_explanations() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.corroboration k SET outside_explanation = initcap(k.status) || '.'
    WHERE k.named @> to_jsonb(NEW.id::text)
      AND k.outside_explanation IS DISTINCT FROM initcap(k.status) || '.';
    RETURN NULL;
END $$"""
NOTE_ACT = """CREATE OR REPLACE FUNCTION public.note_act() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    {body}
    RETURN NULL;
END $$"""


def upgrade() -> None:
    op.execute("ALTER TABLE public.act ALTER COLUMN transaction SET DEFAULT pg_current_xact_id()::text")
    op.execute("ALTER TABLE public.act ALTER COLUMN ended SET DEFAULT clock_timestamp()")
    op.execute(NOTE_ACT.format(body="INSERT INTO public.act (first_revision) VALUES (NEW.id);"))
    op.execute("REVOKE INSERT ON public.act FROM sayso_writer")
    op.execute("GRANT INSERT (first_revision) ON public.act TO sayso_writer")
    op.execute(FORGET_EXPLANATIONS)
    op.execute(
        "CREATE TRIGGER agent_forgets AFTER UPDATE OF protected ON public.agent FOR EACH ROW"
        " WHEN (NEW.protected AND NOT OLD.protected"
        " AND coalesce(current_setting('sayso.actor', true), '') = '')"
        " EXECUTE FUNCTION public.forget_explanations()"
    )
    for name in (*TRIGGERED, "forget_explanations"):
        op.execute(f"ALTER FUNCTION public.{name}() SET search_path TO {PATH}")


def downgrade() -> None:
    op.execute("DROP TRIGGER agent_forgets ON public.agent")
    op.execute("DROP FUNCTION public.forget_explanations()")
    op.execute("REVOKE INSERT ON public.act FROM sayso_writer")
    op.execute("REVOKE INSERT (first_revision) ON public.act FROM sayso_writer")
    op.execute("GRANT INSERT ON public.act TO sayso_writer")
    op.execute(
        NOTE_ACT.format(
            body="""INSERT INTO public.act (transaction, ended, first_revision)
    VALUES (NEW.transaction, clock_timestamp(), NEW.id);"""
        )
    )
    for column in ("transaction", "ended"):
        op.execute(f"ALTER TABLE public.act ALTER COLUMN {column} DROP DEFAULT")
    for name in TRIGGERED:
        op.execute(f"ALTER FUNCTION public.{name}() RESET search_path")
