"""A text → the sentences in it that may hold a claim, each with what a recorder would look for in it.

Only to be confirmed: nothing is recorded from here. Quantities are those of quantities.py. Cues and speakers
follow from a list of English words of saying and from capital letters: a text in another language or script
gets its quantities alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.quantities import Quantity, find_quantities

_SAYING = (
    "said|says|told|announced|announces|claimed|claims|confirmed|confirms|denied|denies|warned|warns|stated|"
    "states|reported|reports|added|adds|declared|declares|wrote|tweeted|insisted|alleged|acknowledged|estimated"
)
_WHERE = (
    r"in (?:a|an|the|his|her|its|their)(?: \w+)?"
    r" (?:statement|interview|speech|post|tweet|report|briefing|letter)"
    r"|on (?:Twitter|X|Facebook|Telegram|Instagram|television|state TV)"
    r"|(?:reporters|journalists)|at a (?:news|press) conference"
)
_CUE = re.compile(rf"\b(?:(?P<after>[Aa]ccording to)|(?P<verb>{_SAYING}))\b(?: (?:{_WHERE})\b)?")
_CAPITAL = r"(?:[A-Z][\w'’.&-]*|al-\w+)"
_LINKS = r"(?:of|the|for|and|de|bin|al)"
_NAME = rf"{_CAPITAL}(?: (?:{_LINKS} ){{0,2}}{_CAPITAL}){{0,7}}"
_BEFORE = re.compile(rf"({_NAME})(?:,[^,]{{1,80}},)?(?: (?:also|later|has|had|have|then))?\s*$")
_AFTER = re.compile(rf"\s*(?:the )?({_NAME})")
# Where one sentence ends and the next begins. A wrong cut costs a suggestion, nothing else.
_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”’']))\s+(?=[\"“‘']?[A-Z0-9])|\n+")
_NO_NAMES = {"He", "She", "It", "They", "We", "I", "The", "This", "That", "But", "And", "Who", "As"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The sentence text[start:end], in code points; its quantities in order; its first words of saying."""

    exact: str
    start: int
    end: int
    quantities: tuple[Quantity, ...]
    cue: str | None
    speaker: str | None


def find_suggestions(text: str) -> list[Suggestion]:
    """The sentences with a quantity or a cue, in order.

    >>> [found] = find_suggestions("It rained. Mark Esper said in a statement that around 750 would go.")
    >>> found.start, found.cue, found.speaker, found.quantities[0].text
    (11, 'said in a statement', 'Mark Esper', 'around 750')
    >>> find_suggestions("At least 25 died, according to the Ministry of Health.")[0].speaker
    'Ministry of Health'
    >>> find_suggestions("It rained.")
    []
    """
    found = []
    for start, end in _split(text):
        exact = text[start:end]
        quantities = tuple(found.quantity for found in find_quantities(exact))
        cue, speaker = _find_cue(exact)
        if quantities or cue:
            found.append(Suggestion(exact, start, end, quantities, cue, speaker))
    return found


def _split(text: str) -> list[tuple[int, int]]:
    """Where the sentences stand, without the space around them."""
    cuts = [0]
    for gap in _END.finditer(text):
        cuts += [gap.start(), gap.end()]
    cuts.append(len(text))
    places = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        sentence = text[start:end]
        left = len(sentence) - len(sentence.lstrip())
        if sentence.strip():
            places.append((start + left, start + left + len(sentence.strip())))
    return places


def _find_cue(sentence: str) -> tuple[str | None, str | None]:
    """The first cue, and who speaks as far as the words beside it tell."""
    cue = _CUE.search(sentence)
    if cue is None:
        return None, None
    after = _AFTER.match(sentence, cue.end())
    if cue["after"]:
        return cue[0], after and _plain(after[1])
    # A name is short: what stands further before is not looked at.
    before = _BEFORE.search(sentence[max(0, cue.start() - 200) : cue.start()])
    speaker = before and _plain(before[1])
    return cue[0], speaker or (after and _plain(after[1]))


def _plain(name: str) -> str | None:
    """The name without the possessive and the full stop behind it; None for a pronoun."""
    plain = name.rstrip(".").removesuffix("'s").removesuffix("’s")
    return None if plain in _NO_NAMES else plain
