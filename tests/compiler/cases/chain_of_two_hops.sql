SELECT concat('{"data":{"claims":', (WITH kept1 AS MATERIALIZED (
SELECT t1.id
FROM claim t1
WHERE t1.withdrawn_at IS NULL AND t1.words @@ websearch_to_tsquery('simple', public.unaccent($1::text))
ORDER BY t1.id LIMIT 20) SELECT concat('{"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":{"attribution":[', looked2.value, ']}}') AS e1
FROM kept1 t1 LEFT JOIN (WITH kept2 AS MATERIALIZED (
SELECT t2.claim, t2.hop, t2.id, t2.cue, t2.mode, t2.channel, t2.agent
FROM attribution t2
WHERE t2.claim = ANY(ARRAY(
SELECT t1.id
FROM kept1 t1))) SELECT r.key, string_agg(r.item, ','
ORDER BY r.place) AS value
FROM (
SELECT t2.claim AS key, t2.hop AS place, concat('{"position":', t2.hop, (array_agg(concat(',"cue":', coalesce(json_scalar(t2.cue)::text, 'null'), ',"mode":', coalesce('"' || (t2.mode) || '"', 'null'), ',"channel":"', t2.channel, '"')
ORDER BY t2.id))[1], ',"agents":[', string_agg(looked3.value, ','
ORDER BY t2.id), ']}') AS item
FROM kept2 t2 LEFT JOIN (
SELECT t3.id AS key, concat('{"name":', json_scalar(t3.name), ',"party":{"name":', json_scalar(t4.name), '}}') AS value
FROM agent t3 LEFT JOIN agent t4 ON t4.id = t3.party
WHERE t3.id = ANY(ARRAY(
SELECT t2.agent
FROM kept2 t2)) OFFSET 0) looked3 ON looked3.key = t2.agent GROUP BY t2.claim, t2.hop
ORDER BY t2.claim, t2.hop) r GROUP BY r.key OFFSET 0) looked2 ON looked2.key = t1.id
ORDER BY t1.id) r), '}}')::varchar
