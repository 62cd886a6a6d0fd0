SELECT concat('{"data":{"sources":', (
SELECT concat('{"edges":[', string_agg(r.e1, ','), ']}')
FROM (
SELECT concat('{"node":{"title":', json_scalar(t1.title), ',"__typename":"Source","language":', coalesce(json_scalar(t1.language)::text, 'null'), ',"publisher":', coalesce((
SELECT concat('{"name":', json_scalar(t2.name), '}')
FROM agent t2
WHERE t2.id = t1.publisher), 'null'), '}}') AS e1
FROM source t1
ORDER BY t1.id LIMIT 1) r), '}}')::varchar
