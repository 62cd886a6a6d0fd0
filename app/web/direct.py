"""The direct way: a query that comes in one piece and is known is answered without a task of its own.

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
from app.permissions import Viewer
from app.settings import Settings
from app.web.asgi import Scope
from app.web.endpoint import Answer, answer_failed, answer_with, read_head
from app.web.negotiation import EVENTS, check_content_type
from app.web.operations import Found, Operations
from app.web.origins import OriginPolicy
from app.web.parameters import Parameters, read_posted
from app.web.refusals import Headers, Refusal

log = logging.getLogger(__name__)

# What a socket gives at once is not much more.
MAX_DIRECT_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Admitted:
    """What the head of a request says that may go the direct way."""

    media_type: bytes
    request_id: bytes | None
    shared: Headers  # those of CORS, for the answer
    viewer: Callable[[], Viewer | None]


class DirectReads:
    """Decides who goes the direct way, and answers them."""

    def __init__(
        self, operations: Operations, provider: ViewerProvider, policy: OriginPolicy, settings: Settings
    ) -> None:
        self._operations = operations
        self._provider = provider
        self._policy = policy
        self.max_bytes = min(settings.max_body_bytes, MAX_DIRECT_BYTES)

    def admit(self, scope: Scope) -> Admitted | None:
        """What the head of a POST to GraphQL says; None if it has to go the long way."""
        if tracing.tracer is not None or not isinstance(self._provider, Recollecting):
            return None
        head = read_head(scope["headers"])
        length, media_type = head.content_length, head.media_type
        if length is None or not length.isdigit() or int(length[:20]) > self.max_bytes:
            return None
        if media_type is None or media_type == EVENTS or not head.is_plain or head.stream_token is not None:
            return None
        try:
            shared = self._policy.share_with(self._policy.check(scope))
            check_content_type(head.content_types)
            viewer = self._provider.recollect(scope)
        except (Refusal, NotAuthenticated):
            return None
        return Admitted(media_type, head.request_id, tuple(shared), viewer)

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
        parameters = read_posted(body)
        assert isinstance(parameters, Parameters), "no batch is taken"
        found = self._operations.find(parameters)
        media_type = admitted.media_type
        if isinstance(found, Response):
            return answer_with(found, media_type, None)
        name = found.name
        asked = self._operations.ask(
            found, viewer, lambda response: tell(answer_with(response, media_type, name))
        )
        if isinstance(asked, Response):
            return answer_with(asked, media_type, name)
        return found if asked is None else asked
