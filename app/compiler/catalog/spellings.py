"""Near spellings: rows whose name or title is nearly what is looked for.

`strict_word_similarity` of pg_trgm compares the trigrams of the words that were asked for with those of the
stretch of whole words in the name that is most like them: 1 is the same, 0 nothing in common. 0.5 is
Postgres's own threshold for it, at which the index answers: "Solemani" is near Soleimani (0.58), and "Bagdad"
near Baghdad (0.5).
"""

from __future__ import annotations

from app.compiler.catalog.filters import WORDS

NEAREST = 0.5
# A search ranks this many rows of a type that hold the words, the newest. Those of a common word are found
# from the end of the list, those of a rare one in the index, as Postgres estimates: the same rows either way.
MOST_RANKED = 1_000
# Where as many rows hold the words themselves, the spelling is right, and near ones would bury the page.
ENOUGH = 20
LONGEST = 60

# Figures, addresses and what `websearch_to_tsquery` takes for an operator are meant to the letter; so are
# words too short to be nearly anything. NULL finds nothing, and does not read the index.
_SOUGHT = (
    r"""CASE WHEN {0} !~ '[0-9"/@:]|(^|\s)(-|[oO][rR](\s|$))'"""
    f" AND char_length({{0}}) <= {LONGEST} AND cardinality(public.show_trgm(public.unaccent({{0}}))) > 3"
    " THEN public.unaccent({0}) END"
)

# type → its name or title, as its index has it, and the rows that may be found so
_NAMES = {
    "Agent": ("public.spelled(r.name || ' ' || public.joined(r.aliases))", "NOT r.protected"),
    "Source": ("public.spelled(r.title)", "true"),
    "Question": ("public.spelled(r.text)", "true"),
    "Event": ("public.spelled(r.title)", "true"),
}


def newest_holding(table: str, condition: str = "true") -> str:
    """The rows of a table that hold the words. These stand in the condition itself, to be estimated."""
    return (
        f"SELECT r.id, r.words FROM {table} r WHERE r.words @@ {WORDS} AND {condition}"
        f" ORDER BY r.id DESC LIMIT {MOST_RANKED}"
    )


def find_near(type_: str) -> str:
    """The rows of a type that are near and do not hold the words: ranked below 0, and below any that do."""
    table = type_.lower()
    name, condition = _NAMES[type_]
    # No LIMIT of ENOUGH: to stop so early, a plan for any words would read the table instead of the index.
    holding = f"SELECT count(*) FROM ({newest_holding(table)}) h"
    return (
        f"SELECT '{table}' AS type, r.id, (public.strict_word_similarity(q.name, {name}) - 2)::real AS rank"
        f" FROM {table} r, (SELECT {WORDS} AS words, {_SOUGHT} AS name) q"
        f" WHERE q.name OPERATOR(public.<<%) {name} AND {condition}"
        f" AND public.strict_word_similarity(q.name, {name}) >= {NEAREST} AND NOT r.words @@ q.words"
        f" AND ({holding}) < {ENOUGH}"
    )
