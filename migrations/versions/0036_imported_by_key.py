"""What another bundle names is found without looking through all that was imported.

Revision ID: 0036
Revises: 0035
"""

from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.execute("CREATE INDEX imported_key_idx ON public.imported (key, table_name)")


def downgrade() -> None:
    op.execute("DROP INDEX public.imported_key_idx")
