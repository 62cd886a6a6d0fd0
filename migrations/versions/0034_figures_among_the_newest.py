"""A search for a figure finds it among the newest claims in the index of words.

Revision ID: 0034
Revises: 0033
"""

from alembic import op

revision = "0034"
down_revision = "0033"

FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION public.figure_of(word text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ascii(word) BETWEEN 48 AND 57
    THEN right(regexp_replace(word, '[^0-9]', '', 'g'), 9)::integer % 1024 END""",
    """CREATE OR REPLACE FUNCTION public.stretches_of(at timestamp with time zone, words tsvector)
RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    stretches integer[] := public.stretches_of(at);
    found integer[] := stretches;
    word text;
    figure integer;
    stretch integer;
BEGIN
    FOREACH word IN ARRAY tsvector_to_array(words) LOOP
        figure := public.figure_of(word);
        IF figure IS NOT NULL THEN
            FOREACH stretch IN ARRAY stretches LOOP
                found := array_append(found, -1 - figure - 1024 * stretch);
            END LOOP;
        END IF;
    END LOOP;
    RETURN found;
END $$""",
    """CREATE OR REPLACE FUNCTION public.stretches_asked(stretches integer[], words tsquery)
RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    spelled text := words::text;
    word text;
    longest text := '';
    asked integer[] := '{}';
    stretch integer;
BEGIN
    IF spelled ~ $q$[|!]|''$q$ THEN RETURN stretches; END IF;
    FOREACH word IN ARRAY string_to_array(spelled, $q$'$q$) LOOP
        IF length(word) > length(longest) AND public.figure_of(word) IS NOT NULL THEN longest := word; END IF;
    END LOOP;
    IF longest = '' THEN RETURN stretches; END IF;
    FOREACH stretch IN ARRAY stretches LOOP
        asked := array_append(asked, -1 - public.figure_of(longest) - 1024 * stretch);
    END LOOP;
    RETURN asked;
END $$""",
)

REPLACE = """DO $$ BEGIN
    DROP INDEX public.claim_words_idx;
    ALTER INDEX public.claim_words_idx_new RENAME TO claim_words_idx;
END $$"""


def upgrade() -> None:
    for function in FUNCTIONS:
        op.execute(function)
    rebuild("public.stretches_of(recorded_at, words)")


def downgrade() -> None:
    rebuild("public.stretches_of(recorded_at)")
    op.execute("DROP FUNCTION public.stretches_asked(integer[], tsquery)")
    op.execute("DROP FUNCTION public.stretches_of(timestamp with time zone, tsvector)")
    op.execute("DROP FUNCTION public.figure_of(text)")


def rebuild(stretches: str) -> None:
    # Beside the old one, and that dropped in a transaction of its own, as in 0022.
    op.execute("SET LOCAL maintenance_work_mem = '256MB'")
    op.execute(
        f"CREATE INDEX IF NOT EXISTS claim_words_idx_new ON public.claim USING gin (words, {stretches})"
    )
    with op.get_context().autocommit_block():
        op.execute(REPLACE)
