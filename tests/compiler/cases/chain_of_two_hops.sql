SELECT concat('{"data":{"claims":', (
SELECT concat('{"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":{"attribution":[', (
SELECT string_agg(r.item, ',')
FROM (
SELECT concat('{"position":', t2.hop, ',"cue":', coalesce(json_scalar(t2.cue)::text, 'null'), ',"mode":', CASE WHEN t2.mode IS NULL THEN 'null' ELSE concat('"', t2.mode, '"') END, ',"channel":"', t2.channel, '","agents":[', (
SELECT string_agg(r.item, ',')
FROM (
SELECT concat('{"name":', json_scalar(t3.name), ',"party":', (
SELECT concat('{"name":', json_scalar(t4.name), '}')
FROM agent t4
WHERE t4.id = t3.party), '}') AS item
FROM (
SELECT g.*, a.id AS attribution
FROM attribution a JOIN agent g ON g.id = a.agent
WHERE a.claim = t2.claim AND a.hop = t2.hop) t3
ORDER BY t3.attribution) r), ']}') AS item
FROM (
SELECT DISTINCT ON (a.hop) a.*
FROM attribution a
WHERE a.claim = t1.id
ORDER BY a.hop, a.id) t2
ORDER BY t2.hop) r), ']}}') AS e1
FROM claim t1
WHERE t1.withdrawn_at IS NULL AND t1.words @@ websearch_to_tsquery('simple', public.unaccent($1::text))
ORDER BY t1.id LIMIT 20) r), '}}')::varchar
