"""GraphQL selection → one SQL statement whose only value is the response's JSON text. No I/O.

In order of control flow (`compile.py` takes the steps):

    selection.py   1. validated document + variables → Selection (fragments, aliases, @skip/@include folded)
    introspection.py  how much is asked about the schema, which no row answers
    variables.py      which values a plan may depend on, and where the others come from when it runs
    terms.py          the words that the catalog and the plan share
    catalog/          what each GraphQL field means in SQL
    plan.py           the plan: frozen dataclasses only
    planner.py     2. Selection + Catalog → Plan; every decision, limit and row filter: the roots
    objects.py        the part of that which concerns objects, their links and lists
    conditions.py     the part of that which concerns filters
    paging.py         the part of that which concerns connections
    rows.py           the row at hand, and what is joined beside it
    columns.py        which columns of a row are taken
    statements.py  3. Plan → statement, for one request or for many that share it
    render.py         its values → SQL expressions + parameters; mechanical, same plan same bytes
    parameters.py     the values of each request, taken and checked
    spelling.py       pieces of JSON text, and how SQL spells them

`compile_read`, `compile_events`, `compile_payload` and `compile_node` run all three. What they give can be
kept and run again with other values: `Statement.bind` takes the variables of each request.
"""

from app.compiler.compile import (
    EXECUTED,
    Events,
    Read,
    Statement,
    compile_events,
    compile_node,
    compile_payload,
    compile_read,
)
from app.compiler.objects import TYPE_MARK
from app.compiler.variables import evaluate, shaper_of

__all__ = [
    "EXECUTED",
    "TYPE_MARK",
    "Events",
    "Read",
    "Statement",
    "compile_events",
    "compile_node",
    "compile_payload",
    "compile_read",
    "evaluate",
    "shaper_of",
]
