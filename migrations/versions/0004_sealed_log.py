"""The sealed log: acts say when they ended, revisions are linked into a chain of hashes, seals close it.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE public.act (transaction text PRIMARY KEY, ended timestamptz NOT NULL)",
    )
    op.execute(
        """
        CREATE FUNCTION public.note_act() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.act (transaction, ended) VALUES (NEW.transaction, clock_timestamp())
    ON CONFLICT (transaction) DO UPDATE SET ended = excluded.ended;
    RETURN NULL;
END $$
        """
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER revision_act AFTER INSERT ON public.revision"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        " WHEN (coalesce(current_setting('sayso.revision', true), '') = '')"
        " EXECUTE FUNCTION public.note_act()"
    )
    op.execute(
        """
        CREATE TABLE public.sealed_revision (
            position bigint PRIMARY KEY,
            revision bigint NOT NULL,
            seed bytea,
            hash bytea NOT NULL,
            kept jsonb,
            CONSTRAINT sealed_revision_erased_check CHECK ((seed IS NULL) = (kept IS NOT NULL))
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX sealed_revision_revision_key ON public.sealed_revision (revision)")
    op.execute(
        """
        ALTER TABLE public.seal
            ADD COLUMN last_position bigint NOT NULL,
            ADD COLUMN complete_below bigint,
            ADD COLUMN next_transaction bigint,
            ADD COLUMN newest_revision bigint
        """
    )
    op.execute("CREATE UNIQUE INDEX seal_last_position_key ON public.seal (last_position)")
    for table in ("sealed_revision", "seal"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()"
        )


def downgrade() -> None:
    op.execute("DROP TRIGGER seal_append_only ON public.seal")
    op.execute("DROP INDEX public.seal_last_position_key")
    op.execute(
        """
        ALTER TABLE public.seal
            DROP COLUMN last_position, DROP COLUMN complete_below, DROP COLUMN next_transaction,
            DROP COLUMN newest_revision
        """
    )
    op.execute("DROP TABLE public.sealed_revision")
    op.execute("DROP TRIGGER revision_act ON public.revision")
    op.execute("DROP FUNCTION public.note_act")
    op.execute("DROP TABLE public.act")
