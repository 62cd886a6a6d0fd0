"""One entry, recorded through the services, and what is done to its row afterwards.

Nothing here decides anything: whatever a service refuses is refused.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select

from app.database import WriteSession
from app.domain.vocabulary import Role
from app.errors import NotPermitted, SaysoError
from app.exchange.drafts import (
    Resolve,
    draft_agent,
    draft_assessment,
    draft_claim,
    draft_event,
    draft_question,
    draft_revision,
    draft_source,
)
from app.exchange.entries import (
    AgentEntry,
    AssessmentEntry,
    ClaimEntry,
    Entry,
    EventEntry,
    Merge,
    QuestionEntry,
    Section,
    SourceEntry,
)
from app.models import metadata
from app.permissions import Viewer
from app.services.agents import AgentChanges, amend_agent, record_agent
from app.services.assessments import record_assessment, withdraw_assessment
from app.services.claims import record_claims
from app.services.events import record_event
from app.services.merges import merge_agents, merge_questions
from app.services.questions import record_question
from app.services.researchers import NAME_ACTOR, ensure_researcher
from app.services.sources import SourceChanges, amend_source, record_sources, revise_source
from app.services.withdrawals import retract_claim, withdraw_claim


def goes_together(entry: Entry) -> bool:
    """Whether an entry can be recorded together with others of its section that it does not refer to."""
    return isinstance(entry, ClaimEntry) or (isinstance(entry, SourceEntry) and entry.revises is None)


class Recorder:
    """Records the entries of one bundle in one transaction, on behalf of whoever imports it.

    `late_texts` are the keys of sources that are recorded without their text at first.
    """

    def __init__(
        self,
        session: WriteSession,
        viewer: Viewer,
        bundle: str,
        resolve: Resolve,
        late_texts: Collection[str],
    ) -> None:
        self.session = session
        self.viewer = viewer
        self.bundle = bundle
        self.resolve = resolve
        self.late_texts = late_texts
        self._researchers: dict[str, Viewer] = {}

    async def record(self, entries: Sequence[Entry]) -> list[UUID | SaysoError]:
        """The key of the new row of each entry, or why the service of its section refuses it.

        Several that go together (`goes_together`), or one. Raises NotPermitted.
        """
        if all(isinstance(entry, SourceEntry) and goes_together(entry) for entry in entries):
            return await self._record_sources([entry for entry in entries if isinstance(entry, SourceEntry)])
        if all(isinstance(entry, ClaimEntry) for entry in entries):
            return await self._record_claims([entry for entry in entries if isinstance(entry, ClaimEntry)])
        (entry,) = entries
        try:
            return [await self._record(entry)]
        except NotPermitted:
            raise
        except SaysoError as problem:
            return [problem]

    async def _record(self, entry: Entry) -> UUID:
        if isinstance(entry, AgentEntry):
            return await self._record_agent(entry)
        if isinstance(entry, EventEntry):
            return await record_event(self.session, self.viewer, draft_event(entry))
        if isinstance(entry, QuestionEntry):
            return await record_question(self.session, self.viewer, draft_question(entry, self.resolve))
        if isinstance(entry, SourceEntry):
            return await self._record_revision(entry)
        assert isinstance(entry, AssessmentEntry), "claims are recorded together"
        return await self.record_assessment(entry)

    async def add_text(self, entry: SourceEntry, row: UUID) -> None:
        """Give a source its text, and the URL that it could not have before without the text."""
        standing = await self.read_row(Section.SOURCES, row)
        if standing["text_sha256"] is None:
            assert entry.text is not None, "only what has a text gets it later"
            changes = SourceChanges(text=entry.text, url=entry.url)
            await amend_source(self.session, self.viewer, row, standing["version"], changes)

    async def merge(self, entry: AgentEntry | QuestionEntry, row: UUID) -> None:
        """Merge a row as the entry says; give a merged agent the Wikidata id that its target may have too."""
        assert entry.merged_into is not None, "only what is merged has a step for it"
        into, reason = self.resolve(entry.section, entry.merged_into.into), self._word(entry.merged_into)
        standing = await self.read_row(entry.section, row)
        if standing["merged_into"] is None:
            merge = merge_agents if isinstance(entry, AgentEntry) else merge_questions
            await merge(self.session, self.viewer, row, into, reason)
        if isinstance(entry, AgentEntry) and entry.wikidata_id != standing["wikidata_id"]:
            standing = await self.read_row(entry.section, row)
            changes = AgentChanges(wikidata_id=entry.wikidata_id)
            await amend_agent(self.session, self.viewer, row, standing["version"], changes)

    async def withdraw(self, entry: ClaimEntry | AssessmentEntry, row: UUID) -> None:
        assert entry.withdrawn is not None, "only what is withdrawn has a step for it"
        standing = await self.read_row(entry.section, row)
        if standing["withdrawn_at"] is not None:
            return
        if isinstance(entry, ClaimEntry):
            await withdraw_claim(self.session, self.viewer, row, entry.withdrawn)
        else:
            await self.withdraw_assessment(entry, row, entry.withdrawn)

    async def record_assessment(self, entry: AssessmentEntry) -> UUID:
        """Record a judgement in the name of the researcher whose it is."""
        async with self._acting_for(entry) as researcher:
            draft = draft_assessment(entry, self.resolve)
            return await record_assessment(self.session, researcher, draft)

    async def withdraw_assessment(self, entry: AssessmentEntry, row: UUID, reason: str) -> None:
        async with self._acting_for(entry) as researcher:
            await withdraw_assessment(self.session, researcher, row, reason)

    async def read_row(self, section: Section, row: UUID) -> RowMapping:
        """The columns of a row that say how far it is, and its version."""
        table = metadata.tables[section.table]
        names = ("version", "kind", "text_sha256", "wikidata_id", "merged_into", "withdrawn_at")
        columns = [table.c[name] for name in names if name in table.c]
        found = await self.session.execute(select(*columns).where(table.c.id == row))
        return found.mappings().one()

    @asynccontextmanager
    async def _acting_for(self, entry: AssessmentEntry) -> AsyncIterator[Viewer]:
        """The block is the doing of whoever judged, as the log says, with the rights of the importer."""
        if entry.recorded_by is None:
            yield self.viewer
            return
        if entry.recorded_by not in self._researchers:
            known = await ensure_researcher(self.session, entry.recorded_by, Role.RESEARCHER)
            self._researchers[entry.recorded_by] = replace(known, role=self.viewer.role)
        researcher = self._researchers[entry.recorded_by]
        await self._name_actor(researcher)
        try:
            yield researcher
        except SaysoError:
            await self._name_actor(self.viewer)
            raise
        await self._name_actor(self.viewer)

    async def _name_actor(self, viewer: Viewer) -> None:
        await self.session.execute(NAME_ACTOR, {"actor": str(viewer.researcher)})

    async def _record_agent(self, entry: AgentEntry) -> UUID:
        draft = draft_agent(entry, self.resolve)
        if entry.merged_into is not None:
            # Until it is merged, the id may be that of the one it will stand for.
            draft = replace(draft, wikidata_id=None)
        return await record_agent(self.session, self.viewer, draft)

    async def _record_sources(self, entries: Sequence[SourceEntry]) -> list[UUID | SaysoError]:
        drafts = [replace(draft_source(entry, self.resolve), **self._leave_out(entry)) for entry in entries]
        return await record_sources(self.session, self.viewer, drafts)

    async def _record_revision(self, entry: SourceEntry) -> UUID:
        assert entry.revises is not None, "other sources are recorded together"
        revision = replace(draft_revision(entry), **self._leave_out(entry))
        revised = self.resolve(Section.SOURCES, entry.revises)
        row = await revise_source(self.session, self.viewer, revised, revision)
        standing = await self.read_row(Section.SOURCES, row)
        if standing["kind"] != entry.kind:
            changes = SourceChanges(kind=entry.kind)
            await amend_source(self.session, self.viewer, row, standing["version"], changes)
        return row

    def _leave_out(self, entry: SourceEntry) -> dict[str, Any]:
        # A citation of the URL may be there too; two without a text could not be told apart.
        return {"text": None, "url": None} if entry.key in self.late_texts else {}

    async def _record_claims(self, entries: Sequence[ClaimEntry]) -> list[UUID | SaysoError]:
        drafts = [draft_claim(entry, self.resolve) for entry in entries]
        outcomes = await record_claims(self.session, self.viewer, drafts)
        for place, (entry, row) in enumerate(zip(entries, outcomes, strict=True)):
            if entry.retracted is None or isinstance(row, SaysoError):
                continue
            try:
                await retract_claim(
                    self.session,
                    self.viewer,
                    row,
                    when=entry.retracted.at,
                    reason=entry.retracted.reason,
                    url=entry.retracted.url,
                )
            except NotPermitted:
                raise
            except SaysoError as problem:
                outcomes[place] = problem
        return outcomes

    def _word(self, merge: Merge) -> str:
        return merge.reason or f"Merged in the bundle {self.bundle}."
