"""What a claim answers its question with: checked, read, and as columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy.dialects.postgresql import Range

from app.domain.intervals import Interval
from app.domain.quantities import Quantity, give_bounds, parse_quantity
from app.domain.vocabulary import Polarity, QuestionKind
from app.errors import InvalidInput
from app.services.inputs import MAX_LINE, Problems, QuantityInput, reading

# Of an interval, whether its lower and its upper bound belong to it → as Postgres spells that.
_ENDS: Mapping[tuple[bool, bool], Literal["[]", "[)", "(]", "()"]] = {
    (True, True): "[]",
    (True, False): "[)",
    (False, True): "(]",
    (False, False): "()",
}


def check_answer(
    problems: Problems, quantity: QuantityInput | None, polarity: Polarity | None, kind: QuestionKind | None
) -> None:
    """A quantity answers QUANTITY and a polarity YES_NO; without a question there is nothing to answer."""
    extra = "only a claim on a question has an answer"
    if kind is not None:
        extra = f"it does not answer a question of the kind {kind}"
    for name, answer, needed in (
        ("quantity", quantity, QuestionKind.QUANTITY),
        ("polarity", polarity, QuestionKind.YES_NO),
    ):
        if kind is needed and answer is None:
            problems.add(name, message=f"is required: it answers a question of the kind {kind}")
        elif kind is not needed and answer is not None:
            problems.add(name, message=f"must be empty: {extra}")
    if quantity is not None:
        problems.check_text(quantity.text, "quantity", "text", max_length=MAX_LINE, required=True)
        if quantity.bounds_given:
            try:
                read_quantity(quantity)
            except InvalidInput as problem:
                problems.take(problem)


def read_quantity(quantity: QuantityInput) -> Quantity:
    """What the words mean, or the bounds that were given. Raises InvalidInput, UnknownQuantity."""
    if not quantity.bounds_given:
        with reading("quantity", "text"):
            return parse_quantity(quantity.text)
    for name, bound in (("lower", quantity.lower), ("upper", quantity.upper)):
        if bound is not None and not bound.is_finite():
            message = "is no finite number; leave it out where there is no bound"
            raise InvalidInput.at("quantity", name, message=message)
    try:
        bounds = Interval(quantity.lower, quantity.upper, quantity.lower_inclusive, quantity.upper_inclusive)
    except ValueError as problem:
        message = "leaves no number: it is below the lower bound, or the same and one of them excluded"
        raise InvalidInput.at("quantity", "upper", message=message) from problem
    return give_bounds(quantity.text, bounds, quantity.modality)


def spell_answer(given: QuantityInput | None, polarity: Polarity | None) -> dict[str, Any]:
    """The columns of an answer. Raises InvalidInput, UnknownQuantity."""
    quantity = None if given is None else read_quantity(given)
    return {
        "polarity": polarity,
        "quantity_text": None if quantity is None else quantity.text,
        "modality": None if quantity is None else quantity.modality,
        "bounds": None if quantity is None else _spell_bounds(quantity.bounds),
        "bounds_given": None if quantity is None else quantity.bounds_given,
    }


def _spell_bounds(bounds: Interval) -> Range[Any]:
    return Range(bounds.lower, bounds.upper, bounds=_ENDS[bounds.lower_inclusive, bounds.upper_inclusive])
