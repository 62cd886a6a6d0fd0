"""A number with the noun of what it counts."""

from __future__ import annotations


def spell_count(number: int, noun: str, several: str | None = None) -> str:
    """The number, and the noun in its plural unless there is one; `several` where an s does not make that.

    >>> spell_count(1, "seal"), spell_count(2_000, "seal"), spell_count(0, "entry", "entries")
    ('1 seal', '2,000 seals', '0 entries')
    """
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"
