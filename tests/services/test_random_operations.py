"""Whatever researchers do, in whatever order: what is derived is what a recomputation from nothing gives."""

from __future__ import annotations

from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import Database
from app.domain.corroboration import list_evidence
from app.domain.vocabulary import Role
from app.permissions import NOBODY, Operation, Viewer
from app.services.recomputation import recompute_everything
from app.services.records import load_record
from tests.compiler.plain.rows import Rows
from tests.conftest import driver_of
from tests.factories import make_agent, make_claim, make_question, make_source, make_viewer
from tests.services.campaign import compare
from tests.services.reading import read_rows
from tests.services.world import DAYS, QUANTITIES, STEPS, Step, World, steps

# Each example is rolled back to where the test began, so that the fixtures serve all of them.
_default = settings.default
assert _default is not None
many = settings(
    max_examples=_default.max_examples // 3,
    suppress_health_check=list(HealthCheck),
    phases=set(Phase) - {Phase.explain},
)


async def make_world(database: Database, viewer: Viewer, story: list[Step]) -> World:
    others = [await make_viewer(database, Role.EDITOR) for _ in range(2)]
    world = World(database, [viewer, *others])
    await world.begin()
    for name, numbers in story:
        await world.take(name, numbers)
    return world


@many
@given(story=steps)
async def test_a_recomputation_finds_no_difference(
    database: Database, connection: AsyncConnection, viewer: Viewer, story: list[Step]
) -> None:
    async with connection.begin_nested() as start:
        await make_world(database, viewer, story)
        assert await recompute_everything(database, check=True) == []
        await start.rollback()


def test_whatever_can_be_done_is_among_the_steps() -> None:
    """But for accounts, which decide no status."""
    others = {Operation.READ}
    others |= {o for o in Operation if o.value.endswith(("Token", "Role", "Researcher", "Identity"))}
    steps = {name.split("_")[0] + "".join(map(str.title, name.split("_")[1:])) for name in STEPS}
    assert steps >= {operation.value for operation in set(Operation) - others}


@many
@given(story=steps)
async def test_what_stands_is_what_the_text_of_the_rule_says(
    database: Database, connection: AsyncConnection, viewer: Viewer, story: list[Step]
) -> None:
    """Nothing of the services, of what they load or of app/domain decides what is expected here."""
    async with connection.begin_nested() as start:
        await make_world(database, viewer, story)
        rows = await Rows.load_within(await driver_of(connection))
        assert compare(rows) == []
        await start.rollback()


UNITS = "SELECT DISTINCT coalesce(question_root, id) AS unit FROM claim"


async def read_evidence(database: Database, claim: UUID) -> set[tuple[str | None, ...]]:
    rows = await read_rows(database, "SELECT * FROM evidence WHERE claim = $1", claim)
    found: set[tuple[str | None, ...]] = {
        (r["side"], r["basis"], r["evidence_claim"], r["evidence_source"]) for r in rows
    }
    assert len(found) == len(rows), "nothing stands twice"
    return found


@many
@given(story=steps)
async def test_the_view_of_evidence_is_the_rules_own_list(
    database: Database, connection: AsyncConnection, viewer: Viewer, story: list[Step]
) -> None:
    async with connection.begin_nested() as start:
        world = await make_world(database, viewer, story)
        units = [UUID(row["unit"]) for row in await read_rows(database, UNITS)]
        record, targets = await database.write(NOBODY, lambda session: load_record(session, units))
        assert targets == set(world.claims)
        for claim in world.claims:
            by_rule = {
                (
                    item.side.value,
                    item.basis.value,
                    None if item.claim is None else str(item.claim),
                    None if item.source is None else str(item.source),
                )
                for item in list_evidence(record, claim)
            }
            assert await read_evidence(database, claim) == by_rule
        await start.rollback()


sayings = st.lists(
    st.tuples(st.sampled_from(QUANTITIES), st.integers(0, 4), st.integers(0, 2), st.sampled_from(DAYS)),
    min_size=2,
    max_size=7,
)


@many
@given(said=sayings, data=st.data())
async def test_the_order_of_recording_never_changes_a_status(
    database: Database,
    connection: AsyncConnection,
    viewer: Viewer,
    said: list[tuple[str, int, int, str | None]],
    data: st.DataObject,
) -> None:
    orders = [list(range(len(said))), data.draw(st.permutations(range(len(said))))]
    results = []
    async with connection.begin_nested() as start:
        owner = await make_agent(database, viewer)
        agents = [owner, await make_agent(database, viewer), await make_agent(database, viewer)]
        agents += [await make_agent(database, viewer, part_of=owner) for _ in range(2)]
        sources = [await make_source(database, viewer, publisher=agents[n]) for n in (0, 1)]
        sources.append(await make_source(database, viewer))
        for order in orders:
            async with connection.begin_nested() as attempt:
                question = await make_question(database, viewer)
                claims = {}
                for place in order:
                    words, agent, source, day = said[place]
                    claims[place] = await make_claim(
                        database,
                        viewer,
                        question=question,
                        quantity=words,
                        said_by=[agents[agent]],
                        source=sources[source],
                        asserted=day,
                    )
                rows = await read_rows(database, "SELECT * FROM corroboration")
                by_claim = {row.pop("claim"): row for row in rows}
                results.append([by_claim[str(claims[place])] for place in range(len(said))])
                await attempt.rollback()
        await start.rollback()
    assert results[0] == results[1]
