"""Identities: by which subject an OpenID Connect provider knows a researcher.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute(
        r"""
        CREATE TABLE public.identity (
            id          uuid PRIMARY KEY DEFAULT uuidv7(),
            issuer      text NOT NULL,
            subject     text NOT NULL,
            researcher  uuid NOT NULL REFERENCES public.researcher (id),
            recorded_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT identity_issuer_not_blank_check CHECK (issuer ~ '\S'),
            CONSTRAINT identity_subject_not_blank_check CHECK (subject ~ '\S'),
            CONSTRAINT identity_issuer_length_check CHECK (octet_length(issuer) <= 1000),
            CONSTRAINT identity_subject_length_check CHECK (octet_length(subject) <= 1000)
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX identity_subject_key ON public.identity (issuer, subject)")
    op.execute("CREATE INDEX identity_researcher_idx ON public.identity (researcher)")
    op.execute(
        "CREATE TRIGGER identity_revision AFTER INSERT OR UPDATE OR DELETE ON public.identity"
        " FOR EACH ROW EXECUTE FUNCTION public.record_revision('researcher')"
    )
    op.execute(
        "CREATE TRIGGER identity_kept BEFORE TRUNCATE ON public.identity"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()"
    )


def downgrade() -> None:
    op.execute("DROP TABLE public.identity")
