"""A citation without a text can be revised under its own URL.

Revision ID: 0030
Revises: 0029
"""

from alembic import op

revision = "0030"
down_revision = "0029"

REPLACE = """DO $$ BEGIN
    DROP INDEX public.source_url_key;
    ALTER INDEX public.source_url_key_new RENAME TO source_url_key;
END $$"""


def upgrade() -> None:
    build("coalesce(text_sha256, revises::text, '')")
    # Committed first, as in 0022.
    with op.get_context().autocommit_block():
        op.execute(REPLACE)


def downgrade() -> None:
    # Refused, with the URL, where a citation was revised under its own: nothing is thrown away for it.
    build("coalesce(text_sha256, '')")
    # In one transaction: beside the new one, the old one would go on refusing what the new one takes.
    op.execute(REPLACE)


def build(version: str) -> None:
    # Beside the old one, so that reads go on meanwhile; what records sources waits.
    op.execute(f"CREATE UNIQUE INDEX IF NOT EXISTS source_url_key_new ON public.source (url, ({version}))")
