import random, collections, os
from app.domain.vocabulary import Role
from tests.factories import make_viewer
from tests.services.world import World, STEPS, _NAMES
from tests.services.reading import read_rows
from app.services.recomputation import recompute_everything
from app.services.records import load_record
from app.services.researchers import NOBODY
from app.domain.corroboration import list_evidence
from uuid import UUID

async def test_campaign(database, connection, viewer):
    tally=collections.Counter(); refused=collections.Counter(); statuses=collections.Counter()
    bad=0
    for seed in range(int(os.environ.get("SEEDS","20"))):
        rnd=random.Random(seed)
        async with connection.begin_nested() as start:
            w=World(database,[viewer, await make_viewer(database,Role.EDITOR), await make_viewer(database,Role.EDITOR)])
            await w.begin()
            for i in range(int(os.environ.get("STEPS","60"))):
                n=rnd.choice(_NAMES)
                (tally if await w.take(n,[rnd.randint(0,40) for _ in range(6)]) else refused)[n]+=1
            d = await recompute_everything(database, check=True)
            if d: bad+=1; print(seed,d[:3])
            units=[UUID(r["unit"]) for r in await read_rows(database,"SELECT DISTINCT coalesce(question_root, id) AS unit FROM claim")]
            record,_=await database.write(NOBODY, lambda s: load_record(s,units))
            for c in w.claims:
                by={(i.side.value,i.basis.value,i.claim and str(i.claim),i.source and str(i.source)) for i in list_evidence(record,c)}
                rows={(r["side"],r["basis"],r["evidence_claim"],r["evidence_source"]) for r in await read_rows(database,"SELECT * FROM evidence WHERE claim=$1",c)}
                assert by==rows
            for r in await read_rows(database,"select status from corroboration"): statuses[r["status"]]+=1
            await start.rollback()
    print(dict(tally)); print(dict(refused)); print(statuses); print("BAD",bad)
    assert not bad
