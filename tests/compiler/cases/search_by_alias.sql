SELECT concat('{"data":{"search":', (
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
FROM (
SELECT t1.rank, t1.id, t1.type
FROM (
SELECT 'claim' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.unaccent($1::text)))) AS rank
FROM (
SELECT r.id, r.words
FROM claim r
WHERE r.words @@ websearch_to_tsquery('simple', public.unaccent($1::text)) AND r.withdrawn_at IS NULL
ORDER BY r.id DESC LIMIT 1000) h UNION ALL SELECT 'source' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.unaccent($1::text)))) AS rank
FROM (
SELECT r.id, r.words
FROM source r
WHERE r.words @@ websearch_to_tsquery('simple', public.unaccent($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000) h UNION ALL SELECT 'source' AS type, r.id, (public.strict_word_similarity(q.name, public.spelled(r.title)) - 2)::real AS rank
FROM source r, (
SELECT websearch_to_tsquery('simple', public.unaccent($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.unaccent($1::text))) > 3 THEN public.unaccent($1::text) END AS name) q
WHERE q.name OPERATOR(public.<<%) public.spelled(r.title) AND true AND public.strict_word_similarity(q.name, public.spelled(r.title)) >= 0.5 AND NOT r.words @@ q.words AND (
SELECT count(*)
FROM (
SELECT r.id, r.words
FROM source r
WHERE r.words @@ websearch_to_tsquery('simple', public.unaccent($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000) h) < 20 UNION ALL SELECT 'agent' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.unaccent($1::text)))) AS rank
FROM (
SELECT r.id, r.words
FROM agent r
WHERE r.words @@ websearch_to_tsquery('simple', public.unaccent($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000) h UNION ALL SELECT 'agent' AS type, r.id, (public.strict_word_similarity(q.name, public.spelled(r.name || ' ' || public.joined(r.aliases))) - 2)::real AS rank
FROM agent r, (
SELECT websearch_to_tsquery('simple', public.unaccent($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.unaccent($1::text))) > 3 THEN public.unaccent($1::text) END AS name) q
WHERE q.name OPERATOR(public.<<%) public.spelled(r.name || ' ' || public.joined(r.aliases)) AND NOT r.protected AND public.strict_word_similarity(q.name, public.spelled(r.name || ' ' || public.joined(r.aliases))) >= 0.5 AND NOT r.words @@ q.words AND (
SELECT count(*)
FROM (
SELECT r.id, r.words
FROM agent r
WHERE r.words @@ websearch_to_tsquery('simple', public.unaccent($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000) h) < 20 UNION ALL SELECT 'question' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.unaccent($1::text)))) AS rank
FROM (
SELECT r.id, r.words
FROM question r
WHERE r.words @@ websearch_to_tsquery('simple', public.unaccent($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000) h UNION ALL SELECT 'question' AS type, r.id, (public.strict_word_similarity(q.name, public.spelled(r.text)) - 2)::real AS rank
FROM question r, (
SELECT websearch_to_tsquery('simple', public.unaccent($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.unaccent($1::text))) > 3 THEN public.unaccent($1::text) END AS name) q
WHERE q.name OPERATOR(public.<<%) public.spelled(r.text) AND true AND public.strict_word_similarity(q.name, public.spelled(r.text)) >= 0.5 AND NOT r.words @@ q.words AND (
SELECT count(*)
FROM (
SELECT r.id, r.words
FROM question r
WHERE r.words @@ websearch_to_tsquery('simple', public.unaccent($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000) h) < 20 UNION ALL SELECT 'event' AS type, h.id, ts_rank(h.words, (
SELECT websearch_to_tsquery('simple', public.unaccent($1::text)))) AS rank
FROM (
SELECT r.id, r.words
FROM event r
WHERE r.words @@ websearch_to_tsquery('simple', public.unaccent($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000) h UNION ALL SELECT 'event' AS type, r.id, (public.strict_word_similarity(q.name, public.spelled(r.title)) - 2)::real AS rank
FROM event r, (
SELECT websearch_to_tsquery('simple', public.unaccent($1::text)) AS words, CASE WHEN $1::text !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))' AND char_length($1::text) <= 60 AND cardinality(public.show_trgm(public.unaccent($1::text))) > 3 THEN public.unaccent($1::text) END AS name) q
WHERE q.name OPERATOR(public.<<%) public.spelled(r.title) AND true AND public.strict_word_similarity(q.name, public.spelled(r.title)) >= 0.5 AND NOT r.words @@ q.words AND (
SELECT count(*)
FROM (
SELECT r.id, r.words
FROM event r
WHERE r.words @@ websearch_to_tsquery('simple', public.unaccent($1::text)) AND true
ORDER BY r.id DESC LIMIT 1000) h) < 20 UNION ALL SELECT 'claim', r.id, 0::real
FROM claim r, claim o
WHERE $1::text IS NULL) t1
WHERE upper(t1.type) = ANY($2::text[])
ORDER BY t1.rank DESC, t1.id DESC LIMIT 20) t1
ORDER BY t1.rank DESC, t1.id DESC) r), '}}')::varchar
