SELECT concat('{"data":{"agents":', (
SELECT concat('{"pageInfo":{"hasNextPage":', 'false', ',"hasPreviousPage":', CASE WHEN count(*) > 2 THEN 'true' ELSE 'false' END, '},"edges":[', string_agg(r.e1, ','), '],"totalCount":', (
SELECT count(*)
FROM agent t1), '}')
FROM (
SELECT CASE WHEN t1.row_n <= 2 THEN concat('{"node":{"name":', json_scalar(t1.name), '}}') END AS e1
FROM (
SELECT lower(t1.name) AS order_key, t1.id, t1.name, row_number() OVER (ORDER BY lower(t1.name), t1.id) AS row_n
FROM agent t1
ORDER BY lower(t1.name), t1.id LIMIT 3) t1
ORDER BY t1.order_key DESC, t1.id DESC) r), '}}')::varchar
