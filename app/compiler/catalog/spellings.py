"""Near spellings: rows whose name or title is nearly what is looked for.

`strict_word_similarity` of pg_trgm compares the trigrams of the words that were asked for with those of the
stretch of whole words in the name that is most like them: 1 is the same, 0 nothing in common. 0.5 is
Postgres's own threshold for it, at which the index answers: "Solemani" is near Soleimani (0.58), and "Bagdad"
near Baghdad (0.5). Names of agents are near from 0.4: one wrong letter of six leaves no more ("Tehvan"). The
index answers at the threshold that reading connections have for the likeness of any stretch, whole words or
not (database/connections.py); that is never less.
"""

from __future__ import annotations

from typing import NamedTuple

from app.compiler.catalog.holding import WORDS

# Where as many rows hold the words themselves, the spelling is right, and near ones would bury the page.
ENOUGH = 20
LONGEST = 60
# Of a table with more rows the newest names are compared first, if one of the very newest is near. Where
# enough of them are, the index would list far too many: each has to be compared, at some 20 µs. One in a
# hundred leaves a trace in the very newest in 98 of 100 cases, and most words leave none.
LONG, COMPARED, TRIED = 10_000, 2_000, 400

# Figures, addresses and what `websearch_to_tsquery` takes for an operator are meant to the letter; so are
# words too short to be nearly anything. NULL finds nothing, and does not read the index.
_SOUGHT = (
    r"""CASE WHEN {0} !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))'"""
    f" AND char_length({{0}}) <= {LONGEST} AND cardinality(public.show_trgm(public.spelled({{0}}))) > 3"
    " THEN public.spelled({0}) END"
)


class Name(NamedTuple):
    """A type's name or title as its index has it, the rows that may be found by it, and what is near."""

    text: str
    condition: str = "true"
    nearest: float = 0.5
    operator: str = "<<%"


_NAMES = {
    "Agent": Name("public.spelled(r.name || ' ' || public.joined(r.aliases))", "NOT r.protected", 0.4, "<%"),
    "Source": Name("public.spelled(r.title)"),
    "Question": Name("public.spelled(r.text)"),
    "Event": Name("public.spelled(r.title)"),
}


def find_near(type_: str, holding: str, compared: str) -> tuple[str, tuple[str, str]]:
    """The rows of a type that are near and do not hold the words: ranked below 0, and below any that do.

    `holding`: the name of the rows of the type that do. The first query is `compared` to the others.
    """
    table, name = type_.lower(), _NAMES[type_]
    few = f"(SELECT count(*) FROM {holding}) < {ENOUGH}"
    rows = f"(SELECT c.reltuples FROM pg_catalog.pg_class c WHERE c.oid = 'public.{table}'::regclass)"
    near = f"{_SOUGHT} OPERATOR(public.{name.operator}) r.name"
    tried = f"EXISTS (SELECT 1 FROM {_newest(table, name, TRIED)} WHERE {near})"
    # What comes first decides whether the next is asked at all.
    common = f"CASE WHEN {rows} > {LONG} AND {few} THEN {tried} END"
    found = f"(SELECT count(*) FROM {compared})"
    first = _near(table, _newest(table, name, COMPARED), name._replace(text="r.name", condition=common))
    others = f"{name.condition} AND {few} AND {found} < {ENOUGH}"
    of_all = _near(table, f"{table} r", name._replace(condition=others))
    return first, (f"SELECT * FROM {compared} WHERE {found} >= {ENOUGH}", of_all)


def _newest(table: str, name: Name, count: int) -> str:
    newest = f"FROM {table} r WHERE {name.condition} ORDER BY r.id DESC LIMIT {count}"
    return f"(SELECT r.id, r.words, {name.text} AS name {newest}) r"


def _near(table: str, rows: str, name: Name) -> str:
    likeness = f"public.strict_word_similarity(q.name, {name.text})"
    return (
        f"SELECT '{table}' AS type, r.id, ({likeness} - 2)::real AS rank"
        f" FROM {rows}, (SELECT {WORDS} AS words, {_SOUGHT} AS name) q"
        f" WHERE q.name OPERATOR(public.{name.operator}) {name.text} AND {name.condition}"
        f" AND {likeness} >= {name.nearest} AND NOT r.words @@ q.words"
    )
