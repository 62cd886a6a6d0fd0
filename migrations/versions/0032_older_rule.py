"""Statuses that an older version of the rule made are found at once.

Revision ID: 0032
Revises: 0031
"""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    # A version of the rule has a migration that makes it anew.
    op.execute(
        "CREATE INDEX corroboration_older_rule_idx ON public.corroboration (claim) WHERE rule_version < 4"
    )


def downgrade() -> None:
    op.execute("DROP INDEX public.corroboration_older_rule_idx")
