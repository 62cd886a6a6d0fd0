"""One statement found in one source, and the hops it passed through: recorded and amended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text

from app.database import WriteSession
from app.domain.identifiers import NodeType, encode_id
from app.domain.quotes import check_quote
from app.domain.vocabulary import Basis, Modality, Polarity
from app.errors import Duplicate, InvalidInput, SaysoError
from app.permissions import Operation, Viewer, permit
from app.services.answers import check_answer, spell_answer
from app.services.chains import check_hops, load_hops, record_hops, refer_to_agents, replace_hops
from app.services.corroboration import recompute
from app.services.inputs import (
    MAX_CONTEXT,
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
from app.services.references import Referred, ReferredQuestion, load_questions, look_up
from app.services.rows import (
    apply_changes,
    check_version,
    find_refusing,
    insert_rows,
    lock_row,
    update_row,
)
from app.services.shown import refuse_shown

# What the rule looks at; the hops apart.
_WEIGHED = frozenset({"question_root", "basis", "polarity", "modality", "bounds", "asserted", "restricted"})

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
    (outcome,) = await record_claims(session, viewer, [new])
    if isinstance(outcome, SaysoError):
        raise outcome
    return outcome


async def record_claims(
    session: WriteSession, viewer: Viewer, news: Sequence[NewClaim]
) -> list[UUID | SaysoError]:
    """What `record_claim` makes of each: its key, or why it is refused and nothing of it recorded.

    Alone on the structure, it takes as many statements for all as for one. Raises NotPermitted.
    """
    permit(viewer, Operation.RECORD_CLAIM)
    await lock_structure_shared(session)
    known = await _look_up(session, news)
    outcomes: dict[int, UUID | SaysoError] = {}
    rows: dict[int, dict[str, Any]] = {}
    for place, new in enumerate(news):
        try:
            rows[place] = await _prepare(session, viewer, new, _check(new, known))
        except SaysoError as problem:
            outcomes[place] = problem
    roots = {row["question_root"] for row in rows.values()} - {None}
    if roots:
        await _lock(session, [], *roots)
    keys = await insert_rows(session, NodeType.CLAIM, list(rows.values()))
    recorded: dict[UUID, int] = {}
    for (place, row), key in zip(rows.items(), keys, strict=True):
        if key is None:
            outcomes[place] = await find_standing_claim(session, row)
        else:
            outcomes[place] = key
            recorded[key] = place
    await record_hops(session, {key: news[place].hops for key, place in recorded.items()}, viewer.researcher)
    if recorded:
        units = (rows[place]["question_root"] or key for key, place in recorded.items())
        await recompute(session, Reach(units=frozenset(units)))
    return [outcomes[place] for place in range(len(news))]


async def _prepare(
    session: WriteSession, viewer: Viewer, new: NewClaim, references: _References
) -> dict[str, Any]:
    """The columns of a claim. Raises whatever is wrong with its words."""
    values = {
        "source": new.source,
        "recorded_by": viewer.researcher,
        **_spell_words(new),
        **_spell_question(references.question),
        **spell_answer(new.quantity, new.polarity),
        **spell_moment("asserted", new.asserted),
        **_spell_quote(new.quote, references),
    }
    if not (new.restricted or references.source_hidden):
        await _refuse_names(session, values, values, new.hops)
    return values


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
    references = _check(amended, await _look_up(session, [amended]))
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
class _References:
    """What a claim refers to. The texts are None where they are not stored."""

    source_text: str | None
    newest_text: str | None
    source_hidden: bool
    question: ReferredQuestion | None


async def _look_up(session: WriteSession, claims: Sequence[NewClaim]) -> Referred:
    return await look_up(
        session,
        {claim.source for claim in claims},
        {claim.question for claim in claims if claim.question is not None},
        {agent for claim in claims for agent, _ in refer_to_agents(claim.hops)},
    )


def _check(claim: NewClaim, known: Referred) -> _References:
    """Raise whatever is wrong with a claim, but for what its words turn out to mean."""
    problems = Problems()
    problems.check_text(claim.statement, "statement", max_length=MAX_STATEMENT, required=True)
    problems.check_text(claim.note, "note", max_length=MAX_NOTE, blank=True)
    problems.check_text(claim.quote.exact, "quote", "exact", max_length=MAX_QUOTE, required=True)
    problems.check_text(claim.quote.prefix, "quote", "prefix", max_length=MAX_CONTEXT, blank=True)
    problems.check_text(claim.quote.suffix, "quote", "suffix", max_length=MAX_CONTEXT, blank=True)
    check_hops(problems, claim.basis, claim.hops)
    source = known.sources.get(claim.source)
    if source is None:
        problems.miss(NodeType.SOURCE, claim.source, "source")
    question = None if claim.question is None else known.questions.get(claim.question)
    if claim.question is not None and question is None:
        problems.miss(NodeType.QUESTION, claim.question, "question")
    else:
        check_answer(problems, claim.quantity, claim.polarity, None if question is None else question.kind)
    for agent, path in refer_to_agents(claim.hops):
        if agent not in known.agents:
            problems.miss(NodeType.AGENT, agent, *path)
    problems.raise_any()
    assert source is not None, "a source that is missing was raised"
    newest_text = source.text if source.is_newest else source.newer_text
    return _References(source.text, newest_text, source.hidden, question)


async def _find_root(session: WriteSession, key: UUID | None) -> UUID | None:
    question = None if key is None else (await load_questions(session, {key})).get(key)
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


def _spell_question(question: ReferredQuestion | None) -> dict[str, Any]:
    return {
        "question": None if question is None else question.id,
        "question_kind": None if question is None else question.kind,
        "question_root": None if question is None else question.root,
    }


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
    values = _spell_words(amended) | _spell_question(references.question) | {"polarity": amended.polarity}
    if amended.quantity != standing.quantity:
        values |= spell_answer(amended.quantity, amended.polarity)
    if amended.quote != standing.quote:
        values |= _spell_quote(amended.quote, references)
    if amended.asserted != standing.asserted:
        values |= spell_moment("asserted", amended.asserted)
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
    key = await find_refusing(session, STANDING, {name: values[name] for name in names})
    message = "These words of this source are recorded as this statement already."
    return Duplicate(NodeType.CLAIM.value, encode_id(NodeType.CLAIM, key), message)
