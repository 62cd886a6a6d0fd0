"""Every condition of every filter. `{t}` is the row that is narrowed, `{0}` the value asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from app.compiler.catalog.meanings import Flag, Joined, Narrowing
from app.compiler.terms import Conversion

Conditions: TypeAlias = Mapping[str, Narrowing | Flag]

# How a client's words become a query: any spelling that `words_of` folds together matches.
WORDS = "websearch_to_tsquery('simple', public.unaccent({0}))"


def _terms(column: str) -> Narrowing:
    return Narrowing(f"{column} = ANY({{0}})", Conversion.TEXTS, "text[]")


def _keys(template: str, *nodes: str) -> Narrowing:
    return Narrowing(template, Conversion.KEYS, "uuid[]", nodes)


def _linked(column: str, *nodes: str) -> Narrowing:
    # The rows of one key stand in order in an index of the column and the id; those of several do not.
    return Narrowing(f"{column} = ANY({{0}})", Conversion.KEYS, "uuid[]", nodes, f"{column} = ({{0}})[1]")


def _times(template: str) -> Narrowing:
    return Narrowing(template, Conversion.TIMES, "tstzrange")


_TEXT = Narrowing("{t}.words @@ " + WORDS, Conversion.WORDS, "text")
_RECORDED = _times("{t}.recorded_at <@ {0}")
_HIDDEN = Flag("{t}.hidden")
# What is restricted is hidden, and what is hidden has an index.
_RESTRICTED = Flag("({t}.hidden AND {t}.restricted)")


def naming(alias: str, agent: str) -> Joined:
    """The claims that name an agent, each once: by its first hop of those that do.

    A join that adds no rows, unlike EXISTS, can begin at the agent's claims and still come in their order.
    Its hops carry the bounds of the claim in the index that they are found by: those that are none of a
    quantity are passed over without a look at the claim.
    For a page within cursors the same is said in a form that is looked up for each hop: the other Postgres
    would merge, and read the agent's hops a second time, from the first one on.
    """
    join = f"JOIN attribution {alias} ON {alias}.claim = {{t}}.id AND {alias}.agent = {agent}"
    earlier = f"SELECT 1 FROM attribution e WHERE e.agent = {alias}.agent AND e.hop < {alias}.hop AND e.claim"
    return Joined(
        f"{join} AND NOT EXISTS ({earlier} = {alias}.claim)",
        f"{join} AND ({alias}.hop = 1 OR NOT EXISTS ({earlier} = {{t}}.id))",
        f"{alias}.claim",
        {"{t}.bounds": f"{alias}.bounds"},
    )


_OF_ANY_HOP = "EXISTS (SELECT 1 FROM attribution a WHERE a.claim = {t}.id AND a."
_OF_CORROBORATION = "EXISTS (SELECT 1 FROM corroboration k WHERE k.claim = {t}.id AND k."
_OF_SOURCE = "EXISTS (SELECT 1 FROM source s WHERE s.id = {t}.source AND s."

CLAIM_CONDITIONS: Conditions = {
    # The claims of one status stand in order in an index: they can be merged with those of an agent.
    "status": Narrowing(
        _OF_CORROBORATION + "status = ANY({0}))",
        Conversion.TEXTS,
        "text[]",
        alone=_OF_CORROBORATION + "status = ({0})[1])",
    ),
    "source": _linked("{t}.source", "Source"),
    "publisher": _keys(_OF_SOURCE + "publisher = ANY({0}))", "Agent"),
    "agent": Narrowing(
        _OF_ANY_HOP + "agent = ANY({0}))",
        Conversion.KEYS,
        "uuid[]",
        ("Agent",),
        joined=naming("n", "({0})[1]"),
    ),
    "party": _keys(_OF_CORROBORATION + "chain && {0})", "Agent", "Source"),
    "origin": _keys(_OF_CORROBORATION + "origins && {0})", "Agent", "Source"),
    "question": Narrowing(
        "{t}.question_root = ANY(ARRAY(SELECT q.root FROM question q WHERE q.id = ANY({0})))",
        Conversion.KEYS,
        "uuid[]",
        ("Question",),
        "{t}.question_root = (SELECT q.root FROM question q WHERE q.id = ({0})[1])",
    ),
    "event": _keys(
        "EXISTS (SELECT 1 FROM question q WHERE q.id = {t}.question AND q.event = ANY({0}))", "Event"
    ),
    "basis": _terms("{t}.basis"),
    "mode": Narrowing(_OF_ANY_HOP + "mode = ANY({0}))", Conversion.TEXTS, "text[]"),
    "polarity": _terms("{t}.polarity"),
    "quantity": Narrowing("{t}.bounds && {0}", Conversion.NUMBERS, "numrange"),
    "asserted": _times("{t}.asserted && {0}"),
    "recorded": _RECORDED,
    "language": Narrowing(_OF_SOURCE + "language = ANY({0}))", Conversion.TEXTS, "text[]"),
    "disagreed": Flag(_OF_CORROBORATION + "disagreed)"),
    "hasQuestion": Flag("{t}.question IS NOT NULL"),
    "quoteStatus": _terms("{t}.quote_status"),
    "assessedBy": _keys(
        "EXISTS (SELECT 1 FROM assessment x WHERE x.claim = {t}.id AND x.withdrawn_at IS NULL"
        " AND x.recorded_by = ANY({0}))",
        "Researcher",
    ),
    "text": _TEXT,
    "withdrawn": Flag("{t}.withdrawn_at IS NOT NULL"),
    "restricted": _RESTRICTED,
    "hidden": _HIDDEN,
}

SOURCE_CONDITIONS: Conditions = {
    "kind": _terms("{t}.kind"),
    "publisher": _linked("{t}.publisher", "Agent"),
    "party": _keys("{t}.publishers && {0}", "Agent", "Source"),
    "url": _terms("{t}.url"),
    "language": _terms("{t}.language"),
    "published": _times("{t}.published && {0}"),
    "recorded": _RECORDED,
    "hasText": Flag("{t}.text IS NOT NULL"),
    "newest": Flag("{t}.newest_version = {t}.id"),
    "text": _TEXT,
    "restricted": _RESTRICTED,
    "hidden": _HIDDEN,
}

AGENT_CONDITIONS: Conditions = {
    "kind": _terms("{t}.kind"),
    "party": _keys("{t}.party = ANY({0})", "Agent"),
    "partOf": _keys("{t}.part_of = ANY({0})", "Agent"),
    "merged": Flag("{t}.merged_into IS NOT NULL"),
    "recorded": _RECORDED,
    "text": _TEXT,
}

QUESTION_CONDITIONS: Conditions = {
    "kind": _terms("{t}.kind"),
    "event": _linked("{t}.event", "Event"),
    "merged": Flag("{t}.merged_into IS NOT NULL"),
    "recorded": _RECORDED,
    "text": _TEXT,
}

EVENT_CONDITIONS: Conditions = {
    "startsFrom": Narrowing("{t}.starts_on >= {0}", Conversion.DATE, "date"),
    "startsTo": Narrowing("{t}.starts_on <= {0}", Conversion.DATE, "date"),
    "recorded": _RECORDED,
    "text": _TEXT,
}

ASSESSMENT_CONDITIONS: Conditions = {
    "claim": _linked("{t}.claim", "Claim"),
    "evidenceClaim": _keys("{t}.evidence_claim = ANY({0})", "Claim"),
    "evidenceSource": _keys("{t}.evidence_source = ANY({0})", "Source"),
    "stance": _terms("{t}.stance"),
    "recordedBy": _linked("{t}.recorded_by", "Researcher"),
    "recorded": _RECORDED,
    "withdrawn": Flag("{t}.withdrawn_at IS NOT NULL"),
}

FILTERS: Mapping[str, Conditions] = {
    "ClaimFilter": CLAIM_CONDITIONS,
    "SourceFilter": SOURCE_CONDITIONS,
    "AgentFilter": AGENT_CONDITIONS,
    "QuestionFilter": QUESTION_CONDITIONS,
    "EventFilter": EVENT_CONDITIONS,
    "AssessmentFilter": ASSESSMENT_CONDITIONS,
}
