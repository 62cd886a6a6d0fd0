SELECT concat('{"data":{"sources":', (
SELECT concat('{"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":{"title":', json_scalar(t1.title), ',"__typename":"Source","language":', coalesce(json_scalar(t1.language)::text, 'null'), ',"publisher":', CASE WHEN t2.id IS NOT NULL THEN concat('{"name":', json_scalar(t2.name), '}') ELSE 'null' END, '}}') AS e1
FROM (
SELECT t1.id, t1.title, t1.language, t1.publisher
FROM source t1
ORDER BY t1.id LIMIT 1) t1 LEFT JOIN agent t2 ON t2.id = t1.publisher
ORDER BY t1.id) r), '}}')::varchar
