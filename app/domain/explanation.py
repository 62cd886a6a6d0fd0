"""One sentence that says why a claim has its status, for a reader who does not know the rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.domain.counts import spell_count
from app.domain.records import Agent
from app.domain.vocabulary import Status

UNKNOWN_PUBLISHER = "an unnamed publisher"
RESTRICTED = "a restricted source"


@dataclass(frozen=True, slots=True)
class SideFigures:
    """`lines` in `reports`, of which `silent` do not say how they know. If not `exact`, at least these."""

    lines: int
    reports: int
    silent: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Grounds:
    """What there is to say of a claim.

    `weakest_links` are the parties that would all have to be wrong; `goes_back` says whether every report
    that says how it knows has the first of them for a speaker; `replaced_by` are the origins that have
    said otherwise since, of an OUTDATED claim.
    """

    status: Status
    supported: SideFigures
    opposed: SideFigures
    weakest_links: Sequence[UUID]
    goes_back: bool
    replaced_by: Sequence[UUID]
    disagreed: bool


def explain(grounds: Grounds, agents: Mapping[UUID, Agent]) -> tuple[str, tuple[UUID, ...]]:
    """The sentence, and the agents it names in the order in which it names them.

    A publisher that is not known is not named.
    """
    named: list[UUID] = []
    if grounds.status is Status.UNCORROBORATED:
        reason = _explain_uncorroborated(grounds, agents, named)
    elif grounds.status is Status.CORROBORATED:
        reason = f"{_count_side(grounds.supported)}, {_count_opposed(grounds.opposed)}"
    else:
        figures = f"{_count_side(grounds.supported)} for, {_count_opposed(grounds.opposed)}"
        if grounds.status is Status.RETRACTED:
            reason = f"its source took it back; {figures}"
        elif grounds.status is Status.OUTDATED:
            origins = _join([_name(party, agents, named) for party in grounds.replaced_by])
            reason = f"{origins} later said otherwise; {figures}"
        else:
            reason = figures
    differ = "; researchers differ on the evidence" if grounds.disagreed else ""
    return f"{grounds.status.value.capitalize()}: {reason}{differ}.", tuple(dict.fromkeys(named))


def explain_outside(
    grounds: Grounds, agents: Mapping[UUID, Agent], named: Sequence[UUID], told: Sequence[UUID]
) -> str | None:
    """The sentence with pseudonyms for who is protected of those it names; None if there is nobody to mask.

    `told` are the weakest links that outsiders are told of; none of the others is named.
    """
    masked = {
        agent: replace(agents[agent], name=pseudonym)
        for agent in named
        if (pseudonym := agents[agent].pseudonym) is not None
    }
    if told != grounds.weakest_links:
        untold = set(grounds.weakest_links).difference(told, grounds.replaced_by)
        masked |= {agent: replace(agents[agent], name=RESTRICTED) for agent in named if agent in untold}
    return explain(grounds, {**agents, **masked})[0] if masked else None


def _explain_uncorroborated(grounds: Grounds, agents: Mapping[UUID, Agent], named: list[UUID]) -> str:
    side = grounds.supported
    reports = spell_count(side.reports, "report")
    if side.lines == 0:
        silent = "which does not say how it knows" if side.reports == 1 else "none of which says how it knows"
        return f"{reports}, {silent}; {_count_opposed(grounds.opposed)}"
    if len(grounds.weakest_links) > 1:
        return f"{reports}, but no two independent of each other; {_count_opposed(grounds.opposed)}"
    road = "goes back to" if grounds.goes_back else "passed through"
    party = _name(grounds.weakest_links[0], agents, named)
    if side.reports == 1:
        return f"1 report, which {road} {party}; {_count_opposed(grounds.opposed)}"
    every = "every one that says how it knows" if side.silent else "every one"
    return f"{reports}, but {every} {road} {party}; {_count_opposed(grounds.opposed)}"


def _count_side(side: SideFigures) -> str:
    lines = spell_count(side.lines, "independent line") if side.lines else "no independent line"
    return f"{'' if side.exact else 'at least '}{lines} in {spell_count(side.reports, 'report')}"


def _count_opposed(side: SideFigures) -> str:
    if side.reports == 0:
        return "none against"
    if side.lines == 0:
        say = "does not say how it knows" if side.reports == 1 else "do not say how they know"
        return f"{spell_count(side.reports, 'report')} against that {say}"
    return f"{_count_side(side)} against"


def _name(party: UUID, agents: Mapping[UUID, Agent], named: list[UUID]) -> str:
    if party not in agents:
        return UNKNOWN_PUBLISHER
    named.append(party)
    return agents[party].name


def _join(names: Sequence[str]) -> str:
    """
    >>> _join(["Iran", "Iraq", "the United States"])
    'Iran, Iraq and the United States'
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
