"""What is found in a text that somebody reads: answered by the rules alone, past the database."""

from __future__ import annotations

from app.api.declaring import described, read_type
from app.api.parts import Quantity
from app.domain.suggestions import find_suggestions
from app.errors import QueryRefused

MAX_LENGTH = 50_000
"""Characters of a text: a long article. Others wait while it is read, a tenth of a second or two."""


@read_type
class ClaimSuggestion:
    """A sentence that may hold a claim. Positions count Unicode code points of the text given."""

    exact: str
    start: int
    end: int
    quantities: list[Quantity] = described("In order, with the bounds that follow from their words.")
    cue: str | None = described("The first words of saying: 'said in a statement'. English alone.")
    speaker: str | None = described("The name beside the cue.")


def suggest(text: str) -> list[ClaimSuggestion]:
    if len(text) > MAX_LENGTH:
        raise QueryRefused(f"Suggestions are made for at most {MAX_LENGTH:,} characters.", path=("suggest",))
    return [
        ClaimSuggestion(
            exact=found.exact,
            start=found.start,
            end=found.end,
            quantities=[
                Quantity(
                    text=quantity.text,
                    modality=quantity.modality,
                    lower=quantity.bounds.lower,
                    upper=quantity.bounds.upper,
                    lower_inclusive=quantity.bounds.lower_inclusive,
                    upper_inclusive=quantity.bounds.upper_inclusive,
                    bounds_given=quantity.bounds_given,
                )
                for quantity in found.quantities
            ],
            cue=found.cue,
            speaker=found.speaker,
        )
        for found in find_suggestions(text)
    ]
