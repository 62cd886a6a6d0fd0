"""Subscriptions hear of recorded claims by their first status: one log, one index.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("DROP INDEX public.revision_recorded_claim_idx")


def downgrade() -> None:
    op.execute(
        "CREATE INDEX revision_recorded_claim_idx ON public.revision ((transaction::xid8), id)"
        " WHERE table_name = 'claim' AND operation = 'INSERT'"
    )
