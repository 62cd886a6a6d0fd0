"""The sample bundle under the rule: what each of its 69 claims comes to, worked out by hand.

Read straight from the YAML, with the domain alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from app.domain.answers import Answer, QuantityAnswer
from app.domain.corroboration import Corroboration, corroborate
from app.domain.moments import Moment, moment_of
from app.domain.quantities import parse_quantity
from app.domain.records import Agent, Assessment, Claim, Record, Source
from app.domain.vocabulary import AgentKind, Basis, Polarity, Side, Stance
from tests.domain.made_records import key

BUNDLE = Path(__file__).parents[2] / "app" / "samples" / "baghdad-2019" / "bundle.yaml"

# status, lines for:against, reports for:against
TABLE = {
    # --- the table of docs/corroboration.md ---
    "a-25": "CORROBORATED 3:0 14:0",
    "a-two-dozen": "DISPUTED 2:1 8:1",
    "a-750": "UNCORROBORATED 1:0 9:0",
    "k-pmf-19": "OUTDATED 1:4 1:16",
    "k-health-28": "DISPUTED 3:1 3:6",
    "i-inn-55": "DISPUTED 0:1 1:6",
    #
    # --- on no question: each stands alone, with a line if it says how it knows ---
    "a-muhandis-second": "UNCORROBORATED 0:0 1:0",
    "a-retaliation": "UNCORROBORATED 1:0 1:0",
    "a-pompeo-warned": "UNCORROBORATED 1:0 1:0",
    "a-iraq-assured": "UNCORROBORATED 1:0 1:0",
    "a-trump-protesters": "UNCORROBORATED 1:0 1:0",
    "a-no-effort": "UNCORROBORATED 0:0 1:0",
    "a-sites": "UNCORROBORATED 0:0 1:0",
    #
    # --- the only claim on its question, and unattributed ---
    "a-hundreds-of-men": "UNCORROBORATED 0:0 1:0",
    "a-seven-vehicles": "UNCORROBORATED 0:0 1:0",
    "a-30-soldiers": "UNCORROBORATED 0:0 1:0",
    "a-four-vehicles": "UNCORROBORATED 0:0 1:0",
    #
    # --- killed ---
    # Live are the claims of 16 sources: all but k-pmf-2, k-security-13, k-pmf-15, k-pmf-19 and k-pmf-24.
    # The militia said 25 again after its 24, so that the 25s before it stand; "unnamed militia sources"
    # withdraw no statement; the ministry's 28 tightens the unnamed "at least 13".
    #
    # At least 25: backed by 25 (5 sources), at least 25 (7, the article among them), nearly 30 and 28.
    # Militia, Iran, ministry. "Two dozen", "dozens" and "at least two dozen" neither back nor conflict.
    "k-pmf-25-mehr": "CORROBORATED 3:0 14:0",
    "k-sources-25": "CORROBORATED 3:0 14:0",
    "k-inn-25": "CORROBORATED 3:0 14:0",
    "k-mousavi-25": "CORROBORATED 3:0 14:0",
    "k-mousavi-25-globo": "CORROBORATED 3:0 14:0",
    "k-times-25": "CORROBORATED 3:0 14:0",
    # At least 24: the 14, and "dozens" (24 to 99) within it by Al Arabiya, and itself. "Two dozen" (from
    # 21) is not within it, but the article is among the 14 already.
    "k-usatoday-24": "CORROBORATED 4:0 16:0",
    # 25: the five, "two dozen" (21 to 27, the article) and "dozens". Against: nearly 30 (27 to 29) and 28,
    # which agree: militia and ministry.
    "k-pmf-25-trend": "DISPUTED 2:2 7:2",
    "k-pmf-25-newsnumber": "DISPUTED 2:2 7:2",
    "k-pmf-25-rudaw": "DISPUTED 2:2 7:2",
    "k-albawaba-25": "DISPUTED 2:2 7:2",
    "k-watsup-25": "DISPUTED 2:2 7:2",
    # Nearly 30: itself, 28, "dozens" and "two dozen" (they meet at 27). Against: the five 25s, one line.
    "k-kh-30": "DISPUTED 3:1 4:5",
    # Dozens: itself, the five 25s, nearly 30, 28 and "two dozen". Nothing is outside 24 to 99.
    "k-arabiya-dozens": "CORROBORATED 3:0 9:0",
    # Outdated by 25. What conflicts with 2, as with 19: all 16 sources. They agree on at least 24, with
    # four lines: militia, Iran, ministry, Al Arabiya.
    "k-pmf-2": "OUTDATED 1:4 1:16",
    # Outdated by "at least" more. All 16 live sources back it, and itself.
    "k-security-13": "OUTDATED 4:0 17:0",
    "k-pmf-15": "OUTDATED 4:0 17:0",
    # Outdated by 25. For 24: itself, "dozens", "two dozen". Against: the 14 of at least 25.
    "k-pmf-24": "OUTDATED 2:3 3:14",
    #
    # --- injured ---
    # 35 was replaced by 51. The 51s, all the militia's, are not replaced by "at least 55": that was said by
    # unnamed sources; these are not replaced by the ministry's 48, being the militia's as well.
    "i-pmf-35": "OUTDATED 1:1 1:8",
    "i-pmf-51-trend": "DISPUTED 1:1 5:3",
    "i-pmf-51-newsnumber": "DISPUTED 1:1 5:3",
    "i-pmf-51-rudaw": "DISPUTED 1:1 5:3",
    "i-pmf-51-syriatoday": "DISPUTED 1:1 5:3",
    "i-pmf-51-mehr": "DISPUTED 1:1 5:3",
    # 55 backs at least 55, not the other way round. Against: five 51s and the 48, which do not agree.
    "i-sources-55": "DISPUTED 1:1 2:6",
    "i-health-48": "DISPUTED 1:1 1:7",
    #
    # --- soldiers: everyone quotes the US government; WBTV counts with WNCT, which it reprints ---
    "a-more-troops": "UNCORROBORATED 1:0 9:0",
    "s-wnct": "UNCORROBORATED 1:0 9:0",
    "s-wbtv": "UNCORROBORATED 1:0 9:0",
    "s-xinhua": "UNCORROBORATED 1:0 9:0",
    "s-hstoday": "UNCORROBORATED 1:0 9:0",
    "s-breitbart": "UNCORROBORATED 1:0 9:0",
    "s-canyon": "UNCORROBORATED 1:0 9:0",
    "s-euronews": "UNCORROBORATED 1:0 9:0",
    "s-rudaw": "UNCORROBORATED 1:0 9:0",
    "s-usatoday": "UNCORROBORATED 1:0 9:0",
    #
    # --- the crowd: "as many as 6,000" (0 to 6,000) neither backs nor contradicts thousands (2,000 to 9,999)
    "c-euronews-6000": "UNCORROBORATED 1:0 1:0",
    "c-inn-thousands": "UNCORROBORATED 0:0 2:0",
    "c-rudaw-thousands": "UNCORROBORATED 0:0 2:0",
    # Dozens or hundreds in the compound: they conflict, and neither says how it knows.
    "c-watsup": "UNCORROBORATED 0:0 1:1",
    "c-xinhua-hundreds": "UNCORROBORATED 0:0 1:1",
    #
    # --- who was behind it: Trump in two reports, the Iranian ministry in three; one of them has both ---
    "a-trump-responsible": "DISPUTED 1:1 2:3",
    "b-trump-inn": "DISPUTED 1:1 2:3",
    "b-mousavi-alarabiya": "DISPUTED 1:1 3:2",
    "b-mousavi-inn": "DISPUTED 1:1 3:2",
    "b-mousavi-urdupoint": "DISPUTED 1:1 3:2",
    # Pompeo in three.
    "a-pompeo-terrorists": "UNCORROBORATED 1:0 3:0",
    "b-pompeo-news18": "UNCORROBORATED 1:0 3:0",
    "b-pompeo-rt": "UNCORROBORATED 1:0 3:0",
    #
    # --- the Marines: the article twice, by their own post, and one that does not say how it knows ---
    "a-marines": "UNCORROBORATED 1:0 2:0",
    "a-marines-post": "UNCORROBORATED 1:0 2:0",
    "m-canyon": "UNCORROBORATED 1:0 2:0",
}


def _key(kind: str, local: str | None) -> UUID:
    return key(f"{kind} {local}")


def _optional_key(kind: str, local: str | None) -> UUID | None:
    return None if local is None else _key(kind, local)


def _moment(value: Any) -> Moment | None:
    return None if value is None else moment_of(value)


def _read_agent(row: dict[str, Any]) -> Agent:
    part_of = _optional_key("agent", row.get("part_of"))
    return Agent(_key("agent", row["key"]), AgentKind(row["kind"]), part_of, None, row["name"])


def _read_source(row: dict[str, Any]) -> Source:
    return Source(
        id=_key("source", row["key"]),
        publisher=_optional_key("agent", row["publisher"]),
        published=_moment(row["published_at"]),
        reprints=_optional_key("source", row.get("reprints")),
        revises=None,
    )


def _read_claim(row: dict[str, Any]) -> Claim:
    hops = [hop["agent"] for hop in row.get("attribution", [])]
    return Claim(
        id=_key("claim", row["key"]),
        source=_key("source", row["source"]),
        question=_optional_key("question", row.get("question")),
        basis=Basis(row["basis"].upper()),
        hops=tuple(
            tuple(_key("agent", agent) for agent in ([hop] if isinstance(hop, str) else hop)) for hop in hops
        ),
        answer=_read_answer(row),
        asserted=_moment(row.get("asserted_at")),
        retracted=False,
        withdrawn=False,
    )


def _read_answer(row: dict[str, Any]) -> Answer | None:
    if "quantity" in row:
        quantity = parse_quantity(row["quantity"])
        return QuantityAnswer(quantity.modality, quantity.bounds)
    return Polarity(row["polarity"]) if "polarity" in row else None


def _read_assessment(row: dict[str, Any]) -> Assessment:
    return Assessment(
        id=key(repr(row)),
        claim=_key("claim", row["claim"]),
        evidence_claim=_optional_key("claim", row.get("evidence_claim")),
        evidence_source=_optional_key("source", row.get("evidence_source")),
        stance=Stance(row["stance"]),
        recorded_by=_key("researcher", row["recorded_by"]),
        withdrawn=False,
    )


@pytest.fixture(scope="module")
def results() -> dict[str, Corroboration]:
    bundle = yaml.safe_load(BUNDLE.read_text(encoding="utf-8"))
    claims = [_read_claim(row) for row in bundle["claims"]]
    record = Record(
        agents={agent.id: agent for agent in map(_read_agent, bundle["agents"])},
        sources={source.id: source for source in map(_read_source, bundle["sources"])},
        claims={claim.id: claim for claim in claims},
        assessments=[_read_assessment(row) for row in bundle["assessments"]],
    )
    found = corroborate(record)
    return {row["key"]: found[_key("claim", row["key"])] for row in bundle["claims"]}


def test_every_claim_of_the_sample_is_in_the_table(results: dict[str, Corroboration]) -> None:
    assert len(results) == 69
    assert results.keys() == TABLE.keys()


@pytest.mark.parametrize("name", TABLE)
def test_status_lines_and_reports(results: dict[str, Corroboration], name: str) -> None:
    found = results[name]
    lines = f"{found.lines_for}:{found.lines_against}"
    reports = f"{found.reports_for}:{found.reports_against}"
    assert f"{found.status} {lines} {reports}" == TABLE[name]
    assert found.lines_exact
    assert not found.disagreed


def test_who_would_have_to_be_wrong(results: dict[str, Corroboration]) -> None:
    def links(name: str) -> set[UUID]:
        return set(results[name].weakest_links)

    militia, iran, iraq, us = (
        _key("agent", name) for name in ("pmf", "iran-government", "iraq-government", "us-government")
    )
    assert links("a-25") == {militia, iran, iraq}
    assert links("a-750") == {us}
    assert links("k-health-28") == {militia, iraq, _key("agent", "alarabiya")}
    assert links("a-hundreds-of-men") == set()


def test_the_lines_can_be_drawn(results: dict[str, Corroboration]) -> None:
    paths = results["k-health-28"].lines[Side.FOR]
    assert {tuple(path) for path in paths} == {
        tuple(_key("agent", name) for name in ("iraq-government", "ilkha", "cinarinsesi")),
        tuple(_key("agent", name) for name in ("alarabiya", "sputnik", "urdupoint")),
        tuple(_key("agent", name) for name in ("pmf", "trt")),
    }


@pytest.mark.parametrize(
    ("name", "explanation"),
    [
        ("a-25", "Corroborated: 3 independent lines in 14 reports, none against."),
        (
            "a-750",
            "Uncorroborated: 9 reports, but every one goes back to United States government; none against.",
        ),
        (
            "k-pmf-19",
            "Outdated: Popular Mobilization Forces later said otherwise; "
            "1 independent line in 1 report for, 4 independent lines in 16 reports against.",
        ),
        (
            "i-inn-55",
            "Disputed: no independent line in 1 report for, 1 independent line in 6 reports against.",
        ),
    ],
)
def test_it_can_say_why(results: dict[str, Corroboration], name: str, explanation: str) -> None:
    assert results[name].explanation == explanation
