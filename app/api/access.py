"""Who asks: on whose behalf, with what, and how much they may."""

from __future__ import annotations

from app.api.declaring import described, read_type
from app.api.records import Researcher, Token
from app.domain.vocabulary import Role


@read_type
class Access:
    """Who asks, and how much they may."""

    role: Role = described(
        "What this request may do: what the token allows, and no more than its researcher may now."
        " READER for who sends none."
    )
    researcher: Researcher | None = described("On whose behalf it runs; null for who sends no token.")
    token: Token | None = described(
        "What they sent; null for who sends none, and for an access token of an OpenID Connect provider."
    )
