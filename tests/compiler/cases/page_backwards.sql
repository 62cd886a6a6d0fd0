SELECT concat('{"data":{"agents":', (
SELECT concat('{"pageInfo":{"hasNextPage":', 'false', ',"hasPreviousPage":', CASE WHEN count(*) > 2 THEN 'true' ELSE 'false' END, '},"edges":[', string_agg(r.e1, ','
ORDER BY r.row_n DESC) FILTER (WHERE r.row_n <= 2), '],"totalCount":', (
SELECT count(*)
FROM agent t1), '}')
FROM (
SELECT CASE WHEN t1.row_n <= 2 THEN concat('{"node":{"name":', json_scalar(t1.name), '}}') END AS e1, ('NAME.' || t1.id || '.' || rtrim(translate(encode(convert_to(lower(t1.name)::text, 'UTF8'), 'base64'), E'+/\n', '-_'), '=')) AS cursor, t1.row_n
FROM (
SELECT t1.*, row_number() OVER (ORDER BY lower(t1.name), t1.id) AS row_n
FROM agent t1
ORDER BY lower(t1.name), t1.id LIMIT 3) t1) r), '}}')::varchar
