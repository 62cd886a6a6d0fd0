"""Entry → the fields of the format, in their order, without what is empty.

Entries that spell the same are the same, however they were written down; `digest` tells whether one changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from app.domain.numerals import plain
from app.domain.quantities import Quantity
from app.domain.vocabulary import Channel
from app.exchange.entries import FIELDS, Entry, HopEntry, Merge, QuoteEntry, Retraction, SourceEntry


def spell(entry: Entry) -> dict[str, Any]:
    """The fields of an entry as the format has them, but for the text of a source: that is named by its hash.

    Strings, whole numbers, floats, decimals, booleans, lists and mappings of these; nothing that is empty.
    """
    values = {name: getattr(entry, name) for name in FIELDS[entry.section]}
    if isinstance(entry, SourceEntry) and entry.revises is not None:
        # Those of the first version: where they change, it is not this entry that does.
        del values["publisher"], values["reprints"], values["restricted"]
    spelled = {name: _SPELLINGS.get(name, _keep)(value) for name, value in values.items()}
    # Not by equality: 0.0 equals False, and lies on the equator.
    return {name: v for name, v in spelled.items() if v is not None and v is not False and v != []}


def digest(entry: Entry) -> str:
    """SHA-256, in hexadecimal, of what an entry says. Where its references lead is part of that by key alone.

    A field that is empty does not count, so that a field the format gains later changes no digest.
    """
    spelled = json.dumps(spell(entry), sort_keys=True, default=str)
    return sha256(spelled.encode()).hexdigest()


def spell_time(value: datetime) -> str:
    """An instant, in UTC: how it was written is not kept.

    >>> spell_time(datetime.fromisoformat("2020-01-02T09:00:00+03:00"))
    '2020-01-02T06:00:00Z'
    """
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _keep(value: Any) -> Any:
    return value


def _spell_merge(merge: Merge | None) -> Any:
    if merge is None or merge.reason is None:
        return None if merge is None else merge.into
    return {"key": merge.into, "reason": merge.reason}


def _spell_quote(quote: QuoteEntry) -> Any:
    parts: dict[str, Any] = {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}
    parts |= {"start": quote.start, "end": quote.end}
    spelled: dict[str, Any] = {name: value for name, value in parts.items() if value is not None}
    if not quote.placed:
        spelled["placed"] = False
    return quote.exact if len(spelled) == 1 else spelled


def _spell_quantity(quantity: Quantity | None) -> Any:
    if quantity is None or not quantity.bounds_given:
        return None if quantity is None else quantity.text
    bounds = quantity.bounds
    spelled: dict[str, Any] = {"text": quantity.text, "modality": str(quantity.modality)}
    if bounds.lower is not None:
        spelled["lower"] = plain(bounds.lower)
        if not bounds.lower_inclusive:
            spelled["lower_inclusive"] = False
    if bounds.upper is not None:
        spelled["upper"] = plain(bounds.upper)
        if not bounds.upper_inclusive:
            spelled["upper_inclusive"] = False
    return spelled


def _spell_hops(hops: tuple[HopEntry, ...]) -> list[dict[str, Any]]:
    return [_spell_hop(hop) for hop in hops]


def _spell_hop(hop: HopEntry) -> dict[str, Any]:
    spelled: dict[str, Any] = {"agent": hop.agents[0] if len(hop.agents) == 1 else list(hop.agents)}
    if hop.cue is not None:
        spelled["cue"] = hop.cue
    if hop.mode is not None:
        spelled["mode"] = str(hop.mode)
    if hop.channel is not Channel.UNSTATED:
        spelled["channel"] = str(hop.channel)
    return spelled


def _spell_retraction(retraction: Retraction | None) -> Any:
    if retraction is None:
        return None
    spelled = {"at": retraction.at, "reason": retraction.reason}
    return spelled if retraction.url is None else spelled | {"url": retraction.url}


def _spell_withdrawal(reason: str | None) -> Any:
    return None if reason is None else {"reason": reason}


def _spell_optional(value: Any) -> Any:
    return None if value is None else str(value)


_SPELLINGS: Mapping[str, Any] = {
    "kind": str,
    "basis": str,
    "stance": str,
    "polarity": _spell_optional,
    "aliases": list,
    "starts_on": _spell_optional,
    "ends_on": _spell_optional,
    "retrieved_at": lambda value: None if value is None else spell_time(value),
    "merged_into": _spell_merge,
    "quote": _spell_quote,
    "quantity": _spell_quantity,
    "attribution": _spell_hops,
    "retracted": _spell_retraction,
    "withdrawn": _spell_withdrawal,
}
