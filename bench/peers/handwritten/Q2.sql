SELECT concat('{"data":{"claims":{"edges":[', string_agg(edge, ',') FILTER (WHERE n <= 20),
  ']', ',"pageInfo":{"hasNextPage":', CASE WHEN count(*) > 20 THEN 'true' ELSE 'false' END,
  ',"endCursor":', coalesce('"' || max(cursor) FILTER (WHERE n = least(20, last)) || '"', 'null'), '}}}}')::varchar
FROM (
  SELECT n, cursor, max(n) OVER () AS last, CASE WHEN n <= 20 THEN concat(
    '{"cursor":"', cursor, '","node":{"id":"claim_', c.id, '","statement":', json_scalar(c.statement),
    ',"source":', (
      SELECT concat('{"id":"source_', s.id, '","title":', json_scalar(s.title), ',"publisher":',
        coalesce((SELECT concat('{"name":', json_scalar(p.name), '}') FROM agent p WHERE p.id = s.publisher), 'null'),
        '}')
      FROM source s WHERE s.id = c.source),
    ',"attribution":[', (
      SELECT string_agg(hop, ',' ORDER BY n) FROM (
        SELECT a.hop AS n, concat('{"position":', a.hop, ',"agents":[', string_agg(
          concat('{"id":"agent_', g.id, '","name":', json_scalar(g.name), '}'), ',' ORDER BY a.id), ']}') AS hop
        FROM attribution a JOIN agent g ON g.id = a.agent WHERE a.claim = c.id GROUP BY a.hop) h),
    ']}}') END AS edge
  FROM (
    SELECT c.id, c.statement, c.source, row_number() OVER (ORDER BY c.id) AS n,
      'RECORDED.' || c.id AS cursor
    FROM claim c
    WHERE c.withdrawn_at IS NULL
      AND c.question_root = ANY(ARRAY(SELECT q.root FROM question q WHERE q.id = ANY($1::uuid[])))
    ORDER BY c.id LIMIT 21) c
  ORDER BY n) page
