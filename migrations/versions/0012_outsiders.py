"""Outsiders read views in which protected agents go by their pseudonyms.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"

NAME = "CASE WHEN protected THEN pseudonym ELSE name END"
ALIASES = "CASE WHEN protected THEN '{}'::text[] ELSE aliases END"
PART_OF = "CASE WHEN protected THEN NULL::uuid ELSE part_of END"
PARTY = "CASE WHEN protected THEN id ELSE party END"
WORDS = "CASE WHEN protected THEN public.words_of(pseudonym) ELSE words END"

INDEXES = {
    "agent_outside_name_idx": f"(lower({NAME}), id)",
    "agent_outside_part_of_idx": f"(({PART_OF}))",
    "agent_outside_party_idx": f"(({PARTY}))",
    "agent_outside_words_idx": f"USING gin (({WORDS}))",
    "agent_outside_spelling_idx": (
        f"USING gin (public.spelled(({NAME}) || ' ' || public.joined({ALIASES})) public.gin_trgm_ops)"
        " WHERE NOT protected"
    ),
}

OPEN = (
    "source",
    "event",
    "question",
    "claim",
    "attribution",
    "assessment",
    "researcher",
    "status_change",
    "evidence",
)


def upgrade() -> None:
    op.execute(
        """DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sayso_outsider') THEN
        CREATE ROLE sayso_outsider NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""
    )
    op.execute(
        """DO $$ BEGIN
    IF NOT pg_has_role(current_user, 'sayso_outsider', 'SET') THEN
        EXECUTE format('GRANT sayso_outsider TO %I WITH INHERIT FALSE, SET TRUE', current_user);
    END IF;
END $$"""
    )
    op.execute("ALTER TABLE public.corroboration ADD COLUMN outside_explanation text")
    # Who was merged into a protected agent is that agent, under another name.
    op.execute("SELECT set_config('sayso.reason', 'Merged into a protected agent.', true)")
    op.execute(
        """WITH RECURSIVE below AS (
    SELECT id, pseudonym FROM public.agent WHERE protected
    UNION
    SELECT a.id, below.pseudonym FROM below JOIN public.agent a ON a.merged_into = below.id
)
UPDATE public.agent SET protected = true, pseudonym = below.pseudonym, version = version + 1
FROM below WHERE agent.id = below.id AND NOT agent.protected"""
    )
    op.execute("SELECT set_config('sayso.reason', '', true)")
    for name, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON public.agent {columns}")
    op.execute("CREATE SCHEMA outside")
    op.execute(
        f"""CREATE VIEW outside.agent AS
SELECT id, version, recorded_by, recorded_at, kind,
       {NAME} AS name,
       {ALIASES} AS aliases,
       CASE WHEN protected THEN NULL::text ELSE description END AS description,
       {PART_OF} AS part_of,
       {PARTY} AS party,
       CASE WHEN protected THEN NULL::uuid ELSE merged_into END AS merged_into,
       CASE WHEN protected THEN NULL::text ELSE wikidata_id END AS wikidata_id,
       protected,
       CASE WHEN protected THEN pseudonym END AS pseudonym,
       {WORDS} AS words
FROM public.agent"""  # noqa: S608 - of the constants above
    )
    op.execute(
        """CREATE VIEW outside.corroboration AS
SELECT claim, status, live, lines_for, lines_against, lines_exact, reports_for, reports_against, lines,
       weakest_links,
       CASE
           WHEN outside_explanation IS NOT NULL THEN outside_explanation
           WHEN EXISTS (
               SELECT FROM jsonb_array_elements_text(k.named) n(id)
               JOIN public.agent a ON a.id = n.id::uuid WHERE a.protected)
           THEN initcap(k.status) || '.'
           ELSE explanation
       END AS explanation,
       named, disagreed, rule_version, chain, origins, said
FROM public.corroboration k"""
    )
    op.execute(
        """CREATE VIEW outside.revision AS
SELECT id, transaction, at, actor, NULL::text AS reason, table_name, row_id, subject, operation,
       NULL::jsonb AS before, NULL::jsonb AS after
FROM public.revision"""
    )
    for table in OPEN:
        op.execute(f"CREATE VIEW outside.{table} AS SELECT * FROM public.{table}")  # noqa: S608 - names of ours
    op.execute("GRANT USAGE ON SCHEMA public, outside TO sayso_outsider")
    op.execute("GRANT SELECT ON ALL TABLES IN SCHEMA outside TO sayso_outsider")


def downgrade() -> None:
    # The role stays: other databases of the cluster may have it too.
    op.execute("DROP SCHEMA outside CASCADE")
    for name in INDEXES:
        op.execute(f"DROP INDEX public.{name}")
    op.execute("ALTER TABLE public.corroboration DROP COLUMN outside_explanation")
    op.execute("REVOKE USAGE ON SCHEMA public FROM sayso_outsider")
