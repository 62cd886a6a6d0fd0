"""The application works as a role that can only add to the log.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"

RIGHTS = {
    **dict.fromkeys(
        (
            "agent",
            "source",
            "event",
            "question",
            "claim",
            "assessment",
            "corroboration",
            "researcher",
            "token",
            "idempotency_key",
            "imported",
        ),
        "SELECT, INSERT, UPDATE",
    ),
    **dict.fromkeys(("attribution", "identity"), "SELECT, INSERT, UPDATE, DELETE"),
    **dict.fromkeys(("evidence", "redaction", "alembic_version"), "SELECT"),
    "revision": "SELECT, INSERT (actor, reason, table_name, row_id, subject, operation, before, after)",
    "act": "SELECT, INSERT",
    "status_change": (
        "SELECT, INSERT (claim, status, lines_for, lines_against, reports_for, reports_against, revision)"
    ),
    "sealed_revision": "SELECT, INSERT (position, revision, seed, hash)",
    "seal": "SELECT, INSERT",
    "SEQUENCE revision_id_seq": "SELECT",
    "SEQUENCE seal_id_seq": "USAGE",
}


def upgrade() -> None:
    op.execute(
        """DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sayso_writer') THEN
        CREATE ROLE sayso_writer NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""
    )
    op.execute(
        """DO $$ BEGIN
    IF NOT pg_has_role(current_user, 'sayso_writer', 'SET') THEN
        EXECUTE format('GRANT sayso_writer TO %I WITH INHERIT FALSE, SET TRUE', current_user);
    END IF;
END $$"""
    )
    op.execute("GRANT USAGE ON SCHEMA public TO sayso_writer")
    for relation, rights in RIGHTS.items():
        kind, _, name = relation.rpartition(" ")
        op.execute(f"GRANT {rights} ON {kind} public.{name} TO sayso_writer")


def downgrade() -> None:
    # The role stays: other databases of the cluster may have it too.
    op.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM sayso_writer")
    op.execute("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM sayso_writer")
    for table in ("revision", "status_change", "sealed_revision"):
        op.execute(f"REVOKE ALL ON public.{table} FROM sayso_writer")
    op.execute("REVOKE USAGE ON SCHEMA public FROM sayso_writer")
