"""What a client can be told of as it happens."""

from __future__ import annotations

from strawberry import UNSET

from app.api.declaring import read_field, read_type
from app.api.filters import ClaimFilter
from app.api.nodes import Claim, StatusChange


@read_type
class Subscription:
    """What happens from now on, each once, in one order for everybody.

    What was committed before another change began comes before it.

    A response has the cursor of its event under extensions.cursor: given as `after`, what follows it comes
    first. A filter is asked of the claim as it stands when the event is sent.
    """

    @read_field
    def corroboration_changed(
        self, filter: ClaimFilter | None = UNSET, after: str | None = UNSET
    ) -> StatusChange:
        """What the corroboration of a claim became; also its first, when the claim is recorded."""

    @read_field
    def claim_recorded(self, filter: ClaimFilter | None = UNSET, after: str | None = UNSET) -> Claim:
        """A claim that was recorded."""
