-- The schema that migrations/ build and app/models describe, as pg_dump writes it. Not written by hand:
--     python -m tests.migrations.write_schema

--
-- PostgreSQL database dump
--

\restrict sayso


SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: outside; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA outside;


--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;


--
-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';


--
-- Name: unaccent; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;


--
-- Name: EXTENSION unaccent; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION unaccent IS 'text search dictionary that removes accents';


--
-- Name: announce_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.announce_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM pg_notify('sayso_change', pg_current_xact_id()::text);
    RETURN NULL;
END $$;


--
-- Name: announce_hiding(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.announce_hiding() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    PERFORM pg_notify('sayso_change', 'hidden');
    RETURN NULL;
END $$;


--
-- Name: answer_backs(numrange, text, text, numrange, text, text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.answer_backs(d_bounds numrange, d_modality text, d_polarity text, c_bounds numrange, c_modality text, c_polarity text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((d_bounds <@ c_bounds) OR ((d_bounds && c_bounds) AND (d_modality <> ALL (ARRAY['AT_LEAST'::text, 'AT_MOST'::text])) AND (c_modality <> ALL (ARRAY['AT_LEAST'::text, 'AT_MOST'::text]))) OR (d_polarity = c_polarity));


--
-- Name: answer_conflicts(numrange, text, numrange, text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.answer_conflicts(d_bounds numrange, d_polarity text, c_bounds numrange, c_polarity text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((NOT (d_bounds && c_bounds)) OR (d_polarity <> c_polarity));


--
-- Name: check_chain(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.check_chain() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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
END $$;


--
-- Name: erases_only(jsonb, jsonb); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.erases_only(old_image jsonb, new_image jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (((old_image IS NULL) = (new_image IS NULL)) AND (NOT (EXISTS (SELECT 1 FROM (jsonb_each(erases_only.old_image) o(name, value) FULL JOIN jsonb_each(erases_only.new_image) n(name, value) ON ((o.name = n.name))) WHERE ((o.value IS DISTINCT FROM n.value) AND ((o.name IS NULL) OR (n.value IS DISTINCT FROM '"[redacted]"'::jsonb)))))));


--
-- Name: figure_of(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.figure_of(word text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((ascii(word) >= 48) AND (ascii(word) <= 57)) THEN (("right"(regexp_replace(word, '[^0-9]'::text, ''::text, 'g'::text), 9))::integer % 1024) ELSE NULL::integer END;


--
-- Name: forget_digests(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.forget_digests() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.digest := NULL;
    NEW.lines_digest := NULL;
    RETURN NEW;
END $$;


--
-- Name: forget_explanations(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.forget_explanations() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE public.corroboration k SET outside_explanation = initcap(k.status) || '.'
    WHERE k.named @> to_jsonb(NEW.id::text)
      AND k.outside_explanation IS DISTINCT FROM initcap(k.status) || '.';
    RETURN NULL;
END $$;


--
-- Name: forget_outside(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.forget_outside() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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
END $$;


--
-- Name: give_bounds(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.give_bounds() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE public.attribution SET bounds = NEW.bounds WHERE claim = NEW.id;
    RETURN NULL;
END $$;


--
-- Name: hash_text(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.hash_text() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.text_sha256 := encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex');
    RETURN NEW;
END $$;


--
-- Name: hide_claim(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.hide_claim() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.hidden := NEW.restricted OR EXISTS (
        SELECT FROM public.source s WHERE s.id = NEW.source AND s.hidden);
    RETURN NEW;
END $$;


--
-- Name: hide_source(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.hide_source() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    NEW.hidden := NEW.restricted OR EXISTS (
        SELECT FROM public.source s WHERE s.id IN (NEW.reprints, NEW.revises) AND s.hidden);
    RETURN NEW;
END $$;


--
-- Name: hide_what_follows(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.hide_what_follows() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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
END $$;


--
-- Name: joined(text[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.joined(words text[]) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN array_to_string(words, ' '::text);


--
-- Name: keep_link(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_link() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    IF (NEW.position, NEW.revision, NEW.hash) IS DISTINCT FROM (OLD.position, OLD.revision, OLD.hash)
        OR NEW.seed IS NOT NULL
    THEN
        RAISE EXCEPTION 'of a link only the seed is ever erased' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;


--
-- Name: keep_log(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_log() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    IF coalesce(current_setting('sayso.redaction', true), '') = '' THEN
        RAISE EXCEPTION '% of the table % is refused: nothing recorded is lost', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;


--
-- Name: keep_revision(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.keep_revision() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    IF (to_jsonb(NEW) - ARRAY['before', 'after', 'reason'])
           IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['before', 'after', 'reason'])
        OR NOT public.erases_only(OLD.before, NEW.before) OR NOT public.erases_only(OLD.after, NEW.after)
        OR (NEW.reason IS DISTINCT FROM OLD.reason AND NEW.reason IS DISTINCT FROM '[redacted]')
        OR NOT EXISTS (
            SELECT FROM public.redaction r
            WHERE r.id::text = current_setting('sayso.redaction', true) AND r.row_id = OLD.row_id)
    THEN
        RAISE EXCEPTION 'a revision is only ever redacted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;


--
-- Name: newest_stretches(integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.newest_stretches(wanted integer) RETURNS integer[]
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    held real := (SELECT c.reltuples FROM pg_catalog.pg_class c WHERE c.oid = 'public.claim'::regclass);
    oldest timestamptz;
    newest timestamptz;
    span float8;
    level integer := 0;
    seconds integer := 21600;
BEGIN
    IF held < 2 * wanted THEN RETURN NULL; END IF;
    oldest := (SELECT r.recorded_at FROM claim r ORDER BY r.id LIMIT 1);
    newest := (SELECT r.recorded_at FROM claim r ORDER BY r.id DESC LIMIT 1);
    span := date_part('epoch', newest - oldest) * wanted / held;
    WHILE level < 2 AND span > 16 * seconds LOOP
        level := level + 1;
        seconds := 16 * seconds;
    END LOOP;
    RETURN ARRAY(
        SELECT (public.stretches_of(newest))[level + 1] - 3 * n
        FROM generate_series(-1, ceil(span / seconds)::integer) n);
END $$;


--
-- Name: note_act(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.note_act() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    INSERT INTO public.act (first_revision) VALUES (NEW.id);
    RETURN NULL;
END $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: revision; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.revision (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    actor uuid,
    reason text,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    subject uuid NOT NULL,
    operation text NOT NULL,
    before jsonb,
    after jsonb,
    transaction text DEFAULT (pg_current_xact_id())::text NOT NULL,
    CONSTRAINT revision_operation_check CHECK ((operation = ANY (ARRAY['INSERT'::text, 'UPDATE'::text, 'DELETE'::text])))
);


--
-- Name: own_revision(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.own_revision() RETURNS bigint
    LANGUAGE sql STABLE
    RETURN (SELECT r.id FROM public.revision r WHERE ((r.id = (NULLIF(current_setting('sayso.revision'::text, true), ''::text))::bigint) AND (r.transaction = (pg_current_xact_id())::text) AND (r.at = now())));


--
-- Name: record_revision(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.record_revision() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
DECLARE
    old_row jsonb;
    new_row jsonb;
    revision_id bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD) - TG_ARGV[1:]; END IF;
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW) - TG_ARGV[1:]; END IF;
    IF old_row IS NOT DISTINCT FROM new_row THEN RETURN NULL; END IF;
    IF public.own_revision() IS NULL THEN PERFORM set_config('sayso.revision', '', true); END IF;
    INSERT INTO public.revision (actor, reason, table_name, row_id, subject, operation, before, after)
    VALUES (
        nullif(current_setting('sayso.actor', true), '')::uuid,
        nullif(current_setting('sayso.reason', true), ''),
        TG_TABLE_NAME,
        (coalesce(new_row, old_row) ->> 'id')::uuid,
        (coalesce(new_row, old_row) ->> TG_ARGV[0])::uuid,
        TG_OP, old_row, new_row)
    RETURNING id INTO revision_id;
    PERFORM set_config('sayso.revision', revision_id::text, true);
    RETURN NULL;
END $$;


--
-- Name: record_status_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.record_status_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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
END $$;


--
-- Name: refuse_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION '% of the table % is refused: nothing recorded is lost', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;


--
-- Name: spelled(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.spelled(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
    RETURN public.unaccent('public.unaccent'::regdictionary, "left"(name, 1000));


--
-- Name: stretches_asked(integer[], tsquery); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.stretches_asked(stretches integer[], words tsquery) RETURNS integer[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
DECLARE
    spelled text := words::text;
    word text;
    longest text := '';
    asked integer[] := '{}';
    stretch integer;
BEGIN
    IF spelled ~ $q$[|!]|''$q$ THEN RETURN stretches; END IF;
    FOREACH word IN ARRAY string_to_array(spelled, $q$'$q$) LOOP
        IF length(word) > length(longest) AND public.figure_of(word) IS NOT NULL THEN longest := word; END IF;
    END LOOP;
    IF longest = '' THEN RETURN stretches; END IF;
    FOREACH stretch IN ARRAY stretches LOOP
        asked := array_append(asked, -1 - public.figure_of(longest) - 1024 * stretch);
    END LOOP;
    RETURN asked;
END $_$;


--
-- Name: stretches_of(timestamp with time zone); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.stretches_of(at timestamp with time zone) RETURNS integer[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY[((floor((date_part('epoch'::text, at) / (21600)::double precision)))::integer * 3), (((floor((date_part('epoch'::text, at) / (345600)::double precision)))::integer * 3) + 1), (((floor((date_part('epoch'::text, at) / (5529600)::double precision)))::integer * 3) + 2)];


--
-- Name: stretches_of(timestamp with time zone, tsvector); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.stretches_of(at timestamp with time zone, words tsvector) RETURNS integer[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
DECLARE
    stretches integer[] := public.stretches_of(at);
    found integer[] := stretches;
    word text;
    figure integer;
    stretch integer;
BEGIN
    FOREACH word IN ARRAY tsvector_to_array(words) LOOP
        figure := public.figure_of(word);
        IF figure IS NOT NULL THEN
            FOREACH stretch IN ARRAY stretches LOOP
                found := array_append(found, -1 - figure - 1024 * stretch);
            END LOOP;
        END IF;
    END LOOP;
    RETURN found;
END $$;


--
-- Name: take_bounds(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.take_bounds() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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
END $$;


--
-- Name: words_of(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.words_of(content text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT
    AS $$
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
END $$;


--
-- Name: agent; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.agent (
    id uuid DEFAULT uuidv7() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    aliases text[] DEFAULT '{}'::text[] NOT NULL,
    description text,
    part_of uuid,
    party uuid NOT NULL,
    merged_into uuid,
    wikidata_id text,
    protected boolean DEFAULT false NOT NULL,
    pseudonym text,
    words tsvector GENERATED ALWAYS AS (public.words_of(public.joined((aliases || ARRAY[name, COALESCE(description, ''::text)])))) STORED,
    CONSTRAINT agent_aliases_not_null_check CHECK ((array_position(aliases, NULL::text) IS NULL)),
    CONSTRAINT agent_kind_check CHECK ((kind = ANY (ARRAY['PERSON'::text, 'ORGANIZATION'::text, 'GOVERNMENT'::text, 'ARMED_GROUP'::text, 'OUTLET'::text, 'AGENCY'::text, 'ACCOUNT'::text, 'UNNAMED'::text]))),
    CONSTRAINT agent_merged_into_another_check CHECK ((merged_into <> id)),
    CONSTRAINT agent_name_length_check CHECK ((octet_length(lower(name)) <= 2048)),
    CONSTRAINT agent_name_not_blank_check CHECK ((name ~ '\S'::text)),
    CONSTRAINT agent_part_of_another_check CHECK ((part_of <> id)),
    CONSTRAINT agent_protected_has_pseudonym_check CHECK (((NOT protected) OR (pseudonym IS NOT NULL))),
    CONSTRAINT agent_wikidata_id_check CHECK ((wikidata_id ~ '^Q[1-9][0-9]{0,15}$'::text))
);


--
-- Name: agent; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.agent AS
 SELECT id,
    version,
    recorded_by,
    recorded_at,
    kind,
        CASE
            WHEN protected THEN pseudonym
            ELSE name
        END AS name,
        CASE
            WHEN protected THEN '{}'::text[]
            ELSE aliases
        END AS aliases,
        CASE
            WHEN protected THEN NULL::text
            ELSE description
        END AS description,
        CASE
            WHEN protected THEN NULL::uuid
            ELSE part_of
        END AS part_of,
        CASE
            WHEN protected THEN id
            ELSE party
        END AS party,
        CASE
            WHEN protected THEN NULL::uuid
            ELSE merged_into
        END AS merged_into,
        CASE
            WHEN protected THEN NULL::text
            ELSE wikidata_id
        END AS wikidata_id,
    protected,
        CASE
            WHEN protected THEN pseudonym
            ELSE NULL::text
        END AS pseudonym,
        CASE
            WHEN protected THEN public.words_of(pseudonym)
            ELSE words
        END AS words
   FROM public.agent;


--
-- Name: assessment; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.assessment (
    id uuid DEFAULT uuidv7() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    claim uuid NOT NULL,
    evidence_claim uuid,
    evidence_source uuid,
    stance text NOT NULL,
    rationale text NOT NULL,
    credibility integer,
    withdrawn_at timestamp with time zone,
    withdrawn_by uuid,
    withdrawal_reason text,
    CONSTRAINT assessment_credibility_check CHECK (((credibility >= 1) AND (credibility <= 6))),
    CONSTRAINT assessment_not_by_itself_check CHECK ((evidence_claim <> claim)),
    CONSTRAINT assessment_one_evidence_check CHECK ((num_nonnulls(evidence_claim, evidence_source) = 1)),
    CONSTRAINT assessment_rationale_not_blank_check CHECK ((rationale ~ '\S'::text)),
    CONSTRAINT assessment_stance_check CHECK ((stance = ANY (ARRAY['SUPPORTS'::text, 'CONTRADICTS'::text, 'CONTEXT'::text, 'ABSENT'::text]))),
    CONSTRAINT assessment_withdrawal_is_whole_check CHECK ((((withdrawn_at IS NULL) = (withdrawn_by IS NULL)) AND ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))))
);


--
-- Name: claim; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.claim (
    id uuid DEFAULT uuidv7() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    source uuid NOT NULL,
    question uuid,
    question_kind text,
    question_root uuid,
    statement text NOT NULL,
    quote_exact text NOT NULL,
    quote_prefix text,
    quote_suffix text,
    quote_start integer,
    quote_end integer,
    quote_status text DEFAULT 'UNCHECKED'::text NOT NULL,
    basis text NOT NULL,
    polarity text,
    quantity_text text,
    modality text,
    bounds numrange,
    bounds_given boolean,
    asserted_text text,
    asserted tstzrange,
    note text,
    retracted_text text,
    retracted tstzrange,
    retraction_reason text,
    retraction_url text,
    retraction_recorded_by uuid,
    retraction_recorded_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    withdrawn_by uuid,
    withdrawal_reason text,
    words tsvector GENERATED ALWAYS AS (public.words_of(((statement || ' '::text) || quote_exact))) STORED,
    restricted boolean DEFAULT false NOT NULL,
    hidden boolean DEFAULT false NOT NULL,
    CONSTRAINT claim_asserted_moment_check CHECK ((((asserted IS NULL) = (asserted_text IS NULL)) AND (NOT isempty(asserted)) AND (NOT lower_inf(asserted)) AND (NOT upper_inf(asserted)))),
    CONSTRAINT claim_basis_check CHECK ((basis = ANY (ARRAY['ATTRIBUTED'::text, 'FIRSTHAND'::text, 'UNATTRIBUTED'::text]))),
    CONSTRAINT claim_modality_check CHECK ((modality = ANY (ARRAY['EXACT'::text, 'AT_LEAST'::text, 'AT_MOST'::text, 'APPROXIMATE'::text, 'BETWEEN'::text, 'VAGUE'::text]))),
    CONSTRAINT claim_polarity_answers_check CHECK (((polarity IS NOT NULL) = (COALESCE(question_kind, ''::text) = 'YES_NO'::text))),
    CONSTRAINT claim_polarity_check CHECK ((polarity = ANY (ARRAY['ASSERTS'::text, 'DENIES'::text]))),
    CONSTRAINT claim_quantity_answers_check CHECK (((bounds IS NOT NULL) = (COALESCE(question_kind, ''::text) = 'QUANTITY'::text))),
    CONSTRAINT claim_quantity_is_whole_check CHECK ((((bounds IS NULL) = (quantity_text IS NULL)) AND ((bounds IS NULL) = (modality IS NULL)) AND ((bounds IS NULL) = (bounds_given IS NULL)) AND (NOT isempty(bounds)))),
    CONSTRAINT claim_question_check CHECK ((((question IS NULL) = (question_kind IS NULL)) AND ((question IS NULL) = (question_root IS NULL)))),
    CONSTRAINT claim_quote_not_empty_check CHECK ((quote_exact <> ''::text)),
    CONSTRAINT claim_quote_position_check CHECK ((((quote_start IS NULL) = (quote_end IS NULL)) AND (quote_start >= 0) AND ((quote_end - quote_start) = char_length(quote_exact)))),
    CONSTRAINT claim_quote_status_check CHECK ((quote_status = ANY (ARRAY['PRESENT'::text, 'MOVED'::text, 'ORPHANED'::text, 'UNCHECKED'::text]))),
    CONSTRAINT claim_retracted_moment_check CHECK ((((retracted IS NULL) = (retracted_text IS NULL)) AND (NOT isempty(retracted)) AND (NOT lower_inf(retracted)) AND (NOT upper_inf(retracted)))),
    CONSTRAINT claim_retraction_is_whole_check CHECK ((((retracted IS NULL) = (retraction_reason IS NULL)) AND ((retracted IS NULL) = (retraction_recorded_by IS NULL)) AND ((retracted IS NULL) = (retraction_recorded_at IS NULL)))),
    CONSTRAINT claim_statement_not_blank_check CHECK ((statement ~ '\S'::text)),
    CONSTRAINT claim_withdrawal_is_whole_check CHECK ((((withdrawn_at IS NULL) = (withdrawn_by IS NULL)) AND ((withdrawn_at IS NULL) = (withdrawal_reason IS NULL))))
);


--
-- Name: source; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.source (
    id uuid DEFAULT uuidv7() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    kind text NOT NULL,
    publisher uuid,
    title text NOT NULL,
    url text,
    byline text,
    language text,
    published_text text,
    published tstzrange,
    retrieved_at timestamp with time zone,
    media_type text,
    text text,
    text_sha256 text,
    archive_url text,
    reprints uuid,
    revises uuid,
    newest_version uuid NOT NULL,
    note text,
    publishers uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    words tsvector GENERATED ALWAYS AS (public.words_of(((((((title || ' '::text) || COALESCE(byline, ''::text)) || ' '::text) || COALESCE(url, ''::text)) || ' '::text) || COALESCE(text, ''::text)))) STORED,
    restricted boolean DEFAULT false NOT NULL,
    hidden boolean DEFAULT false NOT NULL,
    CONSTRAINT source_kind_check CHECK ((kind = ANY (ARRAY['ARTICLE'::text, 'STATEMENT'::text, 'POST'::text, 'BROADCAST'::text, 'INTERVIEW'::text, 'REPORT'::text, 'VIDEO'::text, 'IMAGE'::text, 'DATASET'::text]))),
    CONSTRAINT source_published_moment_check CHECK ((((published IS NULL) = (published_text IS NULL)) AND (NOT isempty(published)) AND (NOT lower_inf(published)) AND (NOT upper_inf(published)))),
    CONSTRAINT source_reprints_another_check CHECK ((reprints <> id)),
    CONSTRAINT source_revises_another_check CHECK ((revises <> id)),
    CONSTRAINT source_text_sha256_check CHECK (((text IS NULL) = (text_sha256 IS NULL))),
    CONSTRAINT source_title_not_blank_check CHECK ((title ~ '\S'::text)),
    CONSTRAINT source_url_length_check CHECK ((octet_length(url) <= 2048))
);


--
-- Name: assessment; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.assessment AS
 SELECT id,
    version,
    recorded_by,
    recorded_at,
    claim,
    evidence_claim,
    evidence_source,
    stance,
    rationale,
    credibility,
    withdrawn_at,
    withdrawn_by,
    withdrawal_reason
   FROM public.assessment t
  WHERE ((( SELECT true
           FROM public.claim c
          WHERE ((c.id = t.claim) AND c.hidden)) IS NOT TRUE) AND (( SELECT true
           FROM public.claim c
          WHERE ((c.id = t.evidence_claim) AND c.hidden)) IS NOT TRUE) AND (( SELECT true
           FROM public.source s
          WHERE ((s.id = t.evidence_source) AND s.hidden)) IS NOT TRUE));


--
-- Name: attribution; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.attribution (
    id uuid DEFAULT uuidv7() NOT NULL,
    claim uuid NOT NULL,
    hop integer NOT NULL,
    agent uuid NOT NULL,
    cue text,
    mode text,
    channel text DEFAULT 'UNSTATED'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    bounds numrange,
    CONSTRAINT attribution_channel_check CHECK ((channel = ANY (ARRAY['STATEMENT'::text, 'POST'::text, 'INTERVIEW'::text, 'PRESS_CONFERENCE'::text, 'BROADCAST'::text, 'DOCUMENT'::text, 'UNSTATED'::text]))),
    CONSTRAINT attribution_hop_check CHECK ((hop >= 1)),
    CONSTRAINT attribution_mode_check CHECK ((mode = ANY (ARRAY['DIRECT'::text, 'INDIRECT'::text, 'MIXED'::text])))
);


--
-- Name: attribution; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.attribution AS
 SELECT id,
    claim,
    hop,
    agent,
    cue,
    mode,
    channel,
    version,
    recorded_by,
    recorded_at,
    bounds
   FROM public.attribution t
  WHERE (( SELECT true
           FROM public.claim c
          WHERE ((c.id = t.claim) AND c.hidden)) IS NOT TRUE);


--
-- Name: claim; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.claim AS
 SELECT id,
    version,
    recorded_by,
    recorded_at,
    source,
    question,
    question_kind,
    question_root,
    statement,
    quote_exact,
    quote_prefix,
    quote_suffix,
    quote_start,
    quote_end,
    quote_status,
    basis,
    polarity,
    quantity_text,
    modality,
    bounds,
    bounds_given,
    asserted_text,
    asserted,
    note,
    retracted_text,
    retracted,
    retraction_reason,
    retraction_url,
    retraction_recorded_by,
    retraction_recorded_at,
    withdrawn_at,
    withdrawn_by,
    withdrawal_reason,
    words,
    restricted,
    hidden
   FROM public.claim
  WHERE (NOT hidden);


--
-- Name: corroboration; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.corroboration (
    claim uuid NOT NULL,
    status text NOT NULL,
    live boolean NOT NULL,
    lines_for integer NOT NULL,
    lines_against integer NOT NULL,
    lines_exact boolean NOT NULL,
    reports_for integer NOT NULL,
    reports_against integer NOT NULL,
    lines jsonb NOT NULL,
    weakest_links jsonb NOT NULL,
    explanation text NOT NULL,
    named jsonb NOT NULL,
    disagreed boolean DEFAULT false NOT NULL,
    rule_version integer NOT NULL,
    chain uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    origins uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    said tstzrange,
    outside_explanation text,
    outside_lines jsonb,
    outside_weakest_links jsonb,
    hidden boolean DEFAULT false NOT NULL,
    digest bytea,
    lines_digest bytea,
    CONSTRAINT corroboration_figures_check CHECK (((lines_for >= 0) AND (lines_against >= 0) AND (reports_for >= 0) AND (reports_against >= 0))),
    CONSTRAINT corroboration_status_check CHECK ((status = ANY (ARRAY['UNCORROBORATED'::text, 'CORROBORATED'::text, 'DISPUTED'::text, 'CONTRADICTED'::text, 'OUTDATED'::text, 'RETRACTED'::text])))
);


--
-- Name: corroboration; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.corroboration AS
 SELECT claim,
    status,
    live,
    lines_for,
    lines_against,
    lines_exact,
    reports_for,
    reports_against,
    COALESCE(outside_lines, lines) AS lines,
    COALESCE(outside_weakest_links, weakest_links) AS weakest_links,
        CASE
            WHEN (outside_explanation IS NOT NULL) THEN outside_explanation
            WHEN ((named <> '[]'::jsonb) AND (EXISTS ( SELECT
               FROM (jsonb_array_elements_text(k.named) n(id)
                 JOIN public.agent a ON ((a.id = (n.id)::uuid)))
              WHERE a.protected))) THEN (initcap(status) || '.'::text)
            ELSE explanation
        END AS explanation,
    named,
    disagreed,
    rule_version,
    chain,
    origins,
    said,
    hidden
   FROM public.corroboration k
  WHERE (NOT hidden);


--
-- Name: event; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.event (
    id uuid DEFAULT uuidv7() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    title text NOT NULL,
    description text,
    starts_on date,
    ends_on date,
    place text,
    latitude double precision,
    longitude double precision,
    words tsvector GENERATED ALWAYS AS (public.words_of(((((title || ' '::text) || COALESCE(place, ''::text)) || ' '::text) || COALESCE(description, ''::text)))) STORED,
    CONSTRAINT event_coordinates_check CHECK (((latitude IS NULL) = (longitude IS NULL))),
    CONSTRAINT event_ends_after_start_check CHECK ((ends_on >= starts_on)),
    CONSTRAINT event_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT event_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT event_title_not_blank_check CHECK ((title ~ '\S'::text))
);


--
-- Name: event; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.event AS
 SELECT id,
    version,
    recorded_by,
    recorded_at,
    title,
    description,
    starts_on,
    ends_on,
    place,
    latitude,
    longitude,
    words
   FROM public.event;


--
-- Name: evidence; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.evidence AS
 SELECT c.id AS claim,
    'FOR'::text AS side,
    'COMPARISON'::text AS basis,
    c.id AS evidence_claim,
    NULL::uuid AS evidence_source
   FROM outside.claim c
UNION ALL
 SELECT c.id AS claim,
        CASE
            WHEN public.answer_conflicts(d.bounds, d.polarity, c.bounds, c.polarity) THEN 'AGAINST'::text
            ELSE 'FOR'::text
        END AS side,
    'COMPARISON'::text AS basis,
    d.id AS evidence_claim,
    NULL::uuid AS evidence_source
   FROM ((outside.claim c
     JOIN outside.claim d ON (((d.question_root = c.question_root) AND (d.id <> c.id))))
     JOIN outside.corroboration k ON (((k.claim = d.id) AND k.live)))
  WHERE ((public.answer_backs(d.bounds, d.modality, d.polarity, c.bounds, c.modality, c.polarity) OR public.answer_conflicts(d.bounds, d.polarity, c.bounds, c.polarity)) AND (NOT (EXISTS ( SELECT 1
           FROM outside.assessment a
          WHERE ((a.claim = c.id) AND (a.evidence_claim = d.id) AND (a.withdrawn_at IS NULL) AND (a.stance = ANY (ARRAY['SUPPORTS'::text, 'CONTRADICTS'::text])))))))
UNION ALL
 SELECT DISTINCT a.claim,
        CASE a.stance
            WHEN 'SUPPORTS'::text THEN 'FOR'::text
            ELSE 'AGAINST'::text
        END AS side,
    'ASSESSMENT'::text AS basis,
    a.evidence_claim,
    a.evidence_source
   FROM (outside.assessment a
     LEFT JOIN outside.corroboration k ON ((k.claim = a.evidence_claim)))
  WHERE ((a.withdrawn_at IS NULL) AND (a.stance = ANY (ARRAY['SUPPORTS'::text, 'CONTRADICTS'::text])) AND ((a.evidence_source IS NOT NULL) OR k.live));


--
-- Name: question; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.question (
    id uuid DEFAULT uuidv7() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    event uuid,
    unit text,
    counted text,
    merged_into uuid,
    root uuid NOT NULL,
    words tsvector GENERATED ALWAYS AS (public.words_of(((((text || ' '::text) || COALESCE(counted, ''::text)) || ' '::text) || COALESCE(unit, ''::text)))) STORED,
    CONSTRAINT question_kind_check CHECK ((kind = ANY (ARRAY['QUANTITY'::text, 'YES_NO'::text, 'OPEN'::text]))),
    CONSTRAINT question_merged_into_another_check CHECK ((merged_into <> id)),
    CONSTRAINT question_text_not_blank_check CHECK ((text ~ '\S'::text))
);


--
-- Name: question; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.question AS
 SELECT id,
    version,
    recorded_by,
    recorded_at,
    kind,
    text,
    event,
    unit,
    counted,
    merged_into,
    root,
    words
   FROM public.question;


--
-- Name: researcher; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.researcher (
    id uuid DEFAULT uuidv7() NOT NULL,
    name text NOT NULL,
    email text,
    role text DEFAULT 'RESEARCHER'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    disabled_at timestamp with time zone,
    CONSTRAINT researcher_email_length_check CHECK ((octet_length(lower(email)) <= 320)),
    CONSTRAINT researcher_name_length_check CHECK ((octet_length(name) <= 2048)),
    CONSTRAINT researcher_name_not_blank_check CHECK ((name ~ '\S'::text)),
    CONSTRAINT researcher_role_check CHECK ((role = ANY (ARRAY['READER'::text, 'RESEARCHER'::text, 'EDITOR'::text, 'ADMIN'::text])))
);


--
-- Name: researcher; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.researcher AS
 SELECT id,
    name,
    NULL::text AS email,
    role,
    version,
    recorded_at,
    disabled_at
   FROM public.researcher;


--
-- Name: revision; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.revision AS
 SELECT id,
    transaction,
    at,
    actor,
    NULL::text AS reason,
    table_name,
    row_id,
    subject,
    operation,
    NULL::jsonb AS before,
    NULL::jsonb AS after
   FROM public.revision t
  WHERE ((( SELECT true
           FROM public.claim c
          WHERE ((c.id = t.subject) AND c.hidden)) IS NOT TRUE) AND (( SELECT true
           FROM public.source s
          WHERE ((s.id = t.subject) AND s.hidden)) IS NOT TRUE) AND (NOT (EXISTS ( SELECT
           FROM public.assessment a
          WHERE ((a.id = t.subject) AND (NOT (EXISTS ( SELECT
                   FROM outside.assessment o
                  WHERE (o.id = a.id)))))))));


--
-- Name: seal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.seal (
    id bigint NOT NULL,
    sealed_at timestamp with time zone DEFAULT now() NOT NULL,
    last_revision bigint NOT NULL,
    previous_hash bytea,
    hash bytea NOT NULL,
    last_position bigint NOT NULL,
    complete_below bigint,
    next_transaction bigint,
    newest_revision bigint
);


--
-- Name: seal; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.seal AS
 SELECT id,
    sealed_at,
    last_position,
    hash
   FROM public.seal;


--
-- Name: source; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.source AS
 SELECT id,
    version,
    recorded_by,
    recorded_at,
    kind,
    publisher,
    title,
    url,
    byline,
    language,
    published_text,
    published,
    retrieved_at,
    media_type,
    text,
    text_sha256,
    archive_url,
    reprints,
    revises,
    newest_version,
    note,
    publishers,
    words,
    restricted,
    hidden
   FROM public.source
  WHERE (NOT hidden);


--
-- Name: status_change; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.status_change (
    id bigint NOT NULL,
    claim uuid NOT NULL,
    status text NOT NULL,
    lines_for integer NOT NULL,
    lines_against integer NOT NULL,
    reports_for integer NOT NULL,
    reports_against integer NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    revision bigint,
    transaction text DEFAULT (pg_current_xact_id())::text,
    CONSTRAINT status_change_status_check CHECK ((status = ANY (ARRAY['UNCORROBORATED'::text, 'CORROBORATED'::text, 'DISPUTED'::text, 'CONTRADICTED'::text, 'OUTDATED'::text, 'RETRACTED'::text])))
);


--
-- Name: status_change; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.status_change AS
 SELECT id,
    claim,
    status,
    lines_for,
    lines_against,
    reports_for,
    reports_against,
    since,
    revision,
    transaction
   FROM public.status_change t
  WHERE (( SELECT true
           FROM public.claim c
          WHERE ((c.id = t.claim) AND c.hidden)) IS NOT TRUE);


--
-- Name: token; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.token (
    id uuid DEFAULT uuidv7() NOT NULL,
    researcher uuid NOT NULL,
    hash bytea NOT NULL,
    prefix text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    name text NOT NULL,
    role text NOT NULL,
    purpose text DEFAULT 'ACCESS'::text NOT NULL,
    made_with uuid,
    CONSTRAINT token_name_not_blank_check CHECK ((name ~ '\S'::text)),
    CONSTRAINT token_purpose_check CHECK ((purpose = ANY (ARRAY['ACCESS'::text, 'SIGN_IN'::text]))),
    CONSTRAINT token_role_check CHECK ((role = ANY (ARRAY['READER'::text, 'RESEARCHER'::text, 'EDITOR'::text, 'ADMIN'::text])))
);


--
-- Name: token; Type: VIEW; Schema: outside; Owner: -
--

CREATE VIEW outside.token AS
 SELECT id,
    researcher,
    prefix,
    created_at,
    expires_at,
    last_used_at,
    revoked_at,
    name,
    role,
    purpose
   FROM public.token
  WHERE (purpose = 'ACCESS'::text);


--
-- Name: act; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.act (
    transaction text DEFAULT (pg_current_xact_id())::text NOT NULL,
    ended timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    first_revision bigint NOT NULL
);


--
-- Name: evidence; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.evidence AS
 SELECT c.id AS claim,
    'FOR'::text AS side,
    'COMPARISON'::text AS basis,
    c.id AS evidence_claim,
    NULL::uuid AS evidence_source
   FROM public.claim c
UNION ALL
 SELECT c.id AS claim,
        CASE
            WHEN public.answer_conflicts(d.bounds, d.polarity, c.bounds, c.polarity) THEN 'AGAINST'::text
            ELSE 'FOR'::text
        END AS side,
    'COMPARISON'::text AS basis,
    d.id AS evidence_claim,
    NULL::uuid AS evidence_source
   FROM ((public.claim c
     JOIN public.claim d ON (((d.question_root = c.question_root) AND (d.id <> c.id))))
     JOIN public.corroboration k ON (((k.claim = d.id) AND k.live)))
  WHERE ((public.answer_backs(d.bounds, d.modality, d.polarity, c.bounds, c.modality, c.polarity) OR public.answer_conflicts(d.bounds, d.polarity, c.bounds, c.polarity)) AND (NOT (EXISTS ( SELECT 1
           FROM public.assessment a
          WHERE ((a.claim = c.id) AND (a.evidence_claim = d.id) AND (a.withdrawn_at IS NULL) AND (a.stance = ANY (ARRAY['SUPPORTS'::text, 'CONTRADICTS'::text])))))))
UNION ALL
 SELECT DISTINCT a.claim,
        CASE a.stance
            WHEN 'SUPPORTS'::text THEN 'FOR'::text
            ELSE 'AGAINST'::text
        END AS side,
    'ASSESSMENT'::text AS basis,
    a.evidence_claim,
    a.evidence_source
   FROM (public.assessment a
     LEFT JOIN public.corroboration k ON ((k.claim = a.evidence_claim)))
  WHERE ((a.withdrawn_at IS NULL) AND (a.stance = ANY (ARRAY['SUPPORTS'::text, 'CONTRADICTS'::text])) AND ((a.evidence_source IS NOT NULL) OR k.live));


--
-- Name: idempotency_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency_key (
    researcher uuid NOT NULL,
    key text NOT NULL,
    request_sha256 bytea NOT NULL,
    answer jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT idempotency_key_key_length_check CHECK ((octet_length(key) <= 1000)),
    CONSTRAINT idempotency_key_key_not_blank_check CHECK ((key ~ '\S'::text))
);


--
-- Name: identity; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.identity (
    id uuid DEFAULT uuidv7() NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    researcher uuid NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT identity_issuer_length_check CHECK ((octet_length(issuer) <= 1000)),
    CONSTRAINT identity_issuer_not_blank_check CHECK ((issuer ~ '\S'::text)),
    CONSTRAINT identity_subject_length_check CHECK ((octet_length(subject) <= 1000)),
    CONSTRAINT identity_subject_not_blank_check CHECK ((subject ~ '\S'::text))
);


--
-- Name: imported; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.imported (
    bundle text NOT NULL,
    table_name text NOT NULL,
    key text NOT NULL,
    row_id uuid NOT NULL,
    entry_sha256 text NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT imported_bundle_length_check CHECK ((octet_length(bundle) <= 1000)),
    CONSTRAINT imported_key_length_check CHECK ((octet_length(key) <= 1000))
);


--
-- Name: redaction; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.redaction (
    id uuid DEFAULT uuidv7() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    recorded_by uuid NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    table_name text NOT NULL,
    row_id uuid NOT NULL,
    subject uuid NOT NULL,
    fields text[] NOT NULL,
    reason text NOT NULL,
    CONSTRAINT redaction_reason_not_blank_check CHECK ((reason ~ '\S'::text))
);


--
-- Name: revision_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.revision ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.revision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: seal_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.seal ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.seal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: sealed_revision; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sealed_revision (
    "position" bigint NOT NULL,
    revision bigint NOT NULL,
    seed bytea,
    hash bytea NOT NULL,
    kept jsonb,
    CONSTRAINT sealed_revision_erased_check CHECK (((seed IS NULL) = (kept IS NOT NULL)))
);


--
-- Name: status_change_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.status_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.status_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: act act_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.act
    ADD CONSTRAINT act_pkey PRIMARY KEY (transaction, first_revision);


--
-- Name: agent agent_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agent
    ADD CONSTRAINT agent_pkey PRIMARY KEY (id);


--
-- Name: assessment assessment_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.assessment
    ADD CONSTRAINT assessment_pkey PRIMARY KEY (id);


--
-- Name: attribution attribution_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attribution
    ADD CONSTRAINT attribution_pkey PRIMARY KEY (id);


--
-- Name: claim claim_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_pkey PRIMARY KEY (id);


--
-- Name: corroboration corroboration_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.corroboration
    ADD CONSTRAINT corroboration_pkey PRIMARY KEY (claim);


--
-- Name: event event_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);


--
-- Name: idempotency_key idempotency_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (researcher, key);


--
-- Name: identity identity_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (id);


--
-- Name: imported imported_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imported
    ADD CONSTRAINT imported_pkey PRIMARY KEY (bundle, table_name, key);


--
-- Name: question question_id_kind_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_id_kind_key UNIQUE (id, kind);


--
-- Name: question question_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_pkey PRIMARY KEY (id);


--
-- Name: redaction redaction_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.redaction
    ADD CONSTRAINT redaction_pkey PRIMARY KEY (id);


--
-- Name: researcher researcher_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.researcher
    ADD CONSTRAINT researcher_pkey PRIMARY KEY (id);


--
-- Name: revision revision_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.revision
    ADD CONSTRAINT revision_pkey PRIMARY KEY (id);


--
-- Name: seal seal_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.seal
    ADD CONSTRAINT seal_pkey PRIMARY KEY (id);


--
-- Name: sealed_revision sealed_revision_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sealed_revision
    ADD CONSTRAINT sealed_revision_pkey PRIMARY KEY ("position");


--
-- Name: source source_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.source
    ADD CONSTRAINT source_pkey PRIMARY KEY (id);


--
-- Name: status_change status_change_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.status_change
    ADD CONSTRAINT status_change_pkey PRIMARY KEY (id);


--
-- Name: token token_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (id);


--
-- Name: agent_merged_into_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_merged_into_idx ON public.agent USING btree (merged_into);


--
-- Name: agent_name_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_name_idx ON public.agent USING btree (lower(name), id);


--
-- Name: agent_outside_name_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_outside_name_idx ON public.agent USING btree (lower(
CASE
    WHEN protected THEN pseudonym
    ELSE name
END), id);


--
-- Name: agent_outside_part_of_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_outside_part_of_idx ON public.agent USING btree ((
CASE
    WHEN protected THEN NULL::uuid
    ELSE part_of
END));


--
-- Name: agent_outside_party_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_outside_party_idx ON public.agent USING btree ((
CASE
    WHEN protected THEN id
    ELSE party
END));


--
-- Name: agent_outside_spelling_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_outside_spelling_idx ON public.agent USING gin (public.spelled(((
CASE
    WHEN protected THEN pseudonym
    ELSE name
END || ' '::text) || public.joined(
CASE
    WHEN protected THEN '{}'::text[]
    ELSE aliases
END))) public.gin_trgm_ops) WHERE (NOT protected);


--
-- Name: agent_outside_words_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_outside_words_idx ON public.agent USING gin ((
CASE
    WHEN protected THEN public.words_of(pseudonym)
    ELSE words
END));


--
-- Name: agent_part_of_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_part_of_idx ON public.agent USING btree (part_of);


--
-- Name: agent_party_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_party_idx ON public.agent USING btree (party);


--
-- Name: agent_protected_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_protected_idx ON public.agent USING btree (id) WHERE protected;


--
-- Name: agent_spelling_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_spelling_idx ON public.agent USING gin (public.spelled(((name || ' '::text) || public.joined(aliases))) public.gin_trgm_ops) WHERE (NOT protected);


--
-- Name: agent_wikidata_id_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX agent_wikidata_id_key ON public.agent USING btree (wikidata_id) WHERE (merged_into IS NULL);


--
-- Name: agent_words_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX agent_words_idx ON public.agent USING gin (words);


--
-- Name: assessment_claim_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX assessment_claim_idx ON public.assessment USING btree (claim, id);


--
-- Name: assessment_evidence_claim_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX assessment_evidence_claim_idx ON public.assessment USING btree (evidence_claim);


--
-- Name: assessment_evidence_source_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX assessment_evidence_source_idx ON public.assessment USING btree (evidence_source);


--
-- Name: assessment_once_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX assessment_once_key ON public.assessment USING btree (claim, evidence_claim, evidence_source, recorded_by) NULLS NOT DISTINCT WHERE (withdrawn_at IS NULL);


--
-- Name: assessment_recorded_by_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX assessment_recorded_by_idx ON public.assessment USING btree (recorded_by, id);


--
-- Name: attribution_agent_claim_hop_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX attribution_agent_claim_hop_key ON public.attribution USING btree (agent, claim, hop) INCLUDE (bounds);


--
-- Name: attribution_chain_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX attribution_chain_idx ON public.attribution USING btree (claim, hop, id) INCLUDE (agent);


--
-- Name: claim_asserted_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX claim_asserted_idx ON public.claim USING btree (COALESCE(lower(asserted), 'infinity'::timestamp with time zone), id);


--
-- Name: claim_bounds_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX claim_bounds_idx ON public.claim USING gist (bounds);


--
-- Name: claim_hidden_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX claim_hidden_idx ON public.claim USING btree (id) WHERE hidden;


--
-- Name: claim_once_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX claim_once_key ON public.claim USING btree (source, question, md5(quote_exact), quote_start, md5(statement)) NULLS NOT DISTINCT WHERE (withdrawn_at IS NULL);


--
-- Name: claim_question_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX claim_question_idx ON public.claim USING btree (question);


--
-- Name: claim_question_root_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX claim_question_root_idx ON public.claim USING btree (question_root, id);


--
-- Name: claim_source_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX claim_source_idx ON public.claim USING btree (source, id);


--
-- Name: claim_words_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX claim_words_idx ON public.claim USING gin (words, public.stretches_of(recorded_at, words));


--
-- Name: corroboration_chain_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX corroboration_chain_idx ON public.corroboration USING gin (chain);


--
-- Name: corroboration_disagreed_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX corroboration_disagreed_idx ON public.corroboration USING btree (claim) WHERE disagreed;


--
-- Name: corroboration_lines_against_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX corroboration_lines_against_idx ON public.corroboration USING btree (lines_against, claim);


--
-- Name: corroboration_lines_for_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX corroboration_lines_for_idx ON public.corroboration USING btree (lines_for, claim);


--
-- Name: corroboration_named_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX corroboration_named_idx ON public.corroboration USING gin (named jsonb_path_ops);


--
-- Name: corroboration_older_rule_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX corroboration_older_rule_idx ON public.corroboration USING btree (claim) WHERE (rule_version < 4);


--
-- Name: corroboration_origins_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX corroboration_origins_idx ON public.corroboration USING gin (origins);


--
-- Name: corroboration_status_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX corroboration_status_idx ON public.corroboration USING btree (status, claim);


--
-- Name: event_spelling_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_spelling_idx ON public.event USING gin (public.spelled(title) public.gin_trgm_ops);


--
-- Name: event_words_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_words_idx ON public.event USING gin (words);


--
-- Name: idempotency_key_created_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idempotency_key_created_at_idx ON public.idempotency_key USING btree (created_at);


--
-- Name: identity_researcher_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX identity_researcher_idx ON public.identity USING btree (researcher);


--
-- Name: identity_subject_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX identity_subject_key ON public.identity USING btree (issuer, subject);


--
-- Name: imported_key_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX imported_key_idx ON public.imported USING btree (key, table_name);


--
-- Name: imported_row_id_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX imported_row_id_idx ON public.imported USING btree (row_id);


--
-- Name: question_event_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX question_event_idx ON public.question USING btree (event, id);


--
-- Name: question_merged_into_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX question_merged_into_idx ON public.question USING btree (merged_into);


--
-- Name: question_root_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX question_root_idx ON public.question USING btree (root);


--
-- Name: question_spelling_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX question_spelling_idx ON public.question USING gin (public.spelled(text) public.gin_trgm_ops);


--
-- Name: question_words_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX question_words_idx ON public.question USING gin (words);


--
-- Name: redaction_row_id_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX redaction_row_id_idx ON public.redaction USING btree (row_id);


--
-- Name: researcher_email_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX researcher_email_key ON public.researcher USING btree (lower(email));


--
-- Name: researcher_name_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX researcher_name_key ON public.researcher USING btree (name);


--
-- Name: revision_moved_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX revision_moved_idx ON public.revision USING btree (((before ->> 'question'::text)), row_id) WHERE ((table_name = 'claim'::text) AND (operation = 'UPDATE'::text) AND ((before ->> 'question'::text) IS DISTINCT FROM (after ->> 'question'::text)));


--
-- Name: revision_subject_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX revision_subject_idx ON public.revision USING btree (subject, id);


--
-- Name: seal_last_position_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX seal_last_position_key ON public.seal USING btree (last_position);


--
-- Name: seal_last_revision_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX seal_last_revision_key ON public.seal USING btree (last_revision);


--
-- Name: sealed_revision_revision_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX sealed_revision_revision_key ON public.sealed_revision USING btree (revision);


--
-- Name: source_hidden_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX source_hidden_idx ON public.source USING btree (id) WHERE hidden;


--
-- Name: source_newest_version_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX source_newest_version_idx ON public.source USING btree (newest_version);


--
-- Name: source_published_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX source_published_idx ON public.source USING btree (COALESCE(lower(published), 'infinity'::timestamp with time zone), id);


--
-- Name: source_publisher_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX source_publisher_idx ON public.source USING btree (publisher, id);


--
-- Name: source_reprints_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX source_reprints_idx ON public.source USING btree (reprints);


--
-- Name: source_revises_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX source_revises_key ON public.source USING btree (revises);


--
-- Name: source_spelling_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX source_spelling_idx ON public.source USING gin (public.spelled(title) public.gin_trgm_ops);


--
-- Name: source_url_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX source_url_key ON public.source USING btree (url, COALESCE(text_sha256, (revises)::text, ''::text));


--
-- Name: source_words_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX source_words_idx ON public.source USING gin (words);


--
-- Name: status_change_claim_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX status_change_claim_idx ON public.status_change USING btree (claim, id);


--
-- Name: status_change_revision_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX status_change_revision_idx ON public.status_change USING btree (revision);


--
-- Name: status_change_transaction_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX status_change_transaction_idx ON public.status_change USING btree (((transaction)::xid8), id);


--
-- Name: token_hash_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX token_hash_key ON public.token USING btree (hash);


--
-- Name: token_made_with_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_made_with_idx ON public.token USING btree (made_with) WHERE (made_with IS NOT NULL);


--
-- Name: token_prefix_key; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX token_prefix_key ON public.token USING btree (prefix);


--
-- Name: token_researcher_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_researcher_idx ON public.token USING btree (researcher);


--
-- Name: agent agent_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER agent_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.agent FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: agent agent_forgets; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER agent_forgets AFTER UPDATE OF protected ON public.agent FOR EACH ROW WHEN ((new.protected AND (NOT old.protected) AND (COALESCE(current_setting('sayso.actor'::text, true), ''::text) = ''::text))) EXECUTE FUNCTION public.forget_explanations();


--
-- Name: agent agent_hiding; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER agent_hiding AFTER UPDATE ON public.agent FOR EACH ROW WHEN ((new.protected AND (NOT old.protected))) EXECUTE FUNCTION public.announce_hiding();


--
-- Name: agent agent_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER agent_kept BEFORE TRUNCATE ON public.agent FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: agent agent_revision; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER agent_revision AFTER INSERT OR DELETE OR UPDATE ON public.agent FOR EACH ROW EXECUTE FUNCTION public.record_revision('id', 'party', 'words');


--
-- Name: assessment assessment_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER assessment_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.assessment FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: assessment assessment_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER assessment_kept BEFORE TRUNCATE ON public.assessment FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: assessment assessment_revision; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER assessment_revision AFTER INSERT OR DELETE OR UPDATE ON public.assessment FOR EACH ROW EXECUTE FUNCTION public.record_revision('id');


--
-- Name: attribution attribution_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER attribution_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.attribution FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: attribution attribution_bounds; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER attribution_bounds BEFORE INSERT OR UPDATE OF claim, bounds ON public.attribution FOR EACH ROW EXECUTE FUNCTION public.take_bounds();


--
-- Name: attribution attribution_chain; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER attribution_chain AFTER INSERT OR DELETE OR UPDATE OF claim, hop ON public.attribution DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_chain();


--
-- Name: attribution attribution_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER attribution_kept BEFORE TRUNCATE ON public.attribution FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: attribution attribution_revision; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER attribution_revision AFTER INSERT OR DELETE OR UPDATE ON public.attribution FOR EACH ROW EXECUTE FUNCTION public.record_revision('claim', 'bounds');


--
-- Name: claim claim_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER claim_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.claim FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: claim claim_bounds; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER claim_bounds AFTER UPDATE ON public.claim FOR EACH ROW WHEN ((old.bounds IS DISTINCT FROM new.bounds)) EXECUTE FUNCTION public.give_bounds();


--
-- Name: claim claim_chain; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER claim_chain AFTER INSERT OR UPDATE OF basis ON public.claim DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_chain();


--
-- Name: claim claim_forgets; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER claim_forgets AFTER UPDATE ON public.claim REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT WHEN ((COALESCE(current_setting('sayso.actor'::text, true), ''::text) = ''::text)) EXECUTE FUNCTION public.forget_outside();


--
-- Name: claim claim_hidden; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER claim_hidden BEFORE INSERT OR UPDATE OF restricted, hidden, source ON public.claim FOR EACH ROW EXECUTE FUNCTION public.hide_claim();


--
-- Name: claim claim_hiding; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER claim_hiding AFTER UPDATE ON public.claim FOR EACH ROW WHEN ((new.hidden AND (NOT old.hidden))) EXECUTE FUNCTION public.announce_hiding();


--
-- Name: claim claim_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER claim_kept BEFORE TRUNCATE ON public.claim FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: claim claim_revision; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER claim_revision AFTER INSERT OR DELETE OR UPDATE ON public.claim FOR EACH ROW EXECUTE FUNCTION public.record_revision('id', 'question_root', 'quote_status', 'words', 'hidden');


--
-- Name: corroboration corroboration_altered; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER corroboration_altered BEFORE UPDATE ON public.corroboration FOR EACH ROW WHEN (((old.digest IS NOT NULL) AND (NOT ((old.digest IS DISTINCT FROM new.digest) OR (old.lines_digest IS DISTINCT FROM new.lines_digest))))) EXECUTE FUNCTION public.forget_digests();


--
-- Name: corroboration corroboration_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER corroboration_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.corroboration FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: corroboration corroboration_change; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER corroboration_change AFTER UPDATE ON public.corroboration REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.record_status_change();


--
-- Name: corroboration corroboration_first; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER corroboration_first AFTER INSERT ON public.corroboration REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.record_status_change();


--
-- Name: event event_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER event_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: event event_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER event_kept BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: event event_revision; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER event_revision AFTER INSERT OR DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION public.record_revision('id', 'words');


--
-- Name: identity identity_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER identity_kept BEFORE TRUNCATE ON public.identity FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: identity identity_revision; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER identity_revision AFTER INSERT OR DELETE OR UPDATE ON public.identity FOR EACH ROW EXECUTE FUNCTION public.record_revision('researcher');


--
-- Name: question question_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER question_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.question FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: question question_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER question_kept BEFORE TRUNCATE ON public.question FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: question question_revision; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER question_revision AFTER INSERT OR DELETE OR UPDATE ON public.question FOR EACH ROW EXECUTE FUNCTION public.record_revision('id', 'root', 'words');


--
-- Name: redaction redaction_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER redaction_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.redaction FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: redaction redaction_hiding; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER redaction_hiding AFTER INSERT ON public.redaction FOR EACH STATEMENT EXECUTE FUNCTION public.announce_hiding();


--
-- Name: redaction redaction_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER redaction_kept BEFORE TRUNCATE ON public.redaction FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: redaction redaction_revision; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER redaction_revision AFTER INSERT OR DELETE OR UPDATE ON public.redaction FOR EACH ROW EXECUTE FUNCTION public.record_revision('subject');


--
-- Name: researcher researcher_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER researcher_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.researcher FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: researcher researcher_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER researcher_kept BEFORE TRUNCATE ON public.researcher FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: researcher researcher_revision; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER researcher_revision AFTER INSERT OR DELETE OR UPDATE ON public.researcher FOR EACH ROW EXECUTE FUNCTION public.record_revision('id');


--
-- Name: revision revision_act; Type: TRIGGER; Schema: public; Owner: -
--

CREATE CONSTRAINT TRIGGER revision_act AFTER INSERT ON public.revision DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((COALESCE(current_setting('sayso.revision'::text, true), ''::text) = ''::text)) EXECUTE FUNCTION public.note_act();


--
-- Name: revision revision_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER revision_append_only BEFORE DELETE OR TRUNCATE ON public.revision FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: revision revision_erased; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER revision_erased BEFORE UPDATE ON public.revision FOR EACH ROW EXECUTE FUNCTION public.keep_revision();


--
-- Name: revision revision_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER revision_kept BEFORE UPDATE ON public.revision FOR EACH STATEMENT EXECUTE FUNCTION public.keep_log();


--
-- Name: seal seal_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER seal_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.seal FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: seal seal_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER seal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.seal FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: sealed_revision sealed_revision_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sealed_revision_append_only BEFORE DELETE OR TRUNCATE ON public.sealed_revision FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: sealed_revision sealed_revision_erased; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sealed_revision_erased BEFORE UPDATE ON public.sealed_revision FOR EACH ROW EXECUTE FUNCTION public.keep_link();


--
-- Name: sealed_revision sealed_revision_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER sealed_revision_kept BEFORE UPDATE ON public.sealed_revision FOR EACH STATEMENT EXECUTE FUNCTION public.keep_log();


--
-- Name: source source_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER source_announced AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.source FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: source source_forgets; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER source_forgets AFTER UPDATE ON public.source REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT WHEN ((COALESCE(current_setting('sayso.actor'::text, true), ''::text) = ''::text)) EXECUTE FUNCTION public.forget_outside();


--
-- Name: source source_hidden; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER source_hidden BEFORE INSERT OR UPDATE OF restricted, hidden, reprints, revises ON public.source FOR EACH ROW EXECUTE FUNCTION public.hide_source();


--
-- Name: source source_hides; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER source_hides AFTER UPDATE ON public.source REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.hide_what_follows();


--
-- Name: source source_hides_first; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER source_hides_first AFTER INSERT ON public.source FOR EACH ROW WHEN (new.hidden) EXECUTE FUNCTION public.hide_what_follows();


--
-- Name: source source_hiding; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER source_hiding AFTER UPDATE ON public.source FOR EACH ROW WHEN ((new.hidden AND (NOT old.hidden))) EXECUTE FUNCTION public.announce_hiding();


--
-- Name: source source_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER source_kept BEFORE TRUNCATE ON public.source FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: source source_revision; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER source_revision AFTER INSERT OR DELETE OR UPDATE ON public.source FOR EACH ROW EXECUTE FUNCTION public.record_revision('id', 'newest_version', 'publishers', 'words', 'hidden');


--
-- Name: source source_text_sha256; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER source_text_sha256 BEFORE INSERT OR UPDATE OF text, text_sha256 ON public.source FOR EACH ROW EXECUTE FUNCTION public.hash_text();


--
-- Name: token token_announced; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER token_announced AFTER INSERT OR DELETE OR UPDATE OF name, role, expires_at, revoked_at OR TRUNCATE ON public.token FOR EACH STATEMENT EXECUTE FUNCTION public.announce_change();


--
-- Name: token token_kept; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER token_kept BEFORE TRUNCATE ON public.token FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


--
-- Name: token token_revision; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER token_revision AFTER INSERT OR DELETE OR UPDATE ON public.token FOR EACH ROW EXECUTE FUNCTION public.record_revision('researcher', 'hash', 'last_used_at');


--
-- Name: agent agent_merged_into_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agent
    ADD CONSTRAINT agent_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.agent(id);


--
-- Name: agent agent_part_of_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agent
    ADD CONSTRAINT agent_part_of_fkey FOREIGN KEY (part_of) REFERENCES public.agent(id);


--
-- Name: agent agent_party_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agent
    ADD CONSTRAINT agent_party_fkey FOREIGN KEY (party) REFERENCES public.agent(id);


--
-- Name: agent agent_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.agent
    ADD CONSTRAINT agent_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.researcher(id);


--
-- Name: assessment assessment_claim_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.assessment
    ADD CONSTRAINT assessment_claim_fkey FOREIGN KEY (claim) REFERENCES public.claim(id);


--
-- Name: assessment assessment_evidence_claim_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.assessment
    ADD CONSTRAINT assessment_evidence_claim_fkey FOREIGN KEY (evidence_claim) REFERENCES public.claim(id);


--
-- Name: assessment assessment_evidence_source_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.assessment
    ADD CONSTRAINT assessment_evidence_source_fkey FOREIGN KEY (evidence_source) REFERENCES public.source(id);


--
-- Name: assessment assessment_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.assessment
    ADD CONSTRAINT assessment_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.researcher(id);


--
-- Name: assessment assessment_withdrawn_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.assessment
    ADD CONSTRAINT assessment_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES public.researcher(id);


--
-- Name: attribution attribution_agent_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attribution
    ADD CONSTRAINT attribution_agent_fkey FOREIGN KEY (agent) REFERENCES public.agent(id);


--
-- Name: attribution attribution_claim_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attribution
    ADD CONSTRAINT attribution_claim_fkey FOREIGN KEY (claim) REFERENCES public.claim(id);


--
-- Name: attribution attribution_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.attribution
    ADD CONSTRAINT attribution_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.researcher(id);


--
-- Name: claim claim_corroboration_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_corroboration_fkey FOREIGN KEY (id) REFERENCES public.corroboration(claim) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: claim claim_question_kind_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_question_kind_fkey FOREIGN KEY (question, question_kind) REFERENCES public.question(id, kind);


--
-- Name: claim claim_question_root_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_question_root_fkey FOREIGN KEY (question_root) REFERENCES public.question(id);


--
-- Name: claim claim_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.researcher(id);


--
-- Name: claim claim_retraction_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_retraction_recorded_by_fkey FOREIGN KEY (retraction_recorded_by) REFERENCES public.researcher(id);


--
-- Name: claim claim_source_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_source_fkey FOREIGN KEY (source) REFERENCES public.source(id);


--
-- Name: claim claim_withdrawn_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.claim
    ADD CONSTRAINT claim_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES public.researcher(id);


--
-- Name: corroboration corroboration_claim_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.corroboration
    ADD CONSTRAINT corroboration_claim_fkey FOREIGN KEY (claim) REFERENCES public.claim(id);


--
-- Name: event event_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.researcher(id);


--
-- Name: idempotency_key idempotency_key_researcher_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_researcher_fkey FOREIGN KEY (researcher) REFERENCES public.researcher(id);


--
-- Name: identity identity_researcher_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.identity
    ADD CONSTRAINT identity_researcher_fkey FOREIGN KEY (researcher) REFERENCES public.researcher(id);


--
-- Name: imported imported_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.imported
    ADD CONSTRAINT imported_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.researcher(id);


--
-- Name: question question_event_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_event_fkey FOREIGN KEY (event) REFERENCES public.event(id);


--
-- Name: question question_merged_into_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.question(id);


--
-- Name: question question_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.researcher(id);


--
-- Name: question question_root_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_root_fkey FOREIGN KEY (root) REFERENCES public.question(id);


--
-- Name: redaction redaction_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.redaction
    ADD CONSTRAINT redaction_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.researcher(id);


--
-- Name: revision revision_actor_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.revision
    ADD CONSTRAINT revision_actor_fkey FOREIGN KEY (actor) REFERENCES public.researcher(id);


--
-- Name: seal seal_last_revision_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.seal
    ADD CONSTRAINT seal_last_revision_fkey FOREIGN KEY (last_revision) REFERENCES public.revision(id);


--
-- Name: source source_newest_version_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.source
    ADD CONSTRAINT source_newest_version_fkey FOREIGN KEY (newest_version) REFERENCES public.source(id);


--
-- Name: source source_publisher_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.source
    ADD CONSTRAINT source_publisher_fkey FOREIGN KEY (publisher) REFERENCES public.agent(id);


--
-- Name: source source_recorded_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.source
    ADD CONSTRAINT source_recorded_by_fkey FOREIGN KEY (recorded_by) REFERENCES public.researcher(id);


--
-- Name: source source_reprints_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.source
    ADD CONSTRAINT source_reprints_fkey FOREIGN KEY (reprints) REFERENCES public.source(id);


--
-- Name: source source_revises_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.source
    ADD CONSTRAINT source_revises_fkey FOREIGN KEY (revises) REFERENCES public.source(id);


--
-- Name: status_change status_change_claim_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.status_change
    ADD CONSTRAINT status_change_claim_fkey FOREIGN KEY (claim) REFERENCES public.claim(id);


--
-- Name: status_change status_change_revision_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.status_change
    ADD CONSTRAINT status_change_revision_fkey FOREIGN KEY (revision) REFERENCES public.revision(id);


--
-- Name: token token_made_with_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_made_with_fkey FOREIGN KEY (made_with) REFERENCES public.token(id);


--
-- Name: token token_researcher_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_researcher_fkey FOREIGN KEY (researcher) REFERENCES public.researcher(id);


--
-- Name: SCHEMA outside; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA outside TO sayso_outsider;


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: -
--

GRANT USAGE ON SCHEMA public TO sayso_outsider;
GRANT USAGE ON SCHEMA public TO sayso_writer;


--
-- Name: FUNCTION note_act(); Type: ACL; Schema: public; Owner: -
--

REVOKE ALL ON FUNCTION public.note_act() FROM PUBLIC;


--
-- Name: TABLE revision; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.revision TO sayso_writer;


--
-- Name: FUNCTION record_revision(); Type: ACL; Schema: public; Owner: -
--

REVOKE ALL ON FUNCTION public.record_revision() FROM PUBLIC;


--
-- Name: FUNCTION record_status_change(); Type: ACL; Schema: public; Owner: -
--

REVOKE ALL ON FUNCTION public.record_status_change() FROM PUBLIC;


--
-- Name: TABLE agent; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.agent TO sayso_writer;


--
-- Name: TABLE agent; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.agent TO sayso_outsider;


--
-- Name: TABLE assessment; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.assessment TO sayso_writer;


--
-- Name: TABLE claim; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.claim TO sayso_writer;


--
-- Name: TABLE source; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.source TO sayso_writer;


--
-- Name: TABLE assessment; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.assessment TO sayso_outsider;


--
-- Name: TABLE attribution; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.attribution TO sayso_writer;


--
-- Name: TABLE attribution; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.attribution TO sayso_outsider;


--
-- Name: TABLE claim; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.claim TO sayso_outsider;


--
-- Name: TABLE corroboration; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.corroboration TO sayso_writer;


--
-- Name: TABLE corroboration; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.corroboration TO sayso_outsider;


--
-- Name: TABLE event; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.event TO sayso_writer;


--
-- Name: TABLE event; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.event TO sayso_outsider;


--
-- Name: TABLE evidence; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.evidence TO sayso_outsider;


--
-- Name: TABLE question; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.question TO sayso_writer;


--
-- Name: TABLE question; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.question TO sayso_outsider;


--
-- Name: TABLE researcher; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.researcher TO sayso_writer;


--
-- Name: TABLE researcher; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.researcher TO sayso_outsider;


--
-- Name: TABLE revision; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.revision TO sayso_outsider;


--
-- Name: TABLE seal; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT ON TABLE public.seal TO sayso_writer;


--
-- Name: TABLE seal; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.seal TO sayso_outsider;


--
-- Name: TABLE source; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.source TO sayso_outsider;


--
-- Name: TABLE status_change; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.status_change TO sayso_writer;


--
-- Name: TABLE status_change; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.status_change TO sayso_outsider;


--
-- Name: TABLE token; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.token TO sayso_writer;


--
-- Name: TABLE token; Type: ACL; Schema: outside; Owner: -
--

GRANT SELECT ON TABLE outside.token TO sayso_outsider;


--
-- Name: TABLE act; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.act TO sayso_writer;


--
-- Name: TABLE evidence; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.evidence TO sayso_writer;


--
-- Name: TABLE idempotency_key; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.idempotency_key TO sayso_writer;


--
-- Name: TABLE identity; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.identity TO sayso_writer;


--
-- Name: TABLE imported; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT,INSERT,UPDATE ON TABLE public.imported TO sayso_writer;


--
-- Name: TABLE redaction; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.redaction TO sayso_writer;


--
-- Name: SEQUENCE revision_id_seq; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON SEQUENCE public.revision_id_seq TO sayso_writer;


--
-- Name: SEQUENCE seal_id_seq; Type: ACL; Schema: public; Owner: -
--

GRANT USAGE ON SEQUENCE public.seal_id_seq TO sayso_writer;


--
-- Name: TABLE sealed_revision; Type: ACL; Schema: public; Owner: -
--

GRANT SELECT ON TABLE public.sealed_revision TO sayso_writer;


--
-- Name: COLUMN sealed_revision."position"; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT("position") ON TABLE public.sealed_revision TO sayso_writer;


--
-- Name: COLUMN sealed_revision.revision; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT(revision) ON TABLE public.sealed_revision TO sayso_writer;


--
-- Name: COLUMN sealed_revision.seed; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT(seed) ON TABLE public.sealed_revision TO sayso_writer;


--
-- Name: COLUMN sealed_revision.hash; Type: ACL; Schema: public; Owner: -
--

GRANT INSERT(hash) ON TABLE public.sealed_revision TO sayso_writer;


--
-- PostgreSQL database dump complete
--

\unrestrict sayso

