"""Researchers may list their tokens: a change of them is announced, but for their last use.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"

COLUMNS = "id, researcher, prefix, created_at, expires_at, last_used_at, revoked_at, name, role"
VIEW = """CREATE OR REPLACE VIEW outside.token AS
SELECT {columns} FROM public.token WHERE purpose = 'ACCESS'"""


def upgrade() -> None:
    op.execute(VIEW.format(columns=f"{COLUMNS}, purpose"))
    op.execute(
        "CREATE TRIGGER token_announced AFTER INSERT OR UPDATE OF name, role, expires_at, revoked_at"
        " OR DELETE OR TRUNCATE ON public.token"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER token_announced ON public.token")
    op.execute("DROP VIEW outside.token")
    op.execute(VIEW.format(columns=COLUMNS))
    op.execute("GRANT SELECT ON outside.token TO sayso_outsider")
