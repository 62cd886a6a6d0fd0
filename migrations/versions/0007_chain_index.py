"""The hops of a claim stand in an index in the order of the chain, with their agents.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("CREATE INDEX attribution_chain_idx ON public.attribution (claim, hop, id) INCLUDE (agent)")


def downgrade() -> None:
    op.execute("DROP INDEX public.attribution_chain_idx")
