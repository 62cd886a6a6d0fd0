SELECT concat('{"data":{"claims":', (WITH kept1 AS MATERIALIZED (
SELECT t1.id, t1.statement, t1.bounds
FROM claim t1
WHERE t1.withdrawn_at IS NULL AND ((EXISTS (
SELECT 1
FROM corroboration k
WHERE k.claim = t1.id AND k.status = ANY($1::text[]))) OR (EXISTS (
SELECT 1
FROM corroboration k
WHERE k.claim = t1.id AND k.disagreed))) AND (t1.basis = ANY($2::text[])) IS NOT TRUE AND t1.bounds && $3::text::numrange
ORDER BY t1.id LIMIT 20) SELECT concat('{"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":{"statement":', json_scalar(t1.statement), ',"quantity":', CASE WHEN t1.bounds IS NOT NULL THEN concat('{"lower":', coalesce('"' || (lower(t1.bounds)) || '"', 'null'), ',"upper":', coalesce('"' || (upper(t1.bounds)) || '"', 'null'), '}') ELSE 'null' END, ',"corroboration":', looked2.value, '}}') AS e1
FROM kept1 t1 LEFT JOIN (
SELECT t2.claim AS key, concat('{"status":"', t2.status, '"}') AS value
FROM corroboration t2
WHERE t2.claim = ANY(ARRAY(
SELECT t1.id
FROM kept1 t1)) OFFSET 0) looked2 ON looked2.key = t1.id
ORDER BY t1.id) r), '}}')::varchar
