SELECT concat('{"data":{"source":', coalesce((
  SELECT concat(
    '{"id":"source_', s.id, '","title":', json_scalar(s.title), ',"url":', coalesce(json_scalar(s.url)::text, 'null'),
    ',"publisher":', coalesce((
      SELECT concat('{"id":"agent_', p.id, '","name":', json_scalar(p.name), '}')
      FROM agent p WHERE p.id = s.publisher), 'null'),
    ',"claims":{"edges":[', (
      SELECT string_agg(edge, ',') FROM (
        SELECT concat('{"node":{"id":"claim_', c.id, '","statement":', json_scalar(c.statement),
          ',"quote":{"exact":', json_scalar(c.quote_exact), '},"attribution":[', (
            SELECT string_agg(hop, ',' ORDER BY n) FROM (
              SELECT a.hop AS n, concat('{"position":', a.hop, ',"agents":[', string_agg(
                concat('{"id":"agent_', g.id, '","name":', json_scalar(g.name), '}'), ',' ORDER BY a.id), ']}') AS hop
              FROM attribution a JOIN agent g ON g.id = a.agent WHERE a.claim = c.id GROUP BY a.hop) h),
          ']}}') AS edge
        FROM claim c WHERE c.source = s.id AND c.withdrawn_at IS NULL ORDER BY c.id LIMIT 100) e),
    ']}}')
  FROM source s WHERE s.id = $1::uuid), 'null'), '}}')::varchar
