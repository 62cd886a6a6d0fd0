"""A transaction that changes what is shown announces itself on the channel sayso_change.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = (
    "agent",
    "source",
    "event",
    "question",
    "claim",
    "attribution",
    "assessment",
    "researcher",
    "corroboration",
)


def upgrade() -> None:
    op.execute(
        """CREATE FUNCTION public.announce_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('sayso_change', pg_current_xact_id()::text);
    RETURN NULL;
END $$"""
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_announced AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change()"
        )


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TRIGGER {table}_announced ON public.{table}")
    op.execute("DROP FUNCTION public.announce_change()")
