"""What the rule makes of claims: figures, lines, evidence, comparisons."""

from __future__ import annotations

from collections.abc import Mapping

from app.compiler.catalog.fields import (
    PARTY,
    boolean,
    id_of,
    link,
    number,
    parties,
    text,
    time_of,
    word,
)
from app.compiler.catalog.meanings import Collection, Leaf, Link, Meaning, Narrowing, Paged, Part
from app.compiler.catalog.orders import EVIDENCE_ORDERS, LOG_ORDERS, ORIGIN_ORDERS, POSITION_ORDERS
from app.compiler.terms import Conversion, Encoding

LINE: Mapping[str, Meaning] = {
    "side": word("side"),
    "parties": parties("jsonb_array_elements_text({p}.parties)"),
}

EVIDENCE: Mapping[str, Meaning] = {
    "side": word("side"),
    "basis": word("basis"),
    "claim": link("Claim", "evidence_claim", nullable=True),
    "source": link("Source", "evidence_source", nullable=True),
    "chain": parties(
        "unnest(coalesce((SELECT k.chain FROM corroboration k WHERE k.claim = {p}.evidence_claim),"
        " (SELECT s.publishers FROM source s WHERE s.id = {p}.evidence_source)))"
    ),
}

_SIDE = {"side": Narrowing("{t}.side = {0}", Conversion.TEXT, "text")}

CORROBORATION: Mapping[str, Meaning] = {
    "status": word("status"),
    "linesFor": number("lines_for"),
    "linesAgainst": number("lines_against"),
    "linesExact": boolean("{t}.lines_exact"),
    "reportsFor": number("reports_for"),
    "reportsAgainst": number("reports_against"),
    "weakestLinks": parties("jsonb_array_elements_text({p}.weakest_links)"),
    "disagreed": boolean("{t}.disagreed"),
    "explanation": text("explanation"),
    "ruleVersion": number("rule_version"),
    "lines": Collection(
        "Line",
        "(SELECT s.side, s.place, l.parties, l.n FROM (VALUES ('FOR', 0), ('AGAINST', 1)) s(side, place)"
        " CROSS JOIN LATERAL jsonb_array_elements({p}.lines -> s.side) WITH ORDINALITY l(parties, n)) {t}",
        "true",
        ("{t}.place", "{t}.n"),
        _SIDE,
    ),
    "evidence": Paged(
        "Evidence", "evidence {t}", "{t}.claim = {p}.claim", EVIDENCE_ORDERS, "EVIDENCE", narrowed=_SIDE
    ),
    "changes": Paged("StatusChange", "status_change {t}", "{t}.claim = {p}.claim", LOG_ORDERS, "RECORDED"),
}

STATUS_CHANGE: Mapping[str, Meaning] = {
    "id": id_of("change"),
    "claim": link("Claim", "claim"),
    "status": word("status"),
    "linesFor": number("lines_for"),
    "linesAgainst": number("lines_against"),
    "reportsFor": number("reports_for"),
    "reportsAgainst": number("reports_against"),
    "since": time_of("{t}.since"),
    "revision": link("Revision", "revision", nullable=True),
}


def _figures(column: str, present: str | None) -> Part:
    return Part(
        "Figures",
        {
            "status": word(f"{column} ->> 'status'"),
            "linesFor": number(f"{column} ->> 'lines_for'"),
            "linesAgainst": number(f"{column} ->> 'lines_against'"),
            "reportsFor": number(f"{column} ->> 'reports_for'"),
            "reportsAgainst": number(f"{column} ->> 'reports_against'"),
        },
        present,
    )


FIGURE_CHANGE: Mapping[str, Meaning] = {
    "claim": link("Claim", "claim"),
    "before": _figures("before", "jsonb_typeof({t}.before) = 'object'"),
    "after": _figures("after", None),
}

# Nobody named comes last: after whoever spoke at no known time, by a key that is no agent's.
_NOBODY = "'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid"

# `{p}` of a comparison is the row of its question. What an origin said is collected beside it, so that the
# claims on the question are read once, however many origins are shown.
COMPARISON: Mapping[str, Meaning] = {
    "question": link("Question", "id"),
    "origins": Paged(
        "OriginPositions",
        f"(SELECT o.party AS id, coalesce(o.party, {_NOBODY}) AS place,"
        " coalesce(CASE WHEN o.party IS NOT NULL THEN min(lower(k.said)) END, 'infinity') AS first,"
        " array_agg(c.id) AS claims, array_agg(k.said) AS said, array_agg(k.live) AS live"
        " FROM claim c JOIN corroboration k ON k.claim = c.id"
        " LEFT JOIN LATERAL unnest(k.origins) o(party) ON true"
        " WHERE c.question_root = {p}.root AND c.withdrawn_at IS NULL GROUP BY o.party) {t}",
        "true",
        ORIGIN_ORDERS,
        "FIRST",
    ),
    "standing": Link(
        "StandingRange",
        "(SELECT range_merge(range_agg(c.bounds)) AS bounds"
        " FROM claim c JOIN corroboration k ON k.claim = c.id"
        " WHERE c.question_root = {p}.root AND k.live AND k.origins <> '{{}}') {t}",
        "{t}.bounds IS NOT NULL",
        nullable=True,
    ),
}

ORIGIN_POSITIONS: Mapping[str, Meaning] = {
    "origin": PARTY,
    "positions": Paged(
        "Position",
        "unnest({p}.claims, {p}.said, {p}.live) {t}(claim, said, live)",
        "true",
        POSITION_ORDERS,
        "SAID",
    ),
}

POSITION: Mapping[str, Meaning] = {
    "claim": link("Claim", "claim"),
    "said": Part(
        "Stretch",
        {"from": time_of("lower({t}.said)"), "to": time_of("upper({t}.said)")},
        "{t}.said IS NOT NULL",
    ),
    "live": boolean("{t}.live"),
}

STANDING_RANGE: Mapping[str, Meaning] = {
    "lower": Leaf("lower({t}.bounds)", Encoding.WORD, nullable=True),
    "upper": Leaf("upper({t}.bounds)", Encoding.WORD, nullable=True),
    "lowerInclusive": boolean("lower_inc({t}.bounds)"),
    "upperInclusive": boolean("upper_inc({t}.bounds)"),
}
