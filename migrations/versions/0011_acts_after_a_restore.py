"""Acts are told apart by their first revision: after a restore the numbers of transactions come again.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"

NOTE_ACT = """CREATE OR REPLACE FUNCTION public.note_act() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    {body}
    RETURN NULL;
END $$"""


def upgrade() -> None:
    op.execute("ALTER TABLE public.act ADD COLUMN first_revision bigint")
    op.execute(
        "UPDATE public.act SET first_revision = first.id"
        " FROM (SELECT transaction, min(id) AS id FROM public.revision GROUP BY transaction) first"
        " WHERE first.transaction = act.transaction"
    )
    op.execute(
        "ALTER TABLE public.act DROP CONSTRAINT act_pkey, ADD PRIMARY KEY (transaction, first_revision)"
    )
    op.execute(
        NOTE_ACT.format(
            body="""INSERT INTO public.act (transaction, ended, first_revision)
    VALUES (NEW.transaction, clock_timestamp(), NEW.id);"""
        )
    )


def downgrade() -> None:
    # The older form keeps one act of a number.
    op.execute(
        "DELETE FROM public.act a USING public.act later"
        " WHERE later.transaction = a.transaction AND later.first_revision > a.first_revision"
    )
    op.execute("ALTER TABLE public.act DROP CONSTRAINT act_pkey, ADD PRIMARY KEY (transaction)")
    op.execute("ALTER TABLE public.act DROP COLUMN first_revision")
    op.execute(
        NOTE_ACT.format(
            body="""INSERT INTO public.act (transaction, ended) VALUES (NEW.transaction, clock_timestamp())
    ON CONFLICT (transaction) DO UPDATE SET ended = excluded.ended;"""
        )
    )
