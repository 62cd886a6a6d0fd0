"""A row of corroboration carries digests of what it holds, so that what stays need not be read.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"

FORGET_DIGESTS = """CREATE FUNCTION public.forget_digests() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.digest := NULL;
    NEW.lines_digest := NULL;
    RETURN NEW;
END $$"""


def upgrade() -> None:
    # Rows that stand have none: each gets its own when its question is decided next.
    for column in ("digest", "lines_digest"):
        op.execute(f"ALTER TABLE public.corroboration ADD COLUMN {column} bytea")
    op.execute(FORGET_DIGESTS)
    op.execute(
        "CREATE TRIGGER corroboration_altered BEFORE UPDATE ON public.corroboration FOR EACH ROW"
        " WHEN (OLD.digest IS NOT NULL"
        " AND (OLD.digest, OLD.lines_digest) IS NOT DISTINCT FROM (NEW.digest, NEW.lines_digest))"
        " EXECUTE FUNCTION public.forget_digests()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER corroboration_altered ON public.corroboration")
    op.execute("DROP FUNCTION public.forget_digests()")
    for column in ("digest", "lines_digest"):
        op.execute(f"ALTER TABLE public.corroboration DROP COLUMN {column}")
