"""How an entry differs from the row it became, and how the row is made to stand as the entry says.

Only the fields that differ are touched. What no service amends is an obstacle: a claim is not moved to
another source, a retraction is not taken back, a text is not replaced.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from app.errors import SaysoError
from app.exchange.drafts import draft_agent, draft_claim, draft_event, draft_question, draft_source
from app.exchange.entries import (
    FIELDS,
    AgentEntry,
    AssessmentEntry,
    ClaimEntry,
    Entry,
    EventEntry,
    QuestionEntry,
    QuoteEntry,
    SourceEntry,
)
from app.exchange.recording import Recorder
from app.exchange.report import Difference
from app.exchange.spelling import spell
from app.services.agents import AgentChanges, amend_agent
from app.services.claims import ClaimChanges, amend_claim
from app.services.events import EventChanges, amend_event
from app.services.merges import unmerge_agents, unmerge_questions
from app.services.questions import QuestionChanges, amend_question
from app.services.sources import SourceChanges, amend_source
from app.services.withdrawals import restore_claim, retract_claim

_SHOWN = 80  # characters of a value in a report
# The services' names of fields that a bundle calls otherwise.
_SERVICE_NAMES: Mapping[str, str] = {
    "published_at": "published",
    "text_sha256": "text",
    "asserted_at": "asserted",
    "attribution": "hops",
}


def compare(entry: Entry, standing: Entry) -> list[Difference]:
    """What stands otherwise than the entry says, in the order of the fields."""
    stands, wanted = spell(standing), spell(entry)
    return [
        Difference(
            "text" if name == "text_sha256" else name,
            _show(stands.get(name)),
            _show(wanted.get(name)),
            _find_obstacle(name, entry, standing),
        )
        for name in FIELDS[entry.section]
        if name != "key" and not _is_same(name, entry, standing, wanted.get(name), stands.get(name))
    ]


def find_late(entry: Entry, standing: Entry, late_texts: Collection[str]) -> set[str]:
    """The fields that a later step of the plan sets: what is not merged, withdrawn or given its text yet."""
    late = set()
    if getattr(entry, "merged_into", None) is not None and getattr(standing, "merged_into", None) is None:
        late.add("merged_into")
        if getattr(standing, "wikidata_id", None) is None:
            late.add("wikidata_id")
    if getattr(entry, "withdrawn", None) is not None and getattr(standing, "withdrawn", None) is None:
        late.add("withdrawn")
    if isinstance(standing, SourceEntry) and entry.key in late_texts and standing.text_sha256 is None:
        late.add("text")
        if standing.url is None:
            late.add("url")
    return late


async def amend(
    recorder: Recorder, entry: Entry, standing: Entry, row: UUID, differences: Sequence[Difference]
) -> tuple[UUID, list[Difference]]:
    """Make these fields of a row stand as the entry says; those that stay otherwise come back, with why.

    None of them is late: a merge among them is one that stands, and is undone. A later step of the plan makes
    the one that the entry wants.

    The key of the row comes back too: a judgement is not amended, it is withdrawn and recorded anew.
    """
    names = {difference.field for difference in differences if difference.obstacle is None}
    left = [difference for difference in differences if difference.obstacle is not None]
    if not names:
        return row, left
    try:
        async with recorder.session.begin_nested():
            return await _Amendment(recorder, row, names).apply(entry, standing), left
    except SaysoError as problem:
        return row, [d if d.obstacle else replace(d, obstacle=problem.message) for d in differences]


@dataclass(frozen=True, slots=True)
class _Amendment:
    recorder: Recorder
    row: UUID
    names: set[str]

    async def apply(self, entry: Entry, standing: Entry) -> UUID:
        """The key of the row that stands for the entry afterwards."""
        if isinstance(entry, AssessmentEntry) and isinstance(standing, AssessmentEntry):
            return await self._judge_anew(entry, standing)
        if isinstance(entry, AgentEntry):
            await self._amend_agent(entry)
        elif isinstance(entry, EventEntry):
            await self._amend_event(entry)
        elif isinstance(entry, QuestionEntry):
            await self._amend_question(entry)
        elif isinstance(entry, SourceEntry):
            await self._amend_source(entry)
        elif isinstance(entry, ClaimEntry) and isinstance(standing, ClaimEntry):
            await self._amend_claim(entry, standing)
        return self.row

    async def _amend_agent(self, entry: AgentEntry) -> None:
        session, viewer = self.recorder.session, self.recorder.viewer
        if "merged_into" in self.names:
            await unmerge_agents(session, viewer, self.row, self._reason)
        changes = self._changes(draft_agent(entry, self.recorder.resolve))
        if changes:
            await amend_agent(session, viewer, self.row, await self._version(entry), AgentChanges(**changes))

    async def _amend_event(self, entry: EventEntry) -> None:
        changes = EventChanges(**self._changes(draft_event(entry)))
        session, viewer = self.recorder.session, self.recorder.viewer
        await amend_event(session, viewer, self.row, await self._version(entry), changes)

    async def _amend_question(self, entry: QuestionEntry) -> None:
        session, viewer = self.recorder.session, self.recorder.viewer
        if "merged_into" in self.names:
            await unmerge_questions(session, viewer, self.row, self._reason)
        changes = self._changes(draft_question(entry, self.recorder.resolve))
        if changes:
            version = await self._version(entry)
            await amend_question(session, viewer, self.row, version, QuestionChanges(**changes))

    async def _amend_source(self, entry: SourceEntry) -> None:
        changes = SourceChanges(**self._changes(draft_source(entry, self.recorder.resolve)))
        session, viewer = self.recorder.session, self.recorder.viewer
        await amend_source(session, viewer, self.row, await self._version(entry), changes)

    async def _amend_claim(self, entry: ClaimEntry, standing: ClaimEntry) -> None:
        session, viewer = self.recorder.session, self.recorder.viewer
        if standing.withdrawn is not None:
            await restore_claim(session, viewer, self.row)
        changes = self._changes(draft_claim(entry, self.recorder.resolve))
        if changes:
            await amend_claim(session, viewer, self.row, await self._version(entry), ClaimChanges(**changes))
        if "retracted" in self.names and entry.retracted is not None:
            at, reason, url = entry.retracted.at, entry.retracted.reason, entry.retracted.url
            await retract_claim(session, viewer, self.row, when=at, reason=reason, url=url)

    async def _judge_anew(self, entry: AssessmentEntry, standing: AssessmentEntry) -> UUID:
        if standing.withdrawn is None:
            await self.recorder.withdraw_assessment(standing, self.row, self._reason)
        return await self.recorder.record_assessment(entry)

    def _changes(self, draft: Any) -> dict[str, Any]:
        """The fields that differ and that the draft has, as the service names them."""
        names = {_SERVICE_NAMES.get(name, name) for name in self.names}
        return {f.name: getattr(draft, f.name) for f in fields(draft) if f.name in names}

    async def _version(self, entry: Entry) -> int:
        # Read again: what was done just now counted it up, and nobody else writes meanwhile.
        version: int = (await self.recorder.read_row(entry.section, self.row))["version"]
        return version

    @property
    def _reason(self) -> str:
        return f"Amended by the bundle {self.recorder.bundle}."


def _find_obstacle(name: str, entry: Entry, standing: Entry) -> str | None:
    """Why no service makes this field stand as the entry says; None if one does."""
    if getattr(entry, "withdrawn", None) is not None and getattr(standing, "withdrawn", None) is not None:
        return "it is withdrawn"
    if isinstance(standing, SourceEntry):
        if name == "revises":
            return "a source stays the version that it is"
        if name == "text_sha256" and standing.text_sha256 is not None:
            return "a text stays; give the new one in an entry that revises this one"
    if isinstance(entry, ClaimEntry) and isinstance(standing, ClaimEntry):
        if name == "source":
            return "a claim stays with its source; withdraw it, and give it anew under another key"
        if name == "retracted" and standing.retracted is not None:
            return "a retraction is not taken back"
        if name == "quote" and not entry.quote.placed:
            return "its place in the text is known by now"
    return None


def _is_same(name: str, entry: Entry, standing: Entry, wanted: Any, stands: Any) -> bool:
    """Whether a field says the same in both; what the entry leaves open may stand in any way."""
    if isinstance(entry, ClaimEntry) and isinstance(standing, ClaimEntry):
        if name == "quote":
            return _fits(entry.quote, standing.quote)
        if name == "attribution":
            # Who of several who spoke together is named first says nothing.
            hops = ([replace(hop, agents=()) for hop in claim.attribution] for claim in (entry, standing))
            speakers = ([set(hop.agents) for hop in claim.attribution] for claim in (entry, standing))
            return next(hops) == next(hops) and next(speakers) == next(speakers)
    if name == "merged_into":
        into = [getattr(getattr(one, "merged_into", None), "into", None) for one in (entry, standing)]
        return into[0] == into[1]
    if name == "recorded_by" and wanted is None:
        return True
    return bool(wanted == stands)


def _fits(wanted: QuoteEntry, stands: QuoteEntry) -> bool:
    """Whether all that a quote says of its place is so; what it leaves out is filled in when recorded."""
    parts = ("prefix", "suffix", "start", "end")
    return (wanted.exact, wanted.placed) == (stands.exact, stands.placed) and all(
        getattr(wanted, part) in (None, getattr(stands, part)) for part in parts
    )


def _show(value: Any) -> str:
    """A value in a report, cut where it is long."""
    if value is None:
        return "nothing"
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
