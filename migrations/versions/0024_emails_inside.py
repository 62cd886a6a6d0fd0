"""The role of outsiders reads nobody's email.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"

VIEW = """CREATE OR REPLACE VIEW outside.researcher AS
SELECT id, name, {email} AS email, role, version, recorded_at, disabled_at FROM public.researcher"""


def upgrade() -> None:
    op.execute(VIEW.format(email="NULL::text"))


def downgrade() -> None:
    op.execute(VIEW.format(email="email"))
