"""Names and titles are found by near spellings; the claims that name an agent, by an index.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"

NAMES = (
    ("agent", "(name || ' ') || public.joined(aliases)", " WHERE NOT protected"),
    ("source", "title", ""),
    ("event", "title", ""),
    ("question", "text", ""),
)


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public")
    op.execute(
        """CREATE FUNCTION public.spelled(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT
RETURN public.unaccent('public.unaccent'::regdictionary, left(name, 1000))"""
    )
    for table, name, where in NAMES:
        op.execute(
            f"CREATE INDEX {table}_spelling_idx ON public.{table}"
            f" USING gin (public.spelled({name}) public.gin_trgm_ops){where}"
        )
    op.execute(
        "CREATE INDEX corroboration_named_idx ON public.corroboration USING gin (named jsonb_path_ops)"
    )


def downgrade() -> None:
    op.execute("DROP INDEX public.corroboration_named_idx")
    for table, _, _ in NAMES:
        op.execute(f"DROP INDEX public.{table}_spelling_idx")
    op.execute("DROP FUNCTION public.spelled(text)")
    op.execute("DROP EXTENSION pg_trgm")
