"""The rows that hold the words of a search: the newest, found without reading all that ever held them.

Of very many claims the newest are asked first. If too few of them hold the words, so many of those before
them are asked as are likely to make up for it, and only then all. What is found in the newest is what is
ranked, so that the cost does not depend on how much stands before them. docs/decisions/0023.
"""

from __future__ import annotations

# As those of a filter (filters.py), but by a function that Postgres works out once, when it plans a search
# for these very words, and not for each row: `unaccent` took half of a walk.
WORDS = "websearch_to_tsquery('simple', public.spelled({0}))"
# A search ranks this many rows of a type that hold the words, the newest. Those of a common word are found
# from the end of the list, those of a rare one in the index, as Postgres estimates: the same rows either way.
MOST_RANKED = 1_000
# Among about so many of the newest claims are so many enough: a page.
NEWEST, ENOUGH_NEWEST = 1_000_000, 20
# Of fewer than this it cannot be told how far back a page reaches: all are asked.
FEWEST = 5
# Words that so many of these newest claims hold are common: sooner found from the end of the list than among
# the stretches, where all that hold them are read. They cost the same at about one in a hundred.
TRIED, COMMON = 300, 3


def newest_holding(table: str, condition: str = "true") -> str:
    """The rows of a table that hold the words. These stand in the condition itself, to be estimated."""
    return (
        f"SELECT r.id, r.words FROM {table} r WHERE r.words @@ {WORDS} AND {condition}"
        f" ORDER BY r.id DESC LIMIT {MOST_RANKED}"
    )


def newest_claims() -> tuple[dict[str, str], tuple[str, str, str]]:
    """The claims that hold the words, from the newest if there are enough of them in these.

    Queries by name, and three FROM items made of them: the rows of all three. What comes before any row is
    read decides whether any is: no part costs anything where it is not asked. Stretches are NULL where claims
    are few.
    """
    shown = "r.withdrawn_at IS NULL"
    tried = f"SELECT r.words FROM claim r WHERE {shown} ORDER BY r.id DESC LIMIT {TRIED}"
    newest = "(SELECT s.newest FROM {t}_stretches s)"
    among, before = "(SELECT count(*) FROM {t}_among)", "(SELECT count(*) FROM {t}_before)"
    rare = f"(SELECT count(*) FROM ({tried}) n WHERE n.words @@ {WORDS}) < {COMMON}"
    in_newest = f"CASE WHEN {newest} IS NOT NULL THEN {rare} END AND {staying_among(asked(newest))}"
    # So many that if they hold the words as often as the newest, they are too few in one case of fifty.
    missing = f"({ENOUGH_NEWEST} - {among})"
    wanted = stretches_before("s.newest", f"({missing} + 2 * sqrt({missing}) + 1) / {among}")
    few = f"{among} BETWEEN {FEWEST} AND {ENOUGH_NEWEST - 1}"
    further = "(SELECT f.stretches FROM {t}_further f)"
    in_further = f"{further} IS NOT NULL AND {staying_among(further)}"
    enough = f"{among} + {before} >= {ENOUGH_NEWEST}"
    parts = {
        "stretches": f"SELECT public.newest_stretches({NEWEST}) AS newest",
        "among": newest_holding("claim", f"{shown} AND {in_newest}"),
        "further": f"SELECT {asked(wanted)} AS stretches FROM {{t}}_stretches s WHERE {few}",
        "before": newest_holding("claim", f"{shown} AND {in_further}"),
    }
    return parts, (
        f"(SELECT * FROM {{t}}_among WHERE {enough})",
        f"(SELECT * FROM {{t}}_before WHERE {enough})",
        f"({newest_holding('claim', f'{shown} AND NOT {enough}')})",
    )


def asked(stretches: str) -> str:
    """Stretches as the index has them for the words: those of the rows that hold the figure among them."""
    return f"public.stretches_asked({stretches}, {WORDS})"


def staying_among(stretches: str) -> str:
    """The condition that a row was recorded in one of these stretches (models/stretches.py)."""
    return f"public.stretches_of(r.recorded_at, r.words) && {stretches}"


def stretches_before(stretches: str, times: str) -> str:
    """Those before some newest stretches, so many times as these hold; the first of these is yet to come."""
    last = f"{stretches}[cardinality({stretches})]"
    count = f"greatest(1, round((cardinality({stretches}) - 1) * ({times})))::integer"
    return f"ARRAY(SELECT {last} - 3 * n FROM generate_series(1, {count}) n)"
