SELECT concat('{"data":{"claims":', (
SELECT concat('{"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":{"statement":', json_scalar(t1.statement), ',"quantity":', CASE WHEN t1.bounds IS NOT NULL THEN concat('{"lower":', CASE WHEN lower(t1.bounds) IS NULL THEN 'null' ELSE concat('"', lower(t1.bounds), '"') END, ',"upper":', CASE WHEN upper(t1.bounds) IS NULL THEN 'null' ELSE concat('"', upper(t1.bounds), '"') END, '}') ELSE 'null' END, ',"corroboration":{"status":"', t2.status, '"}}}') AS e1
FROM (
SELECT t1.id, t1.statement, t1.bounds
FROM claim t1
WHERE t1.withdrawn_at IS NULL AND ((EXISTS (
SELECT 1
FROM corroboration k
WHERE k.claim = t1.id AND k.status = ANY($1::text[]))) OR (EXISTS (
SELECT 1
FROM corroboration k
WHERE k.claim = t1.id AND k.disagreed))) AND (t1.basis = ANY($2::text[])) IS NOT TRUE AND t1.bounds && $3::text::numrange
ORDER BY t1.id LIMIT 20) t1 LEFT JOIN corroboration t2 ON t2.claim = t1.id
ORDER BY t1.id) r), '}}')::varchar
