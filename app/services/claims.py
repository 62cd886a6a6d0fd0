"""One statement found in one source, and the hops it passed through: recorded and amended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, text
from sqlalchemy.dialects.postgresql import Range

from app.database import WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.intervals import Interval
from app.domain.moments import parse_moment
from app.domain.quantities import Quantity, give_bounds, parse_quantity
from app.domain.quotes import check_quote
from app.domain.vocabulary import Basis, Modality, Polarity, QuestionKind
from app.errors import Duplicate, InvalidInput
from app.permissions import Operation, Viewer, permit
from app.services.chains import check_hops, load_hops, refer_to_agents, replace_hops
from app.services.corroboration import recompute
from app.services.inputs import (
    MAX_CONTEXT,
    MAX_LINE,
    MAX_NOTE,
    MAX_QUOTE,
    MAX_STATEMENT,
    UNSET,
    Hop,
    Problems,
    QuantityInput,
    QuoteInput,
    Unset,
    spell_moment,
)
from app.services.locks import find_units_of, lock_structure_shared, lock_units
from app.services.protection import (
    CLAIM_WORDS,
    QUOTE,
    RESTRICT,
    Words,
    read_quote,
    read_words,
    refuse_names,
)
from app.services.quotes import place_quote
from app.services.reach import Reach
from app.services.rows import (
    apply_changes,
    check_references,
    check_version,
    insert_row,
    lock_row,
    table_of,
    update_row,
)
from app.services.shown import refuse_shown

# What the rule looks at; the hops apart.
_WEIGHED = frozenset({"question_root", "basis", "polarity", "modality", "bounds", "asserted", "restricted"})

SOURCE = text("""
SELECT s.text, newest.text AS newest_text, s.hidden
FROM source s JOIN source newest ON newest.id = s.newest_version
WHERE s.id = :source
""")
STANDING = text("""
SELECT id FROM claim
WHERE source = :source AND question IS NOT DISTINCT FROM :question AND quote_exact = :quote_exact
  AND quote_start IS NOT DISTINCT FROM :quote_start AND statement = :statement AND withdrawn_at IS NULL
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim:
    """`hops` are those of an ATTRIBUTED claim, origin first.

    A QUANTITY question is answered by a quantity, a YES_NO question by a polarity; an OPEN question, and
    none, by neither. `asserted` is a moment, as moments.py reads it. Outsiders see nothing of a `restricted`
    claim.
    """

    source: UUID
    statement: str
    quote: QuoteInput
    basis: Basis
    question: UUID | None = None
    hops: tuple[Hop, ...] = ()
    polarity: Polarity | None = None
    quantity: QuantityInput | None = None
    asserted: str | None = None
    note: str | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChanges:
    """The source is not among them: a claim that was recorded of the wrong one is withdrawn."""

    statement: str | Unset = UNSET
    quote: QuoteInput | Unset = UNSET
    basis: Basis | Unset = UNSET
    question: UUID | Unset | None = UNSET
    hops: tuple[Hop, ...] | Unset = UNSET
    polarity: Polarity | Unset | None = UNSET
    quantity: QuantityInput | Unset | None = UNSET
    asserted: str | Unset | None = UNSET
    note: str | Unset | None = UNSET
    restricted: bool | Unset = UNSET


async def record_claim(session: WriteSession, viewer: Viewer, new: NewClaim) -> UUID:
    """The key of the new claim, whose corroboration stands by then, as does what it does to others.

    Raises AmbiguousQuote, Duplicate (these words of this source are recorded as this statement on this
    question), InvalidInput, NotFound (`source`, `question`, an agent of a hop), NotPermitted, ProtectedName,
    QuoteNotFound, UnknownMoment, UnknownQuantity.
    """
    permit(viewer, Operation.RECORD_CLAIM)
    await lock_structure_shared(session)
    references = await _check(session, new)
    values = {
        "source": new.source,
        "recorded_by": viewer.researcher,
        **_spell_words(new),
        **_spell_answer(new, references.question),
        **spell_moment("asserted", None if new.asserted is None else parse_moment(new.asserted)),
        **_spell_quote(new.quote, references),
    }
    if not (new.restricted or references.source_hidden):
        await _refuse_names(session, values, values, new.hops)
    root = values["question_root"]
    if root is not None:
        await _lock(session, [], root)
    key = await insert_row(session, NodeType.CLAIM, values)
    if key is None:
        raise await find_standing_claim(session, values)
    await replace_hops(session, key, new.hops, viewer.researcher)
    await recompute(session, Reach(units=frozenset({root or key})))
    return key


async def amend_claim(
    session: WriteSession, viewer: Viewer, claim: UUID, expected_version: int, changes: ClaimChanges
) -> None:
    """Change a claim; the whole must then be what `record_claim` would take.

    Raises what that raises, and StaleVersion. A withdrawn claim is InvalidInput: restore it first.
    """
    permit(viewer, Operation.AMEND_CLAIM)
    await lock_structure_shared(session)
    coming = []
    if not isinstance(changes.question, Unset):
        # A claim that leaves its question is evaluated by itself.
        coming = [await _find_root(session, changes.question) or claim]
    units = await _lock(session, [claim], *coming)
    row = await lock_row(session, NodeType.CLAIM, claim)
    check_version(NodeType.CLAIM, row, expected_version)
    check_standing(row)
    standing = _read_standing(row, await load_hops(session, claim))
    amended = replace(standing, **_list_changes(changes))
    references = await _check(session, amended)
    changed = apply_changes(row, _spell_changes(standing, amended, references))
    if not changed and amended.hops == standing.hops:
        return

    if not (amended.restricted or references.source_hidden):
        hops = amended.hops if amended.hops != standing.hops else ()
        await _refuse_names(session, changed, {**row, **changed}, hops)

    async def find_duplicate() -> Duplicate:
        return await find_standing_claim(session, {**row, **changed})

    async with session.begin_nested():
        await update_row(session, NodeType.CLAIM, row, changed, find_duplicate)
        await replace_hops(session, claim, amended.hops, viewer.researcher, standing=standing.hops)
        if "restricted" in changed:
            await refuse_shown(session, claims=[claim])
    if amended.hops != standing.hops or changed.keys() & _WEIGHED:
        await recompute(session, Reach(units=units, evidence=frozenset({claim})))


async def _refuse_names(
    session: WriteSession, changed: Mapping[str, Any], claim: Mapping[str, Any], hops: tuple[Hop, ...]
) -> None:
    words = read_words(changed, CLAIM_WORDS)
    if not changed.keys().isdisjoint(QUOTE):
        words += read_quote(claim)
    words += [Words(("hops", str(place), "cue"), hop.cue) for place, hop in enumerate(hops) if hop.cue]
    await refuse_names(session, words, hint=RESTRICT)


def check_standing(row: RowMapping, *path: str) -> None:
    """Raise InvalidInput at `path` (by default at the claim) if a claim is withdrawn."""
    if row["withdrawn_at"] is not None:
        raise InvalidInput.at(*(path or ("claim",)), message="is withdrawn; restore it first")


@dataclass(frozen=True, slots=True)
class _Question:
    id: UUID
    kind: QuestionKind
    root: UUID


@dataclass(frozen=True, slots=True)
class _References:
    """What a claim refers to. The texts are None where they are not stored."""

    source_text: str | None
    newest_text: str | None
    source_hidden: bool
    question: _Question | None


async def _check(session: WriteSession, claim: NewClaim) -> _References:
    """Raise whatever is wrong with a claim, but for what its words turn out to mean."""
    problems = Problems()
    problems.check_text(claim.statement, "statement", max_length=MAX_STATEMENT, required=True)
    problems.check_text(claim.note, "note", max_length=MAX_NOTE, blank=True)
    problems.check_text(claim.quote.exact, "quote", "exact", max_length=MAX_QUOTE, required=True)
    problems.check_text(claim.quote.prefix, "quote", "prefix", max_length=MAX_CONTEXT, blank=True)
    problems.check_text(claim.quote.suffix, "quote", "suffix", max_length=MAX_CONTEXT, blank=True)
    check_hops(problems, claim.basis, claim.hops)
    source = (await session.execute(SOURCE, {"source": claim.source})).one_or_none()
    if source is None:
        problems.miss(NodeType.SOURCE, claim.source, "source")
    question = await _load_question(session, claim.question)
    if claim.question is not None and question is None:
        problems.miss(NodeType.QUESTION, claim.question, "question")
    else:
        check_answer(problems, claim, None if question is None else question.kind)
    await check_references(session, problems, NodeType.AGENT, refer_to_agents(claim.hops))
    problems.raise_any()
    assert source is not None, "a source that is missing was raised"
    return _References(source.text, source.newest_text, source.hidden, question)


def check_answer(problems: Problems, claim: NewClaim, kind: QuestionKind | None) -> None:
    """A quantity answers QUANTITY and a polarity YES_NO; without a question there is nothing to answer."""
    asked = "a claim without a question" if kind is None else f"a question of the kind {kind}"
    for name, answer, needed in (
        ("quantity", claim.quantity, QuestionKind.QUANTITY),
        ("polarity", claim.polarity, QuestionKind.YES_NO),
    ):
        if kind is needed and answer is None:
            problems.add(name, message=f"is required: it answers {asked}")
        elif kind is not needed and answer is not None:
            problems.add(name, message=f"must be empty: it does not answer {asked}")
    if claim.quantity is not None:
        problems.check_text(claim.quantity.text, "quantity", "text", max_length=MAX_LINE, required=True)
        if claim.quantity.bounds_given:
            try:
                read_quantity(claim.quantity)
            except InvalidInput as problem:
                problems.take(problem)


def read_quantity(quantity: QuantityInput) -> Quantity:
    """What the words mean, or the bounds that were given. Raises InvalidInput, UnknownQuantity."""
    if not quantity.bounds_given:
        return parse_quantity(quantity.text)
    for name, bound in (("lower", quantity.lower), ("upper", quantity.upper)):
        if bound is not None and not bound.is_finite():
            message = "is no finite number; leave it out where there is no bound"
            raise InvalidInput.at("quantity", name, message=message)
    try:
        bounds = Interval(quantity.lower, quantity.upper, quantity.lower_inclusive, quantity.upper_inclusive)
    except ValueError as problem:
        message = "no number is from the lower bound to this one"
        raise InvalidInput.at("quantity", "upper", message=message) from problem
    return give_bounds(quantity.text, bounds, quantity.modality)


async def _load_question(session: WriteSession, key: UUID | None) -> _Question | None:
    if key is None:
        return None
    table = table_of(NodeType.QUESTION)
    found = await session.execute(select(table.c.id, table.c.kind, table.c.root).where(table.c.id == key))
    row = found.one_or_none()
    return None if row is None else _Question(row.id, QuestionKind(row.kind), row.root)


async def _find_root(session: WriteSession, key: UUID | None) -> UUID | None:
    question = await _load_question(session, key)
    return None if question is None else question.root


async def _lock(session: WriteSession, claims: list[UUID], *coming: UUID) -> frozenset[UUID]:
    """Lock the units of claims that are there, and the units that claims are coming to."""

    async def find_units() -> frozenset[UUID]:
        return frozenset(coming) | await find_units_of(session, claims)

    return await lock_units(session, find_units)


def _spell_words(claim: NewClaim) -> dict[str, Any]:
    return {
        "statement": claim.statement,
        "basis": claim.basis,
        "note": claim.note,
        "restricted": claim.restricted,
    }


def _spell_answer(claim: NewClaim, question: _Question | None) -> dict[str, Any]:
    quantity = None if claim.quantity is None else read_quantity(claim.quantity)
    return {
        "question": None if question is None else question.id,
        "question_kind": None if question is None else question.kind,
        "question_root": None if question is None else question.root,
        "polarity": claim.polarity,
        "quantity_text": None if quantity is None else quantity.text,
        "modality": None if quantity is None else quantity.modality,
        "bounds": None if quantity is None else _spell_bounds(quantity.bounds),
        "bounds_given": None if quantity is None else quantity.bounds_given,
    }


def _spell_bounds(bounds: Interval) -> Range[Any]:
    ends = f"{'[' if bounds.lower_inclusive else '('}{']' if bounds.upper_inclusive else ')'}"
    return Range(bounds.lower, bounds.upper, bounds=ends)  # type: ignore[arg-type]  # one of the four


def _spell_quote(quote: QuoteInput, references: _References) -> dict[str, Any]:
    placed = place_quote(references.source_text, quote)
    status, _ = check_quote(placed, references.newest_text)
    return {
        "quote_exact": placed.exact,
        "quote_prefix": placed.prefix,
        "quote_suffix": placed.suffix,
        "quote_start": placed.start,
        "quote_end": placed.end,
        "quote_status": status,
    }


def _list_changes(changes: ClaimChanges) -> dict[str, Any]:
    values = {field.name: getattr(changes, field.name) for field in fields(changes)}
    return {name: value for name, value in values.items() if value is not UNSET}


def _spell_changes(standing: NewClaim, amended: NewClaim, references: _References) -> dict[str, Any]:
    """The columns of an amended claim.

    A quote that was not touched stays where it was found, a quantity what it was read as.
    """
    values = _spell_words(amended)
    values |= _spell_answer(amended, references.question)
    if amended.quantity == standing.quantity:
        for name in ("quantity_text", "modality", "bounds", "bounds_given"):
            del values[name]
    if amended.quote != standing.quote:
        values |= _spell_quote(amended.quote, references)
    if amended.asserted != standing.asserted:
        moment = None if amended.asserted is None else parse_moment(amended.asserted)
        values |= spell_moment("asserted", moment)
    return values


def _read_standing(row: RowMapping, hops: tuple[Hop, ...]) -> NewClaim:
    """The claim as it would be recorded now."""
    quantity = None
    if row["bounds"] is not None:
        quantity = QuantityInput(row["quantity_text"])
        if row["bounds_given"]:
            bounds = row["bounds"]
            quantity = QuantityInput(
                row["quantity_text"],
                bounds.lower,
                bounds.upper,
                bounds.bounds[0] == "[",
                bounds.bounds[1] == "]",
                Modality(row["modality"]),
            )
    return NewClaim(
        source=row["source"],
        statement=row["statement"],
        quote=QuoteInput(*(row[f"quote_{part}"] for part in ("exact", "prefix", "suffix", "start", "end"))),
        basis=Basis(row["basis"]),
        question=row["question"],
        hops=hops,
        polarity=None if row["polarity"] is None else Polarity(row["polarity"]),
        quantity=quantity,
        asserted=row["asserted_text"],
        note=row["note"],
        restricted=row["restricted"],
    )


async def find_standing_claim(session: WriteSession, values: Mapping[str, Any] | RowMapping) -> Duplicate:
    names = ("source", "question", "quote_exact", "quote_start", "statement")
    key = (await session.execute(STANDING, {name: values[name] for name in names})).scalar_one()
    message = "These words of this source are recorded as this statement already."
    return Duplicate(NodeType.CLAIM.value, encode_id(NodeType.CLAIM, key), message)
