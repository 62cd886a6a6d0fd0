"""READERs may ask what token they sent: outsiders see tokens without their hashes.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"

TOKEN_VIEW = """CREATE VIEW outside.token AS
SELECT id, researcher, prefix, created_at, expires_at, last_used_at, revoked_at, name, role
FROM public.token WHERE purpose = 'ACCESS'"""  # noqa: S105 - no secret


def upgrade() -> None:
    op.execute(TOKEN_VIEW)
    op.execute("GRANT SELECT ON outside.token TO sayso_outsider")


def downgrade() -> None:
    op.execute("DROP VIEW outside.token")
