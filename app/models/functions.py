"""SQL functions, triggers and views, created and dropped with the tables.

They are part of the schema: psql, a migration and a service meet the same rules.
"""

from __future__ import annotations

from sqlalchemy import DDL, MetaData, event

from app.models import hops
from app.models.evidence import EVIDENCE
from app.models.log import LOG, LOG_DROPPED, LOGGED_TABLES
from app.models.outsiders import OUTSIDE
from app.models.roles import MAKE_ROLES, WRITING
from app.models.stretches import FUNCTIONS as STRETCHES

EXTENSIONS = (
    "CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public",
)

# The words of a text, for search: of its first million characters, or of as many as fit, for a tsvector holds
# 1 MiB. Postgres's parser takes time by the square of a run without spaces (a_a_a_…, 1a@1a@…) and of what
# follows an open <!--: runs are broken and comments opened, or a megabyte of either would take minutes.
WORDS_OF = r"""CREATE FUNCTION public.words_of(content text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
    read text := public.unaccent('public.unaccent'::regdictionary, left(content, 1000000));
BEGIN
    read := regexp_replace(replace(read, '<!--', ' '), '(\S{100})', '\1 ', 'g');
    LOOP
        BEGIN
            RETURN to_tsvector('simple'::regconfig, read);
        EXCEPTION WHEN program_limit_exceeded THEN
            read := left(read, length(read) / 2);
        END;
    END LOOP;
END $$"""

# A name or a title as near spellings are looked for in it; pg_trgm sets capitals aside by itself. Not
# PARALLEL SAFE: a search would be given workers, whose start takes ten times as long as the search.
SPELLED = """CREATE FUNCTION public.spelled(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT
RETURN public.unaccent('public.unaccent'::regdictionary, left(name, 1000))"""

# Used by generated columns, hence IMMUTABLE and qualified: a restore runs with an empty search_path.
BEFORE_TABLES = (
    """CREATE FUNCTION public.joined(words text[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_to_string(words, ' ')""",
    WORDS_OF,
    SPELLED,
    *STRETCHES,
)

# The predicates of docs/corroboration.md, "Words", on answers to one question. NULL where there is no answer.
PREDICATES = (
    """CREATE FUNCTION public.answer_backs(
    d_bounds numrange, d_modality text, d_polarity text, c_bounds numrange, c_modality text, c_polarity text
) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (d_bounds <@ c_bounds)
    OR (d_bounds && c_bounds
        AND d_modality NOT IN ('AT_LEAST', 'AT_MOST') AND c_modality NOT IN ('AT_LEAST', 'AT_MOST'))
    OR (d_polarity = c_polarity)""",
    """CREATE FUNCTION public.answer_conflicts(
    d_bounds numrange, d_polarity text, c_bounds numrange, c_polarity text
) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (NOT (d_bounds && c_bounds)) OR (d_polarity <> c_polarity)""",
)

EVIDENCE_VIEW = "CREATE VIEW public.evidence AS" + EVIDENCE

# EXCEPT, not a join of what stood with what stands: its plan is kept, and for one row that would be a loop.
RECORD_STATUS_CHANGE = """CREATE FUNCTION public.record_status_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    cause bigint := public.own_revision();
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.status_change
            (claim, status, lines_for, lines_against, reports_for, reports_against, revision)
        SELECT claim, status, lines_for, lines_against, reports_for, reports_against, cause
        FROM new_rows ORDER BY claim;
    ELSE
        INSERT INTO public.status_change
            (claim, status, lines_for, lines_against, reports_for, reports_against, revision)
        SELECT changed.*, cause FROM (
            SELECT claim, status, lines_for, lines_against, reports_for, reports_against FROM new_rows
            EXCEPT
            SELECT claim, status, lines_for, lines_against, reports_for, reports_against FROM old_rows
        ) AS changed ORDER BY claim;
    END IF;
    RETURN NULL;
END $$"""

# Once for each transaction, however many rows: Postgres drops a notice that is the same. The channel is that
# of app/database/changes.py.
ANNOUNCE_CHANGE = """CREATE FUNCTION public.announce_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('sayso_change', pg_current_xact_id()::text);
    RETURN NULL;
END $$"""

# What was read before may be under way to somebody. In place of a number: a server that does not know the
# word takes it for any change.
ANNOUNCE_HIDING = """CREATE FUNCTION public.announce_hiding() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('sayso_change', 'hidden');
    RETURN NULL;
END $$"""

HASH_TEXT = """CREATE FUNCTION public.hash_text() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.text_sha256 := encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex');
    RETURN NEW;
END $$"""

# Outsiders see no source that is restricted, or that is a later version or a reprint of one they do not see.
# Links of sources and `restricted` change under the lock of the structure, alone.
HIDE_SOURCE = """CREATE FUNCTION public.hide_source() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.hidden := NEW.restricted OR EXISTS (
        SELECT FROM public.source s WHERE s.id IN (NEW.reprints, NEW.revises) AND s.hidden);
    RETURN NEW;
END $$"""

HIDE_CLAIM = """CREATE FUNCTION public.hide_claim() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.hidden := NEW.restricted OR EXISTS (
        SELECT FROM public.source s WHERE s.id = NEW.source AND s.hidden);
    RETURN NEW;
END $$"""

# To say again what stands makes the triggers above look again, down to where nothing changes.
HIDE_WHAT_FOLLOWS = """CREATE FUNCTION public.hide_what_follows() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    changed uuid[];
BEGIN
    IF TG_LEVEL = 'ROW' THEN
        changed := ARRAY[NEW.id];
    ELSE
        changed := ARRAY(
            SELECT id FROM new_rows n JOIN old_rows o USING (id) WHERE o.hidden IS DISTINCT FROM n.hidden);
    END IF;
    IF cardinality(changed) > 0 THEN
        UPDATE public.source SET restricted = restricted
        WHERE reprints = ANY(changed) OR revises = ANY(changed);
        UPDATE public.claim SET restricted = restricted WHERE source = ANY(changed);
    END IF;
    RETURN NULL;
END $$"""

# In psql nobody works out what outsiders are told of the claims that these stand for or against. Until
# `sayso recompute` that is the status, and how many lines there are. No explanation is the status alone.
FORGET_OUTSIDE = """CREATE FUNCTION public.forget_outside() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    changed uuid[] := ARRAY(
        SELECT id FROM new_rows n JOIN old_rows o USING (id) WHERE o.hidden IS DISTINCT FROM n.hidden);
    affected uuid[];
BEGIN
    IF cardinality(changed) = 0 THEN RETURN NULL; END IF;
    IF TG_TABLE_NAME = 'claim' THEN
        UPDATE public.corroboration k SET hidden = c.hidden
        FROM public.claim c WHERE c.id = k.claim AND k.claim = ANY(changed);
        affected := ARRAY(
            SELECT unnest(changed)
            UNION SELECT c.id FROM public.claim c WHERE c.question_root IN (
                SELECT d.question_root FROM public.claim d WHERE d.id = ANY(changed))
            UNION SELECT a.claim FROM public.assessment a WHERE a.evidence_claim = ANY(changed));
    ELSE
        affected := ARRAY(SELECT a.claim FROM public.assessment a WHERE a.evidence_source = ANY(changed));
    END IF;
    UPDATE public.corroboration k
    SET outside_explanation = initcap(k.status) || '.',
        outside_weakest_links = '[]',
        outside_lines = (
            SELECT jsonb_object_agg(side.key, (
                SELECT coalesce(jsonb_agg('[]'::jsonb), '[]') FROM jsonb_array_elements(side.value)))
            FROM jsonb_each(k.lines) side)
    WHERE k.claim = ANY(affected)
      AND k.outside_explanation IS DISTINCT FROM initcap(k.status) || '.';
    RETURN NULL;
END $$"""

# An explanation may name several agents, and have the pseudonyms of some of them already.
FORGET_EXPLANATIONS = """CREATE FUNCTION public.forget_explanations() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.corroboration k SET outside_explanation = initcap(k.status) || '.'
    WHERE k.named @> to_jsonb(NEW.id::text)
      AND k.outside_explanation IS DISTINCT FROM initcap(k.status) || '.';
    RETURN NULL;
END $$"""

# Sayso writes no row without a digest that differs. Who changes one in psql, or with an older Sayso, says
# nothing of its digests: without them the row is written again when its question is decided next.
FORGET_DIGESTS = """CREATE FUNCTION public.forget_digests() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.digest := NULL;
    NEW.lines_digest := NULL;
    RETURN NEW;
END $$"""

# At the end of the transaction: an ATTRIBUTED claim has hops 1, 2, 3 …, any other has none.
CHECK_CHAIN = """CREATE FUNCTION public.check_chain() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    claims uuid[];
    claim_id uuid;
    wanted text;
    hops integer;
    last_hop integer;
BEGIN
    IF TG_TABLE_NAME = 'claim' THEN claims := ARRAY[NEW.id];
    ELSIF TG_OP = 'INSERT' THEN claims := ARRAY[NEW.claim];
    ELSIF TG_OP = 'DELETE' THEN claims := ARRAY[OLD.claim];
    ELSE claims := ARRAY[OLD.claim, NEW.claim];
    END IF;
    FOREACH claim_id IN ARRAY claims LOOP
        SELECT basis INTO wanted FROM public.claim WHERE id = claim_id;
        SELECT count(DISTINCT hop), coalesce(max(hop), 0) INTO hops, last_hop
        FROM public.attribution WHERE claim = claim_id;
        IF (wanted = 'ATTRIBUTED') <> (hops > 0) OR hops <> last_hop THEN
            RAISE EXCEPTION 'the chain of claim % is not whole', claim_id USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END $$"""

# The tables that queries show, but for those that change only together with one of these; and which updates
# of them are heard. When a token was last used is noted every minute: it would make all kept answers old.
ANNOUNCED_TABLES = {
    **dict.fromkeys((table for table in LOGGED_TABLES if table != "identity"), "UPDATE"),
    "corroboration": "UPDATE",
    "seal": "UPDATE",
    "token": "UPDATE OF name, role, expires_at, revoked_at",
}

# Table → what of it is shown no more: to outsiders, or what is redacted to anybody.
HIDING = {
    "agent": "UPDATE ON public.agent FOR EACH ROW WHEN (NEW.protected AND NOT OLD.protected)",
    "source": "UPDATE ON public.source FOR EACH ROW WHEN (NEW.hidden AND NOT OLD.hidden)",
    "claim": "UPDATE ON public.claim FOR EACH ROW WHEN (NEW.hidden AND NOT OLD.hidden)",
    "redaction": "INSERT ON public.redaction FOR EACH STATEMENT",
}

# What is changed in psql is changed by nobody.
_NOBODY = "coalesce(current_setting('sayso.actor', true), '') = ''"
_BOTH_ROWS = " REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT"


def _forgetting_trigger(table: str) -> str:
    # Sayso names an actor, and works it out itself.
    return (
        f"CREATE TRIGGER {table}_forgets AFTER UPDATE ON public.{table}{_BOTH_ROWS}"
        f" WHEN ({_NOBODY}) EXECUTE FUNCTION public.forget_outside()"
    )


def _announcing_trigger(table: str, update: str) -> str:
    return (
        f"CREATE TRIGGER {table}_announced AFTER INSERT OR {update} OR DELETE OR TRUNCATE ON public.{table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change()"
    )


# Whoever sends statements decides where names are looked up, and may have a type of their own under a name of
# Postgres's: with a `jsonb` that keeps 63 bytes, a change looked like none. Not so in these functions.
KEPT_PATH = "pg_catalog, public, pg_temp"
TRIGGERED = (
    *("record_revision", "refuse_change", "note_act", "keep_log", "keep_revision", "keep_link"),
    *(
        "record_status_change",
        "announce_change",
        "announce_hiding",
        "hash_text",
        "hide_source",
        "hide_claim",
        "hide_what_follows",
    ),
    *("forget_outside", "forget_explanations", "forget_digests", "check_chain"),
    *("take_bounds", "give_bounds"),
)
# They write the log with the rights of its owner: nobody else has any to. Nor may anybody else have them
# called, by a trigger on a table of their own.
OWNERS = ("record_revision", "note_act", "record_status_change")

AFTER_TABLES = (
    *PREDICATES,
    EVIDENCE_VIEW,
    *LOG,
    RECORD_STATUS_CHANGE,
    ANNOUNCE_CHANGE,
    ANNOUNCE_HIDING,
    HASH_TEXT,
    HIDE_SOURCE,
    HIDE_CLAIM,
    HIDE_WHAT_FOLLOWS,
    FORGET_OUTSIDE,
    FORGET_EXPLANATIONS,
    FORGET_DIGESTS,
    CHECK_CHAIN,
    *hops.FUNCTIONS,
    *(_announcing_trigger(table, update) for table, update in ANNOUNCED_TABLES.items()),
    *(
        f"CREATE TRIGGER {table}_hiding AFTER {hides} EXECUTE FUNCTION public.announce_hiding()"
        for table, hides in HIDING.items()
    ),
    "CREATE TRIGGER source_text_sha256 BEFORE INSERT OR UPDATE OF text, text_sha256 ON public.source"
    " FOR EACH ROW EXECUTE FUNCTION public.hash_text()",
    "CREATE TRIGGER source_hidden BEFORE INSERT OR UPDATE OF restricted, hidden, reprints, revises"
    " ON public.source FOR EACH ROW EXECUTE FUNCTION public.hide_source()",
    f"CREATE TRIGGER source_hides AFTER UPDATE ON public.source{_BOTH_ROWS}"
    " EXECUTE FUNCTION public.hide_what_follows()",
    # Many sources come in one statement, a reprint before what it reprints.
    "CREATE TRIGGER source_hides_first AFTER INSERT ON public.source FOR EACH ROW"
    " WHEN (NEW.hidden) EXECUTE FUNCTION public.hide_what_follows()",
    "CREATE TRIGGER claim_hidden BEFORE INSERT OR UPDATE OF restricted, hidden, source"
    " ON public.claim FOR EACH ROW EXECUTE FUNCTION public.hide_claim()",
    *(_forgetting_trigger(table) for table in ("source", "claim")),
    "CREATE TRIGGER agent_forgets AFTER UPDATE OF protected ON public.agent FOR EACH ROW"
    f" WHEN (NEW.protected AND NOT OLD.protected AND {_NOBODY})"
    " EXECUTE FUNCTION public.forget_explanations()",
    "CREATE TRIGGER corroboration_first AFTER INSERT ON public.corroboration"
    " REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.record_status_change()",
    f"CREATE TRIGGER corroboration_change AFTER UPDATE ON public.corroboration{_BOTH_ROWS}"
    " EXECUTE FUNCTION public.record_status_change()",
    "CREATE TRIGGER corroboration_altered BEFORE UPDATE ON public.corroboration FOR EACH ROW"
    " WHEN (OLD.digest IS NOT NULL"
    " AND (OLD.digest, OLD.lines_digest) IS NOT DISTINCT FROM (NEW.digest, NEW.lines_digest))"
    " EXECUTE FUNCTION public.forget_digests()",
    "CREATE CONSTRAINT TRIGGER claim_chain AFTER INSERT OR UPDATE OF basis ON public.claim"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_chain()",
    "CREATE CONSTRAINT TRIGGER attribution_chain AFTER INSERT OR UPDATE OF claim, hop OR DELETE"
    " ON public.attribution DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_chain()",
    *hops.TRIGGERS,
    *(f"ALTER FUNCTION public.{name}() SET search_path TO {KEPT_PATH}" for name in TRIGGERED),
    *(f"REVOKE EXECUTE ON FUNCTION public.{name}() FROM PUBLIC" for name in OWNERS),
    *MAKE_ROLES,
    *OUTSIDE,
    *WRITING,
)

# The roles stay: other databases of the cluster may have them too.
DROPPED_FIRST = ("DROP SCHEMA IF EXISTS outside CASCADE", "DROP VIEW IF EXISTS public.evidence")
DROPPED_LAST = (
    *LOG_DROPPED,
    "DROP FUNCTION IF EXISTS public.answer_backs(numrange, text, text, numrange, text, text)",
    "DROP FUNCTION IF EXISTS public.answer_conflicts(numrange, text, numrange, text)",
    "DROP FUNCTION IF EXISTS public.record_status_change()",
    "DROP FUNCTION IF EXISTS public.announce_change()",
    "DROP FUNCTION IF EXISTS public.announce_hiding()",
    "DROP FUNCTION IF EXISTS public.hash_text()",
    "DROP FUNCTION IF EXISTS public.hide_source()",
    "DROP FUNCTION IF EXISTS public.hide_claim()",
    "DROP FUNCTION IF EXISTS public.hide_what_follows()",
    "DROP FUNCTION IF EXISTS public.forget_outside()",
    "DROP FUNCTION IF EXISTS public.forget_explanations()",
    "DROP FUNCTION IF EXISTS public.forget_digests()",
    "DROP FUNCTION IF EXISTS public.check_chain()",
    *hops.DROPPED,
    "DROP FUNCTION IF EXISTS public.words_of(text)",
    "DROP FUNCTION IF EXISTS public.spelled(text)",
    "DROP FUNCTION IF EXISTS public.joined(text[])",
    "DROP EXTENSION IF EXISTS unaccent",
    "DROP EXTENSION IF EXISTS pg_trgm",
)


def install_functions(metadata: MetaData) -> None:
    """Hang every statement above on the creation and the dropping of the metadata's tables."""

    def listen(moment: str, statements: tuple[str, ...]) -> None:
        for statement in statements:
            event.listen(metadata, moment, DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # DDL has no types

    listen("before_create", EXTENSIONS + BEFORE_TABLES)
    listen("after_create", AFTER_TABLES)
    listen("before_drop", DROPPED_FIRST)
    listen("after_drop", DROPPED_LAST)
