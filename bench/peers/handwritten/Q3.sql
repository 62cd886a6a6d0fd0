SELECT concat('{"data":{"claims":{"edges":[', string_agg(edge, ','), ']}}}')::varchar
FROM (
  SELECT concat(
    '{"node":{"id":"claim_', c.id, '","statement":', json_scalar(c.statement),
    ',"quote":{"exact":', json_scalar(c.quote_exact),
    ',"prefix":', coalesce(json_scalar(c.quote_prefix)::text, 'null'),
    ',"suffix":', coalesce(json_scalar(c.quote_suffix)::text, 'null'),
    ',"start":', coalesce(c.quote_start::text, 'null'), ',"end":', coalesce(c.quote_end::text, 'null'),
    '},"quantity":', CASE WHEN c.bounds IS NOT NULL THEN concat(
      '{"text":', json_scalar(c.quantity_text), ',"modality":"', c.modality,
      '","lower":', coalesce('"' || lower(c.bounds) || '"', 'null'),
      ',"upper":', coalesce('"' || upper(c.bounds) || '"', 'null'),
      ',"lowerInclusive":', CASE WHEN lower_inc(c.bounds) THEN 'true' ELSE 'false' END,
      ',"upperInclusive":', CASE WHEN upper_inc(c.bounds) THEN 'true' ELSE 'false' END, '}') ELSE 'null' END,
    ',"source":{"id":"source_', s.id, '","title":', json_scalar(s.title),
    ',"url":', coalesce(json_scalar(s.url)::text, 'null'),
    ',"language":', coalesce(json_scalar(s.language)::text, 'null'),
    ',"published":', CASE WHEN s.published IS NOT NULL THEN concat(
      '{"from":', to_json(lower(s.published)), ',"to":', to_json(upper(s.published)), '}') ELSE 'null' END,
    ',"publisher":', CASE WHEN p.id IS NOT NULL THEN concat(
      '{"id":"agent_', p.id, '","name":', json_scalar(p.name),
      ',"party":{"name":', json_scalar(pp.name), '}}') ELSE 'null' END,
    '},"question":', CASE WHEN q.id IS NOT NULL THEN concat(
      '{"id":"question_', q.id, '","text":', json_scalar(q.text),
      ',"event":', CASE WHEN e.id IS NOT NULL THEN concat('{"title":', json_scalar(e.title), '}')
        ELSE 'null' END, '}') ELSE 'null' END,
    ',"attribution":[', (
      SELECT string_agg(hop, ',' ORDER BY n) FROM (
        SELECT a.hop AS n, concat(
          '{"position":', a.hop, ',"cue":', coalesce(json_scalar(min(a.cue))::text, 'null'),
          ',"mode":', coalesce('"' || min(a.mode) || '"', 'null'), ',"channel":"', min(a.channel),
          '","agents":[', string_agg(
            concat('{"id":"agent_', g.id, '","name":', json_scalar(g.name),
              ',"party":{"id":"agent_', gp.id, '","name":', json_scalar(gp.name), '}}'), ',' ORDER BY a.id),
          ']}') AS hop
        FROM attribution a JOIN agent g ON g.id = a.agent JOIN agent gp ON gp.id = g.party
        WHERE a.claim = c.id GROUP BY a.hop) h),
    '],"corroboration":{"status":"', k.status, '","linesFor":', k.lines_for, ',"linesAgainst":', k.lines_against,
    ',"reportsFor":', k.reports_for, ',"reportsAgainst":', k.reports_against,
    ',"explanation":', json_scalar(k.explanation),
    '},"assessments":{"edges":[', (
      SELECT string_agg(edge, ',') FROM (
        SELECT concat('{"node":{"id":"assessment_', x.id, '","stance":"', x.stance, '","rationale":',
          json_scalar(x.rationale), ',"evidenceClaim":', CASE WHEN d.id IS NOT NULL THEN
            concat('{"id":"claim_', d.id, '","statement":', json_scalar(d.statement), '}') ELSE 'null' END,
          '}}') AS edge
        FROM assessment x LEFT JOIN claim d ON d.id = x.evidence_claim
        WHERE x.claim = c.id AND x.withdrawn_at IS NULL ORDER BY x.id LIMIT 10) e),
    ']}}}') AS edge
  FROM (
    SELECT c.* FROM claim c WHERE c.withdrawn_at IS NULL AND c.id > $1::uuid ORDER BY c.id LIMIT 100
  ) c
  JOIN source s ON s.id = c.source
  JOIN corroboration k ON k.claim = c.id
  LEFT JOIN question q ON q.id = c.question
  LEFT JOIN event e ON e.id = q.event
  LEFT JOIN agent p ON p.id = s.publisher
  LEFT JOIN agent pp ON pp.id = p.party
  ORDER BY c.id) page
