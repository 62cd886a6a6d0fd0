"""The direct way: a query that comes in one piece and is known is answered without a task of its own, by POST
and by GET.

What makes a small read dear is not GraphQL but what stands around it: a task, a coroutine within a coroutine,
messages of ASGI to and fro. Here a request is a call, and its answer is another, later. It means the same as
on the long way: both are made of the same parts (`endpoint`, `operations`). What cannot be answered so (a
mutation, a subscription, a batch, a token that is to be looked up, whatever is refused for its form) is left
to the long way, which begins anew with it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from app import tracing
from app.api.execution import Response
from app.auth import Recollecting, ViewerProvider
from app.database import Asked
from app.errors import NotAuthenticated
from app.kept import Kept
from app.permissions import Viewer
from app.settings import Settings
from app.web.asgi import Scope
from app.web.endpoint import (
    Answer,
    Head,
    answer_failed,
    answer_unchanged,
    answer_unless_known,
    answer_with,
    read_head,
)
from app.web.negotiation import EVENTS, check_content_type
from app.web.operations import Found, Operations
from app.web.origins import OriginPolicy
from app.web.parameters import Parameters, read_posted, read_url
from app.web.refusals import Headers, Refusal
from app.web.reservations import find_token
from app.web.revalidation import Tags, has_tag

log = logging.getLogger(__name__)

# What a socket gives at once is not much more.
MAX_DIRECT_BYTES = 65_536
# URLs that were read: what they say is kept. How many, and bytes of them all.
MAX_URLS = 1_000
MAX_URLS_BYTES = 500_000


@dataclass(frozen=True, slots=True)
class Admitted:
    """What the head of a request says that may go the direct way. It is all of a GET, and of a HEAD."""

    method: str
    media_type: bytes
    request_id: bytes | None
    shared: Headers  # those of CORS, for the answer
    viewer: Callable[[], Viewer | None]
    query_string: bytes = b""
    if_none_match: bytes | None = None


class DirectReads:
    """Decides who goes the direct way, and answers them."""

    def __init__(
        self,
        operations: Operations,
        provider: ViewerProvider,
        policy: OriginPolicy,
        tags: Tags,
        settings: Settings,
    ) -> None:
        self._operations = operations
        # Looked at once: a protocol that is checked while it runs is dear.
        self._provider: Recollecting | None = None
        if isinstance(provider, Recollecting):
            self._provider = provider
        self._policy = policy
        self._tags = tags
        self._urls: Kept[bytes, Parameters] = Kept(MAX_URLS, MAX_URLS_BYTES, lambda url, _: len(url))
        self.max_bytes = min(settings.max_body_bytes, MAX_DIRECT_BYTES)

    def admit(self, scope: Scope) -> Admitted | None:
        """What the head of a request to GraphQL says; None if it has to go the long way."""
        if tracing.tracer is not None or self._provider is None:
            return None
        head, query_string = read_head(scope["headers"]), scope["query_string"]
        media_type = head.media_type
        if media_type is None or media_type == EVENTS or head.stream_token is not None:
            return None
        if not (
            self._can_post(head, query_string) if scope["method"] == "POST" else _can_get(head, query_string)
        ):
            return None
        try:
            shared = self._policy.share_with(self._policy.check(scope))
            viewer = self._provider.recollect(scope)
        except (Refusal, NotAuthenticated):
            return None
        return Admitted(
            scope["method"],
            media_type,
            head.request_id,
            tuple(shared),
            viewer,
            query_string,
            head.if_none_match,
        )

    def _can_post(self, head: Head, query_string: bytes) -> bool:
        length = head.content_length
        if query_string or length is None or not length.isdigit() or int(length[:20]) > self.max_bytes:
            return False
        try:
            check_content_type(head.content_types)
        except Refusal:
            return False
        return head.is_plain

    def begin(
        self, admitted: Admitted, body: bytes, tell: Callable[[Answer], None]
    ) -> Answer | Asked | Found | None:
        """The answer if that is clear at once; else `tell` is called with it later, unless what was asked for
        is given up. None if the request has to go the long way, or what it was found to mean. Never raises.
        """
        try:
            viewer = admitted.viewer()
            return None if viewer is None else self._begin(admitted, viewer, body, tell)
        except Refusal:
            return None
        except Exception:
            log.exception("a request failed")
            return answer_failed(admitted.media_type)

    def _begin(
        self, admitted: Admitted, viewer: Viewer, body: bytes, tell: Callable[[Answer], None]
    ) -> Answer | Asked | Found:
        posted = admitted.method == "POST"
        parameters = read_posted(body) if posted else self._read_url(admitted.query_string)
        assert isinstance(parameters, Parameters), "no batch is taken"
        found = self._operations.find(parameters, viewer)
        media_type, known = admitted.media_type, admitted.if_none_match
        if isinstance(found, Response):
            return answer_with(found, media_type, None)
        if not found.operation.is_query:
            return found
        name = found.name
        tag = None if posted else self._tags.name(viewer, media_type, admitted.query_string)
        if has_tag(known, tag):
            return answer_unchanged(media_type, name, tag)
        asked = self._operations.ask(
            found, viewer, lambda response: tell(answer_unless_known(response, media_type, name, tag, known))
        )
        if isinstance(asked, Response):
            return answer_unless_known(asked, media_type, name, tag, known)
        return found if asked is None else asked

    def _read_url(self, query_string: bytes) -> Parameters:
        """Who asks whether something is still the same has asked for it before, by the same URL."""
        return self._urls.get_or_make(query_string, lambda: read_url(query_string))


def _can_get(head: Head, query_string: bytes) -> bool:
    """Without a query string, a browser may be asking for a page; what stands behind # is not part of it."""
    return (
        head.is_without_body
        and query_string != b""
        and b"#" not in query_string
        and find_token(None, query_string) is None
    )
