-- Every table, with its constraints and indexes. A table comes after those that it refers to.
-- Foreign keys, primary keys and CHECKs of one column have the names that Postgres gives them.
-- A row of a B-tree index has 2,704 bytes at most: hence the CHECKs of length.


-- Who records.

CREATE TABLE public.researcher (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    name        text NOT NULL,
    email       text,
    role        text NOT NULL DEFAULT 'RESEARCHER'
                CHECK (role IN ('READER', 'RESEARCHER', 'EDITOR', 'ADMIN')),
    version     integer NOT NULL DEFAULT 1,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT researcher_name_not_blank_check CHECK (name ~ '\S'),
    CONSTRAINT researcher_name_length_check CHECK (octet_length(name) <= 2048),
    CONSTRAINT researcher_email_length_check CHECK (octet_length(lower(email)) <= 320)
);
CREATE UNIQUE INDEX researcher_name_key ON public.researcher (name);
CREATE UNIQUE INDEX researcher_email_key ON public.researcher (lower(email));

CREATE TABLE public.token (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    researcher   uuid NOT NULL REFERENCES public.researcher (id),
    hash         bytea NOT NULL,
    prefix       text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE UNIQUE INDEX token_hash_key ON public.token (hash);
CREATE INDEX token_researcher_idx ON public.token (researcher);


-- Who says and who publishes. party is derived: the root of part_of, a merged agent standing for its target.

CREATE TABLE public.agent (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    version     integer NOT NULL DEFAULT 1,
    recorded_by uuid NOT NULL REFERENCES public.researcher (id),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    kind        text NOT NULL
                CHECK (kind IN ('PERSON', 'ORGANIZATION', 'GOVERNMENT', 'ARMED_GROUP', 'OUTLET', 'AGENCY',
                                'ACCOUNT', 'UNNAMED')),
    name        text NOT NULL,
    aliases     text[] NOT NULL DEFAULT '{}',
    description text,
    part_of     uuid REFERENCES public.agent (id),
    party       uuid NOT NULL REFERENCES public.agent (id),
    merged_into uuid REFERENCES public.agent (id),
    wikidata_id text CHECK (wikidata_id ~ '^Q[1-9][0-9]{0,15}$'),
    protected   boolean NOT NULL DEFAULT false,
    pseudonym   text,
    words       tsvector GENERATED ALWAYS AS (
                    public.words_of(public.joined(aliases || ARRAY[name, coalesce(description, '')]))
                ) STORED,
    CONSTRAINT agent_name_not_blank_check CHECK (name ~ '\S'),
    CONSTRAINT agent_name_length_check CHECK (octet_length(lower(name)) <= 2048),
    CONSTRAINT agent_part_of_another_check CHECK (part_of <> id),
    CONSTRAINT agent_merged_into_another_check CHECK (merged_into <> id),
    CONSTRAINT agent_protected_has_pseudonym_check CHECK (NOT protected OR pseudonym IS NOT NULL),
    CONSTRAINT agent_aliases_not_null_check CHECK (array_position(aliases, NULL) IS NULL)
);
CREATE INDEX agent_part_of_idx ON public.agent (part_of);
CREATE INDEX agent_party_idx ON public.agent (party);
CREATE INDEX agent_merged_into_idx ON public.agent (merged_into);
CREATE UNIQUE INDEX agent_wikidata_id_key ON public.agent (wikidata_id) WHERE merged_into IS NULL;
CREATE INDEX agent_name_idx ON public.agent (lower(name), id);
CREATE INDEX agent_words_idx ON public.agent USING gin (words);


-- One version of one citable item. newest_version and publishers are derived, and text_sha256, by a trigger.

CREATE TABLE public.source (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    version        integer NOT NULL DEFAULT 1,
    recorded_by    uuid NOT NULL REFERENCES public.researcher (id),
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    kind           text NOT NULL
                   CHECK (kind IN ('ARTICLE', 'STATEMENT', 'POST', 'BROADCAST', 'INTERVIEW', 'REPORT', 'VIDEO',
                                   'IMAGE', 'DATASET')),
    publisher      uuid REFERENCES public.agent (id),
    title          text NOT NULL,
    url            text,
    byline         text,
    language       text,
    published_text text,
    published      tstzrange,
    retrieved_at   timestamptz,
    media_type     text,
    text           text,
    text_sha256    text,
    archive_url    text,
    reprints       uuid REFERENCES public.source (id),
    revises        uuid REFERENCES public.source (id),
    newest_version uuid NOT NULL REFERENCES public.source (id),
    note           text,
    publishers     uuid[] NOT NULL DEFAULT '{}',
    words          tsvector GENERATED ALWAYS AS (
                       public.words_of(title || ' ' || coalesce(byline, '') || ' ' || coalesce(url, '')
                                       || ' ' || coalesce(text, ''))
                   ) STORED,
    CONSTRAINT source_title_not_blank_check CHECK (title ~ '\S'),
    CONSTRAINT source_url_length_check CHECK (octet_length(url) <= 2048),
    CONSTRAINT source_reprints_another_check CHECK (reprints <> id),
    CONSTRAINT source_revises_another_check CHECK (revises <> id),
    CONSTRAINT source_text_sha256_check CHECK ((text IS NULL) = (text_sha256 IS NULL)),
    CONSTRAINT source_published_moment_check CHECK (
        (published IS NULL) = (published_text IS NULL)
        AND NOT isempty(published) AND NOT lower_inf(published) AND NOT upper_inf(published))
);
CREATE UNIQUE INDEX source_revises_key ON public.source (revises);
CREATE UNIQUE INDEX source_url_key ON public.source (url, coalesce(text_sha256, ''));
CREATE INDEX source_publisher_idx ON public.source (publisher, id);
CREATE INDEX source_reprints_idx ON public.source (reprints);
CREATE INDEX source_newest_version_idx ON public.source (newest_version);
CREATE INDEX source_published_idx ON public.source (coalesce(lower(published), 'infinity'), id);
CREATE INDEX source_words_idx ON public.source USING gin (words);


-- What happened, and what is asked about it. root is derived: where the chain of merged_into ends.

CREATE TABLE public.event (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    version     integer NOT NULL DEFAULT 1,
    recorded_by uuid NOT NULL REFERENCES public.researcher (id),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    title       text NOT NULL,
    description text,
    starts_on   date,
    ends_on     date,
    place       text,
    latitude    double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude   double precision CHECK (longitude BETWEEN -180 AND 180),
    words       tsvector GENERATED ALWAYS AS (
                    public.words_of(title || ' ' || coalesce(place, '') || ' ' || coalesce(description, ''))
                ) STORED,
    CONSTRAINT event_title_not_blank_check CHECK (title ~ '\S'),
    CONSTRAINT event_ends_after_start_check CHECK (ends_on >= starts_on),
    CONSTRAINT event_coordinates_check CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX event_words_idx ON public.event USING gin (words);

CREATE TABLE public.question (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    version     integer NOT NULL DEFAULT 1,
    recorded_by uuid NOT NULL REFERENCES public.researcher (id),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    kind        text NOT NULL CHECK (kind IN ('QUANTITY', 'YES_NO', 'OPEN')),
    text        text NOT NULL,
    event       uuid REFERENCES public.event (id),
    unit        text,
    counted     text,
    merged_into uuid REFERENCES public.question (id),
    root        uuid NOT NULL REFERENCES public.question (id),
    words       tsvector GENERATED ALWAYS AS (
                    public.words_of(text || ' ' || coalesce(counted, '') || ' ' || coalesce(unit, ''))
                ) STORED,
    CONSTRAINT question_text_not_blank_check CHECK (text ~ '\S'),
    CONSTRAINT question_merged_into_another_check CHECK (merged_into <> id),
    -- So that a claim's foreign key can carry the kind, and a CHECK tie its answer to it.
    CONSTRAINT question_id_kind_key UNIQUE (id, kind)
);
CREATE INDEX question_event_idx ON public.question (event, id);
CREATE INDEX question_root_idx ON public.question (root);
CREATE INDEX question_merged_into_idx ON public.question (merged_into);
CREATE INDEX question_words_idx ON public.question USING gin (words);


-- What a source claims. question_root and quote_status are derived.

CREATE TABLE public.claim (
    id                     uuid PRIMARY KEY DEFAULT uuidv7(),
    version                integer NOT NULL DEFAULT 1,
    recorded_by            uuid NOT NULL REFERENCES public.researcher (id),
    recorded_at            timestamptz NOT NULL DEFAULT now(),
    source                 uuid NOT NULL REFERENCES public.source (id),
    question               uuid,
    question_kind          text,
    question_root          uuid REFERENCES public.question (id),
    statement              text NOT NULL,
    quote_exact            text NOT NULL,
    quote_prefix           text,
    quote_suffix           text,
    quote_start            integer,
    quote_end              integer,
    quote_status           text NOT NULL DEFAULT 'UNCHECKED'
                           CHECK (quote_status IN ('PRESENT', 'MOVED', 'ORPHANED', 'UNCHECKED')),
    basis                  text NOT NULL CHECK (basis IN ('ATTRIBUTED', 'FIRSTHAND', 'UNATTRIBUTED')),
    polarity               text CHECK (polarity IN ('ASSERTS', 'DENIES')),
    quantity_text          text,
    modality               text
                           CHECK (modality IN ('EXACT', 'AT_LEAST', 'AT_MOST', 'APPROXIMATE', 'BETWEEN',
                                               'VAGUE')),
    bounds                 numrange,
    bounds_given           boolean,
    asserted_text          text,
    asserted               tstzrange,
    note                   text,
    retracted_text         text,
    retracted              tstzrange,
    retraction_reason      text,
    retraction_url         text,
    retraction_recorded_by uuid REFERENCES public.researcher (id),
    retraction_recorded_at timestamptz,
    withdrawn_at           timestamptz,
    withdrawn_by           uuid REFERENCES public.researcher (id),
    withdrawal_reason      text,
    words                  tsvector GENERATED ALWAYS AS (
                               public.words_of(statement || ' ' || quote_exact)
                           ) STORED,
    CONSTRAINT claim_statement_not_blank_check CHECK (statement ~ '\S'),
    CONSTRAINT claim_quote_not_empty_check CHECK (quote_exact <> ''),
    CONSTRAINT claim_quote_position_check CHECK (
        (quote_start IS NULL) = (quote_end IS NULL) AND quote_start >= 0
        AND quote_end - quote_start = char_length(quote_exact)),
    CONSTRAINT claim_question_check CHECK (
        (question IS NULL) = (question_kind IS NULL) AND (question IS NULL) = (question_root IS NULL)),
    -- An answer is what its question asks for: a quantity on QUANTITY, a polarity on YES_NO, else none.
    CONSTRAINT claim_quantity_answers_check CHECK (
        (bounds IS NOT NULL) = (coalesce(question_kind, '') = 'QUANTITY')),
    CONSTRAINT claim_polarity_answers_check CHECK (
        (polarity IS NOT NULL) = (coalesce(question_kind, '') = 'YES_NO')),
    CONSTRAINT claim_quantity_is_whole_check CHECK (
        (bounds IS NULL) = (quantity_text IS NULL) AND (bounds IS NULL) = (modality IS NULL)
        AND (bounds IS NULL) = (bounds_given IS NULL) AND NOT isempty(bounds)),
    CONSTRAINT claim_asserted_moment_check CHECK (
        (asserted IS NULL) = (asserted_text IS NULL)
        AND NOT isempty(asserted) AND NOT lower_inf(asserted) AND NOT upper_inf(asserted)),
    CONSTRAINT claim_retracted_moment_check CHECK (
        (retracted IS NULL) = (retracted_text IS NULL)
        AND NOT isempty(retracted) AND NOT lower_inf(retracted) AND NOT upper_inf(retracted)),
    CONSTRAINT claim_retraction_is_whole_check CHECK (
        (retracted IS NULL) = (retraction_reason IS NULL)
        AND (retracted IS NULL) = (retraction_recorded_by IS NULL)
        AND (retracted IS NULL) = (retraction_recorded_at IS NULL)),
    CONSTRAINT claim_withdrawal_is_whole_check CHECK (
        (withdrawn_at IS NULL) = (withdrawn_by IS NULL)
        AND (withdrawn_at IS NULL) = (withdrawal_reason IS NULL)),
    CONSTRAINT claim_question_kind_fkey
        FOREIGN KEY (question, question_kind) REFERENCES public.question (id, kind)
);
CREATE UNIQUE INDEX claim_once_key
    ON public.claim (source, question, md5(quote_exact), quote_start, md5(statement))
    NULLS NOT DISTINCT WHERE withdrawn_at IS NULL;
CREATE INDEX claim_source_idx ON public.claim (source, id);
CREATE INDEX claim_question_idx ON public.claim (question);
CREATE INDEX claim_question_root_idx ON public.claim (question_root, id);
CREATE INDEX claim_asserted_idx ON public.claim (coalesce(lower(asserted), 'infinity'), id);
CREATE INDEX claim_bounds_idx ON public.claim USING gist (bounds);
CREATE INDEX claim_words_idx ON public.claim USING gin (words);

-- The hops a claim passed through, counted from 1, the origin. Joint speakers share a hop.

CREATE TABLE public.attribution (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    claim       uuid NOT NULL REFERENCES public.claim (id),
    hop         integer NOT NULL CHECK (hop >= 1),
    agent       uuid NOT NULL REFERENCES public.agent (id),
    cue         text,
    mode        text CHECK (mode IN ('DIRECT', 'INDIRECT', 'MIXED')),
    channel     text NOT NULL DEFAULT 'UNSTATED'
                CHECK (channel IN ('STATEMENT', 'POST', 'INTERVIEW', 'PRESS_CONFERENCE', 'BROADCAST',
                                   'DOCUMENT', 'UNSTATED')),
    version     integer NOT NULL DEFAULT 1,
    recorded_by uuid NOT NULL REFERENCES public.researcher (id),
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX attribution_claim_hop_agent_key ON public.attribution (claim, hop, agent);
CREATE INDEX attribution_agent_idx ON public.attribution (agent, claim);

-- A researcher's judgement on a claim, by one claim or one source.

CREATE TABLE public.assessment (
    id                uuid PRIMARY KEY DEFAULT uuidv7(),
    version           integer NOT NULL DEFAULT 1,
    recorded_by       uuid NOT NULL REFERENCES public.researcher (id),
    recorded_at       timestamptz NOT NULL DEFAULT now(),
    claim             uuid NOT NULL REFERENCES public.claim (id),
    evidence_claim    uuid REFERENCES public.claim (id),
    evidence_source   uuid REFERENCES public.source (id),
    stance            text NOT NULL CHECK (stance IN ('SUPPORTS', 'CONTRADICTS', 'CONTEXT', 'ABSENT')),
    rationale         text NOT NULL,
    credibility       integer CHECK (credibility BETWEEN 1 AND 6),
    withdrawn_at      timestamptz,
    withdrawn_by      uuid REFERENCES public.researcher (id),
    withdrawal_reason text,
    CONSTRAINT assessment_rationale_not_blank_check CHECK (rationale ~ '\S'),
    CONSTRAINT assessment_one_evidence_check CHECK (num_nonnulls(evidence_claim, evidence_source) = 1),
    CONSTRAINT assessment_not_by_itself_check CHECK (evidence_claim <> claim),
    CONSTRAINT assessment_withdrawal_is_whole_check CHECK (
        (withdrawn_at IS NULL) = (withdrawn_by IS NULL)
        AND (withdrawn_at IS NULL) = (withdrawal_reason IS NULL))
);
CREATE UNIQUE INDEX assessment_once_key
    ON public.assessment (claim, evidence_claim, evidence_source, recorded_by)
    NULLS NOT DISTINCT WHERE withdrawn_at IS NULL;
CREATE INDEX assessment_claim_idx ON public.assessment (claim, id);
CREATE INDEX assessment_evidence_claim_idx ON public.assessment (evidence_claim);
CREATE INDEX assessment_evidence_source_idx ON public.assessment (evidence_source);
CREATE INDEX assessment_recorded_by_idx ON public.assessment (recorded_by, id);


-- What the rule makes of each claim. Derived.

CREATE TABLE public.corroboration (
    claim           uuid PRIMARY KEY REFERENCES public.claim (id),
    status          text NOT NULL
                    CHECK (status IN ('UNCORROBORATED', 'CORROBORATED', 'DISPUTED', 'CONTRADICTED', 'OUTDATED',
                                      'RETRACTED')),
    live            boolean NOT NULL,
    lines_for       integer NOT NULL,
    lines_against   integer NOT NULL,
    lines_exact     boolean NOT NULL,
    reports_for     integer NOT NULL,
    reports_against integer NOT NULL,
    lines           jsonb NOT NULL,
    weakest_links   jsonb NOT NULL,
    explanation     text NOT NULL,
    named           jsonb NOT NULL,
    disagreed       boolean NOT NULL DEFAULT false,
    rule_version    integer NOT NULL,
    chain           uuid[] NOT NULL DEFAULT '{}',
    origins         uuid[] NOT NULL DEFAULT '{}',
    said            tstzrange,
    CONSTRAINT corroboration_figures_check CHECK (
        lines_for >= 0 AND lines_against >= 0 AND reports_for >= 0 AND reports_against >= 0)
);
CREATE INDEX corroboration_chain_idx ON public.corroboration USING gin (chain);
CREATE INDEX corroboration_origins_idx ON public.corroboration USING gin (origins);
CREATE INDEX corroboration_status_idx ON public.corroboration (status, claim);
CREATE INDEX corroboration_disagreed_idx ON public.corroboration (claim) WHERE disagreed;
CREATE INDEX corroboration_lines_for_idx ON public.corroboration (lines_for, claim);
CREATE INDEX corroboration_lines_against_idx ON public.corroboration (lines_against, claim);

-- Every claim has its corroboration when the transaction ends: one cannot be read without the other.
ALTER TABLE public.claim
    ADD CONSTRAINT claim_corroboration_fkey FOREIGN KEY (id) REFERENCES public.corroboration (claim)
    DEFERRABLE INITIALLY DEFERRED;


-- The log: every change to every recorded row. Append-only.

CREATE TABLE public.revision (
    id          bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    at          timestamptz NOT NULL DEFAULT now(),
    actor       uuid REFERENCES public.researcher (id),
    reason      text,
    table_name  text NOT NULL,
    row_id      uuid NOT NULL,
    subject     uuid NOT NULL,
    operation   text NOT NULL CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE')),
    before      jsonb,
    after       jsonb,
    transaction text NOT NULL DEFAULT pg_current_xact_id()::text
);
CREATE INDEX revision_subject_idx ON public.revision (subject, id);

-- The history of each claim's corroboration.

CREATE TABLE public.status_change (
    id              bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    claim           uuid NOT NULL REFERENCES public.claim (id),
    status          text NOT NULL
                    CHECK (status IN ('UNCORROBORATED', 'CORROBORATED', 'DISPUTED', 'CONTRADICTED', 'OUTDATED',
                                      'RETRACTED')),
    lines_for       integer NOT NULL,
    lines_against   integer NOT NULL,
    reports_for     integer NOT NULL,
    reports_against integer NOT NULL,
    since           timestamptz NOT NULL DEFAULT now(),
    revision        bigint REFERENCES public.revision (id)
);
CREATE INDEX status_change_claim_idx ON public.status_change (claim, id);
CREATE INDEX status_change_revision_idx ON public.status_change (revision);

-- A hash chain over the log.

CREATE TABLE public.seal (
    id            bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    sealed_at     timestamptz NOT NULL DEFAULT now(),
    last_revision bigint NOT NULL REFERENCES public.revision (id),
    previous_hash bytea,
    hash          bytea NOT NULL
);
CREATE UNIQUE INDEX seal_last_revision_key ON public.seal (last_revision);


-- The first answer to each idempotency key, and which entry of a bundle became which row.

CREATE TABLE public.idempotency_key (
    researcher     uuid NOT NULL REFERENCES public.researcher (id),
    key            text NOT NULL,
    request_sha256 bytea NOT NULL,
    answer         jsonb NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (researcher, key),
    CONSTRAINT idempotency_key_key_not_blank_check CHECK (key ~ '\S'),
    CONSTRAINT idempotency_key_key_length_check CHECK (octet_length(key) <= 1000)
);
CREATE INDEX idempotency_key_created_at_idx ON public.idempotency_key (created_at);

CREATE TABLE public.imported (
    bundle       text NOT NULL,
    table_name   text NOT NULL,
    key          text NOT NULL,
    row_id       uuid NOT NULL,
    entry_sha256 text NOT NULL,
    recorded_by  uuid NOT NULL REFERENCES public.researcher (id),
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (bundle, table_name, key),
    CONSTRAINT imported_bundle_length_check CHECK (octet_length(bundle) <= 1000),
    CONSTRAINT imported_key_length_check CHECK (octet_length(key) <= 1000)
);
CREATE INDEX imported_row_id_idx ON public.imported (row_id);
