"""A recorded world to read from: every table, every nullable column both ways, every term of every list.

    keys.py         names of rows → their keys and ids, the same in every run
    people.py       researchers and agents: parts, merged ones, a protected one, names in many scripts
    sources.py      sources: revised, reprinted, restricted, without a publisher, moments of every precision
    questions.py    events and questions: dated or not, merged twice over
    claims.py       claims and their attribution, written out one by one
    assessments.py  judgements that agree, differ and were withdrawn
    crowd.py        many more rows of each kind, drawn from a seed, so that pages are full
    derived.py      what services derive: parties, publishers, chains; and figures of corroboration
    insertion.py    all of it into a database, then amendments, so that there is a history

Figures of corroboration are arbitrary: what reads a database takes them as they stand.
"""

from tests.compiler.records.insertion import describe_world, record_world
from tests.compiler.records.keys import id_of, key_of
from tests.compiler.records.people import viewer_of

__all__ = ["describe_world", "id_of", "key_of", "record_world", "viewer_of"]
