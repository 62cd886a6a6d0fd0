"""Whether a client that asks again would get the same answer: ETag, If-None-Match and 304, by RFC 9110.

A tag names the request (its URL and the media type), the viewer, and the state of what is recorded, as
`database.changes` knows it. While that stays the same, "the same as before" takes no query.

The tags are weak: they name what an answer was made from and not its bytes, and a change by another server
may be in an answer some milliseconds before it is heard of and named.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import blake2b

from app.database import Changes
from app.permissions import Viewer
from app.settings import Settings
from app.web.refusals import Headers

TAG_BYTES = 16
# No client has so many tags for one URL. What stands behind the limit is not looked at.
LONGEST_LIST = 4_000


class Tags:
    """Names the answers to queries by GET."""

    def __init__(self, changes: Changes, settings: Settings) -> None:
        self._changes = changes if settings.etags else None

    def name(self, viewer: Viewer, media_type: bytes, query_string: bytes) -> bytes | None:
        """The tag of what is read from now on; None if it has none. What is committed while it is read may be
        in the answer, and has another name."""
        version = self._changes.version if self._changes is not None else None
        return None if version is None else tag_answer(version, viewer, media_type, query_string)


def tag_answer(version: str, viewer: Viewer, media_type: bytes, query_string: bytes) -> bytes:
    """The entity tag of the answer to a query by GET that is read from now on.

    `version` is that of `database.changes`: it has a secret of the process in it, so that nobody can tell
    from a tag what somebody else asked.
    """
    digest = blake2b(digest_size=TAG_BYTES)
    # No part but the last has a line break.
    for part in (version.encode(), repr(viewer).encode(), media_type):
        digest.update(part + b"\n")
    digest.update(query_string)
    return b'W/"' + urlsafe_b64encode(digest.digest()).rstrip(b"=") + b'"'


def accepts_any(if_none_match: bytes | None) -> bool:
    """Whether a client wants no answer at all if there is one.

    >>> accepts_any(b" * "), accepts_any(b'"*"')
    (True, False)
    """
    return if_none_match is not None and if_none_match.strip() == b"*"


def has_tag(if_none_match: bytes | None, tag: bytes | None) -> bool:
    """Whether a list of entity tags has this one, compared weakly. Not if there is no list, or no tag.

    >>> tag = b'W/"abc"'
    >>> has_tag(b'W/"x", "abc"', tag), has_tag(b'W/"abc"', tag), has_tag(b'"ab", abc, "abcd"', tag)
    (True, True, False)
    """
    if if_none_match is None or tag is None:
        return False
    # Nothing within a tag is a quote: what stands between two of them is one whole tag, or what divides two.
    return tag.removeprefix(b"W/") in if_none_match[:LONGEST_LIST]


def keep_headers(tag: bytes) -> Headers:
    """For an answer that a client may keep for itself, and must ask about before it shows it again."""
    return [(b"etag", tag), (b"cache-control", b"private, no-cache")]
