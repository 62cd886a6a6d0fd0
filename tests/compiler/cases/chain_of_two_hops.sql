SELECT concat('{"data":{"claims":', (
SELECT concat('{"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":{"attribution":[', (
SELECT string_agg(r.item, ',')
FROM (
SELECT concat('{"position":', t2.hop, (array_agg(concat(',"cue":', coalesce(json_scalar(t2.cue)::text, 'null'), ',"mode":', CASE WHEN t2.mode IS NULL THEN 'null' ELSE concat('"', t2.mode, '"') END, ',"channel":"', t2.channel, '"')
ORDER BY t2.id))[1], ',"agents":[', string_agg(concat('{"name":', json_scalar(t3.name), ',"party":{"name":', json_scalar(t4.name), '}}'), ','
ORDER BY t2.id), ']}') AS item
FROM attribution t2 LEFT JOIN agent t3 ON t3.id = t2.agent LEFT JOIN agent t4 ON t4.id = t3.party
WHERE t2.claim = t1.id GROUP BY t2.hop
ORDER BY t2.hop) r), ']}}') AS e1
FROM (
SELECT t1.id
FROM claim t1
WHERE t1.withdrawn_at IS NULL AND t1.words @@ websearch_to_tsquery('simple', public.unaccent($1::text))
ORDER BY t1.id LIMIT 20) t1
ORDER BY t1.id) r), '}}')::varchar
