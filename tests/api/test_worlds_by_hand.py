"""Small worlds as a fact-checker meets them, and what a careful person would say of each.

What GraphQL answers, what the view of evidence lists and what a recomputation gives have to be the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest

from app.database import Database
from app.domain.corroboration import list_evidence
from app.domain.identifiers import NodeType, encode_id
from app.domain.vocabulary import AgentKind, Basis, Polarity, QuestionKind, Stance
from app.permissions import NOBODY, Viewer
from app.services.inputs import Hop
from app.services.locks import find_units_of
from app.services.merges import merge_agents
from app.services.recomputation import recompute_everything
from app.services.records import load_record
from app.services.sources import SourceRevision, revise_source
from app.services.withdrawals import retract_claim
from tests.api.conftest import Ask
from tests.factories import make_agent, make_assessment, make_claim, make_question, make_source, perform

# Who is part of whom; whoever is not listed stands for themselves. "officials" are unnamed.
PART_OF = {"minister": "government", "ministry": "government", "officials": "government"}
FIGURES = """query($ids: [ID!]!) { nodes(ids: $ids) { ... on Claim {
    corroboration {
        status linesFor linesAgainst reportsFor reportsAgainst explanation
        lines { side } weakestLinks { __typename }
        evidence(first: 100) { totalCount edges { node { side claim { id } source { id } } } }
    } } } }"""


@dataclass(frozen=True, slots=True)
class Said:
    """A claim in a source of its own. `road`: who said so, origin first; "a+b" speak together.

    Without one the publisher saw it; with None nobody is named. `says`: a quantity, "yes" or "no".
    """

    says: str
    publisher: str | None
    road: tuple[str, ...] | None = ()
    on: str | None = None
    reprints: str | None = None
    revises: str | None = None
    retracted: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    claims: dict[str, Said]
    # Claim → "STATUS lines for:against, reports for:against", and words of the explanation.
    expected: dict[str, tuple[str, str]]
    # (claim, claim put forward, stance)
    judged: tuple[tuple[str, str, Stance], ...] = ()
    merged: dict[str, str] = field(default_factory=dict)


def papers(count: int, says: str, *road: str, on: str | None = None) -> dict[str, Said]:
    return {f"paper {n}": Said(says, f"paper {n}", road, on) for n in range(count)}


CASES = {
    "eleven papers quote one minister": Case(
        papers(11, "28", "minister"),
        {"paper 0": ("UNCORROBORATED 1:0, 11:0", "11 reports, but every one goes back to government")},
    ),
    "a ministry and its minister are no two witnesses": Case(
        {"one": Said("28", "daily", ("minister",)), "other": Said("28", "weekly", ("ministry",))},
        {"one": ("UNCORROBORATED 1:0, 2:0", "every one goes back to government")},
    ),
    "papers print what the wire sent": Case(
        {
            "wire": Said("28", "agency"),
            "daily": Said("28", "daily", reprints="wire"),
            "weekly": Said("28", "weekly", reprints="wire"),
        },
        {
            "wire": ("UNCORROBORATED 1:0, 1:0", "1 report, which goes back to agency"),
            "weekly": ("UNCORROBORATED 1:0, 1:0", "1 report, which goes back to agency"),
        },
    ),
    "papers cite the wire, and one was there": Case(
        {**papers(3, "28", "agency"), "own": Said("about 30", "daily")},
        {
            "paper 0": ("CORROBORATED 2:0, 4:0", "2 independent lines in 4 reports"),
            "own": ("CORROBORATED 2:0, 4:0", "none against"),
        },
    ),
    "two papers cite each other": Case(
        {"one": Said("28", "daily", ("weekly",)), "other": Said("28", "weekly", ("daily",))},
        {"one": ("UNCORROBORATED 1:0, 2:0", "2 reports, but every one passed through ")},
    ),
    "three papers cite each other in a ring": Case(
        {
            "one": Said("28", "daily", ("weekly",)),
            "two": Said("28", "weekly", ("monthly",)),
            "three": Said("28", "monthly", ("daily",)),
        },
        {"two": ("UNCORROBORATED 1:0, 3:0", "3 reports, but no two independent of each other")},
    ),
    "two ministries by one agency": Case(
        {"one": Said("28", "agency", ("ministry",)), "other": Said("28", "agency", ("militia",))},
        {"one": ("UNCORROBORATED 1:0, 2:0", "every one passed through agency")},
    ),
    "the root takes it back": Case(
        {"root": Said("28", "agency", retracted=True), **papers(2, "28", "agency")},
        {
            "root": ("RETRACTED 1:0, 3:0", "its source took it back"),
            "paper 1": ("UNCORROBORATED 1:0, 2:0", "every one goes back to agency"),
        },
    ),
    "a retraction leaves the other road": Case(
        {"root": Said("28", "agency", retracted=True), "own": Said("28", "daily")},
        {
            "root": ("RETRACTED 2:0, 2:0", "2 independent lines in 2 reports for"),
            "own": ("UNCORROBORATED 1:0, 1:0", "goes back to daily"),
        },
    ),
    "the minister corrects himself, and who quoted him is outdated too": Case(
        {
            **papers(2, "19", "minister", on="2019-12-29"),
            "later": Said("25", "daily", ("ministry",), "2019-12-30"),
        },
        {
            "paper 1": ("OUTDATED 1:1, 1:1", "government later said otherwise"),
            "later": ("UNCORROBORATED 1:0, 1:0", "none against"),
        },
    ),
    "unnamed officials correct nobody": Case(
        {
            "first": Said("19", "daily", ("minister",), "2019-12-29"),
            "later": Said("25", "weekly", ("officials",), "2019-12-30"),
        },
        {
            "first": ("DISPUTED 1:1, 1:1", "1 independent line in 1 report against"),
            "later": ("DISPUTED 1:1, 1:1", "against"),
        },
    ),
    "one of two who spoke together goes on": Case(
        {
            "both": Said("19", "daily", ("minister+militia",), "2019-12-29"),
            "one": Said("25", "weekly", ("minister",), "2019-12-30"),
        },
        {"both": ("DISPUTED 1:1, 1:1", "against"), "one": ("DISPUTED 1:1, 1:1", "against")},
    ),
    "without dates nobody spoke later": Case(
        {"one": Said("19", "daily", ("minister",)), "other": Said("25", "weekly", ("minister",))},
        {"one": ("DISPUTED 1:1, 1:1", "against"), "other": ("DISPUTED 1:1, 1:1", "against")},
    ),
    "the same day is not later": Case(
        {
            "one": Said("19", "daily", ("minister",), "2019-12-29"),
            "other": Said("25", "weekly", ("minister",), "2019-12-29T20:00Z"),
        },
        {"one": ("DISPUTED 1:1, 1:1", "against")},
    ),
    "bounds that overlap in part": Case(
        {
            "around": Said("around 25", "daily"),
            "from": Said("27 to 30", "weekly"),
            "up to": Said("up to 26", "monthly"),
            "least": Said("at least 20", "agency"),
        },
        {
            # 22 to 28 and 27 to 30 share 27 and 28; a bound on one side is backed only from within.
            "around": ("CORROBORATED 2:0, 2:0", "2 independent lines"),
            "from": ("DISPUTED 2:1, 2:1", "1 independent line in 1 report against"),
            "up to": ("DISPUTED 1:1, 1:1", "against"),
            "least": ("CORROBORATED 3:0, 3:0", "none against"),
        },
    ),
    "who is accused denies": Case(
        {
            "accused": Said("yes", "daily", ("government",)),
            "seen": Said("yes", "agency"),
            "denied": Said("no", "weekly", ("militia",)),
        },
        {
            "accused": ("DISPUTED 2:1, 2:1", "against"),
            "denied": ("CONTRADICTED 1:2, 1:2", "2 independent lines in 2 reports against"),
        },
    ),
    "rivals who disagree do not add up": Case(
        {"seven": Said("7", "daily"), "nine": Said("9", "weekly"), "eleven": Said("11", "monthly")},
        {"seven": ("DISPUTED 1:1, 1:2", "1 independent line in 2 reports against")},
    ),
    "nobody says how they know": Case(
        {
            "one": Said("28", "daily", None),
            "other": Said("28", "weekly", None),
            "against": Said("9", "x", None),
        },
        {
            "one": ("UNCORROBORATED 0:0, 2:1", "2 reports, none of which says how it knows"),
            "against": ("UNCORROBORATED 0:0, 1:2", "2 reports against that do not say how they know"),
        },
    ),
    "two who post without a name": Case(
        {"one": Said("28", None), "other": Said("28", None)},
        {"one": ("CORROBORATED 2:0, 2:0", "2 independent lines in 2 reports")},
    ),
    "an article is corrected": Case(
        {
            "first": Said("19", "daily"),
            "corrected": Said("25", "daily", revises="first"),
            "weekly": Said("19", "weekly"),
        },
        {
            "first": ("DISPUTED 2:1, 2:1", "against"),
            "corrected": ("DISPUTED 1:1, 1:1", "against"),
            "weekly": ("DISPUTED 1:1, 1:1", "against"),
        },
    ),
    "two names of one source": Case(
        {"one": Said("28", "daily"), "other": Said("28", "daily online")},
        {"one": ("UNCORROBORATED 1:0, 2:0", "every one goes back to daily")},
        merged={"daily online": "daily"},
    ),
    "a researcher knows better than the figures": Case(
        {"one": Said("28", "daily"), "other": Said("25", "weekly")},
        {
            "one": ("CORROBORATED 2:0, 2:0", "none against"),
            "other": ("DISPUTED 1:1, 1:1", "1 independent line in 1 report against"),
        },
        judged=(("one", "other", Stance.SUPPORTS),),
    ),
    "a report that gives no figure is evidence of none": Case(
        {"one": Said("28", "daily"), "other": Said("28", "weekly")},
        {"one": ("CORROBORATED 2:0, 2:0", "none against")},
        judged=(("one", "other", Stance.ABSENT),),
    ),
}


class Scene:
    def __init__(self, database: Database, viewer: Viewer) -> None:
        self.database, self.viewer = database, viewer
        self.agents: dict[str, UUID] = {}
        self.sources: dict[str, UUID] = {}
        self.claims: dict[str, UUID] = {}

    async def record(self, case: Case) -> None:
        kind = QuestionKind.YES_NO if case.claims.keys() >= {"denied"} else QuestionKind.QUANTITY
        question = await make_question(self.database, self.viewer, kind=kind)
        for name, said in case.claims.items():
            await self._say(name, said, question)
        for one, other in case.merged.items():
            await perform(
                self.database, self.viewer, merge_agents, self.agents[one], self.agents[other], "one of them"
            )
        for claim, evidence, stance in case.judged:
            await make_assessment(
                self.database,
                self.viewer,
                claim=self.claims[claim],
                evidence_claim=self.claims[evidence],
                stance=stance,
            )

    async def _find_agent(self, name: str) -> UUID:
        if name not in self.agents:
            above = await self._find_agent(PART_OF[name]) if name in PART_OF else None
            kind = AgentKind.UNNAMED if name == "officials" else AgentKind.ORGANIZATION
            self.agents[name] = await make_agent(
                self.database, self.viewer, name=name, kind=kind, part_of=above
            )
        return self.agents[name]

    async def _say(self, name: str, said: Said, question: UUID) -> None:
        if said.revises is not None:
            revised, text = self.sources[said.revises], SourceRevision(text=f"It says {name}.")
            source = await perform(self.database, self.viewer, revise_source, revised, text)
        else:
            source = await make_source(
                self.database,
                self.viewer,
                publisher=None if said.publisher is None else await self._find_agent(said.publisher),
                reprints=None if said.reprints is None else self.sources[said.reprints],
            )
        self.sources[name] = source
        hops = [
            Hop(tuple([await self._find_agent(one) for one in hop.split("+")])) for hop in said.road or ()
        ]
        answer: dict[str, Any] = {"quantity": said.says}
        if said.says in ("yes", "no"):
            answer = {"polarity": Polarity.ASSERTS if said.says == "yes" else Polarity.DENIES}
        basis = Basis.UNATTRIBUTED if said.road is None else Basis.ATTRIBUTED if hops else Basis.FIRSTHAND
        self.claims[name] = await make_claim(
            self.database,
            self.viewer,
            source=source,
            question=question,
            quote="says" if said.revises is not None else None,
            basis=basis,
            hops=tuple(hops),
            asserted=said.on,
            **answer,
        )
        if said.retracted:
            await perform(
                self.database, self.viewer, retract_claim, self.claims[name], when="2020", reason="wrong"
            )


def spell(figures: dict[str, Any]) -> str:
    lines, reports = (f"{figures[f'{what}For']}:{figures[f'{what}Against']}" for what in ("lines", "reports"))
    return f"{figures['status']} {lines}, {reports}"


@pytest.mark.parametrize("name", CASES)
async def test_a_careful_person_would_say_so(database: Database, viewer: Viewer, ask: Ask, name: str) -> None:
    case, scene = CASES[name], Scene(database, viewer)
    await scene.record(case)
    ids = [encode_id(NodeType.CLAIM, key) for key in scene.claims.values()]
    answered = (await ask(FIGURES, ids=ids))["data"]["nodes"]
    told = {claim: node["corroboration"] for claim, node in zip(scene.claims, answered, strict=True)}
    assert {claim: spell(told[claim]) for claim in case.expected} == {
        claim: figures for claim, (figures, _) in case.expected.items()
    }
    for claim, (_, words) in case.expected.items():
        assert words in told[claim]["explanation"]
    await check_evidence(database, scene, told)
    assert await recompute_everything(database, check=True) == []


async def check_evidence(database: Database, scene: Scene, told: dict[str, Any]) -> None:
    """The evidence that is listed is the rule's own, and there are as many lines as the figures say."""
    keys = list(scene.claims.values())
    units = await database.write(NOBODY, lambda session: find_units_of(session, keys))
    record, _ = await database.write(NOBODY, lambda session: load_record(session, units))
    for claim, key in scene.claims.items():
        figures, listed = told[claim], told[claim]["evidence"]
        by_rule = {
            (item.side.value, None if item.claim is None else encode_id(NodeType.CLAIM, item.claim))
            for item in list_evidence(record, key)
        }
        assert {(e["node"]["side"], e["node"]["claim"]["id"]) for e in listed["edges"]} == by_rule
        assert listed["totalCount"] == len(by_rule)
        sides = [line["side"] for line in figures["lines"]]
        assert [sides.count("FOR"), sides.count("AGAINST")] == [figures["linesFor"], figures["linesAgainst"]]
