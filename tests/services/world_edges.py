"""What is done in a world besides recording and amending claims: protecting, redacting, importing, …"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.identifiers import NodeType
from app.domain.vocabulary import QuestionKind, SourceKind
from app.errors import InvalidInput
from app.exchange.importing import import_bundle
from app.models.roles import WRITER
from app.permissions import Viewer
from app.services import redaction
from app.services.agents import AgentChanges, name_amended
from app.services.exposure import amend_exposed, find_exposure, search_ahead
from app.services.idempotency import do_once
from app.services.recomputation import recompute_everything
from app.services.rows import tried
from app.services.sources import NewSource, record_source
from tests.exchange.bundles import write_bundle
from tests.services.reading import read_rows

if TYPE_CHECKING:
    from tests.services.world import World

IMPORTED = "SELECT table_name, row_id FROM imported WHERE bundle = $1 ORDER BY row_id"
# As the command is that redacts; the session is the owner's behind its role.
AS_OWNER = text("SET LOCAL ROLE NONE")
AS_WRITER = text(f"SET LOCAL ROLE {WRITER}")
COUNTED = ("19", "25", "28", "at least 25", "dozens")

Numbers = Sequence[int]


async def send_again(world: World, viewer: Viewer, n: Numbers) -> None:
    """The same key again and again, for one request or for another."""

    async def work(session: WriteSession) -> dict[str, Any]:
        new = NewSource(kind=SourceKind.POST, title=f"once {n[0] % 3}")
        request = f"{n[0] % 3}"

        async def record() -> dict[str, Any]:
            return {"source": str(await record_source(session, viewer, new))}

        return await do_once(session, viewer, f"key {n[1] % 3}", request, record)

    answer = await world.database.write(viewer.researcher, work)
    world.sources.append(UUID(answer["source"]))


async def protect(world: World, viewer: Viewer, n: Numbers) -> None:
    """As the mutation does: the places are told, and restricted if that is asked for."""
    agent = world.agents[n[0] % len(world.agents)]
    protected = n[1] % 4 > 0
    changes = AgentChanges(protected=protected, pseudonym=f"a clerk {n[2]}")
    version = await world.version("agent", agent)

    async def find_names(session: WriteSession) -> Collection[str]:
        return await name_amended(session, viewer, agent, version, changes)

    searched = await search_ahead(world.database, viewer, None, find_names)

    async def work(session: WriteSession) -> None:
        restrict = n[4] % 2 == 0
        async with tried(session, dry_run=n[3] % 5 == 0):
            exposure = await amend_exposed(
                session, viewer, agent, version, changes, restrict=restrict, searched=searched
            )
            # What was found before others wrote, and what they wrote, is what is found by looking now.
            afresh = await find_exposure(session, viewer, agent)
            assert (exposure is None) == (afresh is None) == (not protected)
            if exposure is not None and afresh is not None:
                assert exposure.total == len(exposure.places), "few enough to be told"
                assert set(exposure.places) == set(afresh.places)

    await world.database.write(viewer.researcher, work)


async def redact(world: World, viewer: Viewer, n: Numbers) -> None:
    """One field of one record, once and for all."""
    del viewer
    kept = {
        NodeType.AGENT: world.agents,
        NodeType.SOURCE: world.sources,
        NodeType.EVENT: world.events,
        NodeType.QUESTION: world.questions,
        NodeType.CLAIM: world.claims,
        NodeType.ASSESSMENT: world.assessments,
    }
    node, keys = [(node, keys) for node, keys in kept.items() if keys][n[0] % sum(map(bool, kept.values()))]
    key, fields = keys[n[1] % len(keys)], tuple(redaction.FIELDS[node])
    admin = world.viewers[0]

    async def work(session: WriteSession) -> None:
        async def erase() -> None:
            await redaction.redact(session, admin, node, key, [fields[n[2] % len(fields)]], "An order")

        await session.execute(AS_OWNER)
        await erase()
        try:
            await erase()
        except InvalidInput:
            await session.execute(AS_WRITER)
        else:
            raise AssertionError("something of it is left")

    await world.database.write(admin.researcher, work)


async def import_again(world: World, viewer: Viewer, n: Numbers) -> None:
    """One of three bundles: new at first, then amended."""
    bundle = n[0] % 3
    sections = {
        "agents": [
            {"key": "state", "kind": "GOVERNMENT", "name": f"State{bundle}"},
            {"key": "office", "kind": "ORGANIZATION", "name": f"Office{bundle}", "part_of": "state"},
        ],
        "questions": [{"key": "dead", "kind": "QUANTITY", "text": "How many died?"}],
        "sources": [
            {"key": "report", "kind": "ARTICLE", "title": f"Report {bundle}", "restricted": n[1] % 2 == 0},
        ],
        "claims": [
            {
                "key": f"claim-{number}",
                "source": "report",
                "question": "dead",
                "statement": f"{number} died.",
                "quote": f"{number} died",
                "quantity": COUNTED[(n[2] + number) % len(COUNTED)],
                "basis": "attributed",
                "attribution": [{"agent": ("state", "office")[(n[3] + number) % 2]}],
            }
            for number in range(1 + n[4] % 3)
        ],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = write_bundle(Path(folder), sections, bundle=f"bundle-{bundle}")
        await import_bundle(world.database, viewer, path, update=True)
    for row in await read_rows(world.database, IMPORTED, f"bundle-{bundle}"):
        kept = {
            "agent": world.agents,
            "question": world.questions,
            "source": world.sources,
            "claim": world.claims,
        }
        key = UUID(row["row_id"])
        if key not in kept[row["table_name"]]:
            kept[row["table_name"]].append(key)
        if row["table_name"] == "question":
            world.kinds[key] = QuestionKind.QUANTITY


async def recompute(world: World, viewer: Viewer, n: Numbers) -> None:
    """Work out again what is right already."""
    assert await recompute_everything(world.database, check=n[0] % 2 == 0) == []
