SELECT concat('{"data":{"claims":', (
SELECT concat('{"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":{"attribution":[', (
SELECT string_agg(concat('{"position":', t2.hop, ',"cue":', coalesce(json_scalar(t2.cue)::text, 'null'), ',"mode":', CASE WHEN t2.mode IS NULL THEN 'null' ELSE concat('"', t2.mode, '"') END, ',"channel":"', t2.channel, '","agents":[', t2.m0, ']}'), ',')
FROM (
SELECT t2.hop, (array_agg(t2.cue
ORDER BY t2.id))[1] AS cue, (array_agg(t2.mode
ORDER BY t2.id))[1] AS mode, (array_agg(t2.channel
ORDER BY t2.id))[1] AS channel, string_agg(concat('{"name":', json_scalar(t3.name), ',"party":{"name":', json_scalar(t4.name), '}}'), ','
ORDER BY t2.id) AS m0
FROM attribution t2 LEFT JOIN agent t3 ON t3.id = t2.agent LEFT JOIN agent t4 ON t4.id = t3.party
WHERE t2.claim = t1.id GROUP BY t2.hop
ORDER BY t2.hop) t2), ']}}') AS e1
FROM (
SELECT t1.id
FROM claim t1
WHERE t1.withdrawn_at IS NULL AND t1.words @@ websearch_to_tsquery('simple', public.unaccent($1::text))
ORDER BY t1.id LIMIT 20) t1
ORDER BY t1.id) r), '}}')::varchar
