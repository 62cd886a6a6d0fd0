"""What happened, where and when."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.database import WriteSession
from app.domain.identifiers import NodeType
from app.permissions import Operation, Viewer, permit
from app.services.inputs import MAX_LINE, MAX_NOTE, MAX_TITLE, UNSET, Problems, Unset
from app.services.locks import lock_structure_shared
from app.services.protection import EVENT_WORDS, read_words, refuse_names
from app.services.rows import apply_changes, check_version, insert_row, lock_row, update_row


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """`ends_on` is the last day. Degrees are north of the equator and east of Greenwich."""

    title: str
    description: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChanges:
    title: str | Unset = UNSET
    description: str | Unset | None = UNSET
    starts_on: date | Unset | None = UNSET
    ends_on: date | Unset | None = UNSET
    place: str | Unset | None = UNSET
    latitude: float | Unset | None = UNSET
    longitude: float | Unset | None = UNSET


async def record_event(session: WriteSession, viewer: Viewer, new: NewEvent) -> UUID:
    """The key of the new event. Raises InvalidInput, NotPermitted, ProtectedName."""
    permit(viewer, Operation.RECORD_EVENT)
    values = asdict(new)
    check_event(values)
    await lock_structure_shared(session)
    await refuse_names(session, read_words(values, EVENT_WORDS))
    key = await insert_row(session, NodeType.EVENT, {**values, "recorded_by": viewer.researcher})
    assert key is not None, "no unique index stands on events"
    return key


async def amend_event(
    session: WriteSession, viewer: Viewer, event: UUID, expected_version: int, changes: EventChanges
) -> None:
    """Raises InvalidInput, NotFound, NotPermitted, ProtectedName, StaleVersion."""
    permit(viewer, Operation.AMEND_EVENT)
    await lock_structure_shared(session)
    row = await lock_row(session, NodeType.EVENT, event)
    check_version(NodeType.EVENT, row, expected_version)
    changed = apply_changes(row, asdict(changes))
    check_event({**row, **changed})
    await refuse_names(session, read_words(changed, EVENT_WORDS))
    if changed:
        await update_row(session, NodeType.EVENT, row, changed)


def check_event(event: dict[str, Any]) -> None:
    """Raise InvalidInput for all that is wrong with its fields."""
    problems = Problems()
    problems.check_text(event["title"], "title", max_length=MAX_TITLE, required=True)
    problems.check_text(event["description"], "description", max_length=MAX_NOTE, blank=True)
    problems.check_text(event["place"], "place", max_length=MAX_LINE)
    starts_on, ends_on = event["starts_on"], event["ends_on"]
    problems.check_year(starts_on, "startsOn")
    problems.check_year(ends_on, "endsOn")
    if ends_on is not None and starts_on is not None and ends_on < starts_on:
        problems.add("endsOn", message="is before startsOn")
    # Not a number is in no range either.
    for name, limit in (("latitude", 90), ("longitude", 180)):
        if event[name] is not None and not -limit <= event[name] <= limit:
            problems.add(name, message=f"is not from -{limit} to {limit}")
    if (event["latitude"] is None) != (event["longitude"] is None):
        lacking = "latitude" if event["latitude"] is None else "longitude"
        problems.add(lacking, message="is required: one coordinate names no place")
    problems.raise_any()
