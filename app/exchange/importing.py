"""A bundle into the database: nothing but calls of the services, a batch of entries in each transaction.

With each batch its rows of `imported` are committed, so that whatever interrupts an import loses one batch
at most, and the next run goes on. Two imports take turns, batch by batch, and record nothing twice, be they
of one bundle or of two that have entries in common.
"""

from __future__ import annotations

import time
from collections import ChainMap
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, text

from app.database import Database, WriteSession
from app.domain.identifiers import decode_id, encode_id
from app.domain.vocabulary import Role
from app.errors import BundleInvalid, Duplicate, NotPermitted, SaysoError
from app.exchange.amending import amend, compare, find_late
from app.exchange.bundle import find_file, read_bundle
from app.exchange.entries import (
    AgentEntry,
    AssessmentEntry,
    Bundle,
    ClaimEntry,
    Entry,
    QuestionEntry,
    Section,
    SourceEntry,
    list_references,
)
from app.exchange.identities import (
    EntryName,
    Mark,
    find_own,
    find_own_among,
    find_shared,
    lock_bundle,
    name_of,
    save_marks,
)
from app.exchange.recording import Recorder, goes_together
from app.exchange.report import ImportReport, Outcome, Tally
from app.exchange.spelling import digest
from app.exchange.standing import read_standing
from app.exchange.steps import Act, Plan, Step, plan_steps
from app.models import metadata
from app.permissions import Operation, Viewer, permit
from app.services.corroboration import recomputed_later
from app.services.exposure import Exposure, list_standing

Result = TypeVar("Result")

# Steps of one transaction, at least and at most. The least take about a second, for which other writers wait.
BATCH = 250
MAX_BATCH = 4_000
# Entries that are recorded in the same statements, at most: the texts of their sources are held in memory.
TOGETHER = 500
# Seconds that it records at most, so that others do not give up waiting (SAYSO_LOCK_TIMEOUT_MS, ten seconds).
MAX_RECORDING = 3.0

# An import may wait long for the batch of another one, and rate many claims at the end of its own.
SET_PATIENCE = text(
    "SELECT set_config('lock_timeout', '5min', true), set_config('statement_timeout', '5min', true)"
)

# How many entries are done, of how many.
Progress = Callable[[int, int], None]


async def import_bundle(
    database: Database,
    viewer: Viewer,
    path: Path,
    *,
    update: bool = False,
    on_progress: Progress | None = None,
) -> ImportReport:
    """Record what is new in a bundle: a file, or the bundle.yaml of a folder.

    With `update`, amend what it says otherwise than before.

    Nothing is written of a file that has a fault. An entry whose key is known and that did not change is left
    alone, whatever became of its row since. Can be interrupted at any moment and run again.

    Raises BundleInvalid (every fault of the file; or the first entry that the database refuses: nothing of
    its batch is recorded, and what earlier ones recorded stays), NotPermitted.
    """
    with telling_file(path):
        bundle = read_bundle(path)
        return await record_bundle(database, viewer, bundle, update=update, on_progress=on_progress)


@contextmanager
def telling_file(path: Path) -> Iterator[None]:
    """Faults in the bundle are told with its file."""
    try:
        yield
    except BundleInvalid as problem:
        raise BundleInvalid(problem.problems, file=find_file(path)) from problem


async def record_bundle(
    database: Database,
    viewer: Viewer,
    bundle: Bundle,
    *,
    update: bool = False,
    on_progress: Progress | None = None,
) -> ImportReport:
    """`import_bundle`, for a bundle that was read already."""
    permit(viewer, Operation.RECORD_CLAIM)
    work = _Import(database, viewer, bundle, update=update)
    plan = plan_steps(bundle)
    return await work.run(plan, on_progress or (lambda _done, _total: None))


def size_batch(steps: int, recording: float, deciding: float) -> int:
    """How many steps the next transaction takes, after one of so many steps, given the seconds that took.

    Each transaction decides every question it touches once, whole. As many steps as take as long to record as
    that took: so an import takes about twice as long as recording does, until its questions take longer than
    MAX_RECORDING.

    >>> size_batch(250, recording=1.0, deciding=0.3), size_batch(250, recording=1.0, deciding=2.0)
    (250, 500)
    >>> size_batch(500, recording=2.0, deciding=20.0)
    750
    """
    wanted = steps * min(deciding, MAX_RECORDING) / recording if recording > 0 else 0
    return max(BATCH, min(int(wanted), MAX_BATCH))


class _Draft:
    """What one transaction does, to be believed once it is committed.

    `awaited` are entries whose later steps are due, `unresolved` those that stay otherwise than they say.
    `recording` and `deciding` are the seconds that its steps took, and the questions that they touched,
    `protected` the agents whose names are kept from outsiders by it.
    """

    def __init__(self, marks: Mapping[EntryName, Mark], awaited: set[EntryName], unresolved: set[EntryName]):
        self.marks: ChainMap[EntryName, Mark] = ChainMap({}, dict(marks))
        self.awaited = set(awaited)
        self.unresolved = set(unresolved)
        self.protected: set[UUID] = set()
        self.tally = Tally()
        self.done = 0
        self.recording = self.deciding = 0.0
        self._keys: dict[tuple[Section, UUID], str] | None = None

    @property
    def saved(self) -> dict[EntryName, Mark]:
        """The marks that are new, of rows that are known to be those of the bundle."""
        return {name: mark for name, mark in self.marks.maps[0].items() if mark.sha256 is not None}

    def mark(self, entry: Entry, row: UUID, sha256: str | None) -> None:
        self.marks[name_of(entry)] = Mark(row, sha256)
        if self._keys is not None:
            self._keys.setdefault((entry.section, row), entry.key)

    def resolve(self, section: Section, key: str) -> UUID:
        return self.marks[section, key].row

    def name_row(self, section: Section, row: UUID) -> str:
        """The key that the bundle has for a row, or the row's id."""
        if self._keys is None:
            self._keys = {(one, mark.row): key for (one, key), mark in self.marks.items()}
        return self._keys.get((section, row)) or encode_id(section.node, row)


class _Import:
    """One run of an import."""

    def __init__(self, database: Database, viewer: Viewer, bundle: Bundle, *, update: bool) -> None:
        self._database, self._viewer, self._bundle, self._update = database, viewer, bundle, update
        self._digests = {
            name_of(entry): digest(entry) for section in Section for entry in bundle.entries(section).values()
        }
        self._marks: dict[EntryName, Mark] = {}
        self._shared: dict[EntryName, Mark] = {}
        self._awaited: set[EntryName] = set()
        self._unresolved: set[EntryName] = set()
        self._protected: set[UUID] = set()
        self._tally = Tally()

    async def run(self, plan: Plan, on_progress: Progress) -> ImportReport:
        await self._write(self._look_around)
        known = {name for name, mark in self._marks.items() if mark.sha256 == self._digests[name]}
        for section, _ in known:
            self._tally.count(section, Outcome.UNCHANGED)
        steps = [step for step in plan.steps if name_of(step.entry) not in known]
        await self._check_permissions(steps)
        done, total = len(known), len(self._digests)
        on_progress(done, total)
        start, size = 0, BATCH
        while start < len(steps):
            batch = steps[start : start + size]
            draft = await self._write(partial(self._take_batch, plan, batch))
            start += len(batch)
            size = size_batch(len(batch), draft.recording, draft.deciding)
            self._marks.update(draft.marks.maps[0])
            self._awaited, self._unresolved = draft.awaited, draft.unresolved
            self._protected |= draft.protected
            self._tally.merge(draft.tally)
            done += draft.done
            on_progress(done, total)
        standing = await self._write(self._list_standing) if self._protected else None
        return self._tally.report(self._bundle.name, standing)

    async def _list_standing(self, session: WriteSession) -> Exposure:
        return await list_standing(session, self._viewer, self._protected)

    async def _write(self, work: Callable[[WriteSession], Awaitable[Result]]) -> Result:
        reason = f"Import of the bundle {self._bundle.name}"
        return await self._database.write(self._viewer.researcher, work, reason=reason, patient=True)

    async def _look_around(self, session: WriteSession) -> None:
        """Which entries are here already, by this bundle or by another."""
        own = await find_own(session, self._bundle.name)
        self._marks = {name: mark for name, mark in own.items() if name in self._digests}
        strange = [name for name in self._digests if name not in own]
        self._shared = await find_shared(session, self._bundle.name, strange)

    async def _check_permissions(self, steps: Sequence[Step]) -> None:
        """Refuse at once what would be refused in the middle."""
        if self._update or any(self._needs_editor(step) for step in steps):
            permit(self._viewer, Operation.AMEND_CLAIM)
        names = {s.entry.recorded_by for s in steps if isinstance(s.entry, AssessmentEntry)} - {None}
        if names and not self._viewer.has(Role.ADMIN):
            me = await self._write(self._read_own_name)
            if names - {me}:
                others = ", ".join(sorted(name for name in names - {me} if name is not None))
                raise NotPermitted(f"To record the judgements of others ({others}) needs the role ADMIN.")

    def _needs_editor(self, step: Step) -> bool:
        """Whether a step is more than to record; some of that is done as the entry is recorded."""
        entry = step.entry
        if step.act in (Act.MERGE, Act.ADD_TEXT):
            return True
        if isinstance(entry, SourceEntry) and entry.revises is not None:
            # A revision is of the kind of the version before, until it is amended.
            return self._bundle.sources[entry.revises].kind is not entry.kind
        return isinstance(entry, ClaimEntry) and entry.retracted is not None

    async def _read_own_name(self, session: WriteSession) -> str | None:
        researcher = metadata.tables["researcher"]
        mine = select(researcher.c.name).where(researcher.c.id == self._viewer.researcher)
        name: str | None = await session.scalar(mine)
        return name

    async def _take_batch(self, plan: Plan, batch: Sequence[Step], session: WriteSession) -> _Draft:
        await session.execute(SET_PATIENCE)
        await lock_bundle(session, self._bundle.name)
        names = {name_of(step.entry) for step in batch}
        # Another import of the bundle may have come by since.
        own = await find_own_among(session, self._bundle.name, sorted(names))
        draft = _Draft(self._marks | own, self._awaited, self._unresolved)
        recorder = Recorder(session, self._viewer, self._bundle.name, draft.resolve, plan.late_texts)
        async with recomputed_later(session):
            # And so may one of another bundle that has the same entries; from here on none does.
            strange = [name for name in sorted(names) if name not in draft.marks]
            self._shared |= await find_shared(session, self._bundle.name, strange)
            began = time.monotonic()
            for steps in self._gather(batch, draft):
                await self._take_steps(recorder, steps, draft)
            recorded = time.monotonic()
        draft.recording, draft.deciding = recorded - began, time.monotonic() - recorded
        await save_marks(session, self._bundle.name, draft.saved, self._viewer.researcher)
        return draft

    def _gather(self, batch: Sequence[Step], draft: _Draft) -> Iterator[list[Step]]:
        """The steps in their order, those together that can be done at once."""
        gathered: list[Step] = []
        names: set[EntryName] = set()
        for step in batch:
            entry = step.entry
            joins = self._is_new(step, draft) and goes_together(entry)
            # What is gathered is of one section, and none of it refers to another.
            referred = {(section, key) for _, section, key in list_references(entry)}
            same = bool(names) and entry.section is gathered[0].entry.section
            if gathered and not (joins and same and len(gathered) < TOGETHER and names.isdisjoint(referred)):
                yield gathered
                gathered, names = [], set()
            gathered.append(step)
            if joins:
                names.add(name_of(entry))
        if gathered:
            yield gathered

    def _is_new(self, step: Step, draft: _Draft) -> bool:
        name = name_of(step.entry)
        return step.act is Act.RECORD and name not in draft.marks and name not in self._shared

    async def _take_steps(self, recorder: Recorder, steps: Sequence[Step], draft: _Draft) -> None:
        """One step, or several that record what is new."""
        if self._is_new(steps[0], draft):
            outcomes = await recorder.record([step.entry for step in steps])
            for step, outcome in zip(steps, outcomes, strict=True):
                with _told(step.entry):
                    await self._take_outcome(recorder, step, outcome, draft)
            return
        (step,) = steps
        with _told(step.entry):
            await self._take_step(recorder, step, draft)

    async def _take_step(self, recorder: Recorder, step: Step, draft: _Draft) -> None:
        entry, name = step.entry, name_of(step.entry)
        if step.act is Act.RECORD:
            draft.done += 1
            mark = draft.marks.get(name) or self._shared[name]
            await self._recognize(recorder, step, mark, draft)
            return
        if name not in draft.awaited:
            return
        row = draft.marks[name].row
        if step.act is Act.ADD_TEXT and isinstance(entry, SourceEntry):
            await recorder.add_text(entry, row)
        elif step.act is Act.MERGE and isinstance(entry, AgentEntry | QuestionEntry):
            await recorder.merge(entry, row)
        elif step.act is Act.WITHDRAW and isinstance(entry, ClaimEntry | AssessmentEntry):
            await recorder.withdraw(entry, row)
        if step.last:
            draft.awaited.discard(name)
            if name not in draft.unresolved:
                draft.mark(entry, row, self._digests[name])

    async def _take_outcome(
        self, recorder: Recorder, step: Step, outcome: UUID | SaysoError, draft: _Draft
    ) -> None:
        """What came of recording an entry that is new to the bundle."""
        entry = step.entry
        draft.done += 1
        if isinstance(outcome, SaysoError):
            identity = decode_id(outcome.id) if isinstance(outcome, Duplicate) else None
            if identity is None or identity[0] is not entry.section.node:
                raise outcome
            # It was recorded by hand, or by a bundle that has it under another key.
            await self._recognize(recorder, step, Mark(identity[1], None), draft)
            return
        draft.tally.count(entry.section, Outcome.RECORDED)
        if isinstance(entry, AgentEntry) and entry.protected:
            draft.protected.add(outcome)
        self._settle(step, outcome, draft, awaits=not step.last)

    async def _recognize(self, recorder: Recorder, step: Step, mark: Mark, draft: _Draft) -> None:
        """An entry whose row is here: compare the two, and amend the row if that is asked for."""
        entry, name, row = step.entry, name_of(step.entry), mark.row
        draft.mark(entry, row, mark.sha256)
        if mark.sha256 == self._digests[name]:
            draft.tally.count(entry.section, Outcome.UNCHANGED)
            return
        standing = (await read_standing(recorder.session, entry.section, [row], draft.name_row))[row]
        differences = compare(entry, standing)
        late = find_late(entry, standing, recorder.late_texts)
        due = [difference for difference in differences if difference.field in late]
        rest = [difference for difference in differences if difference.field not in late]
        # What an interrupted run left to be done is done, as it would have been.
        goes_on = self._update or mark.sha256 == ""
        left = rest
        if self._update:
            row, left = await amend(recorder, entry, standing, row, rest)
        left = left if goes_on else left + due
        stays = {difference.field for difference in left}
        amended = (
            [d for d in differences if d.field not in stays] if self._update and mark.sha256 != "" else []
        )
        if amended:
            draft.tally.tell(entry, Outcome.AMENDED, amended)
            if isinstance(entry, AgentEntry) and entry.protected:
                draft.protected.add(row)
        if left:
            # The mark stays as it was, so that the next run tells of it again.
            draft.unresolved.add(name)
            draft.tally.tell(entry, Outcome.CHANGED, left)
            draft.tally.count(entry.section, Outcome.CHANGED)
        elif amended:
            draft.tally.count(entry.section, Outcome.AMENDED)
        else:
            draft.tally.count(entry.section, Outcome.FOUND if mark.sha256 is None else Outcome.UNCHANGED)
        self._settle(step, row, draft, awaits=goes_on and not step.last)

    def _settle(self, step: Step, row: UUID, draft: _Draft, *, awaits: bool) -> None:
        """Keep how far an entry is: whole, or with later steps to come."""
        name = name_of(step.entry)
        if awaits:
            draft.awaited.add(name)
        if name not in draft.unresolved:
            draft.mark(step.entry, row, "" if awaits else self._digests[name])


@contextmanager
def _told(entry: Entry) -> Iterator[None]:
    """What the database refuses, though the file has no fault: it stands against what is there already."""
    try:
        yield
    except NotPermitted:
        raise
    except SaysoError as problem:
        place = f"line {entry.line}: {entry.section} {entry.key}"
        raise BundleInvalid(
            [f"{place}: {problem.message} What earlier batches recorded stays; run it again."]
        ) from problem
