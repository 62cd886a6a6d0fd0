"""Which token a token was made with is kept.

Revision ID: 0035
Revises: 0034
"""

from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.execute("ALTER TABLE public.token ADD COLUMN made_with uuid REFERENCES public.token (id)")
    op.execute("CREATE INDEX token_made_with_idx ON public.token (made_with) WHERE made_with IS NOT NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE public.token DROP COLUMN made_with")
