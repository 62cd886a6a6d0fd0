SELECT concat('{"data":{"claim":', coalesce((
  SELECT concat(
    '{"id":"claim_', c.id, '","statement":', json_scalar(c.statement),
    ',"quote":{"exact":', json_scalar(c.quote_exact),
    '},"quantity":', CASE WHEN c.bounds IS NOT NULL THEN concat(
      '{"text":', json_scalar(c.quantity_text),
      ',"lower":', coalesce('"' || lower(c.bounds) || '"', 'null'),
      ',"upper":', coalesce('"' || upper(c.bounds) || '"', 'null'), '}') ELSE 'null' END,
    ',"source":{"id":"source_', s.id, '","title":', json_scalar(s.title),
    ',"url":', coalesce(json_scalar(s.url)::text, 'null'),
    ',"publisher":', CASE WHEN p.id IS NOT NULL THEN
      concat('{"id":"agent_', p.id, '","name":', json_scalar(p.name), '}') ELSE 'null' END,
    '},"attribution":[', (
      SELECT string_agg(hop, ',' ORDER BY n) FROM (
        SELECT a.hop AS n, concat(
          '{"position":', a.hop, ',"cue":', coalesce(json_scalar(min(a.cue))::text, 'null'),
          ',"mode":', coalesce('"' || min(a.mode) || '"', 'null'), ',"channel":"', min(a.channel),
          '","agents":[', string_agg(
            concat('{"id":"agent_', g.id, '","name":', json_scalar(g.name), '}'), ',' ORDER BY a.id), ']}') AS hop
        FROM attribution a JOIN agent g ON g.id = a.agent WHERE a.claim = c.id GROUP BY a.hop) h),
    '],"corroboration":{"status":"', k.status, '","linesFor":', k.lines_for, ',"linesAgainst":', k.lines_against,
    ',"reportsFor":', k.reports_for, ',"explanation":', json_scalar(k.explanation),
    '},"assessments":{"edges":[', (
      SELECT string_agg(edge, ',') FROM (
        SELECT concat('{"node":{"id":"assessment_', x.id, '","stance":"', x.stance, '","rationale":',
          json_scalar(x.rationale), ',"recordedBy":{"name":', json_scalar(r.name), '}}}') AS edge
        FROM assessment x JOIN researcher r ON r.id = x.recorded_by
        WHERE x.claim = c.id AND x.withdrawn_at IS NULL ORDER BY x.id LIMIT 10) e),
    ']}}')
  FROM claim c
  JOIN source s ON s.id = c.source
  JOIN corroboration k ON k.claim = c.id
  LEFT JOIN agent p ON p.id = s.publisher
  WHERE c.id = $1::uuid), 'null'), '}}')::varchar
