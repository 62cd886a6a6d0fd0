"""JSON text, spelled in SQL: pieces, and one expression for the pieces in a row.

Measured on PostgreSQL 18: `concat` of literal keys with `json_scalar` values is the cheapest way to JSON text
(`json_build_object` costs a third more, `jsonb` twice as much and reorders keys). `concat` takes at most 100
arguments, so long ones are nested.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.compiler.terms import Encoding

MAX_CONCAT_ARGUMENTS = 90


class Text(str):
    """JSON text that is known beforehand."""

    __slots__ = ()


class Sql(str):
    """A SQL expression whose value is text; NULL adds nothing."""

    __slots__ = ()


Pieces = list[Text | Sql]


def concat(pieces: Pieces) -> str:
    """One SQL expression for the pieces in a row. Neighbouring texts are one literal."""
    if len(pieces) == 1 and isinstance(pieces[0], Sql):
        return pieces[0]
    merged: list[str] = []
    text = ""
    for piece in pieces:
        if isinstance(piece, Text):
            text += piece
            continue
        if text:
            merged.append(literal(text))
            text = ""
        merged.append(piece)
    if text:
        merged.append(literal(text))
    while len(merged) > MAX_CONCAT_ARGUMENTS:
        merged = [
            f"concat({', '.join(merged[i : i + MAX_CONCAT_ARGUMENTS])})"
            for i in range(0, len(merged), MAX_CONCAT_ARGUMENTS)
        ]
    return f"concat({', '.join(merged)})"


def literal(text: str) -> str:
    """A SQL string literal. What comes from a document is names: letters, digits, underscores."""
    return "'" + text.replace("'", "''") + "'"


def encode(expression: str, encoding: Encoding, prefix: str) -> Pieces:
    """The pieces of a value; none of them is NULL unless the expression is."""
    match encoding:
        case Encoding.TEXT:
            return [Sql(f"json_scalar({expression})")]
        case Encoding.WORD:
            return [Text('"'), Sql(expression), Text('"')]
        case Encoding.PREFIXED:
            return [Text(f'"{prefix}'), Sql(expression), Text('"')]
        case Encoding.NUMBER:
            return [Sql(expression)]
        case Encoding.BOOLEAN:
            return [Sql(f"CASE WHEN {expression} THEN 'true' ELSE 'false' END")]
        case Encoding.TIME | Encoding.TEXTS:
            return [Sql(f"to_json({expression})")]
        case Encoding.JSON:
            return [Sql(f"{expression}::text")]


def spell_cursor(order: str, keys: Sequence[str]) -> Pieces:
    """ORDER.row or ORDER.row.key, the key in base64url without padding; parameters.py reads it back."""
    *key, row_id = keys
    pieces: Pieces = [Text(f"{order}."), Sql(row_id)]
    for expression in key:
        encoded = f"encode(convert_to({expression}::text, 'UTF8'), 'base64')"
        pieces += [Text("."), Sql(f"rtrim(translate({encoded}, E'+/\\n', '-_'), '=')")]
    return pieces
