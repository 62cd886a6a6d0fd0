"""What each GraphQL field means in SQL. Declarations only; a test holds them equal to schema.graphql.

meanings.py   the kinds of meaning: a leaf, a part, a link, a collection, groups, a paged list
fields.py     how fields are declared in few words
types.py      every object type and its fields
corroboration.py  those of a corroboration, and of a comparison
filters.py    every condition of every filter
orders.py     what lists can be ordered by
holding.py    the rows that hold the words of a search
spellings.py  the rows that are near them
root.py       the fields of Query
past.py       claims as of a moment
feeds.py      the fields of Subscription
"""

from app.compiler.catalog.feeds import FEEDS, Feed
from app.compiler.catalog.filters import FILTERS
from app.compiler.catalog.meanings import (
    Collection,
    Flag,
    Grouped,
    Joined,
    Leaf,
    Link,
    Meaning,
    Members,
    Narrowing,
    Paged,
    Part,
    Variants,
)
from app.compiler.catalog.past import PAST_CLAIM, PAST_CLAIMS, PAST_CONDITIONS, PAST_TYPES
from app.compiler.catalog.root import (
    ACCESS,
    ACCESS_CONTEXT,
    CHANGES,
    KNOWN_JOIN,
    KNOWN_SOURCE,
    NODE_SOURCES,
    ROOT,
    SEARCH,
    SINGLE,
    STANDING_SOURCE,
)
from app.compiler.catalog.types import TYPES

__all__ = [
    "ACCESS",
    "ACCESS_CONTEXT",
    "CHANGES",
    "FEEDS",
    "FILTERS",
    "KNOWN_JOIN",
    "KNOWN_SOURCE",
    "NODE_SOURCES",
    "PAST_CLAIM",
    "PAST_CLAIMS",
    "PAST_CONDITIONS",
    "PAST_TYPES",
    "ROOT",
    "SEARCH",
    "SINGLE",
    "STANDING_SOURCE",
    "TYPES",
    "Collection",
    "Feed",
    "Flag",
    "Grouped",
    "Joined",
    "Leaf",
    "Link",
    "Meaning",
    "Members",
    "Narrowing",
    "Paged",
    "Part",
    "Variants",
]
