"""The read surface once more, as plainly as it can be said: graphql-core's own executor over rows in memory.

It shares no code with the compiler and knows no SQL beyond loading tables. Where the two disagree, one is
wrong. From a query to its answer:

    oracle.py         parse, validate, refuse or execute
    schema.py         schema.graphql with the scalars' rules
    refusals.py       what is refused before anything is read
    query.py          the root: nodes by id, lists, search
    nodes.py          agents, sources, events, questions, claims, assessments
    corroboration.py  what stands for and against a claim, and since when
    parts.py          quotes, quantities, moments, hops, revisions
    filters.py        what each condition means
    connections.py    orders, pages, totals
    cursors.py        what a cursor says
    reader.py         what every resolver may look at
    words.py          which rows hold which words: Postgres's own rule, so Postgres is asked
    outside.py        what of it outsiders see
    rows.py           every table of a database, as dataclasses
"""

from tests.compiler.plain.oracle import Answer, Oracle

__all__ = ["Answer", "Oracle"]
