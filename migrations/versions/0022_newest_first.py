"""A search of many claims stays among the newest.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"

FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION public.stretches_of(at timestamp with time zone) RETURNS integer[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY[
    floor(date_part('epoch', at) / 21600)::integer * 3,
    floor(date_part('epoch', at) / 345600)::integer * 3 + 1,
    floor(date_part('epoch', at) / 5529600)::integer * 3 + 2]""",
    """CREATE OR REPLACE FUNCTION public.newest_stretches(wanted integer) RETURNS integer[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    held real := (SELECT c.reltuples FROM pg_catalog.pg_class c WHERE c.oid = 'public.claim'::regclass);
    oldest timestamptz;
    newest timestamptz;
    span float8;
    level integer := 0;
    seconds integer := 21600;
BEGIN
    IF held < 2 * wanted THEN RETURN NULL; END IF;
    oldest := (SELECT r.recorded_at FROM claim r ORDER BY r.id LIMIT 1);
    newest := (SELECT r.recorded_at FROM claim r ORDER BY r.id DESC LIMIT 1);
    span := date_part('epoch', newest - oldest) * wanted / held;
    WHILE level < 2 AND span > 16 * seconds LOOP
        level := level + 1;
        seconds := 16 * seconds;
    END LOOP;
    RETURN ARRAY(
        SELECT (public.stretches_of(newest))[level + 1] - 3 * n
        FROM generate_series(-1, ceil(span / seconds)::integer) n);
END $$""",
)

REPLACE = """DO $$ BEGIN
    DROP INDEX public.claim_words_idx;
    ALTER INDEX public.claim_words_idx_new RENAME TO claim_words_idx;
END $$"""


def upgrade() -> None:
    for function in FUNCTIONS:
        op.execute(function)
    rebuild("words, public.stretches_of(recorded_at)")


def downgrade() -> None:
    rebuild("words")
    op.execute("DROP FUNCTION public.newest_stretches(integer)")
    op.execute("DROP FUNCTION public.stretches_of(timestamp with time zone)")


def rebuild(columns: str) -> None:
    # Beside the old one, so that reads go on meanwhile; what records claims waits.
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    op.execute(f"CREATE INDEX IF NOT EXISTS claim_words_idx_new ON public.claim USING gin ({columns})")
    # Committed first: who waits to write has read claims already, and the old index goes when nobody reads.
    # If that fails, the next run finds the new one there.
    with op.get_context().autocommit_block():
        op.execute(REPLACE)
