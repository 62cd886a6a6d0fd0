SELECT concat('{"data":{"claims":', (WITH kept1 AS MATERIALIZED (
SELECT t1.id
FROM claim t1
WHERE t1.withdrawn_at IS NULL AND t1.words @@ websearch_to_tsquery('simple', public.unaccent($2::text))
ORDER BY t1.id LIMIT 20) SELECT concat('{"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":{"corroboration":', looked2.value, '}}') AS e1
FROM kept1 t1 LEFT JOIN (
SELECT t2.claim AS key, concat('{"lines":[', (
SELECT string_agg(r.item, ',')
FROM (
SELECT concat('{"side":"', t3.side, '","parties":[', (
SELECT string_agg(r.item, ',')
FROM (
SELECT coalesce((
SELECT concat('{"__typename":"Agent","name":', json_scalar(t5.name), '}')
FROM agent t5
WHERE t5.id = t4.id::uuid), (
SELECT concat('{"__typename":"UnknownPublisher"}')
FROM source t6
WHERE t6.id = t4.id::uuid), 'null') AS item
FROM jsonb_array_elements_text(t3.parties) WITH ORDINALITY t4(id, n)
ORDER BY t4.n) r), ']}') AS item
FROM (
SELECT s.side, s.place, l.parties, l.n
FROM (VALUES ('FOR', 0), ('AGAINST', 1)) s(side, place) CROSS JOIN LATERAL jsonb_array_elements(t2.lines -> s.side) WITH ORDINALITY l(parties, n)) t3
ORDER BY t3.place, t3.n) r), '],"evidence":', (
SELECT concat('{"totalCount":', (
SELECT count(*)
FROM evidence t7
WHERE t7.claim = t2.claim AND t7.side = $1::text), ',"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":{"basis":"', t7.basis, '","claim":', CASE WHEN t8.id IS NOT NULL THEN concat('{"statement":', json_scalar(t8.statement), '}') ELSE 'null' END, ',"source":', CASE WHEN t9.id IS NOT NULL THEN concat('{"title":', json_scalar(t9.title), '}') ELSE 'null' END, ',"chain":[', (
SELECT string_agg(r.item, ',')
FROM (
SELECT coalesce((
SELECT concat('{"name":', json_scalar(t11.name), '}')
FROM agent t11
WHERE t11.id = t10.id::uuid), (
SELECT concat('{}')
FROM source t12
WHERE t12.id = t10.id::uuid), 'null') AS item
FROM unnest(coalesce((
SELECT k.chain
FROM corroboration k
WHERE k.claim = t7.evidence_claim), (
SELECT s.publishers
FROM source s
WHERE s.id = t7.evidence_source))) WITH ORDINALITY t10(id, n)
ORDER BY t10.n) r), ']}}') AS e1
FROM (
SELECT (CASE t7.side WHEN 'FOR' THEN 0 ELSE 1 END) AS order_key, coalesce(t7.evidence_claim, t7.evidence_source) AS order_id, t7.basis, t7.evidence_claim, t7.evidence_source
FROM evidence t7
WHERE t7.claim = t2.claim AND t7.side = $1::text
ORDER BY (CASE t7.side WHEN 'FOR' THEN 0 ELSE 1 END), coalesce(t7.evidence_claim, t7.evidence_source) LIMIT 20) t7 LEFT JOIN claim t8 ON t8.id = t7.evidence_claim LEFT JOIN source t9 ON t9.id = t7.evidence_source
ORDER BY t7.order_key, t7.order_id) r), '}') AS value
FROM corroboration t2
WHERE t2.claim = ANY(ARRAY(
SELECT t1.id
FROM kept1 t1)) OFFSET 0) looked2 ON looked2.key = t1.id
ORDER BY t1.id) r), '}}')::varchar
