SELECT concat('{"data":{"claims":', (WITH kept1 AS MATERIALIZED (
SELECT t1.id, t1.statement
FROM claim t1
WHERE t1.withdrawn_at IS NULL AND t1.words @@ websearch_to_tsquery('simple', public.unaccent($1::text))
ORDER BY t1.id LIMIT 20) SELECT concat('{"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":{"statement":', json_scalar(t1.statement), ',"corroboration":', looked2.value, '}}') AS e1
FROM kept1 t1 LEFT JOIN (
SELECT t2.claim AS key, concat('{"status":"', t2.status, '","linesFor":', t2.lines_for, ',"linesAgainst":', t2.lines_against, ',"reportsFor":', t2.reports_for, ',"reportsAgainst":', t2.reports_against, ',"weakestLinks":[', (
SELECT string_agg(r.item, ',')
FROM (
SELECT coalesce((
SELECT concat('{"name":', json_scalar(t4.name), '}')
FROM agent t4
WHERE t4.id = t3.id::uuid), (
SELECT concat('{}')
FROM source t5
WHERE t5.id = t3.id::uuid), 'null') AS item
FROM jsonb_array_elements_text(t2.weakest_links) WITH ORDINALITY t3(id, n)
ORDER BY t3.n) r), ']}') AS value
FROM corroboration t2
WHERE t2.claim = ANY(ARRAY(
SELECT t1.id
FROM kept1 t1)) OFFSET 0) looked2 ON looked2.key = t1.id
ORDER BY t1.id) r), '}}')::varchar
