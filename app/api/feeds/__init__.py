"""What happens in the database, told to many as it happens.

    logs.py          which events there are, in the order of their transactions
    subscribers.py   who waits for events: a bounded queue each, and the groups that ask for the same
    feed.py          one look at the log for all of them, one statement for each group

Order. A transaction that began earlier may commit later. So events are taken only of transactions below the
oldest one that is still under way (pg_snapshot_xmin), in order of transaction and row: nothing can appear any
more below a place that was passed, and each place is passed once. The price is that a long write holds up the
events of shorter ones beside it.

Several servers may share a database: each reads the log for its own subscribers, and a cursor of one is good
for any other.
"""

from app.api.feeds.feed import Feed, Review
from app.api.feeds.logs import LOGS
from app.api.feeds.subscribers import Event, Group

__all__ = ["LOGS", "Event", "Feed", "Group", "Review"]
