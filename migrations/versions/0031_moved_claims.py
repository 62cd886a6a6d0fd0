"""Claims that were once on a question are found in the log.

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.execute(
        "CREATE INDEX revision_moved_idx ON public.revision ((before ->> 'question'), row_id)"
        " WHERE table_name = 'claim' AND operation = 'UPDATE'"
        " AND (before ->> 'question') IS DISTINCT FROM (after ->> 'question')"
    )


def downgrade() -> None:
    op.execute("DROP INDEX public.revision_moved_idx")
