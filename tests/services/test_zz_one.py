import random, os
from app.domain.vocabulary import Role
from tests.factories import make_viewer
from tests.services.world import World, _NAMES
from tests.services.reading import read_rows
from app.services.recomputation import recompute_everything
async def test_one(database, connection, viewer):
    rnd=random.Random(int(os.environ.get("SEED","1")))
    w=World(database,[viewer, await make_viewer(database,Role.EDITOR), await make_viewer(database,Role.EDITOR)])
    await w.begin()
    for i in range(60):
        n=rnd.choice(_NAMES); nums=[rnd.randint(0,40) for _ in range(6)]
        ok=await w.take(n,nums)
        d = await recompute_everything(database, check=True)
        if d:
            print(i,n,nums,ok); print([ (x.column,x.stored,x.computed) for x in d])
            c=d[0].row
            print(await read_rows(database,"select id,question,question_root,retracted is not null r,withdrawn_at is not null w from claim"), c)
            print(await read_rows(database,"select claim,evidence_claim,evidence_source,stance,withdrawn_at from assessment"), c)
            break
