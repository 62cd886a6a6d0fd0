SELECT concat('{"data":{"agents":', (WITH kept1 AS MATERIALIZED (
SELECT lower(t1.name) AS order_key, t1.id, t1.name
FROM agent t1
ORDER BY lower(t1.name), t1.id LIMIT 3) SELECT concat('{"pageInfo":{"hasNextPage":', 'false', ',"hasPreviousPage":', CASE WHEN (
SELECT count(*)
FROM kept1) > 2 THEN 'true' ELSE 'false' END, '},"edges":[', string_agg(r.e1, ','), '],"totalCount":', (
SELECT count(*)
FROM agent t1), '}')
FROM (
SELECT concat('{"node":{"name":', json_scalar(t1.name), '}}') AS e1
FROM (
SELECT *
FROM kept1 t1
ORDER BY t1.order_key, t1.id LIMIT 2) t1
ORDER BY t1.order_key DESC, t1.id DESC) r), '}}')::varchar
