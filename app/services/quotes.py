"""Where the quotes of claims stand, in their own version of a source and in the newest."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.database import WriteSession
from app.domain.quotes import Quote, anchor_quote, check_quote, cite_quote
from app.services.inputs import QuoteInput, reading

NEWEST_TEXT = text("""
SELECT newest.id, newest.text FROM source s JOIN source newest ON newest.id = s.newest_version
WHERE s.id = :source
""")
VERSIONS = text("SELECT id FROM source WHERE newest_version = :newest")
QUOTES = text("""
SELECT id, quote_exact, quote_prefix, quote_suffix, quote_start, quote_end, quote_status
FROM claim WHERE source = ANY(:versions)
""")
SET_QUOTE_STATUS = text("""
UPDATE claim SET quote_status = checked.status
FROM unnest(CAST(:claims AS uuid[]), CAST(:statuses AS text[])) AS checked (claim, status)
WHERE claim.id = checked.claim
""")


def place_quote(source_text: str | None, quote: QuoteInput) -> Quote:
    """The quote in its place in the text of its source, or cited from one whose text is not stored.

    Raises AmbiguousQuote, InvalidInput, QuoteNotFound.
    """
    parts = (quote.exact, quote.prefix, quote.suffix, quote.start, quote.end)
    with reading("quote", "exact"):
        return cite_quote(*parts) if source_text is None else anchor_quote(source_text, *parts)


async def find_stale_quotes(
    session: WriteSession, versions: Collection[UUID], newest_text: str | None
) -> dict[UUID, tuple[str, str]]:
    """The claims on these versions of a source whose quote status is not what its newest text makes it.

    For each: the status that stands, and the one that should.
    """
    stale = {}
    for row in (await session.execute(QUOTES, {"versions": list(versions)})).all():
        status, _ = check_quote(read_quote(row), newest_text)
        if status != row.quote_status:
            stale[row.id] = (row.quote_status, status.value)
    return stale


async def check_quotes(session: WriteSession, source: UUID) -> None:
    """Look for the quotes of all versions of a source in the newest. The structure must be locked alone."""
    newest, newest_text = (await session.execute(NEWEST_TEXT, {"source": source})).one()
    versions = (await session.scalars(VERSIONS, {"newest": newest})).all()
    await save_quote_statuses(session, await find_stale_quotes(session, versions, newest_text))


async def save_quote_statuses(session: WriteSession, stale: dict[UUID, tuple[str, str]]) -> None:
    if stale:
        statuses = [status for _, status in stale.values()]
        await session.execute(SET_QUOTE_STATUS, {"claims": list(stale), "statuses": statuses})


def read_quote(row: Any) -> Quote:
    return Quote(row.quote_exact, row.quote_prefix, row.quote_suffix, row.quote_start, row.quote_end)
