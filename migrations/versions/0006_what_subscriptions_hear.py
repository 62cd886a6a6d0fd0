"""Changes of status, and claims recorded, are found in the order in which they were committed.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # The default comes second: with the column it would write every row anew, under this transaction.
    op.execute("ALTER TABLE public.status_change ADD COLUMN transaction text")
    op.execute(
        "ALTER TABLE public.status_change ALTER COLUMN transaction SET DEFAULT pg_current_xact_id()::text"
    )
    op.execute("CREATE INDEX status_change_transaction_idx ON public.status_change ((transaction::xid8), id)")
    op.execute(
        "CREATE INDEX revision_recorded_claim_idx ON public.revision ((transaction::xid8), id)"
        " WHERE table_name = 'claim' AND operation = 'INSERT'"
    )


def downgrade() -> None:
    op.execute("DROP INDEX public.revision_recorded_claim_idx")
    op.execute("ALTER TABLE public.status_change DROP COLUMN transaction")
