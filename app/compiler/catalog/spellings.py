"""Near spellings: rows whose name or title is nearly what is looked for.

`strict_word_similarity` of pg_trgm compares the trigrams of the words that were asked for with those of the
stretch of whole words in the name that is most like them: 1 is the same, 0 nothing in common. 0.5 is
Postgres's own threshold for it, at which the index answers: "Solemani" is near Soleimani (0.58), and "Bagdad"
near Baghdad (0.5).
"""

from __future__ import annotations

from app.compiler.catalog.holding import WORDS

NEAREST = 0.5
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

# type → its name or title, as its index has it, and the rows that may be found so
_NAMES = {
    "Agent": ("public.spelled(r.name || ' ' || public.joined(r.aliases))", "NOT r.protected"),
    "Source": ("public.spelled(r.title)", "true"),
    "Question": ("public.spelled(r.text)", "true"),
    "Event": ("public.spelled(r.title)", "true"),
}


def find_near(type_: str, holding: str) -> str:
    """The rows of a type that are near and do not hold the words: ranked below 0, and below any that do.

    `holding`: the rows of the type that do, as a FROM item.
    """
    table = type_.lower()
    name, condition = _NAMES[type_]
    few = f"(SELECT count(*) FROM {holding}) < {ENOUGH}"
    rows = f"(SELECT c.reltuples FROM pg_catalog.pg_class c WHERE c.oid = 'public.{table}'::regclass)"
    tried = f"EXISTS (SELECT 1 FROM {_newest(type_, TRIED)} WHERE {_SOUGHT} OPERATOR(public.<<%) r.name)"
    # What comes first decides whether the next is asked at all.
    common = f"CASE WHEN {rows} > {LONG} AND {few} THEN {tried} END"
    found = "(SELECT count(*) FROM compared)"
    return (
        f"(WITH compared AS ({_near(table, _newest(type_, COMPARED), 'r.name', common)})"
        f" SELECT * FROM compared WHERE {found} >= {ENOUGH}"
        f" UNION ALL {_near(table, f'{table} r', name, f'{condition} AND {few} AND {found} < {ENOUGH}')})"
    )


def _newest(type_: str, count: int) -> str:
    name, condition = _NAMES[type_]
    newest = f"FROM {type_.lower()} r WHERE {condition} ORDER BY r.id DESC LIMIT {count}"
    return f"(SELECT r.id, r.words, {name} AS name {newest}) r"


def _near(table: str, rows: str, name: str, condition: str) -> str:
    return (
        f"SELECT '{table}' AS type, r.id, (public.strict_word_similarity(q.name, {name}) - 2)::real AS rank"
        f" FROM {rows}, (SELECT {WORDS} AS words, {_SOUGHT} AS name) q"
        f" WHERE q.name OPERATOR(public.<<%) {name} AND {condition}"
        f" AND public.strict_word_similarity(q.name, {name}) >= {NEAREST} AND NOT r.words @@ q.words"
    )
