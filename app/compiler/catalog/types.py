"""Every object type and its fields."""

from __future__ import annotations

from collections.abc import Mapping

from app.compiler.catalog.corroboration import (
    COMPARISON,
    CORROBORATION,
    EVIDENCE,
    FIGURE_CHANGE,
    LINE,
    ORIGIN_POSITIONS,
    POSITION,
    STANDING_RANGE,
    STATUS_CHANGE,
)
from app.compiler.catalog.fields import (
    boolean,
    id_of,
    link,
    moment,
    number,
    one_of,
    text,
    time_of,
    word,
)
from app.compiler.catalog.filters import naming
from app.compiler.catalog.meanings import (
    Collection,
    Grouped,
    Joined,
    Leaf,
    Link,
    Meaning,
    Members,
    Paged,
    Part,
)
from app.compiler.catalog.orders import (
    AGENT_ORDERS,
    CLAIM_ORDERS,
    LOG_ORDERS,
    PLACE_ORDERS,
    RECORD_ORDERS,
    SOURCE_ORDERS,
)
from app.compiler.terms import Encoding


def _claims(join: str, joined: Joined | None = None) -> Paged:
    return Paged(
        "Claim",
        "claim {t}",
        join,
        CLAIM_ORDERS,
        "RECORDED",
        "ClaimFilter",
        hidden="{t}.withdrawn_at IS NULL",
        joined=joined,
    )


# What is a researcher's own to see, and an ADMIN's.
_OWNER = (("viewer", "uuid"), ("admin", "boolean"))

_WITHDRAWAL = Part(
    "Withdrawal",
    {
        "at": time_of("{t}.withdrawn_at"),
        "by": link("Researcher", "withdrawn_by"),
        "reason": text("withdrawal_reason"),
    },
    "{t}.withdrawn_at IS NOT NULL",
)

_RECORD: Mapping[str, Meaning] = {
    "recordedBy": link("Researcher", "recorded_by"),
    "recordedAt": time_of("{t}.recorded_at"),
    "version": number("version"),
    "history": Paged("Revision", "revision {t}", "{t}.subject = {p}.id", LOG_ORDERS, "RECORDED"),
}

AGENT: Mapping[str, Meaning] = {
    "id": id_of("agent"),
    "kind": word("kind"),
    "name": text("name"),
    "aliases": Leaf("{t}.aliases", Encoding.TEXTS),
    "description": text("description", nullable=True),
    "partOf": link("Agent", "part_of", nullable=True),
    "party": link("Agent", "party"),
    "mergedInto": link("Agent", "merged_into", nullable=True),
    "wikidataId": word("wikidata_id", nullable=True),
    "protected": boolean("{t}.protected"),
    "pseudonym": text("pseudonym", nullable=True),
    **_RECORD,
    "parts": Paged("Agent", "agent {t}", "{t}.part_of = {p}.id", AGENT_ORDERS, "RECORDED"),
    "claims": _claims("true", naming("h", "{p}.id")),
    "sources": Paged(
        "Source", "source {t}", "{t}.publisher = {p}.id", SOURCE_ORDERS, "RECORDED", "SourceFilter"
    ),
}

SOURCE: Mapping[str, Meaning] = {
    "id": id_of("source"),
    "kind": word("kind"),
    "publisher": link("Agent", "publisher", nullable=True),
    "title": text("title"),
    "url": text("url", nullable=True),
    "byline": text("byline", nullable=True),
    "language": text("language", nullable=True),
    "published": moment("published"),
    "retrievedAt": time_of("{t}.retrieved_at", nullable=True),
    "mediaType": text("media_type", nullable=True),
    "text": text("text", nullable=True),
    "textSha256": word("text_sha256", nullable=True),
    "archiveUrl": text("archive_url", nullable=True),
    "reprints": link("Source", "reprints", nullable=True),
    "revises": link("Source", "revises", nullable=True),
    "revisedBy": Link("Source", "source {t}", "{t}.revises = {p}.id", nullable=True, key="id"),
    "newestVersion": link("Source", "newest_version"),
    "note": text("note", nullable=True),
    # COALESCE: images of the log from before there was the column have none.
    "restricted": boolean("coalesce({t}.restricted, false)"),
    "hidden": boolean("{t}.hidden"),
    **_RECORD,
    "claims": _claims("{t}.source = {p}.id"),
    "reprintedBy": Paged("Source", "source {t}", "{t}.reprints = {p}.id", SOURCE_ORDERS, "RECORDED"),
}

EVENT: Mapping[str, Meaning] = {
    "id": id_of("event"),
    "title": text("title"),
    "description": text("description", nullable=True),
    "startsOn": word("starts_on", nullable=True),
    "endsOn": word("ends_on", nullable=True),
    "place": text("place", nullable=True),
    "latitude": number("latitude", nullable=True),
    "longitude": number("longitude", nullable=True),
    **_RECORD,
    "questions": Paged(
        "Question", "question {t}", "{t}.event = {p}.id", RECORD_ORDERS, "RECORDED", "QuestionFilter"
    ),
}

QUESTION: Mapping[str, Meaning] = {
    "id": id_of("question"),
    "kind": word("kind"),
    "text": text("text"),
    "event": link("Event", "event", nullable=True),
    "unit": text("unit", nullable=True),
    "counted": text("counted", nullable=True),
    "mergedInto": link("Question", "merged_into", nullable=True),
    **_RECORD,
    "claims": _claims("{t}.question_root = {p}.root"),
}

HOP: Mapping[str, Meaning] = {
    "position": number("hop"),
    "agents": Members(link("Agent", "agent")),
    "cue": text("cue", nullable=True),
    "mode": word("mode", nullable=True),
    "channel": word("channel"),
}

CLAIM: Mapping[str, Meaning] = {
    "id": id_of("claim"),
    "statement": text("statement"),
    "quote": Part(
        "Quote",
        {
            "exact": text("quote_exact"),
            "prefix": text("quote_prefix", nullable=True),
            "suffix": text("quote_suffix", nullable=True),
            "start": number("quote_start", nullable=True),
            "end": number("quote_end", nullable=True),
        },
    ),
    "quoteStatus": word("quote_status"),
    "source": link("Source", "source"),
    "question": link("Question", "question", nullable=True),
    "basis": word("basis"),
    # Joint speakers share what is said of their hop; the first of them stands for it.
    "attribution": Grouped("Hop", "attribution {t}", "{t}.claim = {p}.id", by="hop", first="id"),
    "polarity": word("polarity", nullable=True),
    "quantity": Part(
        "Quantity",
        {
            "text": text("quantity_text"),
            "modality": word("modality"),
            "lower": Leaf("lower({t}.bounds)", Encoding.WORD, nullable=True),
            "upper": Leaf("upper({t}.bounds)", Encoding.WORD, nullable=True),
            "lowerInclusive": boolean("lower_inc({t}.bounds)"),
            "upperInclusive": boolean("upper_inc({t}.bounds)"),
            "boundsGiven": boolean("{t}.bounds_given"),
        },
        "{t}.bounds IS NOT NULL",
    ),
    "asserted": moment("asserted"),
    "note": text("note", nullable=True),
    # COALESCE: images of the log from before there was the column have none.
    "restricted": boolean("coalesce({t}.restricted, false)"),
    "hidden": boolean("{t}.hidden"),
    "corroboration": Link("Corroboration", "corroboration {t}", "{t}.claim = {p}.id", key="claim"),
    "retraction": Part(
        "Retraction",
        {
            "retracted": moment("retracted", nullable=False),
            "reason": text("retraction_reason"),
            "url": text("retraction_url", nullable=True),
            "recordedBy": link("Researcher", "retraction_recorded_by"),
            "recordedAt": time_of("{t}.retraction_recorded_at"),
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
    "id": id_of("assessment"),
    "claim": link("Claim", "claim"),
    "evidenceClaim": link("Claim", "evidence_claim", nullable=True),
    "evidenceSource": link("Source", "evidence_source", nullable=True),
    "stance": word("stance"),
    "rationale": text("rationale"),
    "credibility": number("credibility", nullable=True),
    "withdrawal": _WITHDRAWAL,
    **_RECORD,
}

REVISION: Mapping[str, Meaning] = {
    "id": id_of("revision"),
    "at": time_of("{t}.at"),
    "actor": link("Researcher", "actor", nullable=True),
    "reason": text("reason", nullable=True),
    "table": word("table_name"),
    "operation": word("operation"),
    "before": Leaf("{t}.before", Encoding.JSON, nullable=True),
    "after": Leaf("{t}.after", Encoding.JSON, nullable=True),
}

SEAL: Mapping[str, Meaning] = {
    "number": number("id"),
    "hash": Leaf("encode({t}.hash, 'hex')", Encoding.WORD),
    "mark": Leaf("({t}.id || ':' || encode({t}.hash, 'hex'))", Encoding.WORD),
    "sealedAt": time_of("{t}.sealed_at"),
    "changes": number("last_position"),
}

# What an amendment found: handed in as JSON by the transaction that did.
NAMED_PLACE: Mapping[str, Meaning] = {
    "agent": word("agent"),
    "path": Leaf("{t}.path", Encoding.JSON),
    "start": number("start"),
    "end": number('"end"'),
    "row": word("row", nullable=True),
}

STANDING_NAMES: Mapping[str, Meaning] = {
    "total": number("total"),
    "places": Collection(
        "NamedPlace",
        "(SELECT e.n, p.* FROM jsonb_array_elements({p}.places) WITH ORDINALITY e(place, n)"
        ' CROSS JOIN LATERAL jsonb_to_record(e.place) p(agent text, path jsonb, start integer, "end" integer,'
        ' "row" text)) {t}',
        "true",
        ("{t}.n",),
    ),
    "restrictedNodes": Paged(
        "RestrictedNode",
        "(SELECT e.n, split_part(e.id, '_', 1) AS type, split_part(e.id, '_', 2)::uuid AS id"
        " FROM jsonb_array_elements_text({p}.restricted) WITH ORDINALITY e(id, n)) {t}",
        "true",
        PLACE_ORDERS,
        "PLACE",
        item=one_of("RestrictedNode", "Source", "Claim"),
    ),
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
    "Seal": SEAL,
    "StatusChange": STATUS_CHANGE,
    "FigureChange": FIGURE_CHANGE,
    "StandingNames": STANDING_NAMES,
    "NamedPlace": NAMED_PLACE,
    "Comparison": COMPARISON,
    "OriginPositions": ORIGIN_POSITIONS,
    "Position": POSITION,
    "StandingRange": STANDING_RANGE,
    "Researcher": {
        "id": id_of("researcher"),
        "name": text("name"),
        "email": Leaf(
            "CASE WHEN {t}.id = {0} THEN coalesce({t}.email, {2}) WHEN {1} THEN {t}.email END",
            Encoding.TEXT,
            nullable=True,
            context=(*_OWNER, ("own_email", "text")),
        ),
        "role": word("role"),
        "disabledAt": time_of("{t}.disabled_at", nullable=True),
        "recordedAt": time_of("{t}.recorded_at"),
        "version": number("version"),
        "tokens": Paged(
            "Token",
            "token {t}",
            "{t}.researcher = {p}.id AND {t}.purpose = 'ACCESS' AND ({p}.id = {0} OR {1})",
            RECORD_ORDERS,
            "RECORDED",
            context=_OWNER,
        ),
    },
    "Access": {
        "role": word("role"),
        "researcher": link("Researcher", "researcher", nullable=True),
        "token": link("Token", "token", nullable=True),
    },
    "Token": {
        "id": id_of("token"),
        "name": text("name"),
        "prefix": word("prefix"),
        "role": word("role"),
        "createdAt": time_of("{t}.created_at"),
        "expiresAt": time_of("{t}.expires_at", nullable=True),
        "lastUsedAt": time_of("{t}.last_used_at", nullable=True),
        "revokedAt": time_of("{t}.revoked_at", nullable=True),
    },
    # The row of an unknown publisher is that of its source.
    "UnknownPublisher": {"source": link("Source", "id")},
}
