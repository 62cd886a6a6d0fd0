"""The newest seal is told to whoever asks, and a new one is announced.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("CREATE VIEW outside.seal AS SELECT id, sealed_at, last_position, hash FROM public.seal")
    op.execute("GRANT SELECT ON outside.seal TO sayso_outsider")
    op.execute(
        "CREATE TRIGGER seal_announced AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON public.seal"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER seal_announced ON public.seal")
    op.execute("DROP VIEW outside.seal")
