"""What is shown no more is announced, so that nothing that was read before goes out afterwards.

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"

ANNOUNCE_HIDING = """CREATE FUNCTION public.announce_hiding() RETURNS trigger
LANGUAGE plpgsql SET search_path TO pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('sayso_change', 'hidden');
    RETURN NULL;
END $$"""
HIDING = {
    "agent": "UPDATE ON public.agent FOR EACH ROW WHEN (NEW.protected AND NOT OLD.protected)",
    "source": "UPDATE ON public.source FOR EACH ROW WHEN (NEW.hidden AND NOT OLD.hidden)",
    "claim": "UPDATE ON public.claim FOR EACH ROW WHEN (NEW.hidden AND NOT OLD.hidden)",
    "redaction": "INSERT ON public.redaction FOR EACH STATEMENT",
}


def upgrade() -> None:
    op.execute(ANNOUNCE_HIDING)
    for table, hides in HIDING.items():
        op.execute(f"CREATE TRIGGER {table}_hiding AFTER {hides} EXECUTE FUNCTION public.announce_hiding()")


def downgrade() -> None:
    for table in HIDING:
        op.execute(f"DROP TRIGGER {table}_hiding ON public.{table}")
    op.execute("DROP FUNCTION public.announce_hiding()")
