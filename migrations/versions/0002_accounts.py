"""Accounts: tokens have a name, a role and a purpose, and are logged; a researcher can be disabled.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE public.researcher ADD COLUMN disabled_at timestamptz")
    op.execute(
        """
        ALTER TABLE public.token
            ADD COLUMN name text NOT NULL DEFAULT 'a token',
            ADD COLUMN role text NOT NULL DEFAULT 'READER'
                CHECK (role IN ('READER', 'RESEARCHER', 'EDITOR', 'ADMIN')),
            ADD COLUMN purpose text NOT NULL DEFAULT 'ACCESS' CHECK (purpose IN ('ACCESS', 'SIGN_IN')),
            ADD CONSTRAINT token_name_not_blank_check CHECK (name ~ '\\S')
        """
    )
    # Whoever makes a token says what it is called and what it may do.
    op.execute("ALTER TABLE public.token ALTER COLUMN name DROP DEFAULT, ALTER COLUMN role DROP DEFAULT")
    op.execute("CREATE UNIQUE INDEX token_prefix_key ON public.token (prefix)")
    # Neither the hash nor the last use is logged.
    op.execute(
        "CREATE TRIGGER token_revision AFTER INSERT OR UPDATE OR DELETE ON public.token"
        " FOR EACH ROW EXECUTE FUNCTION public.record_revision('researcher', 'hash', 'last_used_at')"
    )
    op.execute(
        "CREATE TRIGGER token_kept BEFORE TRUNCATE ON public.token"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER token_revision ON public.token")
    op.execute("DROP TRIGGER token_kept ON public.token")
    op.execute("DROP INDEX public.token_prefix_key")
    op.execute("ALTER TABLE public.token DROP COLUMN name, DROP COLUMN role, DROP COLUMN purpose")
    op.execute("ALTER TABLE public.researcher DROP COLUMN disabled_at")
