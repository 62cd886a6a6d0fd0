"""First schema: every table, constraint, index, function, view and trigger.

The statements stand in the folder of this name, in the order of its files. They never change: what comes
later is a migration of its own.

Revision ID: 0001
Revises:
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = Path(__file__).with_suffix("")


def upgrade() -> None:
    for file in sorted(STATEMENTS.glob("*.sql")):
        run_statements(file.read_text(encoding="utf-8"))


def downgrade() -> None:
    run_statements(
        """
        DROP VIEW public.evidence;
        DROP TABLE
            public.imported, public.idempotency_key, public.seal, public.status_change, public.revision,
            public.corroboration, public.assessment, public.attribution, public.claim, public.question,
            public.event, public.source, public.agent, public.token, public.researcher;
        DROP FUNCTION
            public.answer_backs, public.answer_conflicts, public.record_revision, public.record_status_change,
            public.refuse_change, public.hash_text, public.check_chain, public.words_of, public.joined;
        DROP EXTENSION unaccent;
        """
    )


def run_statements(sql: str) -> None:
    """Run any number of statements inside the migration's transaction."""
    # SQLAlchemy prepares what it sends to asyncpg, and only one statement at a time can be prepared. It also
    # begins the transaction with the first that it sends; what goes past it must not come before that.
    op.execute("SELECT 1")
    connection = op.get_bind().connection.dbapi_connection
    assert connection is not None
    connection.run_async(lambda driver: driver.execute(sql))
