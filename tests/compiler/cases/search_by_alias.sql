WITH t1_stretches AS MATERIALIZED (
SELECT public.newest_stretches(1000000) AS newest), t1_among AS MATERIALIZED (
SELECT r.id, r.words
FROM claim r
WHERE r.words @@ websearch_to_tsquery('simple', public.spelled($1::text)) AND r.withdrawn_at IS NULL AND CASE WHEN (
SELECT s.newest
FROM t1_stretches s) IS NOT NULL THEN (
SELECT count(*)
FROM (
SELECT r.words
FROM claim r
WHERE r.withdrawn_at IS NULL
ORDER BY r.id DESC LIMIT 300) n
WHERE n.words @@ websearch_to_tsquery('simple', public.spelled($1::text))) < 3 END AND public.stretches_of(r.recorded_at, r.words) && public.stretches_asked((
SELECT s.newest
FROM t1_stretches s), websearch_to_tsquery('simple', public.spelled($1::text)))
ORDER BY r.id DESC LIMIT 1000), t1_further AS MATERIALIZED (
SELECT public.stretches_asked(ARRAY(
SELECT s.newest[cardinality(s.newest)] - 3 * n
FROM generate_series(1, greatest(1, round((cardinality(s.newest) - 1) * (((20 - (
SELECT count(*)
FROM t1_among)) + 2 * sqrt((20 - (
SELECT count(*)
FROM t1_among))) + 1) / (
SELECT count(*)
FROM t1_among))))::integer) n), websearch_to_tsquery('simple', public.spelled($1::text))) AS stretches
FROM t1_stretches s
WHERE (
SELECT count(*)
FROM t1_among) BETWEEN 5 AND 19), t1_before AS MATERIALIZED (
SELECT r.id, r.words
FROM claim r
WHERE r.words @@ websearch_to_tsquery('simple', public.spelled($1::text)) AND r.withdrawn_at IS NULL AND (
SELECT f.stretches
FROM t1_further f) IS NOT NULL AND public.stretches_of(r.recorded_at, r.words) && (
SELECT f.stretches
FROM t1_further f)
ORDER BY r.id DESC LIMIT 1000), t1_source_held AS MATERIALIZED (
SELECT r.id, r.words
FROM source r
WHERE r.words @@ websearch_to_tsquery('simple', public.spelled($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000), t1_source_compared AS MATERIALIZED (
SELECT 'source' AS type, r.id, (public.strict_word_similarity(q.name, r.name) - 2)::real AS rank
FROM (
SELECT r.id, r.words, public.spelled(r.title) AS name
FROM source r
WHERE true
ORDER BY r.id DESC LIMIT 2000) r, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END AS name) q
WHERE q.name OPERATOR(public.<<%) r.name AND CASE WHEN (
SELECT c.reltuples
FROM pg_catalog.pg_class c
WHERE c.oid = 'public.source'::regclass) > 10000 AND (
SELECT count(*)
FROM t1_source_held) < 20 THEN EXISTS (
SELECT 1
FROM (
SELECT r.id, r.words, public.spelled(r.title) AS name
FROM source r
WHERE true
ORDER BY r.id DESC LIMIT 400) r
WHERE CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END OPERATOR(public.<<%) r.name) END AND public.strict_word_similarity(q.name, r.name) >= 0.5 AND NOT r.words @@ q.words), t1_agent_held AS MATERIALIZED (
SELECT r.id, r.words
FROM agent r
WHERE r.words @@ websearch_to_tsquery('simple', public.spelled($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000), t1_agent_compared AS MATERIALIZED (
SELECT 'agent' AS type, r.id, (public.strict_word_similarity(q.name, r.name) - 2)::real AS rank
FROM (
SELECT r.id, r.words, public.spelled(r.name || ' ' || public.joined(r.aliases)) AS name
FROM agent r
WHERE NOT r.protected
ORDER BY r.id DESC LIMIT 2000) r, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END AS name) q
WHERE q.name OPERATOR(public.<%) r.name AND CASE WHEN (
SELECT c.reltuples
FROM pg_catalog.pg_class c
WHERE c.oid = 'public.agent'::regclass) > 10000 AND (
SELECT count(*)
FROM t1_agent_held) < 20 THEN EXISTS (
SELECT 1
FROM (
SELECT r.id, r.words, public.spelled(r.name || ' ' || public.joined(r.aliases)) AS name
FROM agent r
WHERE NOT r.protected
ORDER BY r.id DESC LIMIT 400) r
WHERE CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END OPERATOR(public.<%) r.name) END AND public.strict_word_similarity(q.name, r.name) >= 0.4 AND NOT r.words @@ q.words), t1_question_held AS MATERIALIZED (
SELECT r.id, r.words
FROM question r
WHERE r.words @@ websearch_to_tsquery('simple', public.spelled($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000), t1_question_compared AS MATERIALIZED (
SELECT 'question' AS type, r.id, (public.strict_word_similarity(q.name, r.name) - 2)::real AS rank
FROM (
SELECT r.id, r.words, public.spelled(r.text) AS name
FROM question r
WHERE true
ORDER BY r.id DESC LIMIT 2000) r, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END AS name) q
WHERE q.name OPERATOR(public.<<%) r.name AND CASE WHEN (
SELECT c.reltuples
FROM pg_catalog.pg_class c
WHERE c.oid = 'public.question'::regclass) > 10000 AND (
SELECT count(*)
FROM t1_question_held) < 20 THEN EXISTS (
SELECT 1
FROM (
SELECT r.id, r.words, public.spelled(r.text) AS name
FROM question r
WHERE true
ORDER BY r.id DESC LIMIT 400) r
WHERE CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END OPERATOR(public.<<%) r.name) END AND public.strict_word_similarity(q.name, r.name) >= 0.5 AND NOT r.words @@ q.words), t1_event_held AS MATERIALIZED (
SELECT r.id, r.words
FROM event r
WHERE r.words @@ websearch_to_tsquery('simple', public.spelled($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000), t1_event_compared AS MATERIALIZED (
SELECT 'event' AS type, r.id, (public.strict_word_similarity(q.name, r.name) - 2)::real AS rank
FROM (
SELECT r.id, r.words, public.spelled(r.title) AS name
FROM event r
WHERE true
ORDER BY r.id DESC LIMIT 2000) r, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END AS name) q
WHERE q.name OPERATOR(public.<<%) r.name AND CASE WHEN (
SELECT c.reltuples
FROM pg_catalog.pg_class c
WHERE c.oid = 'public.event'::regclass) > 10000 AND (
SELECT count(*)
FROM t1_event_held) < 20 THEN EXISTS (
SELECT 1
FROM (
SELECT r.id, r.words, public.spelled(r.title) AS name
FROM event r
WHERE true
ORDER BY r.id DESC LIMIT 400) r
WHERE CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END OPERATOR(public.<<%) r.name) END AND public.strict_word_similarity(q.name, r.name) >= 0.5 AND NOT r.words @@ q.words), kept1 AS MATERIALIZED (
SELECT t1.rank, t1.id, t1.type
FROM (
SELECT 'claim' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)))) AS rank
FROM (
SELECT *
FROM t1_among
WHERE (
SELECT count(*)
FROM t1_among) + (
SELECT count(*)
FROM t1_before) >= 20) h UNION ALL SELECT 'claim' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)))) AS rank
FROM (
SELECT *
FROM t1_before
WHERE (
SELECT count(*)
FROM t1_among) + (
SELECT count(*)
FROM t1_before) >= 20) h UNION ALL SELECT 'claim' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)))) AS rank
FROM (
SELECT r.id, r.words
FROM claim r
WHERE r.words @@ websearch_to_tsquery('simple', public.spelled($1::text)) AND r.withdrawn_at IS NULL AND NOT (
SELECT count(*)
FROM t1_among) + (
SELECT count(*)
FROM t1_before) >= 20
ORDER BY r.id DESC LIMIT 1000) h UNION ALL SELECT 'source' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)))) AS rank
FROM t1_source_held h UNION ALL SELECT *
FROM t1_source_compared
WHERE (
SELECT count(*)
FROM t1_source_compared) >= 20 UNION ALL SELECT 'source' AS type, r.id, (public.strict_word_similarity(q.name, public.spelled(r.title)) - 2)::real AS rank
FROM source r, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END AS name) q
WHERE q.name OPERATOR(public.<<%) public.spelled(r.title) AND true AND (
SELECT count(*)
FROM t1_source_held) < 20 AND (
SELECT count(*)
FROM t1_source_compared) < 20 AND public.strict_word_similarity(q.name, public.spelled(r.title)) >= 0.5 AND NOT r.words @@ q.words UNION ALL SELECT 'agent' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)))) AS rank
FROM t1_agent_held h UNION ALL SELECT *
FROM t1_agent_compared
WHERE (
SELECT count(*)
FROM t1_agent_compared) >= 20 UNION ALL SELECT 'agent' AS type, r.id, (public.strict_word_similarity(q.name, public.spelled(r.name || ' ' || public.joined(r.aliases))) - 2)::real AS rank
FROM agent r, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END AS name) q
WHERE q.name OPERATOR(public.<%) public.spelled(r.name || ' ' || public.joined(r.aliases)) AND NOT r.protected AND (
SELECT count(*)
FROM t1_agent_held) < 20 AND (
SELECT count(*)
FROM t1_agent_compared) < 20 AND public.strict_word_similarity(q.name, public.spelled(r.name || ' ' || public.joined(r.aliases))) >= 0.4 AND NOT r.words @@ q.words UNION ALL SELECT 'question' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)))) AS rank
FROM t1_question_held h UNION ALL SELECT *
FROM t1_question_compared
WHERE (
SELECT count(*)
FROM t1_question_compared) >= 20 UNION ALL SELECT 'question' AS type, r.id, (public.strict_word_similarity(q.name, public.spelled(r.text)) - 2)::real AS rank
FROM question r, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END AS name) q
WHERE q.name OPERATOR(public.<<%) public.spelled(r.text) AND true AND (
SELECT count(*)
FROM t1_question_held) < 20 AND (
SELECT count(*)
FROM t1_question_compared) < 20 AND public.strict_word_similarity(q.name, public.spelled(r.text)) >= 0.5 AND NOT r.words @@ q.words UNION ALL SELECT 'event' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)))) AS rank
FROM t1_event_held h UNION ALL SELECT *
FROM t1_event_compared
WHERE (
SELECT count(*)
FROM t1_event_compared) >= 20 UNION ALL SELECT 'event' AS type, r.id, (public.strict_word_similarity(q.name, public.spelled(r.title)) - 2)::real AS rank
FROM event r, (
SELECT websearch_to_tsquery('simple', public.spelled($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.spelled($1::text))) > 3 THEN public.spelled($1::text) END AS name) q
WHERE q.name OPERATOR(public.<<%) public.spelled(r.title) AND true AND (
SELECT count(*)
FROM t1_event_held) < 20 AND (
SELECT count(*)
FROM t1_event_compared) < 20 AND public.strict_word_similarity(q.name, public.spelled(r.title)) >= 0.5 AND NOT r.words @@ q.words UNION ALL SELECT 'claim', r.id, 0::real
FROM claim r, claim o
WHERE $1::text IS NULL) t1
WHERE upper(t1.type) = ANY($2::text[])
ORDER BY t1.rank DESC, t1.id DESC LIMIT 20) SELECT concat('{"data":{"search":', (
SELECT concat('{"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":', coalesce((
SELECT concat('{"__typename":"Claim"}')
FROM claim t2
WHERE t2.id = t1.id AND t1.type = 'claim'), (
SELECT concat('{"__typename":"Source"}')
FROM source t3
WHERE t3.id = t1.id AND t1.type = 'source'), (
SELECT concat('{"__typename":"Agent","name":', json_scalar(t4.name), '}')
FROM agent t4
WHERE t4.id = t1.id AND t1.type = 'agent'), (
SELECT concat('{"__typename":"Question"}')
FROM question t5
WHERE t5.id = t1.id AND t1.type = 'question'), (
SELECT concat('{"__typename":"Event"}')
FROM event t6
WHERE t6.id = t1.id AND t1.type = 'event'), 'null'), '}') AS e1
FROM kept1 t1
ORDER BY t1.rank DESC, t1.id DESC) r), '}}')::varchar
