"""What stands for and against each claim, in SQL: by the same predicates as the rule of the domain."""

from __future__ import annotations

# Itself, the live claims compared with it, and what researchers assessed. An assessment of a pair replaces
# its comparison.
EVIDENCE = """
SELECT c.id AS claim, 'FOR' AS side, 'COMPARISON' AS basis,
       c.id AS evidence_claim, NULL::uuid AS evidence_source
FROM public.claim c
UNION ALL
SELECT c.id,
       CASE WHEN public.answer_conflicts(d.bounds, d.polarity, c.bounds, c.polarity)
            THEN 'AGAINST' ELSE 'FOR' END,
       'COMPARISON', d.id, NULL::uuid
FROM public.claim c
JOIN public.claim d ON d.question_root = c.question_root AND d.id <> c.id
JOIN public.corroboration k ON k.claim = d.id AND k.live
WHERE (public.answer_backs(d.bounds, d.modality, d.polarity, c.bounds, c.modality, c.polarity)
       OR public.answer_conflicts(d.bounds, d.polarity, c.bounds, c.polarity))
  AND NOT EXISTS (
      SELECT 1 FROM public.assessment a
      WHERE a.claim = c.id AND a.evidence_claim = d.id AND a.withdrawn_at IS NULL
        AND a.stance IN ('SUPPORTS', 'CONTRADICTS'))
UNION ALL
SELECT DISTINCT a.claim, CASE a.stance WHEN 'SUPPORTS' THEN 'FOR' ELSE 'AGAINST' END,
       'ASSESSMENT', a.evidence_claim, a.evidence_source
FROM public.assessment a
LEFT JOIN public.corroboration k ON k.claim = a.evidence_claim
WHERE a.withdrawn_at IS NULL AND a.stance IN ('SUPPORTS', 'CONTRADICTS')
  AND (a.evidence_source IS NOT NULL OR k.live)"""
