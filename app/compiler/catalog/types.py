"""Every object type and its fields."""

from __future__ import annotations

from collections.abc import Mapping

from app.compiler.catalog.meanings import Collection, Leaf, Link, Meaning, Narrowing, Paged, Part, Variants
from app.compiler.catalog.orders import (
    AGENT_ORDERS,
    CLAIM_ORDERS,
    EVIDENCE_ORDERS,
    LOG_ORDERS,
    RECORD_ORDERS,
    SOURCE_ORDERS,
)
from app.compiler.terms import Conversion, Encoding


def _id(table: str) -> Leaf:
    return Leaf("{t}.id", Encoding.PREFIXED, prefix=f"{table}_")


def _text(column: str, *, nullable: bool = False) -> Leaf:
    return Leaf("{t}." + column, Encoding.TEXT, nullable)


def _word(column: str, *, nullable: bool = False) -> Leaf:
    return Leaf("{t}." + column, Encoding.WORD, nullable)


def _number(column: str, *, nullable: bool = False) -> Leaf:
    return Leaf("{t}." + column, Encoding.NUMBER, nullable)


def _boolean(template: str, *, nullable: bool = False) -> Leaf:
    return Leaf(template, Encoding.BOOLEAN, nullable)


def _time(template: str, *, nullable: bool = False) -> Leaf:
    return Leaf(template, Encoding.TIME, nullable)


def _link(type_: str, column: str, *, nullable: bool = False) -> Link:
    return Link(type_, f"{type_.lower()} {{t}}", f"{{t}}.id = {{p}}.{column}", nullable)


def _moment(column: str, *, nullable: bool = True) -> Part:
    return Part(
        "Moment",
        {
            "text": _text(f"{column}_text"),
            "from": _time(f"lower({{t}}.{column})"),
            "to": _time(f"upper({{t}}.{column})"),
        },
        f"{{t}}.{column} IS NOT NULL" if nullable else None,
    )


def _claims(join: str) -> Paged:
    return Paged(
        "Claim",
        "claim {t}",
        join,
        CLAIM_ORDERS,
        "RECORDED",
        "ClaimFilter",
        hidden="{t}.withdrawn_at IS NULL",
    )


_WITHDRAWAL = Part(
    "Withdrawal",
    {
        "at": _time("{t}.withdrawn_at"),
        "by": _link("Researcher", "withdrawn_by"),
        "reason": _text("withdrawal_reason"),
    },
    "{t}.withdrawn_at IS NOT NULL",
)

_RECORD: Mapping[str, Meaning] = {
    "recordedBy": _link("Researcher", "recorded_by"),
    "recordedAt": _time("{t}.recorded_at"),
    "version": _number("version"),
    "history": Paged("Revision", "revision {t}", "{t}.subject = {p}.id", LOG_ORDERS, "RECORDED"),
}

# A party is the key of an agent, or of the source whose publisher is not known. `{p}.id` may be text.
PARTY = Variants(
    "Party",
    (
        Link("Agent", "agent {t}", "{t}.id = {p}.id::uuid", nullable=True),
        Link("UnknownPublisher", "source {t}", "{t}.id = {p}.id::uuid", nullable=True),
    ),
)


def _parties(source: str) -> Collection:
    return Collection(PARTY, f"{source} WITH ORDINALITY {{t}}(id, n)", "true", ("{t}.n",))


AGENT: Mapping[str, Meaning] = {
    "id": _id("agent"),
    "kind": _word("kind"),
    "name": _text("name"),
    "aliases": Leaf("{t}.aliases", Encoding.TEXTS),
    "description": _text("description", nullable=True),
    "partOf": _link("Agent", "part_of", nullable=True),
    "party": _link("Agent", "party"),
    "mergedInto": _link("Agent", "merged_into", nullable=True),
    "wikidataId": _word("wikidata_id", nullable=True),
    "protected": _boolean("{t}.protected"),
    **_RECORD,
    "parts": Paged("Agent", "agent {t}", "{t}.part_of = {p}.id", AGENT_ORDERS, "RECORDED"),
    "claims": _claims("EXISTS (SELECT 1 FROM attribution a WHERE a.claim = {t}.id AND a.agent = {p}.id)"),
    "sources": Paged(
        "Source", "source {t}", "{t}.publisher = {p}.id", SOURCE_ORDERS, "RECORDED", "SourceFilter"
    ),
}

SOURCE: Mapping[str, Meaning] = {
    "id": _id("source"),
    "kind": _word("kind"),
    "publisher": _link("Agent", "publisher", nullable=True),
    "title": _text("title"),
    "url": _text("url", nullable=True),
    "byline": _text("byline", nullable=True),
    "language": _text("language", nullable=True),
    "published": _moment("published"),
    "retrievedAt": _time("{t}.retrieved_at", nullable=True),
    "mediaType": _text("media_type", nullable=True),
    "text": _text("text", nullable=True),
    "textSha256": _word("text_sha256", nullable=True),
    "archiveUrl": _text("archive_url", nullable=True),
    "reprints": _link("Source", "reprints", nullable=True),
    "revises": _link("Source", "revises", nullable=True),
    "revisedBy": Link("Source", "source {t}", "{t}.revises = {p}.id", nullable=True),
    "newestVersion": _link("Source", "newest_version"),
    "note": _text("note", nullable=True),
    **_RECORD,
    "claims": _claims("{t}.source = {p}.id"),
    "reprintedBy": Paged("Source", "source {t}", "{t}.reprints = {p}.id", SOURCE_ORDERS, "RECORDED"),
}

EVENT: Mapping[str, Meaning] = {
    "id": _id("event"),
    "title": _text("title"),
    "description": _text("description", nullable=True),
    "startsOn": _word("starts_on", nullable=True),
    "endsOn": _word("ends_on", nullable=True),
    "place": _text("place", nullable=True),
    "latitude": _number("latitude", nullable=True),
    "longitude": _number("longitude", nullable=True),
    **_RECORD,
    "questions": Paged(
        "Question", "question {t}", "{t}.event = {p}.id", RECORD_ORDERS, "RECORDED", "QuestionFilter"
    ),
}

QUESTION: Mapping[str, Meaning] = {
    "id": _id("question"),
    "kind": _word("kind"),
    "text": _text("text"),
    "event": _link("Event", "event", nullable=True),
    "unit": _text("unit", nullable=True),
    "counted": _text("counted", nullable=True),
    "mergedInto": _link("Question", "merged_into", nullable=True),
    **_RECORD,
    "claims": _claims("{t}.question_root = {p}.root"),
}

HOP: Mapping[str, Meaning] = {
    "position": _number("hop"),
    "agents": Collection(
        "Agent",
        "(SELECT g.*, a.id AS attribution FROM attribution a JOIN agent g ON g.id = a.agent"
        " WHERE a.claim = {p}.claim AND a.hop = {p}.hop) {t}",
        "true",
        ("{t}.attribution",),
    ),
    "cue": _text("cue", nullable=True),
    "mode": _word("mode", nullable=True),
    "channel": _word("channel"),
}

CLAIM: Mapping[str, Meaning] = {
    "id": _id("claim"),
    "statement": _text("statement"),
    "quote": Part(
        "Quote",
        {
            "exact": _text("quote_exact"),
            "prefix": _text("quote_prefix", nullable=True),
            "suffix": _text("quote_suffix", nullable=True),
            "start": _number("quote_start", nullable=True),
            "end": _number("quote_end", nullable=True),
        },
    ),
    "quoteStatus": _word("quote_status"),
    "source": _link("Source", "source"),
    "question": _link("Question", "question", nullable=True),
    "basis": _word("basis"),
    # Joint speakers share what is said of their hop; the first of them stands for it.
    "attribution": Collection(
        "Hop",
        "(SELECT DISTINCT ON (a.hop) a.* FROM attribution a WHERE a.claim = {p}.id ORDER BY a.hop, a.id) {t}",
        "true",
        ("{t}.hop",),
    ),
    "polarity": _word("polarity", nullable=True),
    "quantity": Part(
        "Quantity",
        {
            "text": _text("quantity_text"),
            "modality": _word("modality"),
            "lower": Leaf("lower({t}.bounds)", Encoding.WORD, nullable=True),
            "upper": Leaf("upper({t}.bounds)", Encoding.WORD, nullable=True),
            "lowerInclusive": _boolean("lower_inc({t}.bounds)"),
            "upperInclusive": _boolean("upper_inc({t}.bounds)"),
            "boundsGiven": _boolean("{t}.bounds_given"),
        },
        "{t}.bounds IS NOT NULL",
    ),
    "asserted": _moment("asserted"),
    "note": _text("note", nullable=True),
    "corroboration": Link("Corroboration", "corroboration {t}", "{t}.claim = {p}.id"),
    "retraction": Part(
        "Retraction",
        {
            "retracted": _moment("retracted", nullable=False),
            "reason": _text("retraction_reason"),
            "url": _text("retraction_url", nullable=True),
            "recordedBy": _link("Researcher", "retraction_recorded_by"),
            "recordedAt": _time("{t}.retraction_recorded_at"),
        },
        "{t}.retracted IS NOT NULL",
    ),
    "withdrawal": _WITHDRAWAL,
    **_RECORD,
    "assessments": Paged(
        "Assessment",
        "assessment {t}",
        "{t}.claim = {p}.id",
        RECORD_ORDERS,
        "RECORDED",
        "AssessmentFilter",
        hidden="{t}.withdrawn_at IS NULL",
    ),
}

ASSESSMENT: Mapping[str, Meaning] = {
    "id": _id("assessment"),
    "claim": _link("Claim", "claim"),
    "evidenceClaim": _link("Claim", "evidence_claim", nullable=True),
    "evidenceSource": _link("Source", "evidence_source", nullable=True),
    "stance": _word("stance"),
    "rationale": _text("rationale"),
    "credibility": _number("credibility", nullable=True),
    "withdrawal": _WITHDRAWAL,
    **_RECORD,
}

LINE: Mapping[str, Meaning] = {
    "side": _word("side"),
    "parties": _parties("jsonb_array_elements_text({p}.parties)"),
}

EVIDENCE: Mapping[str, Meaning] = {
    "side": _word("side"),
    "basis": _word("basis"),
    "claim": _link("Claim", "evidence_claim", nullable=True),
    "source": _link("Source", "evidence_source", nullable=True),
    "chain": _parties(
        "unnest(coalesce((SELECT k.chain FROM corroboration k WHERE k.claim = {p}.evidence_claim),"
        " (SELECT s.publishers FROM source s WHERE s.id = {p}.evidence_source)))"
    ),
}

_SIDE = {"side": Narrowing("{t}.side = {0}", Conversion.TEXT, "text")}

CORROBORATION: Mapping[str, Meaning] = {
    "status": _word("status"),
    "linesFor": _number("lines_for"),
    "linesAgainst": _number("lines_against"),
    "linesExact": _boolean("{t}.lines_exact"),
    "reportsFor": _number("reports_for"),
    "reportsAgainst": _number("reports_against"),
    "weakestLinks": _parties("jsonb_array_elements_text({p}.weakest_links)"),
    "disagreed": _boolean("{t}.disagreed"),
    "explanation": _text("explanation"),
    "ruleVersion": _number("rule_version"),
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

REVISION: Mapping[str, Meaning] = {
    "id": _id("revision"),
    "at": _time("{t}.at"),
    "actor": _link("Researcher", "actor", nullable=True),
    "reason": _text("reason", nullable=True),
    "table": _word("table_name"),
    "operation": _word("operation"),
    "before": Leaf("{t}.before", Encoding.JSON, nullable=True),
    "after": Leaf("{t}.after", Encoding.JSON, nullable=True),
}

STATUS_CHANGE: Mapping[str, Meaning] = {
    "id": _id("change"),
    "status": _word("status"),
    "linesFor": _number("lines_for"),
    "linesAgainst": _number("lines_against"),
    "reportsFor": _number("reports_for"),
    "reportsAgainst": _number("reports_against"),
    "since": _time("{t}.since"),
    "revision": _link("Revision", "revision", nullable=True),
}


def _figures(column: str, present: str | None) -> Part:
    return Part(
        "Figures",
        {
            "status": _word(f"{column} ->> 'status'"),
            "linesFor": _number(f"{column} ->> 'lines_for'"),
            "linesAgainst": _number(f"{column} ->> 'lines_against'"),
            "reportsFor": _number(f"{column} ->> 'reports_for'"),
            "reportsAgainst": _number(f"{column} ->> 'reports_against'"),
        },
        present,
    )


FIGURE_CHANGE: Mapping[str, Meaning] = {
    "claim": _link("Claim", "claim"),
    "before": _figures("before", "jsonb_typeof({t}.before) = 'object'"),
    "after": _figures("after", None),
}

# `{p}` of a comparison is the row of its question.
COMPARISON: Mapping[str, Meaning] = {
    "question": _link("Question", "id"),
    "origins": Collection(
        "OriginPositions",
        "(SELECT o.party AS id, min(lower(k.said)) AS first,"
        " array_agg(c.id ORDER BY lower(k.said), c.id) AS claims"
        " FROM claim c JOIN corroboration k ON k.claim = c.id"
        " LEFT JOIN LATERAL unnest(k.origins) o(party) ON true"
        " WHERE c.question_root = {p}.root AND c.withdrawn_at IS NULL GROUP BY o.party) {t}",
        "true",
        ("{t}.id IS NULL", "{t}.first", "{t}.id"),
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
    "positions": Collection(
        "Position",
        "(SELECT u.id AS claim, u.n, k.said, k.live FROM unnest({p}.claims) WITH ORDINALITY u(id, n)"
        " JOIN corroboration k ON k.claim = u.id) {t}",
        "true",
        ("{t}.n",),
    ),
}

POSITION: Mapping[str, Meaning] = {
    "claim": _link("Claim", "claim"),
    "said": Part(
        "Stretch",
        {"from": _time("lower({t}.said)"), "to": _time("upper({t}.said)")},
        "{t}.said IS NOT NULL",
    ),
    "live": _boolean("{t}.live"),
}

STANDING_RANGE: Mapping[str, Meaning] = {
    "lower": Leaf("lower({t}.bounds)", Encoding.WORD, nullable=True),
    "upper": Leaf("upper({t}.bounds)", Encoding.WORD, nullable=True),
    "lowerInclusive": _boolean("lower_inc({t}.bounds)"),
    "upperInclusive": _boolean("upper_inc({t}.bounds)"),
}

TYPES: Mapping[str, Mapping[str, Meaning]] = {
    "Agent": AGENT,
    "Source": SOURCE,
    "Event": EVENT,
    "Question": QUESTION,
    "Hop": HOP,
    "Claim": CLAIM,
    "Assessment": ASSESSMENT,
    "Line": LINE,
    "Evidence": EVIDENCE,
    "Corroboration": CORROBORATION,
    "Revision": REVISION,
    "StatusChange": STATUS_CHANGE,
    "FigureChange": FIGURE_CHANGE,
    "Comparison": COMPARISON,
    "OriginPositions": ORIGIN_POSITIONS,
    "Position": POSITION,
    "StandingRange": STANDING_RANGE,
    "Researcher": {
        "id": _id("researcher"),
        "name": _text("name"),
        "role": _word("role"),
        "recordedAt": _time("{t}.recorded_at"),
        "version": _number("version"),
    },
    # The row of an unknown publisher is that of its source.
    "UnknownPublisher": {"source": _link("Source", "id")},
}
