"""The bounds of a claim stand with each of its hops, and in the index of an agent's hops.

Revision ID: 0033
Revises: 0032
"""

import time

from alembic import op
from sqlalchemy import text

revision = "0033"
down_revision = "0032"

# Claims whose hops are filled at once, and the share of all after which the space of old rows is used again.
BATCH = 10_000
SHARE = 5
TOLD_EVERY = 5.0  # seconds

TAKE_BOUNDS = """CREATE OR REPLACE FUNCTION public.take_bounds() RETURNS trigger
LANGUAGE plpgsql SET search_path TO pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.claim = NEW.claim THEN
        SELECT c.bounds INTO NEW.bounds FROM public.claim c WHERE c.id = NEW.claim;
    ELSE
        SELECT c.bounds INTO NEW.bounds FROM public.claim c WHERE c.id = NEW.claim FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a hop comes after its claim, and % is not there', NEW.claim
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'attribution_claim_fkey';
        END IF;
    END IF;
    RETURN NEW;
END $$"""
GIVE_BOUNDS = """CREATE OR REPLACE FUNCTION public.give_bounds() RETURNS trigger
LANGUAGE plpgsql SET search_path TO pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.attribution SET bounds = NEW.bounds WHERE claim = NEW.id;
    RETURN NULL;
END $$"""
TRIGGERS = (
    "CREATE OR REPLACE TRIGGER attribution_bounds BEFORE INSERT OR UPDATE OF claim, bounds"
    " ON public.attribution FOR EACH ROW EXECUTE FUNCTION public.take_bounds()",
    "CREATE OR REPLACE TRIGGER claim_bounds AFTER UPDATE ON public.claim FOR EACH ROW"
    " WHEN (OLD.bounds IS DISTINCT FROM NEW.bounds) EXECUTE FUNCTION public.give_bounds()",
)
# The log leaves out what is derived.
LOGGED = (
    "CREATE OR REPLACE TRIGGER attribution_revision AFTER INSERT OR UPDATE OR DELETE ON public.attribution"
    " FOR EACH ROW EXECUTE FUNCTION public.record_revision({})"
)
CHAIN = (
    "CREATE CONSTRAINT TRIGGER attribution_chain AFTER INSERT OR UPDATE{} OR DELETE ON public.attribution"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_chain()"
)
VIEW = """CREATE OR REPLACE VIEW outside.attribution AS
SELECT * FROM public.attribution t
WHERE (SELECT true FROM public.claim c WHERE c.id = t.claim AND c.hidden) IS NOT TRUE"""

LAST = text("""
SELECT id FROM (SELECT id FROM public.claim WHERE id > :after ORDER BY id LIMIT :n) ORDER BY id DESC LIMIT 1
""")
# No join: of a stretch of ids Postgres may expect one row, and would then look at all claims for each hop.
FILL = text("""
UPDATE public.attribution a SET bounds = NULL
WHERE a.claim > :after AND a.claim <= :last
  AND a.bounds IS DISTINCT FROM (SELECT c.bounds FROM public.claim c WHERE c.id = a.claim)
""")

KEY, CHAIN_INDEX = "attribution_agent_claim_hop_key", "attribution_chain_idx"
IS_READY = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
HAS_HOPS = text("SELECT EXISTS (SELECT FROM public.attribution)")
HAS_BOUNDS = text("SELECT pg_get_indexdef(to_regclass(:name)) LIKE '%(bounds)'")
REPLACE = """DO $$ BEGIN
    DROP INDEX public.{0};
    ALTER INDEX public.{0}_new RENAME TO {0};
END $$"""


def upgrade() -> None:
    """A run that was interrupted is begun again: what is filled by then is read, and not written."""
    op.execute("ALTER TABLE public.attribution ADD COLUMN IF NOT EXISTS bounds numrange")
    op.execute(LOGGED.format("'claim', 'bounds'"))
    op.execute("DROP TRIGGER IF EXISTS attribution_chain ON public.attribution")
    op.execute(CHAIN.format(" OF claim, hop"))
    op.execute(TAKE_BOUNDS)
    op.execute(GIVE_BOUNDS)
    for trigger in TRIGGERS:
        op.execute(trigger)
    op.execute(VIEW)
    # Each statement is committed by itself: who reads and writes goes on meanwhile.
    with op.get_context().autocommit_block():
        fill()
        if not op.get_bind().scalar(HAS_BOUNDS, {"name": f"public.{KEY}"}):
            # Its pages were split for new rows, each beside the old one: it has grown threefold.
            rebuild(CHAIN_INDEX, "INDEX", "(claim, hop, id) INCLUDE (agent)")
            rebuild(KEY, "UNIQUE INDEX", "(agent, claim, hop) INCLUDE (bounds)")


def downgrade() -> None:
    for table in ("claim", "attribution"):
        op.execute(f"DROP TRIGGER IF EXISTS {table}_bounds ON public.{table}")
    op.execute("DROP FUNCTION IF EXISTS public.take_bounds()")
    op.execute("DROP FUNCTION IF EXISTS public.give_bounds()")
    with op.get_context().autocommit_block():
        rebuild(KEY, "UNIQUE INDEX", "(agent, claim, hop)")
    op.execute("DROP VIEW outside.attribution")
    op.execute("ALTER TABLE public.attribution DROP COLUMN bounds")
    op.execute(VIEW)
    op.execute("GRANT SELECT ON outside.attribution TO sayso_outsider")
    op.execute("DROP TRIGGER attribution_chain ON public.attribution")
    op.execute(CHAIN.format(""))
    op.execute(LOGGED.format("'claim'"))


def fill() -> None:
    """Give every hop its claim's bounds. The trigger has the last word, so that no change is overtaken."""
    connection = op.get_bind()
    total = connection.scalar(text("SELECT count(*) FROM public.claim"))
    after, done, filled, emptied = "00000000-0000-0000-0000-000000000000", 0, 0, 0
    told = time.monotonic()
    while last := connection.scalar(LAST, {"after": after, "n": BATCH}):
        filled += connection.execute(FILL, {"after": after, "last": last}).rowcount
        after, done = last, min(done + BATCH, total)
        if time.monotonic() - told > TOLD_EVERY:
            report(f"{revision}: the hops of {done:,} of {total:,} claims have their bounds")
            told = time.monotonic()
        if (filled - emptied) * SHARE > total:
            op.execute("VACUUM public.attribution")
            emptied = filled
    if filled:
        # An index alone is read where all rows are known to be seen by all, and plans need what was counted.
        # A table that was counted while it was empty Postgres would plan to read as a whole.
        op.execute("VACUUM (ANALYZE) public.attribution")


def rebuild(name: str, kind: str, columns: str) -> None:
    """An index beside the old one, without a lock that anybody would wait for."""
    op.execute("SET maintenance_work_mem = '256MB'")
    # It waits for whoever began before, and nobody waits for it.
    op.execute("SET lock_timeout = 0")
    connection = op.get_bind()
    if not connection.scalar(IS_READY, {"name": f"public.{name}_new"}):
        if connection.scalar(HAS_HOPS):
            report(f"{revision}: building {name}, once who is at work now is done")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS public.{name}_new")
        op.execute(f"CREATE {kind} CONCURRENTLY {name}_new ON public.attribution {columns}")
    op.execute("RESET maintenance_work_mem")
    op.execute("RESET lock_timeout")
    op.execute(REPLACE.format(name))


def report(line: str) -> None:
    config = op.get_context().config
    assert config is not None, "it comes with the connection"
    config.attributes["on_progress"](line)
