-- What was compared; and the triggers: the log of changes, the history of statuses, what no CHECK can say.


-- What stands for and against each claim: itself, the live claims compared with it, and what researchers
-- assessed. An assessment of a pair replaces its comparison.

CREATE VIEW public.evidence AS
SELECT c.id AS claim, 'FOR' AS side, 'COMPARISON' AS basis,
       c.id AS evidence_claim, NULL::uuid AS evidence_source
FROM public.claim c
UNION ALL
SELECT c.id,
       CASE WHEN public.answer_conflicts(d.bounds, d.polarity, c.bounds, c.polarity)
            THEN 'AGAINST' ELSE 'FOR' END,
       'COMPARISON', d.id, NULL::uuid
FROM public.claim c
JOIN public.claim d ON d.question_root = c.question_root AND d.id <> c.id
JOIN public.corroboration k ON k.claim = d.id AND k.live
WHERE (public.answer_backs(d.bounds, d.modality, d.polarity, c.bounds, c.modality, c.polarity)
       OR public.answer_conflicts(d.bounds, d.polarity, c.bounds, c.polarity))
  AND NOT EXISTS (
      SELECT 1 FROM public.assessment a
      WHERE a.claim = c.id AND a.evidence_claim = d.id AND a.withdrawn_at IS NULL
        AND a.stance IN ('SUPPORTS', 'CONTRADICTS'))
UNION ALL
SELECT DISTINCT a.claim, CASE a.stance WHEN 'SUPPORTS' THEN 'FOR' ELSE 'AGAINST' END,
       'ASSESSMENT', a.evidence_claim, a.evidence_source
FROM public.assessment a
LEFT JOIN public.corroboration k ON k.claim = a.evidence_claim
WHERE a.withdrawn_at IS NULL AND a.stance IN ('SUPPORTS', 'CONTRADICTS')
  AND (a.evidence_source IS NOT NULL OR k.live);


-- The log. The first argument names the column that holds the subject; the others are derived, and not logged.

CREATE FUNCTION public.record_revision() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb;
    new_row jsonb;
    revision_id bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD) - TG_ARGV[1:]; END IF;
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW) - TG_ARGV[1:]; END IF;
    IF old_row IS NOT DISTINCT FROM new_row THEN RETURN NULL; END IF;
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

CREATE TRIGGER agent_revision AFTER INSERT OR UPDATE OR DELETE ON public.agent
    FOR EACH ROW EXECUTE FUNCTION public.record_revision('id', 'party', 'words');
CREATE TRIGGER source_revision AFTER INSERT OR UPDATE OR DELETE ON public.source
    FOR EACH ROW EXECUTE FUNCTION public.record_revision('id', 'newest_version', 'publishers', 'words');
CREATE TRIGGER event_revision AFTER INSERT OR UPDATE OR DELETE ON public.event
    FOR EACH ROW EXECUTE FUNCTION public.record_revision('id', 'words');
CREATE TRIGGER question_revision AFTER INSERT OR UPDATE OR DELETE ON public.question
    FOR EACH ROW EXECUTE FUNCTION public.record_revision('id', 'root', 'words');
CREATE TRIGGER claim_revision AFTER INSERT OR UPDATE OR DELETE ON public.claim
    FOR EACH ROW EXECUTE FUNCTION public.record_revision('id', 'question_root', 'quote_status', 'words');
CREATE TRIGGER attribution_revision AFTER INSERT OR UPDATE OR DELETE ON public.attribution
    FOR EACH ROW EXECUTE FUNCTION public.record_revision('claim');
CREATE TRIGGER assessment_revision AFTER INSERT OR UPDATE OR DELETE ON public.assessment
    FOR EACH ROW EXECUTE FUNCTION public.record_revision('id');
CREATE TRIGGER researcher_revision AFTER INSERT OR UPDATE OR DELETE ON public.researcher
    FOR EACH ROW EXECUTE FUNCTION public.record_revision('id');

CREATE FUNCTION public.refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of the table % is refused: nothing recorded is lost', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER revision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.revision
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

-- TRUNCATE fires no trigger for a row, so that the log would not hear of it.

CREATE TRIGGER agent_kept BEFORE TRUNCATE ON public.agent
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER source_kept BEFORE TRUNCATE ON public.source
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER event_kept BEFORE TRUNCATE ON public.event
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER question_kept BEFORE TRUNCATE ON public.question
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER claim_kept BEFORE TRUNCATE ON public.claim
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER attribution_kept BEFORE TRUNCATE ON public.attribution
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER assessment_kept BEFORE TRUNCATE ON public.assessment
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();
CREATE TRIGGER researcher_kept BEFORE TRUNCATE ON public.researcher
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();


-- The history of each claim's corroboration.

CREATE FUNCTION public.record_status_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.status_change
        (claim, status, lines_for, lines_against, reports_for, reports_against, revision)
    VALUES (NEW.claim, NEW.status, NEW.lines_for, NEW.lines_against, NEW.reports_for, NEW.reports_against,
            nullif(current_setting('sayso.revision', true), '')::bigint);
    RETURN NULL;
END $$;

CREATE TRIGGER corroboration_first AFTER INSERT ON public.corroboration
    FOR EACH ROW EXECUTE FUNCTION public.record_status_change();
CREATE TRIGGER corroboration_change AFTER UPDATE ON public.corroboration
    FOR EACH ROW
    WHEN ((OLD.status, OLD.lines_for, OLD.lines_against, OLD.reports_for, OLD.reports_against)
          IS DISTINCT FROM
          (NEW.status, NEW.lines_for, NEW.lines_against, NEW.reports_for, NEW.reports_against))
    EXECUTE FUNCTION public.record_status_change();


-- The hash of a source's text.

CREATE FUNCTION public.hash_text() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.text_sha256 := encode(sha256(convert_to(NEW.text, 'UTF8')), 'hex');
    RETURN NEW;
END $$;

CREATE TRIGGER source_text_sha256 BEFORE INSERT OR UPDATE OF text, text_sha256 ON public.source
    FOR EACH ROW EXECUTE FUNCTION public.hash_text();


-- At the end of the transaction: an ATTRIBUTED claim has hops 1, 2, 3 …, any other has none.

CREATE FUNCTION public.check_chain() RETURNS trigger
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
END $$;

CREATE CONSTRAINT TRIGGER claim_chain AFTER INSERT OR UPDATE OF basis ON public.claim
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_chain();
CREATE CONSTRAINT TRIGGER attribution_chain AFTER INSERT OR UPDATE OR DELETE ON public.attribution
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_chain();
