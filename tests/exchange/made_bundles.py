"""Bundles that nobody wrote: every field, every state a row can be in, any words; all of them sound."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Draw = Any

# What the services take as words: something to be seen, nothing that cannot be stored.
_CHARACTERS = st.characters(blacklist_characters="\0", blacklist_categories=["Cs"])
WORDS = st.text(_CHARACTERS, max_size=12).map(lambda words: f"w{words}")
LINES = st.lists(st.text(_CHARACTERS, max_size=8), min_size=1, max_size=4).map(
    lambda parts: "x" + "\n".join(parts)
)
MOMENTS = st.sampled_from(["2019", "2019-12", "2019-12-31", "2020-01-01T08:00:00+03:00", "2020-01-01 08:00Z"])
REASONS = st.fixed_dictionaries({"reason": WORDS})
QUANTITIES = st.sampled_from(
    [
        "25",
        "at least 25",
        "some 30",
        "dozens",
        "as many as 6,000",
        {"text": "viele", "lower": 20},
        {"text": "um die 30", "lower": "29.5", "upper": 31, "modality": "APPROXIMATE"},
        {"text": "unter 5", "upper": 5, "upper_inclusive": False},
        {"text": "über 5", "lower": 5, "lower_inclusive": False, "upper": 7},
    ]
)
KINDS = ["QUANTITY", "YES_NO", "OPEN"]


def give(draw: Draw, entry: dict[str, Any], **options: st.SearchStrategy[Any]) -> dict[str, Any]:
    """The entry with some of these fields."""
    for name, values in options.items():
        if draw(st.booleans()):
            entry[name] = draw(values)
    return entry


def before(draw: Draw, entries: list[dict[str, Any]]) -> st.SearchStrategy[str]:
    """The key of an entry that is there already."""
    return st.sampled_from([entry["key"] for entry in entries])


@st.composite
def bundles(draw: Draw) -> dict[str, list[dict[str, Any]]]:
    """The sections of a bundle; entries may come in any order."""
    agents, events = _draw_agents(draw), _draw_events(draw)
    questions, sources = _draw_questions(draw, events), _draw_sources(draw, agents)
    claims = _draw_claims(draw, agents, questions, sources)
    sections = {
        "agents": agents,
        "events": events,
        "questions": questions,
        "sources": sources,
        "claims": claims,
        "assessments": _draw_assessments(draw, claims, sources),
    }
    return {name: draw(st.permutations(entries)) for name, entries in sections.items()}


def _draw_agents(draw: Draw) -> list[dict[str, Any]]:
    agents: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 6))):
        kind = st.sampled_from(["PERSON", "OUTLET", "UNNAMED"])
        agent = {"key": f"a{number}", "kind": draw(kind), "name": draw(WORDS)}
        give(draw, agent, description=LINES, aliases=st.lists(WORDS, max_size=3, unique=True))
        if agents:
            give(draw, agent, part_of=before(draw, agents), merged_into=_merges(before(draw, agents)))
        merge = agent.get("merged_into")
        into = merge["key"] if isinstance(merge, dict) else merge
        # Who is merged into a protected agent is protected too.
        if any(one["key"] == into and "protected" in one for one in agents) or draw(st.booleans()):
            agent |= {"protected": True, "pseudonym": draw(WORDS)}
            # What nothing else says.
            agent["name"] = f"Secret{number}xq {agent['name']}"
            agent["aliases"] = [f"Secret{number}xq {alias}" for alias in agent.get("aliases", ())]
        if draw(st.booleans()):
            # The Wikidata id of what it was merged into, as a rule.
            agent["wikidata_id"] = "Q1" if "merged_into" in agent else f"Q{number + 1}"
        agents.append(agent)
    return agents


def _merges(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return keys | st.fixed_dictionaries({"key": keys, "reason": WORDS})


def _draw_events(draw: Draw) -> list[dict[str, Any]]:
    place = {"latitude": draw(st.floats(-90, 90)), "longitude": draw(st.floats(-180, 180))}
    event: dict[str, Any] = {"key": "e0", "title": draw(WORDS)}
    event |= draw(st.sampled_from([{}, place, {"starts_on": "2019-12-29", "ends_on": "2020-01-01"}]))
    return [give(draw, event, description=LINES, place=WORDS)]


def _draw_questions(draw: Draw, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    questions: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 5))):
        question = {"key": f"q{number}", "kind": draw(st.sampled_from(KINDS)), "text": draw(WORDS)}
        give(draw, question, event=before(draw, events), unit=WORDS, counted=WORDS)
        alike = [other for other in questions if other["kind"] == question["kind"]]
        if alike:
            give(draw, question, merged_into=_merges(before(draw, alike)))
        questions.append(question)
    return questions


def _draw_sources(draw: Draw, agents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sources: list[dict[str, Any]] = []
    revised: set[str] = set()
    for number in range(draw(st.integers(1, 5))):
        source: dict[str, Any] = {"key": f"s{number}"}
        # Numbered, so that no two are the same URL with the same text.
        url = st.just(f"https://example.org/{number}")
        give(draw, source, url=url, archive_url=url, note=LINES, byline=WORDS, published_at=MOMENTS)
        give(draw, source, language=st.sampled_from(["no", "pt-BR"]), media_type=st.just("text/html"))
        give(draw, source, retrieved_at=st.just("2020-02-03T04:05:06.7-03:00"))
        if draw(st.booleans()):
            source["text"] = f"{draw(LINES)}\nAt least 25 died. 25 died. {number}"
        open_ends = [other for other in sources if other["key"] not in revised]
        if open_ends and draw(st.booleans()):
            source["revises"] = draw(before(draw, open_ends))
            revised.add(source["revises"])
            give(draw, source, kind=st.just("BROADCAST"), title=WORDS, published_at=st.none())
        else:
            source |= {"kind": "ARTICLE", "title": draw(WORDS)}
            give(draw, source, publisher=before(draw, agents), restricted=st.booleans())
            if sources:
                give(draw, source, reprints=before(draw, sources))
        sources.append(source)
    return sources


def _draw_claims(
    draw: Draw,
    agents: list[dict[str, Any]],
    questions: list[dict[str, Any]],
    sources: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 8))):
        source = draw(st.sampled_from(sources))
        # Two claims may have one statement: then one of them at least is withdrawn.
        statement = f"Statement {draw(st.integers(0, 2))}."
        claim: dict[str, Any] = {"key": f"c{number}", "source": source["key"], "statement": statement}
        claim["quote"] = _draw_quote(draw, "text" in source)
        _draw_answer(draw, claim, questions)
        _draw_chain(draw, claim, agents)
        give(draw, claim, note=LINES, asserted_at=MOMENTS, restricted=st.booleans())
        retraction = st.fixed_dictionaries(
            {"at": MOMENTS, "reason": WORDS, "url": st.just("https://example.org")}
        )
        give(draw, claim, retracted=retraction)
        same = [c for c in claims if _identity(c) == _identity(claim)]
        if same or draw(st.integers(0, 3)) == 0:
            claim["withdrawn"] = draw(REASONS)
        claims.append(claim)
    return claims


def _identity(claim: dict[str, Any]) -> tuple[Any, ...]:
    """What only one claim can be that stands: the words at their place, the statement, the question."""
    quote = claim["quote"]
    exact = quote if isinstance(quote, str) else quote["exact"]
    place = quote["prefix"] if exact == "25" else None
    return (claim["source"], claim.get("question"), claim["statement"], exact, place)


def _draw_quote(draw: Draw, stored: bool) -> Any:
    if not stored:
        return draw(st.sampled_from(["25 dead", {"exact": "25 dead", "prefix": "at least "}]))
    return draw(
        st.sampled_from(
            [
                "At least 25 died",
                {"exact": "At least 25 died", "suffix": "."},
                {"exact": "25", "prefix": "At least "},
                {"exact": "25", "prefix": ". ", "suffix": " died."},
                {"exact": "not in the text", "placed": False},
            ]
        )
    )


def _draw_answer(draw: Draw, claim: dict[str, Any], questions: list[dict[str, Any]]) -> None:
    if draw(st.integers(0, 3)) == 0:
        return
    question = draw(st.sampled_from(questions))
    claim["question"] = question["key"]
    if question["kind"] == "QUANTITY":
        claim["quantity"] = draw(QUANTITIES)
    elif question["kind"] == "YES_NO":
        claim["polarity"] = draw(st.sampled_from(["ASSERTS", "DENIES"]))


def _draw_chain(draw: Draw, claim: dict[str, Any], agents: list[dict[str, Any]]) -> None:
    claim["basis"] = draw(st.sampled_from(["ATTRIBUTED", "FIRSTHAND", "UNATTRIBUTED"]))
    if claim["basis"] != "ATTRIBUTED":
        return
    speakers = st.lists(before(draw, agents), min_size=1, max_size=2, unique=True)
    claim["attribution"] = [
        give(
            draw,
            {"agent": draw(speakers)},
            cue=WORDS,
            mode=st.sampled_from(["DIRECT", "INDIRECT", "MIXED"]),
            channel=st.sampled_from(["POST", "STATEMENT", "UNSTATED"]),
        )
        for _ in range(draw(st.integers(1, 3)))
    ]


def _draw_assessments(
    draw: Draw, claims: list[dict[str, Any]], sources: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    # Those that have a twin are withdrawn before it is recorded, and may not be judged afterwards.
    alone = [c for c in claims if sum(_identity(c) == _identity(other) for other in claims) == 1]
    items = {source["key"]: source["key"] for source in sources}
    for source in sources:
        items[source["key"]] = items[source.get("revises", source["key"])]
    assessments: list[dict[str, Any]] = []
    pairs: set[tuple[Any, ...]] = set()
    for number in range(draw(st.integers(0, 4)) if len(alone) > 1 else 0):
        judged, evidence = draw(st.permutations(alone))[:2]
        assessment = {
            "key": f"j{number}",
            "claim": judged["key"],
            "evidence_claim": evidence["key"],
            "stance": draw(st.sampled_from(["SUPPORTS", "CONTRADICTS", "CONTEXT", "ABSENT"])),
            "rationale": draw(LINES),
            "recorded_by": draw(st.sampled_from(["Ada", "Grace"])),
        }
        others = [key for key, item in items.items() if item != items[judged["source"]]]
        if others and draw(st.booleans()):
            assessment["evidence_source"] = draw(st.sampled_from(others))
            del assessment["evidence_claim"]
        pair = tuple(assessment.get(n) for n in ("claim", "evidence_claim", "evidence_source", "recorded_by"))
        if pair in pairs or draw(st.booleans()):
            assessment["withdrawn"] = draw(REASONS)
        else:
            pairs.add(pair)
        assessments.append(give(draw, assessment, credibility=st.integers(1, 6)))
    return assessments
