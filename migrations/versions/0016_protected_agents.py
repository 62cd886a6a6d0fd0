"""The protected agents are found without reading the others.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute("CREATE INDEX agent_protected_idx ON public.agent (id) WHERE protected")


def downgrade() -> None:
    op.execute("DROP INDEX public.agent_protected_idx")
