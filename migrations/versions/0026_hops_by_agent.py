"""The hops of an agent are found in the index that keeps each from being recorded twice.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"

DROPPED = """DO $$ BEGIN
    DROP INDEX IF EXISTS public.attribution_agent_idx;
    DROP INDEX IF EXISTS public.attribution_claim_hop_agent_key;
END $$"""


def upgrade() -> None:
    # Beside the old ones, so that reads go on meanwhile; what records hops waits.
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    op.execute(
        "CREATE UNIQUE INDEX IF NOT EXISTS attribution_agent_claim_hop_key"
        " ON public.attribution (agent, claim, hop)"
    )
    # Committed first, as in 0022.
    with op.get_context().autocommit_block():
        op.execute(DROPPED)


def downgrade() -> None:
    op.execute(
        "CREATE UNIQUE INDEX attribution_claim_hop_agent_key ON public.attribution (claim, hop, agent)"
    )
    op.execute("CREATE INDEX attribution_agent_idx ON public.attribution (agent, claim)")
    op.execute("DROP INDEX public.attribution_agent_claim_hop_key")
